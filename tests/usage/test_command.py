"""beanscrow import, as it is typed."""

from __future__ import annotations

import json
import re
from decimal import Decimal
from pathlib import Path

from click.testing import CliRunner, Result

from beanscrow.catalogue import CATALOGUE
from beanscrow.cli import main
from beanscrow.usage.buckets import BUCKETS
from tests.usage.exports import books, row, write_csv, written

GOOD = [row("12.50"), row("3.00", ChargeCategory="Tax"), row("9.00", BillingAccountId="x")]


def beanscrow(*arguments: object) -> Result:
    """Run a command; an exception that is not told in words fails the test."""
    return CliRunner().invoke(
        main, ["import", *map(str, arguments)], catch_exceptions=False
    )


def test_a_good_import_exits_with_0_and_says_what_was_drawn(tmp_path: Path) -> None:
    export, ledger = write_csv(tmp_path / "a.csv", GOOD), books(tmp_path)
    result = beanscrow(export, "--into", ledger)
    assert (result.exit_code, result.stderr) == (0, "")
    assert "a.csv (FOCUS 1.3)" in result.stdout
    assert "12.50  MOON.CR" in result.stdout
    assert f"written: {tmp_path}/usage/moon-2026-03.beancount" in result.stdout
    again = beanscrow(export, "--into", ledger)
    assert again.exit_code == 0
    assert "nothing new: the ledger already holds this" in again.stdout


def test_the_table_shows_each_bucket_and_their_sum(tmp_path: Path) -> None:
    result = beanscrow(write_csv(tmp_path / "a.csv", GOOD), "--into", books(tmp_path))
    lines = [line.split() for line in result.stdout.splitlines()]
    rows = {line[0]: line[-2] for line in lines if line and line[0] in (*BUCKETS, "total")}
    assert rows == {
        "drawn": "12.50", "ineligible": "3.00", "unmatched": "9.00", "total": "24.50"
    }  # fmt: skip


def test_json_is_a_list_of_rows_with_amounts_as_text(tmp_path: Path) -> None:
    result = beanscrow(
        write_csv(tmp_path / "a.csv", GOOD), "--into", books(tmp_path), "--format", "json"
    )
    rows = json.loads(result.stdout)
    kinds = [each["row"] for each in rows]
    assert kinds == ["file", "bucket", "bucket", "bucket", "total", "drawdown"]
    buckets = [each for each in rows if each["row"] == "bucket"]
    (total,) = (each for each in rows if each["row"] == "total")
    assert total["rows"] == sum(each["rows"] for each in buckets) == 3
    for name in ("billed_cost", "effective_cost", "list_cost", "contracted_cost"):
        assert Decimal(total[name]) == sum(Decimal(each[name]) for each in buckets)
    assert rows[-1]["credits"] == "12.50"
    assert rows[-1]["date"] == "2026-03-10"


def test_what_cannot_be_read_is_one_line_each_and_exits_with_1(tmp_path: Path) -> None:
    bad = [row("1.00"), row("2.00", ListCost="x"), row("3.00", ChargePeriodEnd="x")]
    result = beanscrow(write_csv(tmp_path / "a.csv", bad), "--into", books(tmp_path))
    assert result.exit_code == 1
    lines = result.stderr.splitlines()
    assert len(lines) == 2
    assert all(line.startswith(f"{tmp_path}/a.csv: E706 1 row cannot") for line in lines)
    assert "quarantined" in result.stdout
    assert written(tmp_path) == {}


def test_a_waived_import_is_a_good_one(tmp_path: Path) -> None:
    bad = [row("1.00"), row("2.00", ListCost="x")]
    export = write_csv(tmp_path / "a.csv", bad)
    result = beanscrow(export, "--into", books(tmp_path), "--waive", "known")
    assert (result.exit_code, result.stderr) == (0, "")
    result = beanscrow(export, "--into", books(tmp_path), "--waive", "two\nlines")
    assert result.exit_code == 1
    assert "E706 the reason of --waive must be one line" in result.stderr


def test_a_file_that_is_no_export_is_one_line_and_exits_with_1(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("a,b\n1,2\n")
    result = beanscrow(tmp_path / "a.csv", "--into", books(tmp_path))
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr.startswith(f"{tmp_path}/a.csv: E701 is no FOCUS")
    assert len(result.stderr.splitlines()) == 1


def test_a_dry_run_says_what_it_would_write(tmp_path: Path) -> None:
    export = write_csv(tmp_path / "a.csv", GOOD)
    result = beanscrow(export, "--into", books(tmp_path), "--dry-run")
    assert result.exit_code == 0
    assert f"would write: {tmp_path}/usage/moon-2026-03.beancount" in result.stdout
    assert not (tmp_path / "usage").exists()


def test_what_it_cannot_do_exits_with_2(tmp_path: Path) -> None:
    export, ledger = write_csv(tmp_path / "a.csv", GOOD), books(tmp_path)
    for arguments in (
        (export, "--into", ledger, "--engine", "spark"),
        (export, "--into", tmp_path / "none"),
        (tmp_path / "none", "--into", ledger),
        ("--into", ledger),
        (export,),
    ):
        assert beanscrow(*arguments).exit_code == 2
    said = beanscrow(export, "--into", ledger, "--engine", "spark").stderr
    assert "--engine spark is not built" in said


def test_help_has_an_example() -> None:
    result = beanscrow("--help")
    assert result.exit_code == 0
    assert (
        "beanscrow import march.parquet --into ledger/provider.beancount" in result.stdout
    )


def test_every_code_that_is_said_is_in_the_catalogue_and_the_other_way_round() -> None:
    room = Path(__file__).parents[2] / "src" / "beanscrow" / "usage"
    said = {
        code
        for path in room.rglob("*.py")
        for code in re.findall(r'"([EFN]7\d{2})"', path.read_text())
    }
    assert said == {code for code in CATALOGUE if code[1] == "7"}


def test_an_import_that_matches_no_row_says_so_and_is_not_a_good_one(
    tmp_path: Path,
) -> None:
    export = write_csv(tmp_path / "a.csv", [row("9.00", BillingAccountId="acc-9")])
    result = beanscrow(export, "--into", books(tmp_path))
    assert result.exit_code == 1
    assert "nothing new" not in result.stdout
    assert "F704 no row is a deal's" in result.stderr
    assert "accounts in the files: Cloud acc-9" in result.stderr
    assert "asked for: moon billing-account acc-1" in result.stderr


def test_an_export_of_a_header_alone_has_no_rows(tmp_path: Path) -> None:
    export = write_csv(tmp_path / "a.csv", GOOD)
    export.write_text(export.read_text().splitlines()[0] + "\n")
    result = beanscrow(export, "--into", books(tmp_path))
    assert result.exit_code == 1
    assert result.stderr.startswith(f"{export}: F704 the export has no rows")


def test_rows_that_are_a_deals_but_not_drawn_are_not_called_foreign(tmp_path: Path) -> None:
    export = write_csv(tmp_path / "a.csv", [row("3.00", ChargeCategory="Tax")])
    result = beanscrow(export, "--into", books(tmp_path))
    assert result.exit_code == 1
    assert "F704 nothing is drawn: the rows that are a deal's" in result.stderr


def test_a_file_where_the_folder_goes_is_told_in_words(tmp_path: Path) -> None:
    export, ledger = write_csv(tmp_path / "a.csv", GOOD), books(tmp_path)
    (tmp_path / "usage").write_text("mine")
    for more in ([], ["--dry-run"]):
        result = beanscrow(export, "--into", ledger, *more)
        assert result.exit_code == 1
        assert "E717 the folder of imported usage cannot be written" in result.stderr
    assert (tmp_path / "usage").read_text() == "mine"


def test_rows_are_waived_for_a_reason(tmp_path: Path) -> None:
    export, ledger = write_csv(tmp_path / "a.csv", GOOD), books(tmp_path)
    result = beanscrow(export, "--into", ledger, "--waive", " ")
    assert result.exit_code == 2
    assert "no reason is given" in result.stderr
