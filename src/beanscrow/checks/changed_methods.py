"""Stakes whose method changes at a fair value: they stand at it that evening."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction

from beancount.core.amount import Amount

from beanscrow.checks.directives import Directive
from beanscrow.checks.exact import figure
from beanscrow.checks.findings import problem
from beanscrow.checks.purchases import coins
from beanscrow.checks.restated import Ledger
from beanscrow.deal.problems import Problem

_MOVING = ("deal-valuation", "deal-sale", "deal-convert", "deal-forfeit", "deal-control")


def not_at_fair_value(ledger: Ledger) -> Iterator[Problem]:
    """Yield the changes of method whose stake is not carried at the fair value stated."""
    for change in ledger.written.standing("deal-reclassify"):
        price = change.entry.meta.get("fair-value")
        if not isinstance(price, Amount) or price.number is None or not change.booked:
            continue
        others = _others(change, ledger)
        if {"deal-valuation", "deal-convert", "deal-control"} & {*others}:
            continue  # they bring in another price
        coin = Fraction(1, 10**ledger.scale) * len(others)
        for commodity, (units, carrying) in _standing(change, ledger).items():
            if change.text("stake") not in ("", commodity) or not units:
                continue
            worth = coins(Fraction(price.number) * Fraction(units), ledger)
            if abs(carrying - Fraction(worth)) > coin:
                yield problem(
                    change.at,
                    "E632",
                    f"{figure(units)} {commodity} stand at {figure(coins(carrying, ledger))} "
                    f"on {change.date}; at {figure(price.number)} a unit they are worth "
                    f"{figure(worth)}",
                    change.deal,
                )


def _others(change: Directive, ledger: Ledger) -> list[str]:
    """Return what else of that day may move the stake after its method has changed."""
    return [
        name
        for name in _MOVING
        for other in ledger.written.standing(name)
        if (other.deal, other.date) == (change.deal, change.date)
    ]


def _standing(change: Directive, ledger: Ledger) -> dict[str, tuple[Decimal, Fraction]]:
    """Return units and carrying amount of each security of a deal, as booked that evening."""
    units: dict[str, Decimal] = defaultdict(Decimal)
    carrying: dict[str, Fraction] = defaultdict(Fraction)
    for entry in ledger.made_for(change.deal, change.date):
        for posting in entry.postings:
            if posting.cost is not None:
                held = posting.units.currency
                units[held] += posting.units.number
                carrying[held] += Fraction(posting.units.number) * Fraction(
                    posting.cost.number
                )
    return {held: (units[held], carrying[held]) for held in units}
