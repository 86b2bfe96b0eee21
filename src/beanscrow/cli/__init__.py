"""The commands: each parses, calls one function and prints.

A command's module is imported when it is run, so that asking for help, or checking a
ledger, never waits for DuckDB or Fava.
"""

from __future__ import annotations

import importlib
from typing import NamedTuple

import click

from beanscrow import __version__


class _Entry(NamedTuple):
    module: str
    name: str
    summary: str


COMMANDS = {
    "check": _Entry(
        "check",
        "check",
        "Check LEDGER: Beancount's own checks, and the books of every deal a second way.",
    ),
    "demo": _Entry("demo", "demo", "Show the specimen books in Fava."),
    "explain": _Entry(
        "explain", "explain", "Explain a figure, a deal, an import or a line."
    ),
    "import": _Entry(
        "import_usage", "import_usage", "Import billing exports as drawdowns of deals."
    ),
    "init": _Entry(
        "init", "init", "Start new books in DIR, which must be empty or not there yet."
    ),
    "report": _Entry("report", "report", "Print a report of a ledger's deals."),
    "serve": _Entry("serve", "serve", "Show LEDGERs in Fava, with the page of the deals."),
    "simulate": _Entry(
        "simulate",
        "simulate",
        "Say what a deal would do to both parties' books, before it is signed.",
    ),
}


class _Commands(click.Group):
    """A group that imports a command when it is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        entry = COMMANDS.get(cmd_name)
        if entry is None:
            return None
        module = importlib.import_module(f"beanscrow.cli.{entry.module}")
        command = getattr(module, entry.name)
        assert isinstance(command, click.Command)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        rows = [(name, COMMANDS[name].summary) for name in self.list_commands(ctx)]
        with formatter.section("Commands"):
            formatter.write_dl(rows)


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="beanscrow")
def main() -> None:
    """Keep the books of deals in which a cloud provider pays for equity with credits.

    Commands exit with 0 when all is well, 1 when there is something to look at, and 2
    when they were asked for something they cannot do.  Results go to standard output,
    everything else to standard error.

    Example:

    \b
        beanscrow demo
    """
