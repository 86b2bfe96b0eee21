"""Ring-fenced cash in another currency stands at the newest rate, reckoned again by day.

It is a monetary item (830-10-45-17; IAS 21.23): on each day it moves, and on each month
end, what is left of it in its own currency is worth that times the newest `price`.  What
has left is read off the credits; what it was carried at before, off the entries.
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

from beanscrow.checks.accounts import FX, UNITS
from beanscrow.checks.directives import Directive
from beanscrow.checks.exact import figure
from beanscrow.checks.findings import problem
from beanscrow.checks.provenance import BOOKED_BY
from beanscrow.checks.purchases import coins
from beanscrow.checks.rates import Rates, newest
from beanscrow.checks.restated import Ledger
from beanscrow.deal.problems import Problem
from beanscrow.money import from_quanta, places, round_to_quanta
from beanscrow.periods import periods

_ZERO = Decimal(0)
_GONE = ("Drawn", "Expired", "Forfeited")
_LEAST_DECIMALS = 2


class _Day(NamedTuple):
    """What the entries of one day do to the ring-fenced cash of a tranche.

    Attributes:
      moved: Put in, negative for what left, in money of the books.
      remeasured: By a change of rate.
      gone: Credits that left, negative for what came back.
      touched: Whether any entry of the day moves the cash or takes credits out of it; one
        that only estimates anew what of them is used is no reason to look at the rate.
    """

    moved: Decimal = _ZERO
    remeasured: Decimal = _ZERO
    gone: Decimal = _ZERO
    touched: bool = False


def misremeasured(ledger: Ledger, said: frozenset[tuple[str, int]]) -> Iterator[Problem]:
    """Yield the escrows that are not carried at the newest rate when they should be.

    Args:
      said: Positions of directives of which it was said that they are not booked.
    """
    written = ledger.written
    functional = written.books.text("currency") if written.books else ""
    for grant in written.standing("deal-grant"):
        escrow = grant.entry.meta.get("escrow")
        if not isinstance(escrow, Amount) or escrow.currency in ("", functional):
            continue
        if grant.at in said or written.side(grant.deal) != "provider":
            continue
        yield from _examined(grant, ledger.rates(escrow.currency), ledger)


def _examined(grant: Directive, rates: Rates, ledger: Ledger) -> Iterator[Problem]:
    days = _booked(grant, ledger)
    granted = grant.amount(1)
    if granted is None or not granted.number or grant.date not in days:
        return
    reached = ledger.reached()
    ends = {
        month.last
        for month in periods(grant.date, min(reached, _last(rates, days)), "month")
    }
    carried = gone = _ZERO
    rate: Decimal | None = None
    moving = {day for day, booked in days.items() if booked.touched}
    for day in sorted({*moving, *(end for end in ends if end <= reached)}):
        booked = days.get(day, _Day())
        current = newest(rates, day)
        wanted = _ZERO
        if rate is not None and current != rate and current is not None:
            left = _left(grant, granted.number, gone, day, ledger)
            wanted = coins(Fraction(left) * Fraction(current), ledger) - carried
        rate = current
        if booked.remeasured != wanted:
            yield problem(
                grant.at,
                "E627",
                f"{figure(booked.remeasured)} is booked on {day} as the change of the escrow "
                f"of {grant.text('tranche') or 'T1'} by a new rate; the prices make it "
                f"{figure(wanted)}",
                grant.deal,
            )
            return
        carried += booked.remeasured + booked.moved
        gone += booked.gone


def _last(rates: Rates, days: dict[datetime.date, _Day]) -> datetime.date:
    """Return the last day on which anything can still change."""
    latest = max(days)
    return max(latest, rates[-1][0]) if rates else latest


def _left(
    grant: Directive, granted: Decimal, gone: Decimal, day: datetime.date, ledger: Ledger
) -> Decimal:
    """Return what is ring-fenced before a day, in its own currency."""
    escrow = grant.entry.meta["escrow"]
    scale = max(_LEAST_DECIMALS, places(escrow.number))
    agreed = [
        amend.entry.meta["escrow"]
        for amend in sorted(ledger.written.standing("deal-amend"), key=lambda d: d.date)
        if amend.deal == grant.deal
        and (amend.text("tranche"), "escrow" in amend.entry.meta)
        == (grant.text("tranche") or "T1", True)
        and amend.date < day
    ]
    whole = Fraction((agreed[-1] if agreed else escrow).number)
    released = whole * Fraction(gone) / Fraction(granted)
    return from_quanta(
        round_to_quanta(whole, scale) - round_to_quanta(released, scale), scale
    )


def _booked(grant: Directive, ledger: Ledger) -> dict[datetime.date, _Day]:
    key = grant.deal, grant.text("tranche") or "T1"
    days: dict[datetime.date, _Day] = defaultdict(_Day)
    for entry in ledger.entries:
        if not isinstance(entry, Transaction) or BOOKED_BY not in entry.meta:
            continue
        if (entry.meta.get("deal"), entry.meta.get("tranche")) == key:
            days[entry.date] = _with(days[entry.date], entry, ledger)
    return days


def _with(day: _Day, entry: Any, ledger: Ledger) -> _Day:
    moved = gone = _ZERO
    by_rate = False
    touched = day.touched
    for posting in entry.postings:
        place = ledger.chart(posting.account)
        number = posting.units.number if posting.units is not None else None
        if place is None or not isinstance(number, Decimal):
            continue
        if place.role == "escrow-cash":
            moved += number
            touched = True
        elif place.role == FX:
            by_rate = True
        elif place.role == UNITS and place.leaf in _GONE:
            gone -= number
            touched = True
    if by_rate:
        return day._replace(remeasured=day.remeasured + moved, touched=touched)
    return day._replace(moved=day.moved + moved, gone=day.gone + gone, touched=touched)
