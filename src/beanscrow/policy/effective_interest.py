"""An amount that grows to another at one rate, day by day, exact to the quantum.

The effective rate between two amounts is what makes the one into the other over the
term (835-30-35-2; IFRS 9.5.4.1).  What stands after some of the days is
start x (end / start) ^ (passed / days), which is hardly ever a fraction.  Eighty digits
of it decide how it is rounded; where they came too near to a half to be sure, whole
numbers alone would.
"""

from __future__ import annotations

from decimal import ROUND_FLOOR, Context, Decimal
from math import gcd

_DIGITS = Context(prec=80)
# Eighty digits are right to far more places than this behind any amount's point.
_DOUBT = Decimal("1E-30")
_HALF = Decimal("0.5")


def grown(start: int, end: int, passed: int, days: int) -> int:
    """Return what an amount has grown to, in whole quanta, rounded half up.

    Args:
      start, end: Whole quanta, positive; `start` is no more than `end`.
      passed: Days passed, from 0 to `days`.
    """
    if not 0 <= passed <= days or not 0 < start <= end:
        raise ValueError("wanted 0 < start <= end, and days within the term")
    if passed == 0 or passed == days:
        return end if passed else start
    ratio = _DIGITS.divide(Decimal(end), Decimal(start))
    part = _DIGITS.divide(Decimal(passed), Decimal(days))
    exact = _DIGITS.multiply(Decimal(start), _DIGITS.power(ratio, part))
    whole = exact.to_integral_value(ROUND_FLOOR, _DIGITS)
    above = _DIGITS.subtract(_DIGITS.subtract(exact, whole), _HALF)
    if abs(above) > _DOUBT:
        return int(whole) + (above > 0)
    return by_whole_numbers(start, end, passed, days)


def by_whole_numbers(start: int, end: int, passed: int, days: int) -> int:
    """Return the same by whole numbers alone, whatever it costs; see `grown`.

    Twice the amount, rounded down, is a whole root; one more, halved, is the amount
    rounded half up.
    """
    shared = gcd(passed, days)
    passed, days = passed // shared, days // shared
    number = 2**days * start ** (days - passed) * end**passed
    # Even growth is never below growth at a rate: a guess from above, for Newton.
    root = 2 * (start + (end - start) * passed // days + 1) + 2
    while True:
        better = ((days - 1) * root + number // root ** (days - 1)) // days
        if better >= root:
            return (root + 1) // 2
        root = better
