"""What drawn credits count for, where a promise to spend counts them as spent.

Read off the accounts: every credit that came to be drawn, by its tranche, at the face
its grant is written with, else at the money it was bought for; and what was billed for
credits beyond the grants.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fractions import Fraction
from typing import Any

from beancount.core.amount import Amount
from beancount.core.data import Transaction

from beanscrow.checks.accounts import UNITS
from beanscrow.checks.directives import Directive
from beanscrow.checks.foreign_bills import bills_by_deal, granted_by_deal
from beanscrow.checks.provenance import BOOKED_BY
from beanscrow.checks.purchases import Purchase
from beanscrow.checks.restated import Ledger

_BILLS = ("receivable", "payable")


def counted_by_deal(
    ledger: Ledger,
    promised: Mapping[str, Iterable[Directive]],
    said: frozenset[tuple[str, int]],
) -> dict[str, list[Purchase]]:
    """Return what the credits of each deal count for, of deals that count them at all.

    Args:
      promised: Commitments by deal.
      said: Positions of directives of which it was said that they are not booked.
    """
    deals = {
        deal
        for deal, commitments in promised.items()
        if any(it.entry.meta.get("counts-credits") is True for it in commitments)
    }
    if not deals:
        return {}
    faces, granted = _faces(ledger, deals), granted_by_deal(ledger)
    found: dict[str, list[Purchase]] = {deal: [] for deal in deals}
    abroad = {
        deal: overage
        for deal, bills in bills_by_deal(ledger, said).items()
        if deal in deals and (overage := [it for it in bills if it.beyond])
    }
    for entry in ledger.entries:
        if not isinstance(entry, Transaction) or BOOKED_BY not in entry.meta:
            continue
        deal = str(entry.meta.get("deal"))
        if deal not in deals:
            continue
        overdrawn = _is_of_credits(ledger.source(entry), granted)
        postings: list[Any] = entry.postings
        for posting in postings:
            place = ledger.chart(posting.account)
            if place is None:
                continue
            # The provider debits what it is owed, and credits what was drawn of it.
            number = Fraction(posting.units.number)
            own = number if place.side == "provider" else -number
            if place.role == UNITS and place.leaf == "Drawn":
                each, currency = faces.get((deal, place.tranche), (Fraction(0), ""))
                found[deal].append(Purchase(entry.date, -own * each, currency, True))
            elif place.role in _BILLS and overdrawn and deal not in abroad:
                bill = Purchase(entry.date, own, posting.units.currency, True)
                found[deal].append(bill)
    for deal, bills in abroad.items():
        # What is owed in another currency stands on no account in it.
        found[deal] += [Purchase(it.date, it.amount, it.currency, True) for it in bills]
    return found


def _faces(ledger: Ledger, deals: set[str]) -> dict[tuple[str, str], tuple[Fraction, str]]:
    """Return what a credit counts for, by deal and tranche, and in which money."""
    faces: dict[tuple[str, str], tuple[Fraction, str]] = {}
    for grant in ledger.written.standing("deal-grant"):
        if grant.deal not in deals:
            continue
        meta, credits = grant.entry.meta, grant.amount(1)
        face, price = meta.get("face"), meta.get("price")
        blended = grant.text("modification") == "blend"
        free = isinstance(price, Amount) and not price.number and not blended
        free = free or grant.text("delivery") == "stand-ready"
        each, currency = Fraction(0), ""
        if free:
            pass
        elif isinstance(face, Amount) and face.number:
            each, currency = Fraction(face.number), face.currency
        elif blended:
            pass
        elif isinstance(price, Amount) and price.number and credits and credits.number:
            each = Fraction(price.number) / Fraction(credits.number)
            currency = price.currency
        faces[grant.deal, grant.text("tranche") or "T1"] = each, currency
    return faces


def _is_of_credits(source: Directive | None, granted: set[tuple[str, str]]) -> bool:
    """Return whether an entry comes of usage written in credits, not in money."""
    if source is None or source.name != "deal-usage":
        return False
    quantity = source.amount(1)
    return quantity is not None and (source.deal, quantity.currency) in granted
