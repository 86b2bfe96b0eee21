"""Civil days and instants: which stretch of days of a deal a charge belongs to.

A deal's days are cut at the first of each month and wherever its terms change, so that
one drawdown never straddles a boundary.  The engine compares instants with the cuts of
all deals at once; what lies between two of them lies in one window of every deal.
"""

from __future__ import annotations

import datetime
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from typing import NamedTuple
from zoneinfo import ZoneInfo

from beanscrow.periods import DAY, month_end

_UTC = datetime.UTC
_TICK = datetime.timedelta(microseconds=1)
_TWO_WEEKS = datetime.timedelta(days=14)


class Window(NamedTuple):
    """A stretch of civil days of a deal; both days belong to it."""

    first: datetime.date
    last: datetime.date


class Calendar(NamedTuple):
    """The civil days of one deal.

    Attributes:
      zone: Where its days begin and end.
      boundaries: Days on which its terms change, in order, each the first of a window.
    """

    zone: ZoneInfo
    boundaries: tuple[datetime.date, ...] = ()

    def day(self, instant: datetime.datetime) -> datetime.date:
        """Return the civil day an instant belongs to.

        Args:
          instant: In UTC, without a zone.
        """
        return instant.replace(tzinfo=_UTC).astimezone(self.zone).date()

    def last_day(self, end: datetime.datetime) -> datetime.date:
        """Return the last civil day of a period that ends before an instant."""
        return self.day(end - _TICK)

    def window(self, day: datetime.date) -> Window:
        """Return the stretch between two cuts that holds a day."""
        first, last = day.replace(day=1), month_end(day)
        at = bisect_right(self.boundaries, day)
        if at and self.boundaries[at - 1] > first:
            first = self.boundaries[at - 1]
        if at < len(self.boundaries) and self.boundaries[at] <= last:
            last = self.boundaries[at] - DAY
        return Window(first, last)

    def start(self, day: datetime.date) -> datetime.datetime:
        """Return the instant a civil day begins, in UTC and without a zone."""
        midnight = datetime.datetime.combine(day, datetime.time(), self.zone)
        return midnight.astimezone(_UTC).replace(tzinfo=None)


class Span(NamedTuple):
    """A stretch of time, in UTC and without a zone; `end` no longer belongs to it."""

    start: datetime.datetime
    end: datetime.datetime


class Cuts(NamedTuple):
    """The instants at which any deal's window changes, in order.

    The charges of index i lie from instants[i - 1] on and before instants[i]; those of
    index 0 and of index len(instants) lie outside what the cuts know of.  They are
    `whole` where no charge does.
    """

    instants: tuple[datetime.datetime, ...]
    whole: bool = False

    def span(self, index: int) -> Span | None:
        """Return the stretch of time an index stands for; None where it is open."""
        if 0 < index < len(self.instants):
            return Span(self.instants[index - 1], self.instants[index])
        return None


def cuts(calendars: Iterable[Calendar], span: Span, *, whole: bool = False) -> Cuts:
    """Return the cuts of deals that matter for charges within a span.

    Args:
      calendars: Of the deals; the months of UTC are cut in any case, because bills are.
      span: Of the charges, or more.
      whole: Whether it is known to hold every charge.
    """
    instants = {span.start, span.end}
    for calendar in {Calendar(ZoneInfo("UTC")), *calendars}:
        first, last = calendar.day(span.start), calendar.last_day(span.end)
        days = {day for day in calendar.boundaries if first <= day <= last}
        day = first.replace(day=1)
        while day <= last:
            days.add(day)
            day = month_end(day) + DAY
        instants.update(calendar.start(day) for day in days)
    within = sorted(i for i in instants if span.start <= i <= span.end)
    return Cuts(tuple(within), whole)


def widened(span: Span, days: int) -> Span:
    """Return a span with days to spare on either side."""
    spare = datetime.timedelta(days=days)
    return Span(span.start - spare, span.end + spare)


def bill_month(period_start: datetime.datetime) -> datetime.date:
    """Return the first day of the month a bill is called by.

    Two weeks into the billing period it is that month everywhere on earth, so that a
    Beijing month, which begins on the last day of the month before in UTC, keeps its
    name.
    """
    return (period_start + _TWO_WEEKS).date().replace(day=1)


def overlaps(span: Span, starts: Sequence[datetime.datetime]) -> list[int]:
    """Return how much of a span lies in each stretch that begins at an instant.

    Args:
      span: Begins in the first stretch, or at its start.
      starts: Beginnings of stretches that follow one another, in order.
    Returns:
      Microseconds, one a stretch; they add up to the length of the span.
    """
    edges = [span.start, *starts[1:], span.end]
    return [
        (after - before) // _TICK for before, after in zip(edges, edges[1:], strict=False)
    ]
