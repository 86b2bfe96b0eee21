"""Two ways to the books of a life, and what they differ in."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

from tests.laws.books import ROLES, booked
from tests.laws.directives import Fact, Leg
from tests.laws.lives import Life, Role, ledger
from tests.laws.oracle.journal import Reckoned, Sums
from tests.laws.oracle.reckon import reckon

# The shortest life of which both disagree; worked by hand, it becomes one of our own cases.
DISAGREEMENT = Path(__file__).parents[1] / "cases" / "disagreement.beancount"


def difference(life: Life) -> tuple[Role, str] | None:
    """Return the side whose books differ, and in what; None where neither does.

    Raises:
      Undetermined: The rules leave a figure open.
    """
    # What the rules leave open on one side is left out on both.
    reckoned: dict[Role, Reckoned] = {role: reckon(life, role) for role in ROLES}
    for role, theirs in reckoned.items():
        try:
            ours = booked(life, role)
        except Exception as error:
            return role, f"{type(error).__name__}: {error}"
        if ours.refused != theirs.refused:
            only = [fact.directive() for fact in theirs.refused - ours.refused]
            told = "\n".join([*ours.ledger.messages, "refused by the oracle alone:", *only])
            return role, told
        if ours.sums != theirs.sums:
            return role, table(ours.sums, theirs.sums)
    return None


def shortest(life: Life, differs: Callable[[Life], bool]) -> Life:
    """Return what is left of a life when all facts are gone without which it differs too.

    The first contract event stays, and of a later one all legs go or none.
    """
    first = life.first
    groups: dict[object, list[Fact]] = {}
    for number, fact in enumerate(sorted(life.facts, key=lambda fact: fact.on)):
        key = fact.event if isinstance(fact, Leg) else number
        groups.setdefault(key, []).append(fact)
    kept = groups.pop(first)
    left = list(groups.values())

    def of(some: list[list[Fact]]) -> Life:
        return life.but(facts=(*kept, *(fact for group in some for fact in group)))

    length = len(left)
    while length:
        ends = len(left)
        while ends > 0:
            starts = max(0, ends - length)
            rest = left[:starts] + left[ends:]
            if differs(of(rest)):
                left = rest
            ends = starts
        length //= 2
    return of(left)


def table(ours: Sums, theirs: Sums) -> str:
    """Return the figures that differ, a line each: the engine's, and the oracle's."""
    lines = []
    for key in sorted({*ours, *theirs}):
        one, other = ours.get(key, Fraction()), theirs.get(key, Fraction())
        if one != other:
            day, account, commodity = key
            lines.append(f"{day} {account} {commodity}: {float(one)} here, {float(other)}")
    return "\n".join(lines)


def keep(life: Life, role: Role, told: str, path: Path) -> None:
    """Write a life down as a ledger, with what its books differ in."""
    remarks = "".join(f"; {line}\n" for line in told.splitlines())
    path.write_text(remarks + ledger(life, role))
