"""Scenarios as written, and what each one is with everything it takes over.

A scenario that extends another has all of it.  What it says with one kind of line about
one thing (the usage of a service, the price of a stake) replaces all it would have taken
over about that; ordinary directives are added.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Mapping
from typing import Any, NamedTuple

from beancount.core.data import Custom, Price

from beanscrow.deal import wording
from beanscrow.deal.lines import Line
from beanscrow.deal.problems import Position, Problem
from beanscrow.deal.terms import Money, Role
from beanscrow.simulation.vocabulary import SIDES

EVERYWHERE: tuple[str, ...] = ()


class Fact(NamedTuple):
    """An ordinary directive, or a price, of the scenario file.

    Attributes:
      entry: As Beancount parsed it, without the key `scenario`.
      names: Scenarios it belongs to; none where it belongs to all.
    """

    entry: Any
    names: tuple[str, ...]


class Assumption(NamedTuple):
    """A line that is expanded into ordinary directives.

    Attributes:
      entry: As Beancount parsed it, for the keys of `scenario-terms`.
    """

    line: Line
    entry: Custom

    @property
    def kind(self) -> str:
        """Type of the line ("scenario-usage")."""
        return self.line.directive.name

    @property
    def deal(self) -> str:
        """Id of the deal it is about."""
        return str(self.line.values["deal"])


class Written(NamedTuple):
    """Everything a scenario file says.

    Attributes:
      heads: The `scenario` lines by name, in the order of the file's dates and lines.
      files: Names of the files it is made of.
    """

    heads: dict[str, Line]
    assumptions: list[Assumption]
    facts: list[Fact]
    files: tuple[str, ...]
    problems: list[Problem]


class Plan(NamedTuple):
    """One scenario, whole.

    Attributes:
      at: Where its `scenario` line stands.
      books: By side, what its books say: framework, precision and elections.
      deals: Ids of the deals it is about; none where it is about all.
      facts: Ordinary directives and prices.
    """

    name: str
    at: Position
    date: datetime.date
    what: str
    extends: str
    until: datetime.date | None
    currency: str | None
    gpu_hour: Money | None
    deals: tuple[str, ...]
    books: dict[Role, dict[str, Any]]
    assumptions: tuple[Assumption, ...]
    facts: tuple[Any, ...]

    def of(self, kind: str) -> list[Assumption]:
        """Return its assumptions of one kind."""
        return [it for it in self.assumptions if it.kind == kind]


def chain(written: Written, name: str) -> list[str] | Problem:
    """Return the scenarios a name is made of, the first ancestor first.

    Returns:
      Names; or what is wrong with an `extends` on the way.
    """
    found: list[str] = []
    while name:
        head = written.heads[name]
        if name in found:
            round_trip = " extends ".join(f'"{it}"' for it in [*found, name])
            return Problem(head.at, "E823", f"scenario: in a circle, {round_trip}")
        found.append(name)
        name = head.values.get("extends", "")
        if name and name not in written.heads:
            words = f"scenario: extends {unknown(name, written)}"
            return Problem(head.at, "E822", words)
    return found[::-1]


def unknown(name: str, written: Written) -> str:
    """Return what to say of a scenario that is not there."""
    near = wording.nearest(name, written.heads)
    hint = f'; did you mean "{near}"?' if near else ""
    return f"{wording.quoted(name)}, and the file has {wording.all_of(written.heads)}{hint}"


def whole(written: Written, names: list[str], service: Callable[[str], str]) -> Plan:
    """Return a scenario with all that it takes over.

    Args:
      names: It and its ancestors, the first ancestor first.
      service: Gives the service of a deal's usage that names none.
    """
    values: dict[str, Any] = {}
    assumptions: list[Assumption] = []
    facts: list[Any] = []
    for fact in written.facts:
        if fact.names == EVERYWHERE or set(fact.names) & set(names):
            facts.append(fact.entry)
    for name in names:
        head = written.heads[name]
        values.update(head.values)
        own = [it for it in written.assumptions if it.line.values["name"] == name]
        topics = {_topic(it, service) for it in own}
        kept = [it for it in assumptions if _topic(it, service) not in topics]
        assumptions = [*kept, *own]
    head = written.heads[names[-1]]
    return Plan(
        name=names[-1],
        at=head.at,
        date=head.date,
        what=head.values.get("what", ""),
        extends=head.values.get("extends", ""),
        until=values.get("until"),
        currency=values.get("currency"),
        gpu_hour=values.get("gpu-hour"),
        deals=values.get("deals", EVERYWHERE),
        books=_books(values),
        assumptions=tuple(assumptions),
        facts=tuple(facts),
    )


def _books(values: Mapping[str, Any]) -> dict[Role, dict[str, Any]]:
    return {
        side: {
            key.removeprefix(f"{side}-"): value
            for key, value in values.items()
            if key.startswith(f"{side}-")
        }
        for side in SIDES
    }


def _topic(assumption: Assumption, service: Callable[[str], str]) -> tuple[object, ...]:
    """Return what an assumption is about, by which a later one replaces it."""
    values = assumption.line.values
    about: tuple[object, ...]
    match assumption.kind:
        case "scenario-usage":
            about = (values.get("service") or service(assumption.deal),)
        case "scenario-breakage":
            about = (values.get("tranche"),)
        case "scenario-round":
            about = (values.get("stake"),)
        case "scenario-terms":
            about = (values["directive"], values.get("tranche"), values.get("of"))
        case _:
            about = ()
    return (assumption.kind, assumption.deal, *about)


def without_key(entry: Any, key: str) -> Any:
    """Return an entry without one of its keys."""
    return entry._replace(meta={k: v for k, v in entry.meta.items() if k != key})


def prices_of(facts: Iterable[Any]) -> list[Price]:
    """Return the prices among entries."""
    return [it for it in facts if isinstance(it, Price)]
