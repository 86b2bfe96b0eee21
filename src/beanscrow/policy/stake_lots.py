"""A stake as lots: what it was carried at, what it is, and what leaves with some units."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

from beanscrow.deal.terms import Money
from beanscrow.money import (
    from_quanta,
    largest_remainder,
    places,
    round_half_up,
    to_quanta,
)
from beanscrow.policy.lots import lots_of
from beanscrow.policy.schedule import Lot, StakeLeg, StakeStanding
from beanscrow.policy.terms_of_side import CONSOLIDATED

Change = tuple[tuple[Lot, ...], tuple[Lot, ...], int]


class _Holding(NamedTuple):
    """Units of one acquisition: what they are carried at, and what was first paid."""

    units: Decimal
    carrying: int
    cost: int
    # Of what these units rose by, what waits in other comprehensive income.
    oci: int = 0


class StakeState:
    """Units and carrying amount of one security, by acquisition; money in whole quanta."""

    def __init__(self, leg: StakeLeg, scale: int) -> None:
        self.commodity = leg.units.currency
        self.leg = leg
        self.scale = scale
        # One entry an acquisition: two of one day stay apart, as their lots do.
        self.holdings: dict[tuple[datetime.date, int], _Holding] = {}
        self.acquisitions = 0
        # What left other comprehensive income with the units released last.
        self.released_oci = 0
        # The day its method last changed, and the method before; None where it is that of
        # the day it was bought.
        self.changed: tuple[datetime.date, str] | None = None

    def acquire(self, leg: StakeLeg) -> None:
        """Add units at their fair value; those that join others are carried as these are."""
        if not self.holdings:
            self.leg, self.changed = leg, None
        value = to_quanta(leg.value, self.scale)
        self.holdings[leg.lots[0].acquired, self.acquisitions] = _Holding(
            leg.units.number,
            value,
            to_quanta(leg.cost, self.scale),
            to_quanta(leg.waits, self.scale),
        )
        self.acquisitions += 1

    @property
    def instrument(self) -> str:
        """Kind of security."""
        return self.leg.instrument

    @property
    def method(self) -> str:
        """How the provider carries it now."""
        return self.leg.method

    @property
    def class_(self) -> str:
        """How the startup classifies it."""
        return self.leg.class_

    @property
    def units(self) -> Decimal:
        """Units held."""
        return sum((held.units for held in self.holdings.values()), Decimal(0))

    @property
    def carrying(self) -> int:
        """Carrying amount, in money quanta."""
        return sum(held.carrying for held in self.holdings.values())

    @property
    def cost(self) -> int:
        """What was first paid for the units still held, in money quanta."""
        return sum(held.cost for held in self.holdings.values())

    def lots(self) -> tuple[Lot, ...]:
        """Return the lots the stake stands in, oldest first."""
        return tuple(
            lot
            for (acquired, _), held in sorted(self.holdings.items())
            for lot in lots_of(held.units, held.carrying, self.scale, acquired)
        )

    def carry_at(self, new: int, *, to_oci: bool = False) -> Change:
        """Return the lots before and after, and the change, at a carrying amount in all.

        Days of acquisition share it in proportion to their units.
        """
        before, old = self.lots(), self.carrying
        for day, part in self._shared(new):
            held = self.holdings[day]
            waits = held.oci + (part - held.carrying if to_oci else 0)
            self.holdings[day] = held._replace(carrying=part, oci=waits)
        return before, self.lots(), new - old

    def put_aside(self, amount: int) -> None:
        """Let an amount wait in other comprehensive income, shared by units held."""
        for day, part in self._shared(amount):
            held = self.holdings[day]
            self.holdings[day] = held._replace(oci=held.oci + part)

    def write_down(self, new: int) -> tuple[Change, int]:
        """Return the change to a lower carrying amount, and what gains that wait take of it.

        Of each acquisition the gains in other comprehensive income go first, so that no
        more is a loss than lies below what it cost, less losses before (326-30-35-2); one
        that rises while all of them fall has gained so much.

        Returns:
          The change, and the part of it in other comprehensive income, either sign.
        """
        before, old, taken = self.lots(), self.carrying, 0
        for day, part in self._shared(new):
            held = self.holdings[day]
            change = part - held.carrying
            waits = max(change, min(0, -held.oci)) if change < 0 else change
            taken += waits
            self.holdings[day] = held._replace(carrying=part, oci=held.oci + waits)
        return (before, self.lots(), new - old), taken

    def _shared(self, new: int) -> list[tuple[tuple[datetime.date, int], int]]:
        """Return the part of each acquisition in an amount, by its units."""
        days = sorted(self.holdings)
        units = [Fraction(self.holdings[day].units) for day in days]
        return list(zip(days, largest_remainder(new, units), strict=True))

    def units_before(self, date: datetime.date) -> Decimal:
        """Return the units held that were acquired before a day."""
        return sum(
            (
                held.units
                for (acquired, _), held in self.holdings.items()
                if acquired < date
            ),
            Decimal(0),
        )

    def taken_over_at(self, price: Money | None, date: datetime.date) -> int:
        """Return what a stake is worth to who gains control of its issuer on a day.

        Units of before are worth their price that day, rounded once; those acquired on
        it, what was paid for them.
        """
        number = Fraction(price.number) if price is not None else Fraction(0)
        exact = number * Fraction(self.units_before(date))
        bought = sum(
            h.cost for (acquired, _), h in self.holdings.items() if acquired >= date
        )
        return round_half_up(exact.numerator * 10**self.scale, exact.denominator) + bought

    def take_over(self, price: Money | None, date: datetime.date) -> None:
        """Carry the stake at what it is worth to who gains control of its issuer."""
        before = [key for key in sorted(self.holdings) if key[0] < date]
        for key, held in self.holdings.items():
            if key not in before:
                self.holdings[key] = held._replace(carrying=held.cost)
        bought = sum(h.cost for key, h in self.holdings.items() if key not in before)
        parts = largest_remainder(
            self.taken_over_at(price, date) - bought,
            [Fraction(self.holdings[key].units) for key in before],
        )
        for key, part in zip(before, parts, strict=True):
            self.holdings[key] = self.holdings[key]._replace(carrying=part)

    def carry_by(self, method: str, date: datetime.date) -> None:
        """Carry the stake by another method from a day on, at the same amount."""
        self.changed = date, self.method
        self.leg = self.leg._replace(method=method)

    def as_carried(self, leg: StakeLeg) -> StakeLeg:
        """Return a leg of this security as it is carried once it has joined what is held."""
        return leg._replace(method=self.method) if self.holdings else leg

    def units_of(self, lot: datetime.date | None) -> Decimal:
        """Return the units held that were acquired on a day; all of them for None."""
        return sum(
            (
                held.units
                for (acquired, _), held in self.holdings.items()
                if lot in (None, acquired)
            ),
            Decimal(0),
        )

    def release(self, units: Decimal, lot: datetime.date | None = None) -> Change:
        """Return the lots that leave and come back when units go, oldest first.

        Args:
          lot: Day of the acquisition they are taken from; None for any.
        Returns:
          Lots out, lots in, and the carrying amount that leaves (positive): out
          and in are the least that says it, so a lot that only shrinks is reduced.
        """
        out: list[Lot] = []
        back: list[Lot] = []
        left, gone = units, 0
        self.released_oci = 0
        for acquisition in sorted(self.holdings):
            if not left:
                break
            acquired, _ = acquisition
            if lot not in (None, acquired):
                continue
            held, carrying, cost, oci = self.holdings[acquisition]
            part = min(left, held)
            left -= part
            relieved = self._share(carrying, part, held)
            gone += relieved
            recycled = self._share(oci, part, held)
            self.released_oci += recycled
            before = lots_of(held, carrying, self.scale, acquired)
            if part == held:
                del self.holdings[acquisition]
                out += before
                continue
            self.holdings[acquisition] = _Holding(
                held - part,
                carrying - relieved,
                cost - self._share(cost, part, held),
                oci - recycled,
            )
            after = lots_of(held - part, carrying - relieved, self.scale, acquired)
            if len(before) == 1 and after == (before[0]._replace(units=held - part),):
                out.append(before[0]._replace(units=part))
            else:
                out += before
                back += after
        return tuple(out), tuple(back), gone

    @staticmethod
    def _share(money: int, part: Decimal, whole: Decimal) -> int:
        """Return the part of an amount that goes with some of the units, rounded once."""
        scale = max(places(part), places(whole))
        return round_half_up(money * to_quanta(part, scale), to_quanta(whole, scale))

    def standing(self) -> StakeStanding:
        """Return units, cost and carrying amount, side by side."""
        return StakeStanding(
            self.commodity,
            self.instrument,
            self.method,
            self.units,
            from_quanta(self.cost, self.scale),
            from_quanta(self.carrying, self.scale),
        )


def is_subsidiary(stakes: Iterable[StakeState]) -> bool:
    """Return whether control of the startup was gained, so that it is consolidated."""
    return any(stake.method == CONSOLIDATED for stake in stakes)
