"""Loading a life through the plugins, and what there is to compare of its books."""

from __future__ import annotations

import tempfile
from collections import defaultdict
from collections.abc import Callable
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any, NamedTuple

from hypothesis import settings

from tests.cases.harness import generated, unbalanced
from tests.laws.directives import Fact
from tests.laws.lives import Life, Role, facts_by_line, ledger, preamble
from tests.laws.oracle.journal import Sums
from tests.support.ledgers import Ledger, load_path, load_text
from tests.support.postings import cost_of, units_of

ROLES: tuple[Role, Role] = ("provider", "startup")

# The same lives each time, so that a red run means that something has changed.
STEADY = settings(max_examples=60, derandomize=True)


class Booked(NamedTuple):
    """What the plugins made of a life.

    Attributes:
      refused: The facts whose lines carry an error.
    """

    ledger: Ledger
    sums: Sums
    refused: set[Fact | None]

    @property
    def journal(self) -> list[tuple[object, ...]]:
        """What was booked, without the lines it came from, in an order of its own."""
        return sorted(map(entry_of, generated(self.ledger.entries)), key=repr)

    def balances(self, name: Callable[[str], object]) -> dict[object, dict[date, Fraction]]:
        """The balance after each day with entries, of all accounts with one name.

        Args:
          name: What to add an account up under, or None to leave it out.
        """
        days = sorted({day for day, _, _ in self.sums})
        totals: dict[object, Fraction] = defaultdict(Fraction)
        rows: dict[object, dict[date, Fraction]] = defaultdict(dict)
        for day in days:
            for (at, account, commodity), number in self.sums.items():
                credits, money = (".CR", ".DAY"), ("USD", "CNY")
                of_interest = commodity.endswith(credits) or commodity.startswith(money)
                if at == day and of_interest and (under := name(account)) is not None:
                    totals[under] += number
            for under, total in totals.items():
                rows[under][day] = total
        return rows


def booked(life: Life, role: Role, more: str = "") -> Booked:
    """Return what the plugins book for one side of a life, every transaction zero."""
    loaded = load_text(ledger(life, role, more))
    facts = facts_by_line(life, role) if loaded.errors else {}
    refused = {facts.get(line) for line in loaded.positions}
    return of_ledger(loaded, refused)


def booked_from_files(life: Life, role: Role, files: int) -> Booked:
    """Return the same, with the facts dealt out over files that the ledger includes."""
    with tempfile.TemporaryDirectory() as folder:
        top = Path(folder) / "main.beancount"
        includes = ""
        for number in range(files):
            part = Path(folder) / f"part-{number}.beancount"
            facts = life.facts[number::files]
            part.write_text("".join(fact.directive() for fact in facts) + "; the end\n")
            includes += f'include "{part.name}"\n'
        top.write_text(includes + preamble(life, role))
        return of_ledger(load_path(top), set())


def of_ledger(loaded: Ledger, refused: set[Fact | None]) -> Booked:
    """Return what was booked in a ledger, after seeing that each transaction is zero."""
    assert unbalanced(loaded.entries) == []
    sums: Sums = defaultdict(Fraction)
    for entry in generated(loaded.entries):
        for posting in entry.postings:
            (units, commodity), cost = units_of(posting), cost_of(posting)
            number = Fraction(units)
            sums[entry.date, posting.account, commodity] += number
            if cost is not None:
                key = entry.date, posting.account, f"{cost.currency} at cost"
                sums[key] += number * Fraction(cost.number)
    return Booked(loaded, {key: number for key, number in sums.items() if number}, refused)


def entry_of(entry: Any) -> tuple[object, ...]:
    """Return an entry without the position it came from."""
    meta = sorted(
        (key, value)
        for key, value in entry.meta.items()
        if key not in ("filename", "lineno")
    )
    rows = [(p.account, p.units, p.cost) for p in entry.postings]
    return entry.date, entry.payee, entry.narration, meta, rows


def by_day(sums: Sums, wanted: Callable[[str], bool]) -> dict[date, Fraction]:
    """Return what each day adds to the accounts wanted, in money."""
    days: dict[date, Fraction] = defaultdict(Fraction)
    for (day, account, _), number in sums.items():
        if wanted(account):
            days[day] += number
    return {day: number for day, number in days.items() if number}
