"""Backstops: capacity and guarantees as their directives make them, by the days passed.

What is paid for capacity is its fair value at most, and the rest stands against revenue
(606-10-32-25, 606-10-32-26); a guarantee is a liability released by its days
(460-10-35-2), and stands against the revenue of the purchases it was given for.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

from beanscrow.checks.directives import Directive
from beanscrow.checks.elapsed import elapsed
from beanscrow.checks.exact import figure, number_of
from beanscrow.checks.findings import problem
from beanscrow.checks.posted import posted_by_source
from beanscrow.checks.purchases import bought_by_deal, coins, spent_in
from beanscrow.checks.restated import Ledger
from beanscrow.deal.problems import Problem

_ZERO = Decimal(0)
_NAMES = frozenset({"deal-backstop", "deal-backstop-call"})
_WAITING = ("capacity-prepaid", "capacity-deferred")
_USED = ("capacity-cost", "capacity-revenue")


class _Told(NamedTuple):
    """What the entries of one directive must come to, by what it is called."""

    what: str
    booked: Decimal
    wanted: Decimal


def misbacked(ledger: Ledger, said: frozenset[tuple[str, int]]) -> Iterator[Problem]:
    """Yield the backstops, and calls of them, that are not booked as written.

    Args:
      said: Positions of directives of which it was said that they are not booked.
    """
    last = ledger.reached()
    found = [
        it
        for name in sorted(_NAMES)
        for it in ledger.written.standing(name)
        if it.at not in said and it.date <= last
    ]
    if not found:
        return
    booked = posted_by_source(ledger, _NAMES)
    for directive in found:
        sums = booked[directive.at]
        call = directive.name == "deal-backstop-call"
        told = (
            _called(directive, sums, ledger, last)
            if call
            else _guaranteed(directive, sums, ledger, last)
        )
        for what, has, wanted in told:
            if has != wanted:
                yield problem(
                    directive.at,
                    "E642" if call else "E644",
                    f"{figure(has)} is booked as {what}; the directive makes it "
                    f"{figure(wanted)}",
                    directive.deal,
                )


def _called(
    call: Directive, sums: dict[str, Decimal], ledger: Ledger, last: datetime.date
) -> Iterator[_Told]:
    """Yield the cash, the capacity, and what of it is used by its days."""
    paid, fair = number_of(call.amount(1)), number_of(call.entry.meta.get("fair-value"))
    worth = min(paid, fair)
    yield _Told("cash", abs(sums["cash"]), coins(paid, ledger))
    used = sum((abs(sums[role]) for role in _USED), _ZERO)
    waiting = sum((abs(sums[role]) for role in _WAITING), _ZERO)
    yield _Told("capacity", used + waiting, coins(worth, ledger))
    first, end = call.day("from") or call.date, call.day("to")
    due = coins(worth, ledger)
    if end is not None and end > call.date:
        due = elapsed(worth, (first, end), call.date, last, ledger.scale)
    yield _Told("capacity used", used, due)


def _guaranteed(
    backstop: Directive, sums: dict[str, Decimal], ledger: Ledger, last: datetime.date
) -> Iterator[_Told]:
    """Yield what is still at risk, and what of it stands against revenue."""
    worth, meta = number_of(backstop.entry.meta.get("fair-value")), backstop.entry.meta
    vendor = ledger.written.side(backstop.deal) == "provider"
    first, end = backstop.day("from") or backstop.date, backstop.day("to")
    if not vendor or not worth or end is None:
        return
    whole = coins(worth, ledger)
    passed = elapsed(worth, (first, end), backstop.date, last, ledger.scale)
    yield _Told("a guarantee", -sums["guarantee-liability"], whole - passed)
    given_for, part = number_of(meta.get("purchases")), Fraction(1)
    if given_for and last < end:
        bought = bought_by_deal(ledger)[backstop.deal]
        currency = meta["purchases"].currency
        spent = spent_in(bought, currency, backstop.date, last)
        part = max(Fraction(0), min(spent, given_for)) / given_for
    wanted = coins(worth * part, ledger)
    yield _Told("what a guarantee takes of revenue", sums["contra-consideration"], wanted)
