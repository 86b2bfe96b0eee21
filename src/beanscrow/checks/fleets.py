"""Fleets of chips reckoned again: what is written off them by the day the books reach.

The straight line is drawn anew from the directives, in exact fractions and from one
change to the next, where the policy goes month by month.
"""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from typing import Any, NamedTuple

from beancount.core.amount import Amount
from beancount.core.data import Transaction

from beanscrow.checks.directives import Directive
from beanscrow.checks.exact import figure
from beanscrow.checks.findings import problem
from beanscrow.checks.provenance import BOOKED_BY
from beanscrow.checks.restated import Ledger
from beanscrow.deal.problems import Problem
from beanscrow.money import round_to_quanta
from beanscrow.periods import month_end

_ZERO = Decimal(0)
_LIFE = Decimal(5)


class _Line(NamedTuple):
    """A straight line: from `worth` down to the residual over `months`, since `start`."""

    worth: int
    start: Fraction
    months: Fraction

    def at(self, months: Fraction, residual: int) -> int:
        """Return what is left of the worth after some months in service."""
        part = min(Fraction(1), (months - self.start) / self.months)
        falls = max(0, self.worth - residual) * part
        return self.worth - round_to_quanta(falls, 0)


def misdepreciated(ledger: Ledger, said: frozenset[tuple[str, int]]) -> Iterator[Problem]:
    """Yield the fleets that are booked at another amount than their directives make.

    Args:
      said: Positions of directives of which it was said that they are not booked.
    """
    fleets = [it for it in ledger.written.standing("fleet") if it.at not in said]
    side = ledger.written.books.text("role") if ledger.written.books else ""
    if not fleets or side == "startup":
        return
    booked = _sums(ledger)
    last = ledger.reached()
    for fleet in fleets:
        name, cost = fleet.deal, fleet.amount(1)
        if cost is None or cost.number is None or fleet.date > last:
            continue
        carried = _carried(fleet, ledger, last)
        for what, found, wanted in (
            ("at cost", booked[name, "cost"], cost.number),
            ("carried", booked[name, "carried"], carried),
        ):
            if found != wanted:
                yield problem(
                    fleet.at,
                    "E625",
                    f"fleet {name} is {what} at {figure(found)} on {last}; its "
                    f"directives make it {figure(wanted)}",
                )


def _carried(fleet: Directive, ledger: Ledger, last: datetime.date) -> Decimal:
    """Return what a fleet is carried at on a day, a year's depreciation booked or not."""
    books = ledger.written.books
    ifrs = books is not None and books.text("framework") == "ifrs"
    cost, residual = (_quanta(fleet, key, ledger) for key in ("", "residual"))
    since = fleet.day("in-service") or fleet.date
    life = Fraction(_number(fleet.entry.meta.get("life-years"), _LIFE)) * 12
    own = full = _Line(cost, Fraction(0), life)
    written = sorted(
        (
            it
            for name in ("fleet-life", "fleet-impairment")
            for it in ledger.written.standing(name)
            if it.deal == fleet.deal and it.date <= last
        ),
        key=_turn,
    )
    reached = flushed(ledger, last)
    for change in written:
        begun = Fraction(_months(since, change.date))
        if change.name == "fleet-life":
            total = Fraction(_number(change.entry.values[1].value, _LIFE)) * 12
            left = max(Fraction(1), total - begun)
            own = _Line(own.at(begun, residual), begun, left)
            full = _Line(full.at(begun, residual), begun, left)
            continue
        ended = Fraction(_ended(since, change.date))
        before = own.at(ended, residual)
        worth = _quanta(change, "", ledger)
        if ifrs:
            worth = min(worth, max(before, full.at(ended, residual)))
        elif _quanta(change, "undiscounted", ledger) >= before:
            worth = before
        if worth != before and (ifrs or worth < before):
            left = max(Fraction(1), own.start + own.months - ended)
            own = _Line(worth, ended, left)
            reached = max(reached, change.date)
    at_last = own.at(max(own.start, Fraction(_ended(since, reached))), residual)
    return Decimal(at_last).scaleb(-ledger.scale)


def _turn(change: Directive) -> tuple[datetime.date, bool, Decimal]:
    """Return the order of changes: by day, lives first, the larger figure first."""
    value = change.entry.values[1].value if len(change.entry.values) > 1 else None
    number = value.number if isinstance(value, Amount) else value
    size = number if isinstance(number, Decimal) else _ZERO
    return change.date, change.name == "fleet-impairment", -size


def flushed(ledger: Ledger, last: datetime.date) -> datetime.date:
    """Return the last day on or before `last` on which depreciation is booked."""
    books = ledger.written.books
    if books is None or books.text("depreciation-period") != "year":
        return last
    day = datetime.date(last.year, 12, 31)
    return day if day <= last else datetime.date(last.year - 1, 12, 31)


def _months(since: datetime.date, day: datetime.date) -> int:
    """Return the months in service before the month of a day."""
    return max(0, (day.year - since.year) * 12 + day.month - since.month)


def _ended(since: datetime.date, day: datetime.date) -> int:
    """Return the months in service that have ended by a day, inclusive."""
    if day < since:
        return 0
    return _months(since, day) + (day == month_end(day))


def _quanta(directive: Directive, key: str, ledger: Ledger) -> int:
    value = directive.entry.meta.get(key) if key else directive.amount(1)
    number = value.number if isinstance(value, Amount) else None
    return round_to_quanta(Fraction(number or 0), ledger.scale)


def _number(value: Any, otherwise: Decimal) -> Decimal:
    return value if isinstance(value, Decimal) else otherwise


def _sums(ledger: Ledger) -> dict[tuple[str, str], Decimal]:
    """Return what each fleet stands at: its cost, and cost less what is written off."""
    booked: dict[tuple[str, str], Decimal] = defaultdict(lambda: _ZERO)
    for entry in ledger.entries:
        if not isinstance(entry, Transaction) or BOOKED_BY not in entry.meta:
            continue
        source = ledger.source(entry)
        if source is None or not source.name.startswith("fleet"):
            continue
        # Bought: the debit is the cost.  Written off: the debit is an expense.
        amounts = [p.units.number for p in entry.postings if p.units is not None]
        debit = sum((n for n in amounts[:1] if isinstance(n, Decimal)), _ZERO)
        if _buys(entry, source):
            booked[source.deal, "cost"] += debit
            booked[source.deal, "carried"] += debit
        else:
            booked[source.deal, "carried"] -= debit
    return booked


def _buys(entry: Any, source: Directive) -> bool:
    return source.name == "fleet" and entry.narration == "Bought"
