"""What is owed in another currency stands at the newest rate, reckoned again by day.

Each bill, credit note and payment is worth what was written times the newest `price` of
its day.  What is owed is a monetary item (830-20-35-1; IAS 21.23(a)): on each day it
moves, and on each month end, what was written so far is worth that times the newest rate,
and once nothing is owed nothing may be carried.
"""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from typing import Any, NamedTuple

from beancount.core.data import Transaction

from beanscrow.checks.accounts import FX
from beanscrow.checks.commitments import shortfalls
from beanscrow.checks.directives import Directive
from beanscrow.checks.exact import figure
from beanscrow.checks.findings import position_of, problem
from beanscrow.checks.foreign_bills import Bill, bills_by_deal
from beanscrow.checks.provenance import BOOKED_BY
from beanscrow.checks.purchases import coins
from beanscrow.checks.rates import Rates, newest
from beanscrow.checks.restated import Ledger
from beanscrow.deal.problems import Problem
from beanscrow.periods import periods

_ZERO = Decimal(0)
_OWED = ("receivable", "payable")
# Promises end after everything else that moves what is owed.
_END = 4


class _Booked(NamedTuple):
    """What the entries have of what is owed, positive where the startup owes it.

    Attributes:
      moved: By position of the directive, without changes of rate.
      remeasured: By changes of rate, by deal and day.
    """

    moved: dict[tuple[str, int], Decimal]
    remeasured: dict[tuple[str, datetime.date], Decimal]


def misclaimed(ledger: Ledger, said: frozenset[tuple[str, int]]) -> Iterator[Problem]:
    """Yield what is owed in another currency and does not follow from its rates.

    Args:
      said: Positions of directives of which it was said that they are not booked.
    """
    billed = bills_by_deal(ledger, said)
    books = ledger.written.books
    home = books.text("currency") if books else ""
    for promise, day, short in shortfalls(ledger, said):
        amount = promise.amount(1)
        if amount is not None and amount.currency != home:
            turn = _END, _ZERO, promise.text("commitment") or "C1", "", Fraction(0)
            bill = Bill(promise, day, turn, short, amount.currency)
            billed.setdefault(promise.deal, []).append(bill)
    if not billed:
        return
    booked = _sums(ledger, frozenset(billed))
    for deal, bills in billed.items():
        by_currency: dict[str, list[Bill]] = defaultdict(list)
        for bill in bills:
            by_currency[bill.currency].append(bill)
        yield from _misbilled(bills, booked, ledger)
        yield from _misremeasured(deal, by_currency, booked, ledger)


def settled_by_hand(ledger: Ledger) -> Iterator[Problem]:
    """Yield the entries written by hand on accounts of what is owed in another currency.

    The engine does not see them, and goes on remeasuring what they have settled.
    """
    billed = bills_by_deal(ledger, frozenset())
    for entry in ledger.entries if billed else ():
        if not isinstance(entry, Transaction) or BOOKED_BY in entry.meta:
            continue
        places = [ledger.chart(posting.account) for posting in entry.postings]
        deals = {it.deal for it in places if it is not None and it.role in _OWED}
        for deal in sorted(deals & billed.keys()):
            owed = sorted({bill.currency for bill in billed[deal]})
            yield problem(
                position_of(entry),
                "F648",
                f'"{entry.narration}" moves what is owed by hand; it is owed in '
                f"{', '.join(owed)}, and goes on being remeasured as if it were not settled",
                deal,
            )


def _misbilled(bills: list[Bill], booked: _Booked, ledger: Ledger) -> Iterator[Problem]:
    """Yield the directives not booked at the rate of their day."""
    wanted: dict[tuple[str, int], Decimal] = defaultdict(Decimal)
    sources: dict[tuple[str, int], Directive] = {}
    for bill in bills:
        rates = ledger.rates(bill.currency)
        wanted[bill.source.at] += _worth(bill.amount, _newest(rates, bill.date), ledger)
        sources[bill.source.at] = bill.source
    for at, source in sources.items():
        if booked.moved[at] != wanted[at]:
            yield problem(
                source.at,
                "E629",
                f"this {source.name} changes what is owed by {figure(booked.moved[at])}; at "
                f"the rate of its day it is {figure(wanted[at])}",
                source.deal,
            )


def _misremeasured(
    deal: str, bills: dict[str, list[Bill]], booked: _Booked, ledger: Ledger
) -> Iterator[Problem]:
    """Yield the first day on which what a deal is owed is not brought to its rate."""
    wanted: dict[datetime.date, Decimal] = defaultdict(Decimal)
    for currency, of_it in bills.items():
        for day, change in _changes(of_it, ledger.rates(currency), ledger):
            wanted[day] += change
    for day in sorted(wanted):
        found = booked.remeasured.get((deal, day), _ZERO)
        if found != wanted[day]:
            first = min((b for of_it in bills.values() for b in of_it), key=_turn)
            yield problem(
                first.source.at,
                "E629",
                f"{figure(found)} is booked on {day} as the change of what is owed in "
                f"{', '.join(sorted(bills))} by a new rate; the prices make it "
                f"{figure(wanted[day])}",
                deal,
            )
            return


def _changes(
    bills: list[Bill], rates: Rates, ledger: Ledger
) -> Iterator[tuple[datetime.date, Decimal]]:
    """Yield what each day should change by its rate, cents of rounding included."""
    by_day: dict[datetime.date, list[Bill]] = defaultdict(list)
    for bill in bills:
        if bill.amount:
            by_day[bill.date].append(bill)
    if not by_day or not rates:
        return
    last = min(ledger.reached(), max(max(by_day), rates[-1][0]))
    # The month that holds the last change ends after it.
    ends = {month.last for month in periods(min(by_day), last, "month")}
    owed, carried = Fraction(0), _ZERO
    rate: Decimal | None = None
    for day in sorted({*by_day, *(end for end in ends if end <= ledger.reached())}):
        current, change = _newest(rates, day), _ZERO
        if rate is not None and current != rate:
            change = _worth(owed, current, ledger) - carried
            carried += change
        rate = current
        for bill in sorted(by_day.get(day, ()), key=_turn):
            owed += bill.amount
            carried += _worth(bill.amount, current, ledger)
            if not owed:
                change -= carried
                carried = _ZERO
        yield day, change


def _turn(bill: Bill) -> tuple[Any, ...]:
    return bill.date, bill.turn


def _worth(amount: Fraction, rate: Decimal, ledger: Ledger) -> Decimal:
    return coins(amount * Fraction(rate), ledger)


def _newest(rates: Rates, day: datetime.date) -> Decimal:
    return newest(rates, day) or _ZERO


def _sums(ledger: Ledger, deals: frozenset[str]) -> _Booked:
    booked = _Booked(defaultdict(Decimal), defaultdict(Decimal))
    for entry in ledger.entries:
        if not isinstance(entry, Transaction) or BOOKED_BY not in entry.meta:
            continue
        source = ledger.source(entry)
        if source is None or source.deal not in deals:
            continue
        owed, by_rate = owed_by(entry, ledger)
        if by_rate:
            booked.remeasured[source.deal, entry.date] += owed
        else:
            booked.moved[source.at] += owed
    return booked


def owed_by(entry: Any, ledger: Ledger) -> tuple[Decimal, bool]:
    """Return what an entry adds to what the startup owes, and whether by a change of rate."""
    owed, by_rate = _ZERO, False
    for posting in entry.postings:
        place = ledger.chart(posting.account)
        number = posting.units.number if posting.units is not None else None
        if place is None or not isinstance(number, Decimal):
            continue
        if place.role in _OWED:
            owed += number if place.side == "provider" else -number
        by_rate = by_rate or place.role == FX
    return owed, by_rate
