"""Other comprehensive income of debt securities: it stays while they do, and no longer.

What stands in other comprehensive income is the carrying amount of the units held less
what was paid for them; when none is left, nothing stands there (320-10-35-1(b),
320-10-40-2).
"""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from typing import Any

from beancount.core.amount import Amount
from beancount.core.data import Transaction

from beanscrow.checks.accounts import AFS_OCI
from beanscrow.checks.directives import LEGS, Directive
from beanscrow.checks.exact import figure
from beanscrow.checks.findings import problem
from beanscrow.checks.provenance import BOOKED_BY
from beanscrow.checks.restated import Ledger
from beanscrow.deal.problems import Problem

_ROLE = "stake-afs"
_ZERO = Decimal(0)


def unrecycled(ledger: Ledger) -> Iterator[Problem]:
    """Yield the deals whose other comprehensive income does not go with its security.

    What was paid for the units left is reckoned lot by lot; a part of a lot may round
    by one coin.  A security that was impaired is looked at when none of it is left.
    """
    coin = Fraction(1, 10**ledger.scale)
    for deal, held in _available_for_sale(ledger).items():
        lots = list(held.lots.values())
        left = sum((lot.left for lot in lots), _ZERO)
        carrying = sum((lot.carrying for lot in lots), _ZERO)
        paid = sum((lot.paid_for_what_is_left() for lot in lots), Fraction(0))
        if left and held.impaired:
            continue
        partly = sum(lot.left not in (lot.bought, _ZERO) for lot in lots)
        if abs(Fraction(held.oci) - (Fraction(carrying) - paid)) > partly * coin:
            directive = ledger.written.deals[deal]
            yield problem(
                directive.at,
                "E619",
                f"{figure(held.oci)} of gains stand in other comprehensive income, and "
                f"{figure(left)} units available for sale are held at "
                f"{figure(carrying)}",
                deal,
            )


class _Lot:
    """Units of one acquisition, as the entries leave them."""

    def __init__(self) -> None:
        self.bought = self.left = self.paid = self.carrying = _ZERO

    def paid_for_what_is_left(self) -> Fraction:
        """Return what was paid for the units still held."""
        if not self.bought:
            return Fraction(0)
        return Fraction(self.paid) * Fraction(self.left) / Fraction(self.bought)


class _Held:
    """What a deal has available for sale, by security and day of acquisition."""

    def __init__(self) -> None:
        self.lots: dict[tuple[str, datetime.date], _Lot] = defaultdict(_Lot)
        self.oci = self.impaired = _ZERO


def _available_for_sale(ledger: Ledger) -> dict[str, _Held]:
    """Return what the entries say of the debt securities of each deal that has any."""
    deals: dict[str, _Held] = defaultdict(_Held)
    if not ledger.chart.ever(_ROLE):
        return deals
    for entry in ledger.entries:
        if not isinstance(entry, Transaction) or BOOKED_BY not in entry.meta:
            continue
        postings: list[Any] = entry.postings
        for posting in postings:
            place = ledger.chart(posting.account)
            if place is None or place.role not in (_ROLE, AFS_OCI, "impairment"):
                continue
            held, number = deals[str(entry.meta.get("deal"))], posting.units.number
            if place.role == AFS_OCI:
                held.oci -= number
            elif place.role == "impairment":
                held.impaired += number
            elif posting.cost is not None:
                lot = held.lots[posting.units.currency, posting.cost.date]
                lot.left += number
                lot.carrying += number * posting.cost.number
                if _came_in(posting, ledger.source(entry)):
                    lot.bought += number
                    lot.paid += number * posting.cost.number
    return {deal: held for deal, held in deals.items() if held.lots}


def _came_in(posting: Any, source: Directive | None) -> bool:
    """Return whether units are acquired, not merely put back at another cost."""
    if source is None:
        return False
    if source.name == "deal-convert":
        into = source.entry.meta.get("into")
        return isinstance(into, Amount) and into.currency == posting.units.currency
    return source.name in LEGS
