"""beanscrow serve: ledgers in Fava, read-only and guarded."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from beanscrow.cli.books import Refused

if TYPE_CHECKING:
    from beanscrow.dashboard.server import BookServer

PORT = 5000


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.argument(
    "ledgers",
    metavar="LEDGER...",
    nargs=-1,
    required=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
)
@click.option(
    "--port",
    default=PORT,
    show_default=True,
    type=click.IntRange(0, 65535),
    help="Port to listen on; 0 takes a free one.",
)
@click.option(
    "--host",
    default="127.0.0.1",
    show_default=True,
    help="Address of this machine to listen on.",
)
@click.option(
    "--behind-proxy",
    "names",
    metavar="HOST",
    multiple=True,
    help="Host, with its port if it has one, under which a proxy that asks for a login "
    "shows the books; may be given more than once.",
)
@click.option("--incognito", is_flag=True, help="Hide the numbers.")
def serve(
    ledgers: tuple[Path, ...],
    port: int,
    host: str,
    names: tuple[str, ...],
    incognito: bool,
) -> None:
    """Show LEDGERs in Fava, with the page of the deals.

    The books cannot be changed through it.  It answers this machine alone, unless
    --behind-proxy says under which name a proxy shows it.  A ledger that was changed is
    loaded anew; while it cannot be read whole, the last books that could stay, and a
    banner says so.

    Example:

    \b
        beanscrow serve ledger/provider.beancount ledger/startup.beancount
    """
    from beanscrow.dashboard.server import BookServer, PortTaken, is_loopback

    if not names and not is_loopback(host):
        raise Refused(
            f"E803 {host} is reached from other machines, and these books ask nobody for a "
            "login; put a proxy that does in front, and name it with --behind-proxy"
        )
    try:
        server = BookServer(ledgers, host, port, names=names, incognito=incognito)
    except PortTaken:
        raise Refused(
            f"E804 port {port} of {host} is not free; choose another with --port, or let "
            "--port 0 find one"
        ) from None
    run(server)


def run(server: BookServer) -> None:
    """Say where the books are, and show them until interrupted."""
    for address in server.addresses:
        click.echo(address)
    click.echo("Ctrl-C stops it.", err=True)
    try:
        server.serve()
    except KeyboardInterrupt:
        click.echo(err=True)
    finally:
        server.stop()
