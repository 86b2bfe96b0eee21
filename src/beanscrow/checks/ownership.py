"""Accounts the engine owns, and what the user posted there by hand."""

from __future__ import annotations

from typing import Any

from beanscrow.checks.accounts import Place
from beanscrow.checks.findings import problem_at
from beanscrow.deal.problems import Problem

_WHAT = {
    "escrow-units": "the credits",
    "escrow-cash": "the escrow",
    "escrow-receivable": "the escrow",
    "contract-liability": "the contract liability",
    "prepaid": "the prepaid compute",
    "upfront": "upfront consideration",
    "vendor-consideration": "deferred vendor consideration",
    "deferred-profit": "deferred profit",
}


def by_hand(entry: Any, account: str, place: Place) -> Problem:
    """Return the finding of a native posting on an account the engine owns.

    The engine never reads native transactions: what is posted there by hand is in
    the balance and in no report.
    """
    what = _WHAT.get(place.role, "the stake")
    return problem_at(
        entry,
        "F601",
        f'"{entry.narration or entry.payee or ""}" of {entry.date} posts to {account} by '
        f"hand; {what} of {place.deal or 'the deals'} is kept from the directives alone: "
        "write the fact as a directive, or use another account",
        place.deal,
    )
