"""What happens to a stake after it has come in: sold, moved, exchanged, realised."""

from __future__ import annotations

import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple

from beanscrow.deal.problems import Position
from beanscrow.money import from_quanta

if TYPE_CHECKING:
    from beanscrow.policy.schedule import Lot, StakeLeg
    from beanscrow.policy.stake_lots import StakeState


class LotsMoved(NamedTuple):
    """Lots that leave an account of a stake, or come into one.

    Attributes:
      method: How the account's stakes are carried ("fvni").
    """

    commodity: str
    method: str
    instrument: str
    lots: tuple[Lot, ...]
    out: bool


class Holding(NamedTuple):
    """Units of one acquisition, and what was first paid for them."""

    acquired: datetime.date
    units: Decimal
    cost: Decimal


class Held(NamedTuple):
    """A stake as it stands after an entry.

    Attributes:
      leg: Says instrument, method and class as they are now.
      carrying: Carrying amount of all units.
    """

    leg: StakeLeg
    holdings: tuple[Holding, ...]
    carrying: Decimal


class StakeEntry(NamedTuple):
    """One entry in the life of a stake; with its lots at cost it comes to zero.

    Attributes:
      text: What it is, for a reader of the journal.
      moved: Lots out and in.
      lines: Account role and amount, positive for a debit.
      after: Every stake it changes, as it stands then.
    """

    at: Position
    date: datetime.date
    rule: str
    text: str
    moved: tuple[LotsMoved, ...]
    lines: tuple[tuple[str, Decimal], ...]
    after: tuple[Held, ...] = ()


def held_as(stake: StakeState) -> Held:
    """Return a stake as it stands, for those who follow its entries."""
    return Held(
        stake.leg,
        tuple(
            Holding(acquired, held.units, from_quanta(held.cost, stake.scale))
            for (acquired, _), held in sorted(stake.holdings.items())
        ),
        from_quanta(stake.carrying, stake.scale),
    )
