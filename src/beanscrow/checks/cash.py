"""I4 in money: escrow never below zero after any event; and who has paid twice.

Ring-fenced cash (and what a trustee holds for us) stays at zero or above after
every event of every day, the user's own postings counted.  A receivable below
zero, or a payable above it, at the end of a day is a finding: something was
collected or paid twice.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import Any

from beanscrow.checks.accounts import Place
from beanscrow.checks.columns import Column
from beanscrow.checks.exact import figure
from beanscrow.checks.findings import problem_at
from beanscrow.checks.order import Event, judged
from beanscrow.deal.problems import Problem

_ZERO = Decimal(0)
AFTER_EACH_EVENT = ("escrow-cash", "escrow-receivable")
AT_END_OF_DAY = ("receivable", "payable")
METERED = AFTER_EACH_EVENT + AT_END_OF_DAY


class Meter:
    """The balance of one account of money whose sign is known beforehand."""

    def __init__(self, column: Column) -> None:
        self.column = column
        self.role = column.place.role

    @staticmethod
    def column_of(account: str, place: Place) -> Column:
        """Return the column of an account that is to be metered."""
        return Column(account, place, place.role != "payable", "", None)

    def examine(self, events: Iterable[Event]) -> Iterator[Problem]:
        """Yield what is wrong with a suspected account, once.

        Args:
          events: Their changes are in the sense of the account: more is positive.
        """
        each = self.role in AFTER_EACH_EVENT
        balance = _ZERO
        ordered = list(judged(events))
        for index, (event, stands) in enumerate(ordered):
            balance += sum(event.changes.values())
            ends = index + 1 == len(ordered) or ordered[index + 1][0].date != event.date
            if balance < 0 and stands and (each or ends):
                yield self._problem(balance, event.entry)
                return

    def _problem(self, balance: Decimal, entry: Any) -> Problem:
        column = self.column
        stands = (
            f"{column.account} stands at {figure(column.own(balance))} {column.currency}"
        )
        if self.role in AFTER_EACH_EVENT:
            return problem_at(
                entry,
                "E607",
                f'{stands} after "{entry.narration}" on {entry.date}; more has left the '
                "escrow than was put in",
                column.deal,
            )
        done = "collected" if column.positive else "paid"
        return problem_at(
            entry,
            "F602",
            f'{stands} after {entry.date}, "{entry.narration}" the last; was it {done} '
            "twice, or not billed yet?",
            column.deal,
        )
