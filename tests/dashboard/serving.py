"""Books served inside a test, and what their page shows."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from html.parser import HTMLParser
from pathlib import Path
from typing import TYPE_CHECKING

from werkzeug.test import Client, TestResponse

from beanscrow.dashboard.server import BookServer

if TYPE_CHECKING:
    from collections.abc import Iterator

PROVIDER = Path(__file__).parent / "provider.beancount"


class Served:
    """A server asked without a browser."""

    def __init__(self, server: BookServer) -> None:
        self.server = server
        self.client = Client(server.guard)

    def get(self, path: str) -> TestResponse:
        """Return the answer to a path under the first ledger ("income_statement/")."""
        slug = self.server.addresses[0].split("/")[3]
        return self.client.get(
            f"/{slug}/{path}", base_url=self.server.origin, buffered=True
        )

    def page(self, query: str = "") -> str:
        """Return the deals page, which answers whatever it is asked."""
        answer = self.get(f"extension/Deals/{query}")
        assert answer.status_code == 200
        return answer.text

    def figures(self, query: str = "") -> dict[str, dict[str, str]]:
        """Return the figures of the table by deal and name, as they are written."""
        reader = _Figures()
        reader.feed(self.page(query))
        return reader.found


@contextmanager
def served(*ledgers: Path, incognito: bool = False) -> Iterator[BookServer]:
    """Serve ledgers on a free port while a test looks at them."""
    server = BookServer(ledgers, incognito=incognito)
    thread = threading.Thread(target=server.serve, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.stop()
        thread.join()


class _Figures(HTMLParser):
    """Collects the cells of the table of deals that are marked as figures."""

    def __init__(self) -> None:
        super().__init__()
        self.found: dict[str, dict[str, str]] = {}
        self._deal = ""
        self._figure = ""
        self._in_table = False
        self._aside = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        named = dict(attrs)
        if tag == "table":
            self._in_table = named.get("id") == "deals-table"
        elif tag == "tr":
            self._deal = named.get("data-deal") or ""
        elif tag == "td":
            self._figure = named.get("data-figure") or ""
        elif tag == "div":
            self._aside = named.get("class") == "sub"

    def handle_endtag(self, tag: str) -> None:
        if tag == "td":
            self._figure = ""
        elif tag == "div":
            self._aside = False

    def handle_data(self, data: str) -> None:
        if self._in_table and self._figure and not self._aside and data.strip():
            self.found.setdefault(self._deal, {})[self._figure] = data.strip()
