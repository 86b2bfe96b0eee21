"""The escrow, stakes and checks plugins in one line, in that order.

    plugin "beanscrow.plugins.deals"

A configuration is that of the checks, the only one of the three to take any:

    plugin "beanscrow.plugins.deals" "{'findings': 'errors'}"
"""

from __future__ import annotations

from typing import Any

from beanscrow.plugins import escrow, stakes
from beanscrow.plugins.checks import check


def book_contracts(
    entries: list[Any], options_map: dict[str, Any], _config: str | None = None
) -> tuple[list[Any], list[Any]]:
    """Return the entries with the contract side of every deal appended, and errors."""
    return escrow.book_contracts(entries, options_map)


def book_stakes(
    entries: list[Any], options_map: dict[str, Any], _config: str | None = None
) -> tuple[list[Any], list[Any]]:
    """Return the entries with the later life of every stake appended, and errors."""
    return stakes.book_stakes(entries, options_map)


__plugins__ = (book_contracts, book_stakes, check)
