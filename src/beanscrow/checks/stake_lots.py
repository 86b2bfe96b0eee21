"""Lots of a stake: none is taken out of an account that was not put in.

Beancount books the lots of what it parses, and not those of generated entries; a
remeasurement that is missing, or was made of another amount, leaves lots below zero.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import Any

from beanscrow.checks.exact import figure
from beanscrow.checks.findings import problem_at
from beanscrow.deal.problems import Problem


def lots_not_there(generated: Iterable[Any]) -> Iterator[Problem]:
    """Yield the accounts in which a lot stands below zero when all is booked, each once.

    Args:
      generated: The entries of ours that move lots; others may be among them.
    """
    lots: dict[tuple[str, str, Any], Decimal] = defaultdict(Decimal)
    last: dict[tuple[str, str, Any], Any] = {}
    for entry in generated:
        for posting in entry.postings:
            if posting.cost is not None:
                lot = posting.account, posting.units.currency, posting.cost
                lots[lot] += posting.units.number
                last[lot] = entry
    told: set[tuple[str, str]] = set()
    for lot, units in lots.items():
        account, commodity, cost = lot
        if units < 0 and (account, commodity) not in told:
            told.add((account, commodity))
            entry = last[lot]
            yield problem_at(
                entry,
                "E622",
                f"{figure(-units)} {commodity} at {figure(cost.number)} {cost.currency} "
                f'leave {account} with "{entry.narration}" on {entry.date}, and such lots '
                "are not there",
                str(entry.meta.get("deal") or ""),
            )
