"""The two ends of a deal that failed: what is owed no longer, and shares worth nothing.

Compute that nobody can call any more is revenue (606-10-55-48), the stake written off a
loss (321-10-35-3).  They are two lines and are never netted, but neither says anything
without the other, so both entries carry one link.  Where shares are handed back with a
claw-back, one entry holds both ends.

The link names the day of the first end, so that a second end never changes an entry of
a period that may be closed by then.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from typing import NamedTuple

from beanscrow.deal.problems import Position
from beanscrow.policy.promise_life import PromiseEnded
from beanscrow.policy.schedule import Event, Forfeited, Remeasured

FAILURE, CLAW_BACK = "failure", "claw-back"
Source = tuple[Position, datetime.date]


class Failure(NamedTuple):
    """What was forfeited for one reason, and the stakes written off with it.

    Attributes:
      begun: Day of the first end.
      promises: Promises to spend that nobody keeps any more.
      written_off: Remeasurements that left nothing of a stake.
    """

    deal: str
    begun: datetime.date
    reason: str
    forfeited: tuple[Forfeited, ...] = ()
    written_off: tuple[Remeasured, ...] = ()
    promises: tuple[PromiseEnded, ...] = ()

    @property
    def date(self) -> datetime.date:
        """Day of the first forfeiture or promise ended, of a write-off alone its own."""
        ended = [it.date for it in self.forfeited] + [it.date for it in self.promises]
        return min(ended, default=self.begun)

    @property
    def link(self) -> str:
        """What the entries of both ends are linked by."""
        return f"{self.reason}-{self.deal}-{self.begun}"


def failures_of(deal: str, events: Iterable[Event]) -> list[Failure]:
    """Return what failed of a deal, and shares clawed back, in the order it begins.

    A deal fails once: what is forfeited or written off later belongs to what began
    before, until a stake written off is worth something again.

    Args:
      events: Everything in force, in the order it happens.
    """
    found: list[Failure] = []
    failing: int | None = None
    for event in events:
        if isinstance(event, Forfeited) and event.reason == CLAW_BACK and event.shares:
            last = found[-1] if found else None
            if last is None or (last.reason, last.begun) != (CLAW_BACK, event.date):
                found.append(Failure(deal, event.date, CLAW_BACK, (event,)))
            else:
                found[-1] = last._replace(forfeited=(*last.forfeited, event))
            continue
        if isinstance(event, Remeasured) and event.change > 0:
            begun = found[failing] if failing is not None else None
            failing = None if begun is None or begun.written_off else failing
        if not _is_an_end(event):
            continue
        if failing is None:
            failing = len(found)
            found.append(Failure(deal, event.date, FAILURE))
        found[failing] = _with(found[failing], event)
    return found


def links_of(deal: str, events: Iterable[Event]) -> dict[Source, str]:
    """Return the link of what comes of each directive that is an end of a failure."""
    links: dict[Source, str] = {}
    for failure in failures_of(deal, events):
        ends: list[Forfeited | PromiseEnded | Remeasured] = [
            *failure.forfeited, *failure.promises, *failure.written_off
        ]  # fmt: skip
        links.update({(end.at, end.date): failure.link for end in ends})
    return links


def _is_an_end(event: Event) -> bool:
    if isinstance(event, Remeasured):
        return event.change < 0 and not any(lot.cost for lot in event.lots_in)
    return isinstance(event, Forfeited | PromiseEnded) and event.reason == FAILURE


def _with(failure: Failure, event: Event) -> Failure:
    if isinstance(event, Forfeited):
        return failure._replace(forfeited=(*failure.forfeited, event))
    if isinstance(event, PromiseEnded):
        return failure._replace(promises=(*failure.promises, event))
    assert isinstance(event, Remeasured), "an end is a forfeiture or a write-off"
    return failure._replace(written_off=(*failure.written_off, event))
