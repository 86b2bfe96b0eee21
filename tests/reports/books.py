"""The ledgers every report is tried on: the worked cases, our own, and the specimens."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from beanscrow.booking.daybook import Daybook, daybook_of
from tests.house.checkout import ROOT
from tests.support.ledgers import Ledger, load_path

CASES = ROOT / "tests" / "cases"
LEDGERS = sorted(
    [
        *(CASES / "deals").glob("*/provider*.beancount"),
        *(CASES / "deals").glob("*/startup*.beancount"),
        *(CASES / "deals").glob("*/*vendor.beancount"),
        *(CASES / "deals").glob("*/customer.beancount"),
        *(CASES / "own").glob("*.beancount"),
        *(ROOT / "ledger").glob("provider.beancount"),
        *(ROOT / "ledger").glob("startup.beancount"),
    ]
)


def name(path: Path) -> str:
    """Return what a test calls a ledger."""
    return f"{path.parent.name}-{path.stem}"


@cache
def loaded(path: Path) -> tuple[Ledger, Daybook]:
    """Return a ledger and what its plugins decided; loaded once for all tests."""
    ledger = load_path(path)
    daybook = daybook_of(ledger.options)
    assert daybook is not None, path
    return ledger, daybook
