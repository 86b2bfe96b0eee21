"""beanscrow demo: the specimen books, with usage imported from a real export, in Fava."""

from __future__ import annotations

import json
import shutil
import signal
import tempfile
import threading
import urllib.request
from contextlib import contextmanager
from importlib import import_module, resources
from pathlib import Path
from typing import TYPE_CHECKING

import click

from beanscrow.cli.init import copy_books, require_empty, writing_to
from beanscrow.cli.serve import PORT, run

if TYPE_CHECKING:
    from collections.abc import Iterator

    from beanscrow.dashboard.server import BookServer

LEDGERS = ("provider.beancount", "startup.beancount", "sunbird.beancount")
EXPORT, INTO = Path("exports", "focus_sample.csv"), "sunbird.beancount"
IMPORTED = "usage/sunbird-*.beancount"
WAIVED = "rows of Oracle give no ContractedCost"
_PAGES = (
    "api/income_statement",
    "api/balance_sheet",
    "api/trial_balance",
    "api/journal_page?page=1&order=desc",
    "api/errors",
)
_PATIENCE = 60


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--once", is_flag=True, help="Look at every page once, and end.")
@click.option(
    "--port",
    default=None,
    type=click.IntRange(0, 65535),
    help=f"Port to listen on; {PORT} or, if that is taken, a free one if left out.",
)
@click.option(
    "--dir",
    "directory",
    type=click.Path(file_okay=False, path_type=Path),
    help="Where to keep the books; a directory that goes when it ends if left out.",
)
@click.pass_context
def demo(ctx: click.Context, once: bool, port: int | None, directory: Path | None) -> None:
    """Show the specimen books in Fava.

    A cloud provider with four investees, one of them with books of its own on the same
    deal file, and a startup whose usage is imported, now, from a real billing export.

    Example:

    \b
        beanscrow demo
        beanscrow demo --once --dir specimen
    """
    with _place(directory) as books:
        with writing_to(books):
            copy_books(resources.files("beanscrow.ledger"), books, leave=("skeleton",))
        wrong = _prepare(books)
        server = _server(books, port)
        if once:
            wrong = _look(server) or wrong
        else:
            signal.signal(signal.SIGTERM, signal.default_int_handler)
            run(server)
    ctx.exit(int(wrong))


@contextmanager
def _place(directory: Path | None) -> Iterator[Path]:
    if directory is not None:
        require_empty(directory)
        yield directory
        return
    made = Path(tempfile.mkdtemp(prefix="beanscrow-"))
    try:
        yield made
    finally:
        shutil.rmtree(made)


def _prepare(books: Path) -> bool:
    """Import the export and check the books; return whether anything is wrong.

    What was imported when the specimen was made is taken out first, so that what is
    shown comes from the export that is there.
    """
    for written in books.glob(IMPORTED):
        written.unlink()
    export, into = str(books / EXPORT), str(books / INTO)
    imported = _run("import_usage", export, "--into", into, "--waive", WAIVED)
    checked = [_run("check", str(books / name)) for name in LEDGERS]
    return imported or any(checked)


def _run(command: str, *arguments: str) -> bool:
    module = import_module(f"beanscrow.cli.{command}")
    code = getattr(module, command).main(
        list(arguments), prog_name=f"beanscrow {command}", standalone_mode=False
    )
    return bool(code)


def _server(books: Path, port: int | None) -> BookServer:
    from beanscrow.cli.books import Refused
    from beanscrow.dashboard.server import BookServer, PortTaken

    ledgers = [books / name for name in LEDGERS]
    try:
        return BookServer(ledgers, port=PORT if port is None else port)
    except PortTaken:
        if port is None:
            return BookServer(ledgers)
        raise Refused(
            f"E804 port {port} is not free; choose another with --port, or leave it out"
        ) from None


def _look(server: BookServer) -> bool:
    """Fetch every page once, and return whether one is not as it should be."""
    threading.Thread(target=server.serve, daemon=True).start()
    wrong = []
    for address in server.addresses:
        page = _fetch(address)
        if 'id="deals-table"' not in page or "deals-box" in page.split("</style>")[-1]:
            wrong.append(f"{address} does not show the deals")
        base = address.removesuffix("extension/Deals/")
        for name in _PAGES:
            data = json.loads(_fetch(base + name))["data"]
            if name == "api/errors" and data:
                wrong += [f"{base}errors/: {error['message']}" for error in data]
        click.echo(address)
    server.stop()
    for said in wrong:
        click.echo(said, err=True)
    return bool(wrong)


def _fetch(address: str) -> str:
    with urllib.request.urlopen(address, timeout=_PATIENCE) as answer:
        text: bytes = answer.read()
    return text.decode()
