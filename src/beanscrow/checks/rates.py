"""Rates of exchange as the ledger's own `price` lines state them."""

from __future__ import annotations

import datetime
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from beancount.core.data import Price

# How beancount.plugins.implicit_prices marks what it made of a transaction.
_IMPLIED = "__implicit_prices__"

Rates = list[tuple[datetime.date, Decimal]]


def rates_into(functional: str, entries: Iterable[Any]) -> dict[str, Rates]:
    """Return what a unit of each currency was worth in another, by day, oldest first.

    Prices a plugin made of transactions do not count: nobody stated them.
    """
    found: dict[str, Rates] = defaultdict(list)
    for entry in entries:
        if not isinstance(entry, Price) or _IMPLIED in entry.meta:
            continue
        number, currency = entry.amount
        if currency == functional and number is not None:
            found[entry.currency].append((entry.date, number))
    return {currency: sorted(rates) for currency, rates in found.items()}


def newest(rates: Rates, day: datetime.date) -> Decimal | None:
    """Return the last rate stated on or before a day, None where there is none."""
    count = bisect_right(rates, day, key=lambda rate: rate[0])
    return rates[count - 1][1] if count else None
