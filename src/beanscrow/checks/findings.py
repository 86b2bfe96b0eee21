"""What a check finds: a problem at the line of the directive it comes from."""

from __future__ import annotations

from typing import Any

from beanscrow.deal.problems import Position, Problem
from beanscrow.deal.wording import problem

__all__ = ["position_of", "problem", "problem_at"]


def position_of(entry: Any) -> Position:
    """Return where an entry stands, or the directive it was made from."""
    meta = entry.meta
    lineno = meta.get("lineno")
    return Position(str(meta.get("filename") or "<unknown>"), int(lineno) if lineno else 0)


def problem_at(entry: Any, code: str, message: str, deal: str = "") -> Problem:
    """Return what is said about one entry, at the directive it was made from."""
    if not deal:
        named = entry.meta.get("deal")
        deal = named if isinstance(named, str) else ""
    return problem(position_of(entry), code, message, deal)
