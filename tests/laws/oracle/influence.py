"""The equity method: results, eliminations and dilutions of the one stake [2.9]."""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal
from fractions import Fraction

from tests.laws.facts import Stake
from tests.laws.judgements import Dilution, Elimination, Result, Valuation
from tests.laws.oracle.accounts import (
    DEFERRED_PROFIT,
    DILUTION_GAIN,
    IMPAIRMENT,
    SHARE_OF_RESULT,
)
from tests.laws.oracle.exact import rhu
from tests.laws.oracle.holding import Holding
from tests.laws.oracle.journal import ZERO, Undetermined


class Influence:
    """What the provider takes up of the investee's figures.

    Attributes:
      beyond: Losses beyond a carrying amount of zero, which nothing books.
      deferred: Profit eliminated beyond zero.
      lost: What impairments took, under IFRS, and may give back.
    """

    def __init__(self, holding: Holding) -> None:
        self.holding = holding
        self.journal = holding.journal
        self.cent = holding.journal.cent
        self.commodity = ""
        self.ownership = ZERO
        self.beyond = ZERO
        self.deferred = ZERO
        self.lost = ZERO
        self.eliminated: dict[str, Fraction] = defaultdict(Fraction)

    @property
    def carrying(self) -> Fraction:
        """The carrying amount of all lots."""
        lots = self.holding.of(self.commodity, None)
        return sum((lot.carrying for lot in lots), ZERO)

    def know(self, stake: Stake) -> None:
        """Take in the ownership that a stake says, from the day it is held."""
        self.commodity = stake.commodity
        if self.beyond or self.deferred:
            raise Undetermined("shares bought while losses or profit lie beyond zero")
        self.own(stake.ownership)

    def own(self, ownership: Decimal | None) -> None:
        """Take in a new ownership, where a line says one."""
        if ownership is not None:
            self.ownership = Fraction(ownership)

    def adjust(self, change: Fraction) -> None:
        """Change the carrying amount, whichever lot takes it."""
        self.holding.of(self.commodity, None)[0].carrying += change
        self.holding.book(self.commodity, ZERO, change)

    def result(self, fact: Result) -> None:
        """Take up a share: losses down to zero, and what lies beyond is made good first."""
        if not self.journal.provider:
            return
        self.own(fact.ownership)
        share = rhu(Fraction(fact.amount) * self.ownership, self.cent)
        # Where the stake would stand if it could fall below zero.
        would = self.carrying - self.beyond + share
        self.beyond = max(ZERO, -would)
        change = max(ZERO, would) - self.carrying
        self.adjust(change)
        self.journal.post(SHARE_OF_RESULT, -change)

    def eliminate(self, fact: Elimination) -> None:
        """Take out the profit to date of one asset, less what was taken out."""
        if not self.journal.provider:
            return
        self.own(fact.ownership)
        to_date = self.ownership * Fraction(fact.margin) * Fraction(fact.amount)
        to_date = rhu(to_date, self.cent)
        change = to_date - self.eliminated[fact.asset]
        self.eliminated[fact.asset] = to_date
        if change > 0:
            off = min(change, self.carrying)
        else:
            off = min(ZERO, change + self.deferred)
            if off and self.beyond:
                raise Undetermined("profit that comes back while losses lie beyond zero")
        self.adjust(-off)
        self.deferred += change - off
        self.journal.post(DEFERRED_PROFIT, off - change)
        self.journal.post(SHARE_OF_RESULT, change)

    def dilute(self, fact: Dilution) -> None:
        """Take up the gain of what was issued to others."""
        if not self.journal.provider:
            return
        new, old = Fraction(fact.ownership), self.ownership
        if new >= old:
            self.journal.refused.add(fact)
            return
        if self.beyond or self.deferred:
            raise Undetermined("a dilution while losses or profit lie beyond zero")
        before, raised = Fraction(fact.net_assets), Fraction(fact.raised)
        gain = new * (before + raised) - old * before
        gain -= (1 - new / old) * (self.carrying - old * before)
        gain = rhu(gain, self.cent)
        if self.carrying + gain < 0:
            raise Undetermined("a dilution that takes the stake below zero")
        self.ownership = new
        # Of what was eliminated, the part of the others is realised with the stake's.
        for asset, amount in self.eliminated.items():
            self.eliminated[asset] = rhu(amount * new / old, self.cent)
        self.lost = rhu(self.lost * new / old, self.cent)
        self.adjust(gain)
        self.journal.post(DILUTION_GAIN, -gain)

    def test(self, fact: Valuation) -> None:
        """Write the stake down to a price; under IFRS up again, by what was lost at most."""
        change = Fraction(fact.price) * self.holding.held(fact.commodity) - self.carrying
        if change > 0:
            if not self.lost:
                self.journal.refused.add(fact)
                return
            if self.beyond or self.deferred:
                raise Undetermined("a stake that rises while losses or profit lie beyond")
            change = min(change, self.lost)
        if self.journal.life.framework == "ifrs":
            self.lost -= change
        self.adjust(change)
        self.journal.post(IMPAIRMENT, -change)
