"""A promise to spend: executory, until what was promised and not bought falls due.

Neither party has performed, so the promise itself is no asset and no liability.  Money
usage counts to the first commitment whose term holds its day; at the end of a
take-or-pay commitment the shortfall is owed, and to the provider it is breakage
(606-10-55-46 to 55-49).
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Iterator
from decimal import Decimal
from typing import NamedTuple

from beanscrow.deal.problems import Position
from beanscrow.deal.terms import Commitment, Fact, Usage
from beanscrow.money import from_quanta
from beanscrow.policy.exact import exact_money
from beanscrow.policy.order import COMMITMENT_END, Act
from beanscrow.policy.refusal import not_built
from beanscrow.policy.terms_of_side import SideTerms

_NO_NUMBER = Decimal(0)


class Shortfall(NamedTuple):
    """What a take-or-pay commitment leaves to be paid at its end."""

    at: Position
    date: datetime.date
    rule: str
    commitment: str
    amount: Decimal


class CommitmentEnd(NamedTuple):
    """The last day of a commitment."""

    at: Position
    date: datetime.date
    commitment: Commitment


class Commitments:
    """What has been spent of the promises of one deal, in whole quanta of money."""

    def __init__(
        self,
        terms: SideTerms,
        rule: str,
        emit: Callable[[Shortfall], None],
    ) -> None:
        self.terms = terms
        self.rule = rule
        self.emit = emit
        self._begun: list[Commitment] = []
        self._spent: dict[str, int] = {}

    def begin(self, fact: Commitment) -> None:
        """Begin to count what is bought; the promise is executory, and books nothing.

        Raises:
          Refusal: Credits are to count as money, whose measure is not settled.
        """
        if fact.counts_credits:
            raise not_built("a commitment that counts credits (`counts-credits: TRUE`)")
        exact_money(fact.amount, self.terms, fact.at)
        self._begun.append(fact)
        self._begun.sort(key=lambda it: (it.from_, it.to, it.commitment))
        self._spent[fact.commitment] = 0

    def purchased(self, usage: Usage, amount: int) -> None:
        """Count a purchase to the first commitment whose term holds its day."""
        for fact in self._begun:
            if fact.from_ <= usage.date <= fact.to:
                self._spent[fact.commitment] += amount
                return

    def end(self, act: CommitmentEnd) -> None:
        """Bill what was promised and not bought, where the contract is take-or-pay."""
        fact = act.commitment
        if fact.commitment not in self._spent or fact.shortfall != "take-or-pay":
            return
        promised = exact_money(fact.amount, self.terms, fact.at)
        short = promised - self._spent[fact.commitment]
        if short > 0:
            amount = from_quanta(short, self.terms.scale)
            self.emit(Shortfall(fact.at, act.date, self.rule, fact.commitment, amount))


def commitment_ends(facts: Iterable[Fact]) -> Iterator[Act]:
    """Yield the last days of a deal's commitments."""
    for fact in facts:
        if isinstance(fact, Commitment):
            key = (fact.to, COMMITMENT_END, 0, 1, fact.commitment, "", _NO_NUMBER, "")
            yield key, CommitmentEnd(fact.at, fact.to, fact)
