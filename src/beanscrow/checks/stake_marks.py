"""Prices of a stake that somebody has seen, and the valuations that answer them."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal

from beanscrow.checks.case import Case
from beanscrow.checks.exact import figure
from beanscrow.checks.findings import problem
from beanscrow.deal.problems import Problem
from beanscrow.deal.terms import (
    Agreement,
    Convert,
    Forfeit,
    Money,
    Reclassify,
    Sale,
    Stake,
    Valuation,
)

_NOT_ITS_OWN = ("ssp", "face")
_Deed = Stake | Sale | Convert | Valuation


def unmarked_prices(cases: Iterable[Case]) -> Iterator[Problem]:
    """Yield the deeds whose price the stake was not marked to.

    A sale, a conversion or a further purchase of a security held under the
    measurement alternative is itself an observable price of it (321-10-35-2), through
    whichever deal.  It says nothing new where the price is the last one known.

    Args:
      cases: Deals in which the ledger is the provider's.
    """
    deeds: list[tuple[_Deed, Case]] = []
    holders = list(cases)
    for case in holders:
        deeds += [(d, case) for d in case.facts(Stake)]
        deeds += [(d, case) for d in case.facts(Sale)]
        deeds += [(d, case) for d in case.facts(Convert)]
        deeds += [(d, case) for d in case.facts(Valuation)]
    marks = {(d.date, _valued(d, c)) for d, c in deeds if isinstance(d, Valuation)}
    first: dict[str, datetime.date] = {}
    known: dict[str, Money] = {}
    for deed, case in sorted(deeds, key=lambda pair: (pair[0].date, pair[0].at)):
        if isinstance(deed, Valuation):
            known[_valued(deed, case)] = deed.price
            continue
        commodity = deed.units.currency
        price, what = _price(deed, case)
        begins = (
            isinstance(deed, Stake) and first.setdefault(commodity, deed.date) == deed.date
        )
        unchanged = price is not None and price == known.get(commodity)
        if price is not None and isinstance(deed, Stake):
            known[commodity] = price
        if begins or unchanged or not _alternative(commodity, deed.date, case):
            continue
        if not any(_left(it.agreement, deed.date).get(commodity) for it in holders):
            continue  # a price of nothing
        if (deed.date, commodity) not in marks:
            at = f" at {figure(price.number)} {price.currency} a unit" if price else ""
            yield problem(
                deed.at,
                "F623",
                f"{what} of {commodity} on {deed.date}{at} is itself an observable price of "
                "the units held (321-10-35-2); write a deal-valuation on that day",
                case.id,
            )


def _valued(valuation: Valuation, case: Case) -> str:
    """Return the security valued: as the line says, else the only one held that evening."""
    return valuation.stake or _only_one(case.agreement, valuation.date)


def _only_one(agreement: Agreement, day: datetime.date) -> str:
    """Return the one security of which units are left at the end of a day, else nothing.

    A security agreed and still to come counts where nothing else does.
    """
    held = {commodity for commodity, units in _left(agreement, day).items() if units > 0}
    agreed = {fact.units.currency for fact in agreement.facts if isinstance(fact, Stake)}
    meant = held or agreed
    return meant.pop() if len(meant) == 1 else ""


def _left(agreement: Agreement, day: datetime.date) -> dict[str, Decimal]:
    """Return the units of each security that the directives leave at the end of a day."""
    left: dict[str, Decimal] = {}

    def moves(units: Money | None, sign: int, since: datetime.date) -> None:
        if units is not None and since <= day:
            before = left.get(units.currency, Decimal(0))
            left[units.currency] = before + sign * units.number

    for fact in agreement.facts:
        if isinstance(fact, Stake):
            moves(fact.units, 1, fact.date)
        elif isinstance(fact, Sale):
            moves(fact.units, -1, fact.date)
        elif isinstance(fact, Convert):
            moves(fact.units, -1, fact.date)
            moves(fact.into, 1, fact.date)
        elif isinstance(fact, Forfeit):
            moves(fact.shares_returned, -1, fact.date)
    return left


def _price(deed: Stake | Sale | Convert, case: Case) -> tuple[Money | None, str]:
    """Return the price a unit, None where it is not known, and what the deed is called."""
    if isinstance(deed, Convert):
        return None, "a conversion"
    if isinstance(deed, Sale):
        each, total, what = deed.price, deed.proceeds, "a sale"
    else:
        each, total, what = deed.fair_value, deed.fair_value_total, "a further purchase"
        source = deed.fair_value_source
        for policy in case.agreement.policies:
            if policy.stake == deed.units.currency and policy.fair_value_source:
                each, total = policy.fair_value, policy.fair_value_total
                source = policy.fair_value_source
        if source in _NOT_ITS_OWN:
            return None, what
    if each is None and total is not None and deed.units.number:
        each = Money(total.number / deed.units.number, total.currency)
    return each, what


def _alternative(commodity: str, day: datetime.date, case: Case) -> bool:
    """Return whether a stake is carried under the measurement alternative on a day."""
    if case.books.framework != "us-gaap":
        return False
    changes = [
        (change.date, change.sequence, change.method)
        for change in case.facts(Reclassify)
        if change.date <= day
        and (change.stake or _only_one(case.agreement, change.date)) == commodity
    ]
    if changes:
        return max(changes)[2] == "measurement-alternative"
    for about in (commodity, None):
        for policy in case.agreement.policies:
            if policy.method and policy.stake == about:
                return policy.method == "measurement-alternative"
    shares = ("preferred", "common")
    return any(
        stake.units.currency == commodity and stake.instrument in shares
        for stake in case.facts(Stake)
    ) or any(
        it.into.currency == commodity and it.instrument in shares
        for it in case.facts(Convert)
    )


def valued_apart(agreements: Mapping[str, Agreement]) -> Iterator[Problem]:
    """Yield the valuations of a security that another deal holds and does not value.

    One security held through two deals has one price a day.
    """
    held: dict[str, set[str]] = {}
    valued: dict[tuple[str, datetime.date], dict[str, Valuation]] = {}
    for name, agreement in agreements.items():
        stakes = {f.units.currency for f in agreement.facts if isinstance(f, Stake)}
        for commodity in stakes:
            held.setdefault(commodity, set()).add(name)
        for fact in agreement.facts:
            if isinstance(fact, Valuation):
                commodity = fact.stake or _only_one(agreement, fact.date)
                valued.setdefault((commodity, fact.date), {})[name] = fact
    for (commodity, day), by_deal in valued.items():
        holders = held.get(commodity, set())
        since = {
            f.deal
            for name in holders
            for f in agreements[name].facts
            if isinstance(f, Stake) and f.units.currency == commodity and f.date <= day
        }
        missing = sorted(since - by_deal.keys())
        if missing:
            name, valuation = min(by_deal.items())
            yield problem(
                valuation.at,
                "F626",
                f"{commodity} is valued on {day} in {name} and not in {', '.join(missing)}; "
                "one security has one price a day",
                name,
            )
