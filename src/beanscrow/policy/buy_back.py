"""Goods sold that the vendor may or must buy back: no sale, but a loan or a lease.

With a forward or a call of the vendor the customer does not control what it was given,
and with a put it has good reason to exercise it will hand it back (606-10-55-68, 55-72;
IFRS 15.B66, B70).  The price to buy back, at its present value (606-10-55-69, 55-77),
decides what it is:

  as much as was paid, or more   a financing: what was received is owed, and grows to
                                 the price at the effective rate (606-10-55-70)
  less                           a lease: the difference is rent, by the days; what will
                                 be paid back is owed (606-10-55-68, 55-72)

An option that lapses ends what was owed, and makes the sale (606-10-55-71, 55-78).  A put
that nobody has reason to exercise is a sale with a right of return (606-10-55-74,
55-76): revenue at once, taken back if the goods come back.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Iterator
from decimal import Decimal
from typing import NamedTuple

from beanscrow.deal.problems import Position
from beanscrow.deal.terms import Fact, Usage, Warrant
from beanscrow.deal.vendor_terms import Buyback, BuybackExercise
from beanscrow.deal.wording import where
from beanscrow.money import from_quanta
from beanscrow.periods import DAY
from beanscrow.policy.effective_interest import grown
from beanscrow.policy.exact import exact_money
from beanscrow.policy.order import Act
from beanscrow.policy.refusal import Refusal, not_built
from beanscrow.policy.straight_line import DayReached, Spread, days_reached
from beanscrow.policy.terms_of_side import SideTerms


class SoldForNow(NamedTuple):
    """Goods billed that will come back: what of the bill is owed back, and what is rent.

    Attributes:
      owed: Of the amount, what will be paid back; the rest is rent of the term.
    """

    at: Position
    date: datetime.date
    rule: str
    buyback: str
    service: str
    usage_id: str
    amount: Decimal
    owed: Decimal


class BuybackAccrued(NamedTuple):
    """Days of a buy-back that have passed: interest on what is owed, and rent."""

    at: Position
    date: datetime.date
    rule: str
    buyback: str
    service: str
    interest: Decimal
    rent: Decimal


class BoughtBack(NamedTuple):
    """Goods bought back at the price agreed, which by then is what is owed."""

    at: Position
    date: datetime.date
    rule: str
    buyback: str
    service: str
    amount: Decimal


class SoldAtLast(NamedTuple):
    """A right to buy or hand back that has lapsed: what is owed becomes the sale's price."""

    at: Position
    date: datetime.date
    rule: str
    buyback: str
    service: str
    amount: Decimal


class HandedBack(NamedTuple):
    """Goods of a sale that stood, handed back for `amount`; `sold` is what they cost."""

    at: Position
    date: datetime.date
    rule: str
    buyback: str
    service: str
    amount: Decimal
    sold: Decimal


BuybackEvent = SoldForNow | BuybackAccrued | BoughtBack | SoldAtLast | HandedBack


class _Agreed:
    """One buy-back, in whole quanta of money, from its sale to its end."""

    def __init__(self, fact: Buyback, price: int, present: int) -> None:
        self.fact = fact
        self.price = price
        self.present = present
        self.service = ""
        self.paid = self.owed = self.start = 0
        self.sold = self.ended = False
        self.rent = Spread(0, fact.date + DAY, fact.to)

    @property
    def stands(self) -> bool:
        """Whether the sale stands, since nobody has reason to hand the goods back."""
        return self.fact.form == "put" and not self.fact.incentive

    def sell(self, usage: Usage, amount: int) -> None:
        """Take up the sale it is of: what of it is owed back, and what is rent."""
        self.sold = True
        self.service = usage.service
        self.paid = amount
        self.owed = self.start = min(amount, self.present)
        self.rent = Spread(amount - self.owed, self.fact.date + DAY, self.fact.to)

    def interest(self, day: datetime.date) -> int:
        """Return what accrues on what is owed up to a day, and book it."""
        days = (self.fact.to - self.fact.date).days
        owed = grown(self.start, self.price, (day - self.fact.date).days, days)
        change = owed - self.owed
        self.owed = owed
        return change


class Buybacks:
    """The buy-backs of one deal, on one side."""

    def __init__(
        self,
        facts: Iterable[Fact],
        broken: Iterable[tuple[datetime.date, Position]],
        terms: SideTerms,
        rules: dict[str, str],
        emit: Callable[[BuybackEvent], None],
        leave: Callable[[Position, str], None],
        carries: Callable[[datetime.date], bool],
    ) -> None:
        facts = list(facts)
        self.terms = terms
        self.rules = rules
        self.emit = emit
        self.leave = leave
        self.carries = carries
        self._warranted = any(isinstance(fact, Warrant) for fact in facts)
        # Days of buy-backs that could not be read, and where they stand.
        self._broken = dict(broken)
        self._of = {
            sale.at: fact
            for fact in facts
            if isinstance(fact, Buyback) and (sale := _sale(fact, facts)) is not None
        }
        self._agreed: dict[str, _Agreed] = {}

    def agree(self, fact: Buyback) -> None:
        """Take up a buy-back, on the day of its sale and before it.

        Raises:
          Refusal: Its terms contradict each other.
        """
        price = exact_money(fact.amount, self.terms, fact.at)
        present = price
        if fact.present_value is not None:
            present = exact_money(fact.present_value, self.terms, fact.at)
        if present > price:
            raise Refusal(
                "E326",
                f"{fact.buyback} has a present value of "
                f"{from_quanta(present, self.terms.scale):,f}, above the price of "
                f"{from_quanta(price, self.terms.scale):,f} that it is discounted from",
            )
        if fact.to <= fact.date:
            raise Refusal(
                "E326",
                f"{fact.buyback} ends on {fact.to}, the day of its sale; a buy-back is later",
            )
        self._agreed[fact.buyback] = _Agreed(fact, price, present)

    def sell(self, usage: Usage, amount: int) -> bool:
        """Take a sale that is none, and return whether it was taken.

        Raises:
          Refusal: Its buy-back was refused, or something else of the deal counts
            purchases, and this is none.
        """
        fact = self._of.get(usage.at)
        if fact is None:
            broken = self._broken.get(usage.date)
            if broken is not None and amount > 0:
                raise Refusal("E327", _unread(f"a buy-back at {where(broken)}"))
            return False
        agreed = self._agreed.get(fact.buyback)
        if agreed is None or agreed.fact is not fact:
            words = f"its buy-back {fact.buyback} at {where(fact.at)}"
            raise Refusal("E326", _unread(words))
        if not agreed.stands:
            self._check_alone(usage)
        agreed.sell(usage, amount)
        if agreed.stands:
            return False
        scale = self.terms.scale
        self.emit(
            SoldForNow(
                usage.at,
                usage.date,
                self.rules["lease-back" if agreed.rent.amount else "buy-back"],
                fact.buyback,
                usage.service,
                usage.import_id or "",
                from_quanta(amount, scale),
                from_quanta(agreed.owed, scale),
            )
        )
        return True

    def _check_alone(self, usage: Usage) -> None:
        if self._warranted:
            raise not_built("a sale with a buy-back in a deal with warrants")
        if self.carries(usage.date):
            raise not_built(
                "a sale with a buy-back under a promise to spend, or for a guarantee, that "
                "carries consideration"
            )

    def reach(self, act: DayReached) -> None:
        """Accrue what the days bring, and on the last one let the goods come or stay."""
        agreed = self._agreed.get(act.fact.buyback)
        if agreed is None or agreed.fact is not act.fact or not agreed.sold:
            return
        if agreed.ended or agreed.stands:
            return
        self._accrue(agreed, act.at, act.date, act.date)
        if act.ends and agreed.fact.form == "forward":
            self._buy_back(agreed, act.at, act.date)
        elif act.ends:
            agreed.ended = True
            self.emit(
                SoldAtLast(
                    act.at,
                    act.date,
                    self.rules["lapsed-back"],
                    act.fact.buyback,
                    agreed.service,
                    from_quanta(agreed.owed, self.terms.scale),
                )
            )

    def exercise(self, fact: BuybackExercise) -> None:
        """Buy goods back by an option, or take them back by the customer's.

        Raises:
          Refusal: There is no such option on that day.
        """
        agreed = self._agreed.get(fact.buyback)
        if agreed is None or not agreed.sold:
            raise Refusal(
                "E325", f"{fact.buyback} is no buy-back of a sale made by {fact.date}"
            )
        terms = agreed.fact
        if terms.form == "forward":
            raise Refusal(
                "E325",
                f"{fact.buyback} is a forward: the goods come back on {terms.to} without a "
                "word of this kind",
            )
        if agreed.ended or not terms.from_ <= fact.date <= terms.to:
            done = ", and was exercised already" if agreed.ended else ""
            raise Refusal(
                "E325",
                f"{fact.buyback} is exercised on {fact.date}; it can be from {terms.from_} "
                f"to {terms.to}{done}",
            )
        if agreed.stands:
            agreed.ended = True
            self.emit(
                HandedBack(
                    fact.at,
                    fact.date,
                    self.rules["handed-back"],
                    fact.buyback,
                    agreed.service,
                    from_quanta(agreed.price, self.terms.scale),
                    from_quanta(agreed.paid, self.terms.scale),
                )
            )
            return
        # Early or not: what is owed is the price, and the rent of the term is earned.
        self._accrue(agreed, fact.at, fact.date, terms.to)
        self._buy_back(agreed, fact.at, fact.date)

    def _accrue(
        self, agreed: _Agreed, at: Position, date: datetime.date, day: datetime.date
    ) -> None:
        interest, rent = agreed.interest(day), agreed.rent.up_to(day)
        if interest or rent:
            scale = self.terms.scale
            rule = "lease-accrued" if agreed.rent.amount else "buyback-interest"
            self.emit(
                BuybackAccrued(
                    at,
                    date,
                    self.rules[rule],
                    agreed.fact.buyback,
                    agreed.service,
                    from_quanta(interest, scale),
                    from_quanta(rent, scale),
                )
            )

    def _buy_back(self, agreed: _Agreed, at: Position, date: datetime.date) -> None:
        agreed.ended = True
        self.emit(
            BoughtBack(
                at,
                date,
                self.rules["bought-back"],
                agreed.fact.buyback,
                agreed.service,
                from_quanta(agreed.price, self.terms.scale),
            )
        )


def buyback_acts(facts: Iterable[Fact], through: datetime.date) -> Iterator[Act]:
    """Yield the days up to which buy-backs are accounted for."""
    for fact in facts:
        if isinstance(fact, Buyback) and fact.to > fact.date:
            yield from days_reached(fact, fact.buyback, fact.date, fact.to, through)


def _sale(fact: Buyback, facts: Iterable[Fact]) -> Usage | None:
    """Return the sale a buy-back is of, as the reader has made sure there is one."""
    for sale in facts:
        if isinstance(sale, Usage) and sale.date == fact.date:
            money = sale.quantity.currency == fact.amount.currency
            if money and sale.quantity.number > 0 and fact.of in (None, sale.import_id):
                return sale
    return None


def _unread(what: str) -> str:
    return (
        f"{what} is refused, and without it this would be booked as a sale; mend that line"
    )
