"""One deal of a ledger as its own side sees it."""

from __future__ import annotations

import datetime
from typing import NamedTuple, TypeVar

from beanscrow.deal.terms import Agreement, Books, Role

_Fact = TypeVar("_Fact")


class Case(NamedTuple):
    """One deal of a ledger: its terms, and whose books are kept of it."""

    agreement: Agreement
    books: Books
    side: Role
    through: datetime.date

    def facts(self, kind: type[_Fact]) -> list[_Fact]:
        """Return the facts of one type that the books have reached, by date."""
        found = [
            fact
            for fact in self.agreement.facts
            if isinstance(fact, kind) and fact.date <= self.through
        ]
        return sorted(found, key=lambda fact: (fact.date, fact.at))  # type: ignore[attr-defined]

    @property
    def id(self) -> str:
        """Id of the deal."""
        return self.agreement.deal.deal
