"""The ledgers every report is tried on: the worked cases, our own, and the specimens."""

from __future__ import annotations

from functools import cache

from beanscrow.booking.daybook import Daybook, daybook_of
from tests.cases.ledgers import Case, cases
from tests.house.checkout import ROOT
from tests.support.ledgers import Ledger, load_text

LEDGERS = [
    *cases(),
    *(
        Case(f"ledger/{path.stem}", path)
        for path in sorted((ROOT / "ledger").glob("*.beancount"))
        if 'custom "books"' in path.read_text()
    ),
]


def name(case: Case) -> str:
    """Return what a test calls a ledger."""
    return case.name


@cache
def loaded(case: Case) -> tuple[Ledger, Daybook]:
    """Return a ledger and what its plugins decided; loaded once for all tests."""
    ledger = case.load()
    daybook = daybook_of(ledger.options)
    assert daybook is not None, case.name
    return ledger, daybook


def daybook_of_text(text: str) -> Daybook:
    """Return what the plugins decided on a ledger written in a test, which has no error."""
    ledger = load_text(text)
    assert ledger.messages == []
    daybook = daybook_of(ledger.options)
    assert daybook is not None
    return daybook
