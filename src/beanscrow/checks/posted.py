"""What the generated entries of each directive post to each role of account."""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal
from typing import Any

from beancount.core.data import Transaction

from beanscrow.checks.provenance import BOOKED_BY
from beanscrow.checks.restated import Ledger

Posted = dict[tuple[str, int], dict[str, Decimal]]


def posted_by_source(ledger: Ledger, names: frozenset[str]) -> Posted:
    """Return sums by role, debits positive, by the position of their directive.

    Args:
      names: Types of the directives wanted.
    """
    found: Posted = defaultdict(lambda: defaultdict(Decimal))
    for entry in ledger.entries:
        if not isinstance(entry, Transaction) or BOOKED_BY not in entry.meta:
            continue
        source = ledger.source(entry)
        if source is None or source.name not in names:
            continue
        postings: list[Any] = entry.postings
        for posting in postings:
            place = ledger.chart(posting.account)
            number = posting.units.number if posting.units is not None else None
            if place is not None and isinstance(number, Decimal):
                found[source.at][place.role] += number
    return found
