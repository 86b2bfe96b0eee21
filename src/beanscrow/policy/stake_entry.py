"""What happens to a stake after it has come in: sold, moved, exchanged, realised."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple

from beanscrow.deal.problems import Position
from beanscrow.money import from_quanta
from beanscrow.policy.paragraphs import named

if TYPE_CHECKING:
    from beanscrow.policy.schedule import Lot, StakeLeg
    from beanscrow.policy.stake_lots import StakeState
    from beanscrow.policy.terms_of_side import SideTerms


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


class StakeJournal:
    """Writes the entries of one deal's stakes; money comes in whole quanta."""

    def __init__(
        self,
        terms: SideTerms,
        rules: dict[str, str],
        emit: Callable[[StakeEntry], None],
        leave: Callable[[Position, str], None],
    ) -> None:
        self.terms = terms
        self.rules = rules
        self.emit = emit
        self.leave = leave

    def named(self, name: str, *kinds: str) -> str:
        """Return the name of the paragraphs of an entry, of its kinds where they have any."""
        return named(self.rules, name, *kinds)

    def enter(
        self,
        at: Position,
        date: datetime.date,
        rule: str,
        text: str,
        moved: tuple[LotsMoved, ...],
        lines: tuple[tuple[str, int], ...],
        *changed: StakeState,
    ) -> None:
        """Write an entry; what would move nothing is left unbooked, with the reason.

        Args:
          rule: Name of its paragraphs ("sale").
          lines: Account role and whole quanta, positive for a debit.
          changed: Every stake it changes, as it stands by now.
        """
        lots = tuple(each for each in moved if each.lots)
        net: dict[str, int] = {}
        for role, amount in lines:
            net[role] = net.get(role, 0) + amount
        posted = tuple((role, amount) for role, amount in net.items() if amount)
        if not lots and not posted:
            # Said for the journal; reports still follow the stake to its new name.
            self.leave(at, "what is given up and what comes for it stand in one account")
        scale = self.terms.scale
        self.emit(
            StakeEntry(
                at,
                date,
                self.rules[rule],
                text,
                lots,
                tuple((role, from_quanta(amount, scale)) for role, amount in posted),
                tuple(_held_as(stake) for stake in changed),
            )
        )


def lots_moved(stake: StakeState, lots: tuple[Lot, ...], *, out: bool) -> LotsMoved:
    """Return lots of a stake that leave the account of its method, or come into it."""
    return LotsMoved(stake.commodity, stake.method, stake.instrument, lots, out)


def _held_as(stake: StakeState) -> Held:
    return Held(
        stake.leg,
        tuple(
            Holding(acquired, held.units, from_quanta(held.cost, stake.scale))
            for (acquired, _), held in sorted(stake.holdings.items())
        ),
        from_quanta(stake.carrying, stake.scale),
    )
