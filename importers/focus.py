"""FOCUS Cost and Usage exports as drawdowns of deals, for beangulp and Fava.

An import configuration for both:

    from beancount import loader
    from beangulp import Ingest
    from beanscrow.importers.focus import FocusImporter

    CONFIG = [FocusImporter(ledger="/books/provider.beancount")]

    if __name__ == "__main__":
        Ingest(CONFIG)()

Given a bill of which 16.00 is usage of a deal in September, it extracts

    2024-09-30 custom "deal-usage" "sunbird" 16.00 SUN.CR
      service: "Compute"
      from: 2024-09-01
      import-id: "sunbird/2024-09/78206cef1c4a/Compute/2024-09-01"

and the source keys.  Fava's import page shows these lines but saves only transactions,
balances and notes.  `beanscrow import` does the same for exports of any size, and
replaces what an earlier export of the same bill gave; beangulp and Fava pass by files of
more than 8 MB and only ever add.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

from beancount.core import data
from beancount.core.amount import Amount
from beancount.parser.grammar import ValueType
from beangulp.extract import DUPLICATE
from beangulp.importer import Importer

from beanscrow.deal.terms import Agreement
from beanscrow.usage import deals, document, importing, reading
from beanscrow.usage.deals import Claim
from beanscrow.usage.refusal import Refused
from beanscrow.usage.source import recognise
from beanscrow.usage.text import Directive, render
from beanscrow.usage.windows import bill_month

_ID = "import-id"


class FocusImporter(Importer):
    """Drawdowns of deals from FOCUS Cost and Usage exports, 1.0 and later."""

    def __init__(
        self,
        ledger: str | Path | None = None,
        *,
        agreements: Iterable[Agreement] = (),
        account: str = "Equity:Escrow",
        waive: str = "",
        times: Sequence[str] = (),
    ) -> None:
        """Say where the deals are.

        Args:
          ledger: Top file of the ledger that states the deals; read anew for each
            document, so that a term added meanwhile counts.
          agreements: The deals themselves, where there is no ledger.
          account: Account whose folder `archive` files the documents under.
          waive: Why rows that cannot be read are left out; without it a document with
            such rows is refused.
          times: How the source writes times besides ISO 8601, as strptime has it.
        """
        self._ledger = Path(ledger) if ledger is not None else None
        self._agreements = tuple(agreements)
        self._account = account
        self._waive = waive
        self._times = tuple(times)

    def identify(self, filepath: str) -> bool:
        """Return whether the file is a FOCUS Cost and Usage export, by its header."""
        try:
            recognise(Path(filepath))
        except Refused:
            return False
        return True

    def account(self, filepath: str) -> data.Account:
        """Return the account documents are filed under."""
        return self._account

    def date(self, filepath: str) -> datetime.date | None:
        """Return the first day of the latest month the file bills; None if it has none."""
        try:
            scopes = importing.scopes(self._intake(filepath, ()))
        except Refused:
            return None  # extract says why
        return max((bill_month(scope.start) for scope in scopes), default=None)

    def filename(self, filepath: str) -> str | None:
        """Return the file's own name, without a date at its beginning."""
        name = Path(filepath).name
        try:
            datetime.date.fromisoformat(name[:10])
        except ValueError:
            return name
        return name[10:].lstrip("-._ ") or None

    def extract(self, filepath: str, existing: data.Entries) -> data.Entries:
        """Return the drawdowns of a file as `deal-usage` directives.

        Raises:
          Refused: Rows cannot be read, or several deals ask for them, and nothing says
            to leave them out; or the file or the ledger cannot be read at all.
        """
        claims = self._claims()
        intake = self._intake(filepath, claims)
        errors = importing.blocking(intake, claims, self._waive)
        if errors:
            raise Refused(*errors)
        return [
            _custom(line.directive, filepath, place)
            for each in importing.documents(intake, claims, self._waive)
            for place, line in enumerate(document.drawdowns(each), 1)
            if line.directive is not None
        ]

    def deduplicate(self, entries: data.Entries, existing: data.Entries) -> None:
        """Mark the drawdowns whose import-id the ledger already has, and no others."""
        known = {
            entry.meta[_ID]: entry
            for entry in existing
            if isinstance(entry, data.Custom) and _ID in entry.meta
        }
        for entry in entries:
            before = known.get(entry.meta.get(_ID))
            if before is not None:  # without its values, which Fava cannot send on
                entry.meta[DUPLICATE] = before._replace(values=[])

    def _claims(self) -> list[Claim]:
        if self._ledger is not None:
            return deals.load(self._ledger)
        return deals.claims(self._agreements)

    def _intake(self, filepath: str, claims: Sequence[Claim]) -> reading.Intake:
        return reading.take_in([Path(filepath)], claims, formats=self._times)


class _Plain(Decimal):
    """A number that is printed without an exponent, which Beancount would misread."""

    def __str__(self) -> str:
        return format(self, "f")


def _custom(directive: Directive, filename: str, lineno: int) -> data.Custom:
    """Return a directive as Beancount's own type."""
    meta: dict[str, Any] = data.new_metadata(filename, lineno)
    for key, value in directive.meta.items():
        if isinstance(value, Amount) and isinstance(value.number, Decimal):
            meta[key] = Amount(_Plain(value.number), value.currency)
        else:
            meta[key] = _Plain(value) if isinstance(value, Decimal) else value
    meta["__source__"] = render(directive)  # shown by Fava, printed by nobody
    drawn = Amount(_Plain(directive.number), directive.commodity)
    values = [ValueType(directive.deal, str), ValueType(drawn, Amount)]
    return data.Custom(meta, directive.date, "deal-usage", values)
