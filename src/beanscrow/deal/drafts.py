"""A deal while it is read: its lines so far, and which of them were refused."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, TypeVar

from beanscrow.deal.terms import Agreement, Deal, DealPolicy, Refused, Role, Usage
from beanscrow.deal.vocabulary import DIRECTIVES

if TYPE_CHECKING:
    from beancount.core.data import Custom

    from beanscrow.deal.lines import Ledger, Line
    from beanscrow.deal.problems import Position

T = TypeVar("T")


class Draft:
    """Everything read of one deal, before it is known whether its lines agree.

    Attributes:
      deal: The contract, as its `deal` line states it.
      role: The side this ledger takes in it; None where `books` could not be read.
      policies: Judgements, each with the line it was read from.
      facts: Facts but usage, each with the line it was read from.
      usages: Usage, in the order of the entries.
      refused: What was refused of it.
      services: Services named so far, with a line that names each.
      sound: False once the deal itself was refused.
    """

    def __init__(self, deal: Deal, role: Role | None) -> None:
        self.deal = deal
        self.role: Role | None = role
        self.policies: list[tuple[Line, DealPolicy]] = []
        self.facts: list[tuple[Line, Any]] = []
        self.usages: list[Usage] = []
        self.refused: list[Refused] = []
        self.sound = True
        self.services = {deal.service: deal.at}
        # By identity, and held so that no identity is given to another fact.
        self._dropped: dict[int, object] = {}

    def of(self, kind: type[T]) -> list[tuple[Line, T]]:
        """Return the facts of one kind that still stand, with their lines."""
        return [
            (line, fact)
            for line, fact in self.facts
            if isinstance(fact, kind) and id(fact) not in self._dropped
        ]

    def standing(self) -> Iterator[tuple[Line, Any]]:
        """Yield every fact but usage that still stands, with its line."""
        return ((line, fact) for line, fact in self.facts if id(fact) not in self._dropped)

    def standing_usages(self) -> list[Usage]:
        """Return the usage that still stands."""
        if not self._dropped:
            return self.usages
        return [usage for usage in self.usages if id(usage) not in self._dropped]

    def standing_policies(self) -> list[tuple[Line, DealPolicy]]:
        """Return the policies that still stand, with their lines."""
        return [
            (line, policy)
            for line, policy in self.policies
            if id(policy) not in self._dropped
        ]

    def drop(self, fact: object) -> None:
        """Leave a fact out without refusing it: it is the other side's."""
        self._dropped[id(fact)] = fact

    def refuse(
        self, ledger: Ledger, fact: Any, directive: str, code: str, words: str
    ) -> None:
        """Refuse a fact that does not agree with the rest of the deal."""
        ledger.say(fact.at, code, f"{directive}: {words}", fact.deal)
        if id(fact) not in self._dropped:
            self._dropped[id(fact)] = fact
            event = getattr(fact, "event", None) or leg_date(directive, fact.date)
            self.refused.append(Refused(fact.at, fact.date, fact.deal, directive, event))

    def positions(self) -> list[Position]:
        """Return where every line of it stands but the deal's own and the refused."""
        lines = [*self.standing(), *self.standing_policies()]
        return [*(line.at for line, _ in lines), *(u.at for u in self.standing_usages())]

    def agreement(self) -> Agreement:
        """Return the deal as it was read."""
        return Agreement(
            self.deal,
            tuple(policy for _, policy in self.standing_policies()),
            (*(fact for _, fact in self.standing()), *self.standing_usages()),
            tuple(sorted(self.refused)),
        )

    def refuses(self, directive: str) -> bool:
        """Return whether a directive of this type was refused."""
        return any(refused.directive == directive for refused in self.refused)


def leg_date(directive: str, date: datetime.date) -> datetime.date | None:
    """Return the date of the event a leg belongs to by default, None for other lines."""
    known = DIRECTIVES.get(directive)
    return date if known is not None and known.leg else None


def refusal_of(entry: Custom, at: Position, deal: str) -> Refused:
    """Return what can still be said of an entry that was refused."""
    event = leg_date(entry.type, entry.date)
    stated = entry.meta.get("event")
    if event is not None and type(stated) is datetime.date:
        event = stated
    return Refused(at, entry.date, deal, entry.type, event)
