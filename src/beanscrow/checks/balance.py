"""I1: every generated transaction balances to exactly zero, in every currency.

Beancount accepts a residual up to half a unit of the coarsest digits in the
transaction; one cent in every drawdown would pass unseen.  Here there is no
tolerance.  What is generated then sums to zero at every date (I2).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from beanscrow.checks.exact import figure
from beanscrow.checks.findings import problem_at
from beanscrow.deal.problems import Problem

_ZERO = Decimal(0)


def weights(postings: Iterable[Any]) -> dict[str, Decimal]:
    """Return the sum of the weights of a transaction's postings, by currency.

    The weight of a posting is its cost where it has one, else its price, else its
    units: units times cost, in the currency of the cost.

    Args:
      postings: Complete postings, as booked.
    Returns:
      Debits are positive; a transaction balances where every sum is zero.
    Raises:
      ArithmeticError: Under `exact.exactly()`, a sum would lose digits.
      AttributeError, TypeError: A posting has no number.
    """
    sums: dict[str, Decimal] = {}
    for posting in postings:
        number, currency = posting.units.number, posting.units.currency
        worth = posting.cost if posting.cost is not None else posting.price
        if worth is not None:
            number, currency = number * worth.number, worth.currency
        sums[currency] = sums.get(currency, _ZERO) + number
    return sums


def imbalance(entry: Any, left: Mapping[str, Decimal]) -> Problem:
    """Return the error of a generated transaction that does not balance.

    Args:
      left: Sum of the weights of its postings by currency, debits positive.
    """
    amounts = ", ".join(
        f"{figure(left[currency])} {currency}"
        for currency in sorted(left)
        if left[currency]
    )
    return problem_at(
        entry,
        "E601",
        f'the entry of {entry.date} "{entry.narration}" is out of balance by {amounts}; '
        "generated entries balance to exactly zero, so please report it",
    )


def uncountable(entry: Any) -> Problem:
    """Return the error of a generated transaction whose amounts cannot be summed."""
    return problem_at(
        entry,
        "E602",
        f'the entry of {entry.date} "{entry.narration}" has an amount that is missing, '
        "not a number, or too long to add up exactly; look for it in this directive",
    )
