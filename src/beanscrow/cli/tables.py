"""Reports as tables for a terminal: figures right, never cut off."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any, NamedTuple

import click
from rich.console import Console
from rich.measure import Measurement
from rich.table import Table

from beanscrow.reports.rows import as_csv, as_json


class Column(NamedTuple):
    """A column of a printed report: the field it shows, and its heading."""

    field: str
    heading: str


class Section(NamedTuple):
    """Rows that belong together, the row of their sums, and what stands above them."""

    rows: Sequence[Any]
    total: Any = None
    heading: str = ""


def print_table(
    title: str, columns: Sequence[Column], sections: Iterable[Section], note: str = ""
) -> None:
    """Print a report; one wider than the terminal runs on rather than lose a digit."""
    sections = [section for section in sections if section.rows]
    table = Table(title=title, title_justify="left", caption=note or None,
                  caption_justify="left", box=None, header_style="bold",
                  padding=(0, 2, 0, 0))  # fmt: skip
    rows = [row for section in sections for row in section.rows]
    for column in columns:
        numeric = any(isinstance(getattr(row, column.field, None), Decimal) for row in rows)
        justify = "right" if numeric else "left"
        table.add_column(column.heading, justify=justify, no_wrap=True)  # type: ignore[arg-type]
    for section in sections:
        if section.heading:
            table.add_row()
            table.add_row(section.heading, style="bold")
        for row in section.rows:
            table.add_row(*(text(getattr(row, column.field)) for column in columns))
        if section.total is not None:
            cells = (text(getattr(section.total, column.field)) for column in columns)
            table.add_row(*cells, style="bold")
            table.add_row()
    console = Console(highlight=False, markup=False, emoji=False)
    wanted = Measurement.get(console, console.options.update(max_width=10_000), table)
    console.width = max(console.width, wanted.maximum)
    with console.capture() as printed:
        console.print(table)
    for line in printed.get().splitlines():
        click.echo(line.rstrip())


def print_rows(output: str, fields: Sequence[str], rows: Sequence[Any]) -> None:
    """Print rows for a machine: as JSON, or as CSV."""
    plain = [row._asdict() for row in rows]
    if output == "json":
        click.echo(as_json(plain))
    else:
        click.echo(as_csv(fields, plain), nl=False)


def text(value: object) -> str:
    """Return a value as a person reads it: thousands apart, ISO days, nothing for None."""
    if value is None:
        return ""
    if isinstance(value, Decimal):
        return format(value, ",f")
    if isinstance(value, datetime.date):
        return value.isoformat()
    return str(value)
