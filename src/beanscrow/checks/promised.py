"""What a take-or-pay commitment leaves to be paid, reckoned from the purchases as written."""

from __future__ import annotations

import datetime
from fractions import Fraction

from beanscrow.checks.directives import Directive
from beanscrow.checks.restated import Ledger


def shortfall_missing(commitment: Directive, ledger: Ledger) -> bool:
    """Return whether a shortfall is owed on a commitment's last day and is not booked.

    A purchase in money counts to the first commitment whose term holds its day.
    """
    promised, end = commitment.amount(1), commitment.day("to")
    if promised is None or promised.number is None or end is None:
        return False
    books = ledger.written.books
    through = books.day("through") if books else None
    reached = through is not None and end <= through
    if commitment.text("shortfall") != "take-or-pay" or not reached:
        return False
    spent = Fraction(0)
    for usage in ledger.written.standing("deal-usage"):
        amount = usage.amount(1)
        if usage.deal != commitment.deal or amount is None or amount.number is None:
            continue
        counts = _counts_to(usage, ledger)
        if amount.currency == promised.currency and counts is commitment:
            spent += Fraction(amount.number)
    return spent < promised.number and end not in (commitment.days or set())


def _counts_to(usage: Directive, ledger: Ledger) -> Directive | None:
    terms = [
        (commitment.day("from") or commitment.date, end, name, commitment)
        for commitment in ledger.written.standing("deal-commitment")
        if commitment.deal == usage.deal
        if (end := commitment.day("to") or datetime.date.max)
        for name in (commitment.text("commitment") or "C1",)
    ]
    for first, last, _, commitment in sorted(terms, key=lambda term: term[:3]):
        if first <= usage.date <= last:
            return commitment
    return None
