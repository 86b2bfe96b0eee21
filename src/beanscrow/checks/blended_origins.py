"""Revenue of blended credits, by what paid for them: shares, or money.

What money paid is no circular revenue, and has a line of its own.  The part of it is read
off the entries by which price came into a tranche: its contract event, and the blends.
"""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from typing import Any

from beancount.core.amount import Amount

from beanscrow.checks.accounts import UNITS
from beanscrow.checks.directives import Directive
from beanscrow.checks.exact import figure
from beanscrow.checks.findings import problem
from beanscrow.checks.purchases import coins
from beanscrow.checks.restated import Ledger
from beanscrow.deal.problems import Problem

_ZERO = Decimal(0)
_LINES = ("revenue-credits", "revenue-prepaid")
_SOLD = _LINES[1]
_LEGS = ("deal-stake", "deal-cash", "deal-grant")


def misattributed(ledger: Ledger, said: frozenset[tuple[str, int]]) -> Iterator[Problem]:
    """Yield the blended tranches whose revenue is not split by what paid for them.

    Revenue that money paid, to date, is revenue of credits drawn x the part of the price
    that money brought in, rounded once.

    Args:
      said: Positions of directives of which it was said that they are not booked.
    """
    written = ledger.written
    blends = [
        grant
        for grant in written.standing("deal-grant")
        if grant.text("modification") == "blend"
        and grant.at not in said
        and written.side(grant.deal) == "provider"
    ]
    inside = {control.deal for control in written.standing("deal-control")}
    for deal in sorted({grant.deal for grant in blends} - inside):
        if any(ledger.chart.stands_as(deal, role) != role for role in _LINES):
            continue  # one account for both: only their sum is known
        paid = _Paid(ledger, deal)
        if paid.mixed:
            continue
        for grant in blends:
            if grant.deal == deal:
                yield from _wrong(grant, paid, ledger)


def _wrong(grant: Directive, paid: _Paid, ledger: Ledger) -> Iterator[Problem]:
    name = grant.text("tranche")
    used = shown = _ZERO
    for day, (credits, sold) in sorted(paid.revenue[name].items()):
        used += credits + sold
        shown += sold
        wanted = coins(Fraction(used) * paid.part(name), ledger)
        if shown != wanted:
            yield problem(
                grant.at,
                "E638",
                f"{figure(shown)} of the revenue of {name} is shown as paid for in money on "
                f"{day}; what its credits were paid for with makes it {figure(wanted)}",
                grant.deal,
            )
            return


class _Paid:
    """What price came into each tranche of a deal, and the revenue of its draws.

    Attributes:
      revenue: By tranche and day: what shares paid for, and what money did.
      mixed: Whether an account holds the price of several tranches.
    """

    def __init__(self, ledger: Ledger, deal: str) -> None:
        self.revenue: dict[str, dict[datetime.date, tuple[Decimal, Decimal]]]
        self.revenue = defaultdict(dict)
        self.mixed = False
        self._price: dict[str, Decimal] = defaultdict(Decimal)
        self._money: dict[str, Decimal] = defaultdict(Decimal)
        self._ledger = ledger
        self._sold = {
            grant.text("tranche") or "T1"
            for grant in ledger.written.standing("deal-grant")
            if grant.deal == deal and _is_sold(grant)
        }
        entries = ledger.made_for(deal, datetime.date.max)
        for entry in sorted(entries, key=lambda it: it.date):
            self._read(entry)

    def part(self, tranche: str) -> Fraction:
        """Return the part of a tranche's price that money brought in."""
        price = self._price[tranche]
        return Fraction(self._money[tranche]) / Fraction(price) if price else Fraction(0)

    def _read(self, entry: Any) -> None:
        source = self._ledger.source(entry)
        tranche = str(entry.meta.get("tranche") or "")
        owed: dict[str, Decimal] = defaultdict(Decimal)
        revenue = dict.fromkeys(_LINES, _ZERO)
        into = ""
        for posting in entry.postings:
            place, number = self._ledger.chart(posting.account), posting.units.number
            if place is None:
                continue
            if place.role == "contract-liability":
                owed[place.tranche] -= number
                self.mixed |= not place.tranche
            elif place.role in revenue:
                revenue[place.role] -= number
            elif place.role == UNITS and place.leaf == "Moved" and place.tranche != tranche:
                into = place.tranche
        if into:
            self._blend(tranche, into, -owed[tranche])
        elif tranche:
            before = self.revenue[tranche].get(entry.date, (_ZERO, _ZERO))
            credits, sold = (revenue[role] for role in _LINES)
            self.revenue[tranche][entry.date] = before[0] + credits, before[1] + sold
        elif source is not None and source.name in _LEGS and entry.date == source.event:
            for name, price in owed.items():
                self._price[name] += price
                self._money[name] += price if name in self._sold else _ZERO

    def _blend(self, old: str, into: str, price: Decimal) -> None:
        """Let what is left of one tranche's price come into another."""
        gone = Fraction(self._price[old] - price) * self.part(old)
        money = self._money[old] - coins(gone, self._ledger)
        self._price[into] += price
        self._money[into] += money


def _is_sold(grant: Directive) -> bool:
    price = grant.entry.meta.get("price")
    opening = grant.entry.meta.get("opening") is True
    return isinstance(price, Amount) and not opening
