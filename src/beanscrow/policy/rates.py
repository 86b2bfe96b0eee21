"""Rates of exchange, as the ledger's `price` lines state them.

An event is converted once, at the rate of its day (830-10-45-18; IAS 21.21), and
what it gave rise to is non-monetary: no later rate moves it.  Only a rate that is
fresh speaks for an event; cash is remeasured at the newest, however old.
"""

from __future__ import annotations

import datetime
from bisect import bisect_right
from collections.abc import Iterable
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple, Protocol

from beanscrow.deal.problems import Position
from beanscrow.deal.terms import Money
from beanscrow.money import round_to_quanta
from beanscrow.policy.exact import Precision, exact_money, worth_in_quanta
from beanscrow.policy.refusal import Refusal

FRESH = datetime.timedelta(days=5)
# Of a bill in another currency, of which the ledger states no precision.
LEAST_DECIMALS = 2


class Rate(NamedTuple):
    """What one unit of a currency was worth in money of the books, from a day on."""

    date: datetime.date
    currency: str
    number: Decimal


class AtRate(NamedTuple):
    """An amount of another currency, and what a unit of it was worth in the books."""

    money: Money
    rate: Decimal


class Rates:
    """The rates of one ledger, into the currency it is kept in."""

    def __init__(self, functional: str, stated: Iterable[Rate]) -> None:
        self.functional = functional
        self._of: dict[str, list[Rate]] = {}
        # The first day of a currency of which two are stated, with both.
        self._twice: dict[str, tuple[Rate, Rate]] = {}
        for rate in sorted(set(stated)):
            known = self._of.setdefault(rate.currency, [])
            if known and known[-1].date == rate.date:
                self._twice.setdefault(rate.currency, (known[-1], rate))
            known.append(rate)

    def knows(self, currency: str) -> bool:
        """Return whether the ledger states any rate of a currency."""
        return currency in self._of

    def newest(self, currency: str, day: datetime.date) -> Rate | None:
        """Return the last rate stated on or before a day, of any age."""
        known = self._of.get(currency, [])
        count = bisect_right(known, day, key=lambda rate: rate.date)
        return known[count - 1] if count else None

    def on(self, currency: str, day: datetime.date, at: Position) -> Rate:
        """Return the rate an event of a day is converted at.

        Raises:
          Refusal: None was stated in the five days up to it, or some day has two.
        """
        if currency in self._twice:
            one, other = self._twice[currency]
            raise Refusal(
                "E218",
                f"the ledger states two rates of {currency} for {one.date}, "
                f"{one.number:f} and {other.number:f} {self.functional}; keep one",
                at,
            )
        rate = self.newest(currency, day)
        if rate is None or day - rate.date > FRESH:
            last = "there is none before" if rate is None else f"the last is of {rate.date}"
            raise Refusal(
                "E218",
                f"an amount in {currency} on {day} needs a rate of that day or of the five "
                f"days before it, and {last}; write `{day} price {currency} <rate> "
                f"{self.functional}`",
                at,
            )
        return rate


def in_the_books(money: Money, day: datetime.date, at: Position, rates: Rates) -> Fraction:
    """Return an amount, or a price of one unit, in money of the books, not yet rounded.

    Args:
      day: Of the deed it is said of; an amount in another currency takes its rate.
    Raises:
      Refusal: The ledger states no fresh rate for that day.
    """
    exact = Fraction(money.number)
    if money.currency == rates.functional:
        return exact
    return exact * Fraction(rates.on(money.currency, day, at).number)


class _Terms(Precision, Protocol):
    @property
    def rates(self) -> Rates: ...


def agreed_amount(money: Money, day: datetime.date, at: Position, terms: _Terms) -> int:
    """Return an amount of a deed in quanta of the books.

    In money of the books it is as agreed; in another it takes the rate of its day, and
    is rounded once.

    Args:
      day: Of the deed.
    Raises:
      Refusal: It is written finer than the books, or no fresh rate of that day is stated.
    """
    if money.currency == terms.currency:
        return exact_money(money, terms, at)
    return worth_in_quanta(in_the_books(money, day, at, terms.rates), terms.scale)


def exchanged(amount: int, scale: int, rate: Rate, to_scale: int) -> int:
    """Return an amount in quanta of the books, rounded once.

    Args:
      amount: Quanta of 10^-scale of the rate's currency.
      to_scale: Decimals of the books.
    """
    return round_to_quanta(Fraction(amount, 10**scale) * Fraction(rate.number), to_scale)
