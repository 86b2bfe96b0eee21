"""How the day the books have reached is found, where it may not be what is meant.

`books` says it with `through:`; without, it is the latest date of any directive of the
ledger's own text.  One line dated ahead then lets every credit lapse that ends before
it, and the breakage is revenue: so a line that does so alone is pointed at.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Sequence
from typing import Any

from beancount.core.data import Open
from dateutil.relativedelta import relativedelta

from beanscrow.checks.directives import Written
from beanscrow.checks.findings import position_of, problem
from beanscrow.checks.provenance import BOOKED_BY
from beanscrow.checks.tranche import Tranche
from beanscrow.checks.units import Units
from beanscrow.deal.problems import Position, Problem

# Books that are kept by the month or the quarter pass an expiry with one line as a rule.
_ORDINARY = relativedelta(months=3)
_LONG = relativedelta(years=1)


def odd_days(
    entries: Sequence[Any], written: Written, units: Units, main: str
) -> Iterator[Problem]:
    """Yield the finding that the books have come too far by one line, or nowhere.

    One line is too far where it is alone on the latest day and more than a year after
    every other line, or more than three months after and past the expiry of a tranche.

    Args:
      entries: In order of date, as Beancount leaves them.
      main: Name of the ledger's file.
    """
    books = written.books
    if books is None:
        return
    through = books.day("through")
    if through is None:
        yield from _carried_ahead(entries, units, main, books.at)
        return
    began = min((deal.date for deal in written.deals.values()), default=None)
    if began is not None and began > through:
        yield problem(
            books.at,
            "F649",
            f"books: through is {through}, before the first deal of {began}, so nothing is "
            "booked; write the last day these books have reached, or leave it out",
        )


def _carried_ahead(
    entries: Sequence[Any], units: Units, main: str, books: Position
) -> Iterator[Problem]:
    last = _latest(entries, main, books)
    if len(last) < 2 or last[0].date == last[1].date:
        return
    line, before = last[0], last[1].date
    lapsed = [
        tranche
        for tranche in units
        if line.date > before + _ORDINARY and _lapsed(tranche, before, line.date)
    ]
    if not lapsed and line.date <= before + _LONG:
        return
    named = ", ".join(f"{it.name} of deal {it.deal}" for it in lapsed)
    effect = f" and let {named} lapse" if lapsed else ""
    yield problem(
        position_of(line),
        "F652",
        f"this line alone carries the books from {before} to {line.date}{effect}; correct "
        "its date, or write `through:` on `books` with the last day they have reached",
    )


def _latest(entries: Sequence[Any], main: str, books: Position) -> list[Any]:
    """Return the two latest entries of the ledger's own text, the later one first.

    Accounts that were opened by the engine stand at the line of `books`.
    """
    found: list[Any] = []
    for entry in reversed(entries):
        name = str(entry.meta.get("filename"))
        ours = name == main or not name.startswith("<")
        opened = type(entry) is Open and position_of(entry) == books
        if ours and not opened and BOOKED_BY not in entry.meta:
            found.append(entry)
            if len(found) == 2:
                break
    return found


def _lapsed(tranche: Tranche, after: datetime.date, until: datetime.date) -> bool:
    """Return whether credits of a tranche lapse after one day and until another."""
    column = tranche.columns.get("Expired")
    lapsed = column is not None and column.balance() > 0
    return lapsed and bool(tranche.windows) and after < tranche.windows[-1].last <= until
