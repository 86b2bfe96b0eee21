"""Books that cannot be read whole are never shown in place of the last that could."""

from __future__ import annotations

import datetime
import inspect
import os
from pathlib import Path

import pytest

from beanscrow.booking.daybook import daybook_of
from beanscrow.dashboard.kept import Kept

NOON = datetime.datetime(2024, 6, 1, 12, 0)
BOOKS = """
    plugin "beanscrow.plugins.deals"
    include "deal.beancount"
    2024-01-01 custom "books" "provider"
      framework: "us-gaap"
      currency: "USD"
      open-accounts: TRUE
"""
DEAL = """
    2024-01-01 custom "deal" "moon" "Moonshot AI"
      provider: "Cloud"
      escrow-owner: "none"
    2024-01-01 custom "deal-stake" "moon" 100 MOON.A
      fair-value: 9.00 USD
      fair-value-source: "valuation"
    2024-01-01 custom "deal-grant" "moon" 1000 MOON.CR
"""


def write(path: Path, text: str) -> None:
    """Write a file with a time of its own, however fast two writes follow."""
    later = path.stat().st_mtime_ns + 1_000_000 if path.exists() else None
    path.write_text(inspect.cleandoc(text) + "\n" if text else "")
    if later is not None:
        os.utime(path, ns=(later, later))


@pytest.fixture
def kept(tmp_path: Path) -> Kept:
    """Books that were loaded well once."""
    write(tmp_path / "books.beancount", BOOKS)
    write(tmp_path / "deal.beancount", DEAL)
    books = Kept(str(tmp_path / "books.beancount"), lambda: NOON)
    (_, errors, options), why = books.load()
    assert (errors, why) == ([], "")
    assert daybook_of(options) is not None
    return books


def entries_shown(kept: Kept) -> int:
    (entries, _, _), _ = kept.load()
    return len(entries)


def test_books_that_did_not_change_are_not_loaded_again(kept: Kept) -> None:
    assert not kept.moved()


def test_a_change_is_shown(kept: Kept, tmp_path: Path) -> None:
    before = entries_shown(kept)
    with (tmp_path / "deal.beancount").open("a") as file:
        file.write('2024-01-31 custom "deal-usage" "moon" 10 MOON.CR\n')
    assert kept.moved()
    assert entries_shown(kept) > before
    assert not kept.moved()


@pytest.mark.parametrize(
    ("deal", "said"),
    [
        ("2024-01-01 custom", "deal.beancount:2"),
        ("", "deal.beancount is empty or gone"),
    ],
    ids=["broken off", "empty"],
)
def test_a_torn_file_leaves_the_last_books_and_says_so(
    kept: Kept, tmp_path: Path, deal: str, said: str
) -> None:
    before = entries_shown(kept)
    write(tmp_path / "deal.beancount", deal)
    assert kept.moved()
    (entries, errors, _), why = kept.load()
    assert len(entries) == before
    assert why.startswith("Shown as they were before 2024-06-01 12:00: ")
    assert said in why
    assert [error.message for error in errors] == [why]
    write(tmp_path / "deal.beancount", DEAL)
    assert kept.moved()
    assert kept.load()[1] == ""


@pytest.mark.parametrize("name", ["books.beancount", "deal.beancount"])
def test_a_file_that_goes_and_comes_back(kept: Kept, tmp_path: Path, name: str) -> None:
    before = entries_shown(kept)
    text = (tmp_path / name).read_text()
    (tmp_path / name).unlink()
    assert kept.moved()
    (entries, _, _), why = kept.load()
    assert (len(entries), name in why) == (before, True)
    assert not kept.moved()
    (tmp_path / name).write_text(text)
    assert kept.moved()
    assert kept.load()[1] == ""


def test_a_plugin_line_that_goes_takes_no_deal_with_it(kept: Kept, tmp_path: Path) -> None:
    before = entries_shown(kept)
    text = BOOKS.replace('plugin "beanscrow.plugins.deals"', "")
    write(tmp_path / "books.beancount", text)
    (entries, _, _), why = kept.load()
    assert len(entries) == before
    assert "no deal plugin ran" in why


def test_an_error_in_a_line_is_no_torn_book(kept: Kept, tmp_path: Path) -> None:
    write(tmp_path / "deal.beancount", DEAL.replace('"none"', '"nobody"'))
    (_, errors, _), why = kept.load()
    assert why == ""
    assert errors


def test_books_never_read_whole_are_called_incomplete(tmp_path: Path) -> None:
    write(tmp_path / "books.beancount", BOOKS)
    _, why = Kept(str(tmp_path / "books.beancount")).load()
    assert why.startswith("These books are incomplete: ")


def test_a_plugin_that_ends_the_program_does_not_end_the_server(
    kept: Kept, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = entries_shown(kept)
    (tmp_path / "leaver.py").write_text("__plugins__ = ['leave']\n"
                                        "def leave(entries, options):\n"
                                        "    raise SystemExit(3)\n")  # fmt: skip
    monkeypatch.syspath_prepend(tmp_path)
    write(tmp_path / "books.beancount", f'plugin "leaver"\n{inspect.cleandoc(BOOKS)}')
    (entries, _, _), why = kept.load()
    assert len(entries) == before
    assert "SystemExit: 3" in why


def test_an_include_of_no_file_is_told_at_its_line(tmp_path: Path) -> None:
    ledger = tmp_path / "main.beancount"
    ledger.write_text('\n\ninclude "none/*.beancount"\n')
    _, why = Kept(str(ledger)).load()
    assert f"{ledger}:3: E816" in why
    assert "<load>" not in why
