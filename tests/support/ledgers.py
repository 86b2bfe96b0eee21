"""Ledgers in tests: text in, entries and errors out."""

from __future__ import annotations

import inspect
from typing import Any, NamedTuple

from beancount import loader


class Ledger(NamedTuple):
    """A ledger as Beancount loaded it, plugins and checks included.

    Attributes:
      entries: Every directive, in Beancount's order.
      errors: What any stage had to say, each with `source` and `message`.
      options: Beancount's options map.
    """

    entries: list[Any]
    errors: list[Any]
    options: dict[str, Any]

    @property
    def messages(self) -> list[str]:
        """The messages of the errors, in order."""
        return [error.message for error in self.errors]

    @property
    def positions(self) -> list[int]:
        """The line each error points at, in order."""
        return [error.source["lineno"] for error in self.errors]


def load_text(text: str) -> Ledger:
    """Return the ledger that `text` is, indented as a docstring may be.

    Its first line that is not blank is line 1, whatever stands before it.
    """
    return Ledger(*loader.load_string(inspect.cleandoc(text) + "\n"))


def load_path(path: object) -> Ledger:
    """Return the ledger in the file at `path`, with all it includes."""
    return Ledger(*loader.load_file(str(path)))
