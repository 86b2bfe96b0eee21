"""Exact money and units: integers of a quantum, rounded once, allocated without lost cents.

Policy reckons in whole quanta (cents, or the smallest unit of a credit) held as
Python integers, which have no precision to run out of.  A Decimal becomes an
integer at the door and a Decimal again on the way out.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Context, Decimal, Inexact
from fractions import Fraction

# Wide enough for any figure of a deal; a digit lost is a bug and raises.
WIDE = Context(prec=100, traps=[Inexact])


def round_half_up(numerator: int, denominator: int) -> int:
    """Return a quotient rounded to the nearest whole quantum, halves away from zero.

    Halves go away from zero so that a refund is the mirror image of the draw it
    takes back.

    Args:
      numerator: Any sign.
      denominator: Positive.
    Returns:
      The whole number of quanta nearest to numerator / denominator.
    """
    if numerator >= 0:
        return (2 * numerator + denominator) // (2 * denominator)
    return -((-2 * numerator + denominator) // (2 * denominator))


def largest_remainder(total: int, weights: Sequence[int | Fraction]) -> list[int]:
    """Return whole parts of a total in proportion to weights, adding up to it exactly.

    Every part is its exact share rounded down; the quanta left over go one each to
    the largest remainders, ties to the earlier weight, so the caller's order of
    weights settles ties (by tranche name, by account name).

    Args:
      total: Whole quanta, any sign; the parts of a negative total mirror those of
        its opposite.
      weights: Non-negative, at least one positive unless total is zero.
    Returns:
      One part a weight; sum(parts) == total and no part is a quantum or more from
      its exact share.
    Raises:
      ValueError: All weights are zero and there is something to allocate.
    """
    if total < 0:
        return [-part for part in largest_remainder(-total, weights)]
    whole = sum(weights, Fraction(0))
    if whole == 0:
        if total:
            raise ValueError("nothing to allocate by: all weights are zero")
        return [0] * len(weights)
    shares = [Fraction(total) * weight / whole for weight in weights]
    parts = [int(share) for share in shares]
    left = total - sum(parts)
    by_remainder = sorted(range(len(parts)), key=lambda i: (parts[i] - shares[i], i))
    for i in by_remainder[:left]:
        parts[i] += 1
    return parts


def places(number: Decimal) -> int:
    """Return how many decimals a number is written with, trailing zeros counted."""
    exponent = number.as_tuple().exponent
    assert isinstance(exponent, int), "the reader admits finite numbers only"
    return max(0, -exponent)


def trimmed(number: Decimal, least: int) -> Decimal:
    """Return a number without trailing zeros, but with at least so many decimals."""
    while places(number) > least and not number.as_tuple().digits[-1]:
        number = number.quantize(Decimal(1).scaleb(1 - places(number)), context=WIDE)
    return number


def to_quanta(number: Decimal, scale: int) -> int:
    """Return a number as whole quanta of 10^-scale.

    Raises:
      ValueError: The number has more decimals than the quantum.
    """
    shifted = number.scaleb(scale, WIDE)
    quanta = int(shifted)
    if quanta != shifted:
        raise ValueError(f"{number:f} has more than {scale} decimals")
    return quanta


def round_to_quanta(number: Fraction, scale: int) -> int:
    """Return an exact amount as whole quanta of 10^-scale, halves away from zero."""
    return round_half_up(number.numerator * 10**scale, number.denominator)


def from_quanta(quanta: int, scale: int) -> Decimal:
    """Return whole quanta of 10^-scale as a number written with `scale` decimals."""
    return Decimal(quanta).scaleb(-scale, WIDE)
