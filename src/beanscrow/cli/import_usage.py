"""beanscrow import: billing exports to drawdowns of deals."""

from __future__ import annotations

import contextlib
import json
import sys
from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import click

from beanscrow.cli.tables import Column, Section, print_table
from beanscrow.usage.focus import COSTS

if TYPE_CHECKING:
    from beanscrow.usage.buckets import Sum
    from beanscrow.usage.importing import Outcome


def _reason(_: click.Context, __: click.Parameter, value: str | None) -> str:
    """Return the reason of --waive, "" where it is not given."""
    if value is not None and not value.strip():
        raise click.BadParameter("no reason is given; wanted why these rows are left out")
    return value or ""


@click.command("import", context_settings={"help_option_names": ["-h", "--help"]})
@click.argument(
    "files",
    metavar="FILE...",
    nargs=-1,
    required=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
)
@click.option(
    "--into",
    "ledger",
    required=True,
    metavar="LEDGER",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Top file of the ledger; drawdowns are written to usage/ beside it.",
)
@click.option(
    "--engine",
    type=click.Choice(["duckdb", "spark"]),
    default="duckdb",
    show_default=True,
    help="What adds up the rows.",
)
@click.option("--dry-run", is_flag=True, help="Say what would be drawn; write nothing.")
@click.option(
    "--waive",
    metavar="REASON",
    callback=_reason,
    help="Leave out rows that cannot be read, or that several deals ask for; the "
    "reason is kept with the drawdowns.",
)
@click.option(
    "--times",
    "formats",
    metavar="FORMAT",
    multiple=True,
    help="How the export writes times besides ISO 8601, as in %m/%d/%y; never guessed.",
)
@click.option(
    "--format",
    "output",
    type=click.Choice(["table", "json"]),
    default="table",
    show_default=True,
    help="How to print the buckets and what was drawn.",
)
@click.pass_context
def import_usage(
    ctx: click.Context,
    files: tuple[Path, ...],
    ledger: Path,
    engine: str,
    dry_run: bool,
    waive: str,
    formats: tuple[str, ...],
    output: str,
) -> None:
    """Import billing exports as drawdowns of deals.

    FILE is a FOCUS Cost and Usage export, 1.0 or later: CSV, CSV.gz or Parquet.  Rows
    are matched to deals by the usage-match terms of their deal-policy; every row falls
    into a bucket, and the buckets add up to the file.  What was drawn is written to one
    file a deal and month, whole or not at all.  Importing a file again changes
    nothing; a later export of the same bill replaces what an earlier one gave.  An
    export that comes in several files must be given whole, in one command.

    Exits with 1 where rows cannot be read (nothing is written then) or where something
    must be looked at.

    Example:

    \b
        beanscrow import march.parquet --into ledger/provider.beancount
        beanscrow import part-*.csv.gz --into books.beancount --dry-run
    """
    if engine == "spark":
        raise click.UsageError("--engine spark is not built; leave it out for duckdb")
    from beanscrow.usage.importing import import_exports
    from beanscrow.usage.refusal import Refused, said

    try:
        with _progress() as progress:
            outcome = import_exports(
                files,
                ledger,
                waive=waive,
                dry_run=dry_run,
                formats=formats,
                progress=progress,
            )
    except Refused as refused:
        for problem in refused.problems:
            click.echo(said(problem), err=True)
        ctx.exit(1)
    if output == "json":
        rows = [row._asdict() for row in _rows(outcome)]
        click.echo(json.dumps(rows, indent=2, ensure_ascii=False))
    else:
        _print(outcome, dry_run)
    for problem in (*outcome.errors, *outcome.findings):
        click.echo(said(problem), err=True)
    ctx.exit(1 if outcome.errors or outcome.findings else 0)


class _Row(NamedTuple):
    """A row of the output for machines; `row` says which kind it is."""

    row: str
    bucket: str | None = None
    deal: str | None = None
    currency: str | None = None
    rows: int | None = None
    billed_cost: str | None = None
    effective_cost: str | None = None
    list_cost: str | None = None
    contracted_cost: str | None = None
    month: str | None = None
    scope: str | None = None
    service: str | None = None
    first: str | None = None
    last: str | None = None
    date: str | None = None
    measure: str | None = None
    total: str | None = None
    unit: str | None = None
    credits: str | None = None
    commodity: str | None = None
    file: str | None = None
    sha256: str | None = None
    focus_version: str | None = None
    long_figures: int | None = None


def _rows(outcome: Outcome) -> Iterator[_Row]:
    from beanscrow.usage.amounts import written

    for export in outcome.intake.exports:
        yield _Row(
            "file",
            file=export.path.name,
            sha256=export.sha256,
            rows=export.rows,
            focus_version=export.version,
            long_figures=export.long,
        )
    tally = outcome.intake.tally
    for kind, sums in (("bucket", tally.lines()), ("total", tally.totals())):
        for each in sums:
            row = _Row(kind, each.bucket, each.deal or None, each.currency, each.rows)
            billed, effective, list_, contracted = (
                format(each.costs[name], "f") for name in COSTS
            )
            yield row._replace(
                billed_cost=billed,
                effective_cost=effective,
                list_cost=list_,
                contracted_cost=contracted,
            )
    for document, line in outcome.lines:
        part = line.part
        yield _Row(
            "drawdown",
            deal=document.deal,
            month=f"{document.month:%Y-%m}",
            scope=line.section.scope,
            service=part.service,
            first=part.first.isoformat(),
            last=part.last.isoformat(),
            date=part.date.isoformat(),
            rows=part.rows,
            measure=line.section.measure,
            total=format(written(part.total), "f"),
            unit=line.section.unit,
            credits=format(line.number, "f"),
            commodity=document.commodity,
        )


class _Bucket(NamedTuple):
    bucket: str
    deal: str
    rows: Decimal
    billed: Decimal
    effective: Decimal
    list_: Decimal
    contracted: Decimal
    currency: str


class _Drawn(NamedTuple):
    deal: str
    month: str
    service: str
    days: str
    rows: Decimal
    measured: Decimal
    unit: str
    drawn: Decimal
    commodity: str


_BUCKET_COLUMNS = (
    Column("bucket", "bucket"),
    Column("deal", "deal"),
    Column("rows", "rows"),
    Column("billed", "BilledCost"),
    Column("effective", "EffectiveCost"),
    Column("list_", "ListCost"),
    Column("contracted", "ContractedCost"),
    Column("currency", ""),
)
_DRAWN_COLUMNS = (
    Column("deal", "deal"),
    Column("month", "bills of"),
    Column("service", "service"),
    Column("days", "days"),
    Column("rows", "rows"),
    Column("measured", "measured"),
    Column("unit", ""),
    Column("drawn", "drawn"),
    Column("commodity", ""),
)


def _print(outcome: Outcome, dry_run: bool) -> None:
    from beanscrow.usage.amounts import written

    exports = outcome.intake.exports
    tally = outcome.intake.tally
    long = sum(export.long for export in exports)
    note = f"{long:,} figures with more than 18 decimals, added up exactly" if long else ""
    totals = tally.totals()
    sections = [
        Section(
            [_bucket(line) for line in tally.lines() if line.currency == total.currency],
            _bucket(total),
        )
        for total in totals
    ]
    title = ", ".join(f"{e.path.name} (FOCUS {e.version})" for e in exports)
    print_table(title, _BUCKET_COLUMNS, sections, note)
    drawn = [
        _Drawn(
            document.deal,
            f"{document.month:%Y-%m}",
            line.part.service,
            f"{line.part.first} to {line.part.last}",
            Decimal(line.part.rows),
            written(line.part.total),
            line.section.unit,
            line.number,
            document.commodity,
        )
        for document, line in outcome.lines
    ]
    if note:
        click.echo()
    if drawn:
        print_table("Drawn", _DRAWN_COLUMNS, [Section(drawn)])
    if outcome.errors or not (outcome.changes or drawn):
        return
    if drawn:
        click.echo()
    for change in outcome.changes:
        click.echo(f"{'would write' if dry_run else 'written'}: {change.path}")
    if not outcome.changes:
        click.echo("nothing new: the ledger already holds this")


def _bucket(line: Sum) -> _Bucket:
    billed, effective, list_, contracted = (line.costs[name] for name in COSTS)
    return _Bucket(
        line.bucket,
        line.deal,
        Decimal(line.rows),
        billed,
        effective,
        list_,
        contracted,
        line.currency,
    )


@contextlib.contextmanager
def _progress() -> Iterator[Callable[[str, float], None] | None]:
    """Yield what shows how far the reading is, where a person is looking."""
    if not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), transient=True) as bars:
        tasks: dict[str, Any] = {}

        def tell(name: str, done: float) -> None:
            if name not in tasks:
                tasks[name] = bars.add_task(f"Reading {name}", total=1.0)
            bars.update(tasks[name], completed=done)

        yield tell
