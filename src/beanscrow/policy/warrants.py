"""Warrants a vendor gives its customer: consideration payable, earned by purchases.

Equity granted with a sale reduces revenue as the goods are transferred
(606-10-32-25, 606-10-32-27), measured at the fair value of the day it is granted and
never again (606-10-32-25A; 718-10-30-3).  A target of the share price is inside that
fair value; a target of purchases decides how much is expected to be earned.  To the
customer the same amount reduces what the goods cost (705-20-25-1).
"""

from __future__ import annotations

import datetime
from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

from beanscrow.deal.problems import Position
from beanscrow.deal.terms import Milestone, Usage, Warrant
from beanscrow.money import from_quanta, round_half_up
from beanscrow.policy.exact import exact_money, in_the_books_currency
from beanscrow.policy.refusal import Refusal
from beanscrow.policy.terms_of_side import SideTerms


class WarrantEarned(NamedTuple):
    """Fair value of warrants earned by purchases; negative where it is taken back."""

    at: Position
    date: datetime.date
    rule: str
    warrant: str
    service: str
    usage_id: str
    amount: Decimal


class _Earning:
    """How far the warrants of one grant are earned, in whole quanta of money."""

    def __init__(self, fact: Warrant, vests_on: int, fair_value: Fraction) -> None:
        self.fact = fact
        self.vests_on = vests_on
        self.fair_value = fair_value
        self.expected = Fraction(fact.expected)
        self.purchases = 0
        self.booked = 0
        # What was bought last: a cost taken back goes to where it was saved.
        self.service = ""

    def to_date(self) -> int:
        """Return rhu(fair value x expected x purchases / purchases it vests on)."""
        counted = max(0, min(self.purchases, self.vests_on))
        exact = self.fair_value * self.expected * counted / self.vests_on
        return round_half_up(exact.numerator, exact.denominator)


class Warrants:
    """The warrants of one deal, and what its customer has earned of them."""

    def __init__(
        self,
        terms: SideTerms,
        rule: str,
        emit: Callable[[WarrantEarned], None],
        leave: Callable[[Position, str], None],
    ) -> None:
        self.terms = terms
        self.rule = rule
        self.emit = emit
        self.leave = leave
        self._earnings: dict[str, _Earning] = {}

    def grant(self, fact: Warrant) -> None:
        """Begin to count purchases; nothing is booked before the first (606-10-32-27).

        Raises:
          Refusal: An amount is not in the books' currency, or the same warrants are
            granted already.
        """
        name = fact.units.currency
        if name in self._earnings:
            raise Refusal(
                "E211",
                f"{name} are granted a second time; the tranches of a grant that vest "
                "apart are commodities of their own",
            )
        in_the_books_currency(fact.fair_value, self.terms)
        vests_on = exact_money(fact.vests_on, self.terms, fact.at)
        each = Fraction(fact.fair_value.number) * 10**self.terms.scale
        value = Fraction(fact.units.number) * each
        self._earnings[name] = _Earning(fact, vests_on, value)

    def purchased(self, usage: Usage, amount: int) -> None:
        """Earn what a purchase earns; the change of the amount to date, rounded once.

        Args:
          amount: Billed, in whole quanta; negative for a credit note.
        """
        for name, earning in sorted(self._earnings.items()):
            if usage.date < earning.fact.from_:
                continue
            earning.purchases += amount
            earning.service = usage.service
            self._book(earning.fact.at, usage.date, name, usage.import_id or "")

    def milestone(self, fact: Milestone) -> None:
        """Take back what was earned towards a target that failed, or catch up on one met.

        A performance condition that is not met reverses the cost; a target of the
        share price never does (718-10-25-20, 718-10-30-14).

        Raises:
          Refusal: There are no such warrants.
        """
        assert fact.warrant is not None, "one without warrants is not of them"
        earning = self._earnings.get(fact.warrant)
        if earning is None:
            raise Refusal(
                "E302",
                f"milestone {fact.name} is of {fact.warrant}, and none are granted by "
                f"{fact.date}; warrants: {', '.join(sorted(self._earnings)) or 'none'}",
            )
        earning.expected = Fraction(1 if fact.met else 0)
        if not self._book(fact.at, fact.date, fact.warrant, ""):
            self.leave(fact.at, "what is earned of the warrants stays as it is")

    def _book(
        self,
        at: Position,
        date: datetime.date,
        name: str,
        usage_id: str,
    ) -> bool:
        earning = self._earnings[name]
        to_date = earning.to_date()
        change = to_date - earning.booked
        earning.booked = to_date
        if not change:
            return False
        amount = from_quanta(change, self.terms.scale)
        self.emit(
            WarrantEarned(at, date, self.rule, name, earning.service, usage_id, amount)
        )
        return True
