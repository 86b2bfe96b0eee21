"""Other comprehensive income of debt securities: it stays while they do, and no longer.

What stands in other comprehensive income is the carrying amount of the units held less
what was paid for them; when none is left, nothing stands there (320-10-35-1(b),
320-10-40-2).
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction

from beanscrow.checks.accounts import AFS_OCI
from beanscrow.checks.exact import figure
from beanscrow.checks.findings import problem
from beanscrow.checks.restated import Ledger
from beanscrow.deal.problems import Problem

_ZERO = Decimal(0)


def unrecycled(ledger: Ledger) -> Iterator[Problem]:
    """Yield the deals whose other comprehensive income does not go with its security.

    What was paid for the units left is reckoned lot by lot; a part of a lot may round
    by one coin.  A security that was impaired is looked at when none of it is left.
    """
    coin = Decimal(1).scaleb(-ledger.scale)
    for deal, directive in ledger.written.deals.items():
        if ledger.written.side(deal) != "provider":
            continue
        lots: dict[tuple[str, datetime.date], _Lot] = {}
        oci = impaired = _ZERO
        for entry in ledger.made_for(deal, datetime.date.max):
            source = ledger.source(entry)
            came_in = source is not None and source.name in ("deal-stake", "deal-cash")
            for posting in entry.postings:
                place = ledger.chart(posting.account)
                if place is None:
                    continue
                number = posting.units.number
                if place.role == "stake-afs" and posting.cost is not None:
                    key = posting.units.currency, posting.cost.date
                    lots.setdefault(key, _Lot()).move(number, posting.cost.number, came_in)
                elif place.role == AFS_OCI:
                    oci -= number
                elif place.role == "impairment":
                    impaired += number
        left = sum((lot.left for lot in lots.values()), _ZERO)
        carrying = sum((lot.carrying for lot in lots.values()), _ZERO)
        wanted = Fraction(carrying) - sum(
            (lot.paid_for_what_is_left() for lot in lots.values()), Fraction(0)
        )
        if left and impaired:
            continue
        partly = sum(lot.left not in (lot.bought, _ZERO) for lot in lots.values())
        if abs(Fraction(oci) - wanted) > partly * Fraction(coin):
            yield problem(
                directive.at,
                "E619",
                f"{figure(oci)} of gains stand in other comprehensive income, and "
                f"{figure(left)} units available for sale are held at "
                f"{figure(carrying)}",
                deal,
            )


class _Lot:
    """Units of one acquisition, as the entries leave them."""

    def __init__(self) -> None:
        self.bought = self.left = self.paid = self.carrying = _ZERO

    def move(self, units: Decimal, cost: Decimal, came_in: bool) -> None:
        """Add a posting of the lot."""
        self.left += units
        self.carrying += units * cost
        if came_in:
            self.bought += units
            self.paid += units * cost

    def paid_for_what_is_left(self) -> Fraction:
        """Return what was paid for the units still held."""
        if not self.bought:
            return Fraction(0)
        return Fraction(self.paid) * Fraction(self.left) / Fraction(self.bought)
