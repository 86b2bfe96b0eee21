"""The file that holds what a deal drew on the bills of one month.

Sections stand for scopes, so that a later snapshot of one replaces its own section and
leaves the others.  All that is needed to write a file anew stands in it: the exact
totals in the directives, the rest in comment lines of JSON.  The last line counts the
directives and signs the lines above it.
"""

from __future__ import annotations

import datetime
import hashlib
import json
import re
from decimal import Context, Decimal
from pathlib import Path
from typing import Any, NamedTuple

from beancount.core.amount import Amount
from beancount.core.data import Custom
from beancount.parser import parser

from beanscrow.money import from_quanta
from beanscrow.usage.amounts import SCALE, read_exact, written
from beanscrow.usage.drawdown import Part, Section, credits, part_order
from beanscrow.usage.refusal import refuse
from beanscrow.usage.text import Directive, Value, check, is_commodity, render

_END = re.compile(r"; end ([0-9]+) ([0-9a-f]{64})\n\Z")
_NOTED = re.compile(r"; (file|section|nothing drawn|exact total) (\{.*\})")
_FORMAT = 1
_KEPT = 28  # digits Beancount keeps of a negative number
BUCKET = "drawn"


class Document(NamedTuple):
    """What a deal drew on the bills of one month.

    Attributes:
      month: First day of it.
      commodity: Credits, or money, that is drawn, written with `scale` decimals.
      sections: In any order; one a scope and measure.
    """

    deal: str
    month: datetime.date
    commodity: str
    scale: int
    sections: tuple[Section, ...]

    @property
    def filename(self) -> str:
        """Name of the file it is kept in."""
        return f"{self.deal}-{self.month:%Y-%m}.beancount"


class Line(NamedTuple):
    """A part and what it draws; no directive where that is less than a quantum."""

    section: Section
    part: Part
    number: Decimal
    directive: Directive | None


def drawdowns(document: Document) -> list[Line]:
    """Return every part of a document with the credits it draws, in order."""
    sections = _ordered(document)
    rounded = credits(sections, document.scale)
    lines = []
    for section, quanta in zip(sections, rounded, strict=True):
        for part, drawn in zip(section.parts, quanta, strict=True):
            number = from_quanta(drawn, document.scale)
            directive = _directive(document, section, part, number) if drawn else None
            lines.append(Line(section, part, number, directive))
    return lines


def write(document: Document) -> str:
    """Return a document as ledger text that Beancount is known to read as it is meant.

    Raises:
      Unwritable: A field cannot stand in a ledger.
    """
    head = {
        "commodity": document.commodity,
        "deal": document.deal,
        "decimals": document.scale,
        "format": _FORMAT,
        "month": f"{document.month:%Y-%m}",
    }
    pieces = [
        f"; What deal {document.deal} drew on the bills of {document.month:%Y-%m}.\n"
        "; Written by beanscrow import.  Do not edit: the next import of these bills "
        "replaces it.\n",
        f"; file {_json(head)}\n",
    ]
    directives: list[Directive] = []
    section: Section | None = None
    for line in drawdowns(document):
        if line.section is not section:
            section = line.section
            pieces.append(f"\n; section {_json(_noted(section))}\n")
        exact = written(line.part.total)
        if line.directive is not None and _shown(exact) != exact:
            pieces.append(f"; exact total {_json({'total': format(exact, 'f')})}\n")
        if line.directive is None:
            pieces.append(f"; nothing drawn {_json(_noted_part(line.part))}\n")
        else:
            pieces.append(render(line.directive))
            directives.append(line.directive)
    body = "".join(pieces) + "\n"
    text = f"{body}; end {len(directives)} {_digest(body)}\n"
    check(text, directives)
    return text


def parse(text: str, path: Path) -> Document:
    """Return the document a file holds.

    Args:
      text: All of it.
      path: Named where it is not as it was written.
    Raises:
      Refused: It was changed by hand, is torn, or is of another version.
    """
    end = _END.search(text)
    if end is None or _digest(text[: end.start()]) != end[2]:
        raise refuse(
            path,
            "E709",
            "is not as import wrote it (its last line does not sign the lines above): "
            "put it back, or delete it and import the bills of this month again",
        )
    entries, errors, _ = parser.parse_string(text, report_filename=str(path))
    try:
        noted = [
            (lineno, found[1], json.loads(found[2]))
            for lineno, line in enumerate(text.splitlines(), 1)
            if (found := _NOTED.fullmatch(line))
        ]
        if errors or len(entries) != int(end[1]) or noted[0][1] != "file":
            raise ValueError("not a document")
        return _read(noted, entries)
    except (KeyError, IndexError, TypeError, ValueError, AttributeError) as error:
        raise refuse(
            path,
            "E709",
            f"was written by another version of beanscrow ({type(error).__name__}): "
            "delete it and import the bills of this month again",
        ) from None


# -- writing ---------------------------------------------------------------------


def _ordered(document: Document) -> list[Section]:
    return [
        section._replace(parts=tuple(sorted(section.parts, key=part_order)))
        for section in sorted(document.sections, key=lambda s: (s.scope, s.measure, s.unit))
    ]


def _directive(
    document: Document, section: Section, part: Part, number: Decimal
) -> Directive:
    total = _shown(written(part.total))
    meta: dict[str, Value] = {"service": part.service, "from": part.first}
    if part.late:
        meta["of"] = part.last
    meta["import-id"] = _import_id(document, section, part)
    meta["source-file"] = section.file
    meta["source-sha256"] = section.sha256
    meta["source-rows"] = Decimal(part.rows)
    meta["source-total"] = (
        Amount(total, section.unit) if is_commodity(section.unit) else total
    )
    meta["source-scope"] = section.scope
    meta["source-bucket"] = BUCKET
    if section.note:
        meta["note"] = section.note
    return Directive(part.date, document.deal, number, document.commodity, meta)


def _shown(total: Decimal) -> Decimal:
    """Return a total to as many digits as Beancount keeps, whatever its sign."""
    return Context(prec=_KEPT).plus(total)


def _import_id(document: Document, section: Section, part: Part) -> str:
    named = "\n".join((section.scope, section.measure, section.unit))
    parts = [
        document.deal,
        f"{document.month:%Y-%m}",
        _digest(named)[:12],
        part.service,
        part.first.isoformat(),
    ]
    return "/".join(parts) + ("/late" if part.late else "")


def _noted(section: Section) -> dict[str, str]:
    noted = section._asdict()
    del noted["parts"]
    noted["face"] = format(section.face, "f")
    return noted


def _noted_part(part: Part) -> dict[str, object]:
    noted: dict[str, object] = part._asdict()
    for name in ("first", "last", "date"):
        noted[name] = str(noted[name])
    noted["total"] = format(written(part.total), "f")
    return noted


def _json(value: dict[str, Any]) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True)


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


# -- reading ---------------------------------------------------------------------


def _read(noted: list[tuple[int, str, dict[str, Any]]], entries: list[Any]) -> Document:
    head = noted[0][2]
    if head["format"] != _FORMAT:
        raise ValueError(head["format"])
    starts: list[int] = []
    sections: list[Section] = []
    parts: list[list[Part]] = []
    totals: dict[int, int] = {}  # by the line before the directive they belong to
    for lineno, kind, value in noted[1:]:
        if kind == "section":
            starts.append(lineno)
            face = Decimal(value.pop("face"))
            sections.append(Section(face=face, parts=(), **value))
            parts.append([])
        elif kind == "exact total":
            totals[lineno] = _exact(value["total"])
        else:
            parts[-1].append(_part_of_note(value))
    for entry in entries:
        lineno = entry.meta["lineno"]
        place = sum(start < lineno for start in starts) - 1
        parts[place].append(_part_of_entry(entry, totals.get(lineno - 1)))
    return Document(
        head["deal"],
        datetime.date.fromisoformat(head["month"] + "-01"),
        head["commodity"],
        int(head["decimals"]),
        tuple(s._replace(parts=tuple(p)) for s, p in zip(sections, parts, strict=True)),
    )


def _part_of_note(value: dict[str, Any]) -> Part:
    days = {n: datetime.date.fromisoformat(value[n]) for n in ("first", "last", "date")}
    total = _exact(value["total"])
    return Part(value["service"], rows=int(value["rows"]), total=total, **days)


def _part_of_entry(entry: Custom, exact: int | None) -> Part:
    meta = entry.meta
    total = meta["source-total"]
    number = total.number if isinstance(total, Amount) else total
    return Part(
        meta["service"],
        meta["from"],
        meta.get("of", entry.date),
        entry.date,
        int(meta["source-rows"]),
        _exact(number) if exact is None else exact,
    )


def _exact(value: object) -> int:
    number = read_exact(value)
    if number is None:
        raise ValueError(value)
    return number


assert SCALE >= 36, "totals of a file must be readable to their last digit"
