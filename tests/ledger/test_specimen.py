"""The specimen books are sound, say what in them is public, and hold the real export."""

from __future__ import annotations

import datetime
import hashlib
import re
import shutil
from collections import defaultdict
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from beancount.core.data import Balance, Custom, Open, Transaction
from beancount.ops import validation
from beancount.parser import parser

from beanscrow.checks.examine import examine
from beanscrow.usage.importing import import_exports
from tests.support.ledgers import Ledger, load_path

BOOKS = Path(__file__).resolve().parents[2] / "ledger"
LEDGERS = [
    "provider",
    "startup",
    "sunbird",
    "programme",
    "xiaohongshu",
    "microsoft",
    "amazon",
    "amd",
    "nvidia",
    "skeleton/main",
]
EXPORT = BOOKS / "exports" / "focus_sample.csv"
SUNBIRD = (BOOKS / "sunbird.beancount").read_text("utf-8")
WAIVER = re.findall(r'--waive "([^"]+)"', SUNBIRD)[0]
# Ibis 12 asks DuckDB 2 for its answers by a name that is going out of use.
older_name = pytest.mark.filterwarnings("ignore:fetch_arrow_table:DeprecationWarning")
CONFIDENCES = {"H", "M", "L", "M/L"}


def books(name: str) -> Ledger:
    return load_path(BOOKS / f"{name}.beancount")


def customs(path: Path) -> list[Custom]:
    entries, errors, _ = parser.parse_file(str(path))
    assert not errors
    return [entry for entry in entries if isinstance(entry, Custom)]


@pytest.mark.parametrize("name", LEDGERS)
def test_a_ledger_of_the_specimen_is_sound(name: str) -> None:
    """No error of Beancount, of bean-check's further validations, or of ours; no finding."""
    ledger = books(name)
    assert ledger.messages == []
    checks: list[Any] = validation.HARDCORE_VALIDATIONS
    assert [e for check in checks for e in check(ledger.entries, ledger.options)] == []
    found = examine(ledger.entries, ledger.options, findings=True)
    assert [(p.code, p.message) for p in found.problems] == []


@pytest.mark.parametrize("name", ["provider", "startup", "sunbird"])
def test_a_ledger_asserts_figures_of_money_and_of_credits(name: str) -> None:
    """What the text says is asserted natively, on units exactly."""
    asserted = [e for e in books(name).entries if isinstance(e, Balance)]
    credits = [e for e in asserted if e.amount.currency.endswith(".CR")]
    assert [e for e in asserted if e.amount.currency == "USD"]
    assert credits
    assert {e.tolerance for e in credits} == {Decimal(0)}


@pytest.mark.parametrize("name", ["provider", "startup", "sunbird"])
def test_money_stands_apart_from_credits(name: str) -> None:
    """Under Assets and Liabilities there is money and stakes, and no credit."""
    ledger = books(name)
    opened = {e.account for e in ledger.entries if isinstance(e, Open)}
    held: dict[str, set[str]] = defaultdict(set)
    for account, commodity in _balances(ledger):
        held[account.split(":")[0]].add(commodity)
        assert account in opened
    commodities = held["Assets"] | held["Liabilities"]
    assert commodities
    assert not [name for name in commodities if name.endswith(".CR")]


PLACES = sorted(
    path for folder in ("deals", "usage") for path in (BOOKS / folder).glob("*.beancount")
)


@pytest.mark.parametrize("path", PLACES, ids=lambda path: path.name)
def test_what_is_not_public_is_marked_where_it_stands(path: Path) -> None:
    """Each directive names a public source and how sure it is, or is an illustration."""
    assert customs(path)
    for entry in customs(path):
        meta = entry.meta
        marked = str(meta.get("note", "")).startswith("illustration")
        public = "source" in meta and meta.get("x-confidence") in CONFIDENCES
        imported = meta.get("source-file") == EXPORT.name
        assert marked or public or imported, f"{path.name}:{meta['lineno']}"
        if "x-confidence" in meta:
            assert public, f"{path.name}:{meta['lineno']}"


def test_no_usage_of_a_named_company_passes_for_real() -> None:
    """Only the real export's drawdowns carry the marks of an import."""
    for path in PLACES:
        imported = {e.values[0].value for e in customs(path) if "import-id" in e.meta}
        assert imported <= {"sunbird"}


def test_the_two_books_of_one_deal_cancel_leaf_by_leaf() -> None:
    """What the provider owes in credits the startup holds, on every leaf."""
    added: dict[tuple[str, str], Decimal] = defaultdict(Decimal)
    for name in ("provider", "startup"):
        for (account, commodity), number in _balances(books(name)).items():
            if account.startswith("Equity:Escrow:Moon:"):
                added[account, commodity] += number
    assert {leaf[0].split(":")[-1] for leaf in added} == {"Granted", "Held", "Drawn"}
    assert set(added.values()) == {Decimal(0)}


def test_the_first_drawdown_is_worth_what_the_mixed_round_paid_for_it() -> None:
    """32,500,000 of 390,000,000 credits for 310,000,000.00 are 25,833,333.33."""
    drawn = {
        posting.account: posting.units.number
        for entry in books("provider").entries
        if isinstance(entry, Transaction)
        and entry.date == datetime.date(2024, 4, 30)
        and entry.narration == "Compute, 32,500,000.00 MOON.CR from T1"
        for posting in entry.postings
        if posting.units is not None
    }
    revenue = drawn["Income:Revenue:Compute:Investee:Credits:Moon"]
    assert revenue == Decimal("-25833333.33")
    assert drawn["Assets:Cash:Operating"] == Decimal("32500000.00")


def test_the_export_is_the_one_its_origin_names() -> None:
    """exports/ORIGIN.md gives the digest of the file beside it."""
    digest = hashlib.sha256(EXPORT.read_bytes()).hexdigest()
    assert digest in (EXPORT.parent / "ORIGIN.md").read_text("utf-8")


@older_name
def test_the_export_is_in_the_books_already(tmp_path: Path) -> None:
    """Importing it again changes nothing; without its file it makes the same file."""
    copy = tmp_path / "books"
    shutil.copytree(BOOKS, copy)
    written = copy / "usage" / "sunbird-2024-09.beancount"
    shipped = written.read_bytes()
    ledger, export = copy / "sunbird.beancount", copy / "exports" / EXPORT.name
    again = import_exports([export], ledger, waive=WAIVER)
    assert (again.errors, again.changes) == ([], [])
    written.unlink()
    anew = import_exports([export], ledger, waive=WAIVER)
    assert [change.path for change in anew.changes] == [written]
    assert written.read_bytes() == shipped


@older_name
def test_every_row_of_the_export_is_accounted_for(tmp_path: Path) -> None:
    """Its 1,000 rows fall into buckets that the head of the ledger counts."""
    copy = tmp_path / "books"
    shutil.copytree(BOOKS, copy)
    ledger, export = copy / "sunbird.beancount", copy / "exports" / EXPORT.name
    tally = import_exports([export], ledger, waive=WAIVER).intake.tally
    rows = {line.bucket: line.rows for line in tally.lines()}
    assert rows == {"drawn": 941, "provider_credit": 1, "unmatched": 51, "quarantined": 7}
    assert sum(line.rows for line in tally.totals()) == 1000


def test_the_skeleton_serves_both_sides(tmp_path: Path) -> None:
    """One word and one include turn the new books into the other side's."""
    copy = tmp_path / "books"
    shutil.copytree(BOOKS / "skeleton", copy)
    main = copy / "main.beancount"
    text = main.read_text("utf-8")
    other = text.replace('"books" "provider"', '"books" "startup"').replace(
        "acme.provider.beancount", "acme.startup.beancount"
    )
    assert other != text
    main.write_text(other, "utf-8")
    ledger = load_path(main)
    assert ledger.messages == []
    held = _balances(ledger)["Equity:Escrow:Acme:T1:Held", "ACME.CR"]
    assert held == Decimal("1000000.00")


def _balances(ledger: Ledger) -> dict[tuple[str, str], Decimal]:
    sums: dict[tuple[str, str], Decimal] = defaultdict(Decimal)
    for entry in ledger.entries:
        if isinstance(entry, Transaction):
            for posting in entry.postings:
                units: Any = posting.units
                sums[posting.account, units.currency] += units.number
    return sums
