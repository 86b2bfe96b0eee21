"""The transaction price of each tranche, read off the entry that booked it."""

from __future__ import annotations

from decimal import Decimal

from beancount.core.data import Transaction

from beanscrow.checks.provenance import BOOKED_BY
from beanscrow.checks.restated import Ledger
from beanscrow.deal.terms import Money

_OWED = ("contract-liability", "intragroup-liability")


def booked_prices(ledger: Ledger) -> dict[tuple[str, str], Money]:
    """Return what each tranche was booked at by its contract event.

    Returns:
      By deal and tranche: the contract liability (provider) or prepaid (startup)
      the event created, in the functional currency, positive.
    """
    prices: dict[tuple[str, str], Money] = {}
    for entry in ledger.entries:
        if not isinstance(entry, Transaction) or BOOKED_BY not in entry.meta:
            continue
        source = ledger.source(entry)
        if source is None or source.days is None or source.event != entry.date:
            continue
        for posting in entry.postings:
            place = ledger.chart(posting.account)
            if place is None or place.role not in (*_OWED, "prepaid"):
                continue
            units = posting.units
            if units is None or not isinstance(units.number, Decimal):
                continue
            own = -units.number if place.role in _OWED else units.number
            key = place.deal, place.tranche
            before = prices.get(key)
            if own > 0:
                total = own + (before.number if before else Decimal(0))
                prices[key] = Money(total, str(units.currency))
    return prices
