"""beanscrow explain: from a figure back to directive, rule and source rows."""

from __future__ import annotations

from itertools import groupby
from pathlib import Path, PurePath

import click

from beanscrow.cli.books import Loaded, Refused, ledger_argument, load, warn_of_errors
from beanscrow.reports.explanation import AT_LINE, Explanation, NotFound, Source, Step
from beanscrow.reports.explanation import explain as explain_what
from beanscrow.reports.rows import as_csv, as_json


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@ledger_argument
@click.argument("what")
@click.option(
    "--format",
    "output",
    type=click.Choice(["text", "csv", "json"]),
    default="text",
    show_default=True,
    help="How to print what was found.",
)
@click.pass_context
def explain(ctx: click.Context, ledger: Path, what: str, output: str) -> None:
    """Explain a figure, a deal, an import or a line.

    WHAT is an account (with its sub-accounts), `account@2024-12-31` for its balance at
    the end of a day, the id of a deal, an import-id, or `file:line` of a directive.
    For each amount: the rule it follows, the directive it comes from, and for imported
    usage the file and the rows behind it.  An account's amounts add up to its balance.

    Example:

    \b
        beanscrow explain ledger/provider.beancount Liabilities:Contract@2024-12-31
        beanscrow explain ledger/provider.beancount moon
    """
    loaded = load(ledger)
    try:
        found = explain_what(what, loaded.entries, loaded.daybook)
    except NotFound as error:
        raise Refused(f"{ledger}: {error}") from None
    _require_line(what, loaded)
    if output == "text":
        _print(found)
    else:
        rows = [_flat(step) for step in found.steps]
        text = f"{as_json(rows)}\n" if output == "json" else as_csv(_FIELDS, rows)
        click.echo(text, nl=False)
    if output == "text" and not found.steps and not found.unbooked:
        click.echo(f"{ledger}: nothing is posted there by then", err=True)
    ctx.exit(int(warn_of_errors(loaded)))


def _require_line(what: str, loaded: Loaded) -> None:
    """Refuse a line that is not in its file, of which the last directive would be told."""
    match = AT_LINE.fullmatch(what)
    if match is None or what in loaded.daybook.agreements:
        return
    asked = PurePath(match["file"]).parts
    for name in loaded.options.get("include") or ():
        if PurePath(name).parts[-len(asked) :] == asked and Path(name).is_file():
            lines = len(Path(name).read_bytes().splitlines())
            if int(match["line"]) <= lines:
                return
            raise Refused(f"{loaded.path}: {what}: the file has {lines} lines")


def _print(found: Explanation) -> None:
    click.echo(found.title)
    width = max(
        (len(f"{n:,f}") for step in found.steps for n in (step.number, step.balance)),
        default=0,
    )
    for deal, of_deal in groupby(found.steps, key=lambda step: step.deal):
        click.echo(f"\n{deal or 'written by hand'}")
        for _, of_entry in groupby(of_deal, key=_entry):
            steps = list(of_entry)
            first = steps[0]
            click.echo(f"\n  {first.date}  {first.narration}")
            click.echo(f"    {_origin(first)}")
            if first.source is not None:
                for line in _source(first.source):
                    click.echo(f"    {line}")
            for step in steps:
                balance = f"  -> {step.balance:>{width},f}" if found.account else ""
                lots = f"  {step.lots}" if step.lots else ""
                click.echo(
                    f"    {step.number:>{width},f} {step.commodity}{balance}  "
                    f"{step.account}{lots}"
                )
    if found.account:
        click.echo()
        for deal, commodity, total in found.sums:
            click.echo(f"= {total:,f} {commodity}  {deal or 'written by hand'}")
    for unbooked in found.unbooked:
        at = unbooked.at
        click.echo(f"\n{at.filename}:{at.lineno} books nothing: {unbooked.reason}")


def _entry(step: Step) -> tuple[object, ...]:
    return step.date, step.filename, step.lineno, step.narration


def _origin(step: Step) -> str:
    where = f"{step.filename}:{step.lineno}"
    if not step.rule:
        return f"written by hand at {where}"
    tranche = f", tranche {step.tranche}" if step.tranche else ""
    return f"{step.rule}; {step.directive or 'directive'} at {where}{tranche}"


def _source(source: Source) -> list[str]:
    """Return where a usage was imported from, and what identifies it there."""
    said = [f"imported from {source.file}"]
    if source.rows:
        said.append(f"{source.rows} rows")
    if source.bucket:
        said.append(f"bucket {source.bucket}")
    if source.total:
        said.append(f"control total {source.total}")
    known = [
        f"{name} {value}"
        for name, value in (
            ("import-id", source.import_id),
            ("scope", source.scope),
            ("sha256", source.sha256),
        )
        if value
    ]
    return [", ".join(said), *known]


_STEP = tuple(field for field in Step._fields if field != "source")
_FIELDS = (*_STEP, *(f"source_{field}" for field in Source._fields))


def _flat(step: Step) -> dict[str, object]:
    """Return a step with its source beside it, as a row of JSON or CSV."""
    row: dict[str, object] = {field: getattr(step, field) for field in _STEP}
    for field in Source._fields:
        row[f"source_{field}"] = getattr(step.source, field) if step.source else ""
    return row
