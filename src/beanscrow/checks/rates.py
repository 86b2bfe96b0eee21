"""Rates of exchange as the ledger's own `price` lines state them."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from beancount.core.data import Price

# How beancount.plugins.implicit_prices marks what it made of a transaction.
_IMPLIED = "__implicit_prices__"

Rates = list[tuple[datetime.date, Decimal]]


def rates_of(entries: Iterable[Any], currency: str, functional: str) -> Rates:
    """Return what a unit of a currency was worth in another, by day, oldest first.

    Prices a plugin made of transactions do not count: nobody stated them.
    """
    return sorted(
        (entry.date, entry.amount.number)
        for entry in entries
        if isinstance(entry, Price)
        and (entry.currency, entry.amount.currency) == (currency, functional)
        and entry.amount.number is not None
        and _IMPLIED not in entry.meta
    )
