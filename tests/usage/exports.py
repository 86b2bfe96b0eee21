"""Billing exports and ledgers for tests: rows in, files out."""

from __future__ import annotations

import csv
import gzip
import io
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from beanscrow.usage.importing import Outcome, import_exports

Row = Mapping[str, str]

USUAL = {
    "ProviderName": "Cloud",
    "BillingAccountId": "acc-1",
    "SubAccountId": "sub-1",
    "BillingCurrency": "USD",
    "BillingPeriodStart": "2026-03-01T00:00:00Z",
    "BillingPeriodEnd": "2026-04-01T00:00:00Z",
    "ChargePeriodStart": "2026-03-10T05:00:00Z",
    "ChargePeriodEnd": "2026-03-10T06:00:00Z",
    "ChargeCategory": "Usage",
    "ChargeClass": "",
    "CommitmentDiscountId": "",
    "CommitmentDiscountStatus": "",
    "InvoiceId": "",
    "ServiceCategory": "Compute",
    "ServiceName": "Machines",
    "RegionId": "us-1",
    "Tags": "",
    "ContractApplied": "",
    "ConsumedQuantity": "2",
    "ConsumedUnit": "Hours",
}
COSTS: tuple[str, ...] = ("BilledCost", "EffectiveCost", "ListCost", "ContractedCost")


def row(cost: str = "1.00", **changes: str) -> dict[str, str]:
    """Return a charge whose four costs are equal unless said otherwise."""
    return {**USUAL, **dict.fromkeys(COSTS, cost), **changes}


def at(start: str, end: str, cost: str = "1.00", **changes: str) -> dict[str, str]:
    """Return a charge of a period."""
    return row(cost, ChargePeriodStart=start, ChargePeriodEnd=end, **changes)


def csv_text(rows: Sequence[Row]) -> str:
    """Return rows as CSV with a header."""
    text = io.StringIO()
    writer = csv.DictWriter(text, list(rows[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


def write_csv(path: Path, rows: Sequence[Row]) -> Path:
    """Write rows as CSV, and return the file."""
    path.write_text(csv_text(rows), encoding="utf-8", newline="")
    return path


def write_gz(path: Path, rows: Sequence[Row]) -> Path:
    """Write rows as CSV.gz, and return the file."""
    with gzip.GzipFile(path, "wb", mtime=0) as file:
        file.write(csv_text(rows).encode())
    return path


def write_parquet(
    path: Path, rows: Sequence[Row], types: Mapping[str, Any] | None = None
) -> Path:
    """Write rows as Parquet, text where no type is given, and return the file.

    Args:
      types: Arrow types by column, or functions from text to the value to keep.
    """
    import pyarrow
    from pyarrow import parquet

    columns = {}
    for name in rows[0]:
        timed = bool(types and "timestamp" in str(types.get(name)))
        texts = [each[name].rstrip("Z" if timed else "") or None for each in rows]
        values = pyarrow.array(texts, pyarrow.string())
        if types and name in types:
            values = values.cast(types[name])
        columns[name] = values
    parquet.write_table(pyarrow.table(columns), path)
    return path


def deal(
    name: str = "moon",
    match: str = 'usage-match-billing-account: "acc-1"',
    *,
    face: str = "1.00 USD",
    credits: str = "100000.00",
    expires: str = "2027-12-31",
    zone: str = "UTC",
    more: str = "",
    policy: str = "",
) -> str:
    """Return the text of a deal that takes part in imports."""
    code = name.upper()
    return f"""
2026-01-01 custom "deal" "{name}" "Startup {name}"
  provider: "Cloud"
  escrow-owner: "none"
  timezone: "{zone}"
2026-01-01 custom "deal-stake" "{name}" 1000 {code}.A
  fair-value: 80.00 USD
  fair-value-source: "valuation"
2026-01-01 custom "deal-grant" "{name}" {credits} {code}.CR
  tranche: "T1"
  {f"face: {face}" if face else 'note: "no face"'}
  expires: {expires}
{more}
2026-01-01 custom "deal-policy" "{name}"
  {match}
  {policy or 'note: "policy"'}
"""


def books(folder: Path, *deals: str) -> Path:
    """Write a ledger of deals into a folder, and return its top file."""
    path = folder / "books.beancount"
    path.write_text(
        'include "usage/*.beancount"\n'
        '2026-01-01 custom "books" "provider"\n'
        '  framework: "us-gaap"\n'
        '  currency: "USD"\n' + "".join(deals or [deal()]),
        encoding="utf-8",
    )
    return path


def run(folder: Path, *files: Path, deals: Iterable[str] = (), **options: Any) -> Outcome:
    """Import files into the ledger of a folder, which is made where it is not there."""
    folder.mkdir(exist_ok=True)
    ledger = folder / "books.beancount"
    if not ledger.exists():
        books(folder, *deals)
    return import_exports(files, ledger, **options)


def written(folder: Path) -> dict[str, str]:
    """Return the texts an import has left beside the ledger of a folder."""
    return {
        path.name: path.read_text(encoding="utf-8")
        for path in sorted((folder / "usage").glob("*.beancount"))
    }


def directives(folder: Path) -> list[tuple[str, str]]:
    """Return day and amount of every drawdown beside a ledger, as text."""
    found = []
    for text in written(folder).values():
        for line in text.splitlines():
            if " custom " in line and not line.startswith(";"):
                day, _, _, _, number, commodity = line.split()
                found.append((day, f"{number} {commodity}"))
    return found


def buckets(outcome: Outcome) -> dict[str, int]:
    """Return how many rows fell into each bucket."""
    rows: dict[str, int] = {}
    for line in outcome.intake.tally.lines():
        rows[line.bucket] = rows.get(line.bucket, 0) + line.rows
    return rows


def codes(outcome: Outcome) -> list[str]:
    """Return the codes of what an import had to say."""
    return [problem.code for problem in (*outcome.errors, *outcome.findings)]
