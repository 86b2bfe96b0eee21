"""The books of the oracle: what each day adds to each account."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import TypeVar

from tests.laws.lives import Fact, Life, Role, Stake
from tests.laws.tally import (
    INVESTMENT,
    SHARES,
    SHARES_DUE,
    ZERO,
    Formulas,
    Sums,
    Tranche,
)

F = TypeVar("F", bound=Fact)


def of_kind(facts: Iterable[Fact], kind: type[F]) -> list[F]:
    """Return the facts of one kind, in their order."""
    return [fact for fact in facts if isinstance(fact, kind)]


@dataclass
class Reckoned:
    """What must come of a life: what each day adds to each account, and what is refused."""

    sums: Sums
    refused: set[Fact]
    tranches: dict[str, Tranche]


class Undetermined(Exception):
    """The rules leave the figure open."""


class Journal(Formulas):
    """Adds up what is posted; a tranche's lines by what they show now, less before.

    Attributes:
      day: The day postings fall on.
    """

    day: date

    def __init__(self, life: Life, role: Role) -> None:
        super().__init__(life, role)
        self.sums: Sums = defaultdict(Fraction)

    def show(self, t: Tranche, service: str) -> None:
        """Book what the books show of a tranche now, less what they have shown."""
        for line, (account, balance) in self.lines(t, service).items():
            self.post(account, balance - t.shown[line])
            t.shown[line] = balance

    def rebase(self, t: Tranche) -> None:
        """Start anew with what is left of price and credits [2.6]; books nothing."""
        recognised, used = self.recognised(t), self.used(t)
        t.price -= recognised
        t.basis -= t.taken
        t.taken = ZERO
        sign = 1 if self.provider else -1
        t.shown["used"] += sign * used
        t.shown["breakage"] += sign * (recognised - used)

    def post(self, account: str, amount: Fraction, stake: Stake | None = None) -> None:
        """Add an amount of money; the startup's shares are a credit, the provider's units."""
        if stake is not None and account in (SHARES, SHARES_DUE):
            amount = -amount
        if stake is not None and account == INVESTMENT:
            units = stake.units if amount > 0 else -stake.units
            self.sums[self.day, account, stake.commodity] += units
            self.sums[self.day, account, "USD at cost"] += amount
            return
        self.sums[self.day, account, "USD"] += amount

    def units(self, t: Tranche, leaf: str, credits: Fraction) -> None:
        """Add credits to a leaf of the credits' own trial balance [4.2]."""
        sign = 1 if self.provider else -1
        self.sums[self.day, f"Equity:Escrow:Moon:{t.name}:{leaf}", "MOON.CR"] += (
            sign * credits
        )
