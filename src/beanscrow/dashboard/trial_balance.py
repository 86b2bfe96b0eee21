"""What the entries of one deal have posted, account by account.

It is there for every kind of deal: revenue, receivables, warrants and guarantees of a
vendor, a stake under the equity method, whatever no table of credits shows.
"""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterable
from decimal import Decimal
from typing import Any, NamedTuple

from beancount.core.convert import get_cost
from beancount.core.data import Transaction

from beanscrow.checks.provenance import BOOKED_BY
from beanscrow.money import WIDE

_ZERO = Decimal(0)


class AccountRow(NamedTuple):
    """One account, in money of the books; a stake at its carrying amount.

    Attributes:
      debit, credit: What is left on that side; the other is zero.
    """

    account: str
    debit: Decimal
    credit: Decimal


class TrialBalance(NamedTuple):
    """The accounts of a deal with something left on them, and the totals of both sides."""

    rows: list[AccountRow]
    debit: Decimal
    credit: Decimal


def trial_balance_of(
    entries: Iterable[Any], deal: str, currency: str, day: datetime.date | None
) -> TrialBalance:
    """Return what a deal's generated entries leave on each account.

    Credits have accounts of their own in units, which are in no trial balance.

    Args:
      entries: Of the ledger, of which those of the deal count.
      currency: Money of the books.
      day: Last day that counts, inclusive; None for all that is booked.
    Returns:
      Assets first, then liabilities, equity, income and expenses, as they are named;
      debit and credit are equal.
    """
    sums: dict[str, Decimal] = defaultdict(lambda: _ZERO)
    for entry in entries:
        if not isinstance(entry, Transaction) or BOOKED_BY not in entry.meta:
            continue
        if entry.meta.get("deal") != deal or (day is not None and entry.date > day):
            continue
        for posting in entry.postings:
            cost: Any = get_cost(posting)
            if cost.currency == currency:
                sums[posting.account] = WIDE.add(sums[posting.account], cost.number)
    rows = [
        AccountRow(account, max(left, _ZERO), max(left.copy_negate(), _ZERO))
        for account, left in sorted(sums.items(), key=lambda row: _place(row[0]))
        if left
    ]
    debit = credit = _ZERO
    for row in rows:
        debit, credit = WIDE.add(debit, row.debit), WIDE.add(credit, row.credit)
    return TrialBalance(rows, debit, credit)


def _place(account: str) -> tuple[int, str]:
    order = ("Assets", "Liabilities", "Equity", "Income", "Expenses")
    root = account.partition(":")[0]
    return order.index(root) if root in order else len(order), account
