"""Warrants a customer has earned, reckoned again from the purchases as written.

Earned to date = fair value x expected x min(purchases, what they vest on) / what they
vest on, rounded half up (606-10-32-27); a milestone that failed makes the expectation
nothing, one that was met makes it certain.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from typing import Any

from beancount.core.amount import Amount

from beanscrow.checks.accounts import EARNED
from beanscrow.checks.directives import Directive
from beanscrow.checks.exact import figure
from beanscrow.checks.findings import problem
from beanscrow.checks.restated import Ledger
from beanscrow.deal.problems import Problem
from beanscrow.money import round_to_quanta


def misearned(ledger: Ledger, through: datetime.date | None) -> Iterator[Problem]:
    """Yield the deals whose warrants earned are not what their purchases make them.

    Args:
      through: Last day the books have reached, inclusive; None where they say none.
    """
    last = through or datetime.date.max
    warrants: dict[str, list[Directive]] = {}
    for warrant in ledger.written.standing("deal-warrant"):
        if warrant.date <= last:
            warrants.setdefault(warrant.deal, []).append(warrant)
    for deal, granted in warrants.items():
        booked = _booked(deal, ledger)
        wanted = sum((_earned(it, ledger, last) for it in granted), Decimal(0))
        if booked != wanted:
            yield problem(
                granted[0].at,
                "E618",
                f"{figure(booked)} of warrants are booked as earned; the purchases make "
                f"it {figure(wanted)}",
                deal,
            )


def _booked(deal: str, ledger: Ledger) -> Decimal:
    total = Decimal(0)
    for entry in ledger.made_for(deal, datetime.date.max):
        for posting in entry.postings:
            place = ledger.chart(posting.account)
            if place is not None and place.role in EARNED:
                total += posting.units.number
    return total


def _earned(warrant: Directive, ledger: Ledger, last: datetime.date) -> Decimal:
    units, meta = warrant.amount(1), warrant.entry.meta
    each, vests_on = _number(meta.get("fair-value")), _number(meta.get("vests-on"))
    if units is None or units.number is None or not vests_on:
        return Decimal(0)
    currency = meta["vests-on"].currency
    first = warrant.day("from") or warrant.date
    bought = sum(
        (
            Fraction(amount.number)
            for usage in ledger.written.standing("deal-usage")
            if usage.deal == warrant.deal and first <= usage.date <= last
            if (amount := usage.amount(1)) is not None and amount.number is not None
            if amount.currency == currency
        ),
        Fraction(0),
    )
    part = max(Fraction(0), min(bought, vests_on)) / vests_on
    exact = Fraction(units.number) * each * _expected(warrant, ledger, last) * part
    quanta = round_to_quanta(exact, ledger.scale)
    return Decimal(quanta).scaleb(-ledger.scale)


def _expected(warrant: Directive, ledger: Ledger, last: datetime.date) -> Fraction:
    units = warrant.amount(1)
    name = units.currency if units is not None else ""
    expected = _number(warrant.entry.meta.get("expected", Decimal(1)))
    for milestone in sorted(
        ledger.written.standing("deal-milestone"), key=lambda found: found.date
    ):
        hangs = (milestone.deal, milestone.entry.meta.get("warrant"))
        if hangs == (warrant.deal, name) and milestone.date <= last:
            expected = Fraction(1 if milestone.entry.meta.get("met") else 0)
    return expected


def _number(value: Any) -> Fraction:
    number = value.number if isinstance(value, Amount) else value
    return Fraction(number) if isinstance(number, Decimal) else Fraction(0)
