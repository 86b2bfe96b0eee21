"""What rows of a bill draw from a deal: parts with their exact totals, then credits.

A part is a deal's usage of one service in one window of days, from the bills of one
scope.  Its credits are its total over the face of one credit.  All parts of a deal and
month are rounded together, once, so that they add up to their sum rounded once.
"""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

from beanscrow.money import round_to_quanta
from beanscrow.usage.amounts import SCALE


class Scope(NamedTuple):
    """What one snapshot of a bill is complete for, and replaces as a whole.

    Attributes:
      start: Beginning of the billing period, in UTC and without a zone.
    """

    provider: str
    account: str
    start: datetime.datetime

    @property
    def name(self) -> str:
        """The scope as it stands in the ledger."""
        start = self.start
        day = start.date().isoformat()
        when = day if start.time() == datetime.time() else f"{start.isoformat()}Z"
        return f"{self.provider} | {self.account} | {when}"


class Part(NamedTuple):
    """Usage of one service in one window of days.

    Attributes:
      first, last: Days it covers, inclusive; the last day of what is charged so far
        where a month is not yet over.
      date: Day it is booked on; `last` unless it comes late, that is, was charged
        before the period it is billed in.
      rows: Rows it sums up; a row that reaches into several windows counts in the first.
      total: Exact sum of the measure, as a whole number of 10^-38.
    """

    service: str
    first: datetime.date
    last: datetime.date
    date: datetime.date
    rows: int
    total: int

    @property
    def late(self) -> bool:
        """Whether it was charged before the period it is billed in."""
        return self.last < self.date


class Section(NamedTuple):
    """All that one scope draws from a deal.

    Attributes:
      scope: Name of it.
      measure: Billing column that was added up; `unit` is its currency or unit.
      face: Units of the measure that make one credit.
      file, sha256: Name and digest of the export; of several, the names by commas and
        the digest of the lines "digest  name" in order.
      note: Why rows that could not be read were left out, or "".
    """

    scope: str
    measure: str
    unit: str
    face: Decimal
    file: str
    sha256: str
    note: str
    parts: tuple[Part, ...]


def part_order(part: Part) -> tuple[object, ...]:
    """Return what parts of a section are sorted by: late ones last, then day, service."""
    return (part.late, part.date, part.last, part.service, part.first)


def credits(sections: Sequence[Section], scale: int) -> list[list[int]]:
    """Return what every part draws, in whole quanta of 10^-scale.

    The exact credits of each part are rounded down, and what is left of their rounded
    sum goes to the largest remainders, ties to the earlier part.

    Args:
      sections: All of a deal and month, in order, and their parts in order.
    Returns:
      One list a section; all of it adds up to the exact sum, rounded half away from
      zero once, and no part is a quantum or more from its exact credits.
    """
    exact = [
        Fraction(part.total, 10**SCALE) / Fraction(section.face)
        for section in sections
        for part in section.parts
    ]
    rounded = iter(round_together(exact, scale))
    return [[next(rounded) for _ in section.parts] for section in sections]


def round_together(exact: Sequence[Fraction], scale: int) -> list[int]:
    """Return amounts in whole quanta that add up to their exact sum rounded once.

    Args:
      exact: Any sign.
      scale: Decimals of a quantum.
    Returns:
      One integer an amount, less than a quantum from it.
    """
    shares = [amount * 10**scale for amount in exact]
    parts = [share.numerator // share.denominator for share in shares]
    left = round_to_quanta(sum(exact, Fraction(0)), scale) - sum(parts)
    by_remainder = sorted(range(len(parts)), key=lambda i: (parts[i] - shares[i], i))
    for i in by_remainder[:left]:
        parts[i] += 1
    return parts
