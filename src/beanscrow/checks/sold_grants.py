"""Credits bought with money: what is owed for them from their event on.

Their units have an entry of their own, which would hide that the price was not booked.
"""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal

from beancount.core.amount import Amount
from beancount.core.data import Transaction

from beanscrow.checks.directives import Directive
from beanscrow.checks.exact import figure
from beanscrow.checks.findings import problem
from beanscrow.checks.provenance import BOOKED_BY
from beanscrow.checks.restated import Ledger
from beanscrow.deal.problems import Problem

_ZERO = Decimal(0)
_OWED = ("receivable", "payable")
_EXCHANGED = ("deal-stake", "deal-cash", "deal-grant")

Event = tuple[str, datetime.date]


def missold(ledger: Ledger, said: frozenset[tuple[str, int]]) -> Iterator[Problem]:
    """Yield the events whose credits are not billed at the price they are written with.

    Args:
      said: Positions of directives of which it was said that they are not booked.
    """
    last = ledger.reached()
    sold: dict[Event, list[tuple[Directive, Decimal]]] = defaultdict(list)
    for grant in ledger.written.standing("deal-grant"):
        price = _price(grant, ledger)
        if price and grant.at not in said and grant.event <= last:
            sold[grant.deal, grant.event].append((grant, price))
    if not sold:
        return
    booked = _booked(ledger)
    for event, grants in sold.items():
        wanted = sum((price for _, price in grants), _ZERO)
        if booked[event] != wanted:
            grant = grants[0][0]
            yield problem(
                grant.at,
                "E641",
                f"{figure(booked[event])} is booked as owed for the credits of "
                f"{grant.event}; their prices make it {figure(wanted)}",
                grant.deal,
            )


def _price(grant: Directive, ledger: Ledger) -> Decimal | None:
    """Return the price of a grant in money of the books, None where it has none."""
    price, books = grant.entry.meta.get("price"), ledger.written.books
    if not isinstance(price, Amount) or grant.entry.meta.get("opening") is True:
        return None
    if books is None or price.currency != books.text("currency"):
        return None
    return price.number


def _booked(ledger: Ledger) -> dict[Event, Decimal]:
    booked: dict[Event, Decimal] = defaultdict(Decimal)
    for entry in ledger.entries:
        if not isinstance(entry, Transaction) or BOOKED_BY not in entry.meta:
            continue
        source = ledger.source(entry)
        if source is None or source.name not in _EXCHANGED or entry.date != source.event:
            continue
        for posting in entry.postings:
            place = ledger.chart(posting.account)
            number = posting.units.number if posting.units is not None else None
            if place is not None and place.role in _OWED and isinstance(number, Decimal):
                owed = number if place.side == "provider" else -number
                booked[source.deal, source.event] += owed
    return booked
