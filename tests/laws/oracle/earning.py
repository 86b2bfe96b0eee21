"""Shares earned as credits are drawn: a pile of credits received, each worth something.

The first credits at the bottom were received first.  What is given back is owed again
and is received again before any credit that is new, so that the pile never shrinks.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction

from tests.laws.oracle.exact import rhu
from tests.laws.oracle.journal import ZERO

MILLIONTH = Fraction(1, 10**6)


@dataclass
class Pile:
    """Credits ever received of one tranche.

    Attributes:
      shares: Units that all of the grant earns.
      granted: Credits of the grant.
      pieces: Credits received at one worth, with that worth, the oldest first.
    """

    commodity: str
    shares: Fraction
    granted: Fraction
    pieces: list[tuple[Fraction, Fraction]] = field(default_factory=list)

    @property
    def received(self) -> Fraction:
        """The most credits that were ever drawn."""
        return sum((credits for credits, _ in self.pieces), ZERO)

    def receive(self, drawn: Fraction, each: Fraction) -> None:
        """Add what is drawn beyond what ever was, at the worth of a credit [2.7]."""
        if (new := drawn - self.received) > 0:
            if self.pieces and self.pieces[-1][1] == each:
                new += self.pieces.pop()[0]
            self.pieces.append((new, each))

    def worth(self, drawn: Fraction, cent: Fraction) -> Fraction:
        """Return what so many credits from the bottom are worth, rounded once [2.7]."""
        exact = ZERO
        for credits, each in self.pieces:
            part = min(credits, drawn)
            exact += part * each
            drawn -= part
        return rhu(exact, cent)

    @property
    def earned(self) -> Fraction:
        """Shares earned to date: units x drawn / granted, to six decimals [2.7]."""
        return rhu(self.shares * self.received / self.granted, MILLIONTH)
