"""One `custom` entry read by the vocabulary: typed values, or what is wrong with it."""

from __future__ import annotations

import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any, NamedTuple

from beanscrow.deal import correction, families, wording
from beanscrow.deal.positionals import read_positionals
from beanscrow.deal.problems import Position, Problem
from beanscrow.deal.terms import Money
from beanscrow.deal.values import Refusal, read_value
from beanscrow.deal.vocabulary import COMMON, DIRECTIVES, FREE_PREFIX, Directive, Part

if TYPE_CHECKING:
    from beancount.core.data import Custom

PARTS: dict[str, dict[str, Part]] = {
    name: {part.name: part for part in (*COMMON, *directive.keys)}
    for name, directive in DIRECTIVES.items()
}
POSITION_KEYS = frozenset({"filename", "lineno"})
INEXACT_DIGITS = 28  # where Beancount's arithmetic cuts a division off


class Ledger(NamedTuple):
    """What a line is read against, and where what is wrong with it is put.

    Attributes:
      main: File name of the ledger's top file.
      files: Names of its files; empty where it is a string.
      roots: Names of its five root accounts.
      problems: Collects errors, findings and notes, in no order.
      moved: True positions of entries whose metadata gives another, by `id`.
    """

    main: str
    files: frozenset[str]
    roots: tuple[str, ...]
    problems: list[Problem]
    moved: dict[int, Position]

    def say(self, at: Position, code: str, message: str, deal: str = "") -> None:
        """Put down one problem."""
        self.problems.append(wording.problem(at, code, message, deal))


class Line(NamedTuple):
    """A directive whose every value was read; nothing is known of other lines yet.

    Attributes:
      deal: Id of its deal, or "" where it has none.
      values: What was written, positional or key, by its name in the vocabulary.
      gathered: What families of keys hold, by field and then by suffix.
      rest: Every further key as text, in canonical order.
    """

    at: Position
    date: datetime.date
    directive: Directive
    deal: str
    values: dict[str, Any]
    gathered: dict[str, dict[str, Any]]
    rest: str


def position(entry: Custom, ledger: Ledger) -> Position:
    """Return where an entry stands, as well as its metadata still tells."""
    if id(entry) in ledger.moved:
        return ledger.moved[id(entry)]
    filename = entry.meta.get("filename")
    lineno = entry.meta.get("lineno")
    if not isinstance(filename, str) or not _is_ours(filename, ledger):
        filename = ledger.main
    return Position(filename, lineno if type(lineno) is int else 0)


def _is_ours(filename: str, ledger: Ledger) -> bool:
    return not ledger.files or filename in ledger.files or filename.startswith("<")


def deal_of(entry: Custom) -> str:
    """Return the deal id an entry begins with, or "" where it begins with none."""
    first = entry.values[0] if entry.values else None
    value = getattr(first, "value", None)
    if entry.type.startswith("deal") and isinstance(value, str):
        return value
    return ""


def parts_of(directive: Directive) -> dict[str, Part]:
    """Return the keys a directive takes, by name: its own, and those all of them take."""
    known = PARTS.get(directive.name)
    if known is not None:
        return known
    return {part.name: part for part in (*COMMON, *directive.keys)}


def read_line(entry: Custom, directive: Directive, ledger: Ledger) -> Line | None:
    """Return the values of one directive, or None where it is refused.

    Every problem of the line is put down at its position.  Positionals come first: a
    line whose positionals cannot be told apart is refused for that alone.

    Args:
      entry: A `custom` whose type is the directive's name.
      directive: Its description.
      ledger: What it is read against.
    """
    at = position(entry, ledger)
    deal = deal_of(entry)
    reserved = _reserved_keys(entry, ledger)
    if reserved:
        ledger.say(at, "E106", reserved, deal)
        return None
    refusals: list[Refusal] = []
    values: dict[str, Any] = {}
    read_positionals(entry, directive, ledger.roots, values, refusals)
    gathered: dict[str, dict[str, Any]] = {}
    rest: dict[str, Any] = {}
    if not refusals:
        _read_keys(entry, directive, values, gathered, rest, refusals, ledger)
        if not refusals:
            _check_together(directive, entry.date, values, gathered, refusals)
    for refusal in refusals:
        ledger.say(at, refusal.code, f"{directive.name}: {refusal.words}", deal)
    if refusals:
        return None
    _find_inexact(at, directive, deal, values, ledger)
    return Line(at, entry.date, directive, deal, values, gathered, canonical(rest))


def canonical(keys: dict[str, Any]) -> str:
    """Return keys and values as text, sorted, one "key=value" a line."""
    return "\n".join(sorted(f"{key}={_plain(value)}" for key, value in keys.items()))


def _plain(value: object) -> str:
    match value:
        case (Decimal() as number, str() as currency):
            return f"{number} {currency}"
        case datetime.date():
            return value.isoformat()
        case None:
            return ""
        case bool():
            return str(value).upper()
        case _:
            return str(value)


def _is_moved(entry: Custom, ledger: Ledger) -> bool:
    """Return whether the metadata of an entry replaces its position."""
    filename = entry.meta.get("filename")
    return (
        type(entry.meta.get("lineno")) is not int
        or not isinstance(filename, str)
        or not _is_ours(filename, ledger)
    )


def _reserved_keys(entry: Custom, ledger: Ledger) -> str:
    """Return what to say where metadata overwrote the entry's position, else ""."""
    remedy = (
        "this key is reserved: it replaces the position of the directive, "
        "give it another name such as x-"
    )
    if not _is_moved(entry, ledger):
        return ""
    lineno = entry.meta.get("lineno")
    if type(lineno) is not int:
        return f"{entry.type}: lineno is {wording.found(lineno)}; {remedy}lineno"
    filename = entry.meta.get("filename")
    return (
        f"{entry.type}: filename is {wording.found(filename)}, which is no file of "
        f"this ledger; {remedy}filename"
    )


def _read_keys(
    entry: Custom,
    directive: Directive,
    values: dict[str, Any],
    gathered: dict[str, dict[str, Any]],
    rest: dict[str, Any],
    refusals: list[Refusal],
    ledger: Ledger,
) -> None:
    parts = parts_of(directive)
    if directive.name == "deal-correct":
        try:
            parts = {**parts, **correction.replaceable(values["directive"])}
            directive = correction.with_families(directive, values["directive"])
        except Refusal as refusal:
            refusals.append(refusal)
            return
    for key, value in entry.meta.items():
        if key in POSITION_KEYS or key.startswith("__"):
            continue
        if key.startswith(FREE_PREFIX):
            rest[key] = value
            continue
        part = parts.get(key)
        try:
            if part is None:
                families.read_family(key, value, directive, gathered, ledger.roots)
                continue
            read = read_value(value, None, part)
        except Refusal as refusal:
            refusals.append(refusal)
            continue
        if part.field == "rest":
            rest[key] = read
        if part.field == "elections":
            word = str(read).upper() if isinstance(read, bool) else read
            gathered.setdefault("elections", {})[key] = word
        else:
            values[key] = read


def _check_together(
    directive: Directive,
    date: datetime.date,
    values: dict[str, Any],
    gathered: dict[str, dict[str, Any]],
    refusals: list[Refusal],
) -> None:
    """Put down what is wrong with the keys of a line taken together."""
    for part in directive.keys:
        if part.required and part.name not in values:
            refusals.append(
                Refusal(
                    "E107",
                    f"{part.name} is missing; wanted {wording.wanted(part)} (a blank "
                    "line inside the metadata loses the keys below it)",
                )
            )
    for group in directive.exclusive:
        written = [key for key in group if key in values]
        if len(written) > 1:
            refusals.append(
                Refusal(
                    "E110",
                    f"{wording.all_of(written)} say the same thing twice; keep one",
                )
            )
    for group in directive.one_of:
        if not any(key in values for key in group):
            refusals.append(
                Refusal("E107", f"wanted {wording.one_of(group, quote=False)}, found none")
            )
    for need in directive.needs:
        asks = need.key in values and need.value in ("", values[need.key])
        if asks and need.wants not in values:
            because = f'{need.key} "{need.value}"' if need.value else need.key
            refusals.append(
                Refusal("E111", f"{because} wants {need.wants} beside it; it is missing")
            )
        elif need.only and not asks and need.wants in values:
            because = f'{need.key} "{need.value}"' if need.value else need.key
            refusals.append(
                Refusal("E111", f"{need.wants} stands without {because}, which it needs")
            )
    for first, second in directive.spans:
        early = date if first == "date" else values.get(first)
        late = date if second == "date" else values.get(second)
        if first == "from" and early is None and ("date", second) not in directive.spans:
            early = date  # it begins with the directive
        if early is not None and late is not None and early > late:
            refusals.append(
                Refusal(
                    "E114",
                    f"{_named(first)} {early} is after {_named(second)} {late}; "
                    "both days count",
                )
            )
    if directive.name == "deal-correct" and not (gathered or correction.replaced(values)):
        refusals.append(Refusal("E107", "wanted at least one key to replace, found none"))


def _named(key: str) -> str:
    return "its own date" if key == "date" else key


def _find_inexact(
    at: Position,
    directive: Directive,
    deal: str,
    values: dict[str, Any],
    ledger: Ledger,
) -> None:
    parts = parts_of(directive)
    for name, value in values.items():
        part = parts.get(name)
        if part is not None and part.field == "rest":
            continue  # evidence, not a term
        number = value.number if isinstance(value, Money) else value
        if not isinstance(number, Decimal):
            continue
        if len(number.as_tuple().digits) >= INEXACT_DIGITS:
            ledger.say(
                at,
                "F103",
                f"{name} is {number}, cut off at {INEXACT_DIGITS} digits as a division "
                "is; say the total instead of the price of one",
                deal,
            )
