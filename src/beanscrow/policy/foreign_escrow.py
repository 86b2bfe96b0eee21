"""Own cash ring-fenced in another currency: a monetary item, remeasured (830-10-45-17).

It is remeasured before each movement and at each month end, to the newest rate
stated; without a new rate there is nothing to enter (IAS 21.23).  What is released
takes its part of the carrying amount, and the last of it takes the rest.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Iterator
from decimal import Decimal
from typing import NamedTuple

from beanscrow.deal.problems import Position
from beanscrow.deal.terms import Fact, Grant
from beanscrow.money import from_quanta, round_half_up
from beanscrow.periods import periods
from beanscrow.policy.order import ESCROW_RATE, Act
from beanscrow.policy.rates import Rate, exchanged
from beanscrow.policy.schedule import EscrowRemeasured, Event
from beanscrow.policy.terms_of_side import SideTerms


class MonthEnd(NamedTuple):
    """A day on which ring-fenced cash in another currency is remeasured."""

    at: Position
    date: datetime.date


class ForeignEscrow:
    """Ring-fenced cash of one tranche, in its own currency and as it is carried."""

    def __init__(
        self, tranche: str, at: Position, currency: str, scale: int, abroad: Abroad
    ) -> None:
        self.tranche = tranche
        self.at = at
        self.currency = currency
        self.scale = scale
        self.abroad = abroad
        # In quanta of its own currency, and of the books.
        self.held = self.carrying = 0
        # That it is carried at, from the first cash on.
        self._rate: Rate | None = None

    def set_aside(self, amount: int) -> int:
        """Return what cash of the day's rate adds to the carrying amount.

        Args:
          amount: In quanta of the escrow's currency, positive.

        Raises:
          Refusal: No cash was set aside before, and the day has no fresh rate.
        """
        self.remeasure()
        rate = self._rate
        if rate is None:
            rate = self._rate = self.abroad.fresh(self)
            self.abroad.escrows.append(self)
        worth = exchanged(amount, self.scale, rate, self.abroad.terms.scale)
        self.held += amount
        self.carrying += worth
        return worth

    def release(self, amount: int) -> int:
        """Return the carrying amount that leaves with cash; negative comes back at the rate."""
        if amount < 0:
            return -self.set_aside(-amount)
        if not amount:
            return 0
        self.remeasure()
        worth = round_half_up(self.carrying * amount, self.held)
        self.held -= amount
        self.carrying -= worth
        return worth

    def remeasure(self) -> None:
        """Bring what is held to the newest rate, where there is one since the last."""
        old = self._rate
        if old is None:
            return
        new = self.abroad.newest(self)
        if new == old:
            return
        self._rate = new
        scale = self.abroad.terms.scale
        carrying = exchanged(self.held, self.scale, new, scale)
        change, self.carrying = carrying - self.carrying, carrying
        if change:
            self.abroad.emit(
                EscrowRemeasured(
                    self.at,
                    self.abroad.day,
                    self.abroad.rule,
                    self.tranche,
                    self.currency,
                    from_quanta(self.held, self.scale),
                    old.number,
                    new.number,
                    from_quanta(change, scale),
                )
            )


class Abroad:
    """The escrows of one deal in other currencies, and the day they stand at."""

    def __init__(self, terms: SideTerms, rule: str, emit: Callable[[Event], None]) -> None:
        self.terms = terms
        self.rule = rule
        self.emit = emit
        self.day = datetime.date.min
        self.escrows: list[ForeignEscrow] = []

    def open(
        self, tranche: str, at: Position, currency: str, number: Decimal
    ) -> ForeignEscrow:
        """Return a new escrow of a tranche, kept as finely as its amount is written.

        It is one of the deal's once cash is set aside in it.
        """
        scale = max(2, -int(number.as_tuple().exponent))
        return ForeignEscrow(tranche, at, currency, scale, self)

    def newest(self, escrow: ForeignEscrow) -> Rate:
        """Return the newest rate of any age; there was one when the cash was set aside."""
        rate = self.terms.rates.newest(escrow.currency, self.day)
        assert rate is not None, "cash is set aside at a rate"
        return rate

    def fresh(self, escrow: ForeignEscrow) -> Rate:
        """Return the rate of the day cash is first set aside."""
        return self.terms.rates.on(escrow.currency, self.day, escrow.at)

    def month_end(self, _: MonthEnd) -> None:
        """Remeasure everything held, tranche by tranche."""
        for escrow in self.escrows:
            escrow.remeasure()


def month_ends(facts: Iterable[Fact], terms: SideTerms) -> Iterator[Act]:
    """Yield the month ends on which the provider's own cash abroad is remeasured."""
    if terms.side != "provider":
        return
    abroad = [
        fact
        for fact in facts
        if isinstance(fact, Grant)
        and fact.escrow
        and fact.escrow.currency != terms.currency
    ]
    first = min(abroad, key=lambda grant: (grant.date, grant.tranche), default=None)
    if first is None or first.date > terms.through:
        return
    for month in periods(first.date, terms.through, "month"):
        if month.last <= terms.through:
            key = (month.last, ESCROW_RATE, 0, 1, "", "", Decimal(0), "")
            yield key, MonthEnd(first.at, month.last)
