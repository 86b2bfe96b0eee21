"""How a quantity lies over the days: pieces of months, weighed, and rounded to date.

A month that is not whole counts by its days.  What is rounded is the sum to date, so
that the pieces add up to the whole, and none is more than a quantum off.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterator, Mapping, Sequence
from fractions import Fraction
from typing import NamedTuple

from beanscrow.money import round_half_up
from beanscrow.periods import DAY, month_end

Window = Callable[[datetime.date], tuple[datetime.date, datetime.date]]
ONE = Fraction(1)


class Piece(NamedTuple):
    """Days of one month, between two days on which terms change; both belong to it.

    Attributes:
      month: How many months it is after the first.
    """

    first: datetime.date
    last: datetime.date
    month: int

    @property
    def part(self) -> Fraction:
        """The part of its calendar month that it is."""
        return Fraction((self.last - self.first).days + 1, month_end(self.first).day)


def pieces(first: datetime.date, last: datetime.date, window: Window) -> list[Piece]:
    """Return the pieces that days fall into.

    Args:
      first, last: Inclusive.
      window: Gives the stretch of days around a day that nothing changes in, both days
        inclusive and of one month.
    """
    found = []
    day = first
    while day <= last:
        _, end = window(day)
        months = (day.year - first.year) * 12 + day.month - first.month
        found.append(Piece(day, min(end, last), months))
        day = min(end, last) + DAY
    return found


def shaped(curve: str, months: int, growth: Fraction) -> list[Fraction]:
    """Return the weight of each month.

    Args:
      curve: "even"; "front-loaded", falling evenly to the last month, which has one of
        as many parts as there are months; or "back-loaded", its mirror image.
      growth: Excess of each month over the month before, of an even curve.
    """
    if curve == "front-loaded":
        return [Fraction(months - month) for month in range(months)]
    if curve == "back-loaded":
        return [Fraction(month + 1) for month in range(months)]
    return [(ONE + growth) ** month for month in range(months)]


def of_a_whole(
    whole: Fraction, found: Sequence[Piece], weights: Sequence[Fraction]
) -> list[Fraction]:
    """Return what of a whole falls to each piece, by month and days."""
    weighed = [weights[piece.month] * piece.part for piece in found]
    total = sum(weighed, Fraction(0))
    return (
        [whole * weight / total for weight in weighed]
        if total
        else [Fraction(0)] * len(weighed)
    )


def of_months(amounts: Mapping[int, Fraction], found: Sequence[Piece]) -> list[Fraction]:
    """Return what falls to each piece of amounts stated for whole months.

    An amount of a month falls on the days of it that there are, in proportion.
    """
    days: dict[int, int] = {}
    for piece in found:
        days[piece.month] = days.get(piece.month, 0) + (piece.last - piece.first).days + 1
    return [
        amounts.get(piece.month, Fraction(0))
        * Fraction((piece.last - piece.first).days + 1, days[piece.month])
        for piece in found
    ]


def rounded(exact: Sequence[Fraction]) -> Iterator[int]:
    """Yield whole quanta, each the rounded sum to date less the one before."""
    to_date, before = Fraction(0), 0
    for amount in exact:
        to_date += amount
        now = round_half_up(*to_date.as_integer_ratio())
        yield now - before
        before = now
