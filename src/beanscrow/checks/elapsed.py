"""What of an amount has become due by the days of its term, at the last day it is booked.

Terms are accounted for at month ends and on their last day, so between two of them the
books stand as on the one before.
"""

from __future__ import annotations

import datetime
from decimal import Decimal
from fractions import Fraction

from beanscrow.money import round_to_quanta
from beanscrow.periods import DAY, month_end


def last_booked(
    first: datetime.date, last: datetime.date, since: datetime.date, day: datetime.date
) -> datetime.date | None:
    """Return the last day on or before `day` a term was accounted for, None for none.

    Args:
      first, last: Of the term, inclusive.
      since: First day anything of it can be booked.
    """
    if day >= last:
        return last
    end = day if month_end(day) == day else day.replace(day=1) - DAY
    return end if end >= max(since, first) else None


def elapsed(
    amount: Fraction,
    term: tuple[datetime.date, datetime.date],
    since: datetime.date,
    day: datetime.date,
    scale: int,
) -> Decimal:
    """Return amount x days passed / days, rounded once, as it stands on a day."""
    first, last = term
    booked = last_booked(first, last, since, day)
    if booked is None:
        return Decimal(0)
    part = Fraction((booked - first).days + 1, (last - first).days + 1)
    return Decimal(round_to_quanta(amount * part, scale)).scaleb(-scale)
