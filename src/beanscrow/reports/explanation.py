"""From a figure, or an entry, back to directive, rule and the rows it was imported from."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from pathlib import PurePath
from typing import Any, NamedTuple

from beancount.core.data import Custom, Transaction

from beanscrow.booking.daybook import Daybook
from beanscrow.deal.problems import Position
from beanscrow.reports.movements import ZERO


class Source(NamedTuple):
    """Where an imported usage comes from, as its directive says; "" where it does not."""

    import_id: str
    file: str
    sha256: str
    rows: str
    total: str
    scope: str
    bucket: str


class Step(NamedTuple):
    """One posting behind a figure.

    Attributes:
      number, commodity: Amount posted, debit positive; of lots, their cost in money.
      lots: The lots themselves ("400000 MOON.A {24.00 USD}"), or "".
      balance: Running sum by deal and commodity over the steps, this one included.
      rule: Paragraph that decides the amount; "" for an entry written by hand.
      directive: Type of the directive it comes from ("deal-usage").
    """

    date: datetime.date
    deal: str
    tranche: str
    account: str
    number: Decimal
    commodity: str
    lots: str
    balance: Decimal
    narration: str
    rule: str
    directive: str
    filename: str
    lineno: int
    source: Source | None


class Unbooked(NamedTuple):
    """A directive asked about that booked nothing, and why."""

    at: Position
    reason: str


class Explanation(NamedTuple):
    """What stands behind something asked about.

    Attributes:
      title: What was found: an account as of a day, a deal, a directive.
      account: Whether an account was asked about, so that the sums are its balance.
      steps: By deal, then in the order of the ledger.
      sums: Last balance by deal and commodity.
    """

    title: str
    account: bool
    steps: list[Step]
    sums: list[tuple[str, str, Decimal]]
    unbooked: list[Unbooked]


class NotFound(Exception):
    """Nothing in the ledger goes by what was asked about."""


_ON_DAY = re.compile(r"(?P<account>.+)@(?P<day>\d{4}-\d{2}-\d{2})")
AT_LINE = re.compile(r"(?P<file>.+):(?P<line>\d+)")


def explain(what: str, entries: Sequence[Any], daybook: Daybook) -> Explanation:
    """Return the postings behind an account, a deal, an import or a line.

    Args:
      what: An account, with its sub-accounts; `account@day` for its balance at the
        end of a day; the id of a deal; an import-id; or `file:line` of a directive.
    Raises:
      NotFound: It is none of these; the message says what there is.
    """
    day: datetime.date | None = None
    account = what
    if match := _ON_DAY.fullmatch(what):
        account = match["account"]
        try:
            day = datetime.date.fromisoformat(match["day"])
        except ValueError:
            raise NotFound(f"{match['day']} is no day of the calendar") from None
    customs = {
        Position(entry.meta["filename"], entry.meta["lineno"]): entry
        for entry in entries
        if isinstance(entry, Custom)
    }
    if _has_account(account, entries):
        postings = _postings_of_account(account, day, entries)
        when = f" at the end of {day}" if day else ""
        return _explanation(f"{account}{when}", postings, customs, [], account=True)
    if day is None and what in daybook.agreements:
        schedule = daybook.schedules.get(what)
        unbooked = [Unbooked(*pair) for pair in schedule.unbooked] if schedule else []
        postings = _postings_where(
            entries, lambda entry: entry.meta.get("deal") == what and _booked(entry)
        )
        return _explanation(f"deal {what}", postings, customs, unbooked)
    if day is None and (found := _imported(what, customs)):
        return _of_directives(f"import {what}", found, entries, customs, daybook)
    if day is None and (match := AT_LINE.fullmatch(what)):
        at = _directive_at(match["file"], int(match["line"]), customs)
        if at is not None:
            custom = customs[at]
            title = f"{custom.type} of {custom.date} at {at.filename}:{at.lineno}"
            return _of_directives(title, [at], entries, customs, daybook)
    raise NotFound(
        f"{what} is no account with postings, no deal, no import-id, and no file:line of "
        f"a directive; deals: {', '.join(sorted(daybook.agreements)) or 'none'}"
    )


def _booked(entry: Any) -> bool:
    return "booked-by" in entry.meta


def _has_account(account: str, entries: Iterable[Any]) -> bool:
    return any(
        _within(posting.account, account)
        for entry in entries
        if isinstance(entry, Transaction)
        for posting in entry.postings
    )


def _within(account: str, parent: str) -> bool:
    return account == parent or account.startswith(f"{parent}:")


def _postings_of_account(
    account: str, day: datetime.date | None, entries: Iterable[Any]
) -> Iterator[tuple[Any, Any]]:
    for entry in entries:
        if isinstance(entry, Transaction) and (day is None or entry.date <= day):
            for posting in entry.postings:
                if _within(posting.account, account):
                    yield entry, posting


def _postings_where(entries: Iterable[Any], chosen: Any) -> Iterator[tuple[Any, Any]]:
    for entry in entries:
        if isinstance(entry, Transaction) and chosen(entry):
            for posting in entry.postings:
                yield entry, posting


def _imported(what: str, customs: dict[Position, Any]) -> list[Position]:
    return [at for at, entry in customs.items() if entry.meta.get("import-id") == what]


def _directive_at(file: str, line: int, customs: dict[Position, Any]) -> Position | None:
    """Return the directive a line belongs to: the last that begins on it or above it."""
    asked = PurePath(file).parts
    found = [
        at
        for at in customs
        if at.lineno <= line and PurePath(at.filename).parts[-len(asked) :] == asked
    ]
    return max(found, key=lambda at: at.lineno, default=None)


def _of_directives(
    title: str,
    found: list[Position],
    entries: Iterable[Any],
    customs: dict[Position, Any],
    daybook: Daybook,
) -> Explanation:
    asked = set(found)
    postings = _postings_where(
        entries,
        lambda entry: (
            _booked(entry)
            and Position(entry.meta["filename"], entry.meta["lineno"]) in asked
        ),
    )
    unbooked = [
        Unbooked(Position(*at), reason)
        for schedule in daybook.schedules.values()
        for at, reason in schedule.unbooked
        if at in asked
    ]
    unbooked += [
        Unbooked(problem.at, f"{problem.code} {problem.message}")
        for problem in daybook.problems
        if problem.at in asked and problem.level == "error"
    ]
    return _explanation(title, postings, customs, unbooked)


def _explanation(
    title: str,
    postings: Iterable[tuple[Any, Any]],
    customs: dict[Position, Any],
    unbooked: list[Unbooked],
    account: bool = False,
) -> Explanation:
    sums: dict[tuple[str, str], Decimal] = {}
    steps: list[Step] = []
    ordered = sorted(postings, key=lambda pair: _deal_of(pair[0]))
    for entry, posting in ordered:
        number, commodity, lots = _at_cost(posting)
        key = _deal_of(entry), commodity
        sums[key] = sums.get(key, ZERO) + number
        meta = entry.meta
        at = Position(meta["filename"], meta["lineno"])
        custom = customs.get(at) if _booked(entry) else None
        steps.append(
            Step(
                date=entry.date,
                deal=key[0],
                tranche=str(meta.get("tranche", "")),
                account=posting.account,
                number=number,
                commodity=commodity,
                lots=lots,
                balance=sums[key],
                narration=entry.narration or "",
                rule=str(meta.get("rule", "")) if _booked(entry) else "",
                directive=custom.type if custom is not None else "",
                filename=at.filename,
                lineno=at.lineno,
                source=_source(custom) if custom is not None else None,
            )
        )
    figures = [(deal, commodity, total) for (deal, commodity), total in sums.items()]
    return Explanation(title, account, steps, sorted(figures), unbooked)


def _deal_of(entry: Any) -> str:
    """Return the deal an entry is of, else its fleet, else "" for one written by hand."""
    if not _booked(entry):
        return ""
    return str(entry.meta.get("deal") or entry.meta.get("fleet") or "")


def _at_cost(posting: Any) -> tuple[Decimal, str, str]:
    units = posting.units
    if posting.cost is None:
        return units.number, units.currency, ""
    cost = posting.cost
    lots = f"{units.number:,f} {units.currency} {{{cost.number:,f} {cost.currency}}}"
    return units.number * cost.number, cost.currency, lots


def _source(custom: Any) -> Source | None:
    meta = custom.meta
    if "source-file" not in meta:
        return None
    keys = ("import-id", "source-file", "source-sha256", "source-rows", "source-total",
            "source-scope", "source-bucket")  # fmt: skip
    return Source(*(str(meta[key]) if meta.get(key) is not None else "" for key in keys))
