"""beanscrow report: what is printed, and when it is not to be trusted."""

from __future__ import annotations

import csv
import inspect
import io
import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from beanscrow.cli import main

BOOKS = """
    plugin "beanscrow.plugins.deals"
    2024-01-01 custom "books" "provider"
      framework: "us-gaap"
      currency: "USD"
      through: 2024-12-31
      open-accounts: TRUE
    2024-01-01 custom "deal" "moon" "=Moonshot AI"
      provider: "Cloud"
      escrow-owner: "none"
    2024-01-01 custom "deal-stake" "moon" 100000 MOON.A
      fair-value: 9.00 USD
      fair-value-source: "valuation"
    2024-01-01 custom "deal-grant" "moon" 1000000 MOON.CR
      expires: 2024-12-31
    2024-03-31 custom "deal-usage" "moon" 200000 MOON.CR
    2024-06-30 custom "deal-usage" "moon" 300000 MOON.CR
    2024-12-31 custom "deal-usage" "moon" 400000 MOON.CR
"""


CASES = Path(__file__).parents[1] / "cases"


@pytest.fixture
def books(tmp_path: Path) -> Path:
    path = tmp_path / "books.beancount"
    path.write_text(inspect.cleandoc(BOOKS) + "\n")
    return path


def run(*words: str | Path) -> Result:
    return CliRunner().invoke(main, [str(word) for word in words])


def test_a_roll_forward_by_year_shows_draws_and_breakage(books: Path) -> None:
    done = run("report", "roll-forward", books, "--period", "year", "--format", "json")
    assert (done.exit_code, done.stderr) == (0, "")
    assert json.loads(done.stdout) == [
        {
            "deal": "moon",
            "tranche": "T1",
            "period": "2024",
            "first": "2024-01-01",
            "last": "2024-12-31",
            "currency": "USD",
            "opening": "0.00",
            "additions": "900000.00",
            "recognised": "810000.00",
            "breakage": "90000.00",
            "forfeited": "0.00",
            "moved": "0.00",
            "closing": "0.00",
            "from_opening": "0.00",
        }
    ]


def test_a_roll_forward_until_a_day_ends_with_it(books: Path) -> None:
    done = run("report", "roll-forward", books, "--until", "2024-08-15", "--format", "json")
    rows = json.loads(done.stdout)
    assert [(row["period"], row["last"], row["closing"]) for row in rows] == [
        ("2024-Q1", "2024-03-31", "720000.00"),
        ("2024-Q2", "2024-06-30", "450000.00"),
        ("2024-Q3", "2024-08-15", "450000.00"),
    ]
    assert rows[1]["from_opening"] == "270000.00"


def test_the_credits_of_a_day(books: Path) -> None:
    done = run("report", "credits", books, "--until", "2024-06-30", "--format", "json")
    assert done.exit_code == 0
    (row,) = json.loads(done.stdout)
    assert row["left"] == "500000"
    assert row["price_per_credit"] == "0.900000"
    assert row["liability"] == "450000.00"
    assert row["expires"] == "2024-12-31"


def test_an_estimate_kept_for_disclosure_is_disclosed() -> None:
    """Under the remote method 6 % of a million recognise nothing, and are shown here."""
    books = CASES / "deals" / "G03" / "provider-remote.beancount"
    done = run("report", "credits", books, "--until", "2024-09-30", "--format", "json")
    (row,) = json.loads(done.stdout)
    assert (row["left"], row["expected_breakage"]) == ("250000", "60000")
    assert "Never drawn" in run("report", "credits", books, "--until", "2024-09-30").stdout
    after = run("report", "credits", books, "--until", "2024-12-31", "--format", "json")
    assert json.loads(after.stdout)[0]["expected_breakage"] == "0"


def test_the_stakes(books: Path) -> None:
    (row,) = json.loads(run("report", "stakes", books, "--format", "json").stdout)
    assert (row["units"], row["cost"], row["carrying"]) == (
        "100000",
        "900000.00",
        "900000.00",
    )


@pytest.mark.parametrize("name", ["roll-forward", "credits", "stakes"])
def test_a_table_has_every_figure_in_full(books: Path, name: str) -> None:
    done = run("report", name, books)
    assert (done.exit_code, done.stderr) == (0, "")
    assert "900,000.00" in done.stdout
    assert "…" not in done.stdout
    assert all(line == line.rstrip() for line in done.stdout.splitlines())


def test_text_in_csv_is_never_a_formula(books: Path) -> None:
    done = run("report", "stakes", books, "--format", "csv")
    (row,) = csv.DictReader(io.StringIO(done.stdout))
    assert row["party"] == "'=Moonshot AI"
    assert row["carrying"] == "900000.00"


def test_a_hand_on_an_account_of_the_engine_is_told(books: Path) -> None:
    with books.open("a") as file:
        file.write(
            "2024-07-01 open Assets:Cash\n"
            '2024-07-01 * "a hand"\n'
            "  Liabilities:Contract:Credits:Moon:T1   10.00 USD\n"
            "  Assets:Cash                           -10.00 USD\n"
        )
    done = run("report", "credits", books, "--format", "json")
    assert done.exit_code == 1
    assert json.loads(done.stdout)
    assert "E802 deal moon, contract liability" in done.stderr
    assert "Liabilities:Contract:Credits:Moon:T1 hold -10.00, -10.00 apart" in done.stderr
    before = run("report", "credits", books, "--until", "2024-06-30")
    assert before.exit_code == 0


def test_books_with_errors_are_printed_and_not_trusted(books: Path) -> None:
    with books.open("a") as file:
        file.write('2024-07-01 custom "deal-usage" "mon" 1 MOON.CR\n')
    done = run("report", "credits", books)
    assert done.exit_code == 1
    assert "1 error, so figures may be incomplete" in done.stderr
    assert "books.beancount:" in done.stderr


def test_a_ledger_without_the_plugin_is_no_books_of_deals(tmp_path: Path) -> None:
    plain = tmp_path / "plain.beancount"
    plain.write_text("2024-01-01 open Assets:Cash\n")
    done = run("report", "credits", plain)
    assert done.exit_code == 2
    assert "E801" in done.stderr
    assert done.stderr.count("\n") == 1


def test_a_plugin_that_cannot_be_imported_is_named(tmp_path: Path) -> None:
    plain = tmp_path / "plain.beancount"
    plain.write_text('plugin "beanscrow.plugins.deal"\n2024-01-01 open Assets:Cash\n')
    done = run("report", "credits", plain)
    assert done.exit_code == 2
    assert "No module named 'beanscrow.plugins.deal'" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    "words",
    [
        ("report", "credits", "nowhere.beancount"),
        ("report", "credit"),
        ("report", "roll-forward", "--period", "week"),
        ("report", "credits", "--format", "xlsx"),
        ("report", "credits", "--until", "2024-02-30"),
    ],
)
def test_what_cannot_be_asked_exits_with_2(books: Path, words: tuple[str, ...]) -> None:
    done = run(*words, *([] if "nowhere.beancount" in words else [books]))
    assert done.exit_code == 2
    assert done.stdout == ""


FLEET = CASES / "deals/G15/provider.beancount"


def test_a_fleet_costs_what_its_hours_were_sold_for() -> None:
    """62,500,000.00 over 8,000 chips x 8,760 hours x 0.7 = 49,056,000 hours."""
    done = run(
        *("report", "fleets", FLEET, "--until", "2025-12-31"),
        *("--utilisation", "0.7", "--format", "json"),
    )
    assert (done.exit_code, done.stderr) == (0, "")
    assert json.loads(done.stdout) == [
        {
            "fleet": "hgx-1",
            "as_of": "2025-12-31",
            "currency": "USD",
            "cost": "300000000.00",
            "depreciation": "112500000.00",
            "impairment": "37500000.00",
            "carrying": "150000000.00",
            "of_the_year": "62500000.00",
            "gpu_hours": "49056000.0",
            "per_gpu_hour": "1.2741",
        }
    ]


def test_fleets_are_a_table_too() -> None:
    done = run("report", "fleets", FLEET)
    assert (done.exit_code, done.stderr) == (0, "")
    assert "hgx-1" in done.stdout
    assert "100,000,000.00" in done.stdout


@pytest.mark.parametrize("part", ["0", "1.01", "-0.5", "NaN", "much"])
def test_a_part_of_the_hours_is_a_part(part: str) -> None:
    done = run("report", "fleets", FLEET, f"--utilisation={part}")
    assert done.exit_code == 2
    assert "above 0 and at most 1" in done.stderr


EXPOSED = """
    plugin "beanscrow.plugins.deals"
    2024-01-01 custom "books" "provider"
      framework: "us-gaap"
      currency: "USD"
      through: 2024-03-31
      open-accounts: TRUE
    2024-01-01 custom "deal" "moon" "Moonshot AI"
      provider: "Cloud"
      committed: 200.00 USD
    2024-01-01 custom "deal-stake" "moon" 10 MOON.A
      fair-value: 10.00 USD
      fair-value-source: "valuation"
    2024-01-01 custom "deal-cash" "moon" 60.00 USD
    2024-06-01 custom "deal-cash" "moon" 50.00 USD
      event: 2024-01-01
    2024-01-01 custom "deal-commitment" "moon" 40.00 USD
      to: 2025-12-31
    2024-01-01 custom "deal-backstop" "moon" 300.00 USD
      to: 2024-12-31
    2024-01-01 custom "deal-backstop" "moon" 70.00 USD
      backstop: "B2"
      covers: "obligations"
      fair-value: 6.00 USD
      to: 2025-12-31
    2024-01-01 custom "deal-backstop" "moon" 9.00 USD
      backstop: "B3"
      to: 2024-01-31
    2024-02-28 custom "deal-usage" "moon" 20.00 USD
    2024-02-29 custom "deal-backstop-call" "moon" 30.00 USD
      fair-value: 20.00 USD
      from: 2024-03-01
      to: 2024-04-29
    2024-03-15 custom "deal-payment" "moon" 8.00 USD
"""


def test_the_exposure_is_what_is_held_owed_and_promised(tmp_path: Path) -> None:
    """By hand: 100 - 110 = -10 paid ahead, 10 x 20/40 of it earned; capacity of 20.00
    for 60 days, 31 of them gone; 200 - 60 unfunded; 300 - 30 to be called, 70 guaranteed.
    """
    path = tmp_path / "books.beancount"
    path.write_text(inspect.cleandoc(EXPOSED) + "\n")
    done = run("report", "exposure", path, "--format", "json")
    assert (done.exit_code, done.stderr) == (0, "")
    assert json.loads(done.stdout) == [
        {
            "deal": "moon",
            "party": "Moonshot AI",
            "as_of": "2024-03-31",
            "currency": "USD",
            "carrying": "100.00",
            "receivable": "12.00",
            "paid_ahead": "14.67",
            "unfunded": "140.00",
            "backstop": "270.00",
            "guaranteed": "70.00",
            "total": "606.67",
        }
    ]
    table = run("report", "exposure", path)
    assert (table.exit_code, table.stderr) == (0, "")
    assert "606.67" in table.stdout
    path.write_text(path.read_text().replace('"books" "provider"', '"books" "startup"'))
    assert json.loads(run("report", "exposure", path, "--format", "json").stdout) == []
