"""Loading a ledger for a command."""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

import click

from beanscrow.booking.daybook import Daybook, daybook_of

# A code as the plugins write it, and as every line of a command shows it.
_CODE, _BARE = re.compile(r"^([EFN]\d{3}): "), r"\1 "
_WRITTEN_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")

if TYPE_CHECKING:
    _Type = click.ParamType[datetime.date]
else:
    _Type = click.ParamType  # a generic class from click 8.2 on only

Command = TypeVar("Command", bound=Callable[..., Any])

ledger_argument = click.argument(
    "ledger", type=click.Path(exists=True, dir_okay=False, path_type=Path)
)


class Loaded(NamedTuple):
    """A ledger as Beancount and the deal plugins see it."""

    path: Path
    entries: list[Any]
    errors: list[Any]
    options: dict[str, Any]
    daybook: Daybook


def load(path: Path) -> Loaded:
    """Return a ledger loaded from its text, and never from a load cache.

    Raises:
      click.ClickException: No deal plugin ran on it.
    """
    from beancount import loader

    loader.initialize(use_cache=False)
    entries, errors, options = loader.load_file(str(path))
    if any(str((it.source or {}).get("filename")).startswith("<") for it in errors):
        from beanscrow.checks.placed import placed
        from beanscrow.checks.sources import read_sources

        errors = placed(errors, read_sources(path))
    daybook = daybook_of(options)
    if daybook is None:
        said = f"; {first_error(errors)}" if errors else ""
        raise Refused(
            f"{path}: E801 no deal plugin ran on this ledger; add the line "
            f'plugin "beanscrow.plugins.deals" to it{said}'
        )
    return Loaded(path, entries, errors, options, daybook)


class Refused(click.ClickException):
    """Something the command was asked for and cannot do, in one line."""

    exit_code = 2

    def show(self, file: Any = None) -> None:
        click.echo(self.format_message(), err=True)


def first_error(errors: list[Any]) -> str:
    """Return the first error of a load as one line: `file:line: message`."""
    from beanscrow.checks.rows import shown

    source = errors[0].source or {}
    lines = str(errors[0].message).strip().splitlines()
    message = lines[0]
    if len(lines) > 1 and "Traceback" in message:
        message = f"{message.partition(': Traceback')[0]}: {lines[-1].strip()}"
    place = f"{shown(str(source.get('filename', '')))}:{source.get('lineno', 0)}"
    return f"{place}: {_CODE.sub(_BARE, message)}"


def warn_of_errors(loaded: Loaded) -> bool:
    """Say on standard error that a ledger has errors, and return whether it has."""
    count = len(loaded.errors)
    if count:
        click.echo(
            f"{loaded.path}: {count} error{'s' if count > 1 else ''}, so figures may be "
            f"incomplete; the first is {first_error(loaded.errors)} "
            f"(beanscrow check {loaded.path} lists them all)",
            err=True,
        )
    return bool(count)


def day_option(*names: str, help: str) -> Callable[[Command], Command]:
    """Return an option that takes a day as YYYY-MM-DD."""

    return click.option(*names, type=_Day(), metavar="DATE", help=help)


class _Day(_Type):
    """A day of the calendar, written YYYY-MM-DD."""

    name = "date"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> datetime.date:
        if isinstance(value, datetime.date):
            return value
        if not _WRITTEN_DAY.fullmatch(value):
            self.fail(f"{value!r} is no date; wanted one such as 2024-03-31", param, ctx)
        try:
            return datetime.date.fromisoformat(value)
        except ValueError:
            self.fail(f"{value} is no day of the calendar", param, ctx)
