"""Legs of a contract that wait for a milestone, and the day each is released.

What a party has no unconditional right to is not in the books (ASU 2025-07 for the
provider's shares; 606-10-25-1 and 606-10-32-11 for what hangs on an event outside the
entity's influence).  On the day the condition is met its legs are an event of that day,
measured as they were written.  Shares that wait alone are more consideration for the
credits their event has granted already.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from typing import NamedTuple

from beanscrow.deal.problems import Position
from beanscrow.deal.terms import (
    Agreement,
    Cash,
    Commitment,
    Fact,
    Grant,
    Leg,
    Milestone,
    Stake,
)


class Release(NamedTuple):
    """Where released legs come from: the event they were agreed in, what they pay for.

    Attributes:
      agreed: Day of the contract event they were written in.
      adds_to: Tranches granted in it that nothing but shares pays for.
    """

    agreed: datetime.date
    adds_to: tuple[str, ...]


class Milestones(NamedTuple):
    """A deal with the legs that have been released by a day, and those that wait.

    Attributes:
      releases: By the label that stands in `milestone` of a released leg.
      waiting: Positions of legs not in the books, with the reason.
    """

    agreement: Agreement
    releases: dict[str, Release]
    waiting: list[tuple[Position, str]]


EventKey = tuple[datetime.date, str]


def event_of(leg: Leg) -> EventKey:
    """Return which contract event a leg is of: its day, and what released it, "" for none.

    Several events of a deal may fall on one day, where milestones release them.
    """
    return leg.event, leg.milestone or ""


def released(agreement: Agreement, through: datetime.date) -> Milestones:
    """Return a deal as of a day: legs whose milestone was met by then are of that day.

    Args:
      through: Last day the books have reached, inclusive.
    """
    legs = [fact for fact in agreement.facts if _waits(fact)]
    if not legs:
        return Milestones(agreement, {}, [])
    met, missed = _outcomes(agreement.facts, through)
    facts: list[Fact] = []
    releases: dict[str, Release] = {}
    waiting: list[tuple[Position, str]] = []
    for fact in agreement.facts:
        if not isinstance(fact, Stake | Cash | Grant | Commitment) or not fact.milestone:
            facts.append(fact)
            continue
        name, day = fact.milestone, met.get(fact.milestone)
        if day is None:
            why = f'milestone "{name}" ' + (
                "was not met" if name in missed else f"is not met by {through}"
            )
            waiting.append((fact.at, why))
            continue
        label = f"{name}, agreed {fact.event}"
        releases[label] = Release(
            fact.event, _granted(agreement.facts, fact.event, day, met)
        )
        facts.append(_of_its_day(fact, day, label))
    return Milestones(agreement._replace(facts=tuple(facts)), releases, waiting)


def _waits(fact: Fact) -> bool:
    return isinstance(fact, Stake | Cash | Grant | Commitment) and bool(fact.milestone)


def _outcomes(
    facts: Iterable[Fact], through: datetime.date
) -> tuple[dict[str, datetime.date], set[str]]:
    """Return the day each milestone was met, and those of which it was said they were not."""
    met: dict[str, datetime.date] = {}
    missed: set[str] = set()
    for fact in facts:
        if isinstance(fact, Milestone) and fact.date <= through:
            if fact.met:
                met[fact.name] = min(fact.date, met.get(fact.name, fact.date))
            else:
                missed.add(fact.name)
    return met, missed


def _granted(
    facts: Iterable[Fact],
    event: datetime.date,
    day: datetime.date,
    met: dict[str, datetime.date],
) -> tuple[str, ...]:
    """Return the tranches of an event that were granted for shares before a day."""
    return tuple(
        sorted(
            fact.tranche
            for fact in facts
            if isinstance(fact, Grant)
            and fact.event == event
            and fact.price is None
            and not fact.opening
            and (not fact.milestone or met.get(fact.milestone, day) < day)
        )
    )


def _of_its_day(leg: Leg, day: datetime.date, label: str) -> Leg:
    """Return a leg as one of the event that releases it."""
    date = max(leg.date, day)
    if isinstance(leg, Grant):
        effective = max(leg.effective, day)
        return leg._replace(date=date, event=day, effective=effective, milestone=label)
    if isinstance(leg, Commitment):
        first = max(leg.from_, day)
        return leg._replace(date=date, event=day, from_=first, milestone=label)
    return leg._replace(date=date, event=day, milestone=label)
