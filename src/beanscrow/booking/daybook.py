"""What one load of a ledger decided, kept for the checks, reports and dashboard.

It rides in Beancount's options map, so that several ledgers in one process never
share anything, and is rebuilt on each load: it is a view, never a source.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from beanscrow.deal.problems import Problem
from beanscrow.deal.terms import Agreement, Books
from beanscrow.policy.fleet import FleetSchedule
from beanscrow.policy.schedule import Schedule

OPTION = "beanscrow"


class Daybook(NamedTuple):
    """The terms read from a ledger, and the schedule of each deal and fleet.

    A deal that a fault of our own keeps from being booked is in neither dictionary.

    Attributes:
      problems: Everything the reader and the policy found; errors among them
        have been returned to Beancount as well.
    """

    books: Books | None
    agreements: dict[str, Agreement]
    schedules: dict[str, Schedule]
    problems: list[Problem]
    fleets: tuple[FleetSchedule, ...] = ()

    def __repr__(self) -> str:
        return f"<{len(self.agreements)} deals>"


def daybook_of(options_map: dict[str, Any]) -> Daybook | None:
    """Return the daybook a load left behind, or None where no deal plugin ran."""
    found = options_map.get(OPTION)
    return found.daybook if isinstance(found, Holder) else None


class Holder:
    """Carries a daybook through the options map, and not through a load cache.

    A cached load would keep the daybook of an older engine; it is dropped on the
    way into the cache and missed on the way out, and whoever needs it loads anew.
    """

    def __init__(self, daybook: Daybook | None, customs: list[Any], ran: set[str]) -> None:
        self.daybook = daybook
        self.customs = customs
        self.ran = ran

    def __reduce__(self) -> tuple[type[Holder], tuple[None, list[Any], set[str]]]:
        return Holder, (None, [], self.ran)

    def __repr__(self) -> str:
        return repr(self.daybook)
