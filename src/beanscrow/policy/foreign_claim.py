"""Money owed in another currency: a monetary item, remeasured until it is settled.

What is billed, credited or paid takes the rate of its own day (830-20-25-1; IAS 21.21).
What is owed is brought to the newest rate before it moves and at each month end, and the
change is in income (830-20-35-1; IAS 21.23(a), 21.28).  Once nothing is owed nothing is
carried: the cents that rounding has left are a difference of exchange as well.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterator
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

from beanscrow.deal.problems import Position
from beanscrow.deal.terms import Agreement, Commitment, Grant, Money, Payment, Usage
from beanscrow.money import from_quanta, places, round_to_quanta
from beanscrow.periods import periods
from beanscrow.policy.order import ESCROW_RATE, Act
from beanscrow.policy.rates import LEAST_DECIMALS, AtRate, Rate
from beanscrow.policy.schedule import ClaimRemeasured, Event
from beanscrow.policy.terms_of_side import SideTerms

Booked = Callable[[int, AtRate], Event]


class ClaimMonthEnd(NamedTuple):
    """A day on which what is owed in another currency is remeasured."""

    at: Position
    date: datetime.date


class ForeignClaim:
    """What is owed of one deal in one currency: in it, and as it is carried.

    Below zero is what was paid and is owed back.
    """

    def __init__(self, currency: str, at: Position) -> None:
        self.currency = currency
        # The directive it has been owed by since it was last nothing.
        self.at = at
        self.scale = LEAST_DECIMALS
        self.owed = Fraction(0)
        # In quanta of the books.
        self.carrying = 0
        self.rate: Rate | None = None


class ForeignClaims:
    """What the startup owes of one deal in other currencies, for what it was billed."""

    def __init__(
        self, terms: SideTerms, rules: dict[str, str], emit: Callable[[Event], None]
    ) -> None:
        self.terms = terms
        self.rules = rules
        self.emit = emit
        self._of: dict[str, ForeignClaim] = {}

    def worth(self, money: Money, day: datetime.date, at: Position) -> int:
        """Return an amount in quanta of the books, at the rate of its day.

        Raises:
          Refusal: None was stated in the five days up to it.
        """
        rate = Fraction(self.terms.rates.on(money.currency, day, at).number)
        return round_to_quanta(Fraction(money.number) * rate, self.terms.scale)

    def check_rate(self, currency: str, day: datetime.date, at: Position) -> None:
        """Make sure that what begins to be owed on a day has a rate.

        Raises:
          Refusal: None was stated in the five days up to it.
        """
        self.terms.rates.on(currency, day, at)

    def bill(self, money: Money, day: datetime.date, at: Position, booked: Booked) -> None:
        """Add what is billed, negative for a credit note, at the rate of its day.

        Args:
          booked: Makes the event of it, of whole quanta of the books and the rate.
        Raises:
          Refusal: None was stated in the five days up to it; nothing is changed.
        """
        rate = self.terms.rates.on(money.currency, day, at)
        self._move(Fraction(money.number), money, rate, day, at, booked)

    def pay(self, money: Money, day: datetime.date, at: Position, booked: Booked) -> None:
        """Take off what is paid; beyond what is owed, it begins to be owed back.

        What is owed is settled at the newest rate, however old, as cash is released.

        Raises:
          Refusal: More is paid than is owed, and there is no fresh rate for it.
        """
        claim, rates = self._of.get(money.currency), self.terms.rates
        rate = None
        if claim is not None and 0 < money.number <= claim.owed:
            rate = rates.newest(money.currency, day)
        if rate is None:
            rate = rates.on(money.currency, day, at)
        self._move(-Fraction(money.number), money, rate, day, at, booked)

    def month_end(self, act: ClaimMonthEnd) -> None:
        """Remeasure what is owed, currency by currency."""
        for _, claim in sorted(self._of.items()):
            self._remeasure(claim, act.date)

    def _move(
        self,
        change: Fraction,
        money: Money,
        rate: Rate,
        day: datetime.date,
        at: Position,
        booked: Booked,
    ) -> None:
        claim = self._of.setdefault(money.currency, ForeignClaim(money.currency, at))
        if not change:
            self.emit(booked(0, AtRate(money, rate.number)))
            return
        self._remeasure(claim, day)
        if not claim.owed:
            claim.at = at
        worth = round_to_quanta(change * Fraction(rate.number), self.terms.scale)
        claim.rate = rate
        claim.scale = max(claim.scale, places(money.number))
        claim.owed += change
        claim.carrying += worth
        amount = worth if (change > 0) == (money.number > 0) else -worth
        self.emit(booked(amount, AtRate(money, rate.number)))
        if not claim.owed and claim.carrying:
            self._book(claim, day, rate, -claim.carrying)

    def _remeasure(self, claim: ForeignClaim, day: datetime.date) -> None:
        """Bring what is owed to the newest rate, where there is one since the last."""
        old, new = claim.rate, self.terms.rates.newest(claim.currency, day)
        if old is None or new is None or new.number == old.number:
            return
        worth = round_to_quanta(claim.owed * Fraction(new.number), self.terms.scale)
        self._book(claim, day, new, worth - claim.carrying)

    def _book(
        self, claim: ForeignClaim, day: datetime.date, new: Rate, change: int
    ) -> None:
        assert claim.rate is not None, "what is owed was billed at a rate"
        old, claim.rate = claim.rate, new
        claim.carrying += change
        if not change:
            return
        owed = int(claim.owed * 10**claim.scale)
        self.emit(
            ClaimRemeasured(
                claim.at,
                day,
                self.rules["claim-rate"],
                claim.currency,
                from_quanta(owed, claim.scale),
                old.number,
                new.number,
                from_quanta(change, self.terms.scale),
            )
        )


def claim_month_ends(agreement: Agreement, terms: SideTerms) -> Iterator[Act]:
    """Yield the month ends on which what is owed in other currencies is remeasured."""
    first = min(_days(agreement, terms), default=None)
    if first is None or first > terms.through:
        return
    for month in periods(first, terms.through, "month"):
        if month.last <= terms.through:
            key = (month.last, ESCROW_RATE, 0, 2, "", "", Decimal(0), "")
            yield key, ClaimMonthEnd(agreement.deal.at, month.last)


def _days(agreement: Agreement, terms: SideTerms) -> Iterator[datetime.date]:
    """Yield the days from which money may be owed in another currency."""
    deal, knows = agreement.deal, terms.rates.knows
    prices = [deal.overage_price] if deal.overage == "bill" else []
    for fact in agreement.facts:
        if isinstance(fact, Usage):
            if knows(fact.quantity.currency):
                yield fact.date
        elif isinstance(fact, Payment | Commitment):
            if knows(fact.amount.currency):
                yield fact.date
        elif isinstance(fact, Grant) and deal.overage == "bill":
            prices.append(fact.face)
    if any(price is not None and knows(price.currency) for price in prices):
        yield deal.date
