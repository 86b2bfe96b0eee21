"""beanscrow simulate: what is printed, drawn and written, and what it refuses."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from beanscrow.checks.examine import examine
from beanscrow.cli import main
from beanscrow.simulation.figures import whole_row
from beanscrow.simulation.reading import read_deal, read_scenarios
from beanscrow.simulation.simulate import Outcome, simulate
from tests.simulation.books import DEAL, HEAD, SPECIMEN, Texts
from tests.support.ledgers import load_path

FILES = (SPECIMEN / "deal.beancount", SPECIMEN / "scenarios.beancount")
NAMES = list(read_scenarios(FILES[1]).heads)


def run(*words: str | Path) -> Result:
    return CliRunner().invoke(main, ["simulate", *(str(word) for word in words)])


def test_tables_stand_the_scenarios_side_by_side() -> None:
    done = run(*FILES)
    assert (done.exit_code, done.stderr) == (0, "")
    lines = done.stdout.splitlines()
    assert lines[0] == "Scenarios, 2027-01-01 to 2028-12-31, USD"
    assert lines[1].split() == NAMES
    revenue = next(line for line in lines if line.startswith("= Revenue"))
    assert revenue.split()[2:] == [
        "1,140,000.00", "1,116,000.00", "1,140,000.00",
        "1,050,000.00", "1,140,000.00", "1,140,000.00",
    ]  # fmt: skip
    assert "failure: the books of North Cloud, USD, us-gaap" in lines
    assert "down-round-ifrs: the books of Polar AI, USD, ifrs" in lines
    assert "base: revenue and expense are the same in every period" in lines
    assert all(line == line.rstrip() and "…" not in line for line in lines)


def test_scenarios_are_chosen_and_stand_as_asked_for() -> None:
    done = run(*FILES, "--scenario", "failure", "--scenario", "base", "--show", "scenarios")
    assert done.stdout.splitlines()[1].split() == ["failure", "base"]
    assert "the books of" not in done.stdout


def test_rows_of_json_are_decimal_strings_and_iso_dates() -> None:
    done = run(*FILES, "--scenario", "down-round", "--format", "json")
    rows = json.loads(done.stdout)
    assert [(row["period"], row["first"], row["last"]) for row in rows] == [
        ("2027", "2027-01-01", "2027-12-31"),
        ("2028", "2028-01-01", "2028-12-31"),
    ]
    assert rows[0]["provider_stake_result"] == "-300000.00"
    assert rows[1]["provider_stake"] == "600000.00"
    assert {type(value) for row in rows for value in row.values()} == {str}


def test_rows_of_scenarios_and_of_differences(texts: Texts) -> None:
    texts.write(
        """
        2027-01-01 custom "scenario" "other"
          extends: "base"
          what: "=1+1"
        """
    )
    files = (texts.deal, texts.scenarios)
    done = run(*files, "--format", "csv", "--show", "scenarios")
    rows = list(csv.DictReader(io.StringIO(done.stdout)))
    assert [row["scenario"] for row in rows] == ["base", "other"]
    assert rows[1]["what"] == "'=1+1"
    assert rows[0]["price_per_gpu_hour"] == ""
    done = run(*FILES, "--format", "json", "--show", "differences", "--period", "quarter")
    rows = json.loads(done.stdout)
    early = [row for row in rows if row["scenario"] == "early-breakage"]
    assert {row["amount"] for row in rows if row["part"] == "unexplained"} == {"0.00"}
    # 0.10 of 112,500.00 a quarter
    assert {
        row["amount"] for row in early if row["part"] == "difference"
    } == {"11250.00", "-78750.00"}  # fmt: skip


def test_periods_are_quarters_and_months_too() -> None:
    for interval, count in (("month", 24), ("quarter", 8), ("year", 2)):
        done = run(*FILES, "--scenario", "base", "--period", interval, "--format", "csv")
        assert len(done.stdout.splitlines()) == 1 + count


def test_a_horizon_within_a_period_cuts_it_short(texts: Texts) -> None:
    texts.write("", head=HEAD.replace("2028-12-31", "2028-02-10"))
    done = run(texts.deal, texts.scenarios, "--format", "json", "--period", "quarter")
    last = json.loads(done.stdout)[-1]
    assert (last["period"], last["last"]) == ("2028-Q1", "2028-02-10")


def test_what_is_wrong_is_told_once_and_nothing_is_printed(texts: Texts) -> None:
    """Three scenarios have the line that is wrong; it is wrong once."""
    texts.write(
        """
        2027-01-01 custom "scenario" "a"
          extends: "base"
        2027-01-01 custom "scenario-usage" "base" "polar"
          share: 1.10
        2027-01-01 custom "scenario-failure" "a" "pola"
        """
    )
    done = run(texts.deal, texts.scenarios)
    assert (done.exit_code, done.stdout) == (1, "")
    told = done.stderr.splitlines()
    assert [line.partition(" ")[2][:4] for line in told] == ["E301", "E825"]
    assert told[0].startswith(f"{texts.scenarios}:8: E301 ")


def test_files_that_are_wrong_are_told_before_any_scenario(texts: Texts) -> None:
    texts.write("", "; nothing", head="")
    done = run(texts.deal, texts.scenarios, "--scenario", "base")
    assert (done.exit_code, done.stdout) == (1, "")
    assert [line.split()[1] for line in done.stderr.splitlines()] == ["E825", "E820"]


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("--scenario", "bsae"), "E822"),
        (("--picture", "polar.pdf"), "E832"),
        (("--picture", "nowhere/polar.svg"), "E832"),
        (("--format", "json", "--show", "books", "--show", "scenarios"), "--format"),
        (("--into", str(SPECIMEN)), "E805"),
    ],
)
def test_what_cannot_be_done_is_refused(words: tuple[str, ...], code: str) -> None:
    done = run(*FILES, *words)
    assert done.exit_code == 2
    assert done.stderr.startswith(code)


def test_too_many_scenarios_for_one_picture(texts: Texts, tmp_path: Path) -> None:
    more = "\n".join(
        f'2027-01-01 custom "scenario" "s{n}"\n  extends: "base"' for n in range(8)
    )
    texts.write(more)
    done = run(texts.deal, texts.scenarios, "--picture", tmp_path / "all.svg")
    assert done.exit_code == 2
    assert done.stderr.startswith("E832 9 scenarios")
    assert not (tmp_path / "all.svg").exists()


@pytest.mark.parametrize("kind", ["svg", "png"])
def test_a_picture_names_its_scenarios_and_is_equal_every_time(
    kind: str, tmp_path: Path
) -> None:
    """In this process, in this process again, and in one that hashes otherwise."""
    digests = []
    for number in range(2):
        path = tmp_path / f"{number}.{kind}"
        done = run(*FILES, "--show", "scenarios", "--picture", path)
        assert (done.exit_code, done.stderr) == (0, "")
        digests.append(hashlib.sha256(path.read_bytes()).hexdigest())
    path = tmp_path / f"apart.{kind}"
    words = [*map(str, FILES), "--show", "scenarios", "--picture", str(path)]
    subprocess.run(
        [sys.executable, "-m", "beanscrow.cli", "simulate", *words],
        env={**os.environ, "PYTHONHASHSEED": "7", "TZ": "Asia/Shanghai", "LANG": "C"},
        stdout=subprocess.DEVNULL,
        check=True,
    )
    digests.append(hashlib.sha256(path.read_bytes()).hexdigest())
    assert len(set(digests)) == 1
    if kind == "svg":
        drawn = path.read_text("utf-8")
        assert all(f"<!-- {name}: " in drawn for name in NAMES)
        assert "North Cloud and Polar AI" in drawn
        assert "<dc:date>" not in drawn
    else:
        assert path.read_bytes().startswith(b"\x89PNG")


def test_a_picture_of_names_its_font_lacks(texts: Texts, tmp_path: Path) -> None:
    """They are left out rather than drawn as boxes; a dollar sign is no formula."""
    deal = DEAL.replace("Polar AI", "月之暗面").replace("North Cloud", "North $ Cloud $")
    texts.write("", deal, HEAD + '      what: "costs $1 to $2"\n')
    path = tmp_path / "polar.svg"
    done = run(texts.deal, texts.scenarios, "--show", "scenarios", "--picture", path)
    assert (done.exit_code, done.stderr) == (0, "")
    drawn = path.read_text("utf-8")
    assert "North $ Cloud $ and startup: what deal polar would do" in drawn
    assert "costs $1 to $2" in drawn


def test_a_table_needs_no_drawing_library() -> None:
    code = (
        "import sys\n"
        "from beanscrow.cli import main\n"
        f"main(['simulate', {str(FILES[0])!r}, {str(FILES[1])!r}], standalone_mode=False)\n"
        "sys.exit('matplotlib' in sys.modules or 'fava' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=False)
    assert done.returncode == 0


def test_neither_file_is_changed(texts: Texts, tmp_path: Path) -> None:
    texts.write('2027-01-02 custom "scenario-round" "base" "polar" 6.00 USD')
    files = sorted(it for it in tmp_path.iterdir())
    before = [it.read_bytes() for it in files]
    assert run(texts.deal, texts.scenarios).exit_code == 0
    assert sorted(tmp_path.iterdir()) == files
    assert [it.read_bytes() for it in files] == before


def test_ledgers_that_are_written_hold_what_was_shown(tmp_path: Path) -> None:
    """Loaded as any ledger is, they are sound, without a finding, and tell the same."""
    folder = tmp_path / "ledgers"
    assert run(*FILES, "--into", folder, "--show", "scenarios").exit_code == 0
    assert len(list(folder.iterdir())) == 2 * len(NAMES)
    for name in NAMES:
        outcome = simulate(read_deal(FILES[0]), read_scenarios(FILES[1]), name)
        assert isinstance(outcome, Outcome)
        for books in (outcome.provider, outcome.startup):
            path = folder / f"{name}.{books.side}.beancount"
            ledger = load_path(path)
            assert ledger.messages == []
            found = examine(ledger.entries, ledger.options, findings=True)
            assert [(it.code, it.message) for it in found.problems] == []
            written = books._replace(entries=ledger.entries)
            if books.side == "provider":
                again = outcome._replace(provider=written)
            else:
                again = outcome._replace(startup=written)
            assert whole_row(again) == whole_row(outcome)


def test_text_that_is_hard_to_write_is_read_back(texts: Texts, tmp_path: Path) -> None:
    deal = DEAL.replace("Polar AI", 'Polar \\"AI\\" \\\\ Co')
    texts.write(
        """
        option "name_assets" "Vermoegen"
        2027-01-01 price EUR 1.10 USD
        2027-01-01 custom "deal-charge" "polar" "Compute" Expenses:RnD 1
          x-empty:
          x-flag: TRUE
          x-many: 1,000.50
        """,
        f'option "name_assets" "Vermoegen"\n{DEAL and deal}',
    )
    done = run(
        texts.deal, texts.scenarios, "--into", tmp_path / "it", "--show", "scenarios"
    )
    assert (done.exit_code, done.stderr) == (0, "")
    for side in ("provider", "startup"):
        ledger = load_path(tmp_path / "it" / f"base.{side}.beancount")
        assert ledger.messages == []
        accounts = {getattr(entry, "account", "") for entry in ledger.entries}
        assert not any(name.startswith("Assets") for name in accounts)
        text = (tmp_path / "it" / f"base.{side}.beancount").read_text()
        assert '"Polar \\"AI\\" \\\\ Co"' in text
        assert "  x-empty:\n  x-flag: TRUE\n  x-many: 1000.50\n" in text


def test_where_the_ledgers_go_is_looked_at_before_anything_is_printed(
    tmp_path: Path,
) -> None:
    (tmp_path / "s").write_text("")
    done = run(*FILES, "--into", tmp_path / "s" / "x")
    assert (done.exit_code, done.stdout) == (2, "")
    assert "E806 the directory " in done.stderr


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        (
            "gpu-hour: 2.50 USD",
            "gpu-hour: 2.50 EUR",
            "E117 scenario base: gpu-hour is in EUR",
        ),
        ("share: 0.90", "share: 90", "E113 scenario-usage: share is 90; it is a fraction"),
    ],
)
def test_a_figure_that_would_be_passed_over_is_refused(
    old: str, new: str, told: str, tmp_path: Path
) -> None:
    text = FILES[1].read_text()
    assert old in text
    changed = tmp_path / "scenarios.beancount"
    changed.write_text(text.replace(old, new))
    done = run(FILES[0], changed)
    assert done.exit_code == 1
    assert told in done.stderr
