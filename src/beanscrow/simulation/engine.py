"""A scenario's books: the ledger's own engine, run for either side.

The entries handed to it are those a ledger would hold; it is the plugins' own code that
books them, and the checks' own code that looks at what was booked.
"""

from __future__ import annotations

import copy
import datetime
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from beancount.core.data import Custom
from beancount.core.data import sorted as in_order
from beancount.parser.grammar import ValueType
from beancount.parser.options import OPTIONS_DEFAULTS

from beanscrow.booking import plugin
from beanscrow.booking.daybook import Daybook, daybook_of
from beanscrow.booking.load import load
from beanscrow.checks.examine import examine
from beanscrow.deal.plugin_lines import DEALS
from beanscrow.deal.problems import Position, Problem
from beanscrow.deal.reader import Reading, read
from beanscrow.deal.terms import Books as Ledger
from beanscrow.deal.terms import Role
from beanscrow.policy.schedule import Schedule

_ROOTS = ("assets", "liabilities", "equity", "income", "expenses")


class Books(NamedTuple):
    """One side's books of a scenario.

    Attributes:
      entries: Every directive, those that were booked among them.
      problems: Errors: of the reading, of the booking, of the checks.
    """

    side: Role
    entries: list[Any]
    options: dict[str, Any]
    daybook: Daybook
    problems: list[Problem]

    @property
    def ledger(self) -> Ledger:
        """Whose books they are, under which framework and in what currency."""
        assert self.daybook.books is not None, "a simulation says whose books they are"
        return self.daybook.books


class Ground(NamedTuple):
    """What the books of both sides of a scenario stand on.

    Attributes:
      books: The `books` directive of either side.
      facts: Directives of deals, and prices.
      files: Names of the files they come from.
      options: Of the deal's file.
    """

    books: Mapping[Role, Custom]
    facts: list[Any]
    files: tuple[str, ...]
    options: Mapping[str, Any]


def books_line(side: Role, date: datetime.date, keys: Mapping[str, Any]) -> Custom:
    """Return the directive that says whose books a side keeps.

    Args:
      keys: Its metadata, with the position at which it is said.
    """
    return Custom({**keys, "open-accounts": True}, date, "books", [ValueType(side, str)])


def readings(ground: Ground, side: Role) -> Reading:
    """Return the terms of the deals, as one side reads them."""
    return read(_entries(ground, side, ()), _options(ground))


def schedules(
    ground: Ground, side: Role, more: Iterable[Any], through: datetime.date
) -> Mapping[str, Schedule]:
    """Return what one side books by a day, deal by deal, without writing it down.

    Args:
      more: Further directives.
    """
    line = ground.books[side]
    line = line._replace(meta={**line.meta, "through": through})
    short = ground._replace(books={**ground.books, side: line})
    loaded = load(_entries(short, side, more), _options(short))
    return loaded.daybook.schedules


def booked(ground: Ground, side: Role, more: Iterable[Any]) -> Books:
    """Return the books of one side, with what is wrong in them.

    Args:
      more: Directives that assumptions were written out as.
    """
    options = _options(ground)
    entries = _entries(ground, side, more)
    errors: list[Any] = []
    for which in ("escrow", "stakes"):
        entries, said = plugin.run(which, entries, options, None)
        entries = in_order(entries)
        errors += said
    daybook = daybook_of(options)
    assert daybook is not None, "both plugins have run"
    problems = [_problem(error) for error in errors]
    found = examine(entries, options, findings=False).problems
    problems += [it for it in found if it.level == "error"]
    return Books(side, entries, options, daybook, problems)


def _entries(ground: Ground, side: Role, more: Iterable[Any]) -> list[Any]:
    ordered: list[Any] = in_order([ground.books[side], *ground.facts, *more])
    return ordered


def _options(ground: Ground) -> dict[str, Any]:
    """Return options of a ledger of our own, with the names its accounts have."""
    options: dict[str, Any] = copy.deepcopy(OPTIONS_DEFAULTS)
    for root in _ROOTS:
        options[f"name_{root}"] = ground.options[f"name_{root}"]
    options["filename"] = ground.options["filename"]
    options["include"] = list(ground.files)
    options["plugin"] = [(DEALS, None)]
    return options


def _problem(error: Any) -> Problem:
    source = error.source
    code, _, message = str(error.message).partition(": ")
    return Problem(Position(str(source["filename"]), int(source["lineno"])), code, message)
