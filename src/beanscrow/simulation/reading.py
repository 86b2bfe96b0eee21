"""A scenario file in, its scenarios out; and the deal that is simulated.

Both files are ledger text, read by Beancount without our plugins having a say.  Whatever
is wrong with a line is a problem at its position.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any, NamedTuple

from beancount.core.data import Commodity, Custom, Open, Price

from beanscrow.checks.findings import position_of
from beanscrow.checks.loading import UNREAD, Loaded, load
from beanscrow.deal import wording
from beanscrow.deal.lines import Ledger, Line, position, read_line
from beanscrow.deal.names import DEAL_ID
from beanscrow.deal.positionals import read_positionals
from beanscrow.deal.problems import Position, Problem
from beanscrow.deal.source_lines import scan_sources
from beanscrow.deal.values import Refusal
from beanscrow.deal.vocabulary import DIRECTIVES as LEDGER
from beanscrow.simulation import vocabulary
from beanscrow.simulation.scenario import (
    EVERYWHERE,
    Assumption,
    Fact,
    Written,
    unknown,
    without_key,
)

KEY = "scenario"
_ROOTS = ("assets", "liabilities", "equity", "income", "expenses")
_NOT_HERE = ("books", "fleet", "fleet-life", "fleet-impairment")
_OF_PLUGINS = ("Error importing ", "Error applying plugin ", "E818: ")
_NOT_OF_A_SCENARIO = ("for", "sequence")


class DealText(NamedTuple):
    """The deals that are simulated, as their file states them.

    Attributes:
      books: The `books` line of each side that the file has, by role.
      customs: Every other directive of deals, as Beancount parsed it.
      prices: Rates of exchange, and prices.
      services: By deal, the service of usage that names none.
      options: Of the file, for the names of its root accounts.
    """

    path: str
    books: dict[str, Custom]
    customs: list[Custom]
    prices: list[Price]
    services: dict[str, str]
    options: dict[str, Any]
    problems: list[Problem]


def read_deal(path: Path) -> DealText:
    """Return the deals of a ledger, or of a file of facts.

    Its native transactions, fleets and plugins are left aside: nothing is computed from
    the first, the second are of no deal, and both sides are booked anew.
    """
    loaded = load(path)
    problems = _unread(loaded, path)
    files = frozenset(loaded.options.get("include") or ())
    for at, marks in scan_sources([[*_customs(loaded.entries)]], files).marks.items():
        problems += [Problem(at, mark.code, mark.words) for mark in marks]
    books: dict[str, Custom] = {}
    customs: list[Custom] = []
    for entry in _customs(loaded.entries):
        if entry.type.startswith("fleet"):
            continue
        if entry.type != "books":
            customs.append(entry)
            continue
        role = _word(entry, 0)
        if role in books:
            words = "books: a second one of one side; delete one of the two"
            problems.append(Problem(position_of(entry), "E121", words))
        books.setdefault(role, entry)
    services = services_of(customs)
    if not services and not problems:
        where = Position(str(path), 1)
        words = "no deal stands in it; name a ledger, or a file with a `deal` line"
        problems.append(Problem(where, "E825", words))
    prices = [it for it in loaded.entries if isinstance(it, Price)]
    return DealText(str(path), books, customs, prices, services, loaded.options, problems)


def read_scenarios(path: Path) -> Written:
    """Return the scenarios of a file; whatever is wrong with it is among its problems."""
    loaded = load(path)
    problems = _unread(loaded, path)
    files = tuple(loaded.options.get("include") or ())
    written = Written({}, [], [], files, problems)
    ours = [it for it in loaded.entries if isinstance(it, Custom)]
    ledger = _ledger(loaded, str(path), problems)
    scan = scan_sources([ours], ledger.files)
    ledger.moved.update(scan.moved)
    lines = [it for it in ours if it.type.startswith(vocabulary.PREFIX)]
    for entry in lines:
        at = position(entry, ledger)
        for mark in scan.marks.get(at, ()):
            problems.append(Problem(at, mark.code, f"{entry.type}: {mark.words}"))
    read = [(entry, _line(entry, ledger)) for entry in lines]
    for _, line in read:
        if line is not None and line.directive.name == "scenario":
            _head(line, written)
    if not written.heads and not problems:
        words = (
            'no scenario stands in it; begin with a line such as custom "scenario" "base"'
        )
        problems.append(Problem(Position(str(path), 1), "E820", words))
    for entry, line in read:
        if line is None or line.directive.name == "scenario":
            continue
        name = line.values["name"]
        if name not in written.heads:
            words = f"{entry.type}: of scenario {unknown(name, written)}"
            problems.append(Problem(line.at, "E822", words))
        else:
            written.assumptions.append(Assumption(line, entry))
    for entry in loaded.entries:
        if not (isinstance(entry, Custom) and entry.type.startswith(vocabulary.PREFIX)):
            _fact(entry, ledger, written)
    return written


def _head(line: Line, written: Written) -> None:
    name = line.values["name"]
    if not DEAL_ID.fullmatch(name):
        words = (
            f"scenario: the name {wording.quoted(name)} must be small letters, digits, "
            "hyphens and dots, a letter or digit first"
        )
        written.problems.append(Problem(line.at, "E115", words))
    elif name in written.heads:
        where = wording.where(written.heads[name].at)
        words = f"scenario: a second {wording.quoted(name)}; the first stands at {where}"
        written.problems.append(Problem(line.at, "E824", words))
    else:
        written.heads[name] = line


def _line(entry: Custom, ledger: Ledger) -> Line | None:
    """Return a line of a scenario as read, or None where it is refused."""
    at = position(entry, ledger)
    directive = vocabulary.DIRECTIVES.get(entry.type)
    if directive is None:
        near = wording.nearest(entry.type, vocabulary.DIRECTIVES)
        hint = f'; did you mean "{near}"?' if near else ""
        words = f"no line of a scenario is called {wording.quoted(entry.type)}{hint}"
        ledger.say(at, "E101", words)
        return None
    if entry.type == "scenario-terms":
        return _terms_line(entry, at, ledger)
    for key in _NOT_OF_A_SCENARIO:
        if key in entry.meta:
            words = f"{entry.type}: the key {key} belongs to lines of a ledger"
            ledger.say(at, "E105", words)
            return None
    return read_line(entry, directive, ledger)


def _terms_line(entry: Custom, at: Position, ledger: Ledger) -> Line | None:
    """Return a `scenario-terms`, of whose keys the line that it changes decides."""
    directive = vocabulary.DIRECTIVES["scenario-terms"]
    values: dict[str, Any] = {}
    refusals: list[Refusal] = []
    read_positionals(entry, directive, ledger.roots, values, refusals)
    for refusal in refusals:
        ledger.say(at, refusal.code, f"scenario-terms: {refusal.words}")
    if refusals:
        return None
    for part in directive.keys:
        if part.name in entry.meta:
            values[part.name] = entry.meta[part.name]
    return Line(at, entry.date, directive, "", values, {}, "")


def _fact(entry: Any, ledger: Ledger, written: Written) -> None:
    """Take an ordinary directive or a price into the scenarios it names."""
    if isinstance(entry, Custom):
        at = position(entry, ledger)
        known = str(entry.type).startswith(("deal", *_NOT_HERE))
        if not known:
            _misspelt(entry, at, written)
            return  # another program's, as in any ledger
        if entry.type in _NOT_HERE:
            words = (
                f"{entry.type}: no part of a scenario; what the books of either side say "
                "stands on its `scenario` line, as provider-framework does"
                if entry.type == "books"
                else f"{entry.type}: no part of a scenario; a fleet is of no deal"
            )
            written.problems.append(Problem(at, "E821", words))
            return
    elif isinstance(entry, Price):
        at = position_of(entry)
    elif isinstance(entry, Open | Commodity):
        return  # they say nothing of a deal
    else:
        words = (
            f"a {type(entry).__name__.lower()} is no part of a scenario; write what "
            "happens as a directive such as deal-usage or deal-payment"
        )
        written.problems.append(Problem(position_of(entry), "E821", words))
        return
    names = _names(entry, at, written)
    if names is not None:
        written.facts.append(Fact(without_key(entry, KEY), names))


def _misspelt(entry: Custom, at: Position, written: Written) -> None:
    """Refuse another program's line that is nearly one of ours: an assumption lost."""
    near = wording.nearest(entry.type, [*vocabulary.DIRECTIVES, *LEDGER])
    if near is not None:
        words = (
            f'no directive is called {wording.quoted(entry.type)}; did you mean "{near}"?'
        )
        written.problems.append(Problem(at, "E101", words))


def _names(entry: Any, at: Position, written: Written) -> tuple[str, ...] | None:
    """Return the scenarios an ordinary directive belongs to, None where one is unknown."""
    if KEY not in entry.meta:
        return EVERYWHERE
    value = entry.meta[KEY]
    names = tuple(it.strip() for it in value.split(",")) if isinstance(value, str) else ()
    if not names or not all(names):
        words = f"the key scenario is {wording.found(value)}; wanted names, by commas"
        written.problems.append(Problem(at, "E108", words))
        return None
    for name in names:
        if name not in written.heads:
            words = f"the key scenario is {unknown(name, written)}"
            written.problems.append(Problem(at, "E822", words))
            return None
    return names


def _unread(loaded: Loaded, path: Path) -> list[Problem]:
    """Return what Beancount could not read of a file, as problems at its lines.

    What a plugin could not do is none of them: plugins are left aside.
    """
    problems = list(loaded.problems)
    for error in loaded.errors:
        message = " ".join(str(error.message).split())
        if type(error).__name__ not in UNREAD or message.startswith(_OF_PLUGINS):
            continue
        source = error.source or {}
        at = Position(str(source.get("filename") or ""), int(source.get("lineno") or 0))
        if at.filename.startswith("<"):
            at = Position(str(path), 1)
        problems.append(Problem(at, "E834", message))
    return problems


def _ledger(loaded: Loaded, path: str, problems: list[Problem]) -> Ledger:
    options = loaded.options
    return Ledger(
        main=str(options.get("filename") or path),
        files=frozenset(options.get("include") or ()),
        roots=tuple(options.get(f"name_{it}") or it.capitalize() for it in _ROOTS),
        problems=problems,
        moved={},
    )


def _customs(entries: Iterable[Any]) -> Iterable[Custom]:
    for entry in entries:
        if isinstance(entry, Custom) and str(entry.type).startswith(
            ("deal", "books", "fleet")
        ):
            yield entry


def _word(entry: Custom, index: int) -> str:
    values = entry.values or []
    value = values[index].value if len(values) > index else None
    return value if isinstance(value, str) else ""


def services_of(entries: Iterable[Any]) -> dict[str, str]:
    """Return the service of usage that names none, by deal, as `deal` lines say it."""
    default = next(it for it in LEDGER["deal"].keys if it.name == "service").default
    found = {}
    for entry in entries:
        if isinstance(entry, Custom) and entry.type == "deal":
            value = entry.meta.get("service")
            found[_word(entry, 0)] = value if isinstance(value, str) else str(default)
    return found
