"""Purchases for money as they were written, and the warrants they earn.

Warrants a customer earns follow from the usage in money of a deal; they are reckoned
again from it.
"""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from typing import Any, NamedTuple

from beancount.core.amount import Amount
from beancount.core.data import Transaction

from beanscrow.checks.accounts import EARNED
from beanscrow.checks.directives import Directive
from beanscrow.checks.exact import figure
from beanscrow.checks.findings import problem
from beanscrow.checks.provenance import BOOKED_BY
from beanscrow.checks.restated import Ledger
from beanscrow.deal.problems import Problem
from beanscrow.money import round_to_quanta

_ZERO = Decimal(0)


class Purchase(NamedTuple):
    """Usage written in money, or in credits; of a deal, in order of its lines."""

    date: datetime.date
    amount: Fraction
    currency: str


def misearned(ledger: Ledger, said: frozenset[tuple[str, int]]) -> Iterator[Problem]:
    """Yield the deals whose warrants earned do not follow from the purchases.

    Args:
      said: Positions of directives of which it was said that they are not booked.
    """
    last = ledger.reached()
    by_deal: dict[str, list[Directive]] = defaultdict(list)
    for warrant in ledger.written.standing("deal-warrant"):
        if warrant.at not in said and warrant.date <= last:
            by_deal[warrant.deal].append(warrant)
    if not by_deal:
        return
    bought, booked = bought_by_deal(ledger), _booked(ledger)
    for deal, granted in by_deal.items():
        wanted = sum((_earned(it, bought[deal], ledger, last) for it in granted), _ZERO)
        if booked[deal] != wanted:
            yield problem(
                granted[0].at,
                "E618",
                f"{figure(booked[deal])} of warrants are booked as earned; the "
                f"purchases make it {figure(wanted)}",
                deal,
            )


def _earned(
    warrant: Directive, bought: list[Purchase], ledger: Ledger, last: datetime.date
) -> Decimal:
    """Return fair value x expected x min(purchases, vests-on) / vests-on (606-10-32-27)."""
    units, meta = warrant.amount(1), warrant.entry.meta
    each, vests_on = _number(meta.get("fair-value")), _number(meta.get("vests-on"))
    if units is None or units.number is None or not vests_on:
        return _ZERO
    first = warrant.day("from") or warrant.date
    spent = spent_in(bought, meta["vests-on"].currency, first, last)
    part = max(Fraction(0), min(spent, vests_on)) / vests_on
    exact = Fraction(units.number) * each * _expected(warrant, ledger, last) * part
    return coins(exact, ledger)


def _expected(warrant: Directive, ledger: Ledger, last: datetime.date) -> Fraction:
    """Return how much is expected to be earned, by the last milestone that settles it."""
    units = warrant.amount(1)
    name = units.currency if units is not None else ""
    expected = _number(warrant.entry.meta.get("expected", Decimal(1)))
    milestones = ledger.written.standing("deal-milestone")
    for milestone in sorted(milestones, key=_turn):
        hangs = (milestone.deal, milestone.entry.meta.get("warrant"))
        if hangs == (warrant.deal, name) and milestone.date <= last:
            expected = Fraction(1 if milestone.entry.meta.get("met") else 0)
    return expected


def _turn(milestone: Directive) -> tuple[datetime.date, int, str]:
    sequence = milestone.entry.meta.get("sequence")
    number = int(sequence) if isinstance(sequence, Decimal) else 0
    return milestone.date, number, milestone.word(1)


# -- pieces --------------------------------------------------------------------------


def bought_by_deal(ledger: Ledger) -> dict[str, list[Purchase]]:
    """Return the usage written for each deal."""
    bought: dict[str, list[Purchase]] = defaultdict(list)
    for usage in ledger.written.standing("deal-usage"):
        amount = usage.amount(1)
        if amount is not None and amount.number is not None:
            bought[usage.deal].append(
                Purchase(usage.date, Fraction(amount.number), amount.currency)
            )
    return bought


def spent_in(
    bought: list[Purchase], currency: str, first: datetime.date, last: datetime.date
) -> Fraction:
    """Return what was bought in a currency from one day to another, both inclusive."""
    return sum(
        (
            each.amount
            for each in bought
            if each.currency == currency and first <= each.date <= last
        ),
        Fraction(0),
    )


def _booked(ledger: Ledger) -> dict[str, Decimal]:
    """Return the warrants booked as earned, by deal."""
    earned: dict[str, Decimal] = defaultdict(Decimal)
    for entry in ledger.entries:
        if not isinstance(entry, Transaction) or BOOKED_BY not in entry.meta:
            continue
        for posting in entry.postings:
            place = ledger.chart(posting.account)
            number = posting.units.number if posting.units is not None else None
            if place is not None and place.role in EARNED and isinstance(number, Decimal):
                earned[str(entry.meta.get("deal"))] += number
    return earned


def coins(exact: Fraction, ledger: Ledger) -> Decimal:
    """Return an exact amount in the books' currency, rounded half up to its quantum."""
    return Decimal(round_to_quanta(exact, ledger.scale)).scaleb(-ledger.scale)


def _number(value: Any) -> Fraction:
    number = value.number if isinstance(value, Amount) else value
    return Fraction(number) if isinstance(number, Decimal) else Fraction(0)
