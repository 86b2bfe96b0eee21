"""Agreed amounts taken at their word: in quanta of the books, or refused."""

from __future__ import annotations

from fractions import Fraction
from typing import Protocol

from beanscrow.deal.problems import Position
from beanscrow.deal.terms import Money
from beanscrow.money import from_quanta, round_to_quanta, to_quanta
from beanscrow.policy.refusal import Refusal, not_built

_WHOLE_DIGITS = 18


class Precision(Protocol):
    """The money books are kept in, and its decimals."""

    @property
    def currency(self) -> str: ...

    @property
    def scale(self) -> int: ...


def exact_money(money: Money, terms: Precision, at: Position) -> int:
    """Return an agreed amount in quanta of the books.

    Raises:
      Refusal: It is in another currency than the books, or written finer.
    """
    in_the_books_currency(money, terms)
    try:
        return to_quanta(money.number, terms.scale)
    except ValueError:
        raise Refusal(
            "E216",
            f"{money.number:f} {money.currency} is finer than the books, which are kept to "
            f"{terms.scale} decimals; round it as the contract says",
            at,
        ) from None


def worth_in_quanta(exact: Fraction, scale: int, at: Position | None = None) -> int:
    """Return what something is worth in whole quanta, rounded half up.

    A number of a line has eighteen digits before the point at most; so has a product of
    two, since beyond them Beancount's sums are not exact.

    Args:
      exact: In the money of the books.
      scale: Decimals of the books.
      at: The line that says it, where it is not the fact being accounted for.

    Raises:
      Refusal: It is more than can be added up exactly.
    """
    quanta = round_to_quanta(exact, scale)
    if abs(quanta) >= 10 ** (_WHOLE_DIGITS + scale):
        raise Refusal(
            "E224",
            f"it comes to {from_quanta(quanta, scale):,f}, which has more than "
            f"{_WHOLE_DIGITS} digits before the point and cannot be added up exactly; "
            "check the units and the price of one",
            at,
        )
    return quanta


def in_the_books_currency(money: Money, terms: Precision) -> None:
    """Make sure that an amount, or a price of one unit, needs no rate of exchange.

    Raises:
      Refusal: It does, which is not built yet.
    """
    if money.currency != terms.currency:
        raise not_built(f"an amount in {money.currency} in books kept in {terms.currency}")
