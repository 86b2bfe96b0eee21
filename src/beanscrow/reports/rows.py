"""Rows of a report as JSON and as CSV."""

from __future__ import annotations

import csv
import datetime
import io
import json
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal

_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def as_json(rows: Iterable[Mapping[str, object]]) -> str:
    """Return rows as a JSON list: snake_case keys, decimal strings, ISO dates."""
    plain = [{key: _plain(value) for key, value in row.items()} for row in rows]
    return json.dumps(plain, indent=2, ensure_ascii=False)


def as_csv(fields: Sequence[str], rows: Iterable[Mapping[str, object]]) -> str:
    """Return rows as CSV with a heading line; text never starts a spreadsheet formula.

    A text cell that a spreadsheet would take for a formula gets an apostrophe in
    front, which it shows as text.
    """
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(fields)
    for row in rows:
        writer.writerow([_cell(row[field]) for field in fields])
    return out.getvalue()


def _plain(value: object) -> object:
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, datetime.date):
        return value.isoformat()
    return value


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        return f"'{value}" if value.lstrip(" ").startswith(_FORMULA) else value
    return str(_plain(value))
