"""A vendor that has to buy its customer's unsold capacity, or answers for its debts.

The promise to buy is executory: exposure that is disclosed, and no entry.  What is paid
for capacity above its fair value is consideration payable to a customer, and reduces
revenue (606-10-32-25, 606-10-32-26; IFRS 15.70, 15.71); the rest is a purchase like any
other, prepaid until it can be used.  To the customer the excess reduces what the
vendor's goods cost (705-20-25-1), and the rest is revenue for its capacity.

A guarantee is a liability at fair value from the day it is given (460-10-25-4,
460-10-30-2; IFRS 9.4.2.1(c)).  It is given to a customer for its purchases, so it
reduces their revenue as they are made (606-10-32-27); the liability is released over
the days of the risk (460-10-35-2).
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Iterator
from decimal import Decimal
from typing import NamedTuple

from beanscrow.deal.problems import Position
from beanscrow.deal.terms import Fact, Usage
from beanscrow.deal.vendor_terms import Backstop, BackstopCall
from beanscrow.money import from_quanta, round_half_up
from beanscrow.policy.exact import exact_money
from beanscrow.policy.order import Act
from beanscrow.policy.refusal import Refusal, not_built
from beanscrow.policy.straight_line import DayReached, Spread, days_reached
from beanscrow.policy.terms_of_side import SideTerms


class CapacityBought(NamedTuple):
    """Capacity a vendor buys of its customer under a backstop.

    Attributes:
      service: Of the vendor's goods, whose price the excess reduces.
      paid: Cash; `worth`, what of it is paid for capacity, no more than its fair value.
      term: Whether it is used over a term, and prepaid until then.
    """

    at: Position
    date: datetime.date
    rule: str
    backstop: str
    service: str
    paid: Decimal
    worth: Decimal
    term: bool


class CapacityUsed(NamedTuple):
    """A part of prepaid capacity whose days have passed."""

    at: Position
    date: datetime.date
    rule: str
    backstop: str
    amount: Decimal


class Guaranteed(NamedTuple):
    """A guarantee given, at its fair value.

    Attributes:
      ahead: Whether it is given for purchases to come, else for those made already.
    """

    at: Position
    date: datetime.date
    rule: str
    backstop: str
    amount: Decimal
    ahead: bool


class GuaranteeConsidered(NamedTuple):
    """What of a guarantee reduces the revenue of purchases; negative where taken back."""

    at: Position
    date: datetime.date
    rule: str
    backstop: str
    amount: Decimal


class GuaranteeReleased(NamedTuple):
    """What of a guarantee is no longer at risk, by the days that have passed."""

    at: Position
    date: datetime.date
    rule: str
    backstop: str
    amount: Decimal


BackstopEvent = (
    CapacityBought | CapacityUsed | Guaranteed | GuaranteeConsidered | GuaranteeReleased
)


class _Promise:
    """One backstop, and what of it is called; of a guarantee, what is still at risk."""

    def __init__(self, fact: Backstop, most: int) -> None:
        self.fact = fact
        self.left = most
        self.risk: Spread | None = None
        # Of a guarantee given for purchases to come.
        self.considered = self.bought = self.purchases = self.worth = 0

    def consider(self) -> int:
        """Return the change of fair value x min(bought, purchases) / purchases."""
        part = max(0, min(self.bought, self.purchases))
        return self._to(round_half_up(self.worth * part, self.purchases))

    def consider_rest(self) -> int:
        """Return what is left of the fair value."""
        return self._to(self.worth)

    def _to(self, to_date: int) -> int:
        change = to_date - self.considered
        self.considered = to_date
        return change


class Backstops:
    """The backstops of one deal, on one side."""

    def __init__(
        self,
        terms: SideTerms,
        rules: dict[str, str],
        emit: Callable[[BackstopEvent], None],
        leave: Callable[[Position, str], None],
    ) -> None:
        self.terms = terms
        self.rules = rules
        self.emit = emit
        self.leave = leave
        self._made: dict[str, _Promise] = {}
        self._used: dict[BackstopCall, Spread] = {}

    # -- the promise ---------------------------------------------------------------

    def begin(self, fact: Backstop) -> None:
        """Begin a backstop: executory, but for a guarantee in the vendor's books."""
        promise = _Promise(fact, exact_money(fact.amount, self.terms, fact.at))
        if fact.purchases is not None:
            promise.purchases = exact_money(fact.purchases, self.terms, fact.at)
        worth = fact.fair_value
        if worth is not None and self.terms.side == "provider":
            self._guarantee(fact, promise, exact_money(worth, self.terms, fact.at))
        else:
            why = (
                "a guarantee of what it owes others is none of the customer's assets"
                if fact.covers == "obligations"
                else "a promise to buy capacity is executory: it is disclosed"
            )
            self.leave(fact.at, why)
        self._made[fact.backstop] = promise

    def _guarantee(self, fact: Backstop, promise: _Promise, worth: int) -> None:
        ahead = fact.purchases is not None
        promise.worth = worth if ahead else 0
        promise.risk = Spread(worth, fact.from_, fact.to)
        self.emit(
            Guaranteed(
                fact.at,
                fact.date,
                self.rules["guarantee"],
                fact.backstop,
                from_quanta(worth, self.terms.scale),
                ahead,
            )
        )

    def purchased(self, usage: Usage, amount: int) -> None:
        """Let a purchase take up its part of the guarantees given for purchases.

        Args:
          amount: Billed, in whole quanta; negative for a credit note.
        """
        for _, promise in sorted(self._made.items()):
            if promise.purchases and usage.date <= promise.fact.to:
                promise.bought += amount
                self._consider(promise, usage.date, promise.consider())

    def _consider(self, promise: _Promise, date: datetime.date, change: int) -> None:
        if change:
            self.emit(
                GuaranteeConsidered(
                    promise.fact.at,
                    date,
                    self.rules["guarantee-considered"],
                    promise.fact.backstop,
                    from_quanta(change, self.terms.scale),
                )
            )

    def waits(self, day: datetime.date) -> bool:
        """Return whether a guarantee waits for purchases on a day."""
        return any(it.purchases and day <= it.fact.to for it in self._made.values())

    def counted_on(self, day: datetime.date) -> str:
        """Return what counts a purchase of a day, "" where no guarantee does."""
        return "a guarantee given for purchases" if self.waits(day) else ""

    def passed(self, act: DayReached) -> None:
        """Release what is no longer at risk, and at the end what was never bought for."""
        fact: Backstop = act.fact
        promise = self._made.get(fact.backstop)
        if promise is None or promise.fact is not fact or promise.risk is None:
            return
        change = promise.risk.up_to(act.date)
        if change:
            self.emit(
                GuaranteeReleased(
                    fact.at,
                    act.date,
                    self.rules["guarantee-released"],
                    fact.backstop,
                    from_quanta(change, self.terms.scale),
                )
            )
        if act.ends:
            self._consider(promise, act.date, promise.consider_rest())

    # -- what is called of it --------------------------------------------------------

    def call(self, fact: BackstopCall) -> None:
        """Buy capacity under a backstop.

        Raises:
          Refusal: There is no such backstop on that day, it has less left, or it
            answers for debts.
        """
        promise = self._made.get(fact.backstop)
        if promise is None or not promise.fact.from_ <= fact.date <= promise.fact.to:
            known = "; ".join(
                f"{name} from {it.fact.from_} to {it.fact.to}"
                for name, it in sorted(self._made.items())
            )
            raise Refusal(
                "E323",
                f"{fact.backstop} is called on {fact.date}, when it is not in force; "
                f"backstops: {known or 'none'}",
            )
        if promise.fact.covers == "obligations":
            raise not_built("a call of a guarantee")
        paid = exact_money(fact.amount, self.terms, fact.at)
        worth = min(paid, exact_money(fact.fair_value, self.terms, fact.at))
        if paid > promise.left:
            scale = self.terms.scale
            raise Refusal(
                "E324",
                f"{from_quanta(paid, scale):,f} {self.terms.currency} is called of "
                f"{fact.backstop}, which has {from_quanta(promise.left, scale):,f} left",
            )
        promise.left -= paid
        term = term_of(fact)
        if term is not None:
            self._used[fact] = Spread(worth, *term)
        self.emit(
            CapacityBought(
                fact.at,
                fact.date,
                self.rules["capacity"],
                fact.backstop,
                fact.service,
                from_quanta(paid, self.terms.scale),
                from_quanta(worth, self.terms.scale),
                term is not None,
            )
        )

    def use(self, act: DayReached) -> None:
        """Use prepaid capacity by the days that have passed."""
        spread = self._used.get(act.fact)
        change = spread.up_to(act.date) if spread is not None else 0
        if change:
            self.emit(
                CapacityUsed(
                    act.at,
                    act.date,
                    self.rules["capacity-used"],
                    act.fact.backstop,
                    from_quanta(change, self.terms.scale),
                )
            )


def term_of(fact: BackstopCall) -> tuple[datetime.date, datetime.date] | None:
    """Return the days capacity can be used, None where it is used up when it is paid."""
    if fact.to is None or fact.to <= fact.date:
        return None
    return fact.from_ or fact.date, fact.to


def backstop_acts(facts: Iterable[Fact], through: datetime.date) -> Iterator[Act]:
    """Yield the days up to which prepaid capacity and guarantees are accounted for."""
    for fact in facts:
        if isinstance(fact, BackstopCall) and (term := term_of(fact)) is not None:
            first = max(fact.date, term[0])
            yield from days_reached(fact, fact.backstop, first, term[1], through)
        elif isinstance(fact, Backstop) and fact.fair_value is not None:
            first = max(fact.date, fact.from_)
            yield from days_reached(fact, fact.backstop, first, fact.to, through)
