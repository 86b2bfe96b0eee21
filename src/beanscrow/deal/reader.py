"""Directives of a ledger in, the typed terms of its deals out.

Only `custom` entries of our own are looked at.  Every line stands or falls by itself,
then with the rest of its deal, and never drags down another deal; whatever is wrong
with it is a problem at its position and never an exception.
"""

from __future__ import annotations

import contextlib
import datetime
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from beancount.core.data import Custom

from beanscrow.deal import consistency, identity, sides, wording
from beanscrow.deal.drafts import Draft, refusal_of
from beanscrow.deal.facts import fact
from beanscrow.deal.fleet_terms import FleetFact
from beanscrow.deal.fleets import read_fleets
from beanscrow.deal.lines import Ledger, Line, deal_of, position, read_line
from beanscrow.deal.problems import Position, Problem
from beanscrow.deal.source_lines import Mark, scan_sources
from beanscrow.deal.terms import Agreement, Books, Deal, DealPolicy, Refused, Usage
from beanscrow.deal.usages import read_usages
from beanscrow.deal.vocabulary import DIRECTIVES, PREFIXES

_LAST_YEAR = 2999  # a later one is a way to write never

_ROOTS = ("assets", "liabilities", "equity", "income", "expenses")


class Reading(NamedTuple):
    """What a ledger says of its deals.

    Attributes:
      entries: The entries as given, but that a `custom` without values has an empty
        list of them.
      books: Whose books they are; None where that could not be read.
      agreements: The deals that were read, by id, in order of id.
      fleets: Chips in service, where these are the provider's books.
      problems: Errors, findings and notes, in order of position.
      through: Last day the books have reached, inclusive; None for an empty ledger.
    """

    entries: list[Any]
    books: Books | None
    agreements: dict[str, Agreement]
    fleets: tuple[FleetFact, ...]
    problems: list[Problem]
    through: datetime.date | None


def read(
    entries: list[Any], options_map: Mapping[str, Any], *, rescan: bool = True
) -> Reading:
    """Return the terms of every deal in a ledger, and what is wrong with its lines.

    Args:
      entries: Directives as Beancount's loader leaves them; never changed.
      options_map: The ledger's options.
      rescan: Whether the source lines are read again for what the parsed entry no
        longer shows; they are where the files exist.
    Returns:
      What was read; each line of ours is a term, a problem, or both.
    """
    reader = _Reader(options_map)
    try:
        return reader.read(entries, rescan)
    except Exception as error:  # a fault of ours, in what no single line is about
        reader.say_fault(Position(reader.ledger.main, 1), "the ledger", error)
        return Reading(entries, None, {}, (), sorted(reader.ledger.problems), None)


class _Reader:
    """One reading of one ledger."""

    def __init__(self, options_map: Mapping[str, Any]) -> None:
        main = options_map.get("filename") or "<string>"
        files = options_map.get("include") or ()
        self.ledger = Ledger(
            main=main,
            files=frozenset((*files, main)) if files else frozenset(),
            roots=tuple(
                options_map.get(f"name_{root}") or root.capitalize() for root in _ROOTS
            ),
            problems=[],
            moved={},
        )
        self.books: Books | None = None
        self.drafts: dict[str, Draft] = {}
        self.marks: dict[Position, list[Mark]] = {}
        self.refused: list[tuple[Refused, str | None]] = []
        self.absent: dict[str, Position] = {}  # deals refused, or not for this side
        self.waiting: dict[str, list[Position]] = defaultdict(list)

    def read(self, entries: list[Any], rescan: bool) -> Reading:
        entries, ours = self._sort_out(entries)
        if rescan:
            scan = scan_sources(ours.values(), self.ledger.files)
            self.marks = scan.marks
            self.ledger.moved.update(scan.moved)
        self._read_books(ours)
        policies = list(self._lines(ours.pop("deal-policy", ())))
        self._read_deals(ours.pop("deal", ()), policies)
        for line in policies:
            self._add(line)
        read_usages(
            ours.pop("deal-usage", ()),
            self.drafts,
            self.ledger.files,
            frozenset(self.marks),
            self._read_usage,
        )
        fleet_lines: list[Line] = []
        for name, group in ours.items():
            for line in self._lines(group):
                if name.startswith("fleet"):
                    fleet_lines.append(line)
                else:
                    self._add(line)
        agreements = self._agree()
        role = self.books.role if self.books else None
        fleets = read_fleets(fleet_lines, role, self.ledger)
        through = self._through(entries)
        return Reading(
            entries,
            self.books if through is not None else None,
            agreements,
            fleets,
            sorted(self.ledger.problems),
            through,
        )

    def _through(self, entries: list[Any]) -> datetime.date | None:
        """Return the last day the books have reached.

        None where the ledger is empty, or has none that its books could have come to: then
        nothing is booked, as if the books could not be read.
        """
        through = _through(entries, self.books, self.ledger.main)
        if through is None or self.books is None or through.year <= _LAST_YEAR:
            return through
        stated = "through" if self.books.through else "the latest date of the ledger"
        words = (
            f"books: {stated} is {through}, and what these books have reached is booked to "
            f"that day; wanted one no later than {_LAST_YEAR}, as in through: 2026-12-31 "
            "(nothing is booked)"
        )
        self.ledger.say(self.books.at, "E113", words)
        return None

    def _sort_out(self, entries: list[Any]) -> tuple[list[Any], dict[str, list[Custom]]]:
        """Return the entries as they shall go on, and ours by name."""
        kept = entries
        ours: dict[str, list[Custom]] = {name: [] for name in DIRECTIVES}
        for index, entry in enumerate(entries):
            if type(entry) is not Custom:
                continue
            if entry.values is None:
                entry = entry._replace(values=[])
                if kept is entries:
                    kept = list(entries)
                kept[index] = entry
            group = ours.get(entry.type)
            if group is not None:
                group.append(entry)
            elif str(entry.type).startswith(PREFIXES):
                self._say_unknown(entry)
        return kept, {name: group for name, group in ours.items() if group}

    def _say_unknown(self, entry: Custom) -> None:
        near = wording.nearest(entry.type, DIRECTIVES)
        hint = f'; did you mean "{near}"?' if near else ""
        at = position(entry, self.ledger)
        deal = deal_of(entry)
        words = f"no directive is called {wording.quoted(entry.type)}{hint}"
        self.ledger.say(at, "E101", words, deal)
        self._refuse(entry, at)

    def _read_books(self, ours: dict[str, list[Custom]]) -> None:
        written = ours.pop("books", [])
        for line in self._lines(written):
            if self.books is None:
                self.books = fact(line)
                continue
            where = wording.where(self.books.at)
            words = f"books: a second one; the first stands at {where}: delete one"
            self.ledger.say(line.at, "E121", words)
        if not written and ours:
            at = min(position(e, self.ledger) for group in ours.values() for e in group)
            words = (
                "no books directive says whose books these are; add one such as custom "
                '"books" "provider" with framework: and currency: (nothing is booked)'
            )
            self.ledger.say(at, "E128", words)

    def _read_deals(self, entries: Iterable[Custom], policies: list[Line]) -> None:
        usual = self.books.role if self.books else None
        roles: dict[str, Any] = {}
        for said in policies:
            whole = "stake" not in said.values and sides.is_for(said, usual)
            if whole and "role" in said.values:
                roles.setdefault(said.deal, said.values["role"])
        for entry in entries:
            line = self._line(entry)
            if line is None:
                self.absent.setdefault(deal_of(entry), position(entry, self.ledger))
                continue
            role = roles.get(line.deal, usual) if usual else None
            if not sides.is_for(line, role):
                sides.say_other_side(line, role, self.ledger)
                self.absent.setdefault(line.deal, line.at)
                continue
            deal: Deal = fact(line)
            if identity.check_deal(deal, self.drafts, self.ledger):
                self.drafts[deal.deal] = Draft(deal, role)
            else:
                self._refuse(entry, line.at)
                self.absent.setdefault(deal.deal, deal.at)

    def _read_usage(self, entry: Custom) -> None:
        """Read a usage as any other directive is read."""
        line = self._line(entry)
        if line is not None:
            self._add(line)

    def _lines(self, entries: Iterable[Custom]) -> Iterator[Line]:
        """Yield the lines that could be read, having told what is wrong with others."""
        for entry in entries:
            line = self._line(entry)
            if line is not None:
                yield line

    def _line(self, entry: Custom) -> Line | None:
        """Return one line as read, or None where it is refused."""
        try:
            at = position(entry, self.ledger)
            marks = self.marks.get(at, ())
            for mark in marks:
                words = f"{entry.type}: {mark.words}"
                self.ledger.say(at, mark.code, words, deal_of(entry))
            line = read_line(entry, DIRECTIVES[entry.type], self.ledger)
            if line is None or marks:
                self._refuse(entry, at)
                return None
            return line
        except Exception as error:
            self._say_failed(entry, error)
            return None

    def _say_failed(self, entry: Custom, error: Exception) -> None:
        """Tell of a failure of this program, at the line that brought it about."""
        at = Position(self.ledger.main, 0)
        with contextlib.suppress(Exception):
            at = position(entry, self.ledger)
        self.say_fault(at, entry.type, error)
        with contextlib.suppress(Exception):
            self._refuse(entry, at)

    def say_fault(self, at: Position, what: str, error: Exception, deal: str = "") -> None:
        """Tell of a fault of this program, so that it is reported and not overlooked."""
        words = " ".join(
            f"{what}: it could not be read because of a fault in beanscrow "
            f"({type(error).__name__}: {error}); please report it with the line".split()
        )
        self.ledger.say(at, "E199", words, deal)

    def _refuse(self, entry: Custom, at: Position) -> None:
        refused = refusal_of(entry, at, deal_of(entry))
        if refused.deal:
            only = entry.meta.get("for")
            self.refused.append((refused, only if isinstance(only, str) else None))

    def _add(self, line: Line) -> None:
        """Add a line to its deal, unless the deal is not there or not yet signed."""
        try:
            self._put(line)
        except Exception as error:
            self.say_fault(line.at, line.directive.name, error, line.deal)
            self.refused.append(
                (Refused(line.at, line.date, line.deal, line.directive.name), None)
            )

    def _put(self, line: Line) -> None:
        draft = self.drafts.get(line.deal)
        if draft is None:
            if line.deal in self.absent:
                self.waiting[line.deal].append(line.at)
                return
            near = wording.nearest(line.deal, self.drafts)
            hint = f'; did you mean "{near}"?' if near else ""
            words = (
                f"no deal {wording.quoted(line.deal)}; the ledger has "
                f"{wording.all_of(sorted(self.drafts))}{hint}"
            )
            self._say(line, "E123", words)
            return
        if not sides.is_for(line, draft.role):
            sides.say_other_side(line, draft.role, self.ledger)
            return
        stated = fact(line, draft.deal.service)
        if line.date < draft.deal.date:
            words = (
                f"its date {line.date} is before the deal's, {draft.deal.date} "
                f"({wording.where(draft.deal.at)})"
            )
            draft.refuse(self.ledger, stated, line.directive.name, "E124", words)
        elif isinstance(stated, DealPolicy):
            draft.policies.append((line, stated))
        elif isinstance(stated, Usage):
            draft.usages.append(stated)
        else:
            draft.facts.append((line, stated))

    def _say(self, line: Line, code: str, words: str) -> None:
        self.ledger.say(line.at, code, f"{line.directive.name}: {words}", line.deal)

    def _agree(self) -> dict[str, Agreement]:
        """Return the deals whose lines agree, by id."""
        for refused, only in self.refused:
            draft = self.drafts.get(refused.deal)
            if draft is None:
                continue
            mine = draft.role is None or only not in sides.SIDES or only == draft.role
            if mine and sides.reads(refused.directive, draft.role):
                draft.refused.append(refused)
        for draft in self.drafts.values():
            try:
                consistency.check(draft, self.books, self.ledger)
            except Exception as error:
                draft.sound = False
                self.say_fault(draft.deal.at, "deal", error, draft.deal.deal)
        identity.check_parties(self.drafts, self.ledger)
        identity.find_service_clashes(self.drafts, self.ledger)
        if self.books is not None:
            sides.say_elections_of_nobody(self.books, self.drafts.values(), self.ledger)
        agreements = {}
        for name, draft in sorted(self.drafts.items()):
            if draft.sound:
                sides.keep_own_side(draft, self.books, self.ledger)
                agreements[name] = draft.agreement()
            else:
                self.absent[name] = draft.deal.at
                self.waiting[name] += draft.positions()
        self._say_waiting()
        return agreements

    def _say_waiting(self) -> None:
        """Note, once for each deal that is not read, the lines that wait for it."""
        for deal, positions in self.waiting.items():
            if positions:
                words = (
                    f"{len(positions)} directives of deal {wording.quoted(deal)}, this "
                    "the first, are not booked: its deal line at "
                    f"{wording.where(self.absent[deal])} is not read"
                )
                self.ledger.say(min(positions), "N103", words, deal)


def _through(entries: list[Any], books: Books | None, main: str) -> datetime.date | None:
    """Return the last day the books have reached, by what they say or by their text.

    An entry whose file name begins with "<" was made by a plugin, unless the whole
    ledger was given as text and has such a name itself.
    """
    if books is not None and books.through is not None:
        return books.through
    for entry in reversed(entries):
        filename = entry.meta.get("filename") if entry.meta else None
        own = isinstance(filename, str) and not filename.startswith("<")
        if own or (isinstance(filename, str) and filename == main):
            date = entry.date
            return date if isinstance(date, datetime.date) else None
    return None
