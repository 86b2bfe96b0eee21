"""Interest on compute paid for in advance, reckoned again pile by pile.

Units due at one end of a month are a pile.  Each pile is worth what was received for it,
grown by interest until it is due; a delivery takes from the pile due first, and what is
left of all piles is the liability (606-10-32-15; IFRS 15.60).
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
from dateutil.relativedelta import relativedelta

from beanscrow.checks.accounts import INTEREST, UNITS
from beanscrow.checks.directives import Directive, Written
from beanscrow.checks.exact import figure
from beanscrow.checks.findings import problem
from beanscrow.checks.promised import term_of
from beanscrow.checks.provenance import BOOKED_BY
from beanscrow.checks.purchases import coins
from beanscrow.checks.restated import Ledger
from beanscrow.deal.problems import Problem
from beanscrow.periods import DAY, month_end

_ZERO = Decimal(0)
_OWED = ("contract-liability", "prepaid")
_RAMP = "ramp-"

Due = dict[datetime.date, Fraction]


class _Step(NamedTuple):
    """A change of what is delivered or given up; of a day, interest comes before it."""

    date: datetime.date
    turn: int
    delivered: Fraction
    given_up: Fraction


class _Booked(NamedTuple):
    """What was booked of one tranche or promise, as the account has it: owed is positive."""

    received: Decimal
    interest: Decimal
    owed: Decimal
    steps: list[_Step]
    lapsed: bool


def misaccrued(ledger: Ledger, said: frozenset[tuple[str, int]]) -> Iterator[Problem]:
    """Yield the legs whose interest, or what is owed of them, is not what it accrues to.

    Args:
      said: Positions of directives of which it was said that they are not booked.
    """
    written = ledger.written
    legs = [
        leg
        for name in ("deal-grant", "deal-commitment")
        for leg in written.standing(name)
        if leg.at not in said and is_financed(leg, written)
    ]
    if (
        not legs
        and not ledger.chart.ever(INTEREST[0])
        and not ledger.chart.ever(INTEREST[1])
    ):
        return
    watched: dict[str, list[Any]] = defaultdict(list)
    for entry in ledger.entries:
        if isinstance(entry, Transaction) and BOOKED_BY in entry.meta:
            watched[str(entry.meta.get("deal"))].append(entry)
    for leg in legs:
        booked = _booked(leg, watched[leg.deal], ledger)
        if booked.received <= 0:
            continue
        interest, owed = _reckoned(leg, booked, ledger)
        for what, found, wanted in (
            ("interest", booked.interest, interest),
            ("owed for what was received", booked.owed, owed),
        ):
            if found != wanted:
                yield problem(
                    leg.at,
                    "E635",
                    f"{figure(found)} of {name_of(leg)} is booked as {what}; the plan of its "
                    f"deliveries makes it {figure(wanted)}",
                    leg.deal,
                )


def is_financed(leg: Directive, written: Written) -> bool:
    """Return whether interest is computed on a leg: elected, and due after a year."""
    if (
        written.elected(leg.deal, "sfc", "auto") != "force"
        or _rate(leg.deal, written) is None
    ):
        return False
    due = due_of(leg)
    return bool(due) and max(due) > leg.event + relativedelta(years=1)


def due_of(leg: Directive) -> Due:
    """Return the units a leg makes due at which ends of months, none where nothing fixes it."""
    amount = leg.amount(1)
    if amount is None or amount.number is None:
        return {}
    whole, due = Fraction(amount.number), Due()
    last = leg.day("to" if leg.name == "deal-commitment" else "expires")
    if leg.name == "deal-grant" and {"price", "opening"} & set(leg.entry.meta):
        return {}
    if leg.text("delivery") == "stand-ready" and last is not None:
        day = first = max(leg.day("effective") or leg.date, leg.date)
        while day <= last:
            end = min(month_end(day), last)
            days = Fraction((end - day).days + 1, (last - first).days + 1)
            due[month_end(day)] = whole * days
            day = end + DAY
        return due
    ramp = {
        key[len(_RAMP) :]: value.number
        for key, value in leg.entry.meta.items()
        if key.startswith(_RAMP) and isinstance(value, Amount) and value.number is not None
    }
    before = Fraction(0)
    for month, number in sorted(ramp.items()):
        year, _, of_year = month.partition("-")
        due[month_end(datetime.date(int(year), int(of_year), 1))] = (
            Fraction(number) - before
        )
        before = Fraction(number)
    if ramp and before < whole and last is not None:
        end = max(month_end(last), *due)
        due[end] = due.get(end, Fraction(0)) + whole - before
    return due


def _rate(deal: str, written: Written) -> Decimal | None:
    sources = [*written.policies.get(deal, ())]
    if written.books is not None:
        sources.append(written.books)
    rates = [it.entry.meta.get("sfc-rate") for it in sources]
    return next((rate for rate in rates if isinstance(rate, Decimal)), None)


def name_of(leg: Directive) -> str:
    """Return the tranche or commitment a leg stands for."""
    if leg.name == "deal-commitment":
        return leg.text("commitment") or "C1"
    return leg.text("tranche") or "T1"


# -- what was booked ---------------------------------------------------------------------


def _booked(leg: Directive, entries: list[Any], ledger: Ledger) -> _Booked:
    received = interest = owed = _ZERO
    steps: list[_Step] = []
    lapsed = False
    name = name_of(leg)
    for entry in entries:
        source = ledger.source(entry)
        if source is None:
            continue
        money, drawn, forfeited, expired, accrues = _moved(entry, name, ledger)
        lapsed = lapsed or expired
        owed += money
        if accrues:
            interest += money
        elif source.name in ("deal-stake", "deal-cash") and entry.date == leg.event:
            received += money
        if drawn or forfeited:
            refund = 2 if drawn < 0 else 1
            turn = 3 if forfeited else refund
            steps.append(_Step(entry.date, turn, drawn, forfeited))
    if leg.name == "deal-commitment":
        steps = _bought(leg, ledger)
        lapsed = term_of(leg, ledger).last <= ledger.reached()
    return _Booked(received, interest, owed, sorted(steps), lapsed)


def _moved(
    entry: Any, name: str, ledger: Ledger
) -> tuple[Decimal, Fraction, Fraction, bool, bool]:
    """Return what an entry adds to what is owed, draws and forfeits; lapse, and interest."""
    money, units = _ZERO, dict.fromkeys(("Drawn", "Forfeited", "Expired"), Fraction(0))
    accrues = False
    for posting in entry.postings:
        place, number = ledger.chart(posting.account), posting.units.number
        if place is None:
            continue
        accrues = accrues or place.role in INTEREST
        if place.tranche != name:
            continue
        own = -number if place.side == "provider" else number
        if place.role in _OWED:
            money += own
        elif place.role == UNITS and place.leaf in units:
            units[place.leaf] += Fraction(own)
    return money, units["Drawn"], units["Forfeited"], units["Expired"] > 0, accrues


def _bought(commitment: Directive, ledger: Ledger) -> list[_Step]:
    """Return the purchases that count to a promise; each counts to the first that holds it."""
    promises = sorted(
        (
            (
                it.day("from") or it.date,
                it.day("to") or it.date,
                name_of(it),
                it,
                term_of(it, ledger).last,
            )
            for it in ledger.written.standing("deal-commitment")
            if it.deal == commitment.deal
        ),
        key=lambda it: it[:3],
    )
    books = ledger.written.books
    currency = books.text("currency") if books is not None else ""
    steps = []
    for usage in ledger.written.standing("deal-usage"):
        amount = usage.amount(1)
        counts = next((it[3] for it in promises if it[0] <= usage.date <= it[4]), None)
        if (
            usage.deal == commitment.deal
            and counts is commitment
            and amount is not None
            and amount.number is not None
            and amount.currency == currency
            and usage.date <= ledger.reached()
        ):
            turn = 2 if amount.number < 0 else 1
            steps.append(_Step(usage.date, turn, Fraction(amount.number), Fraction(0)))
    return steps


# -- what it should be -------------------------------------------------------------------


class _Piles:
    """Units still to be delivered by when they are due, and what one of each is worth."""

    def __init__(self, leg: Directive, received: Decimal, monthly: Fraction) -> None:
        self.monthly = monthly
        self.due = sorted(due_of(leg).items())
        self.planned = sum((units for _, units in self.due), Fraction(0))
        days = month_end(leg.event).day
        self.first = monthly * Fraction(days - leg.event.day + 1, days)
        worth = sum(
            (units / self._growth(leg.event, day) for day, units in self.due), Fraction(0)
        )
        price = Fraction(received) / worth
        self.worths = {day: price / self._growth(leg.event, day) for day, _ in self.due}
        self.delivered = Fraction(0)
        self.kept = Fraction(1)

    def _growth(self, event: datetime.date, day: datetime.date) -> Fraction:
        months = (day.year - event.year) * 12 + day.month - event.month
        return (1 + self.first) * (1 + self.monthly) ** months

    def grow(self, end: datetime.date, event: datetime.date) -> None:
        """Let a month pass: what is not due before its end grows."""
        same = (end.year, end.month) == (event.year, event.month)
        factor = 1 + (self.first if same else self.monthly)
        for day in self.worths:
            if day >= end:
                self.worths[day] *= factor

    def step(self, step: _Step) -> None:
        """Deliver units of the pile due first, or shrink all piles by what is given up."""
        if step.given_up:
            left = (self.planned - self.delivered) * self.kept
            self.kept *= 1 - min(Fraction(1), step.given_up / left) if left else 0
        elif self.kept:
            self.delivered += step.delivered / self.kept

    def left(self, cap: Fraction | None = None) -> Fraction:
        """Return what is owed, in money.

        Args:
          cap: Most units that count as delivered, where more may be bought.
        """
        gone = self.delivered if cap is None else max(Fraction(0), min(cap, self.delivered))
        total = Fraction(0)
        for day, units in self.due:
            taken = min(units, gone)
            gone -= taken
            total += (units - taken) * self.worths[day]
        return total * self.kept


def _reckoned(leg: Directive, booked: _Booked, ledger: Ledger) -> tuple[Decimal, Decimal]:
    """Return the interest to date and what is owed on the last day the books have reached."""
    rate = _rate(leg.deal, ledger.written)
    assert rate is not None, "only a leg with a rate is reckoned"
    piles = _Piles(leg, booked.received, Fraction(rate) / 12)
    cap = piles.planned if leg.name == "deal-commitment" else None
    reached = ledger.reached()
    stop = leg.day("expires") or reached
    if leg.name == "deal-commitment":
        stop = term_of(leg, ledger).last
    last = min(reached, max(day for day, _ in piles.due))
    interest, steps = _ZERO, list(booked.steps)
    end = month_end(leg.event)
    while end <= last and end <= stop:
        while steps and steps[0].date < end:
            piles.step(steps.pop(0))
        before = coins(piles.left(cap), ledger)
        piles.grow(end, leg.event)
        interest += coins(piles.left(cap), ledger) - before
        end = month_end(end + DAY)
    for step in steps:
        piles.step(step)
    return interest, _ZERO if booked.lapsed else coins(piles.left(cap), ledger)
