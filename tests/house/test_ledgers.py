"""The fixture most tests stand on: a docstring is a ledger."""

from __future__ import annotations

from tests.support.ledgers import Ledger, load_text


def test_the_docstring_is_the_ledger(ledger: Ledger) -> None:
    """
    2024-01-01 open Assets:Cash
    2024-01-01 open Equity:Opening

    2024-01-02 * "Opening"
      Assets:Cash      100.00 USD
      Equity:Opening  -100.00 USD
    """
    assert ledger.messages == []
    assert [type(entry).__name__ for entry in ledger.entries] == [
        "Open",
        "Open",
        "Transaction",
    ]


def test_an_error_points_at_its_line_of_the_docstring(ledger: Ledger) -> None:
    """
    2024-01-01 open Assets:Cash

    2024-01-03 balance Assets:Cash  1.00 USD
    """
    assert ledger.positions == [3]
    assert "Balance failed" in ledger.messages[0]


def test_an_indented_text_is_a_ledger_too() -> None:
    books = load_text("""
        2024-01-01 open Assets:Cash
        """)
    assert len(books.entries) == 1
