"""The books of the oracle: what each day adds to each account."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import TypeVar

from tests.laws.directives import Fact
from tests.laws.facts import Grant
from tests.laws.lives import Life, Role

F = TypeVar("F", bound=Fact)

Sums = dict[tuple[date, str, str], Fraction]

ZERO = Fraction()


def of_kind(facts: Iterable[Fact], kind: type[F]) -> list[F]:
    """Return the facts of one kind, in their order."""
    return [fact for fact in facts if isinstance(fact, kind)]


class Undetermined(Exception):
    """The rules leave the figure open."""


@dataclass
class Reckoned:
    """What must come of a life: what each day adds to each account, and what is refused."""

    sums: Sums
    refused: set[Fact]


class Journal:
    """Adds up what is posted.

    Attributes:
      cent: The smallest amount of money.
      day: The day postings fall on.
      refused: The facts of which nothing is booked.
    """

    day: date

    def __init__(self, life: Life, role: Role) -> None:
        self.life = life
        self.provider = role == "provider"
        self.cent = Fraction(life.precision)
        self.sums: Sums = defaultdict(Fraction)
        self.refused: set[Fact] = set()

    def post(self, account: str, amount: Fraction) -> None:
        """Add an amount of money to an account."""
        self.sums[self.day, account, self.life.currency] += amount

    def hold(self, account: str, units: Fraction, commodity: str, cost: Fraction) -> None:
        """Add units of a security, and what they are carried at, to an account."""
        self.sums[self.day, account, commodity] += units
        self.sums[self.day, account, f"{self.life.currency} at cost"] += cost

    def move(self, grant: Grant, leaf: str, credits: Fraction) -> None:
        """Add credits to a leaf of their own trial balance, the provider's sign [4.2]."""
        account = f"Equity:Escrow:Moon:{grant.tranche}:{leaf}"
        number = credits if self.provider else -credits
        self.sums[self.day, account, grant.commodity] += number

    def result(self) -> Reckoned:
        """Return what came of the life."""
        sums = {key: amount for key, amount in self.sums.items() if amount}
        return Reckoned(sums, self.refused)
