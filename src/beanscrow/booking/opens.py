"""Opening the accounts that deals need, where the ledger asks for it."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from typing import Any

from beancount.core.data import Balance, Open, Transaction, new_metadata


def accounts_to_open(
    entries: Iterable[Any],
    generated: Iterable[Transaction],
    to_come: Iterable[Transaction] = (),
    *,
    filename: str,
    lineno: int,
) -> list[Open]:
    """Return opens for the accounts posted to, and for parents a `balance` names.

    An account the ledger opens itself is left to it, whatever the day.  A parent
    is opened only where a native balance names it: opening every parent would
    clutter the trees and trip checks for leaf accounts.

    Args:
      to_come: What another plugin will post; an account both post to is opened on the
        first day of either.
      filename, lineno: Position of `books`, whose line asks for this.
    """
    opened: set[str] = set()
    asserted: dict[str, datetime.date] = {}
    for entry in entries:
        kind = type(entry)
        if kind is Open:
            opened.add(entry.account)
        elif kind is Balance:
            first = asserted.get(entry.account, entry.date)
            asserted[entry.account] = min(first, entry.date)
    posted: dict[str, datetime.date] = {}
    first = posted.get
    for entry in generated:
        date = entry.date
        for posting in entry.postings:
            known = first(posting.account)
            if known is None or date < known:
                posted[posting.account] = date
    for entry in to_come:
        for posting in entry.postings:
            known = first(posting.account)
            if known is not None and entry.date < known:
                posted[posting.account] = entry.date
    needed = {name: day for name, day in posted.items() if name not in opened}
    for account, date in asserted.items():
        prefix = account + ":"
        below = [day for name, day in posted.items() if name.startswith(prefix)]
        if account in needed:
            needed[account] = min(needed[account], date)
        elif account not in opened and below:
            needed[account] = min(date, *below)
    return [
        Open(new_metadata(filename, lineno), date, account, [], None)
        for account, date in sorted(needed.items(), key=lambda item: (item[1], item[0]))
    ]
