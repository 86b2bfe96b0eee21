"""Civil dates and the months, quarters and years reports are made for."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from typing import Literal, NamedTuple

from dateutil.relativedelta import relativedelta

DAY = datetime.timedelta(days=1)
Interval = Literal["month", "quarter", "year"]

_MONTHS: dict[Interval, int] = {"month": 1, "quarter": 3, "year": 12}


class Period(NamedTuple):
    """A span of civil days; both `first` and `last` belong to it."""

    first: datetime.date
    last: datetime.date

    @property
    def name(self) -> str:
        """The period as people write it: 2024-03, 2024-Q1, 2024, or both days."""
        first, last = self
        if first.day == 1 and last == month_end(last):
            months = (last.year - first.year) * 12 + last.month - first.month + 1
            if months == 1:
                return f"{first:%Y-%m}"
            if months == 3 and first.month % 3 == 1:
                return f"{first.year}-Q{(first.month + 2) // 3}"
            if months == 12 and first.month == 1:
                return str(first.year)
        return f"{first} to {last}"


def month_end(day: datetime.date) -> datetime.date:
    """Return the last day of the month a day belongs to."""
    return day + relativedelta(day=31)


def after_months(day: datetime.date, months: int) -> datetime.date:
    """Return the same day so many months later; the last of a month stays the last."""
    later = day + relativedelta(months=months)
    return month_end(later) if day == month_end(day) else later


def months_ended(first: datetime.date, last: datetime.date) -> int:
    """Return how many months have ended from one day to another, both inclusive.

    The month of `first` counts whole, whatever day it begins on; one that `last` lies
    within does not count yet.
    """
    months = (last.year - first.year) * 12 + last.month - first.month
    return max(0, months + (last == month_end(last)))


def periods(
    first: datetime.date, last: datetime.date, interval: Interval
) -> Iterator[Period]:
    """Yield the calendar periods that hold any day from `first` to `last`, inclusive."""
    months = _MONTHS[interval]
    start = first.replace(month=(first.month - 1) // months * months + 1, day=1)
    while start <= last:
        end = month_end(start + relativedelta(months=months - 1))
        yield Period(start, end)
        if end == datetime.date.max:
            return  # the calendar ends, and 9999-12-31 is how people write never
        start = end + DAY
