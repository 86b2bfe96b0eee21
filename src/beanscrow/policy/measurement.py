"""What a contract event is worth: the fair value of what came in, less the cash paid.

Shares, cash and credits agreed together are one event, whenever each leg moves
(606-10-25-9).  The stake is measured first, at fair value at contract inception
(606-10-32-21; IFRS 15.66); what it is worth above the cash paid for it is the
transaction price of the credits.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from typing import NamedTuple

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
)
from beanscrow.policy.citing import EventRules
from beanscrow.policy.commitment import CommitmentLeg
from beanscrow.policy.earning import check_shape, is_earned
from beanscrow.policy.exact import exact_money
from beanscrow.policy.fair_value import by_price_of_credits, measured_stakes
from beanscrow.policy.milestones import EventKey, Release, event_of
from beanscrow.policy.refusal import Refusal, not_built
from beanscrow.policy.schedule import (
    CashLeg,
    CreditLeg,
    EscrowMode,
    Signing,
    StakeLeg,
)
from beanscrow.policy.terms_of_side import (
    SideTerms,
)

STARTUPS_CASH = ("startup", "trustee-startup")


class EventLegs(NamedTuple):
    """The legs of one contract event, in the order of their names.

    Attributes:
      label: The milestone that released them, "" where they waited for none.
      agreed: Day they were agreed; that of the event where they waited for nothing.
      adds_to: Tranches that stakes released alone are more consideration for.
    """

    date: datetime.date
    stakes: tuple[Stake, ...]
    cash: tuple[Cash, ...]
    grants: tuple[Grant, ...]
    commitments: tuple[Commitment, ...]
    label: str
    agreed: datetime.date
    adds_to: tuple[str, ...] = ()

    @property
    def key(self) -> EventKey:
        """Return which event this is, as `event_of` says of each of its legs."""
        return self.date, self.label

    def all(self) -> list[Leg]:
        """Return every leg: what is received first, then what is given for it."""
        return [*self.stakes, *self.cash, *self.grants, *self.commitments]


def legs_by_event(
    legs: Iterable[Leg], releases: Mapping[str, Release] | None = None
) -> list[EventLegs]:
    """Return a deal's legs gathered by the day of their contract event, in order.

    Args:
      releases: Where the legs come from that a milestone has released.
    """
    events: dict[EventKey, list[Leg]] = {}
    for leg in legs:
        events.setdefault(event_of(leg), []).append(leg)
    return [
        _gathered(date, label, found, (releases or {}).get(label))
        for (date, label), found in sorted(events.items())
    ]


def _gathered(
    date: datetime.date, label: str, found: list[Leg], release: Release | None
) -> EventLegs:
    stakes = (leg for leg in found if isinstance(leg, Stake))
    cash = (leg for leg in found if isinstance(leg, Cash))
    grants = (leg for leg in found if isinstance(leg, Grant))
    commitments = (leg for leg in found if isinstance(leg, Commitment))
    alone = all(isinstance(leg, Stake) for leg in found)
    return EventLegs(
        date,
        tuple(
            sorted(
                stakes,
                key=lambda x: (x.units.currency, x.date, x.sequence, x.units.number),
            )
        ),
        tuple(sorted(cash, key=lambda x: (x.date, x.sequence, x.amount.number, x.rest))),
        tuple(sorted(grants, key=lambda x: x.tranche)),
        tuple(sorted(commitments, key=lambda x: x.commitment)),
        label,
        release.agreed if release else date,
        release.adds_to if release and alone else (),
    )


def escrow_mode(deal: Deal) -> EscrowMode:
    """Return whose cash is ring-fenced, with a trustee's by who gets what is left."""
    owner: EscrowOwner = deal.escrow_owner or "none"
    if owner != "trustee":
        return owner
    return "trustee-startup" if deal.escrow_residual == "startup" else "trustee-provider"


def measure(
    deal: Deal,
    legs: EventLegs,
    policies: tuple[DealPolicy, ...],
    terms: SideTerms,
    event: EventRules,
    *,
    only_stake: bool,
) -> Signing:
    """Return a contract event measured: what each leg is worth on the day it was agreed.

    V is the fair value of the stakes, C the cash, X = V - C the transaction price
    of the credits that no money pays for, split over them in proportion to their
    stand-alone selling prices (606-10-32-31), else to their face.

    Args:
      event: What decides it beside its legs.

    Raises:
      Refusal: The event does not add up to a deal; the message says which leg
        is missing or too much.
    """
    mode = escrow_mode(deal)
    unpriced = [g for g in legs.grants if g.price is None and not g.opening]
    cash = sum(exact_money(c.amount, terms, c.at) for c in legs.cash)
    earned = is_earned(legs.stakes)
    if earned:
        check_shape(
            legs.stakes,
            legs.cash,
            legs.grants,
            legs.commitments,
            customers_escrow=mode in ("startup", "trustee-startup"),
            terms=terms,
        )
    waits = check_waiting(legs, mode)
    stakes = measured_stakes(legs.stakes, policies, terms, unpriced, cash, only_stake)
    if earned:
        leg = stakes[0][0]
        return _to_be_earned(legs, leg, mode, terms, event.earned(leg))
    value = sum(worth for leg, worth in stakes if not leg.opening)
    price = value - cash
    funded = sum(_escrow(g, terms) for g in unpriced) if mode == "startup" else 0
    promised = _promised(legs.commitments, price, terms) if not unpriced else ()
    _check_outcome(legs, unpriced, price, funded, mode, terms)
    prices = (
        dict(zip(unpriced, split_price(unpriced, price), strict=True)) if unpriced else {}
    )
    cash_legs = [CashLeg(c.at, c.date, c.amount.number) for c in legs.cash]
    if mode == "startup":
        cash_legs += [
            CashLeg(g.at, g.date, from_quanta(_escrow(g, terms), terms.scale), escrow=True)
            for g in unpriced
            if g.escrow is not None
        ]
    credits = tuple(
        _credit_leg(grant, prices.get(grant), mode, terms) for grant in legs.grants
    )
    opening = (
        not legs.cash
        and all(stake.opening for stake in legs.stakes)
        and all(grant.opening for grant in legs.grants)
    )
    rule = (
        event.rules["opening"]
        if opening
        else event.signing(
            list(zip(legs.stakes, (leg for leg, _ in stakes), strict=True)),
            list(zip(legs.grants, credits, strict=True)),
            cash=bool(legs.cash),
            by_price=by_price_of_credits(legs.stakes, policies, only_stake),
            promised=price if promised else 0,
            mode=mode,
        )
    )
    if waits:
        nothing = from_quanta(0, terms.scale)
        owed_later = tuple(leg._replace(liability=nothing) for leg in credits)
        at = legs.all()[0].at
        leg = stakes[0][0]
        return Signing(at, legs.date, rule, (), (), owed_later, waiting=leg)
    return Signing(
        at=legs.all()[0].at,
        date=legs.date,
        rule=rule,
        stakes=tuple(leg for leg, _ in stakes),
        cash=tuple(cash_legs),
        credits=credits,
        commitments=promised,
    )


def check_waiting(legs: EventLegs, mode: EscrowMode) -> bool:
    """Return whether the right to an event's shares is unconditional only later.

    Raises:
      Refusal: It is, of one of several things exchanged; what pays for what is not built.
    """
    if not any(it.unconditional and it.unconditional > it.date for it in legs.stakes):
        return False
    simple = len(legs.stakes) == 1 and legs.grants and not (legs.cash or legs.commitments)
    plain = all(g.price is None and not g.opening and not g.blends for g in legs.grants)
    if not simple or not plain or mode not in ("none", "provider", "trustee-provider"):
        raise not_built(
            "shares whose right is unconditional later, in an event that is more than one "
            "stake for credits whose escrow is not the startup's"
        )
    stake = legs.stakes[0]
    if stake.vesting == "as-drawn" or stake.opening or stake.date != legs.date:
        raise not_built(
            "shares whose right is unconditional later that are earned as drawn, opening, "
            "or issued on another day"
        )
    return True


def _to_be_earned(
    legs: EventLegs, stake: StakeLeg, mode: EscrowMode, terms: SideTerms, rule: str
) -> Signing:
    """Return an event at which nothing is exchanged: shares are earned as drawn."""
    credits = tuple(_credit_leg(grant, 0, mode, terms) for grant in legs.grants)
    return Signing(legs.all()[0].at, legs.date, rule, (), (), credits, earned=stake)


def _promised(
    commitments: Sequence[Commitment], price: int, terms: SideTerms
) -> tuple[CommitmentLeg, ...]:
    """Return X over the promises of an event, in proportion to what each promises."""
    if not commitments or not price:
        return ()
    weights = [Fraction(exact_money(it.amount, terms, it.at)) for it in commitments]
    parts = largest_remainder(abs(price), weights)
    sign = 1 if price > 0 else -1
    return tuple(
        CommitmentLeg(it.at, it.commitment, from_quanta(sign * part, terms.scale))
        for it, part in zip(commitments, parts, strict=True)
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
    assert not escrow or mode != "none", "the reader refuses an escrow nobody owns"
    if split is None:
        assert grant.price is not None, "a grant without price has a part of X"
        price = exact_money(grant.price, terms, grant.at)
        liability, upfront = price, 0
        receivable = 0 if grant.opening else price
        if escrow and grant.opening and mode in ("startup", "trustee-startup"):
            raise not_built("an opening grant whose escrow is the startup's")
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
    elif legs.commitments:
        return
    elif price > 0:
        raise Refusal(
            "E203",
            f"the stake is worth {shown} more than the cash paid for it and no credits are "
            "granted: that would be a gain on day one; add the missing grant or commitment, "
            + (
                f'and let it wait for the same `milestone: "{_awaited(legs)}"`'
                if legs.label
                else "or give its `event:` this date"
            ),
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


def _awaited(legs: EventLegs) -> str:
    """Return the name of the milestone that released the legs of an event."""
    return legs.label.removesuffix(f", agreed {legs.agreed}")


def split_price(grants: Sequence[Grant], price: int) -> list[int]:
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


def _escrow(grant: Grant, terms: SideTerms) -> int:
    return 0 if grant.escrow is None else exact_money(grant.escrow, terms, grant.at)
