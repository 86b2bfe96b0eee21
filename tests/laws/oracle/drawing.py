"""Which tranches a usage is drawn from, and how much of each."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from tests.laws.facts import Usage
from tests.laws.lives import Life
from tests.laws.oracle.exact import shares_of
from tests.laws.oracle.journal import ZERO
from tests.laws.oracle.tally import Tranche

BILLED = ""

Slice = tuple[str, Fraction]


@dataclass
class Draw:
    """A usage that was drawn: which slices of it still stand, first taken first."""

    usage: Usage
    slices: list[Slice]
    billed: Fraction = ZERO

    @property
    def left(self) -> Fraction:
        return sum((credits for _, credits in self.slices), ZERO)


class Day:
    """The draws of one day, from what was left of each tranche in its morning."""

    def __init__(
        self, life: Life, day: date, tranches: Iterable[Tranche], quantum: Fraction
    ) -> None:
        self.life = life
        self.day = day
        self.tranches = list(tranches)
        self.quantum = quantum
        self.morning = {t.name: t.held for t in self.tranches}
        self.spread: dict[tuple[str, ...], Fraction] = defaultdict(Fraction)

    def open_to(self, t: Tranche, usage: Usage) -> bool:
        """Whether a usage may be drawn from a tranche, as of its service date [2.5.7]."""
        day = usage.of or usage.on
        return (
            not t.grant.standing
            and t.grant.on <= self.day
            and t.effective <= day
            and (t.expires is None or day <= t.expires)
            and usage.tranche in (None, t.name)
        )

    def left(self, t: Tranche) -> Fraction:
        """Credits that can be taken of a tranche; where it has lapsed, what lapsed."""
        return t.expired if t.lapsed else t.held

    def take(self, usage: Usage) -> list[Slice] | None:
        """Return the slices of a usage, what is billed last, or None where it is refused."""
        candidates = [t for t in self.tranches if self.open_to(t, usage)]
        wanted = Fraction(usage.credits)
        there = sum((self.left(t) for t in candidates), ZERO)
        if wanted > there and self.life.overage_price is None:
            return None
        slices: list[Slice] = []
        if self.life.order == "pro-rata":
            for rank in sorted({t.priority for t in candidates}):
                group = sorted(
                    (t for t in candidates if t.priority == rank), key=lambda t: t.name
                )
                part = min(wanted, sum((self.left(t) for t in group), ZERO))
                slices += self.pro_rata(group, part)
                wanted -= part
        else:
            for t in sorted(candidates, key=self.rank()):
                part = min(wanted, self.left(t))
                if part:
                    slices.append((t.name, part))
                wanted -= part
        if wanted:
            slices.append((BILLED, wanted))
        return slices

    def rank(self) -> Callable[[Tranche], tuple[object, ...]]:
        """Return the order in which tranches are drawn [2.5.1]."""
        last = date.max
        orders: dict[str, Callable[[Tranche], tuple[object, ...]]] = {
            "expiry-first": lambda t: (t.expires or last, t.unit_price, t.grant.on, t.name),
            "fifo": lambda t: (t.grant.on, t.name),
            "lowest-price": lambda t: (t.unit_price, t.expires or last, t.grant.on, t.name),
        }
        order = orders[self.life.order]
        return lambda t: (t.priority, *order(t))

    def pro_rata(self, group: list[Tranche], part: Fraction) -> list[Slice]:
        """Share the day's total so far by what was left in the morning; take the change."""
        if not part:
            return []
        names = tuple(t.name for t in group if self.morning[t.name])
        weights = [self.morning[name] for name in names]
        before = self.spread[names]
        self.spread[names] = before + part
        then = shares_of(before, weights, self.quantum)
        now = shares_of(before + part, weights, self.quantum)
        change = [new - old for new, old in zip(now, then, strict=True)]
        return [
            (name, credits) for name, credits in zip(names, change, strict=True) if credits
        ]
