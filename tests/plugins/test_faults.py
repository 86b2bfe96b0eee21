"""A fault of our own is an error at a line: what failed, why, and where in the code."""

from __future__ import annotations

import re
from typing import Any

import pytest

from beanscrow.booking import load as loading
from beanscrow.booking import plugin as booking
from beanscrow.booking.daybook import daybook_of
from beanscrow.plugins import escrow
from beanscrow.policy.correction import account_for
from beanscrow.policy.fleet import fleets_of
from tests.cases.harness import generated
from tests.plugins.books import BOOKS, DEAL, PLUGIN
from tests.support.ledgers import load_text

FLEET = """
2024-01-01 custom "fleet" "hgx-1" 1200.00 USD
  in-service: 2024-01-01
  life-years: 1
"""

OTHER_FLEET = FLEET.replace("hgx-1", "hgx-2")
OTHER = DEAL.replace('"moon"', '"sun"').replace("MOON", "SUN").replace("Moon", "Sun")


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


def test_a_fault_in_the_accounting_of_one_deal_leaves_the_other_booked(
    monkeypatch: pytest.MonkeyPatch,
) -> None:

    def faulty(agreement: Any, terms: Any) -> Any:
        if agreement.deal.deal == "moon":
            raise ZeroDivisionError("planted")
        return account_for(agreement, terms)

    monkeypatch.setattr(loading, "account_for", faulty)
    text = PLUGIN + BOOKS + without_balances(DEAL) + OTHER
    ledger = load_text(text)
    assert len(ledger.messages) == 1, ledger.messages
    assert re.fullmatch(of("deal moon"), ledger.messages[0])
    assert ' custom "deal" "moon"' in text.splitlines()[ledger.positions[0] - 1]
    assert {entry.meta["deal"] for entry in generated(ledger.entries)} == {"sun"}
    daybook = daybook_of(ledger.options)
    assert daybook is not None
    assert (*daybook.agreements, *daybook.schedules) == ("sun", "sun")


def test_a_deal_of_which_the_second_plugin_books_nothing_is_not_booked_by_the_first(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    book: Any = vars(booking)["book"]

    def faulty(schedule: Any, *rest: Any) -> Any:
        if schedule.deal == "moon" and rest[-1] == "stakes":
            raise ZeroDivisionError("planted")
        return book(schedule, *rest)

    monkeypatch.setattr(booking, "book", faulty)
    ledger = load_text(PLUGIN + BOOKS + without_balances(DEAL) + OTHER)
    assert len(ledger.messages) == 1, ledger.messages
    assert re.fullmatch(of("deal moon"), ledger.messages[0])
    assert {entry.meta["deal"] for entry in generated(ledger.entries)} == {"sun"}


def test_a_fault_in_the_accounting_of_one_fleet_leaves_the_other_booked(
    monkeypatch: pytest.MonkeyPatch,
) -> None:

    def faulty(facts: Any, terms: Any) -> Any:
        if facts[0].name == "hgx-1":
            raise ZeroDivisionError("planted")
        return fleets_of(facts, terms)

    monkeypatch.setattr(loading, "fleets_of", faulty)
    text = PLUGIN + BOOKS + DEAL + FLEET + OTHER_FLEET
    ledger = load_text(text)
    assert len(ledger.messages) == 1, ledger.messages
    assert re.fullmatch(of("fleet hgx-1"), ledger.messages[0])
    assert ' custom "fleet" "hgx-1"' in text.splitlines()[ledger.positions[0] - 1]
    booked = {e.meta.get("deal") or e.meta.get("fleet") for e in generated(ledger.entries)}
    assert booked == {"moon", "hgx-2"}


def test_a_fault_beyond_any_deal_is_one_error(monkeypatch: pytest.MonkeyPatch) -> None:
    """The plugins after it have not come too early, and miss no entry nobody explains."""
    monkeypatch.setattr(booking, "load", faulty)
    ledger = load_text(PLUGIN + BOOKS + without_balances(DEAL))
    assert len(ledger.messages) == 1, ledger.messages
    assert re.fullmatch(of("the ledger"), ledger.messages[0])


def without_balances(text: str) -> str:
    """Return a deal without the balances it has when it is booked."""
    return text.partition("2024-07-01 balance")[0]
