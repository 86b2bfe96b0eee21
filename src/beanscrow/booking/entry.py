"""A balanced transaction, built from the postings of one event.

Built with `tuple.__new__`: a ledger has a hundred thousand of these, and the
types' own constructors would be the dearest part of loading it.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from beancount.core.amount import Amount
from beancount.core.data import EMPTY_SET, Posting, Transaction
from beancount.core.position import Cost

from beanscrow.deal.problems import Position
from beanscrow.policy.schedule import Lot

_new = tuple.__new__
_LINK = re.compile(r"[A-Za-z0-9\-_/.]+")


class EntryMaker:
    """Makes the transactions of one deal: payee, link, metadata, and plain postings."""

    __slots__ = (
        "booked_by", "currency", "deal", "entries", "label", "linked", "links", "payee",
        "about", "also", "_day", "_said",
    )  # fmt: skip

    def __init__(
        self, deal: str, payee: str, currency: str, booked_by: str, about: str = "deal"
    ) -> None:
        # What the entries are about: a deal, or a fleet, by its name.
        self.about = about
        self.deal = deal
        self.payee = payee
        self.currency = currency
        self.booked_by = booked_by
        self.label = deal
        # A fleet may be called what no link can be: then its entries have none.
        link = f"{about}-{deal}"
        self.links = frozenset((link,)) if _LINK.fullmatch(link) else EMPTY_SET
        # A further link of what comes of a directive on a day, to its other half.
        self.linked: Mapping[tuple[Position, datetime.date], str] = {}
        self.entries: list[Any] = []
        # A paragraph that decides every entry from now on, beside its own.
        self.also = ""
        self._day = datetime.date.min
        self._said: set[str] = set()

    def money(self, account: str, number: Decimal) -> Posting:
        """Return a posting of the functional currency; debits are positive."""
        amount = _new(Amount, (number, self.currency))
        return _new(Posting, (account, amount, None, None, None, None))

    def units(self, account: str, number: Decimal, commodity: str) -> Posting:
        """Return a posting of credits."""
        amount = _new(Amount, (number, commodity))
        return _new(Posting, (account, amount, None, None, None, None))

    def lots(
        self, account: str, lots: tuple[Lot, ...], commodity: str, *, out: bool = False
    ) -> list[Posting]:
        """Return postings that put lots of a stake in an account, or take them out."""
        return [
            Posting(
                account,
                Amount(-lot.units if out else lot.units, commodity),
                Cost(lot.cost, self.currency, lot.acquired, self.label),
                None,
                None,
                None,
            )
            for lot in lots
        ]

    def add(
        self,
        at: Position,
        date: datetime.date,
        rule: str,
        narration: str,
        postings: list[Posting],
        tranche: str = "",
        apart: str = "",
        flag: str = "*",
    ) -> None:
        """Append one transaction, unless it would post nothing at all.

        Args:
          apart: What tells it from another of the day with the same narration.
          flag: "!" for what somebody has to look at.
        """
        if not postings:
            return
        if date != self._day:
            self._day = date
            self._said.clear()
        if narration in self._said:
            narration = self._tell_apart(narration, apart)
        self._said.add(narration)
        meta: dict[str, Any] = {
            "filename": at[0],
            "lineno": at[1],
            self.about: self.deal,
            "rule": f"{rule}; {self.also}" if self.also else rule,
            "booked-by": self.booked_by,
        }
        if tranche:
            meta["tranche"] = tranche
        links = self.links
        if self.linked and (further := self.linked.get((at, date))):
            links = links | {further}
        self.entries.append(
            _new(
                Transaction,
                (
                    meta,
                    date,
                    flag,
                    self.payee,
                    narration,
                    EMPTY_SET,
                    links,
                    postings,
                ),
            )
        )

    def _tell_apart(self, narration: str, apart: str) -> str:
        """Return a narration no other entry of the day has, so that none looks doubled."""
        if apart and f"{narration} ({apart})" not in self._said:
            return f"{narration} ({apart})"
        count = 2
        while f"{narration} ({count})" in self._said:
            count += 1
        return f"{narration} ({count})"


def post(amounts: Iterable[tuple[str, Decimal, str]]) -> list[Posting]:
    """Return a posting for each amount that is not zero: account, number, commodity."""
    return [
        _new(Posting, (account, _new(Amount, (number, unit)), None, None, None, None))
        for account, number, unit in amounts
        if number
    ]


def merged(postings: list[Posting]) -> list[Posting]:
    """Return money postings of one account as one, and none of zero.

    Postings of lots stay as they are.
    """
    sums: dict[tuple[str, str], Decimal] = {}
    held: list[Posting] = []
    for posting in postings:
        units = posting.units
        assert units is not None and units.number is not None
        if posting.cost is not None:
            held.append(posting)
            continue
        key = posting.account, units.currency
        sums[key] = sums.get(key, Decimal(0)) + units.number
    plain = [
        Posting(account, Amount(number, currency), None, None, None, None)
        for (account, currency), number in sums.items()
        if number
    ]
    return held + plain


def difference(before: Iterable[Any], after: Iterable[Any]) -> list[Posting]:
    """Return what must be posted on top of some transactions to come to others.

    Units by account and commodity, and lots by their cost, day and label as well; what
    comes to nothing is left out.
    """
    sums: dict[tuple[str, str, Any], Decimal] = {}
    for sign, entries in ((-1, before), (1, after)):
        for entry in entries:
            for posting in entry.postings:
                units = posting.units
                key = posting.account, units.currency, posting.cost
                sums[key] = sums.get(key, Decimal(0)) + sign * units.number
    return [
        Posting(account, Amount(number, commodity), cost, None, None, None)
        for (account, commodity, cost), number in sums.items()
        if number
    ]
