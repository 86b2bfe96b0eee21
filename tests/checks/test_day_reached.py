"""How far the books have come: what one line dated ahead does is pointed at."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from beanscrow.cli import main

# 100 credits for shares of 100.00, of which 5 are drawn; 95.00 would be breakage.
BOOKS = """
plugin "beanscrow.plugins.deals"
2026-01-01 custom "books" "provider"
  framework: "us-gaap"
  currency: "USD"
  open-accounts: TRUE
2026-01-01 custom "deal" "moon" "Moonshot AI"
  provider: "Cloud"
  escrow-owner: "none"
2026-01-01 custom "deal-stake" "moon" 100 MOON.A
  fair-value: 1.00 USD
  fair-value-source: "valuation"
2026-01-01 custom "deal-grant" "moon" 100 MOON.CR
  tranche: "T1"
  expires: 2027-06-30
2026-01-31 custom "deal-usage" "moon" 5 MOON.CR
"""


def told(text: str, path: Path) -> list[str]:
    """Return code and line of what `check` tells of a ledger at its basic level."""
    path.write_text(text)
    done = CliRunner().invoke(main, ["check", str(path)], catch_exceptions=False)
    assert done.exit_code == (1 if done.stderr else 0)
    lines = text.splitlines()
    found = []
    for line in done.stderr.splitlines():
        lineno = int(line.removeprefix(f"{path}:").split(":")[0])
        found.append(f"{line.split()[1]} {lines[lineno - 1]}")
    return found


@pytest.mark.parametrize(
    "line",
    [
        '2027-07-01 event "location" "Berlin"',
        "2027-06-30 price MOON.A 2.00 USD",
        '2062-01-31 custom "deal-valuation" "moon" 0.50 USD\n'
        '  kind: "impairment"\n  source: "memo"',
    ],
)
def test_one_line_that_lets_credits_lapse_is_told_at_every_level(
    line: str, tmp_path: Path
) -> None:
    assert told(BOOKS + line + "\n", tmp_path / "a.beancount") == [
        f"F652 {line.splitlines()[0]}"
    ]


def test_a_refused_line_counts_as_any_other_and_is_told(tmp_path: Path) -> None:
    """`through` is by default the latest date of any directive (language, `books`)."""
    line = '2028-01-31 custom "deal-usage" "moon" 5 MARS.CR'
    found = told(f"{BOOKS}{line}\n", tmp_path / "a.beancount")
    assert found == [f"E117 {line}", f"F652 {line}"]


@pytest.mark.parametrize("day", ["2027-01-31", "2027-02-01"])
def test_a_line_more_than_a_year_ahead_is_told_whatever_it_does(
    day: str, tmp_path: Path
) -> None:
    wanted = [f"F652 {day} price MOON.A 2.00 USD"] if day == "2027-02-01" else []
    text = f"{BOOKS}{day} price MOON.A 2.00 USD\n"
    assert told(text, tmp_path / "a.beancount") == wanted


@pytest.mark.parametrize(
    "lines",
    [
        '2027-07-01 event "location" "Berlin"\n2027-07-01 price MOON.A 2.00 USD\n',
        # Books by the quarter: the line after the expiry is an ordinary one.
        "2026-11-30 price MOON.A 2.00 USD\n2027-04-30 price MOON.A 2.00 USD\n"
        "2027-07-30 price MOON.A 2.00 USD\n",
    ],
)
def test_what_is_not_one_line_alone_or_no_long_step_is_not_told(
    lines: str, tmp_path: Path
) -> None:
    assert told(BOOKS + lines, tmp_path / "a.beancount") == []


def test_who_says_how_far_the_books_have_come_is_not_asked(tmp_path: Path) -> None:
    books = BOOKS.replace("  open-", "  through: 2026-12-31\n  open-")
    text = books + '2062-07-01 event "location" "Berlin"\n'
    assert told(text, tmp_path / "a.beancount") == []


def test_books_that_have_reached_no_deal_are_told(tmp_path: Path) -> None:
    text = BOOKS.replace("  open-", "  through: 2025-01-01\n  open-")
    found = told(text, tmp_path / "a.beancount")
    assert found == ['F649 2026-01-01 custom "books" "provider"']
