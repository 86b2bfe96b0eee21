"""The deals' directives as they were written: the untyped half of the second way.

Values come as Beancount parsed them.  A value of the wrong type counts as absent:
to say so is the reader's task, and the directive is then refused.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any, NamedTuple

from beancount.core.amount import Amount
from beancount.core.data import Custom

from beanscrow.deal.names import camel
from beanscrow.deal.problems import Position
from beanscrow.deal.terms import Role
from beanscrow.deal.vocabulary import DIRECTIVES

LEGS = frozenset(name for name, directive in DIRECTIVES.items() if directive.leg)
LEAF_MOVED = {
    "deal-grant": "Granted",
    "deal-usage": "Drawn",
    "deal-forfeit": "Forfeited",
}

_ZERO = Decimal(0)


class Directive:
    """One of our directives, and what the entries that name it as their source did.

    Attributes:
      deal: Id of its deal, or "" where it has none.
      booked: Whether any generated entry names it.
      days: Day of each of those entries, of a leg of a contract event or a sale; None
        of others.
      leaf: The state of credits it moves by nature ("Drawn"), or ""; interned.
      units: Credits its entries moved to that state, positive as granted or drawn.
    """

    __slots__ = ("booked", "days", "deal", "entry", "leaf", "released", "units")

    def __init__(self, entry: Custom, deal: str, leaf: str) -> None:
        self.entry = entry
        self.deal = deal
        self.leaf = leaf
        self.booked = False
        self.units = _ZERO
        self.days: list[datetime.date] | None = None
        # Of a leg that waits for a milestone: the day it is met, the end of time before.
        self.released: datetime.date | None = None

    @property
    def at(self) -> Position:
        """Where it stands."""
        meta = self.entry.meta
        return Position(meta["filename"], meta["lineno"])

    @property
    def name(self) -> str:
        """Type of the directive ("deal-grant")."""
        return self.entry.type

    @property
    def date(self) -> datetime.date:
        """Its own date."""
        return self.entry.date

    @property
    def event(self) -> datetime.date:
        """Contract event a leg belongs to: that of its milestone, `event:`, or its own date."""
        return self.released or self.day("event") or self.entry.date

    @property
    def due(self) -> datetime.date:
        """Day a leg is settled: its own date, or that of its milestone where that is later."""
        return max(self.entry.date, self.released or self.entry.date)

    def text(self, key: str) -> str:
        """Return the text of a key, "" where there is none."""
        value = self.entry.meta.get(key)
        return value if isinstance(value, str) else ""

    def day(self, key: str) -> datetime.date | None:
        """Return the date of a key, None where there is none."""
        value = self.entry.meta.get(key)
        return value if isinstance(value, datetime.date) else None

    def amount(self, index: int) -> Amount | None:
        """Return a positional that is an amount with a number, else None."""
        values = self.entry.values or []
        value: Any = values[index].value if len(values) > index else None
        if isinstance(value, Amount) and isinstance(value.number, Decimal):
            return value
        return None

    def word(self, index: int) -> str:
        """Return a positional that is text, else ""."""
        values = self.entry.values or []
        value = values[index].value if len(values) > index else None
        return value if isinstance(value, str) else ""


class Written(NamedTuple):
    """Everything a ledger's own text says about deals.

    Attributes:
      files: By file, then line.
      named: By type, in the order of the ledger.
      refused: Positions of which an error has been told; what stands there is in no
        effect.
      deals: By id, the first of each that is in effect.
      policies: By deal, those in effect that are for the side of this ledger.
    """

    files: dict[str, dict[int, Directive]]
    named: dict[str, list[Directive]]
    refused: frozenset[tuple[str, int]]
    deals: dict[str, Directive]
    policies: dict[str, list[Directive]]

    @property
    def books(self) -> Directive | None:
        """The first `books` of the ledger that is in effect."""
        return next(iter(self.standing("books")), None)

    def all(self) -> Iterator[Directive]:
        """Yield every directive."""
        for directives in self.named.values():
            yield from directives

    def of(self, name: str) -> list[Directive]:
        """Return the directives of one type, in the order of the ledger."""
        return self.named.get(name, [])

    def standing(self, name: str) -> list[Directive]:
        """Return the directives of one type that are in effect, in order."""
        return [d for d in self.of(name) if d.at not in self.refused]

    def source(self, entry: Any) -> Directive | None:
        """Return the directive at the position a generated entry carries."""
        lines = self.files.get(entry.meta["filename"])
        return lines.get(entry.meta["lineno"]) if lines else None

    def side(self, deal: str) -> Role | None:
        """Return whose books the ledger keeps of a deal; None where nothing says so."""
        for policy in self.policies.get(deal, ()):
            if policy.text("role") in ("provider", "startup"):
                return "provider" if policy.text("role") == "provider" else "startup"
        role = self.books.word(0) if self.books else ""
        if role in ("provider", "startup"):
            return "provider" if role == "provider" else "startup"
        return None

    def component(self, deal: str) -> str:
        """Return the part of account names that stands for a deal."""
        directive = self.deals.get(deal)
        return (directive.text("account") if directive else "") or camel(deal)

    def reached(self, entries: Sequence[Any], main: str) -> datetime.date | None:
        """Return the last day the books have reached, inclusive; None for no entries.

        It is what `books` says, else the latest day of the ledger's own text.

        Args:
          main: Name of the ledger's file; entries of other files whose name begins
            with "<" were made by a plugin.
        """
        through = self.books.day("through") if self.books else None
        if through is not None:
            return through
        latest: datetime.date | None = None
        for entry in reversed(entries):
            if latest is not None and entry.date <= latest:
                continue
            filename = entry.meta.get("filename")
            ours = filename == main or not str(filename).startswith("<")
            if ours and "booked-by" not in entry.meta:
                latest = entry.date
        return latest

    def switched(self, deal: str, key: str, *, otherwise: bool) -> bool:
        """Return an election that is a switch: the deal's own, else the books', else a default."""
        sources = [*self.policies.get(deal, ())]
        if self.books is not None:
            sources.append(self.books)
        found = [it.entry.meta.get(key) for it in sources]
        return next((it for it in found if isinstance(it, bool)), otherwise)

    def elected(self, deal: str, key: str, default: str) -> str:
        """Return an election of one deal: its own, else the books', else the default."""
        for policy in self.policies.get(deal, ()):
            if policy.text(key):
                return policy.text(key)
        return (self.books.text(key) if self.books else "") or default


def written(
    entries: Iterable[Any],
    options: Mapping[str, Any],
    refused: frozenset[tuple[str, int]] = frozenset(),
) -> Written:
    """Return the deals' directives of a ledger, as written.

    Directives whose type the language does not know are left to the reader, and so
    are those whose position a key of their own has overwritten: they are refused.

    Args:
      options: The ledger's options, which name its files.
      refused: Positions of which an error has been told.
    """
    files_read = {*(options.get("include") or ())}
    files: dict[str, dict[int, Directive]] = {}
    named: dict[str, list[Directive]] = {}
    lines: dict[int, Directive] = {}
    group: list[Directive] = []
    filename: object = None
    last = leaf = ""
    for entry in entries:
        if type(entry) is not Custom:
            continue
        name = entry.type
        if name != last:  # usage stands together, and is most of it
            if name not in DIRECTIVES:
                continue
            last, leaf = name, LEAF_MOVED.get(name, "")
            group = named.setdefault(name, [])
        meta = entry.meta
        lineno = meta["lineno"]
        if meta["filename"] is not filename:
            path = str(meta["filename"])
            if files_read and path not in files_read and not path.startswith("<"):
                continue
            filename = meta["filename"]
            lines = files.setdefault(path, {})
        if type(lineno) is not int:
            continue
        values = entry.values
        deal = values[0].value if values else ""
        directive = Directive(entry, deal if type(deal) is str else "", leaf)
        lines[lineno] = directive
        group.append(directive)
    deals: dict[str, Directive] = {}
    policies: dict[str, list[Directive]] = {}
    for leg in (*LEGS, "deal-sale"):
        for directive in named.get(leg, ()):
            directive.days = []
    result = Written(files, named, refused, deals, policies)
    for directive in result.standing("deal"):
        deals.setdefault(directive.deal, directive)
    for directive in result.standing("deal-policy"):
        policies.setdefault(directive.deal, []).append(directive)
    for deal, found in policies.items():
        side = result.side(deal)
        policies[deal] = [it for it in found if it.text("for") in ("", side)]
    _release(result)
    return result


def _release(written: Written) -> None:
    """Note of every leg that waits for a milestone the day it is met."""
    met: dict[tuple[str, str], datetime.date] = {}
    for milestone in written.standing("deal-milestone"):
        if milestone.entry.meta.get("met") is True:
            met.setdefault((milestone.deal, milestone.word(1)), milestone.date)
    for name in LEGS:
        for leg in written.of(name):
            if leg.text("milestone"):
                never = datetime.date.max
                leg.released = met.get((leg.deal, leg.text("milestone")), never)
