"""Rates of exchange for a life that is agreed in another currency than its books."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from tests.laws.authors.draft import Draft, after, since
from tests.laws.facts import Payment, Promise, PromiseChange


def written_rates(draft: Draft) -> tuple[tuple[date, Decimal], ...]:
    """Return a fresh rate for each event, and some more; none where books are at home."""
    if not draft.abroad:
        return ()
    days = {
        since(fact.signed) - draft.number(0, 5)
        for fact in draft.facts
        # What is owed is settled at any rate; of more than that some are refused.
        if not isinstance(fact, Payment) or draft.maybe()
    }
    days |= {
        since(fact.ends) - draft.number(0, 5)
        for fact in draft.facts
        if isinstance(fact, Promise | PromiseChange) and fact.ends
    }
    days |= {
        draft.number(0, draft.ends + 100) for _ in range(draft.number(0, draft.size.rates))
    }
    return tuple(
        (after(day), Decimal(draft.number(60000, 80000)).scaleb(-4)) for day in sorted(days)
    )
