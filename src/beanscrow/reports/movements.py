"""What each event of a schedule does to a tranche's credits, price and liability.

Every report of this package is a fold over these movements, so that a figure of one
table is the same sum as the figure of another.  A movement is signed: what raises a
balance is positive, what lowers it negative.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import Literal, NamedTuple, assert_never

from beanscrow.deal.problems import Position
from beanscrow.deal.terms import Role
from beanscrow.money import places
from beanscrow.policy.agency import ThirdPartyOwed
from beanscrow.policy.backstop import (
    CapacityBought,
    CapacityUsed,
    GuaranteeConsidered,
    Guaranteed,
    GuaranteeReleased,
)
from beanscrow.policy.buy_back import (
    BoughtBack,
    BuybackAccrued,
    HandedBack,
    SoldAtLast,
    SoldForNow,
)
from beanscrow.policy.commitment import ConsiderationReleased, Shortfall
from beanscrow.policy.financing import InterestAccrued
from beanscrow.policy.lease import RentEarned
from beanscrow.policy.noncash import PriceChange, PriceMeasured, StakeReceived
from beanscrow.policy.onerous import OnerousProvided
from beanscrow.policy.promise_life import PromiseChanged, PromiseEnded
from beanscrow.policy.schedule import (
    Billed,
    Blended,
    CashMoved,
    ClaimRemeasured,
    ConsiderationAdded,
    ControlGained,
    Corrected,
    CreditLeg,
    Drawn,
    EscrowChanged,
    EscrowRemeasured,
    Event,
    Forfeited,
    Granted,
    Lapsed,
    Paid,
    PromotionServed,
    Reestimated,
    Remeasured,
    RightUnconditional,
    Schedule,
    Signing,
    StakeArrived,
    StakeEarned,
    in_force,
)
from beanscrow.policy.stake_entry import StakeEntry
from beanscrow.policy.warrants import WarrantEarned, WarrantValued

ZERO = Decimal(0)

Cause = Literal["opening", "addition", "recognised", "breakage", "forfeited", "moved"]


def even(*numbers: Decimal) -> tuple[Decimal, ...]:
    """Return numbers written with as many decimals as the finest of them."""
    finest = Decimal(1).scaleb(-max(places(number) for number in numbers))
    return tuple(number.quantize(finest) for number in numbers)


class Units(NamedTuple):
    """Credits of a tranche by where they are; `moved` is what came from other tranches."""

    granted: Decimal = ZERO
    drawn: Decimal = ZERO
    expired: Decimal = ZERO
    forfeited: Decimal = ZERO
    moved: Decimal = ZERO

    @property
    def held(self) -> Decimal:
        """Credits left: granted + moved in - drawn - expired - forfeited."""
        return self.granted + self.moved - self.drawn - self.expired - self.forfeited

    def plus(self, other: Units) -> Units:
        """Return these credits and others together, place by place."""
        return Units(*(a + b for a, b in zip(self, other, strict=True)))


class Part(NamedTuple):
    """A change of the contract liability (prepaid), and why it changed."""

    cause: Cause
    amount: Decimal


class Movement(NamedTuple):
    """One event's effect on one tranche.

    Attributes:
      units: Change of its credits.
      price: Change of the transaction price allocated to it.
      recognised: Transaction price recognised, breakage included.
      parts: Changes of its contract liability (the startup's prepaid), net of
        consideration payable to the customer; none for a tranche that carries no
        such balance, as where a stake is earned with the credits.
      escrow: Change of the cash ring-fenced for it.
      into: Tranche that takes over what this one gives up, in a blend.
      later: Whether its price is none agreed at a contract event: interest, or what a
        draw measured on its own day is worth beyond it.
    """

    at: Position
    date: datetime.date
    tranche: str
    units: Units = Units()
    price: Decimal = ZERO
    recognised: Decimal = ZERO
    parts: tuple[Part, ...] = ()
    escrow: Decimal = ZERO
    into: str | None = None
    later: bool = False

    @property
    def liability(self) -> Decimal:
        """Change of the contract liability (prepaid), all causes together."""
        return sum((part.amount for part in self.parts), ZERO)


def movements(schedule: Schedule) -> Iterator[Movement]:
    """Yield the movements of a deal's tranches in the order they happen.

    Where the startup owns the ring-fenced cash, that cash pays for part of each
    draw: only the rest of the price was ever a contract liability, or an asset
    where the cash is more than the price.  What a trustee keeps for the startup is
    part of that liability until it pays for a draw or, where credits are given up,
    goes back.
    """
    # Credits that earn shares owe nothing at signing, and again once they are given back.
    carrying = {n for n, terms in schedule.tranches.items() if terms.kind == "earning"}
    if schedule.side == "provider":
        # What is delivered before its price is a security is a contract asset.
        carrying |= {n for n, terms in schedule.tranches.items() if terms.unconditional}
    own_cash, entrusted = _own_cash(schedule), _entrusted(schedule)
    inside = False
    for event in schedule.events:
        if isinstance(event, Corrected):
            before, after = list(movements(event.before)), list(movements(event.after))
            yield from _differences(event, before, after)
            carrying |= {move.tranche for move in after if move.parts}
            inside = any(isinstance(it, ControlGained) for it in event.after.events)
            continue
        if isinstance(event, InterestAccrued) and event.tranche not in schedule.tranches:
            continue  # of a promise to spend
        for move in _of_event(event, own_cash, entrusted, schedule.side):
            if inside:
                # What a subsidiary owes and is sold is nobody's contract liability.
                yield move._replace(price=ZERO, recognised=ZERO, parts=())
                continue
            if any(part.cause in ("addition", "opening") for part in move.parts):
                carrying.add(move.tranche)
            if move.into is not None and move.tranche in carrying:
                carrying.add(move.into)
            yield move if move.tranche in carrying else move._replace(parts=())
        inside = inside or isinstance(event, ControlGained)


def _own_cash(schedule: Schedule) -> set[str]:
    """Return the tranches whose credits the startup's own ring-fenced cash pays for."""
    return _paid_from(schedule, "startup")


def _entrusted(schedule: Schedule) -> set[str]:
    """Return the tranches whose credits the startup's cash with a trustee pays for."""
    return _paid_from(schedule, "trustee-startup")


def _paid_from(schedule: Schedule, escrow: str) -> set[str]:
    return {
        name
        for name, terms in schedule.tranches.items()
        if terms.escrow == escrow and terms.kind == "credits"
    }


def until(moves: Iterable[Movement], day: datetime.date | None) -> Iterator[Movement]:
    """Yield the movements up to and including a day; all of them where it is None."""
    return (move for move in moves if day is None or move.date <= day)


def _of_event(
    event: Event, own_cash: set[str], entrusted: set[str], side: Role
) -> Iterator[Movement]:
    match event:
        case Signing():
            for leg in event.credits:
                yield _signed(event, leg)
        case ConsiderationAdded():
            for more in event.parts:
                parts = _parts(recognised=more.used, breakage=more.breakage)
                yield Movement(
                    event.at,
                    event.date,
                    more.tranche,
                    price=more.price,
                    recognised=more.used + more.breakage,
                    parts=(Part("addition", more.price), *parts),
                )
        case RightUnconditional():
            for paid_for in event.parts:
                # The startup has paid in equity for what was delivered until now.
                owed = paid_for.price - (paid_for.used if side == "startup" else ZERO)
                addition = (Part("addition", owed),) if owed else ()
                yield Movement(event.at, event.date, paid_for.tranche, parts=addition)
        case Blended():
            paid = event.escrow if event.tranche in own_cash else ZERO
            parts = _parts(moved=event.price - paid)
            yield Movement(
                event.at,
                event.date,
                event.tranche,
                Units(moved=-event.credits),
                -event.price,
                parts=parts,
                escrow=-event.escrow,
                into=event.into,
            )
            yield Movement(
                event.at,
                event.date,
                event.into,
                Units(moved=event.credits),
                event.price,
                parts=tuple(Part(cause, -amount) for cause, amount in parts),
                escrow=event.escrow,
            )
        case Granted():
            units = Units(granted=event.credits)
            yield _move(event, units, escrow=event.escrow)
        case Drawn():
            late = event.pool == "Expired"
            paid = event.escrow if event.tranche in own_cash else ZERO
            yield _move(
                event,
                Units(drawn=event.credits, expired=-event.credits if late else ZERO),
                recognised=event.price + event.breakage,
                parts=_parts(recognised=event.price - paid, breakage=event.breakage),
                escrow=-event.escrow,
            )
        case StakeEarned():
            value = event.stake.value
            yield Movement(
                event.at, event.date, event.tranche, price=value, recognised=value
            )
        case StakeReceived():
            for change in event.changes:
                yield _repriced(event, change)
        case PriceMeasured():
            yield Movement(
                event.at,
                event.date,
                event.tranche,
                price=event.amount,
                recognised=event.amount,
                later=True,
            )
        case InterestAccrued():
            yield _interest(event)
        case Lapsed():
            paid = event.escrow if event.tranche in own_cash else ZERO
            yield _move(
                event,
                Units(expired=event.credits),
                recognised=event.price,
                parts=_parts(breakage=event.price - paid),
                escrow=-event.escrow,
            )
        case Forfeited():
            paid = event.escrow if event.tranche in own_cash else ZERO
            back = event.escrow if event.tranche in entrusted else ZERO
            yield _move(
                event,
                Units(forfeited=event.credits),
                price=-event.price - paid - back,
                parts=_parts(forfeited=event.price + back),
                escrow=-event.escrow,
            )
        case Reestimated():
            parts = _parts(breakage=event.breakage)
            yield _move(event, recognised=event.breakage, parts=parts)
        case ControlGained():
            for it in event.tranches:
                parts = _parts(forfeited=it.liability)
                yield Movement(event.at, event.date, it.name, price=-it.price, parts=parts)
        case EscrowChanged():
            yield _move(event, escrow=event.amount)
        case EscrowRemeasured():
            yield _move(event, escrow=event.change)
        case (
            StakeArrived() | CashMoved() | Billed() | Paid() | ClaimRemeasured()
            | PromotionServed() | Remeasured() | ThirdPartyOwed()
            | WarrantEarned() | WarrantValued() | StakeEntry() | Shortfall()
            | ConsiderationReleased() | CapacityBought() | CapacityUsed() | Guaranteed()
            | GuaranteeConsidered() | GuaranteeReleased() | SoldForNow() | BuybackAccrued()
            | BoughtBack() | SoldAtLast() | HandedBack() | Corrected() | RentEarned()
            | OnerousProvided() | PromiseChanged() | PromiseEnded()
        ):  # fmt: skip
            return
        case _:
            assert_never(event)


def promised(schedule: Schedule) -> Iterator[Movement]:
    """Yield what a deal's promises to spend carry, and its release, in order.

    They are no tranches and have no credits: `tranche` names the commitment.
    """
    for event in schedule.events:
        if isinstance(event, InterestAccrued) and event.tranche in schedule.tranches:
            continue  # of credits
        if isinstance(event, Corrected):
            before, after = list(promised(event.before)), list(promised(event.after))
            yield from _differences(event, before, after)
            continue
        yield from _of_promise(event)
        if isinstance(event, ControlGained):
            return


def _of_promise(event: Event) -> Iterator[Movement]:
    match event:
        case Signing():
            for leg in event.commitments:
                parts = (Part("addition", leg.price),)
                yield Movement(
                    leg.at, event.date, leg.commitment, price=leg.price, parts=parts
                )
        case InterestAccrued():
            yield _interest(event)
        case ConsiderationReleased():
            amount, lapses = event.amount, event.left_over and event.amount > 0
            took = _parts(breakage=amount) if lapses else _parts(recognised=amount)
            yield Movement(
                event.at, event.date, event.commitment, recognised=amount, parts=took
            )
        case PromiseEnded():
            yield Movement(
                event.at,
                event.date,
                event.commitment,
                price=-event.price,
                parts=_parts(forfeited=event.price),
            )
        case ControlGained():
            for it in event.promises:
                yield Movement(
                    event.at,
                    event.date,
                    it.name,
                    price=-it.price,
                    parts=_parts(forfeited=it.liability),
                )
        case _:
            return


def carried(schedule: Schedule, day: datetime.date | None = None) -> dict[str, Decimal]:
    """Return what each promise to spend carries on a day, by the commitment's name.

    Positive where compute is owed for shares, negative where the customer was paid for
    more than its shares.
    """
    left: dict[str, Decimal] = {}
    for move in until(promised(schedule), day):
        left[move.tranche] = left.get(move.tranche, ZERO) + move.liability
    return left


def _differences(
    event: Corrected, before: Iterable[Movement], after: Iterable[Movement]
) -> Iterator[Movement]:
    """Yield, tranche by tranche, what a correction makes of everything before it.

    What a blend or an opening balance moves stands as an addition: it is the balance
    that is corrected, not the day it came in.
    """
    sums: dict[str, Movement] = {}
    for sign, moves in ((-1, before), (1, after)):
        for move in moves:
            nothing = Movement(event.at, event.date, move.tranche)
            sums[move.tranche] = _added(sums.get(move.tranche, nothing), move, sign)
    for move in sums.values():
        if any((*move.units, move.price, move.recognised, move.escrow, move.parts)):
            yield move


def _added(total: Movement, move: Movement, sign: int) -> Movement:
    parts: dict[Cause, Decimal] = {part.cause: part.amount for part in total.parts}
    for cause, amount in move.parts:
        kept: Cause = "addition" if cause in ("opening", "moved") else cause
        parts[kept] = parts.get(kept, ZERO) + sign * amount
    return total._replace(
        units=total.units.plus(Units(*(sign * number for number in move.units))),
        price=total.price + sign * move.price,
        recognised=total.recognised + sign * move.recognised,
        parts=tuple(Part(cause, amount) for cause, amount in parts.items() if amount),
        escrow=total.escrow + sign * move.escrow,
    )


def intra_group(schedule: Schedule, day: datetime.date | None = None) -> dict[str, Decimal]:
    """Return what is owed inside the group on a day, by tranche and promise.

    Before control is gained nothing is.
    """
    owed: dict[str, Decimal] = {}
    gained = False
    own_cash, entrusted = _own_cash(schedule), _entrusted(schedule)
    for event in in_force(schedule, day):
        if isinstance(event, ControlGained):
            gained = True
            for it in (*event.tranches, *event.promises):
                owed[it.name] = owed.get(it.name, ZERO) + it.liability
        elif gained:
            of_credits = _of_event(event, own_cash, entrusted, schedule.side)
            if isinstance(event, InterestAccrued):
                of_credits = iter(())  # the same movement, whatever it is of
            for move in (*of_credits, *_of_promise(event)):
                owed[move.tranche] = owed.get(move.tranche, ZERO) + move.liability
    return owed


def _signed(event: Signing, leg: CreditLeg) -> Movement:
    net = leg.liability - leg.upfront
    cause: Cause = "opening" if leg.opening else "addition"
    return Movement(
        leg.at,
        event.date,
        leg.tranche,
        price=leg.price,
        parts=(Part(cause, net),) if leg.liability or leg.upfront else (),
    )


def _interest(event: InterestAccrued) -> Movement:
    return Movement(
        event.at,
        event.date,
        event.tranche,
        price=event.amount,
        parts=(Part("addition", event.amount),),
        later=True,
    )


def _repriced(event: StakeReceived, change: PriceChange) -> Movement:
    added = (Part("addition", change.price),) if change.price else ()
    return Movement(
        event.at,
        event.date,
        change.tranche,
        price=change.price,
        recognised=change.recognised + change.breakage,
        parts=added + _parts(recognised=change.recognised, breakage=change.breakage),
    )


def _parts(
    recognised: Decimal = ZERO,
    breakage: Decimal = ZERO,
    forfeited: Decimal = ZERO,
    moved: Decimal = ZERO,
) -> tuple[Part, ...]:
    causes: tuple[tuple[Cause, Decimal], ...] = (
        ("recognised", recognised),
        ("breakage", breakage),
        ("forfeited", forfeited),
        ("moved", moved),
    )
    return tuple(Part(cause, -amount) for cause, amount in causes if amount)


def _move(
    event: Granted
    | Drawn
    | Lapsed
    | Forfeited
    | Reestimated
    | EscrowChanged
    | EscrowRemeasured,
    units: Units = Units(),  # noqa: B008
    price: Decimal = ZERO,
    recognised: Decimal = ZERO,
    parts: tuple[Part, ...] = (),
    escrow: Decimal = ZERO,
) -> Movement:
    return Movement(
        event.at, event.date, event.tranche, units, price, recognised, parts, escrow
    )
