"""Exact figures written for a reader: rounded once, half up, as the last thing done."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from beanscrow.money import from_quanta, round_to_quanta

HOURLY_PLACES = 4
_PERCENT_PLACES = 2


def rounded(number: Fraction, places: int) -> Decimal:
    """Return an exact number with so many decimals, halves away from zero."""
    return from_quanta(round_to_quanta(number, places), places)


def hourly(number: Fraction | None) -> Decimal | None:
    """Return an amount for an hour to four decimals; None where it is not known."""
    return None if number is None else rounded(number, HOURLY_PLACES)


def percent(part: Fraction) -> Decimal:
    """Return a part of a whole in percent, to two decimals."""
    return rounded(part * 100, _PERCENT_PLACES)


def margin_percent(cost: Fraction | None, revenue: Fraction | None) -> Decimal | None:
    """Return 1 - cost / revenue in percent; None where either is not known or revenue zero."""
    if cost is None or not revenue:
        return None
    return percent(1 - cost / revenue)
