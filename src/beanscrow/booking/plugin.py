"""What the escrow and stakes plugins have in common: run once, never raise, never change.

Beancount catches an exception of a plugin and goes on without it, which would
leave every deal silently unbooked; so each deal and each fleet is guarded by itself,
as it is accounted for (`load`) and as it is written down, and what went wrong is an
error at its own line.
"""

from __future__ import annotations

from decimal import localcontext
from typing import Any, NamedTuple

from beancount.core.data import new_metadata

from beanscrow.booking.book import Book, book, with_reasons
from beanscrow.booking.chart import Chart
from beanscrow.booking.daybook import OPTION, Daybook, Holder
from beanscrow.booking.fault import fault
from beanscrow.booking.fleets import book_fleet
from beanscrow.booking.load import Loaded, holder_of, load
from beanscrow.booking.opens import accounts_to_open
from beanscrow.collector import paused
from beanscrow.deal.plugin_lines import DEALS, ESCROW, STAKES, listed_at
from beanscrow.deal.problems import Position, Problem
from beanscrow.money import WIDE


class DealError(NamedTuple):
    """A line that is not booked, as Beancount shows errors."""

    source: dict[str, Any]
    message: str
    entry: Any


def run(
    which: Book,
    entries: list[Any],
    options_map: dict[str, Any],
    config: str | None,
) -> tuple[list[Any], list[DealError]]:
    """Return the entries with one side of every deal appended, and the errors."""
    with paused():
        try:
            return _run(which, entries, options_map, config)
        except Exception:  # never raise: see the head of the module
            found = fault(Position(_file_of(options_map), 1), "the ledger")
            # What runs after this one did not come too early: there is nothing to go on.
            ran = {which, *getattr(holder_of(options_map), "ran", ())}
            options_map[OPTION] = Holder(Daybook(None, {}, {}, [found]), [], ran)
            return entries, [_error(found)]


def _run(
    which: Book, entries: list[Any], options_map: dict[str, Any], config: str | None
) -> tuple[list[Any], list[DealError]]:
    errors: list[DealError] = []
    module = ESCROW if which == "escrow" else STAKES
    top = listed_at(options_map, module, DEALS)
    if config is not None and config.strip():
        errors.append(
            _error(
                Problem(
                    top,
                    "E501",
                    f"the {which} plugin takes no configuration, and was given "
                    f"{config.strip()!r}; terms belong on `books` and `deal-policy`",
                )
            )
        )
    before = holder_of(options_map)
    if before is not None and which in before.ran:
        errors.append(
            _error(
                Problem(
                    top,
                    "E502",
                    f"{module} is listed twice, alone or within {DEALS}; the "
                    f"second time booked nothing: list {DEALS} once",
                )
            )
        )
        return entries, errors
    if which == "stakes" and (before is None or "escrow" not in before.ran):
        errors.append(
            _error(
                Problem(
                    top,
                    "E503",
                    f"{STAKES} starts from the signing that {ESCROW} books, which has not run; "
                    f"list {ESCROW} before it, or {DEALS} alone",
                )
            )
        )
        return entries, errors
    if before is not None and _is_lost(before):
        before.ran.add(which)
        return entries, errors
    loaded = load(entries, options_map)
    holder = holder_of(options_map)
    assert holder is not None, "load leaves a holder"
    holder.ran.add(which)
    if before is not None:
        holder.ran |= before.ran
    given = loaded.entries if which == "escrow" else entries
    booked, later = _book_all(which, loaded, options_map, errors)
    if which == "escrow":
        booked += _book_fleets(loaded, options_map)
        errors += [
            _error(problem)
            for problem in loaded.daybook.problems
            if problem.level == "error"
        ]
    opens = _opens(given, booked, later, loaded)
    return [*given, *opens, *booked], errors


def _is_lost(before: Holder) -> bool:
    """Return whether a fault of our own took the whole ledger down in this load."""
    daybook = before.daybook
    if daybook is None or daybook.books is not None:
        return False
    return any(problem.code == "E599" for problem in daybook.problems)


def _book_all(
    which: Book, loaded: Loaded, options_map: dict[str, Any], errors: list[DealError]
) -> tuple[list[Any], list[Any]]:
    """Return what a plugin books of all deals, and what the stakes plugin will after it.

    The stakes plugin may post earlier to an account that both of them need; and of a
    deal that it could not book, the first of the two books nothing either.
    """
    daybook = loaded.daybook
    booked: list[Any] = []
    later: list[Any] = []
    for name, agreement in list(daybook.agreements.items()):
        if name not in daybook.schedules:
            continue
        try:
            mine = _written(name, which, loaded, options_map)
            if which == "escrow":
                daybook.schedules[name] = with_reasons(daybook.schedules[name], mine)
                later += _written(name, "stakes", loaded, options_map)
            booked += mine
        except Exception:  # one deal's fault never drags down another
            del daybook.schedules[name], daybook.agreements[name]
            found = fault(agreement.deal.at, f"deal {name}", name)
            daybook.problems.append(found)
            if which == "stakes":
                errors.append(_error(found))
    return booked, later


def _written(
    name: str, which: Book, loaded: Loaded, options_map: dict[str, Any]
) -> list[Any]:
    """Return the transactions of one deal, of which there are some in some books only."""
    daybook = loaded.daybook
    books, schedule, agreement = (
        daybook.books,
        daybook.schedules[name],
        daybook.agreements[name],
    )
    assert books is not None, "there are schedules of some books only"
    chart = Chart(schedule.side, books, agreement.deal, agreement.policies, options_map)
    with localcontext(WIDE):  # the default would round what it only negates
        return book(schedule, agreement, loaded.terms[name], chart, which)


def _book_fleets(loaded: Loaded, options_map: dict[str, Any]) -> list[Any]:
    daybook, books = loaded.daybook, loaded.daybook.books
    generated: list[Any] = []
    for fleet in daybook.fleets:
        assert books is not None, "there are fleets of some books only"
        try:
            with localcontext(WIDE):
                generated += book_fleet(fleet, books, options_map)
        except Exception:  # one fleet's fault never drags down the deals
            at = fleet.events[0].at if fleet.events else books.at
            daybook.problems.append(fault(at, f"fleet {fleet.fleet}"))
    return generated


def _opens(
    given: list[Any], generated: list[Any], to_come: list[Any], loaded: Loaded
) -> list[Any]:
    books = loaded.daybook.books
    if books is None or not books.open_accounts:
        return []
    return list(
        accounts_to_open(
            given,
            generated,
            to_come,
            filename=books.at.filename,
            lineno=books.at.lineno,
        )
    )


def _error(problem: Problem) -> DealError:
    return DealError(
        new_metadata(problem.at.filename, problem.at.lineno),
        f"{problem.code}: {problem.message}",
        None,
    )


def _file_of(options_map: dict[str, Any]) -> str:
    return str(options_map.get("filename") or "<ledger>")
