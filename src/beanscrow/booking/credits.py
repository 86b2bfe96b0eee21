"""Credits in double entry: the same postings on both sides, with the opposite sign.

Granted + on the provider's books, every other leaf -: what is held is owed.  The
startup's books carry the opposite on every leaf, so that the two added together
are zero leaf by leaf.
"""

from __future__ import annotations

from decimal import Decimal

from beancount.core.data import Posting

from beanscrow.booking.chart import Chart
from beanscrow.booking.entry import EntryMaker
from beanscrow.deal.terms import Role


class CreditUnits:
    """Postings of one deal's credits, signed for one side."""

    def __init__(self, side: Role, chart: Chart, maker: EntryMaker) -> None:
        self.provider = side == "provider"
        self.chart = chart
        self.maker = maker

    def move(
        self, tranche: str, commodity: str, source: str, into: str, credits: Decimal
    ) -> list[Posting]:
        """Return the postings that take credits from one leaf to another.

        Args:
          source: Leaf the credits leave ("Held"); Granted for new ones.
          into: Leaf they come to.
          credits: Positive; negative moves the other way.
        """
        if not credits:
            return []
        opposite = credits.copy_negate()
        number, other = (credits, opposite) if self.provider else (opposite, credits)
        units, post = self.chart.units, self.maker.units
        return [
            post(units(tranche, source), number, commodity),
            post(units(tranche, into), other, commodity),
        ]
