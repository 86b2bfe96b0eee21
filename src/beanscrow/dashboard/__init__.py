"""The deals page in Fava, and the server that shows it.

A ledger lists the page with

    2024-01-01 custom "fava-extension" "beanscrow.dashboard"

and `beanscrow serve` adds it where it is not listed.
"""

from __future__ import annotations

import datetime
import logging
from typing import Any, NamedTuple

from beanscrow.booking.daybook import Daybook
from beanscrow.dashboard.chart import chart_data
from beanscrow.dashboard.fava_adapter import (
    Books,
    FavaExtensionBase,
    FilterError,
    answers,
    books_of,
)
from beanscrow.dashboard.page import DealRow, Page, page_of, rows_of
from beanscrow.dashboard.trial_balance import TrialBalance, trial_balance_of

log = logging.getLogger(__name__)

_DAYS_KEPT = 32


class Shown(NamedTuple):
    """What the template is given: a page, or why there is none.

    Attributes:
      stale: Why the books shown are not those on disk, or "".
      charts: Data of the chosen deal's charts, one a commodity of credits.
      balance: What the chosen deal's entries have left on each account.
    """

    books: Books
    error: str = ""
    stale: str = ""
    page: Page | None = None
    charts: list[dict[str, Any]] = []
    balance: TrialBalance | None = None


class Deals(FavaExtensionBase):
    """The deals: stake, credits, contract liability, and the burn-down of one."""

    report_title = "Deals"
    has_js_module = True
    _known: tuple[Daybook, dict[datetime.date | None, list[DealRow]]] | None = None

    def shown(self) -> Shown:
        """Return the page for the current filters; never raises."""
        books = books_of(self.ledger)
        try:
            return self._shown(books)
        except FilterError as error:
            return Shown(books, f"The {error.filter_type} filter: {error}", books.stale)
        except Exception as error:
            log.exception("the deals page")
            said = f"This page could not be made: {type(error).__name__}: {error}"
            return Shown(books, said, books.stale)

    def _shown(self, books: Books) -> Shown:
        daybook = books.daybook
        if daybook is None:
            line = 'plugin "beanscrow.plugins.deals"'
            said = f"No deal plugin ran on this ledger. Add the line {line} to it."
            return Shown(books, said, books.stale)
        filters = books.filters()
        page = page_of(
            daybook,
            books.options,
            self._rows(daybook, books, filters.until),
            day=filters.until,
            shown=filters.shown,
            chosen=books.argument("deal"),
        )
        charts = []
        balance = None
        if page.chosen is not None:
            swatches = {row.standing.tranche: row.swatch for row in page.chosen.tranches}
            charts = [
                chart_data(
                    burn,
                    books.write,
                    swatches=swatches,
                    since=filters.since,
                    hide=books.incognito,
                )
                for burn in page.chosen.burn_downs
            ]
            balance = trial_balance_of(
                books.entries, page.chosen.row.deal, page.currency, page.as_of
            )
        return Shown(books, "", books.stale, page, charts, balance)

    def _rows(
        self, daybook: Daybook, books: Books, day: datetime.date | None
    ) -> list[DealRow]:
        """Return the rows of a day, reckoned once until the books are loaded anew."""
        known = self._known
        if known is None or known[0] is not daybook:
            known = self._known = (daybook, {})
        if len(known[1]) >= _DAYS_KEPT:
            known[1].clear()
        if day not in known[1]:
            known[1][day] = rows_of(daybook, books.options, day)
        return known[1][day]

    @answers
    def state(self) -> dict[str, str]:
        """Return whether the books shown are those on disk, for the banner."""
        return {"stale": books_of(self.ledger).stale}
