"""A fault of our own is an error at a line: what failed, why, and where in the code."""

from __future__ import annotations

import re
from typing import Any

import pytest

from beanscrow.booking import plugin as booking
from beanscrow.plugins import escrow
from tests.cases.harness import generated
from tests.plugins.books import BOOKS, DEAL, PLUGIN
from tests.support.ledgers import load_text

FLEET = """
2024-01-01 custom "fleet" "hgx-1" 1200.00 USD
  in-service: 2024-01-01
  life-years: 1
"""


def faulty(*_: Any, **__: Any) -> Any:
    raise ZeroDivisionError("planted")


def of(what: str) -> str:
    """Return what is said of a fault planted in `faulty`, as a pattern."""
    return (
        f"E599: {what} could not be booked because of a fault of beanscrow's own "
        r"\(ZeroDivisionError: planted; line \d+, in faulty\); please report it with this "
        "line"
    )


def test_a_fault_in_one_deal_is_told_at_the_deal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(booking, "book", faulty)
    text = PLUGIN + BOOKS + DEAL
    ledger = load_text(text)
    message = next(it for it in ledger.messages if it.startswith("E599"))
    assert re.fullmatch(of("deal moon"), message)
    at = ledger.positions[ledger.messages.index(message)]
    assert ' custom "deal" "moon"' in text.splitlines()[at - 1]


def test_a_fault_in_one_fleet_leaves_the_deals_booked(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(booking, "book_fleet", faulty)
    ledger = load_text(PLUGIN + BOOKS + DEAL + FLEET)
    message = next(it for it in ledger.messages if it.startswith("E599"))
    assert re.fullmatch(of("fleet hgx-1"), message)
    assert {entry.meta.get("deal") for entry in generated(ledger.entries)} == {"moon"}


def test_a_fault_beyond_any_deal_is_told_at_the_head_of_the_ledger(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(booking, "load", faulty)
    for options, filename in (
        ({"filename": "/books/main.beancount"}, "/books/main.beancount"),
        ({}, "<ledger>"),
    ):
        entries: list[Any] = []
        given, errors = escrow.book_contracts(entries, options)
        assert given is entries
        assert [error.source["filename"] for error in errors] == [filename]
        assert [error.source["lineno"] for error in errors] == [1]
        assert re.fullmatch(of("the ledger"), errors[0].message)
