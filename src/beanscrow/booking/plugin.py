"""What the escrow and stakes plugins have in common: run once, never raise, never change.

Beancount catches an exception of a plugin and goes on without it, which would
leave every deal silently unbooked; so each deal is guarded by itself, and what
went wrong is an error at the deal's own line.
"""

from __future__ import annotations

import traceback
from typing import Any, NamedTuple

from beancount.core.data import new_metadata

from beanscrow.booking.book import Book, book
from beanscrow.booking.chart import Chart
from beanscrow.booking.fleets import book_fleet
from beanscrow.booking.load import Loaded, holder_of, load
from beanscrow.booking.opens import accounts_to_open
from beanscrow.collector import paused
from beanscrow.deal.plugin_lines import DEALS, ESCROW, STAKES, listed_at
from beanscrow.deal.problems import Position, Problem


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
            top = Position(_file_of(options_map), 1)
            return entries, [_internal(top, "the ledger")]


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
    loaded = load(entries, options_map)
    holder = holder_of(options_map)
    assert holder is not None, "load leaves a holder"
    holder.ran.add(which)
    if before is not None:
        holder.ran |= before.ran
    given = loaded.entries if which == "escrow" else entries
    generated = _book_all(which, loaded, options_map, errors)
    if which == "escrow":
        generated += _book_fleets(loaded, options_map, errors)
        errors += [
            _error(problem)
            for problem in loaded.daybook.problems
            if problem.level == "error"
        ]
    # The stakes plugin may post earlier to an account that both of them need.
    to_come = _book_all("stakes", loaded, options_map, []) if which == "escrow" else []
    opens = _opens(given, generated, to_come, loaded)
    return [*given, *opens, *generated], errors


def _book_all(
    which: Book, loaded: Loaded, options_map: dict[str, Any], errors: list[DealError]
) -> list[Any]:
    books = loaded.daybook.books
    generated: list[Any] = []
    if books is None:
        return generated
    for name, schedule in loaded.daybook.schedules.items():
        agreement = loaded.daybook.agreements[name]
        chart = Chart(schedule.side, books, agreement.deal, agreement.policies, options_map)
        try:
            generated += book(schedule, agreement, loaded.terms[name], chart, which)
        except Exception:  # one deal's fault never drags down another
            errors.append(_internal(agreement.deal.at, f"deal {name}"))
    return generated


def _book_fleets(
    loaded: Loaded, options_map: dict[str, Any], errors: list[DealError]
) -> list[Any]:
    books = loaded.daybook.books
    generated: list[Any] = []
    for fleet in loaded.daybook.fleets:
        assert books is not None, "there are fleets of some books only"
        try:
            generated += book_fleet(fleet, books, options_map)
        except Exception:  # one fleet's fault never drags down the deals
            errors.append(_internal(fleet.events[0].at, f"fleet {fleet.fleet}"))
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


def _internal(at: Position, what: str) -> DealError:
    """Return the report of our own fault, with the place it happened and no traceback."""
    last = traceback.format_exc().strip().splitlines()
    frames = [line.strip() for line in last if line.strip().startswith("File")]
    place = frames[-1].partition(", ")[2] if frames else ""
    return _error(
        Problem(
            at,
            "E599",
            f"{what} could not be booked because of a fault of beanscrow's own "
            f"({last[-1]}; {place}); please report it with this line",
        )
    )


def _file_of(options_map: dict[str, Any]) -> str:
    return str(options_map.get("filename") or "<ledger>")
