"""Loading a life through the plugins, and comparing what came of it."""

from __future__ import annotations

from collections import defaultdict
from fractions import Fraction
from typing import NamedTuple

from tests.cases.harness import generated, unbalanced
from tests.laws.lives import Fact, Life, Role, fact_at, ledger
from tests.laws.oracle import Sums
from tests.support.ledgers import Ledger, load_text


class Booked(NamedTuple):
    """What the plugins made of a life.

    Attributes:
      refused: The facts whose lines carry an error.
    """

    ledger: Ledger
    sums: Sums
    refused: set[Fact | None]


def booked(life: Life, role: Role, more: str = "") -> Booked:
    """Return what the plugins book for one side of a life, every transaction zero."""
    loaded = load_text(ledger(life, role, more))
    assert unbalanced(loaded.entries) == []
    return Booked(
        loaded,
        sums_of(loaded),
        {fact_at(life, role, line) for line in loaded.positions},
    )


def sums_of(loaded: Ledger) -> Sums:
    """Return what each day adds to each account, stakes in units and at cost."""
    sums: Sums = defaultdict(Fraction)
    for entry in generated(loaded.entries):
        for posting in entry.postings:
            units, cost = posting.units, posting.cost
            number = Fraction(units.number)
            sums[entry.date, posting.account, units.currency] += number
            if cost is not None:
                key = entry.date, posting.account, f"{cost.currency} at cost"
                sums[key] += number * Fraction(cost.number)
    return {key: number for key, number in sums.items() if number}


def told(sums: Sums) -> list[str]:
    """Return sums as lines, for a reader of a failed test."""
    return [
        f"{day} {account} {float(number):,.6f} {commodity}"
        for (day, account, commodity), number in sorted(sums.items())
    ]
