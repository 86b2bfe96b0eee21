"""Other comprehensive income of debt securities: it stays while they do, and no longer.

What stands in other comprehensive income is the carrying amount of the units held less
what was paid for them and not lost since; when none is left, nothing stands there
(320-10-35-1(b), 320-10-40-2).  An impairment is a loss as far as a lot falls below what
was paid for it, or from where it stood if it stood lower (326-30-35-2).
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
from beanscrow.checks.purchases import coins
from beanscrow.checks.restated import Ledger, opening_oci
from beanscrow.deal.problems import Problem

_ROLE = "stake-afs"
_ZERO = Decimal(0)


def unrecycled(ledger: Ledger) -> Iterator[Problem]:
    """Yield the deals whose other comprehensive income does not go with its security.

    What was paid for the units left is reckoned lot by lot; a part of a lot may round
    by one coin.  Where several acquisitions of one day were impaired, which their lots do
    not tell apart, or a loss was corrected, the security is looked at when none of it is
    left.
    """
    coin = Fraction(1, 10**ledger.scale)
    for deal, held in _available_for_sale(ledger).items():
        lots = list(held.lots.values())
        left = sum((lot.left for lot in lots), _ZERO)
        carrying = sum((lot.carrying for lot in lots), _ZERO)
        paid = sum((lot.paid_for_what_is_left() for lot in lots), Fraction(0))
        untold = held.corrected or any(lot.mixed and lot.lost for lot in lots)
        if left and untold:
            continue
        partly = sum(lot.left not in (lot.bought, _ZERO) for lot in lots)
        directive = ledger.written.deals[deal]
        lost_otherwise = abs(Fraction(held.impaired) - held.lost) > held.parts * coin
        if lost_otherwise and not untold:
            yield problem(
                directive.at,
                "E619",
                f"{figure(held.impaired)} is lost by impairments of what is available for "
                f"sale; its lots fell {figure(coins(held.lost, ledger))} below their cost",
                deal,
            )
        elif abs(Fraction(held.oci) - (Fraction(carrying) - paid)) > partly * coin:
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
        self.bought = self.left = self.carrying = _ZERO
        self.paid = Fraction(0)
        self.entries: set[int] = set()
        self.lost = False

    @property
    def mixed(self) -> bool:
        """Whether several acquisitions of one day stand in it."""
        return len(self.entries) > 1

    def paid_for_what_is_left(self) -> Fraction:
        """Return what was paid for the units still held, and not lost since."""
        if not self.bought:
            return Fraction(0)
        return self.paid * Fraction(self.left) / Fraction(self.bought)

    def impaired_from(self, before: Decimal) -> Fraction:
        """Return what the units fell below what was paid for them, or below before.

        It is lost of what was paid.
        """
        if not self.left:
            return Fraction(0)
        paid = self.paid_for_what_is_left()
        loss = max(Fraction(0), min(paid, Fraction(before)) - Fraction(self.carrying))
        self.lost = True
        self.paid -= loss * Fraction(self.bought) / Fraction(self.left)
        return loss


class _Held:
    """What a deal has available for sale, by security and day of acquisition."""

    def __init__(self) -> None:
        self.lots: dict[tuple[str, datetime.date], _Lot] = defaultdict(_Lot)
        self.oci = self.impaired = _ZERO
        self.lost = Fraction(0)
        self.parts = 0  # impairments of a part of a lot, which may round
        self.corrected = False


def _available_for_sale(ledger: Ledger) -> dict[str, _Held]:
    """Return what the entries say of the debt securities of each deal that has any."""
    deals: dict[str, _Held] = defaultdict(_Held)
    if not ledger.chart.ever(_ROLE):
        return deals
    # As one plugin leaves them they stand plugin by plugin, not day by day.
    for entry in sorted(ledger.entries, key=lambda it: it.date):
        if not isinstance(entry, Transaction) or BOOKED_BY not in entry.meta:
            continue
        source = ledger.source(entry)
        held = deals[str(entry.meta.get("deal"))]
        before = {key: lot.carrying for key, lot in held.lots.items()}
        touched: set[tuple[str, datetime.date]] = set()
        losses = waiting = _ZERO
        came: dict[str, _Lot] = {}
        postings: list[Any] = entry.postings
        for posting in postings:
            place = ledger.chart(posting.account)
            if place is None or place.role not in (_ROLE, AFS_OCI, "impairment"):
                continue
            number = posting.units.number
            if place.role == AFS_OCI:
                held.oci -= number
                waiting -= number
            elif place.role == "impairment":
                losses += number
            elif posting.cost is not None:
                key = posting.units.currency, posting.cost.date
                touched.add(key)
                lot = held.lots[key]
                lot.left += number
                lot.carrying += number * posting.cost.number
                if _came_in(posting, source):
                    came[posting.units.currency] = lot
                    lot.entries.add(id(entry))
                    lot.bought += number
                    lot.paid += Fraction(number) * Fraction(posting.cost.number)
        if waiting and source is not None and source.name in LEGS:
            # Of an opening stake that was not paid for.
            for commodity, lot in came.items():
                lot.paid -= opening_oci(source.deal, commodity, ledger.written)
        held.impaired += losses if touched else _ZERO
        valued = source is not None and source.name == "deal-valuation"
        held.corrected |= bool(losses) and bool(touched) and not valued
        if valued and source is not None and source.text("kind") == "impairment":
            for key in touched:
                lot = held.lots[key]
                held.lost += lot.impaired_from(before.get(key, _ZERO))
                held.parts += lot.left != lot.bought
    return {deal: held for deal, held in deals.items() if held.lots}


def _came_in(posting: Any, source: Directive | None) -> bool:
    """Return whether units are acquired, not merely put back at another cost."""
    if source is None:
        return False
    if source.name == "deal-convert":
        into = source.entry.meta.get("into")
        return isinstance(into, Amount) and into.currency == posting.units.currency
    return source.name in LEGS
