"""Accounts the engine posts to and nobody opens, told once instead of posting by posting."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

from beanscrow.checks.findings import problem
from beanscrow.checks.provenance import BOOKED_BY
from beanscrow.deal.problems import Problem

_UNKNOWN = re.compile(r"Invalid reference to unknown account '(?P<account>[^']+)'")
_NAMED = 3


def unopened(errors: Iterable[Any], books: Any) -> Iterator[Problem]:
    """Yield the finding that accounts of generated entries are not opened, if any are not.

    Args:
      errors: Of the load; Beancount gives one for each posting.
      books: As read, None where nothing is booked.
    """
    accounts = sorted(
        {
            match["account"]
            for error in errors
            if (match := _UNKNOWN.match(str(error.message)))
            and BOOKED_BY in (getattr(error.entry, "meta", None) or {})
        }
    )
    if books is None or not accounts:
        return
    more = len(accounts) - _NAMED
    named = ", ".join(accounts[:_NAMED]) + (f" and {more} more" if more > 0 else "")
    yield problem(
        books.at,
        "F650",
        f"books: entries of deals go to accounts that are not open ({named}); open them, "
        "or write `open-accounts: TRUE`",
    )
