"""What the provider holds of a startup (the startup's: what it issued) on a day."""

from __future__ import annotations

import datetime
from decimal import Decimal
from typing import NamedTuple

from beanscrow.booking.daybook import Daybook
from beanscrow.deal.terms import Agreement
from beanscrow.money import from_quanta, places, round_half_up, to_quanta
from beanscrow.policy.noncash import StakeReceived
from beanscrow.policy.schedule import (
    ConsiderationAdded,
    Forfeited,
    Remeasured,
    RightUnconditional,
    Schedule,
    Signing,
    StakeArrived,
    StakeEarned,
    StakeLeg,
    in_force,
)
from beanscrow.policy.stake_entry import Held, StakeEntry
from beanscrow.reports.credits import counterparty
from beanscrow.reports.movements import ZERO, even


class StakeStandingRow(NamedTuple):
    """One stake of one deal as of a day; money in the functional currency.

    Attributes:
      units: Held (the startup's: outstanding); those not yet issued not counted.
      cost: First paid for the units still held: their fair value at inception.
      carrying: Carrying amount.
    """

    deal: str
    party: str
    as_of: datetime.date
    commodity: str
    instrument: str
    method: str
    units: Decimal
    currency: str
    cost: Decimal
    carrying: Decimal


class _Bought(NamedTuple):
    acquired: datetime.date
    units: Decimal
    cost: Decimal


class _Stake:
    def __init__(self, leg: StakeLeg) -> None:
        self.leg = leg
        self.carrying = ZERO
        self.bought: list[_Bought] = []

    def arrive(self, leg: StakeLeg) -> None:
        if not self.bought:
            self.leg = leg
        bought = _Bought(leg.lots[0].acquired, leg.units.number, leg.cost)
        self.bought = sorted([*self.bought, bought], key=lambda each: each.acquired)
        self.carrying += leg.value

    def stand(self, after: Held) -> None:
        """Stand as an entry has left it."""
        self.leg = after.leg
        self.carrying = after.carrying
        self.bought = [_Bought(*holding) for holding in after.holdings]

    def leave(self, units: Decimal) -> None:
        """Let units go, the oldest first."""
        kept = []
        for each in self.bought:
            part = min(units, each.units)
            units -= part
            if part < each.units:
                cost = each.cost - _share(each.cost, part, each.units)
                kept.append(_Bought(each.acquired, each.units - part, cost))
        self.bought = kept

    @property
    def units(self) -> Decimal:
        return sum((each.units for each in self.bought), ZERO)

    @property
    def cost(self) -> Decimal:
        return sum((each.cost for each in self.bought), ZERO)


def stakes_standing(
    daybook: Daybook, day: datetime.date | None = None
) -> list[StakeStandingRow]:
    """Return every stake that had arrived by a day, by deal and commodity."""
    return [
        row
        for deal in sorted(daybook.schedules)
        for row in stakes_of(daybook.schedules[deal], daybook.agreements[deal], day)
    ]


def stakes_of(
    schedule: Schedule, agreement: Agreement, day: datetime.date | None = None
) -> list[StakeStandingRow]:
    """Return the stakes of one deal as of a day, by commodity.

    The cost of units that left is relieved oldest first, a part of an acquisition in
    proportion to its units, rounded once to the quantum the costs are written in.
    """
    as_of = min(day, schedule.through) if day else schedule.through
    held: dict[str, _Stake] = {}
    for event in in_force(schedule, as_of):
        if isinstance(event, Signing):
            for leg in event.stakes:
                if leg.arrives <= event.date:
                    _of(held, leg).arrive(leg)
        elif isinstance(event, ConsiderationAdded):
            for leg in event.stakes:
                _of(held, leg).arrive(leg)
        elif isinstance(
            event, StakeArrived | StakeEarned | RightUnconditional | StakeReceived
        ):
            _of(held, event.stake).arrive(event.stake)
        elif isinstance(event, Remeasured):
            held[event.stake].carrying += event.change
        elif isinstance(event, StakeEntry):
            for after in event.after:
                _of(held, after.leg).stand(after)
        elif isinstance(event, Forfeited) and event.shares and event.stake:
            stake = _of(held, event.stake)
            stake.carrying -= event.carrying
            stake.leave(event.shares.number)
    return [
        StakeStandingRow(
            schedule.deal,
            counterparty(agreement, schedule),
            as_of,
            commodity,
            stake.leg.instrument,
            stake.leg.method if schedule.side == "provider" else stake.leg.class_,
            stake.units,
            schedule.currency,
            *even(stake.cost, stake.carrying),
        )
        for commodity, stake in sorted(held.items())
    ]


def _of(held: dict[str, _Stake], leg: StakeLeg) -> _Stake:
    return held.setdefault(leg.units.currency, _Stake(leg))


def _share(cost: Decimal, part: Decimal, whole: Decimal) -> Decimal:
    scale, units = places(cost), max(places(part), places(whole))
    share = to_quanta(cost, scale) * to_quanta(part, units)
    return from_quanta(round_half_up(share, to_quanta(whole, units)), scale)
