"""Ordinary directives that an assumption is written out as."""

from __future__ import annotations

import datetime
import re
from decimal import Decimal
from typing import Any

from beancount.core.amount import Amount
from beancount.core.data import Custom
from beancount.parser.grammar import ValueType

from beanscrow.deal import wording
from beanscrow.deal.lines import Line
from beanscrow.deal.problems import Position, Problem


class Writer:
    """Writes out the assumptions of one scenario, and knows where each came from.

    Attributes:
      entries: What was written.
    """

    def __init__(self, scenario: str) -> None:
        self.scenario = scenario
        self.filename = f"<{scenario}>"
        self.entries: list[Custom] = []
        self._origins: list[Position] = []

    def write(
        self, line: Line, date: datetime.date, name: str, *values: Any, **keys: Any
    ) -> None:
        """Write out one directive of a ledger.

        Args:
          line: The assumption it follows from.
          values: What stands on its line, the id of the deal first.
          keys: Its metadata; a name that ends with an underscore stands without it, and
            other underscores for hyphens.  None is left out.
        """
        self._origins.append(line.at)
        meta: dict[str, Any] = {"filename": self.filename, "lineno": len(self._origins)}
        for key, value in keys.items():
            if value is not None:
                meta[key.rstrip("_").replace("_", "-")] = value
        meta["note"] = f"{line.directive.name} of {self.scenario}, {wording.where(line.at)}"
        typed = [ValueType(value, type(value)) for value in values]
        self.entries.append(Custom(meta, date, name, typed))

    def at_home(self, problem: Problem) -> Problem:
        """Return a problem at the line its reader wrote, not at one written out of it."""
        message = re.sub(
            rf"{re.escape(self.filename)}:(\d+)",
            lambda match: wording.where(self._origin(int(match[1]))),
            problem.message,
        )
        at = problem.at
        if at.filename == self.filename:
            at = self._origin(at.lineno)
        return problem._replace(at=at, message=message)

    def _origin(self, lineno: int) -> Position:
        return self._origins[lineno - 1]


def money(number: Decimal, currency: str) -> Amount:
    """Return an amount as Beancount parses one."""
    return Amount(number, currency)


def deal_of(entry: Custom) -> str:
    """Return the id a directive of a deal begins with, "" where it begins with none."""
    value = entry.values[0].value if entry.values else ""
    return value if isinstance(value, str) else ""
