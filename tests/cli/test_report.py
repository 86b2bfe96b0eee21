"""beanscrow report: what is printed, and when it is not to be trusted."""

from __future__ import annotations

import csv
import inspect
import io
import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from beanscrow.cli import main
from beanscrow.reports.margin import DealMargin, deal_margins

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


# -- margin, rpo, prices, failures -----------------------------------------------------

REPORTS = ["margin", "rpo", "prices", "failures"]
FAILED = CASES / "deals/G10/provider-ii.beancount"


def rows(*words: str | Path) -> list[dict[str, str]]:
    """Return the rows of a report that ties, as JSON has them."""
    done = run("report", *words, "--format", "json")
    assert (done.exit_code, done.stderr) == (0, "")
    found: list[dict[str, str]] = json.loads(done.stdout)
    return found


def test_what_is_owed_after_the_first_month_of_a_promise() -> None:
    until = ("--until", "2024-01-31")
    owed = [
        rows("rpo", CASES / f"deals/G05/provider-{variant}.beancount", *until)[0]["rpo"]
        for variant in ("V1", "V2", "V3")
    ]
    assert owed == ["58333333.33", "46666666.66", "64166666.66"]


def test_a_share_of_a_mixed_round() -> None:
    stake, credits = rows("prices", CASES / "deals/G04/provider-fair-value.beancount")
    assert (stake["headline_each"], stake["effective_each"]) == ("22.222222", "20.000000")
    assert (stake["effective_post_money"], stake["headline_post_money"]) == (
        "2000000000.00",
        "2222222222.22",
    )
    assert (credits["effective_each"], credits["gap"]) == ("0.794872", "80000000.00")


def test_both_ends_of_a_failure() -> None:
    (row,) = rows("failures", FAILED)
    assert (row["revenue"], row["stake_written_off"], row["net"]) == (
        "320000.00",
        "650000.00",
        "-330000.00",
    )
    assert row["link"] == "failure-moon-2024-10-01"
    assert rows("failures", FAILED, "--until", "2024-09-30") == []


def test_the_margin_of_an_hour_and_of_a_deal(books: Path) -> None:
    with books.open("a") as file:
        file.write(
            '2024-01-01 custom "fleet" "hgx-1" 24000.00 USD\n'
            "  in-service: 2024-01-01\n  life-years: 2\n  gpus: 1\n"
            '2024-01-01 custom "fleet-rate" "hgx-1"\n'
            "  running: 0.45 USD\n  list: 2.50 USD\n"
            '2024-01-01 custom "fleet-rate" "hgx-1"\n  credits: 2 MOON.CR\n'
            '2024-01-01 custom "deal-cost" "moon" 0.60 USD\n'
        )
    # 12,000.00 over 8,784 hours x 0.5 is 2.73224, and 0.45; an hour brings 1.80.
    (hour,) = rows("margin", books, "--utilisation", "0.5")
    assert (hour["cost_per_hour"], hour["revenue_per_hour"]) == ("3.1822", "1.8000")
    assert (hour["margin_at_list_percent"], hour["loss_per_hour"]) == ("-27.29", "1.3822")
    # 900,000 credits drawn for 810,000.00, at 0.60 each.
    (deal,) = rows("margin", books, "--by", "deal")
    assert (deal["revenue"], deal["cost"], deal["margin"]) == (
        "810000.00",
        "540000.00",
        "270000.00",
    )
    assert (deal["margin_percent"], deal["breakage"]) == ("33.33", "90000.00")
    months = rows("margin", books, "--by", "deal", "--period", "month")
    assert [row["period"] for row in months][:3] == ["2024-01", "2024-02", "2024-03"]


@pytest.mark.parametrize("name", REPORTS)
def test_the_other_reports_are_tables_and_csv_too(name: str) -> None:
    for path in (FAILED, FLEET):
        done = run("report", name, path)
        assert (done.exit_code, bool(done.stderr)) == (0, not rows(name, path))
        assert done.stdout
        assert all(line == line.rstrip() for line in done.stdout.splitlines())
        table = run("report", name, path, "--format", "csv")
        heading = table.stdout.splitlines()[0].split(",")
        assert all(set(heading) == set(row) for row in rows(name, path))


def test_the_share_of_investees_stands_below_the_table() -> None:
    done = run("report", "rpo", CASES / "deals/G05/provider-V1.beancount")
    assert "of investees: 100.00 %" in done.stdout


def test_a_table_of_deals_and_their_margin() -> None:
    done = run("report", "margin", FAILED, "--by", "deal")
    assert (done.exit_code, done.stderr) == (0, "")
    assert "480,000.00" in done.stdout


def test_entries_made_otherwise_than_reported_do_not_tie(
    books: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Revenue is posted to by hand as well, so only what the engine made is compared."""
    with books.open("a") as file:
        file.write(
            "2024-07-01 open Assets:Cash\n"
            '2024-07-01 * "a hand"\n'
            "  Income:Revenue:Compute:Investee:Credits:Moon   10.00 USD\n"
            "  Assets:Cash                                   -10.00 USD\n"
        )
    assert run("report", "margin", books, "--by", "deal").exit_code == 0

    def a_cent_more(*args: Any, **named: Any) -> list[DealMargin]:
        return [
            row._replace(revenue=row.revenue + Decimal("0.01"))
            for row in deal_margins(*args, **named)
        ]

    monkeypatch.setattr("beanscrow.reports.tie_out_made.deal_margins", a_cent_more)
    done = run("report", "margin", books, "--by", "deal")
    assert done.exit_code == 1
    assert "E802 deal moon, revenue of credits" in done.stderr


STARTUP = CASES / "deals/G01/startup.beancount"


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (("rpo",), "these are a startup's books"),
        (("margin", "--by", "deal"), "these are a startup's books"),
        (("margin",), "no fleet is written in this ledger"),
        (("fleets",), "no fleet is written in this ledger"),
        (("failures",), "no credits were forfeited by a failure"),
        (
            ("credits", "--until", "2001-12-31"),
            "nothing is booked by 2001-12-31; the first",
        ),
    ],
)
def test_an_empty_table_says_why_and_rows_for_machines_do_not(
    words: tuple[str, ...], why: str
) -> None:
    done = run("report", *words, STARTUP)
    (line,) = done.stderr.splitlines()
    assert line.startswith(f"{STARTUP}: {why}")
    assert done.exit_code == 0
    assert run("report", *words, STARTUP, "--format", "csv").stderr == ""


def test_a_day_the_books_have_not_reached_is_told(books: Path) -> None:
    done = run("report", "credits", books, "--until", "2030-01-01")
    assert "the books have reached 2024-12-31, so 2030-01-01 shows" in done.stderr
    assert done.exit_code == 0


def test_a_day_is_one_of_the_calendar(books: Path) -> None:
    done = run("report", "credits", books, "--until", "2026-02-30")
    assert "2026-02-30 is no day of the calendar" in done.stderr
    done = run("report", "credits", books, "--until", "30.6.2026")
    assert "wanted one such as 2024-03-31" in done.stderr
