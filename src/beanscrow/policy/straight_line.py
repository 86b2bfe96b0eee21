"""An amount spread evenly over the days of a term, booked at month ends and at its end.

What is spread to date is rounded once; an instalment is the change of it.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from decimal import Decimal
from typing import Any, NamedTuple

from beanscrow.deal.problems import Position
from beanscrow.money import round_half_up
from beanscrow.periods import DAY, periods
from beanscrow.policy.order import COMMITMENT_END, Act

_NO_NUMBER = Decimal(0)


class DayReached(NamedTuple):
    """A day up to which an amount of a fact is spread; `ends` on the last of its term."""

    at: Position
    date: datetime.date
    fact: Any
    ends: bool


class Spread:
    """An amount in whole quanta, spread over the days from `first` to `last`, inclusive."""

    def __init__(self, amount: int, first: datetime.date, last: datetime.date) -> None:
        self.amount = amount
        self.first = first
        self.last = last
        self.booked = 0

    def up_to(self, day: datetime.date) -> int:
        """Return what becomes due by a day and has not been booked, and book it."""
        days = (self.last - self.first + DAY).days
        passed = max(0, min(days, (day - self.first + DAY).days))
        change = round_half_up(self.amount * passed, days) - self.booked
        self.booked += change
        return change


def days_reached(
    fact: Any,
    name: str,
    first: datetime.date,
    last: datetime.date,
    through: datetime.date,
) -> Iterator[Act]:
    """Yield the month ends of a term, and its last day, as acts of the deal.

    Args:
      fact: What is spread.
      name: Tells it from others of its day, so that lines never do.
      first: First day an instalment may be booked.
      through: Last day the books have reached.
    """
    ends = {month.last for month in periods(first, min(last, through), "month")}
    for day in sorted({day for day in ends if day < last} | {last}):
        if first <= day <= through:
            key = (day, COMMITMENT_END, fact.sequence, 2, name, "", _NO_NUMBER, "")
            yield key, DayReached(fact.at, day, fact, day == last)
