"""What it costs the provider to serve one credit, by the day and the service."""

from __future__ import annotations

import datetime
from collections.abc import Iterable

from beanscrow.deal.terms import Cost, Money


def cost_in_force(costs: Iterable[Cost], day: datetime.date, service: str) -> Money | None:
    """Return the newest cost of a credit of a service, None where none is in force.

    Of two of one day the one that names the service goes before the one for all.

    Args:
      day: Inclusive: a cost holds from the start of its own day.
    """
    known = [cost for cost in costs if cost.date <= day and cost.service in (None, service)]
    if not known:
        return None
    return max(known, key=_turn).per_credit


def _turn(cost: Cost) -> tuple[datetime.date, bool, int, str]:
    return cost.date, cost.service is not None, cost.sequence, repr(cost[3:])
