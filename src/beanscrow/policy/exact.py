"""Agreed amounts taken at their word: in quanta of the books, or refused."""

from __future__ import annotations

from typing import Protocol

from beanscrow.deal.problems import Position
from beanscrow.deal.terms import Money
from beanscrow.money import to_quanta
from beanscrow.policy.refusal import Refusal, not_built


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


def in_the_books_currency(money: Money, terms: Precision) -> None:
    """Make sure that an amount, or a price of one unit, needs no rate of exchange.

    Raises:
      Refusal: It does, which is not built yet.
    """
    if money.currency != terms.currency:
        raise not_built(f"an amount in {money.currency} in books kept in {terms.currency}")
