"""When what is still owed is expected to be used, in bands of twelve months.

Nobody can know; the rule is one that the books themselves can tell.  Credits go on
being drawn as they were over the last ninety days, those that lapse first first, and
what is left on a last day is recognised then.  A service that stands ready goes by its
days, a promise to spend by its ramp, and without one evenly to its end.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Sequence
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from typing import NamedTuple

from dateutil.relativedelta import relativedelta

from beanscrow.deal.terms import Commitment
from beanscrow.money import from_quanta, largest_remainder, places, to_quanta
from beanscrow.periods import DAY, month_end

_YEARS = (1, 2, 3)
BANDS = len(_YEARS) + 1

Parts = list[Fraction]


class Holding(NamedTuple):
    """Credits of a tranche that can still be drawn; days are inclusive."""

    tranche: str
    credits: Decimal
    effective: datetime.date
    expires: datetime.date | None


class _Use(NamedTuple):
    """A quantity used evenly between two times, in days from now; all at once at one."""

    start: Fraction
    end: Fraction
    quantity: Fraction


def drawn_by_band(
    held: Iterable[Holding], daily: Fraction, as_of: datetime.date
) -> dict[str, Parts]:
    """Return for each tranche the parts of its credits used, or lapsed, in each band.

    Args:
      held: Tranches of one commodity with something left.
      daily: Credits drawn a day, together; where it is zero they wait for their end.
      as_of: Day after which the first band begins.
    """
    never = datetime.date.max
    found: dict[str, Parts] = {}
    now = Fraction(0)
    for each in sorted(held, key=lambda it: (it.expires or never, it.tranche)):
        start = max(now, Fraction((each.effective - DAY - as_of).days))
        last = None if each.expires is None else Fraction((each.expires - as_of).days)
        uses, now = _drawn(Fraction(each.credits), daily, start, last)
        found[each.tranche] = _by_band(uses, as_of)
    return found


def _drawn(
    credits: Fraction, daily: Fraction, start: Fraction, last: Fraction | None
) -> tuple[list[_Use], Fraction]:
    """Return how a tranche is used from `start` on, and when the next can begin."""
    if daily <= 0:
        end = Fraction(datetime.date.max.toordinal()) if last is None else last
        return [_Use(end, end, credits)], start
    finish = start + credits / daily
    if last is None or finish <= last:
        return [_Use(start, finish, credits)], finish
    drawn = daily * max(Fraction(0), last - start)
    end = max(start, last)
    return [_Use(start, end, drawn), _Use(last, last, credits - drawn)], end


def served_by_band(each: Holding, as_of: datetime.date) -> Parts:
    """Return the parts of a service that stands ready, by the days of its term."""
    assert each.expires is not None, "what stands ready has a last day"
    start = max(Fraction(0), Fraction((each.effective - DAY - as_of).days))
    end = Fraction((each.expires - as_of).days)
    return _by_band([_Use(start, end, Fraction(1))], as_of)


def spent_by_band(promise: Commitment, spent: Decimal, as_of: datetime.date) -> Parts:
    """Return the parts of the rest of a promise to spend that fall into each band.

    What the ramp makes due by the end of a month is bought evenly over the days since
    the month before it, the rest evenly to the last day; what was bought counts to the
    earliest months.
    """
    steps = [
        (month_end(datetime.date.fromisoformat(f"{month}-01")), Fraction(due.number))
        for month, due in sorted(promise.ramp.items())
    ]
    steps = [(day, due) for day, due in steps if day < promise.to]
    steps.append((promise.to, Fraction(promise.amount.number)))
    begun = max(as_of, promise.from_ - DAY)
    path = [(begun, Fraction(spent))]
    for day, due in steps:
        if day > begun:
            path.append((day, max(path[-1][1], min(due, steps[-1][1]))))
    uses = [
        _Use(Fraction((a - as_of).days), Fraction((b - as_of).days), due - before)
        for (a, before), (b, due) in pairwise(path)
    ]
    return _by_band(uses, as_of)


class Bands(NamedTuple):
    """An amount by the twelve months it is expected in, counted from a day."""

    first: Decimal
    second: Decimal
    third: Decimal
    later: Decimal


def by_band(amount: Decimal, parts: Sequence[Fraction]) -> Bands:
    """Return an amount over the bands, largest remainder, so that they sum to it."""
    scale = places(amount)
    quanta = largest_remainder(to_quanta(amount, scale), parts)
    return Bands(*(from_quanta(each, scale) for each in quanta))


def _by_band(uses: Iterable[_Use], as_of: datetime.date) -> Parts:
    ends = [Fraction((as_of + relativedelta(years=n) - as_of).days) for n in _YEARS]
    parts = [Fraction(0)] * BANDS
    for use in uses:
        if use.start == use.end:
            parts[sum(use.end > end for end in ends)] += use.quantity
            continue
        rate, begun = use.quantity / (use.end - use.start), use.start
        for band, end in enumerate([*ends, use.end]):
            until = min(use.end, max(begun, end))
            parts[band] += rate * (until - begun)
            begun = until
    return parts
