"""What no account of money holds: shares, credits, GPU-hours, and whose cash came in."""

from __future__ import annotations

import datetime
from decimal import Decimal
from fractions import Fraction

from beanscrow.deal.terms import Grant
from beanscrow.money import from_quanta, round_to_quanta
from beanscrow.periods import Period
from beanscrow.policy.schedule import Billed, Drawn, Lapsed, Paid, Schedule
from beanscrow.reports.movements import even, movements
from beanscrow.reports.stakes import stakes_of
from beanscrow.simulation.simulate import Outcome
from beanscrow.simulation.usage import Course

ZERO = Decimal(0)
HOURS_SCALE, PRICE_SCALE = 2, 6
# Whose escrow is the startup's cash, so that its release is a payment.
_CUSTOMERS_CASH = ("startup", "trustee-startup")


class Measures:
    """Units of one scenario, off the events that were booked."""

    def __init__(self, outcome: Outcome) -> None:
        self._outcome = outcome
        self._ledger = outcome.provider.ledger
        self._provider = outcome.provider.daybook.schedules
        commodities = {
            terms.commodity
            for schedule in self._provider.values()
            for terms in schedule.tranches.values()
        }
        self._one_commodity = len(commodities) == 1

    def received(self, span: Period) -> Decimal:
        """Return the cash the startup paid within a span: bills, and its own escrow."""
        paid = ZERO
        for schedule in self._provider.values():
            for event in schedule.events:
                if not span.first <= event.date <= span.last:
                    continue
                if isinstance(event, Paid):
                    paid += event.amount
                elif isinstance(event, Drawn | Lapsed) and _is_customers(
                    schedule, event.tranche
                ):
                    paid += event.escrow
        return paid.quantize(self._ledger.precision)

    def shares(self, day: datetime.date) -> Decimal:
        """Return the shares outstanding at the end of a day, of all classes."""
        books = self._outcome.startup.daybook
        rows = [
            row
            for deal, schedule in books.schedules.items()
            for row in stakes_of(schedule, books.agreements[deal], day)
        ]
        return sum((row.units for row in rows), ZERO)

    def drawn(self, span: Period) -> Decimal | None:
        """Return the credits drawn within a span, refunds taken off."""
        return self._moved("drawn", span.first, span.last)

    def left(self, day: datetime.date) -> Decimal | None:
        """Return the credits left at the end of a day."""
        return self._moved("held", datetime.date.min, day)

    def _moved(
        self, what: str, first: datetime.date, last: datetime.date
    ) -> Decimal | None:
        if not self._one_commodity:
            return None
        finest, *found = even(
            *(it.credits.number for it in self._grants()),
            *(
                getattr(move.units, what)
                for schedule in self._provider.values()
                for move in movements(schedule)
                if first <= move.date <= last
            ),
        )
        count = len(self._grants()) - 1
        return sum(found[count:], finest * 0)

    def _grants(self) -> list[Grant]:
        return [
            fact
            for course in self._outcome.courses.values()
            for fact in course.agreement.facts
            if isinstance(fact, Grant)
        ]

    def hours(self, span: Period) -> tuple[Decimal | None, Decimal | None]:
        """Return the GPU-hours bought within a span, and the revenue for one of them."""
        hours, revenue = Fraction(0), Fraction(0)
        for deal, schedule in self._provider.items():
            course = self._outcome.courses[deal]
            for event in schedule.events:
                if not span.first <= event.date <= span.last:
                    continue
                if not isinstance(event, Drawn | Billed):
                    continue
                if event.service != course.agreement.deal.service:
                    continue
                bought = self._bought(event, course)
                if bought is None:
                    return None, None
                hours += bought
                revenue += Fraction(
                    event.price if isinstance(event, Drawn) else event.amount
                )
        if self._outcome.plan.gpu_hour is None:
            return None, None
        each = rounded(revenue / hours, PRICE_SCALE) if hours else None
        return rounded(hours, HOURS_SCALE), each

    def _bought(self, event: Drawn | Billed, course: Course) -> Fraction | None:
        """Return the hours a usage buys at the list price of its day, None where unknown."""
        if isinstance(event, Billed):
            number, currency = event.amount, self._ledger.currency
            if event.abroad is not None:
                number, currency = event.abroad.money
            worth = Fraction(number)
        else:
            face = next((g.face for g in course.grants if g.tranche == event.tranche), None)
            if face is None:
                return None
            worth = Fraction(face.number) * Fraction(event.credits)
            currency = face.currency
        listed = self._outcome.plan.gpu_hour
        if listed is None or currency != listed.currency:
            return None
        price = Fraction(listed.number)
        for it in course.cuts:
            if it.date <= event.date:
                price *= 1 - it.cut
        return worth / price if price else None


def _is_customers(schedule: Schedule, tranche: str) -> bool:
    terms = schedule.tranches[tranche]
    return terms.kind == "credits" and terms.escrow in _CUSTOMERS_CASH


def rounded(number: Fraction, scale: int) -> Decimal:
    """Return a number for reading, rounded half up."""
    return from_quanta(round_to_quanta(number, scale), scale)
