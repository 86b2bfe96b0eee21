"""Warrants a vendor gives its customer: consideration payable, earned by purchases.

Equity granted with a sale reduces revenue as the goods are transferred
(606-10-32-25, 606-10-32-27), measured at the fair value of the day it is granted and
never again (606-10-32-25A; 718-10-30-3).  A target of the share price is inside that
fair value, so that failing it reverses nothing; a target of purchases decides how much
is expected to be earned (718-10-25-20).  To the customer the same amount reduces what
the goods cost (705-20-25-1); once a tranche is wholly earned nothing is left for the
customer to do, and it holds an investment at fair value (815-10-35-1; IFRS 9.5.7.1).
Where a target of the share price has failed it holds nothing, and saves no more.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterator
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

from beanscrow.deal.problems import Position
from beanscrow.deal.terms import Milestone, Usage, Valuation, Warrant
from beanscrow.money import from_quanta, round_half_up
from beanscrow.policy.exact import exact_money, in_the_books_currency, worth_in_quanta
from beanscrow.policy.refusal import Refusal
from beanscrow.policy.terms_of_side import SideTerms


class WarrantEarned(NamedTuple):
    """Fair value of warrants earned by purchases; negative where it is taken back.

    Attributes:
      warrant: Their commodity, and their tranche where they have one.
      amount: At the fair value of the day they were granted.
      revalued: What the customer's asset changes besides, of warrants it has valued
        since; of the same sign, or the other where they have lost value.
    """

    at: Position
    date: datetime.date
    rule: str
    warrant: str
    service: str
    usage_id: str
    amount: Decimal
    revalued: Decimal


class WarrantValued(NamedTuple):
    """Warrants a customer has earned, brought to their fair value of a day.

    Attributes:
      change: Gain, negative for a loss.
    """

    at: Position
    date: datetime.date
    rule: str
    warrant: str
    change: Decimal
    note: str


class _Earning:
    """How far the warrants of one tranche are earned, in whole quanta of money."""

    def __init__(self, fact: Warrant, vests_on: int, scale: int) -> None:
        self.fact = fact
        self.vests_on = vests_on
        self.units = Fraction(fact.units.number)
        self.granted_at = Fraction(fact.fair_value.number) * 10**scale
        # What one is worth to the customer, once it is earned and valued.
        self.price: Fraction | None = None
        self.expected = Fraction(fact.expected)
        self.purchases = 0
        # To the customer: purchases when a target of the share price failed, else None.
        self.lost_at: int | None = None
        self.booked = self.carried = 0
        # What was bought last: a cost taken back goes to where it was saved.
        self.service = ""

    @property
    def name(self) -> str:
        """Commodity and tranche, as a reader of the journal is told."""
        commodity, tranche = self.fact.units.currency, self.fact.tranche
        return f"{commodity} {tranche}" if tranche else commodity

    @property
    def vested(self) -> bool:
        """Whether purchases have earned all of them, and nothing of it is in doubt."""
        return self.purchases >= self.vests_on and self.expected == 1

    def to_date(self) -> int:
        """Return rhu(fair value x expected x purchases / purchases it vests on)."""
        return self._worth(self.granted_at)

    def carrying(self) -> int:
        """Return what the customer carries: at the last valuation of what is earned."""
        return self._worth(self.granted_at if self.price is None else self.price)

    def _worth(self, each: Fraction) -> int:
        bought = self.purchases if self.lost_at is None else self.lost_at
        counted = max(0, min(bought, self.vests_on))
        exact = self.units * each * self.expected * counted / self.vests_on
        return round_half_up(exact.numerator, exact.denominator)


class Warrants:
    """The warrants of one deal, and what its customer has earned of them."""

    def __init__(
        self,
        terms: SideTerms,
        rules: dict[str, str],
        emit: Callable[[WarrantEarned | WarrantValued], None],
        leave: Callable[[Position, str], None],
    ) -> None:
        self.terms = terms
        self.rules = rules
        self.emit = emit
        self.leave = leave
        # By commodity, and the name of the tranche or "".
        self._earnings: dict[tuple[str, str], _Earning] = {}

    def grant(self, fact: Warrant) -> None:
        """Begin to count purchases; nothing is booked before the first (606-10-32-27).

        Raises:
          Refusal: An amount is not in the books' currency, or the same warrants are
            granted already.
        """
        key = fact.units.currency, fact.tranche or ""
        if key in self._earnings:
            raise Refusal(
                "E211",
                f"{self._earnings[key].name} are granted a second time; parts of a grant "
                'that vest apart have names, as `tranche: "V1"`',
            )
        in_the_books_currency(fact.fair_value, self.terms)
        worth = Fraction(fact.fair_value.number) * Fraction(fact.units.number)
        worth_in_quanta(worth, self.terms.scale)
        vests_on = exact_money(fact.vests_on, self.terms, fact.at)
        self._earnings[key] = _Earning(fact, vests_on, self.terms.scale)

    def purchased(self, usage: Usage, amount: int) -> None:
        """Earn what a purchase earns; the change of the amount to date, rounded once.

        Args:
          amount: Billed, in whole quanta; negative for a credit note.
        """
        for _, earning in sorted(self._earnings.items()):
            if usage.date < earning.fact.from_:
                continue
            earning.purchases += amount
            earning.service = usage.service
            self._book(earning, earning.fact.at, usage.date, usage.import_id or "")

    def counted_on(self, day: datetime.date) -> str:
        """Return what counts a purchase of a day, "" where no warrants do."""
        counts = any(it.fact.from_ <= day for it in self._earnings.values())
        return "warrants earned by purchases" if counts else ""

    def milestone(self, fact: Milestone) -> None:
        """Take back what was earned towards a target that failed, or catch up on one met.

        One that names no warrants releases legs, which are of its day already.

        A performance condition that is not met reverses the cost; a target of the
        share price never does (718-10-25-20, 718-10-30-14).

        Raises:
          Refusal: There are no such warrants, or they have no such target.
        """
        if fact.warrant is None:
            self.leave(fact.at, "what it releases is an event of its day")
            return
        found = list(self._named(fact.warrant, fact.tranche))
        if not found:
            raise Refusal(
                "E302",
                f"milestone {fact.name} is of {_said(fact.warrant, fact.tranche)}, and none "
                f"are granted by {fact.date}; warrants: {self._known()}",
            )
        if fact.condition == "market":
            self._market(fact, found)
            return
        changed = False
        for earning in found:
            earning.expected = Fraction(1 if fact.met else 0)
            changed |= self._book(earning, fact.at, fact.date, "")
        if not changed:
            self.leave(fact.at, "what is earned of the warrants stays as it is")

    def _market(self, fact: Milestone, found: list[_Earning]) -> None:
        """Note a target of the share price: it is inside the fair value of the grant.

        The vendor's figures stay as they are.  A customer whose warrants will never be
        exercised carries nothing any more, and the cost it saved stays saved.
        """
        for earning in found:
            if earning.fact.hurdle is None:
                raise Refusal(
                    "E321",
                    f"milestone {fact.name} is a target of the share price, and "
                    f"{earning.name} have no `hurdle:`, so that their fair value holds no "
                    "such target; write it on the deal-warrant, or leave out `condition:`",
                )
        changed = False
        for earning in found if self.terms.side == "startup" else ():
            if fact.met:
                earning.lost_at = None
                changed |= self._book(earning, fact.at, fact.date, "")
                continue
            if earning.lost_at is None:
                earning.lost_at = earning.purchases
            changed |= self._revalue(earning, fact, Fraction(0), f"{fact.name} failed")
        if changed:
            return
        self.leave(
            fact.at,
            "a target of the share price is inside the fair value of the grant: met or "
            "not, it changes nothing that is earned (718-10-25-20)",
        )

    def values(self, fact: Valuation) -> bool:
        """Return whether a valuation is of warrants the deal has granted."""
        return any(fact.stake == commodity for commodity, _ in self._earnings)

    def value(self, fact: Valuation) -> None:
        """Bring warrants that have vested to their fair value, in the customer's books.

        Raises:
          Refusal: None of them has vested, the price is in another currency, or a part of
            the change is said to be own credit.
        """
        assert fact.stake is not None, "asked of what it values"
        in_the_books_currency(fact.price, self.terms)
        if fact.own_credit is not None:
            raise Refusal(
                "E421",
                f"`own-credit:` is stated, and {fact.stake} are an investment of the "
                "customer's, which owes nothing for them; take it out",
            )
        found = list(self._named(fact.stake, fact.tranche))
        vested = [earning for earning in found if earning.vested]
        if not vested:
            raise Refusal("E322", self._not_vested(fact, found))
        changed = False
        for earning in vested:
            price = Fraction(fact.price.number) * 10**self.terms.scale
            note = f"{fact.kind}, {fact.price.number:f} each, {fact.source}"
            changed |= self._revalue(earning, fact, price, note)
        if not changed:
            self.leave(fact.at, "the warrants are carried at that already")

    def _revalue(
        self, earning: _Earning, fact: Valuation | Milestone, price: Fraction, note: str
    ) -> bool:
        """Carry what is earned at a price; return whether that changes anything."""
        earning.price = price
        change = earning.carrying() - earning.carried
        earning.carried += change
        if not change:
            return False
        self.emit(
            WarrantValued(
                fact.at,
                fact.date,
                self.rules["warrant-value"],
                earning.name,
                from_quanta(change, self.terms.scale),
                note,
            )
        )
        return True

    def _not_vested(self, fact: Valuation, found: list[_Earning]) -> str:
        """Return why warrants cannot be valued yet."""
        scale = self.terms.scale
        told = "; ".join(
            f"{earning.name} vest on {from_quanta(earning.vests_on, scale):,f} of purchases "
            f"and stand at {from_quanta(earning.purchases, scale):,f}"
            + ("" if earning.expected == 1 else ", and whether they will is in doubt")
            for earning in found
        )
        return (
            f"{_said(fact.stake or '', fact.tranche)} are valued on {fact.date} and have not "
            f"vested; until then they are carried as earned, at the fair value of their "
            f"grant: {told or 'none are granted by then'}"
        )

    def _named(self, commodity: str, tranche: str | None) -> Iterator[_Earning]:
        for (name, part), earning in sorted(self._earnings.items()):
            if name == commodity and tranche in (None, part):
                yield earning

    def _known(self) -> str:
        return ", ".join(it.name for _, it in sorted(self._earnings.items())) or "none"

    def _book(
        self, earning: _Earning, at: Position, date: datetime.date, usage_id: str
    ) -> bool:
        change = earning.to_date() - earning.booked
        carried = earning.carrying() - earning.carried
        earning.booked += change
        earning.carried += carried
        if not change and not carried:
            return False
        scale = self.terms.scale
        self.emit(
            WarrantEarned(
                at,
                date,
                self.rules["warrants"],
                earning.name,
                earning.service,
                usage_id,
                from_quanta(change, scale),
                from_quanta(carried - change, scale),
            )
        )
        return True


def _said(commodity: str, tranche: str | None) -> str:
    return f"{commodity} {tranche}" if tranche else commodity
