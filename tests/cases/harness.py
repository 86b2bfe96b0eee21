"""What the ledgers of these cases have in common: load, sum by day and account."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from datetime import date
from decimal import Context, Decimal, Inexact
from typing import Any

from beancount.core.data import Transaction

EXACT = Context(prec=100, traps=[Inexact])

Sums = dict[tuple[date, str, str], Decimal]


def transactions(entries: Iterable[Any]) -> list[Transaction]:
    """Return the transactions among the entries, in their order."""
    return [entry for entry in entries if isinstance(entry, Transaction)]


def generated(entries: Iterable[Any]) -> list[Transaction]:
    """Return the transactions that the plugins booked."""
    return [entry for entry in transactions(entries) if "booked-by" in entry.meta]


def value(posting: Any) -> tuple[Decimal, str]:
    """Return what a posting weighs: units at cost where it has one, else its units."""
    units, cost = posting.units, posting.cost
    if cost is None:
        return units.number, units.currency
    return EXACT.multiply(units.number, cost.number), cost.currency


def by_day(
    entries: Iterable[Any], name: Callable[[str], str | None] = lambda account: account
) -> Sums:
    """Return what each day adds to each account, at cost, without what adds nothing.

    Args:
      entries: Directives; the transactions among them count.
      name: The name to add an account up under, or None to leave it out.
    Returns:
      Sums by (date, name, currency), none of them zero.
    """
    sums: Sums = defaultdict(Decimal)
    for entry in transactions(entries):
        for posting in entry.postings:
            if (under := name(posting.account)) is None:
                continue
            number, currency = value(posting)
            key = entry.date, under, currency
            sums[key] = EXACT.add(sums[key], number)
    return {key: number for key, number in sums.items() if number}


def unbalanced(entries: Iterable[Any]) -> list[str]:
    """Return the transactions that are not zero to the last digit in every commodity."""
    found = []
    for entry in transactions(entries):
        left: dict[str, Decimal] = defaultdict(Decimal)
        for posting in entry.postings:
            number, currency = value(posting)
            left[currency] = EXACT.add(left[currency], number)
        if any(left.values()):
            found.append(f"{entry.date} {entry.narration}: {dict(left)}")
    return found


def table(sums: Sums) -> str:
    """Return sums as text, a line each, for a reader of a failed test."""
    return "\n".join(
        f"{day} {account:<60} {number.normalize(EXACT):>18,f} {currency}"
        for (day, account, currency), number in sorted(sums.items())
    )
