"""beanscrow check, run as a user runs it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from beanscrow.cli.check import check

SOUND = """\
plugin "beanscrow.plugins.deals"
2024-01-01 custom "books" "provider"
  framework: "us-gaap"
  currency: "USD"
  open-accounts: TRUE
2024-01-01 custom "deal" "moon" "Moonshot AI"
  provider: "Cloud"
  escrow-owner: "none"
2024-01-01 custom "deal-stake" "moon" 100 MOON.A
  fair-value: 1.00 USD
  fair-value-source: "valuation"
2024-01-01 custom "deal-grant" "moon" 100 MOON.CR
  tranche: "T1"
2024-03-31 custom "deal-usage" "moon" 40 MOON.CR
"""
ERROR = '2024-04-30 custom "deal-usage" "moon" 61 MOON.CR\n'
FINDING = """\
2024-01-01 open Assets:Bank
2024-05-01 * "by hand"
  Liabilities:Contract:Credits:Moon:T1   1.00 USD
  Assets:Bank  -1.00 USD
"""
NOTE = '2024-01-01 custom "deal-charge" "moon" "Compute" Expenses:Training 1\n'


@pytest.fixture(autouse=True)
def _in_a_folder_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def run(text: str | None, *options: str, name: str = "main.beancount") -> Result:
    """Write a ledger where we are, and check it."""
    if text is not None:
        Path(name).write_text(text)
    result = CliRunner().invoke(check, [name, *options])
    assert result.exception is None or isinstance(result.exception, SystemExit)
    return result


def rows(result: Result) -> list[dict[str, object]]:
    """Return the rows a check printed."""
    found = json.loads(result.stdout)
    assert isinstance(found, list)
    return found


@pytest.mark.parametrize("level", ["basic", "strict", "audit"])
def test_a_sound_ledger_is_passed_in_silence(level: str) -> None:
    result = run(SOUND, "--level", level)
    assert (result.output, result.exit_code) == ("", 0)


def test_a_sound_ledger_has_no_rows() -> None:
    result = run(SOUND, "--format", "json")
    assert (rows(result), result.exit_code) == ([], 0)


def test_an_error_is_one_line_on_standard_error() -> None:
    result = run(SOUND + ERROR)
    assert (result.stdout, result.exit_code) == ("", 1)
    (line,) = result.stderr.splitlines()
    assert line.startswith("main.beancount:15: E301 61 MOON.CR is 1 more than is left")


def test_a_row_says_all_there_is_to_say() -> None:
    result = run(SOUND + ERROR, "--format", "json")
    assert (result.stderr, result.exit_code) == ("", 1)
    (row,) = rows(result)
    assert list(row) == ["code", "level", "file", "line", "message", "deal"]
    message = str(row.pop("message"))
    assert message.startswith("61 MOON.CR is 1 more than is left")
    assert row == {
        "code": "E301",
        "level": "error",
        "file": "main.beancount",
        "line": 15,
        "deal": "moon",
    }


@pytest.mark.parametrize(
    ("level", "told", "status"),
    [
        ("basic", [], 0),
        ("strict", [("F601", "finding")], 1),
        ("audit", [("N101", "note"), ("F601", "error")], 1),
    ],
)
def test_each_level_tells_more(
    level: str, told: list[tuple[str, str]], status: int
) -> None:
    """By hand on the contract liability: an auditor takes it for an error."""
    result = run(SOUND + NOTE + FINDING, "--level", level, "--format", "json")
    assert [(row["code"], row["level"]) for row in rows(result)] == told
    assert result.exit_code == status


def test_notes_alone_leave_a_ledger_sound() -> None:
    result = run(SOUND + NOTE, "--level", "audit")
    assert (result.exit_code, result.stdout) == (0, "")
    assert result.stderr.startswith("main.beancount:15: N101 ")


def test_beancounts_own_errors_are_told_with_their_name() -> None:
    wrong = """\
2024-01-01 open Assets:Bank
2024-01-02 balance Assets:Bank  1.00 USD
2024-01-03 * "x"
  Assets:Bank  1.00 USD
  Equity:Nowhere
"""
    result = run(wrong)
    assert result.exit_code == 1
    first, second = result.stderr.splitlines()
    assert first.startswith(
        "main.beancount:2: BalanceError Balance failed for 'Assets:Bank'"
    )
    assert second.startswith("main.beancount:3: ValidationError Invalid reference")


OF_NOBODY = """\
2024-01-01 open Assets:Bank
2024-04-01 * "of nobody"
  booked-by: "me"
  Assets:Bank  0.00 USD
"""


def test_an_error_is_told_once_though_two_ways_find_it() -> None:
    """The plugin has said it to Beancount, and the command looks again."""
    (row,) = rows(run(SOUND + OF_NOBODY, "--format", "json"))
    assert row["code"] == "E608"


def test_the_checks_are_made_though_no_plugin_asks_for_them() -> None:
    unchecked = SOUND.replace("plugins.deals", "plugins.escrow")
    assert run(unchecked).exit_code == 0
    (row,) = rows(run(unchecked + OF_NOBODY, "--format", "json"))
    assert row["code"] == "E608"


def test_directives_that_no_plugin_books_are_told_once() -> None:
    bare = SOUND.partition("\n")[2]
    result = run(bare)
    (line,) = result.stderr.splitlines()
    assert line.startswith("main.beancount:8: E614 3 directives of deals, this the first")


def test_a_misspelt_directive_is_told_though_no_plugin_reads_it() -> None:
    result = run('2024-01-01 custom "deal-useage" "moon" 1 MOON.CR\n')
    assert result.exit_code == 1
    assert "main.beancount:1: E101" in result.stderr


def test_a_ledger_without_deals_is_checked_by_beancount_alone() -> None:
    result = run("2024-01-01 open Assets:Bank\n", "--level", "audit")
    assert (result.output, result.exit_code) == ("", 0)


@pytest.mark.parametrize("text", ["", "\n", "; only a comment\n"])
def test_a_ledger_that_holds_nothing_is_not_passed_in_silence(text: str) -> None:
    result = run(text)
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr.startswith("main.beancount:1: F653 nothing stands in this ledger")


def test_a_file_is_named_from_where_the_user_stands(tmp_path: Path) -> None:
    (tmp_path / "deals").mkdir()
    (tmp_path / "deals" / "use.beancount").write_text(ERROR)
    result = run(SOUND + 'include "deals/*.beancount"\n')
    assert result.stderr.startswith("deals/use.beancount:1: E301 ")


def test_a_file_elsewhere_is_named_in_full(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ledger = tmp_path / "main.beancount"
    ledger.write_text(SOUND + ERROR)
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    result = run(None, name=str(ledger))
    assert result.stderr.startswith(f"{ledger}:15: E301 ")


# -- ledgers that cannot be loaded -------------------------------------------------


@pytest.mark.parametrize("name", ["nothing.beancount", "folder"])
def test_a_ledger_that_is_no_file_is_a_wrong_command(name: str, tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    result = run(None, name=name)
    assert result.exit_code == 2
    assert name in result.stderr
    assert "Traceback" not in result.stderr


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"\x89PNG\r\n\x1a\n", "main.beancount:1: E812 "),
        ("2024-01-01 open Assets:Caf\u00e9\n".encode("latin-1"), "main.beancount:1: E812 "),
        (b"2024-01-01 price USD 1/0 EUR\n", "main.beancount:1: E814 "),
        (b'\ninclude "."\n', "main.beancount:2: E811 "),
        (b"\xef\xbb\xbf2024-01-01 open Assets:Cash\n", "main.beancount:1: E812 "),
        (b'\n\ninclude "none.beancount"\n', "main.beancount:3: E816 "),
        (b'\ninclude "usage/*.beancount"\n', "main.beancount:2: E816 "),
        (b'\n\ninclude "main.beancount"\n', "main.beancount:3: E817 "),
        (b'\nplugin "beanscrow.plugins.deal"\n', "main.beancount:2: E818 "),
        (b"\npushtag #x\n", "main.beancount:2: E819 pushtag #x "),
        (b'\n\npushmeta note: "x"\n', "main.beancount:3: E819 pushmeta note "),
    ],
)
def test_what_beancount_cannot_read_is_told_in_words(content: bytes, told: str) -> None:
    Path("main.beancount").write_bytes(content)
    result = run(None, "--level", "audit")
    (line,) = result.stderr.splitlines()
    assert line.startswith(told)
    assert result.exit_code == 1


@pytest.mark.parametrize("stop", ["raise ValueError('a fault')", "raise SystemExit(0)"])
def test_a_plugin_that_stops_the_load_is_told(stop: str) -> None:
    """Whatever exit code it asked for."""
    Path("stopper.py").write_text(f"__plugins__ = ('stop',)\nif True:\n    {stop}\n")
    ledger = 'option "insert_pythonpath" "TRUE"\nplugin "stopper"\n'
    result = run(ledger)
    (line,) = result.stderr.splitlines()
    assert line.startswith("main.beancount:1: E815 Beancount stopped reading the ledger (")
    assert "stopper.py" in line
    assert result.exit_code == 1


def test_a_plugin_that_is_not_there_is_told_on_one_line() -> None:
    result = run('plugin "no.such.plugin"\n')
    (line,) = result.stderr.splitlines()
    assert "E818" in line
    assert "No module named 'no'" in line
    assert "Traceback" not in line


def test_a_fault_of_our_own_is_told_on_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> None:
        raise KeyError("a fault")

    monkeypatch.setattr("beanscrow.cli.check.examine", fail)
    result = run("2024-01-01 open Assets:Bank\n")
    (line,) = result.stderr.splitlines()
    assert line.startswith("main.beancount:1: E616 ")
    assert result.exit_code == 1


def test_a_load_cache_is_not_used_and_not_left_behind() -> None:
    """The file is no cache at all; Beancount takes it away unread."""
    cache = Path(".main.beancount.picklecache")
    cache.write_bytes(b"no pickle")
    result = run(SOUND, "--level", "strict")
    assert result.stderr.startswith("main.beancount:1: F612 ")
    assert not cache.exists()
    assert run(SOUND, "--level", "strict").exit_code == 0


# -- the receipt -------------------------------------------------------------------


def test_a_receipt_says_what_was_checked() -> None:
    result = run(SOUND, "--receipt")
    receipt = json.loads(result.stdout)["receipt"]
    assert receipt["sound"] is True
    assert receipt["level"] == "basic"
    assert receipt["generated"] == 3  # signing, grant, draw
    assert (receipt["deals"], receipt["directives"], receipt["tranches"]) == (1, 5, 1)
    assert receipt["invariants"] == {
        "I1": 3, "I2": 3, "I3": 1, "I4": 1, "I5": 1, "I14": 8,
    }  # fmt: skip
    assert receipt["plugins"] == ["beanscrow.plugins.deals"]
    assert [source["file"] for source in receipt["inputs"]] == ["main.beancount"]


def test_a_receipt_changes_with_the_text_and_with_nothing_else() -> None:
    def digest(text: str) -> object:
        return json.loads(run(text, "--receipt").stdout)["receipt"]["sha256"]

    assert digest(SOUND) == digest(SOUND)
    assert digest(SOUND) != digest(SOUND + "; a remark\n")


def test_a_receipt_stands_beside_the_rows() -> None:
    result = run(SOUND + ERROR, "--format", "json", "--receipt")
    printed = json.loads(result.stdout)
    assert [row["code"] for row in printed["rows"]] == ["E301"]
    assert printed["receipt"]["sound"] is False
    assert result.exit_code == 1


def test_a_ledger_that_could_not_be_loaded_is_not_sound() -> None:
    result = run("2024-01-01 price USD 1/0 EUR\n", "--receipt")
    receipt = json.loads(result.stdout)["receipt"]
    assert receipt["sound"] is False
    assert receipt["entries"] == 0


def test_the_help_has_examples() -> None:
    result = CliRunner().invoke(check, ["--help"])
    assert (
        "beanscrow check provider.beancount --level strict --format json" in result.output
    )


def test_accounts_nobody_opens_are_told_once_with_the_key_that_opens_them() -> None:
    result = run(SOUND.replace("  open-accounts: TRUE\n", ""))
    (line,) = [line for line in result.stderr.splitlines() if " F650 " in line]
    assert line.startswith("main.beancount:2: F650 books: entries of deals go to accounts")
    assert "open-accounts: TRUE" in line
    assert result.exit_code == 1
