"""Fava with the deals page, read-only, behind the guard."""

from __future__ import annotations

import ipaddress
import os
import socket
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from cheroot.wsgi import Server

from beanscrow.dashboard import Deals
from beanscrow.dashboard.fava_adapter import GivenLedger, make_app, slugs
from beanscrow.dashboard.guard import Guard
from beanscrow.dashboard.kept import Kept


class PortTaken(OSError):
    """The address cannot be listened on."""


class BookServer:
    """Serves some ledgers on one address.

    Attributes:
      addresses: Of each ledger's deals page, in the order the ledgers were given.
    """

    def __init__(
        self,
        ledgers: Sequence[Path],
        host: str = "127.0.0.1",
        port: int = 0,
        *,
        names: Iterable[str] = (),
        incognito: bool = False,
    ) -> None:
        """Load the ledgers and take the port.

        Args:
          port: 0 takes any that is free.
          names: Further values of the Host header, as a proxy in front sends them.
        Raises:
          PortTaken: Something else listens there.
        """
        _require_free(host, port)
        os.environ["BEANCOUNT_DISABLE_LOAD_CACHE"] = "1"
        paths = [str(path.resolve()) for path in ledgers]
        app = make_app(
            [GivenLedger(Kept(path), [Deals]) for path in paths], incognito=incognito
        )
        self.guard = Guard(app)
        self._server: Any = Server((host, port), self.guard, server_name="beanscrow")
        try:
            self._server.prepare()
        except OSError as error:
            self._server.stop()
            raise PortTaken(str(error)) from None
        self.port = int(self._server.bind_addr[1])
        own = {f"{name}:{self.port}" for name in ("127.0.0.1", "localhost", "[::1]")}
        self.guard.hosts = frozenset({*own, *(name.lower() for name in names)})
        shown = f"[{host}]" if ":" in host else host
        self.origin = f"http://{shown}:{self.port}"
        slug = slugs(app)
        self.addresses = [f"{self.origin}/{slug[path]}/extension/Deals/" for path in paths]

    def serve(self) -> None:
        """Answer until stopped."""
        self._server.serve()

    def stop(self) -> None:
        """Stop answering, and free the port."""
        self._server.stop()


def _require_free(host: str, port: int) -> None:
    """Raise PortTaken before anything is loaded, where somebody listens already."""
    family, kind, *_, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    with socket.socket(family, kind) as tried:
        tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            tried.bind(address)
        except OSError as error:
            raise PortTaken(str(error)) from None


def is_loopback(host: str) -> bool:
    """Return whether an address is reached from this machine alone."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
