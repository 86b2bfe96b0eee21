"""What is said to the person who wrote a line: an error, a finding or a note.

An *error* refuses the directive.  A *finding* is booked but must be looked at.
A *note* is for the level audit.  See the head of docs/ledger-language.md.
"""

from __future__ import annotations

from typing import Literal, NamedTuple

Level = Literal["error", "finding", "note"]


class Position(NamedTuple):
    """Where a directive stands: the file as Beancount names it, and the line, from 1."""

    filename: str
    lineno: int


class Problem(NamedTuple):
    """One thing wrong with, or worth knowing about, one directive.

    Attributes:
      at: Where the directive stands that the reader must look at.
      code: Stable code, listed with its remedy in docs/errors.md ("E104").
      message: One sentence: what was found, what was wanted, what to do.
      deal: Id of the deal, or "" where the line belongs to none.
      level: How serious it is.
    """

    at: Position
    code: str
    message: str
    deal: str = ""
    level: Level = "error"
