"""What a contract event is worth: the fair value of what came in, less the cash paid.

Shares, cash and credits agreed together are one event, whenever each leg moves
(606-10-25-9).  The stake is measured first, at fair value at contract inception
(606-10-32-21; IFRS 15.66); what it is worth above the cash paid for it is the
transaction price of the credits.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

from beanscrow.deal.problems import Position
from beanscrow.deal.terms import (
    Cash,
    Commitment,
    Deal,
    DealPolicy,
    EscrowOwner,
    Grant,
    Leg,
    Money,
    Stake,
)
from beanscrow.money import (
    from_quanta,
    largest_remainder,
    places,
    round_half_up,
    round_to_quanta,
    to_quanta,
)
from beanscrow.policy.refusal import Refusal, not_built
from beanscrow.policy.schedule import (
    CashLeg,
    CreditLeg,
    EscrowMode,
    Lot,
    Signing,
    StakeLeg,
)
from beanscrow.policy.terms_of_side import (
    SideTerms,
    class_of,
    is_built,
    method_of,
    policy_for,
)

LOT_SCALE = 6


class EventLegs(NamedTuple):
    """The legs of one contract event, in the order of their names."""

    date: datetime.date
    stakes: tuple[Stake, ...]
    cash: tuple[Cash, ...]
    grants: tuple[Grant, ...]
    commitments: tuple[Commitment, ...]


def legs_by_event(legs: Iterable[Leg]) -> list[EventLegs]:
    """Return a deal's legs gathered by the day of their contract event, in order."""
    events: dict[datetime.date, list[Leg]] = {}
    for leg in legs:
        events.setdefault(leg.event, []).append(leg)
    return [
        EventLegs(
            date,
            tuple(
                sorted(
                    (x for x in found if isinstance(x, Stake)),
                    key=lambda x: (x.units.currency, x.date, x.sequence, x.units.number),
                )
            ),
            tuple(
                sorted(
                    (x for x in found if isinstance(x, Cash)),
                    key=lambda x: (x.date, x.sequence, x.amount.number, x.rest),
                )
            ),
            tuple(
                sorted(
                    (x for x in found if isinstance(x, Grant)), key=lambda x: x.tranche
                )
            ),
            tuple(x for x in found if isinstance(x, Commitment)),
        )
        for date, found in sorted(events.items())
    ]


def escrow_mode(deal: Deal) -> EscrowMode:
    """Return whose cash is ring-fenced, with a trustee's by who gets what is left."""
    owner: EscrowOwner = deal.escrow_owner or "none"
    if owner != "trustee":
        return owner
    return "trustee-startup" if deal.escrow_residual == "startup" else "trustee-provider"


def lots_of(
    units: Decimal, value: int, scale: int, acquired: datetime.date
) -> tuple[Lot, ...]:
    """Return a stake as at most two lots whose costs add up to its value exactly.

    Where the value does not divide by the units, the unit costs lie one quantum
    (1E-6) apart, shared by largest remainder, the dearer lot first.

    Args:
      units: Positive.
      value: Carrying amount in quanta of 10^-scale, not negative.
    """
    unit_scale = places(units)
    count = to_quanta(units, unit_scale)
    # Worth of all units at one cost quantum each, so that both sides are whole.
    weight = value * 10 ** (LOT_SCALE + unit_scale - scale)
    cost, dearer = divmod(weight, count)
    if not dearer:
        return (Lot(units, _shortest(cost, scale), acquired),)
    return (
        Lot(from_quanta(dearer, unit_scale), from_quanta(cost + 1, LOT_SCALE), acquired),
        Lot(from_quanta(count - dearer, unit_scale), from_quanta(cost, LOT_SCALE), acquired),
    )


def measure(
    deal: Deal,
    legs: EventLegs,
    policies: tuple[DealPolicy, ...],
    terms: SideTerms,
    rules: dict[str, str],
    *,
    only_stake: bool,
) -> Signing:
    """Return a contract event measured: what each leg is worth on the day it was agreed.

    V is the fair value of the stakes, C the cash, X = V - C the transaction price
    of the credits that no money pays for, split over them in proportion to their
    stand-alone selling prices (606-10-32-31), else to their face.

    Raises:
      Refusal: The event does not add up to a deal; the message says which leg
        is missing or too much.
    """
    if legs.commitments:
        raise not_built("an event with a deal-commitment (cash with a spend commitment)")
    _same_currency(legs, terms)
    mode = escrow_mode(deal)
    unpriced = [g for g in legs.grants if g.price is None and not g.opening]
    cash = sum(exact_money(c.amount, terms, c.at) for c in legs.cash)
    stakes = _stakes(legs, policies, terms, unpriced, cash, only_stake)
    value = sum(worth for leg, worth in stakes if not leg.opening)
    price = value - cash
    funded = sum(_escrow(g, terms) for g in unpriced) if mode == "startup" else 0
    _check_outcome(legs, unpriced, price, funded, mode, terms)
    prices = dict(zip(unpriced, _split(unpriced, price), strict=True)) if unpriced else {}
    cash_legs = [CashLeg(c.at, c.date, c.amount.number) for c in legs.cash]
    if mode == "startup":
        cash_legs += [
            CashLeg(g.at, g.date, from_quanta(_escrow(g, terms), terms.scale), escrow=True)
            for g in unpriced
            if g.escrow is not None
        ]
    credits = tuple(
        _credit_leg(grant, prices.get(grant), mode, terms)
        for grant in legs.grants
    )
    opening = all(leg.opening for leg in (*legs.stakes, *legs.grants)) and not legs.cash
    kind = "opening" if opening else "signing" if legs.grants else "purchase"
    first = (*legs.stakes, *legs.cash, *legs.grants)[0]
    return Signing(
        at=first.at,
        date=legs.date,
        rule=rules[kind],
        stakes=tuple(leg for leg, _ in stakes),
        cash=tuple(cash_legs),
        credits=credits,
    )


def _credit_leg(
    grant: Grant, split: int | None, mode: EscrowMode, terms: SideTerms
) -> CreditLeg:
    """Return one grant as priced; `split` is its part of X, None where money pays."""
    if grant.opening and grant.price is None:
        raise Refusal(
            "E214",
            f"opening grant {grant.tranche} has no price; write `price:` with the "
            "transaction price not yet recognised",
            grant.at,
        )
    scale = terms.scale
    escrow = _escrow(grant, terms)
    if escrow and mode == "none":
        raise Refusal(
            "E217",
            f"grant {grant.tranche} has an `escrow:` and the deal says `escrow-owner: "
            '"none"`; say who owns the cash, or leave the escrow out',
            grant.at,
        )
    if split is None:
        assert grant.price is not None, "a grant without price has a part of X"
        price = exact_money(grant.price, terms, grant.at)
        liability, upfront = price, 0
        receivable = 0 if grant.opening else price
        if escrow and mode == "startup":
            raise Refusal(
                "E215",
                f"grant {grant.tranche} has both `price` and an escrow the startup owns; "
                "money pays for it once: leave out one of them",
                grant.at,
            )
    else:
        price, receivable = split, 0
        if mode == "startup":
            liability, upfront = max(0, price - escrow), max(0, escrow - price)
        elif mode == "trustee-startup":
            # The cash waits with the trustee against compute still owed for it.
            liability = escrow + max(0, price - escrow)
            upfront = max(0, escrow - price)
        else:
            liability, upfront = price, 0
    return CreditLeg(
        grant.at,
        grant.tranche,
        from_quanta(price, scale),
        from_quanta(liability, scale),
        from_quanta(upfront, scale),
        from_quanta(receivable, scale),
        grant.opening,
    )


def _check_outcome(
    legs: EventLegs,
    unpriced: Sequence[Grant],
    price: int,
    funded: int,
    mode: EscrowMode,
    terms: SideTerms,
) -> None:
    """Refuse an event whose legs do not add up to a deal (docs/ledger-language.md 2.3)."""
    shown = f"{from_quanta(abs(price), terms.scale):,f} {terms.currency}"
    if unpriced:
        at = unpriced[0].at
        if price < 0:
            raise Refusal(
                "E202",
                f"the cash paid exceeds the fair value of the stake by {shown}, so the "
                "credits would have a negative price; check the fair value and the cash, "
                "or say what the excess pays for",
                at,
            )
        if price == 0 and not (mode == "startup" and funded):
            raise Refusal(
                "E201",
                "credits are granted and nothing is left of the stake's fair value to pay "
                "for them; if they are a gift, say `price: 0.00 "
                f"{terms.currency}`, else check the fair value and the cash",
                at,
            )
    elif price > 0:
        raise Refusal(
            "E203",
            f"the stake is worth {shown} more than the cash paid for it and no credits are "
            "granted: that would be a gain on day one; add the missing grant, or give its "
            "`event:` this date",
            (legs.stakes or legs.cash)[0].at,
        )
    elif price < 0:
        raise Refusal(
            "E204",
            f"the cash paid exceeds the fair value of the stake by {shown} and nothing else "
            "is received; what does the excess pay for? Add the missing stake, or give its "
            "`event:` this date",
            (legs.cash or legs.stakes)[0].at,
        )


def _stakes(
    legs: EventLegs,
    policies: tuple[DealPolicy, ...],
    terms: SideTerms,
    unpriced: Sequence[Grant],
    cash: int,
    only_stake: bool,
) -> list[tuple[StakeLeg, int]]:
    """Return each stake with its fair value in quanta, the fallback measured last."""
    worths: dict[Stake, int] = {}
    fallback: list[tuple[Stake, str]] = []
    for stake in legs.stakes:
        policy = policy_for(stake, policies, only_stake)
        source = (policy and policy.fair_value_source) or stake.fair_value_source
        if stake.opening:
            worths[stake] = _opening_carrying(stake, policies, terms)
        elif source in ("ssp", "face"):
            override = policy.override if policy else None
            if source == "face" and not override:
                raise Refusal(
                    "E208",
                    f"{stake.units.currency} is measured at the face of the credits, which "
                    "is their headline and not their fair value (606-10-32-21); use "
                    "`fair-value-source: \"ssp\"`, or say why in `override:` of the deal's "
                    "deal-policy",
                    stake.at,
                )
            fallback.append((stake, source))
        else:
            worths[stake] = _fair_value(stake, policy, terms)
    if len(fallback) > 1:
        raise Refusal(
            "E207",
            "two stakes of one event take their value from the credits "
            f"({' and '.join(s.units.currency for s, _ in fallback)}); one equation gives "
            "one unknown: give the others a fair value",
            fallback[1][0].at,
        )
    for stake, source in fallback:
        others = sum(w for s, w in worths.items() if not s.opening)
        worths[stake] = cash + _value_of_credits(stake, source, unpriced, terms) - others
        if worths[stake] <= 0:
            raise Refusal(
                "E209",
                f"{stake.units.currency} would be worth nothing: the other stakes are worth "
                "the cash and the credits already",
                stake.at,
            )
    return [
        (_stake_leg(stake, worths[stake], policies, terms), worths[stake])
        for stake in legs.stakes
    ]


def _stake_leg(
    stake: Stake, worth: int, policies: tuple[DealPolicy, ...], terms: SideTerms
) -> StakeLeg:
    if stake.vesting != "signing":
        raise not_built("a stake with `vesting: \"as-drawn\"`")
    if stake.unconditional is not None and stake.unconditional > stake.date:
        raise not_built("a stake whose right becomes unconditional later")
    method = method_of(stake, policies, terms.framework)
    class_ = class_of(stake, policies, terms.framework)
    if terms.side == "provider" and not is_built(method):
        raise not_built(f"a stake carried by the method {method}")
    if terms.side == "startup" and class_ == "liability":
        raise not_built(f"{stake.instrument} issued as a liability at fair value")
    return StakeLeg(
        at=stake.at,
        arrives=stake.date,
        units=stake.units,
        value=from_quanta(worth, terms.scale),
        instrument=stake.instrument,
        method=method,
        class_=class_,
        lots=lots_of(stake.units.number, worth, terms.scale, stake.event),
        opening=stake.opening,
    )


def _opening_carrying(
    stake: Stake, policies: tuple[DealPolicy, ...], terms: SideTerms
) -> int:
    for policy in policies:
        if policy.opening_carrying and policy.stake in (None, stake.units.currency):
            return _round(policy.opening_carrying.number, terms)
    raise Refusal(
        "E214",
        f"opening stake {stake.units.currency} has no carrying amount; write "
        "`opening-carrying:` in a deal-policy of this ledger",
        stake.at,
    )


def _fair_value(stake: Stake, policy: DealPolicy | None, terms: SideTerms) -> int:
    total = policy.fair_value_total if policy else None
    each = policy.fair_value if policy else None
    if total is None and each is None:
        total, each = stake.fair_value_total, stake.fair_value
    if total is not None:
        return _round(total.number, terms)
    if each is None:
        raise Refusal(
            "E209",
            f"{stake.units.currency} has no fair value; write `fair-value:` per unit or "
            "`fair-value-total:`, or take it from the credits with "
            "`fair-value-source: \"ssp\"`",
            stake.at,
        )
    return round_to_quanta(Fraction(each.number) * Fraction(stake.units.number), terms.scale)


def _value_of_credits(
    stake: Stake, source: str, unpriced: Sequence[Grant], terms: SideTerms
) -> int:
    """Return what the credits of an event are worth at their ssp or face, rounded once."""
    if not unpriced:
        raise Refusal(
            "E209",
            f"{stake.units.currency} takes its value from the credits and its event grants "
            "none; give it a fair value, or give the grant's `event:` this date",
            stake.at,
        )
    worth = Fraction(0)
    for grant in unpriced:
        each = grant.ssp if source == "ssp" else grant.face
        if each is None:
            raise Refusal(
                "E209",
                f"{stake.units.currency} takes its value from the credits, and grant "
                f"{grant.tranche} has no `{source}:`",
                grant.at,
            )
        worth += Fraction(each.number) * Fraction(grant.credits.number)
    return round_to_quanta(worth, terms.scale)


def _split(grants: Sequence[Grant], price: int) -> list[int]:
    """Return X allocated over grants by stand-alone selling price, else by face."""
    if len(grants) == 1:
        return [price]
    for key in ("ssp", "face"):
        each: list[Money | None] = [getattr(grant, key) for grant in grants]
        if any(each):
            if not all(each):
                lacking = grants[each.index(None)]
                raise Refusal(
                    "E206",
                    f"grant {lacking.tranche} has no `{key}:` and another of its event has; "
                    "the price is split over all of them by one measure: give each the same",
                    lacking.at,
                )
            weights = [
                Fraction(grant.credits.number) * Fraction(one.number)
                for grant, one in zip(grants, each, strict=True)
                if one is not None
            ]
            return largest_remainder(price, weights)
    raise Refusal(
        "E206",
        f"the event grants {', '.join(g.tranche for g in grants)} and none has `ssp:` or "
        "`face:`; the price is split over them by one of these: give each the same",
        grants[0].at,
    )


def _same_currency(legs: EventLegs, terms: SideTerms) -> None:
    for leg in (*legs.stakes, *legs.cash, *legs.grants):
        for money in _monies(leg):
            if money is not None and money.currency != terms.currency:
                raise not_built(
                    f"an event in {money.currency} in books kept in {terms.currency}"
                )


def _monies(leg: Stake | Cash | Grant) -> tuple[Money | None, ...]:
    if isinstance(leg, Stake):
        return leg.fair_value, leg.fair_value_total
    if isinstance(leg, Cash):
        return (leg.amount,)
    return leg.face, leg.ssp, leg.price, leg.escrow


def _escrow(grant: Grant, terms: SideTerms) -> int:
    return 0 if grant.escrow is None else exact_money(grant.escrow, terms, grant.at)


def exact_money(money: Money, terms: SideTerms, at: Position) -> int:
    """Return an agreed amount in quanta of the books.

    Raises:
      Refusal: It is written finer than the books are kept.
    """
    try:
        return to_quanta(money.number, terms.scale)
    except ValueError:
        raise Refusal(
            "E216",
            f"{money.number:f} {money.currency} is finer than the books, which are kept to "
            f"{terms.scale} decimals; round it as the contract says",
            at,
        ) from None


def _round(number: Decimal, terms: SideTerms) -> int:
    fraction = Fraction(number)
    return round_half_up(fraction.numerator * 10**terms.scale, fraction.denominator)


def _shortest(cost: int, scale: int) -> Decimal:
    """Return a unit cost without zeros at its end, but with those of the currency."""
    written = LOT_SCALE
    while written > scale and cost % 10 == 0:
        cost //= 10
        written -= 1
    return from_quanta(cost, written)
