"""beanscrow explain: from a figure to the lines, rules and rows behind it."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from beanscrow.cli import main

BOOKS = """\
plugin "beanscrow.plugins.deals"
2024-01-01 custom "books" "provider"
  framework: "us-gaap"
  currency: "USD"
  through: 2024-12-31
  open-accounts: TRUE
2024-01-01 custom "deal" "moon" "Moonshot AI"
  provider: "Cloud"
  escrow-owner: "none"
2024-01-01 custom "deal-stake" "moon" 100000 MOON.A
  fair-value: 9.00 USD
  fair-value-source: "valuation"
2024-01-01 custom "deal-grant" "moon" 1000000 MOON.CR
2024-03-31 custom "deal-usage" "moon" 200000 MOON.CR
  import-id: "moon/2024-03/Compute"
  source-file: "march.csv"
  source-sha256: "5e884898da28"
  source-rows: 12
  source-total: 200000.00 USD
  source-bucket: "drawn"
2024-06-30 custom "deal-usage" "moon" 300000 MOON.CR
2025-01-31 custom "deal-usage" "moon" 300000 MOON.CR
2024-07-01 open Assets:Cash
2024-07-01 open Equity:Opening
2024-07-01 * "a hand"
  Assets:Cash      5.00 USD
  Equity:Opening  -5.00 USD
"""
LIABILITY = "Liabilities:Contract:Credits:Moon:T1"


@pytest.fixture
def books(tmp_path: Path) -> Path:
    path = tmp_path / "books.beancount"
    path.write_text(BOOKS)
    return path


def run(*words: str | Path) -> Result:
    return CliRunner().invoke(main, ["explain", *(str(word) for word in words)])


def rows(books: Path, what: str) -> list[dict[str, Any]]:
    done = run(books, what, "--format", "json")
    assert (done.exit_code, done.stderr) == (0, "")
    found: list[dict[str, Any]] = json.loads(done.stdout)
    return found


def test_an_account_is_the_sum_of_its_steps(books: Path) -> None:
    steps = rows(books, LIABILITY)
    assert [step["number"] for step in steps] == ["-900000.00", "180000.00", "270000.00"]
    assert steps[-1]["balance"] == "-450000.00"
    assert sum(Decimal(step["number"]) for step in steps) == Decimal("-450000.00")
    assert [step["directive"] for step in steps] == [
        "deal-stake",
        "deal-usage",
        "deal-usage",
    ]
    assert all(step["rule"].startswith("606-10-") for step in steps)
    assert [step["lineno"] for step in steps] == [10, 14, 21]


def test_an_account_on_a_day_and_with_what_is_below_it(books: Path) -> None:
    steps = rows(books, "Liabilities@2024-03-31")
    assert {step["account"] for step in steps} == {LIABILITY}
    assert steps[-1]["balance"] == "-720000.00"


def test_lots_count_at_cost(books: Path) -> None:
    (step,) = rows(books, "Assets:Investments")
    assert (step["number"], step["commodity"]) == ("900000.00", "USD")
    assert step["lots"] == "100,000 MOON.A {9.00 USD}"


def test_imported_usage_leads_to_its_file(books: Path) -> None:
    for what in ("moon/2024-03/Compute", "books.beancount:15", str(books) + ":14"):
        steps = rows(books, what)
        assert {step["source_file"] for step in steps} == {"march.csv"}
        assert {step["source_rows"] for step in steps} == {"12"}
        assert {step["source_total"] for step in steps} == {"200000.00 USD"}
        assert {step["source_bucket"] for step in steps} == {"drawn"}


def test_a_deal_is_all_its_entries_and_what_is_not_booked(books: Path) -> None:
    done = run(books, "moon")
    assert done.exit_code == 0
    assert "100,000 MOON.A {9.00 USD}" in done.stdout
    assert "imported from march.csv, 12 rows, bucket drawn" in done.stdout
    assert "books.beancount:22 books nothing: it is dated after 2024-12-31" in done.stdout


def test_a_line_that_books_nothing_says_why(books: Path) -> None:
    done = run(books, "books.beancount:22")
    assert "books nothing: it is dated after 2024-12-31" in done.stdout


def test_an_entry_written_by_hand_is_called_that(books: Path) -> None:
    done = run(books, "Assets:Cash")
    assert "written by hand at " in done.stdout
    assert "= 5.00 USD  written by hand" in done.stdout


def test_csv_has_a_row_a_posting(books: Path) -> None:
    done = run(books, LIABILITY, "--format", "csv")
    lines = done.stdout.splitlines()
    assert lines[0].startswith("date,deal,tranche,account,number")
    assert len(lines) == 4


@pytest.mark.parametrize(
    "what",
    ["nobody", "Assets:Nothing", "nowhere.beancount:3", f"{LIABILITY}@2024-02-30", "x@y"],
)
def test_what_is_not_there_is_said_in_one_line(books: Path, what: str) -> None:
    done = run(books, what)
    assert done.exit_code == 2
    assert done.stdout == ""
    assert done.stderr.count("\n") == 1


def test_an_account_before_its_first_posting_says_so(books: Path) -> None:
    done = run(books, f"{LIABILITY}@1999-12-31")
    assert done.exit_code == 0
    assert done.stderr == f"{books}: nothing is posted there by then\n"


def test_a_line_the_file_does_not_have_is_no_directive(books: Path) -> None:
    done = run(books, f"{books.name}:9999")
    assert done.exit_code == 2
    assert f"{books.name}:9999: the file has " in done.stderr


def test_an_account_of_a_fleet_names_it() -> None:
    ledger = Path(__file__).parents[1] / "cases/deals/G15/provider.beancount"
    done = run(ledger, "Assets:PPE:GPU:AccumulatedDepreciation")
    assert done.exit_code == 0
    assert "\nhgx-1\n" in done.stdout
    assert "= -200,000,000.00 USD  hgx-1" in done.stdout
    assert "written by hand" not in done.stdout
