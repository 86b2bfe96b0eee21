"""Rows of a check: Beancount's own errors and ours in one list, each thing once."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Mapping
from typing import Any, Literal, NamedTuple

from beanscrow.checks.examine import daybook_in
from beanscrow.deal.problems import Level, Position, Problem

Depth = Literal["basic", "strict", "audit"]

_CODE = re.compile(r"([EFN]\d{3}):? +")
_TOLD: dict[Depth, tuple[Level, ...]] = {
    "basic": ("error",),
    "strict": ("error", "finding"),
    "audit": ("error", "finding", "note"),
}
_ERRORS_IN_AUDIT = ("F601",)
# What makes every figure doubtful, or an error plain, is told at every level.
_ALWAYS_TOLD = ("F652", "F649", "F650", "F653")


class Row(NamedTuple):
    """One problem as commands print it.

    Attributes:
      code: Code of the catalogue, or the class of an error of Beancount's own.
      file: Path, below the working directory relative to it; "" where it has none.
      line: From 1; 0 where it has none.
      deal: Id of the deal, "" where it belongs to none.
    """

    code: str
    level: Level
    file: str
    line: int
    message: str
    deal: str


def rows(
    errors: Iterable[Any],
    problems: Iterable[Problem],
    options: Mapping[str, Any],
    depth: Depth,
) -> list[Row]:
    """Return what is to be told at one level, in order of file and line.

    Args:
      errors: Of the load; those of our plugins begin with their code.
      problems: Of the checks, of the text, and of the load.
      options: With the daybook of the load, which has findings and notes.
      depth: "basic" tells errors, "strict" findings too, "audit" notes as well; findings
        that make every figure doubtful are told at every depth.
        Auditors take a posting by hand on the engine's accounts for an error.
    """
    said = [*problems, *getattr(daybook_in(options), "problems", ())]
    deals = {(p.code, tuple(p.at)): p.deal for p in said if p.deal}
    found = [_of_error(error, deals) for error in errors]
    known = {row._replace(level="error") for row in found}
    for p in said:
        row = _row(p.code, p.level, p.at, p.message, p.deal)
        if row._replace(level="error") not in known:
            found.append(row)
    if depth == "audit":
        found = [
            r._replace(level="error") if r.code in _ERRORS_IN_AUDIT else r for r in found
        ]
    told = {row for row in found if row.level in _TOLD[depth] or row.code in _ALWAYS_TOLD}
    return sorted(told, key=lambda row: (row.file, row.line, row.code, row.message))


def _of_error(error: Any, deals: Mapping[tuple[str, Any], str]) -> Row:
    source = error.source or {}
    at = Position(str(source.get("filename") or ""), int(source.get("lineno") or 0))
    message = str(error.message)
    match = _CODE.match(message)
    if match:
        code = match[1]
        level: Level = "error"  # whatever its letter: Beancount knows only errors
        return _row(code, level, at, message[match.end() :], deals.get((code, at), ""))
    return _row(type(error).__name__, "error", at, message, _deal_of(error.entry))


def _deal_of(entry: Any) -> str:
    deal = getattr(entry, "meta", {}).get("deal") if entry is not None else None
    return deal if isinstance(deal, str) else ""


def _row(code: str, level: Level, at: Position, message: str, deal: str) -> Row:
    filename = at.filename
    if filename.startswith("<"):
        filename = ""
    return Row(code, level, shown(filename), at.lineno, one_line(message), deal)


def shown(filename: str) -> str:
    """Return a path relative to the working directory where it lies below it."""
    if not filename or not os.path.isabs(filename):
        return filename
    relative = os.path.relpath(filename)
    return filename if relative.startswith(os.pardir) else relative


def one_line(message: str) -> str:
    """Return a message on one line; of a traceback only what it ends in."""
    head, found, rest = message.partition("Traceback (most recent call last):")
    if found:
        lines = [line.strip() for line in rest.splitlines() if line.strip()]
        message = head + (lines[-1] if lines else "")
    return " ".join(message.split())
