"""What one deal's life has to account for, in the order it happens."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping
from decimal import Decimal

from beanscrow.deal.problems import Position
from beanscrow.deal.terms import (
    Agreement,
    Cash,
    Commitment,
    Estimate,
    Forfeit,
    Grant,
    Stake,
    Usage,
    Warrant,
)
from beanscrow.money import places
from beanscrow.policy.backstop import backstop_acts
from beanscrow.policy.buy_back import buyback_acts
from beanscrow.policy.change_of_method import later_on_its_day
from beanscrow.policy.commitment import commitment_ends
from beanscrow.policy.conditional import unconditional_days
from beanscrow.policy.financing import accruals
from beanscrow.policy.foreign_claim import claim_month_ends
from beanscrow.policy.foreign_escrow import month_ends
from beanscrow.policy.lease import rent_days
from beanscrow.policy.measurement import legs_by_event
from beanscrow.policy.milestones import Release
from beanscrow.policy.order import EVENT, Act, acts_of
from beanscrow.policy.stake_life import settlements
from beanscrow.policy.stand_ready import (
    serving_acts,
)
from beanscrow.policy.terms_of_side import SideTerms


def ordered(
    agreement: Agreement, terms: SideTerms, releases: Mapping[str, Release]
) -> list[Act]:
    """Return a deal's facts in the order they act, each contract event before its legs."""
    later = later_on_its_day(agreement.facts, agreement.policies, terms.framework)
    acts = acts_of(agreement.facts, later)
    acts += serving_acts(agreement.facts, terms.through)
    acts += settlements(agreement.facts)
    acts += month_ends(agreement.facts, terms)
    acts += claim_month_ends(agreement, terms)
    acts += commitment_ends(agreement.facts)
    acts += unconditional_days(agreement.facts)
    if terms.side == "provider":
        acts += rent_days(agreement.facts, terms.through)
    if terms.financing is not None:
        acts += accruals(agreement.facts, terms.through)
    acts += backstop_acts(agreement.facts, terms.through)
    acts += buyback_acts(agreement.facts, terms.through)
    legs = [
        fact
        for fact in agreement.facts
        if isinstance(fact, Stake | Cash | Grant | Commitment)
    ]
    for event in legs_by_event(legs, releases):
        key = (event.date, EVENT, -(2**31), 0, event.label, "", Decimal(0), "")
        acts.append((key, event))
    acts.sort(key=lambda act: act[0])
    return acts


def unread_buybacks(agreement: Agreement) -> list[tuple[datetime.date, Position]]:
    """Return the days, and places, of buy-backs the reader refused."""
    return [
        (refused.date, refused.at)
        for refused in agreement.refused
        if refused.directive == "deal-buyback"
    ]


def promised(agreement: Agreement, currency: str) -> Callable[[str], bool]:
    """Return whether a commodity is credits of a grant, booked or refused, or a security.

    Where a grant was refused its commodity may be unknown; then whatever is not
    the books' money, or that of the overage, is taken for it.
    """
    granted = {f.credits.currency for f in agreement.facts if isinstance(f, Grant)}
    granted |= {f.units.currency for f in agreement.facts if isinstance(f, Stake | Warrant)}
    refused = any(it.directive == "deal-grant" for it in agreement.refused)
    price = agreement.deal.overage_price
    money = {currency, currency if price is None else price.currency}
    return lambda commodity: commodity in granted or (refused and commodity not in money)


def finest_credit(agreement: Agreement) -> int:
    """Return the decimals of the finest amount of credits the deal is written in."""
    commodities = {f.credits.currency for f in agreement.facts if isinstance(f, Grant)}
    finest, quantum = 0, Decimal(1)
    for fact in agreement.facts:
        if type(fact) is Usage:
            number, currency = fact.quantity
            if number.same_quantum(quantum) or currency not in commodities:
                continue
        elif isinstance(fact, Grant | Forfeit):
            number = fact.credits.number
        elif isinstance(fact, Estimate) and fact.remote is not None:
            number = fact.remote.number
        else:
            continue
        if places(number) > finest:
            finest = places(number)
            quantum = Decimal(1).scaleb(-finest)
    return finest
