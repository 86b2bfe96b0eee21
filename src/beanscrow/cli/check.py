"""beanscrow check: what is wrong with a ledger, one line each."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, cast

import click

from beanscrow.checks.examine import Counts, daybook_in, examine, fault_of_ours
from beanscrow.checks.ledger_text import of_text
from beanscrow.checks.listing import nothing_written
from beanscrow.checks.loading import Loaded, load
from beanscrow.checks.receipt import receipt
from beanscrow.checks.rows import Depth, Row, rows
from beanscrow.checks.unopened import unopened
from beanscrow.deal.problems import Problem


@click.command()
@click.argument("ledger", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--level",
    type=click.Choice(["basic", "strict", "audit"]),
    default="basic",
    show_default=True,
    help="Errors; findings too; notes as well.",
)
@click.option(
    "--format",
    "output",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="Lines on standard error, or rows on standard output.",
)
@click.option(
    "--receipt",
    "wants_receipt",
    is_flag=True,
    help="Print what was checked, and of which text, as JSON on standard output.",
)
def check(ledger: Path, level: str, output: str, wants_receipt: bool) -> None:
    """Check LEDGER: Beancount's own checks, and the books of every deal a second way.

    Prints nothing when all is well.  Exits with 0 when the ledger is sound at the
    level asked for, 1 when something is wrong or must be looked at, 2 when the
    ledger cannot be opened.  Notes alone leave it sound.

    Example:

    \b
        beanscrow check provider.beancount
        beanscrow check provider.beancount --level strict --format json
        beanscrow check provider.beancount --level audit --receipt
    """
    depth = cast("Depth", level)
    loaded = load(ledger)
    counts, found = _look(loaded, depth)
    told = rows(loaded.errors, found, loaded.options, depth)
    proof = receipt(loaded, counts, told, depth) if wants_receipt else None
    if output == "json":
        _print_json(told, proof)
    else:
        for row in told:
            click.echo(_line(row), err=True)
        if proof is not None:
            click.echo(json.dumps({"receipt": proof}, indent=2))
    if any(row.level != "note" for row in told):
        raise SystemExit(1)


def _look(loaded: Loaded, depth: Depth) -> tuple[Counts | None, list[Problem]]:
    """Return how much was looked at, and what was found beside the load's own errors."""
    if loaded.problems:
        return None, loaded.problems
    try:
        found = examine(loaded.entries, loaded.options, findings=depth != "basic")
    except Exception as fault:
        return None, [fault_of_ours(fault, loaded.options)]
    books = getattr(daybook_in(loaded.options), "books", None)
    always = [*found.days, *unopened(loaded.errors, books)]
    if not loaded.entries and not loaded.errors:
        always.append(nothing_written(str(loaded.options.get("filename", ""))))
    return found.counts, [*found.problems, *of_text(loaded.sources), *always]


def _line(row: Row) -> str:
    place = f"{row.file}:{row.line}: " if row.file else ""
    return f"{place}{row.code} {row.message}"


def _print_json(told: list[Row], proof: dict[str, Any] | None) -> None:
    listed = [row._asdict() for row in told]
    shown = listed if proof is None else {"rows": listed, "receipt": proof}
    click.echo(json.dumps(shown, indent=2, ensure_ascii=False))
