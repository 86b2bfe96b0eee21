"""Accounts the engine owns, and what the user posted there by hand."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from beanscrow.checks.accounts import Place
from beanscrow.checks.findings import problem_at
from beanscrow.deal.problems import Problem


def by_hand(entry: Any, owned: Mapping[str, Place]) -> Problem:
    """Return the finding of native postings on accounts the engine owns.

    The engine never reads native transactions: what is posted there by hand is in
    the balance and in no report.

    Args:
      owned: What the accounts are for, by account, at least one.
    """
    deals = sorted({place.deal for place in owned.values()} - {""})
    return problem_at(
        entry,
        "F601",
        f'"{entry.narration or entry.payee or ""}" of {entry.date} posts to '
        f"{' and '.join(owned)} by hand, where the directives of "
        f"{' and '.join(deals) or 'the deals'} alone decide; write the fact as a "
        "directive, or use another account",
        deals[0] if len(deals) == 1 else "",
    )
