"""I14, one way: every generated entry says which deal, rule and directive made it."""

from __future__ import annotations

from typing import Any

from beanscrow.checks.accounts import Chart
from beanscrow.checks.directives import Directive
from beanscrow.checks.findings import position_of, problem_at
from beanscrow.deal.problems import Problem

BOOKED_BY = "booked-by"


def unsourced(entry: Any, directive: Directive | None) -> Problem:
    """Return the error of a generated entry whose source cannot be shown.

    Args:
      directive: What stands at the position the entry carries, if anything of ours.
    """
    meta = entry.meta
    about = "fleet" if "fleet" in meta else "deal"
    lacks = [key for key in (about, "rule") if not isinstance(meta.get(key), str)]
    lacks += [key for key in (about, "rule") if meta.get(key) == ""]
    said = f'the entry of {entry.date} "{entry.narration}"'
    if lacks:
        return problem_at(entry, "E608", f"{said} carries no {' and no '.join(lacks)}")
    if directive is None:
        at = position_of(entry)
        return problem_at(
            entry,
            "E608",
            f"{said} names {at.filename}:{at.lineno} as its source, where no directive of "
            "a deal stands",
        )
    return problem_at(
        entry,
        "E608",
        f'{said} is of the {about} "{meta[about]}" and names a directive of '
        f'"{directive.deal}" as its source',
    )


def misplaced(entry: Any, chart: Chart) -> Problem:
    """Return the error of a generated entry that posts to another deal's accounts."""
    deal = entry.meta.get("deal")
    account, other = next(
        (posting.account, place.deal)
        for posting in entry.postings
        if (place := chart(posting.account)) is not None and place.deal not in ("", deal)
    )
    return problem_at(
        entry,
        "E608",
        f'the entry of {entry.date} "{entry.narration}" is of the deal "{deal}" and posts '
        f'to {account}, an account of "{other}"',
    )
