"""What the parsed entry no longer shows is found in its source lines."""

from __future__ import annotations

from pathlib import Path

import pytest
from beancount import loader

from beanscrow.deal.reader import Reading, read
from beanscrow.deal.terms import Usage
from tests.deal.reading import MOON, facts, told

BOOKS = """
2000-01-01 custom "books" "provider"
  framework: "us-gaap"
  currency: "USD"
"""


def of_file(folder: Path, text: str, rescan: bool = True) -> Reading:
    """Return what is read of a ledger in a file, whose first line is the text's."""
    path = folder / "main.beancount"
    path.write_text(text + BOOKS, encoding="utf-8", newline="")
    entries, _, options = loader.load_file(str(path))
    return read(entries, options, rescan=rescan)


HEADS = [
    ('"moon" 5 MOON.CR', []),
    ('"moon" -5 MOON.CR', []),
    ('"moon" - 5 MOON.CR', []),
    ('"moon" 1,750,500.50 MOON.CR', []),
    ('"moon"  5   MOON.CR  ', []),
    ('"moon" 5 MOON.CR ; 5 - 3', []),
    ('"moon" 5 MOON.CR ; see "x" 5 USD', []),
    ('"moon" 5 -3 MOON.CR', ["E140"]),
    ('"moon" 5-3 MOON.CR', ["E140"]),
    ('"moon" 5 - 3 MOON.CR', ["E140"]),
    ('"moon" 5 + 3 MOON.CR', ["E140"]),
    ('"moon" 5*3 MOON.CR', ["E140"]),
    ('"moon" 6/3 MOON.CR', ["E140"]),
    ('"moon" (5) MOON.CR', ["E140"]),
    ('"moon" 5 -3 MOON.CR ; see "x" 5 USD', ["E140"]),
    ('"moon" 5 -3 MOON.CR ; "" 5 USD', ["E140"]),
]


@pytest.mark.parametrize(("head", "codes"), HEADS)
def test_arithmetic_on_the_line(tmp_path: Path, head: str, codes: list[str]) -> None:
    text = MOON.lstrip() + f'2024-03-31 custom "deal-usage" {head}\n'
    read_ = of_file(tmp_path, text)
    assert [code for _, code in told(read_)] == codes
    assert len(facts(read_, Usage)) == 1 - len(codes)


def test_numbers_and_signs_elsewhere_are_no_arithmetic(tmp_path: Path) -> None:
    text = MOON.lstrip().replace('"T1"', '"T1"\n  note: "5 -3 and 2*2"') + (
        '2024-03-31 custom "deal-charge" "moon" "C-3 -2" Expenses:RnD-2:A-3 1\n'
        '2024-08-01 custom "deal-correct" "moon" "deal-stake" 2024-03-01\n'
        "  units: 5*2 MOON.A\n"
        '2024-08-01 custom "deal-result" "moon" -20.00 USD\n'
        "  from: 2024-01-01\n"
        "  to: 2024-07-31\n"
    )
    assert told(of_file(tmp_path, text), "E", "F") == []


KEYS = [
    ("", []),
    ('  note: "a"\n', []),
    ('  note: "a"\n  service: "C"\n', []),
    ('  note: "a"\n  ; a remark\n  service: "C"\n', []),
    ('  note: "a" ; note: "b"\n', []),
    ('  note: "many\n  note: lines\n\n  of it"\n', []),
    ('  note: "a \\" b"\n  service: "C"\n', []),
    ('  note: "a"\n\n; a remark\n\n', []),
    ('\tnote: "a"\n', []),
    ('  note: "a"\n  note: "a"\n', ["E141"]),
    ('  note: "a"\n  service: "C"\n  note: "b"\n', ["E141"]),
    ('  note: "a"\n  ; a remark\n  note: "b"\n', ["E141"]),
    ('  note: "a"\n\n  service: "C"\n', ["E142"]),
    ('  note: "a"\n  \t\n  service: "C"\n', ["E142"]),
    ('\n  note: "a"\n', ["E142"]),
    ('; at the margin\n  note: "a"\n', ["E142"]),
    ('  note: "a"\n\n\n\n  service: "C"\n', ["E142"]),
    ('  note: "a"\n  note: "b"\n\n  service: "C"\n', ["E141", "E142"]),
]


@pytest.mark.parametrize("ending", ["\n", "\r\n"])
@pytest.mark.parametrize("after", ["", "\n", '2024-04-30 price MOON.A 1 USD\n  aa: "b"\n'])
@pytest.mark.parametrize(("keys", "codes"), KEYS)
def test_keys_twice_or_lost(
    tmp_path: Path, keys: str, codes: list[str], after: str, ending: str
) -> None:
    text = MOON.lstrip() + f'2024-03-31 custom "deal-usage" "moon" 5 MOON.CR\n{keys}'
    read_ = of_file(tmp_path, (text + after).replace("\n", ending))
    assert told(read_) == [(9, code) for code in codes]
    assert len(facts(read_, Usage)) == (0 if codes else 1)


def test_the_last_line_of_a_file_without_an_end(tmp_path: Path) -> None:
    (tmp_path / "usage.beancount").write_text(
        '2024-03-31 custom "deal-usage" "moon" 5 MOON.CR\n  note: "a"\n  note: "b"'
    )
    text = MOON.lstrip() + 'include "usage.beancount"\n'
    read_ = of_file(tmp_path, text)
    assert told(read_) == [(1, "E141")]
    assert read_.problems[0].at.filename == str(tmp_path / "usage.beancount")


def test_one_marked_line_leaves_the_rest(tmp_path: Path) -> None:
    usage = '2024-0{}-28 custom "deal-usage" "moon" {} MOON.CR\n'
    lines = [usage.format(3, 5), usage.format(4, "5 -3"), usage.format(5, 6)]
    read_ = of_file(tmp_path, MOON.lstrip() + "".join(lines))
    assert told(read_) == [(10, "E140")]
    assert [held.quantity.number for held in facts(read_, Usage)] == [5, 6]
    assert len(read_.agreements["moon"].refused) == 1


def test_without_a_file_nothing_is_looked_up(tmp_path: Path) -> None:
    text = MOON.lstrip() + '2024-03-31 custom "deal-usage" "moon" 5 -3 MOON.CR\n'
    assert told(of_file(tmp_path, text, rescan=False)) == []
    entries, _, options = loader.load_string(text + BOOKS)
    assert told(read(entries, options)) == []
    path = tmp_path / "main.beancount"
    entries, _, options = loader.load_file(str(path))
    path.unlink()
    assert told(read(entries, options)) == []
    path.write_bytes(b"\xff\xfe no text at all")
    assert told(read(entries, options)) == []
    path.write_text("; the file has changed meanwhile\n" * 3)
    assert told(read(entries, options)) == []


@pytest.mark.parametrize("key", ["lineno: 3", 'filename: "export.csv"'])
def test_an_entry_that_says_it_stands_elsewhere_is_found(tmp_path: Path, key: str) -> None:
    (tmp_path / "usage.beancount").write_text(
        '\n2024-03-31 custom "deal-usage" "moon" 4 MOON.CR\n'
        '2024-03-31 custom "deal-usage" "moon" 5 MOON.CR\n'
        f"  {key}\n"
    )
    read_ = of_file(tmp_path, MOON.lstrip() + 'include "usage.beancount"\n')
    (problem,) = read_.problems
    assert problem.code == "E106"
    assert problem.at == (str(tmp_path / "usage.beancount"), 3)
    assert [held.quantity.number for held in facts(read_, Usage)] == [4]


def test_a_file_of_the_ledger_may_not_be_named_in_a_string() -> None:
    """Of a ledger given as text nothing can be looked up; the key is refused all the same."""
    text = MOON + '2024-03-31 custom "deal-usage" "moon" 5 MOON.CR\n  lineno: 3\n'
    entries, _, options = loader.load_string(text.lstrip() + BOOKS)
    (problem,) = read(entries, options).problems
    assert (problem.code, problem.at.lineno) == ("E106", 0)
