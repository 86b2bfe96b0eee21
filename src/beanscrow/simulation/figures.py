"""Both parties' books of a scenario, period by period.

Money is read off the booked accounts, shares and credits off the same events as the
reports.  What moves adds up to the whole over the periods; what stands, stands at the
end of each.
"""

from __future__ import annotations

import datetime
from bisect import bisect_right
from collections.abc import Iterable
from decimal import Decimal
from typing import NamedTuple

from beanscrow.periods import DAY, Interval, Period, periods
from beanscrow.simulation.engine import Books
from beanscrow.simulation.headings import CAPITALISED, posted
from beanscrow.simulation.measures import ZERO, Measures
from beanscrow.simulation.simulate import Outcome


class PeriodRow(NamedTuple):
    """What a scenario does to both parties' books in one period.

    In the functional currency.  What moves is of the period; what stands is of its last
    day.  Results are positive for a gain, expenses for a cost.

    Attributes:
      last: Its last day, or that of the simulation.
      provider_revenue_other: Modifications, eliminations, and what is paid to the
        customer, which lessens revenue.
      provider_other_result: Outside revenue and the stake: of currencies among others.
      provider_cash_received: From the startup: bills paid, and the startup's own escrow.
      provider_cash_change: Of operating cash and own escrow together.
      provider_cash, startup_cash: Operating cash since the deal began, from nothing.
      provider_escrow: Own cash ring-fenced, or with a trustee.
      provider_contract_liability: Net of consideration paid to the customer.
      startup_compute_lost: Credits that lapsed or were given up, and shortfalls.
      startup_expense: Compute used and lost.
      startup_prepaid: Net of consideration received from the vendor.
      startup_shares: Shares outstanding, of all classes.
      startup_shares_amount: What they stand at, whatever they are classified as.
      credits_drawn, credits_left: None where the deals have several kinds of credits.
      gpu_hours: That the deal's own service bought at list prices; None where no list
        price, or no face of the credits, is stated.
      price_per_gpu_hour: Revenue for them, to six places.
    """

    scenario: str
    period: str
    first: datetime.date
    last: datetime.date
    currency: str
    provider_revenue_credits: Decimal
    provider_revenue_cash: Decimal
    provider_revenue_breakage: Decimal
    provider_revenue_other: Decimal
    provider_revenue: Decimal
    provider_other_result: Decimal
    provider_stake_result: Decimal
    provider_stake_oci: Decimal
    provider_cash_received: Decimal
    provider_cash_change: Decimal
    provider_cash: Decimal
    provider_escrow: Decimal
    provider_receivable: Decimal
    provider_contract_liability: Decimal
    provider_stake: Decimal
    startup_compute: Decimal
    startup_compute_lost: Decimal
    startup_expense: Decimal
    startup_compute_capitalised: Decimal
    startup_fair_value_change: Decimal
    startup_cash_change: Decimal
    startup_cash: Decimal
    startup_escrow: Decimal
    startup_prepaid: Decimal
    startup_payable: Decimal
    startup_shares_issued: Decimal
    startup_shares: Decimal
    startup_shares_amount: Decimal
    credits_drawn: Decimal | None
    credits_left: Decimal | None
    gpu_hours: Decimal | None
    price_per_gpu_hour: Decimal | None


class Sums:
    """Sums of one side's money by heading and day; debits are positive."""

    def __init__(self, books: Books, quantum: Decimal) -> None:
        self._days: dict[str, list[datetime.date]] = {}
        self._to_date: dict[str, list[Decimal]] = {}
        self._none = ZERO.quantize(quantum)
        by_day: dict[tuple[str, datetime.date], Decimal] = {}
        for date, heading, amount in posted(books):
            key = heading, date
            by_day[key] = by_day.get(key, self._none) + amount
        for (heading, date), amount in sorted(by_day.items()):
            days = self._days.setdefault(heading, [])
            totals = self._to_date.setdefault(heading, [])
            days.append(date)
            totals.append((totals[-1] if totals else self._none) + amount)

    def at(self, day: datetime.date, *headings: str) -> Decimal:
        """Return what stands under headings at the end of a day."""
        return sum((self._at(day, it) for it in headings), self._none).quantize(self._none)

    def of(self, period: Period, *headings: str) -> Decimal:
        """Return what moved under headings within a period."""
        return self.at(period.last, *headings) - self.at(period.first - DAY, *headings)

    def _at(self, day: datetime.date, heading: str) -> Decimal:
        found = bisect_right(self._days.get(heading, []), day)
        return self._to_date[heading][found - 1] if found else self._none


def spans_of(outcome: Outcome, interval: Interval) -> list[tuple[str, Period]]:
    """Return the calendar periods of a scenario by name, the last cut at its last day.

    Args:
      interval: month, quarter or year.
    """
    found = periods(outcome.begins, outcome.until, interval)
    return [(it.name, it._replace(last=min(it.last, outcome.until))) for it in found]


def whole_span(outcome: Outcome) -> tuple[str, Period]:
    """Return the days of a scenario, as one span."""
    span = Period(outcome.begins, outcome.until)
    return span.name, span


def period_rows(outcome: Outcome, interval: Interval) -> list[PeriodRow]:
    """Return both parties' books of a scenario, one row a period of the calendar."""
    return rows_of(outcome, spans_of(outcome, interval))


def whole_row(outcome: Outcome) -> PeriodRow:
    """Return both parties' books over the whole of a scenario."""
    return rows_of(outcome, [whole_span(outcome)])[0]


def rows_of(outcome: Outcome, spans: Iterable[tuple[str, Period]]) -> list[PeriodRow]:
    """Return both parties' books over named spans of days."""
    ledger = outcome.provider.ledger
    provider = Sums(outcome.provider, ledger.precision)
    startup = Sums(outcome.startup, ledger.precision)
    measured = Measures(outcome)
    return [
        PeriodRow._make(
            (
                outcome.plan.name,
                name,
                span.first,
                span.last,
                ledger.currency,
                *_provider(provider, span, measured),
                *_startup(startup, span, measured),
                measured.drawn(span),
                measured.left(span.last),
                *measured.hours(span),
            )
        )
        for name, span in spans
    ]


def _provider(sums: Sums, span: Period, measured: Measures) -> Iterable[Decimal]:
    last = span.last
    classes = [
        -sums.of(span, f"revenue_{it}") for it in ("credits", "cash", "breakage", "other")
    ]
    yield from classes
    yield sum(classes, ZERO)
    yield -sums.of(span, "other_result", "currency_result")
    yield -sums.of(span, "stake_result")
    yield -sums.of(span, "stake_oci")
    yield measured.received(span)
    yield sums.of(span, "cash", "escrow")
    yield sums.at(last, "cash")
    yield sums.at(last, "escrow", "trustee")
    yield sums.at(last, "receivable")
    yield -sums.at(last, "contract_liability")
    yield sums.at(last, "stake")


def _startup(sums: Sums, span: Period, measured: Measures) -> Iterable[Decimal]:
    last = span.last
    used, lost = sums.of(span, "compute"), sums.of(span, "compute_lost")
    yield used
    yield lost
    yield used + lost
    yield sums.of(span, CAPITALISED)
    yield sums.of(span, "fair_value_change")
    yield sums.of(span, "cash", "escrow")
    yield sums.at(last, "cash")
    yield sums.at(last, "escrow")
    yield sums.at(last, "prepaid")
    yield -sums.at(last, "payable")
    before, now = measured.shares(span.first - DAY), measured.shares(last)
    yield now - before
    yield now
    yield -sums.at(last, "shares")
