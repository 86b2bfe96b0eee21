"""What a parsed entry no longer shows, found in the lines it was parsed from.

Beancount evaluates `5 -3 KIWI.CR` to one amount, keeps the last of a repeated key, and
drops the keys below a blank line.  Each would change a number without a word, so the
lines of our directives are looked at again.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from typing import TYPE_CHECKING, NamedTuple

from beanscrow.deal import wording
from beanscrow.deal.problems import Position

if TYPE_CHECKING:
    from beancount.core.data import Custom

# One amount behind the last text of the line, and nothing else.
_PLAIN_TAIL = re.compile(r'" -?[\d,]++(?:\.\d*+)?+ [^\s;"]++\s*+$')
_STRING_OR_COMMENT = re.compile(r'"(?:[^"\\]|\\.)*"|;[^\n]*', re.DOTALL)
_KEY = re.compile(r"[ \t]+([a-z][a-zA-Z0-9_-]+):")
_TOKEN = re.compile(
    r"""(?P<date>\d{4,}[-/]\d+[-/]\d+)
      | (?P<account>[^\W\d_][\w-]*(?::[\w-]+)+)
      | (?P<currency>/?[A-Z][A-Z0-9'._-]*)
      | (?P<number>\d[\d,]*(?:\.\d*)?)
      | (?P<operator>[-+*/()])
      | (?P<other>\S)""",
    re.VERBOSE,
)
_LONGEST_BLOCK = 200  # lines; no directive of ours is longer


class Mark(NamedTuple):
    """Something wrong with the source lines of one directive."""

    code: str
    words: str


class Scan(NamedTuple):
    """What the source lines of a ledger show beyond its entries.

    Attributes:
      marks: What is wrong with a directive's lines, by its position.
      moved: True positions of entries whose metadata gives another, by `id`.
    """

    marks: dict[Position, list[Mark]]
    moved: dict[int, Position]


def scan_sources(entries: Iterable[list[Custom]], files: frozenset[str]) -> Scan:
    """Return what the source lines of directives show.

    A file that does not exist (a ledger given as text) or cannot be read as text is
    passed over.

    Args:
      entries: Our directives, in groups.
      files: Names of the ledger's files; empty where it is a string.
    """
    by_file: dict[str, list[Custom]] = defaultdict(list)
    lost: list[Custom] = []
    for group in entries:
        for entry in group:
            meta = entry.meta
            if type(meta.get("lineno")) is int:
                by_file[str(meta.get("filename"))].append(entry)
            else:
                lost.append(entry)
    marks: dict[Position, list[Mark]] = {}
    for filename, held in by_file.items():
        if files and filename not in files and not filename.startswith("<"):
            lost += held
            continue
        lines = _lines(filename)
        if lines:
            _scan_file(filename, lines, held, marks)
    return Scan(marks, _find_moved(lost, files))


def _find_moved(entries: list[Custom], files: frozenset[str]) -> dict[int, Position]:
    """Return where entries truly stand whose metadata says they stand elsewhere.

    The keys `lineno` and `filename` replace an entry's position.  It is found again as
    the line of a file that begins such a directive and has such a key below it.

    Args:
      entries: Entries whose position cannot be right.
      files: Names of the ledger's files.
    Returns:
      Positions by the identity (`id`) of the entry, where one was found.
    """
    wanted: dict[str, list[int]] = defaultdict(list)
    for entry in entries:
        wanted[f'{entry.date} custom "{entry.type}"'].append(id(entry))
    moved: dict[int, Position] = {}
    for filename in sorted(files) if wanted else ():
        lines = _lines(filename)
        for number, line in enumerate(lines, start=1):
            waiting = wanted.get(" ".join(line.split()[:3]))
            if waiting and {"lineno", "filename"} & set(_keys(lines, number)):
                moved[waiting.pop(0)] = Position(filename, number)
    return moved


def _lines(filename: str) -> list[str]:
    if filename.startswith("<"):
        return []
    try:
        with open(filename, encoding="utf-8", newline="") as file:
            return file.read().split("\n")
    except (OSError, ValueError):
        return []


def _scan_file(
    filename: str,
    lines: list[str],
    entries: list[Custom],
    marks: dict[Position, list[Mark]],
) -> None:
    plain_tail = _PLAIN_TAIL.search
    last = len(lines)
    lines.append("end")  # no line of a directive: the text is over
    for entry in entries:
        meta = entry.meta
        lineno = meta["lineno"]
        # Where every key stands once, the directive ends before this line.
        after = lineno + len(meta) - 2
        if not 0 < lineno <= last or after > last:
            continue
        head = lines[lineno - 1]
        line = lines[after]
        while not line or line[0] == ";" or line.isspace():
            after += 1
            line = lines[after]
        if line[0] not in " \t" and plain_tail(head) and ";" not in head:
            continue
        found = _look_closely(lines, lineno)
        if found:
            marks[Position(filename, lineno)] = found


def _is_gap(line: str) -> bool:
    return not line or line[0] == ";" or line.isspace()


def _look_closely(lines: list[str], lineno: int) -> list[Mark]:
    """Return what is wrong with the directive that begins on a line."""
    head, *below = _clean_block(lines, lineno)
    if " custom " not in f" {' '.join(head.split())} ":
        return []  # not the text this entry was parsed from
    marks = []
    if _has_arithmetic(head):
        line = " ".join(lines[lineno - 1].split())
        marks.append(
            Mark(
                "E140",
                f"the numbers in {line} are arithmetic, of which Beancount keeps only "
                "the result; write one number",
            )
        )
    keys, index = _keys_below(below)
    repeated = [key for key in dict.fromkeys(keys) if keys.count(key) > 1]
    if repeated:
        marks.append(
            Mark(
                "E141",
                f"the key {wording.all_of(repeated)} stands more than once, of which "
                "Beancount keeps the last; keep one",
            )
        )
    while index < len(below) and _is_gap(below[index]):
        index += 1
    lost = _KEY.match(below[index]) if index < len(below) else None
    if lost:
        marks.append(
            Mark(
                "E142",
                f"the key {lost[1]} stands below a gap in the metadata, so that "
                "Beancount drops it; close the gap",
            )
        )
    return marks


def _clean_block(lines: list[str], lineno: int) -> list[str]:
    """Return a directive's line and those below it, without texts and comments."""
    block = "\n".join(lines[lineno - 1 : lineno - 1 + _LONGEST_BLOCK])
    clean = _STRING_OR_COMMENT.sub(lambda match: '""' if match[0][0] == '"' else ";", block)
    return clean.split("\n")


def _keys(lines: list[str], lineno: int) -> list[str]:
    return _keys_below(_clean_block(lines, lineno)[1:])[0]


def _keys_below(below: list[str]) -> tuple[list[str], int]:
    """Return the keys of a directive, and how many lines below it are its own."""
    keys: list[str] = []
    index = 0
    while index < len(below) and _belongs(below[index]):
        key = _KEY.match(below[index])
        if key:
            keys.append(key[1])
        index += 1
    return keys, index


def _belongs(line: str) -> bool:
    """Return whether a line still belongs to the directive above it."""
    return line[:1] in (" ", "\t") and not line.isspace()


def _has_arithmetic(head: str) -> bool:
    before = ""
    for token in _TOKEN.finditer(head):
        if token["operator"] and (token["operator"] in "*/()" or before == "number"):
            return True
        before = token.lastgroup or ""
    return False
