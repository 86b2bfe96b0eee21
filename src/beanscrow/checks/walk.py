"""One pass over the booked entries, and a second look at what it suspects."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal
from operator import attrgetter
from typing import Any, NamedTuple

from beancount.core.data import Transaction

from beanscrow.checks.accounts import UNITS, Chart, Place
from beanscrow.checks.balance import imbalance, uncountable, weights
from beanscrow.checks.cash import METERED, Meter
from beanscrow.checks.columns import Column, events_of
from beanscrow.checks.directives import Written
from beanscrow.checks.exact import exactly
from beanscrow.checks.ownership import by_hand
from beanscrow.checks.provenance import BOOKED_BY, misplaced, unsourced
from beanscrow.checks.tranche import Tranche
from beanscrow.checks.units import Units
from beanscrow.deal.problems import Problem

_ZERO = Decimal(0)


class Walk(NamedTuple):
    """What one pass found and counted.

    Attributes:
      generated: Transactions a plugin of ours made; `native`, all others.
      units: The tranches as the entries left them.
      metered: Accounts of money whose sign is watched.
      last: Latest generated transaction, None where there is none.
      at_cost: Generated transactions that may move lots; the many others do not.
    """

    problems: list[Problem]
    generated: int
    native: int
    units: Units
    metered: int
    last: Any
    at_cost: list[Any]


class _Columns:
    """Columns by account, made as accounts are met; an account nobody watches has None."""

    def __init__(self, chart: Chart, units: Units) -> None:
        self.chart = chart
        self.units = units
        self.known: dict[str, Column | None] = {}

    def of(self, account: str) -> Column | None:
        """Return the column of an account."""
        try:
            return self.known[account]
        except KeyError:
            return self._make(account)

    def _make(self, account: str) -> Column | None:
        place = self.chart(account)
        column: Column | None = None
        if place is not None and place.role == UNITS:
            column = self.units.column(account, place)
        elif place is not None and place.role in METERED:
            column = Meter.column_of(account, place)
        self.known[account] = column
        return column

    def metered(self) -> Iterator[Column]:
        """Yield the columns of accounts of money."""
        for column in self.known.values():
            if column is not None and column.tranche is None:
                yield column
                yield from column.others.values()


def walk(entries: Iterable[Any], written: Written, chart: Chart) -> Walk:
    """Return what the invariants I1 to I5 and the sources of entries say of a ledger.

    Args:
      entries: Booked entries in any order of days; within a day as they stand.
      written: The directives of the same ledger; marked as booked on the way.
    """
    ordered = [entry for entry in entries if type(entry) is Transaction]
    ordered.sort(key=attrgetter("date"))
    problems: list[Problem] = []
    units = Units(written)
    columns = _Columns(chart, units)
    with exactly():
        at_cost: list[Any] = []
        generated, last = _collect(ordered, written, columns, problems, at_cost)
        problems += units.problems()
        problems += _second_look(ordered, columns, written, chart)
    return Walk(
        problems,
        generated,
        len(ordered) - generated,
        units,
        sum(1 for _ in columns.metered()),
        last,
        at_cost,
    )


def _collect(
    ordered: list[Any],
    written: Written,
    columns: _Columns,
    problems: list[Problem],
    at_cost: list[Any],
) -> tuple[int, Any]:
    """Put every posting in its column; tell what is wrong with an entry by itself.

    One loop over the postings, since it is the dearest of the house.  For I1,
    amounts of one currency mostly stand together and cancel; what does not is
    weighed with care.  For I3, an entry that moves credits between states of one
    tranche leaves it adding up; any other puts the tranche under suspicion.

    Args:
      at_cost: Receives the entries that may move lots.
    Returns:
      The number of generated transactions, and the last of them.
    """
    generated = 0
    last = None
    files = written.files
    known = columns.known
    credits = columns.units.commodities
    for entry in ordered:
        meta = entry.meta
        if BOOKED_BY not in meta:
            _native(entry, columns, problems)
            continue
        generated += 1
        last = entry
        deal = meta.get("deal")
        if deal is None:
            deal = meta.get("fleet")
        lines = files.get(meta["filename"])
        directive = lines.get(meta["lineno"]) if lines is not None else None
        leaf_wanted = ""
        if directive is None or directive.deal != deal or not meta.get("rule"):
            problems.append(unsourced(entry, directive))
            if directive is not None and directive.deal != deal:
                directive = None  # another deal's directive is not booked by it
        if directive is not None:
            directive.booked = True
            leaf_wanted = directive.leaf
            if directive.days is not None:
                directive.days.append(entry.date)
        plain = whole = ours = True
        of_credits = False
        run = tranche = None
        total = _ZERO
        try:
            for posting in entry.postings:
                amount = posting.units
                number = amount.number
                currency = amount.currency
                if currency is run:
                    total += number
                else:
                    if total:
                        plain = False
                    run = currency
                    total = number
                    of_credits = currency in credits
                try:
                    column = known[posting.account]
                except KeyError:
                    column = columns.of(posting.account)
                if column is not None:
                    if currency != column.currency:
                        column.strange(number, currency, entry)
                        whole = whole and not column.leaf
                    else:
                        column.numbers.append(number)
                    if column.leaf:
                        if tranche is None:
                            tranche = column.tranche
                            tranche.entries.append(entry)
                            ours = ours and column.deal == deal
                        elif column.tranche is not tranche:
                            whole = False
                        if column.leaf is leaf_wanted and directive is not None:
                            directive.units += number if column.positive else -number
                    elif column.deal != deal and column.deal:
                        ours = False
                elif of_credits:
                    whole = False
                if posting.cost is not posting.price:  # one of them is there
                    plain = False
            if not plain:
                at_cost.append(entry)
            if total or not plain:
                left = weights(entry.postings)
                if any(left.values()):
                    problems.append(imbalance(entry, left))
                    whole = False
            if not whole:
                _suspect(entry, columns, tranche)
            if not ours and deal is not None:
                problems.append(misplaced(entry, columns.chart))
        except (ArithmeticError, AttributeError, TypeError):
            problems.append(uncountable(entry))
            _suspect(entry, columns, tranche)
    return generated, last


def _suspect(entry: Any, columns: _Columns, first: Tranche | None) -> None:
    """Suspect the tranches an entry moves credits of.

    Args:
      first: The one that knows of the entry already.
    """
    for tranche in {_tranche(posting.account, columns) for posting in entry.postings}:
        if tranche is not None:
            tranche.suspect = True
            if tranche is not first:
                tranche.entries.append(entry)


def _tranche(account: str, columns: _Columns) -> Tranche | None:
    column = columns.of(account)
    return None if column is None else column.tranche


def _native(entry: Any, columns: _Columns, problems: list[Problem]) -> None:
    owned: dict[str, Place] = {}
    for posting in entry.postings:
        account = posting.account
        place = columns.chart(account)
        if place is None:
            continue
        if place.owned:
            owned[account] = place
        column = columns.of(account)
        number = getattr(posting.units, "number", None)
        if column is not None and not column.leaf and isinstance(number, Decimal):
            column.strange(number, posting.units.currency, entry)
    if owned:
        problems.append(by_hand(entry, owned))


def _second_look(
    ordered: list[Any], columns: _Columns, written: Written, chart: Chart
) -> Iterator[Problem]:
    """Yield what is wrong with suspected tranches and accounts, event by event."""
    tranches: list[Tranche] = [t for t in columns.units if t.needs_second_look()]
    meters = [Meter(column) for column in columns.metered() if column.ever_wrong()]
    if not tranches and not meters:
        return
    rows = {id(entry): row for row, entry in enumerate(ordered)}
    for tranche in tranches:
        entries = [(rows[id(entry)], entry) for entry in tranche.entries]
        yield from tranche.examine(
            events_of(tranche.columns.values(), entries, chart, written)
        )
    posting_to: dict[str, list[tuple[int, Any]]] = {m.column.account: [] for m in meters}
    for row, entry in enumerate(ordered):
        for account in {posting.account for posting in entry.postings}:
            if account in posting_to:
                posting_to[account].append((row, entry))
    for meter in meters:
        entries_of = posting_to[meter.column.account]
        yield from meter.examine(events_of([meter.column], entries_of, chart, written))
