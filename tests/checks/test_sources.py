"""The text of a ledger, before Beancount sees it: what can be read, and what it says."""

from __future__ import annotations

from pathlib import Path

import pytest

from beanscrow.checks.ledger_text import of_text
from beanscrow.checks.sources import read_sources


def told(path: Path) -> list[tuple[str, str, int]]:
    """Return code, file and line of what is wrong with the files of a ledger."""
    problems = read_sources(path).problems
    return [(p.code, Path(p.at.filename).name, p.at.lineno) for p in problems]


def write(folder: Path, text: str | bytes, name: str = "main.beancount") -> Path:
    """Write a file, and return its path."""
    path = folder / name
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return path


# -- division by zero --------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "2024-01-01 price USD 1/0 EUR",
        "2024-01-01 price USD 1 / 0.00 EUR",
        "2024-01-01 price USD 1/-0 EUR",
        "2024-01-01 price USD 1/(2-2) EUR",
        "2024-01-01 price USD 1/(0*5+0/3) EUR",
        "2024-01-01 price USD 5*(1+1/(((0)))) EUR",
        "2024-01-01 price USD 1/(1/(1/0)) EUR",
        "2024-01-01 price USD 1/+0 EUR",
        "2024-01-01 price USD 1/0,000.0 EUR",
        '2024-01-01 * "x"\n  Assets:A   10.00/(3-3) USD\n',
        '2024-01-01 custom "deal-usage" "moon" 1/0 MOON.CR',
        "2024-01-01 open Assets:A\n  rate: 1/0",
        "2024-01-01 balance Assets:A 1 ~ 1/0 USD",
        "2024-01-01 price USD " + "1/" + "(" * 60 + "0" + ")" * 60 + " EUR",
    ],
)
def test_a_division_by_zero_is_refused_at_its_line(tmp_path: Path, text: str) -> None:
    path = write(tmp_path, "; head\n" + text)
    ((code, name, line),) = told(path)
    assert (code, name) == ("E814", "main.beancount")
    assert "/" in path.read_text().splitlines()[line - 1]


@pytest.mark.parametrize(
    "text",
    [
        "2024/01/01 price USD 1.0 EUR",
        "2024-01-01 price USD 1/2 EUR",
        "2024-01-01 price USD 1/(2-1) EUR",
        "2024-01-01 price USD 1/0.5 EUR",
        "2024-01-01 price USD 0/5 EUR",
        '2024-01-01 note Assets:A "a ratio of 1/0"',
        '2024-01-01 note Assets:A "two lines\n1/0"',
        "; 1/0",
        "* 1/0 a heading",
        "2024-01-01 price USD 1.0 EUR ; 1/0",
        '2024-01-01 * "x" #a/0 ^b/0\n',
        "2024-01-01 price /0A 1.0 EUR",
        "1/(",
        "1/",
    ],
)
def test_what_only_looks_like_one_is_left_to_beancount(tmp_path: Path, text: str) -> None:
    assert told(write(tmp_path, text)) == []


def test_every_line_that_divides_by_zero_is_told(tmp_path: Path) -> None:
    path = write(tmp_path, "2024-01-01 price USD 1/0 EUR\n2024-01-02 price USD 1/0 EUR\n")
    assert told(path) == [("E814", "main.beancount", 1), ("E814", "main.beancount", 2)]


def test_included_files_are_looked_at_too(tmp_path: Path) -> None:
    (tmp_path / "deals").mkdir()
    write(tmp_path / "deals", "\n2024-01-01 price USD 1/0 EUR\n", "moon.beancount")
    path = write(tmp_path, 'include "deals/*.beancount"\n')
    assert told(path) == [("E814", "moon.beancount", 2)]


# -- files that are none -----------------------------------------------------------


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    assert told(tmp_path / "main.beancount") == [("E810", "main.beancount", 0)]


def test_an_include_that_matches_nothing_is_left_to_beancount(tmp_path: Path) -> None:
    assert told(write(tmp_path, 'include "nothing/*.beancount"\n')) == []


def test_a_folder_is_told_at_the_line_that_includes_it(tmp_path: Path) -> None:
    (tmp_path / "deals").mkdir()
    path = write(tmp_path, '\n  include "deals"\n')
    assert told(path) == [("E811", "main.beancount", 2)]
    assert told(tmp_path) == [("E811", tmp_path.name, 0)]


@pytest.mark.parametrize(
    ("content", "line"),
    [
        (b"2024-01-01 open Assets:A\n\x00", 2),
        ("2024-01-01 open Assets:A\n".encode("utf-16"), 1),
        ("2024-01-01 open Assets:A\n\n; caf\u00e9".encode("latin-1"), 3),
        (b"\x89PNG\r\n\x1a\n", 1),
    ],
)
def test_a_file_that_is_no_text(tmp_path: Path, content: bytes, line: int) -> None:
    assert told(write(tmp_path, content)) == [("E812", "main.beancount", line)]


def test_an_encrypted_file_is_not_opened(tmp_path: Path) -> None:
    write(tmp_path, b"\x85\x01", "deal.gpg")
    path = write(tmp_path, 'include "deal.gpg"\n')
    assert told(path) == [("E813", "main.beancount", 1)]


def test_files_that_include_each_other_are_read_once(tmp_path: Path) -> None:
    write(tmp_path, 'include "main.beancount"\n', "other.beancount")
    path = write(tmp_path, 'include "other.beancount"\ninclude "main.beancount"\n')
    sources = read_sources(path)
    assert sources.problems == ()
    assert [Path(s.path).name for s in sources.files] == [
        "main.beancount",
        "other.beancount",
    ]


def test_the_digest_is_of_every_file_and_of_nothing_else(tmp_path: Path) -> None:
    other = write(tmp_path, "", "other.beancount")
    path = write(tmp_path, 'include "other.beancount"\n')
    before = read_sources(path).digest
    assert read_sources(path).digest == before
    other.write_text(" ")
    assert read_sources(path).digest != before
    other.write_text("")
    assert read_sources(path).digest == before


# -- what the lines say ------------------------------------------------------------


def findings(path: Path) -> list[tuple[str, str, int]]:
    """Return code, file and line of the findings of a ledger's text."""
    found = of_text(read_sources(path))
    return [(p.code, Path(p.at.filename).name, p.at.lineno) for p in found]


def test_a_plugin_line_in_an_included_file_has_no_effect(tmp_path: Path) -> None:
    write(tmp_path, '; ours\nplugin "beanscrow.plugins.deals"\n', "deal.beancount")
    path = write(tmp_path, 'plugin "beancount.plugins.auto"\ninclude "deal.beancount"\n')
    assert findings(path) == [("F610", "deal.beancount", 2)]


@pytest.mark.parametrize(
    ("option", "told"),
    [
        ('"plugin_processing_mode" "raw"', ["F611"]),
        ('"plugin_processing_mode" "default"', []),
        ('"inferred_tolerance_default" "*:0.001"', ["F611"]),
        ('"inferred_tolerance_default" "USD:0.05"', []),
        ('"inferred_tolerance_default" "USD:0.051"', ["F611"]),
        ('"tolerance_multiplier" "0.5"', []),
        ('"tolerance_multiplier" "0.6"', ["F611"]),
        ('"inferred_tolerance_multiplier" "100000"', ["F611"]),
        ('"infer_tolerance_from_cost" "TRUE"', ["F611"]),
        ('"infer_tolerance_from_cost" "FALSE"', []),
        ('"title" "raw"', []),
        ('"tolerance_multiplier" "much"', []),
    ],
)
def test_an_option_that_switches_checks_off_is_told(
    tmp_path: Path, option: str, told: list[str]
) -> None:
    path = write(tmp_path, f"option {option}\n")
    assert [code for code, _, _ in findings(path)] == told


def test_options_of_an_included_file_have_no_effect(tmp_path: Path) -> None:
    write(tmp_path, 'option "plugin_processing_mode" "raw"\n', "deal.beancount")
    assert findings(write(tmp_path, 'include "deal.beancount"\n')) == []


def test_a_load_cache_beside_the_ledger_is_told(tmp_path: Path) -> None:
    write(tmp_path, b"", ".main.beancount.picklecache")
    write(tmp_path, b"", ".another.beancount.picklecache")
    assert findings(write(tmp_path, "")) == [("F612", "main.beancount", 1)]
