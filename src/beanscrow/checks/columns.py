"""What was posted to one account, kept in columns so that summing it is quick."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from itertools import accumulate
from typing import Any

from beanscrow.checks.accounts import UNITS, Chart, Place
from beanscrow.checks.directives import Written
from beanscrow.checks.order import Event, phase_of
from beanscrow.checks.provenance import BOOKED_BY

_ZERO = Decimal(0)


class Column:
    """The postings of one account in one commodity, in the order they are booked.

    Attributes:
      leaf: State of the credits it holds ("Held"), "" for an account of money.
      tranche: What it is a column of, of accounts of units.
      positive: Whether a debit balance is the right one.
      currency: Commodity of its numbers; the first met where none is known.
      numbers: As posted.  Which entry posted each is not kept, since it would cost
        more than all the rest; it is looked up again where something looks wrong.
      strangers: Entries that post another commodity to an account of units.
      others: Columns of the further currencies of an account of money.
    """

    __slots__ = (
        "account", "currency", "deal", "leaf", "numbers", "others", "place",
        "positive", "strangers", "tranche",
    )  # fmt: skip

    def __init__(
        self, account: str, place: Place, positive: bool, currency: str, tranche: Any
    ) -> None:
        self.account = account
        self.place = place
        self.deal = place.deal
        self.leaf = place.leaf
        self.positive = positive
        self.currency = currency
        self.tranche = tranche
        self.numbers: list[Decimal] = []
        self.strangers: list[Any] = []
        self.others: dict[str, Column] = {}

    def strange(self, number: Decimal, currency: str, entry: Any) -> None:
        """Take a posting of a commodity that is not the column's."""
        if self.tranche is not None:
            self.strangers.append(entry)
            return
        if not self.currency:
            self.currency = currency
        column = self if currency == self.currency else self.others.get(currency)
        if column is None:
            column = Column(self.account, self.place, self.positive, currency, None)
            self.others[currency] = column
        column.numbers.append(number)

    def balance(self) -> Decimal:
        """Return the sum of all postings in the column's own sense."""
        total = sum(self.numbers, _ZERO)
        return total if self.positive else -total

    def ever_wrong(self) -> bool:
        """Return whether the balance has the wrong sign after any posting."""
        if self.positive:
            return min(accumulate(self.numbers), default=_ZERO) < _ZERO
        return max(accumulate(self.numbers), default=_ZERO) > _ZERO

    def ever_less(self) -> bool:
        """Return whether any posting makes the balance less in the column's own sense."""
        if self.positive:
            return min(self.numbers, default=_ZERO) < _ZERO
        return max(self.numbers, default=_ZERO) > _ZERO

    def own(self, number: Decimal) -> Decimal:
        """Return a number in the column's own sense: more held is positive."""
        return number if self.positive else -number


def events_of(
    columns: Iterable[Column],
    entries: Iterable[tuple[int, Any]],
    chart: Chart,
    written: Written,
) -> list[Event]:
    """Return what each entry does to some columns, in their own sense.

    Args:
      columns: Of one tranche, or of one account of money.
      entries: Those that may post to them, with where each stands in the ledger.
    Returns:
      Events whose changes are by state of the credits, or by account for money.
    """
    by_account = {(column.account, column.currency): column for column in columns}
    events: list[Event] = []
    for row, entry in entries:
        changes: dict[str, Decimal] = {}
        for posting in entry.postings:
            amount = posting.units
            column = by_account.get((posting.account, getattr(amount, "currency", "")))
            if column is not None and isinstance(amount.number, Decimal):
                name = column.leaf or column.account
                changes[name] = changes.get(name, _ZERO) + column.own(amount.number)
        if changes:
            phase, back = _phase(entry, changes, chart, written)
            events.append(Event(entry.date, phase, row, entry, changes, back))
    return events


def _phase(
    entry: Any, changes: Mapping[str, Decimal], chart: Chart, written: Written
) -> tuple[int, bool]:
    """Return the phase of an entry, and whether it gives back within the day's draws."""
    if BOOKED_BY not in entry.meta:
        out = any(change < 0 for change in changes.values())
        return phase_of({}, native_out=out), False
    credits: dict[str, Decimal] = {}
    for posting in entry.postings:
        place = chart(posting.account)
        number = getattr(posting.units, "number", None)
        if place is not None and place.role == UNITS and isinstance(number, Decimal):
            if (place.side == "provider") is not (place.leaf == "Granted"):
                number = -number
            credits[place.leaf] = credits.get(place.leaf, _ZERO) + number
    source = written.source(entry)
    name = source.name if source else ""
    amount = source.amount(1) if source and name == "deal-usage" else None
    draws = amount is not None and amount.number is not None and amount.number > 0
    back = draws and credits.get("Drawn", _ZERO) < 0
    return phase_of(credits, name, draws=draws), back
