"""Goods of others drawn with the provider's credits: the provider is their agent.

Credits spent on a marketplace item settle the provider's own promise, but the item is
a third party's.  Where the provider does not control it before it is handed over it
is an agent, and its revenue is what it keeps: the price of the credits less what it
owes the supplier (606-10-55-36 to 55-40; IFRS 15.B34 to B38).
"""

from __future__ import annotations

import datetime
from collections.abc import Callable
from decimal import Decimal
from typing import NamedTuple

from beanscrow.deal.problems import Position
from beanscrow.deal.terms import Agent
from beanscrow.money import from_quanta
from beanscrow.policy.exact import exact_money
from beanscrow.policy.terms_of_side import SideTerms


class ThirdPartyOwed(NamedTuple):
    """What is owed to a supplier out of the price of credits; negative takes back."""

    at: Position
    date: datetime.date
    rule: str
    service: str
    supplier: str
    amount: Decimal


class Agency:
    """Takes from revenue what is owed to the suppliers of one deal's goods."""

    def __init__(
        self, terms: SideTerms, rule: str, emit: Callable[[ThirdPartyOwed], None]
    ) -> None:
        self.terms = terms
        self.rule = rule
        self.emit = emit

    def owe(self, fact: Agent) -> None:
        """Owe a supplier an amount, presented net of the revenue of its service.

        Raises:
          Refusal: The amount is not in the books' currency, or finer than its cent.
        """
        amount = from_quanta(
            exact_money(fact.amount, self.terms, fact.at), self.terms.scale
        )
        self.emit(
            ThirdPartyOwed(
                fact.at, fact.date, self.rule, fact.service, fact.supplier or "", amount
            )
        )
