"""What stands beside the carrying amount of a stake with significant influence.

Our share of the investee, profit on our own supplies that was eliminated, and beyond a
carrying amount of zero the profit that is deferred, the losses that something is owed
for, and those kept in mind.  It is the deal's, not a lot's: a part of the stake that
goes takes its part of it, but for what is owed, which is owed whatever is held.
"""

from __future__ import annotations

import datetime
from collections.abc import Container, Iterable
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

from beanscrow.deal.terms import Fact, Stake
from beanscrow.money import from_quanta, round_half_up
from beanscrow.policy.basis import BasisDifference
from beanscrow.policy.milestones import EventKey, event_of
from beanscrow.policy.refusal import Refusal, not_built
from beanscrow.policy.stake_lots import StakeState
from beanscrow.policy.support import Support

METHOD = "equity-method"


class Realised(NamedTuple):
    """What stood beside a stake and goes into the gain of a part of it; in quanta.

    Attributes:
      profit: Of our own supplies, deferred beyond the stake.
      losses: That were owed for beyond it, and no longer are.
    """

    profit: int = 0
    losses: int = 0

    @property
    def total(self) -> int:
        """Return what the gain is more by."""
        return self.profit + self.losses

    def lines(self) -> tuple[tuple[str, int], ...]:
        """Return account role and whole quanta of each, positive for a debit."""
        return ("deferred-profit", self.profit), ("loss-liability", self.losses)


class Ownership:
    """Our share of the investee as it became known; of one day, the last counts.

    What a stake says of it holds from its own day, unless its contract event is refused:
    `refused` has those.
    """

    def __init__(self, facts: Iterable[Fact], refused: Container[EventKey]) -> None:
        stated = sorted(
            (fact.date, fact.sequence, fact.ownership, event_of(fact))
            for fact in facts
            if isinstance(fact, Stake) and fact.ownership is not None
        )
        self._refused = refused
        # With the contract event it hangs on, if any.
        self._known: list[tuple[datetime.date, Fraction, EventKey | None]] = [
            (date, Fraction(share), event) for date, _, share, event in stated
        ]

    def on(self, date: datetime.date, stated: Decimal | None) -> Fraction:
        """Return the share on a day: as a line states it, else the last one known.

        Raises:
          Refusal: None is known.
        """
        if stated is not None:
            return Fraction(stated)
        share = self.last(date)
        if share is None:
            raise Refusal(
                "E409",
                f"the ownership on {date} is not known; write `ownership:` on this line or "
                "on the deal-stake",
            )
        return share

    def last(self, date: datetime.date) -> Fraction | None:
        """Return the share last known by a day, None where none is."""
        known = [
            (day, share)
            for day, share, event in self._known
            if day <= date and (event is None or event not in self._refused)
        ]
        latest = max((day for day, _ in known), default=None)
        return next((share for day, share in reversed(known) if day == latest), None)

    def becomes(self, date: datetime.date, share: Fraction | Decimal | None) -> None:
        """Learn a share, in force from a day on; nothing where a line states none."""
        if share is not None:
            self._known.append((date, Fraction(share), None))


class Influence:
    """The state of one deal under the equity method; money in whole quanta.

    Attributes:
      eliminated: Profit eliminated to date, by asset; `sales`, the sales it was on.
      deferred: Of it, what is beyond a carrying amount of zero: a liability.
      owed: Losses beyond zero, as far as something is owed for them: a liability.
      in_mind: Losses beyond that, not booked; later income makes them good first.
      impaired: Of the carrying amount, impairments that may still be reversed; none
        under US GAAP.
    """

    def __init__(
        self, facts: Iterable[Fact], refused: Container[EventKey], support: Support
    ) -> None:
        self.ownership = Ownership(facts, refused)
        self.basis = BasisDifference()
        self.support = support
        self.eliminated: dict[str, int] = {}
        self.sales: dict[str, int] = {}
        self.deferred = 0
        self.owed = 0
        self.in_mind = 0
        self.impaired = 0

    @property
    def beside(self) -> int:
        """Return what is to be taken off a carrying amount for all that is owed beside it."""
        return self.deferred + self.owed

    def restore(self, amount: int) -> int:
        """Return how much of an amount that comes back pays off what is owed for losses."""
        part = min(amount, self.owed)
        self.owed -= part
        return part

    def check_may_go(
        self, stake: StakeState, stakes: Iterable[StakeState], units: Decimal
    ) -> None:
        """Make sure that units can leave, as things stand.

        Raises:
          Refusal: Several stakes are carried so, or the last units would leave a
            guaranteed liability behind.
        """
        if stake.method != METHOD:
            return
        self.check_one(stakes)
        if units >= stake.units and self.owed and self.support.guaranteed:
            raise Refusal(
                "E413",
                f"the last of {stake.commodity} goes while "
                f"{from_quanta(self.owed, stake.scale):,f} stands as a liability for losses, "
                "and a guarantee with it; write a deal-guarantee with what is left of it, "
                "on or before the day",
            )

    def check_one(self, stakes: Iterable[StakeState]) -> None:
        """Make sure that it is plain which stake all of this belongs to.

        Raises:
          Refusal: Several stakes of the deal are carried by the equity method.
        """
        held = [each for each in stakes if each.method == METHOD and each.units]
        if len(held) > 1 and (self.beside or self.in_mind or self.eliminated):
            raise not_built("the end of one of several stakes under the equity method")

    def end(self) -> Realised:
        """Keep nothing, and return what is realised."""
        return self.part(Fraction(0))

    def part(self, kept: Fraction) -> Realised:
        """Keep a part of everything, and return what is realised with the rest.

        The deferred profit was on supplies to an investee of ours; with the interest the
        part of it goes to others, and nothing is left to eliminate it from
        (323-10-35-7).  What is owed for losses is owed until nothing is held.
        """
        self.basis.keep(kept)
        for amounts in (self.eliminated, self.sales):
            for asset, amount in amounts.items():
                amounts[asset] = _part(amount, kept)
        left = _part(self.deferred, kept)
        profit, self.deferred = self.deferred - left, left
        self.in_mind = _part(self.in_mind, kept)
        self.impaired = _part(self.impaired, kept)
        losses = self.restore(self.owed) if not kept else 0
        return Realised(profit, losses)

    def hand_back(self, date: datetime.date, kept: Fraction) -> Realised:
        """Keep a part of the stake where the rest goes back to the investee, and is gone.

        Others then hold more of it: of the share s, with k kept, s k / (1 - s (1 - k))
        is left.
        """
        share = self.ownership.last(date)
        if share is not None:
            left = 1 - share * (1 - kept)
            self.ownership.becomes(date, share * kept / left if left else Fraction(0))
        return self.part(kept)

    def sell(self, date: datetime.date, kept: Fraction) -> Realised:
        """Keep a part of the stake, and of our share of the investee, on a day."""
        share = self.ownership.last(date)
        if share is not None:
            self.ownership.becomes(date, share * kept)
        return self.part(kept)


def _part(amount: int, kept: Fraction) -> int:
    return round_half_up(amount * kept.numerator, kept.denominator)
