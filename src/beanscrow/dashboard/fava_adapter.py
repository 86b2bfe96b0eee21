"""The one place that knows how Fava is made inside.

Fava calls its extension API unstable, and the rest of this is private to it.  What is
used of it stands here, under names of our own; tests/dashboard/test_fava_adapter.py
says what is relied on, so that a new Fava is tried by one file.
"""

from __future__ import annotations

import datetime
import threading
from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal
from typing import Any, NamedTuple

import fava.core
from fava.application import create_app
from fava.context import g
from fava.core import FavaLedger
from fava.core.filters import FilterError
from fava.core.query_shell import FavaBQLShell, FavaShellError
from fava.ext import FavaExtensionBase, extension_endpoint
from fava.template_filters import replace_numbers
from flask import Flask, current_app, request, url_for

from beanscrow.booking.daybook import Daybook, daybook_of
from beanscrow.dashboard.guard import QUERIES_ANSWERED, answering
from beanscrow.dashboard.kept import Kept

__all__ = [
    "Books",
    "FavaExtensionBase",
    "FilterError",
    "GivenLedger",
    "answers",
    "books_of",
    "make_app",
    "slugs",
]


# -- the page's side -----------------------------------------------------------------


class Filters(NamedTuple):
    """What Fava's filter bar says.

    Attributes:
      since, until: First and last day of the time filter, inclusive; None without one.
      shown: Deals that the account and entry filters leave; None without one.
    """

    since: datetime.date | None
    until: datetime.date | None
    shown: set[str] | None


class Books:
    """The ledger a request is about, as its page needs it."""

    def __init__(self, ledger: FavaLedger) -> None:
        self._ledger = ledger

    @property
    def daybook(self) -> Daybook | None:
        """What the deal plugins left behind on the last load."""
        return daybook_of(self.options)

    @property
    def options(self) -> dict[str, Any]:
        """The ledger's options."""
        options: Any = self._ledger.options
        return dict(options)

    @property
    def entries(self) -> Sequence[Any]:
        """All entries of the ledger, whatever the filters leave."""
        return self._ledger.all_entries

    @property
    def stale(self) -> str:
        """Why the books shown are not those on disk, or ""."""
        return getattr(self._ledger, "stale", "")

    def filters(self) -> Filters:
        """Return the filters of the current request.

        Raises:
          FilterError: One of them cannot be read; Fava words it for the reader.
        """
        span = g.filtered.date_range
        account = request.args.get("account", "")
        entry = request.args.get("filter", "")
        shown = None
        if account or entry:
            left = self._ledger.get_filtered(account=account, filter=entry, time="")
            shown = {str(e.meta["deal"]) for e in left.entries if "deal" in (e.meta or {})}
        if span is None:
            return Filters(None, None, shown)
        return Filters(span.begin, span.end_inclusive, shown)

    def argument(self, name: str) -> str:
        """Return a parameter of the page's address."""
        return request.args.get(name, "")

    def write(self, number: Decimal, commodity: str) -> str:
        """Return a number as the ledger formats it, and hidden where Fava hides them."""
        text = self._ledger.format_decimal(number, commodity)
        return str(replace_numbers(text)) if self.incognito else text

    def write_whole(self, number: Decimal, commodity: str) -> str:
        """Return a number with all its decimals, where the ledger's format has fewer."""
        text = self._ledger.format_decimal(number, commodity)
        if round(number, len(text.partition(".")[2])) != number:
            text = format(
                number.normalize(), ",f" if self.options["render_commas"] else "f"
            )
        return str(replace_numbers(text)) if self.incognito else text

    @property
    def incognito(self) -> bool:
        """Whether Fava hides numbers."""
        return bool(current_app.config["INCOGNITO"])

    def account_address(self, account: str) -> str:
        """Return the address of an account's page, or "" where there is none."""
        if account not in self._ledger.attributes.accounts and not any(
            name.startswith(f"{account}:") for name in self._ledger.attributes.accounts
        ):
            return ""
        return url_for("account", name=account)

    def page_address(self, **arguments: str) -> str:
        """Return the address of this page with other arguments, filters kept."""
        values: dict[str, Any] = {"extension_name": "Deals", **arguments}
        return url_for("extension_report", **values)

    def source_address(self, filename: str, lineno: int) -> str:
        """Return the address of a line in Fava's editor."""
        return url_for("report", report_name="editor", file_path=filename, line=str(lineno))


def answers(method: Callable[[Any], dict[str, str]]) -> Any:
    """Let a method answer a GET of extension/Deals/NAME with its result as JSON."""
    decorate: Any = extension_endpoint
    return decorate(method.__name__, ["GET"])(method)


def books_of(ledger: FavaLedger) -> Books:
    """Return a ledger as a page needs it."""
    return Books(ledger)


# -- the server's side ---------------------------------------------------------------

_LOADING = threading.RLock()


class GivenLedger(FavaLedger):
    """A ledger that is given its entries, and told whether there are new ones.

    Attributes:
      stale: Why what is shown is not what is on disk, or "".
    """

    def __init__(
        self, kept: Kept, extensions: Iterable[type[FavaExtensionBase]] = ()
    ) -> None:
        self._kept = kept
        self._added = tuple(extensions)
        self.stale = ""
        super().__init__(kept.path, poll_watcher=True)
        self.query_shell.shell = _AnsweringShell(self)

    def load_file(self) -> None:
        """Take the books as they are kept, and add the extensions not listed in them.

        Fava loads by a function of its own module; it is handed the load that was made
        and judged before.
        """
        with _LOADING:
            load, self.stale = self._kept.load()
            module: Any = fava.core
            loads = module.load_uncached
            module.load_uncached = lambda *_, **__: load
            try:
                super().load_file()
            finally:
                module.load_uncached = loads
            for extension in self._added:
                instances = self.extensions._instances
                if extension.__qualname__ not in instances:
                    instances[extension.__qualname__] = extension(self)

    def changed(self) -> bool:
        """Reload where a file has changed, and let open pages know."""
        with _LOADING:
            if not self._kept.moved():
                return super().changed()
            self.load_file()
            self.watcher.last_checked += 1
            return True


class QueryRefused(FavaShellError):
    """A query that is not answered."""

    def __init__(self) -> None:
        super().__init__(QUERIES_ANSWERED)


class _AnsweringShell(FavaBQLShell):
    """Fava's query shell, for the queries that are answered, stored ones too."""

    def onecmd(self, line: str) -> Any:
        if not answering(line):
            raise QueryRefused
        bare = line.strip()
        if bare.lower().startswith(("run", "help")):
            bare = f".{bare}"
        return super().onecmd(bare)  # type: ignore[no-untyped-call]

    def execute(self, query: str, **kwargs: Any) -> Any:
        if not answering(query):
            raise QueryRefused
        return super().execute(query, **kwargs)  # type: ignore[no-untyped-call]


def make_app(ledgers: Iterable[GivenLedger], *, incognito: bool = False) -> Flask:
    """Return Fava's application, read-only, over ledgers already loaded."""
    app = create_app([], read_only=True, incognito=incognito)
    app.config["LEDGERS"]._ledgers = list(ledgers)
    return app


def slugs(app: Flask) -> dict[str, str]:
    """Return the part of addresses that stands for each ledger, by its path."""
    found = app.config["LEDGERS"].items()
    return {ledger.beancount_file_path: slug for slug, ledger in found}
