"""A promise to spend that is changed, or ends before its last day.

A change is prospective: compute still to be bought is distinct from what was, so what the
promise carries and has not released is spread over what is still to be spent
(606-10-25-13(a)).  The shortfall is reckoned at the new last day, against the new amount.

An end leaves nobody bound: no shortfall is owed, and what is carried is derecognised as
credits given up are.  L is what is carried, below zero where the customer was paid for
more than its shares; D = L - cash paid.  D > 0 is revenue: a modification where money
moved, breakage where none did (606-10-55-48).  D < 0 is consideration payable to the
customer, also where it failed (606-10-32-25; that it is no impairment loss is a judgement).

What is promised and spent counts in the currency of the promise.  What it carries keeps the
rate of its event, and cash takes that of its day (830-10-45-18, 830-20-25-1; IAS 21.21).
"""

from __future__ import annotations

import datetime
from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, NamedTuple

from beanscrow.deal.problems import Position
from beanscrow.deal.terms import Amend, CommitmentEnding, Money
from beanscrow.money import from_quanta, round_to_quanta
from beanscrow.policy.commitment import Commitments, Promise
from beanscrow.policy.exact import exact_money
from beanscrow.policy.paragraphs import joined
from beanscrow.policy.rates import AtRate
from beanscrow.policy.refusal import Refusal, not_built

if TYPE_CHECKING:
    from beanscrow.policy.terms_of_side import SideTerms

_NO_ENTRY = "it changes a promise to spend and moves no money"
_NOTHING_CARRIED = "nothing is carried for the promise it ends, and no money moves"


class PromiseChanged(NamedTuple):
    """A promise to spend under other terms, from its day on.

    Attributes:
      to: Last day in force, inclusive.
      amount: Promised in all, in the currency of the promise.
    """

    at: Position
    date: datetime.date
    rule: str
    commitment: str
    to: datetime.date
    amount: Decimal


class PromiseEnded(NamedTuple):
    """A promise to spend that ended before its last day.

    Attributes:
      price: What it carried, L: positive where compute was owed for shares.
      unspent: Of what was promised, what need not be spent any more; in its currency.
      cash: Paid by the provider; negative where the startup paid.
      difference: D = price - cash.
      given_back: Whether any money moved.
      abroad: The cash in another currency than the books', None for theirs.
    """

    at: Position
    date: datetime.date
    rule: str
    commitment: str
    reason: str
    price: Decimal
    unspent: Money
    cash: Decimal
    difference: Decimal
    given_back: bool
    abroad: AtRate | None = None


class PromiseLife:
    """What happens to the promises of one deal besides what is bought under them."""

    def __init__(
        self,
        commitments: Commitments,
        terms: SideTerms,
        rules: dict[str, str],
        emit: Callable[[PromiseChanged | PromiseEnded], None],
        leave: Callable[[Position, str], None],
    ) -> None:
        self.commitments = commitments
        self.terms = terms
        self.rules = rules
        self.emit = emit
        self.leave = leave

    def amend(self, fact: Amend) -> None:
        """Change how long a promise runs, how much it is for, or both; books nothing.

        Raises:
          Refusal: It is not made yet, or has ended; or no more is promised than was
            spent; or it has a financing component, of which a change is not built.
        """
        promise = self._running(fact.commitment or "", fact.date, "amended")
        if promise.financed is not None:
            raise not_built("an amendment of a promise to spend with a financing component")
        name, amount = promise.fact.commitment, promise.amount
        if fact.amount is not None:
            amount, currency = fact.amount
            if currency == self.terms.currency:
                exact_money(fact.amount, self.terms, fact.at)
            spent = promise.spent + promise.before
            if amount <= spent:
                raise Refusal(
                    "E316",
                    f"{amount:,f} {currency} is promised in all and "
                    f"{_shown(spent, promise):,f} was spent under {name} before "
                    f"{fact.date}; promise more than that, or end it with a "
                    "deal-commitment-end",
                )
        promise.rebase(amount)
        promise.to = fact.to or promise.to
        self.leave(fact.at, _NO_ENTRY)
        self.emit(
            PromiseChanged(
                fact.at, fact.date, self.rules["blend"], name, promise.to, amount
            )
        )

    def end(self, fact: CommitmentEnding) -> None:
        """Derecognise what a promise carries; nothing of it is owed or released any more.

        Raises:
          Refusal: It is not made yet, or has ended already; or its cash is in another
            currency, and its day has no rate.
        """
        promise = self._running(fact.commitment, fact.date, "ended")
        cash, abroad = self._cash(fact)
        price = promise.release_rest()
        promise.ended = True
        event = PromiseEnded(
            fact.at,
            fact.date,
            self._cited(promise, price, cash, abroad),
            fact.commitment,
            fact.reason,
            from_quanta(price, self.terms.scale),
            Money(_shown(promise.unspent, promise), promise.fact.amount.currency),
            from_quanta(cash, self.terms.scale),
            from_quanta(price - cash, self.terms.scale),
            bool(cash),
            abroad,
        )
        if not price and not cash:
            self.leave(fact.at, _NOTHING_CARRIED)
        self.emit(event)

    def _cash(self, fact: CommitmentEnding) -> tuple[int, AtRate | None]:
        """Return the cash in quanta of the books, and what it is in another currency."""
        if fact.cash is None:
            return 0, None
        number, currency = fact.cash
        if currency == self.terms.currency:
            return exact_money(fact.cash, self.terms, fact.at), None
        rate = self.terms.rates.on(currency, fact.date, fact.at).number
        worth = round_to_quanta(Fraction(number) * Fraction(rate), self.terms.scale)
        return worth, AtRate(fact.cash, rate)

    def _running(self, name: str, day: datetime.date, what: str) -> Promise:
        promise = self.commitments.named(name)
        if promise is None:
            raise Refusal(
                "E302",
                f"commitment {name} is {what} on {day}, and it is not made by then; write "
                "the day of its contract event or a later one",
            )
        if promise.ended or promise.to < day:
            raise Refusal(
                "E309",
                f"commitment {name} is {what} on {day}, and nothing of it is left to keep: "
                + (
                    f"it ran to {promise.to}"
                    if promise.to < day
                    else "it was ended by an earlier deal-commitment-end"
                ),
            )
        return promise

    def _cited(self, promise: Promise, price: int, cash: int, abroad: AtRate | None) -> str:
        """Return what decides an end, and the rates of what it carried and of its cash."""
        rule = self._rule(price, price - cash, moved=bool(cash))
        if price:
            rule = self.commitments.cited(promise, rule)
        return rule if abroad is None else joined((rule, self.rules["billed-abroad"]))

    def _rule(self, price: int, difference: int, *, moved: bool) -> str:
        """Return the paragraph an end follows, of what is credited or debited by it."""
        if self.terms.side == "startup":
            # What it got from the vendor, what it paid in shares, or what it pays to leave.
            return self.rules[
                "consideration" if price < 0 else "breakage" if price else "shortfall"
            ]
        if difference < 0:
            return self.rules["consideration"]
        return self.rules["modification" if moved else "breakage"]


def _shown(exact: Fraction, promise: Promise) -> Decimal:
    """Return an amount of a promise in its currency, as it could be billed."""
    return from_quanta(round_to_quanta(exact, promise.scale), promise.scale)
