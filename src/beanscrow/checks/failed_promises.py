"""Promises to spend of a startup that has failed, which nobody has ended.

Whether it is probable that what is owed will be collected is looked at anew where facts
change that much (606-10-25-5); where it is not, there is no contract to recognise revenue
from (606-10-25-1(e), 25-7).  So a shortfall billed after the failure wants a look, and so
does an asset that only its purchases would recover.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from decimal import Decimal

from beancount.core.data import Transaction

from beanscrow.checks.accounts import FX
from beanscrow.checks.case import Case
from beanscrow.checks.directives import Directive
from beanscrow.checks.exact import figure
from beanscrow.checks.findings import problem
from beanscrow.checks.promised import Term, name_of, term_of
from beanscrow.checks.restated import Ledger
from beanscrow.deal.problems import Problem

_ZERO = Decimal(0)


def still_promised(case: Case, failed: datetime.date, ledger: Ledger) -> Iterator[Problem]:
    """Yield the promises that outlast the failure of the startup, without an end of theirs.

    Args:
      failed: Day of the first end of the failure.
    """
    for promise in ledger.written.standing("deal-commitment"):
        if promise.deal != case.id or promise.due > case.through:
            continue
        term = term_of(promise, ledger)
        if term.ending is not None or term.last < failed:
            continue
        yield problem(
            promise.at,
            "F651",
            f"the startup failed on {failed}, and {_told(promise, term, case, ledger)}; see "
            "whether any of it will be collected (606-10-25-1(e)), and if not, write a "
            f'deal-commitment-end of {name_of(promise)} with `reason: "failure"`',
            case.id,
        )


def _told(promise: Directive, term: Term, case: Case, ledger: Ledger) -> str:
    """Return what of a promise stands against a startup that failed."""
    name, currency = name_of(promise), case.books.currency
    if term.last <= case.through:
        billed = _billed(promise, ledger)
        if billed:
            return (
                f"a shortfall of {name} of {figure(billed)} {currency} was billed on "
                f"{term.last}"
            )
        return f"{name} ran on to {term.last}"
    return f"{name} still runs to {term.last}"


def _billed(promise: Directive, ledger: Ledger) -> Decimal:
    """Return what the entries of a promise bill: its shortfall."""
    total = _ZERO
    for entry in ledger.entries:
        if not isinstance(entry, Transaction) or ledger.source(entry) is not promise:
            continue
        places = [ledger.chart(posting.account) for posting in entry.postings]
        if any(place is not None and place.role == FX for place in places):
            continue  # nobody billed what a new rate changes
        for posting, place in zip(entry.postings, places, strict=True):
            units = posting.units
            if place is not None and place.role == "receivable" and units is not None:
                total += units.number or _ZERO
    return total
