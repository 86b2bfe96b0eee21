"""What is said when an export, a ledger or a written file cannot be used."""

from __future__ import annotations

from pathlib import Path

from beanscrow.deal.problems import Level, Position, Problem

_LONGEST = 60  # characters of one name that a message shows


class Refused(Exception):
    """Nothing was written, and why.

    Attributes:
      problems: Errors, each one line for the person who gave the command.
    """

    def __init__(self, *problems: Problem) -> None:
        super().__init__("; ".join(said(problem) for problem in problems))
        self.problems = problems


def problem(
    at: Path | Position, code: str, message: str, *, line: int = 0, deal: str = ""
) -> Problem:
    """Return a problem of a file, at a line of it or of all of it.

    Args:
      at: The file, or a position in the ledger.
      code: Of the catalogue; its first letter decides how serious it is.
      message: What was found, what was wanted, what to do.
      line: From 1; 0 for the file as a whole.
      deal: Id of the deal it is about.
    """
    levels: dict[str, Level] = {"E": "error", "F": "finding", "N": "note"}
    where = at if isinstance(at, Position) else Position(str(at), line)
    return Problem(where, code, message, deal, levels[code[0]])


def refuse(at: Path | Position, code: str, message: str, **more: object) -> Refused:
    """Return the refusal of one file or line, to be raised."""
    return Refused(problem(at, code, message, **more))  # type: ignore[arg-type]


def said(problem: Problem) -> str:
    """Return a problem as one line: where, which, what."""
    filename, lineno = problem.at
    where = f"{filename}:{lineno}" if lineno else filename
    words = " ".join(problem.message.split())
    return f"{where}: {problem.code} {words}"


def few(things: list[str], most: int = 5) -> str:
    """Return a list in words, cut after a few, and each after a line's worth."""
    shown = ", ".join(
        thing if len(thing) <= _LONGEST else f"{thing[:_LONGEST]}…"
        for thing in things[:most]
    )
    more = len(things) - most
    return f"{shown} and {more} more" if more > 0 else shown


def count(rows: int) -> str:
    """Return a number of rows in words."""
    return f"{rows:,} row" if rows == 1 else f"{rows:,} rows"
