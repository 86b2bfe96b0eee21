"""Which tranche a draw takes from: a total order, so that two readers agree.

`priority` leads in every order, lower first.  Then
  expiry-first   expiry (none last), price per credit (zero first), grant date, name
  fifo           grant date, name
  lowest-price   price per credit, expiry, grant date, name
  pro-rata       in proportion to what each tranche had left at the start of the day
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Sequence
from fractions import Fraction

from beanscrow.money import largest_remainder
from beanscrow.policy.tranche import Tranche

_NEVER = datetime.date.max
Slice = tuple[Tranche, int]


def in_order(tranches: Iterable[Tranche], order: str) -> list[Tranche]:
    """Return tranches in the order draws take from them.

    Args:
      order: expiry-first, fifo, lowest-price or pro-rata (whose ties go by name).
    """
    return sorted(tranches, key=lambda tranche: _key(tranche, order))


def _key(tranche: Tranche, order: str) -> tuple[object, ...]:
    expiry = tranche.expires or _NEVER
    price = price_per_credit(tranche)
    if order == "fifo":
        return tranche.priority, tranche.granted_on, tranche.name
    if order == "lowest-price":
        return tranche.priority, price, expiry, tranche.granted_on, tranche.name
    if order == "pro-rata":
        return tranche.priority, tranche.name
    return tranche.priority, expiry, price, tranche.granted_on, tranche.name


def price_per_credit(tranche: Tranche) -> Fraction:
    """Return the contract's price of one credit, in money quanta per credit quantum."""
    if not tranche.credits_at_price:
        return Fraction(0)
    return Fraction(tranche.contract_price, tranche.credits_at_price)


def take_in_turn(queue: Sequence[Tranche], credits: int) -> list[Slice]:
    """Return slices that empty each tranche before the next is touched.

    Args:
      queue: Tranches in order; together they hold `credits` at least.
      credits: Positive.
    Returns:
      Slices, all positive, that add up to `credits`.
    """
    slices: list[Slice] = []
    for tranche in queue:
        part = min(credits, tranche.held)
        if part > 0:
            slices.append((tranche, part))
            credits -= part
        if not credits:
            break
    return slices


class ProRataDay:
    """One day's draws of a commodity, shared by what each tranche had left that morning.

    The day's total to date is allocated by largest remainder, ties by name, and a
    draw gets the change; so however the day's draws are split the day is the same.
    A tranche can therefore give back a quantum within the day.  A quantum is so many of
    the smallest units; what the day draws is always whole quanta.
    """

    def __init__(
        self, day: datetime.date, queue: Sequence[Tranche], quantum: int = 1
    ) -> None:
        self.day = day
        self.quantum = quantum
        self.groups: list[list[tuple[Tranche, int]]] = []
        for tranche in queue:
            entry = (tranche, tranche.held)
            if self.groups and self.groups[-1][0][0].priority == tranche.priority:
                self.groups[-1].append(entry)
            else:
                self.groups.append([entry])
        self.total = 0
        self.taken: dict[str, int] = {}

    def take(self, credits: int) -> list[Slice]:
        """Return the slices of one further draw of the day.

        Args:
          credits: Positive; with the day's draws before it, no more than was left
            in the morning.
        Returns:
          Slices that add up to `credits`, in order of priority and name.
        """
        self.total += credits
        left = self.total
        slices: list[Slice] = []
        for group in self.groups:
            weights = [held for _, held in group]
            part = min(left, sum(weights))
            left -= part
            parts = largest_remainder(part // self.quantum, weights)
            for (tranche, _), shares in zip(group, parts, strict=True):
                to_date = shares * self.quantum
                change = to_date - self.taken.get(tranche.name, 0)
                self.taken[tranche.name] = to_date
                if change:
                    slices.append((tranche, change))
        return slices
