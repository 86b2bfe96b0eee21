"""Sums that are exact or are refused."""

from __future__ import annotations

import decimal
from contextlib import AbstractContextManager
from fractions import Fraction

EXACT = decimal.Context(
    prec=500,
    Emax=decimal.MAX_EMAX,
    Emin=decimal.MIN_EMIN,
    traps=[decimal.Inexact, decimal.InvalidOperation, decimal.Overflow],
)


def exactly() -> AbstractContextManager[decimal.Context]:
    """Return a context in which a sum that would lose a digit raises instead.

    Beancount's own 28 digits drop the last ones without a word.
    """
    return decimal.localcontext(EXACT)


def figure(number: decimal.Decimal) -> str:
    """Return a number as people write it: 1,500,000.00, never with an exponent."""
    if not number.is_finite() or abs(number.adjusted()) > 60:
        return str(number)
    return f"{number:,f}"


def number_of(value: object) -> Fraction:
    """Return a number or the number of an amount as written; zero where there is none."""
    number = getattr(value, "number", value)
    return Fraction(number) if isinstance(number, decimal.Decimal) else Fraction(0)
