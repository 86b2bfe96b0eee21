"""Purchases for money as they were written, and what hangs on them.

Warrants a customer earns, and what a take-or-pay commitment leaves to be paid, both
follow from the usage in money of a deal; they are reckoned again from it.
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


class _Booked(NamedTuple):
    """What the entries have, by deal or by position of the commitment.

    Attributes:
      earned: Warrants earned, by deal.
      owed: Money owed for a shortfall, positive on both sides.
    """

    earned: dict[str, Decimal]
    owed: dict[tuple[str, int], Decimal]


def misreckoned(ledger: Ledger, said: frozenset[tuple[str, int]]) -> Iterator[Problem]:
    """Yield the warrants and commitments whose entries do not follow from the purchases.

    Args:
      said: Positions of directives of which it was said that they are not booked.
    """
    warrants = [d for d in ledger.written.standing("deal-warrant") if d.at not in said]
    commitments = [
        d for d in ledger.written.standing("deal-commitment") if d.at not in said
    ]
    if not warrants and not commitments:
        return
    bought = bought_by_deal(ledger)
    booked = _sums(ledger)
    yield from _misearned(warrants, bought, booked, ledger)
    yield from _misowed(commitments, bought, booked, ledger)


# -- warrants ------------------------------------------------------------------------


def _misearned(
    warrants: list[Directive],
    bought: dict[str, list[Purchase]],
    booked: _Booked,
    ledger: Ledger,
) -> Iterator[Problem]:
    last = ledger.reached()
    by_deal: dict[str, list[Directive]] = {}
    for warrant in warrants:
        if warrant.date <= last:
            by_deal.setdefault(warrant.deal, []).append(warrant)
    for deal, granted in by_deal.items():
        wanted = sum((_earned(it, bought[deal], ledger, last) for it in granted), _ZERO)
        if booked.earned[deal] != wanted:
            yield problem(
                granted[0].at,
                "E618",
                f"{figure(booked.earned[deal])} of warrants are booked as earned; the "
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


# -- commitments ---------------------------------------------------------------------


def _misowed(
    commitments: list[Directive],
    bought: dict[str, list[Purchase]],
    booked: _Booked,
    ledger: Ledger,
) -> Iterator[Problem]:
    last = ledger.reached()
    by_deal: dict[str, list[Directive]] = {}
    for commitment in sorted(commitments, key=term_of):
        by_deal.setdefault(commitment.deal, []).append(commitment)
    for deal, promised in by_deal.items():
        left = list(bought[deal])
        for commitment in promised:
            amount, (first, end, _) = commitment.amount(1), term_of(commitment)
            if amount is None or amount.number is None:
                continue
            # A purchase counts to the first commitment whose term holds its day.
            spent = spent_in(left, amount.currency, first, end)
            left = [each for each in left if not first <= each.date <= end]
            due = commitment.text("shortfall") == "take-or-pay" and end <= last
            short = (
                max(Fraction(0), Fraction(amount.number) - spent) if due else Fraction(0)
            )
            wanted = coins(short, ledger)
            if booked.owed[commitment.at] != wanted:
                yield problem(
                    commitment.at,
                    "E620",
                    f"{figure(booked.owed[commitment.at])} is booked as the shortfall of "
                    f"{commitment.text('commitment') or 'C1'}; the purchases make it "
                    f"{figure(wanted)}",
                    deal,
                )


def term_of(commitment: Directive) -> tuple[datetime.date, datetime.date, str]:
    """Return the first and last day of a commitment, inclusive, and its name."""
    return (
        commitment.day("from") or commitment.date,
        commitment.day("to") or datetime.date.max,
        commitment.text("commitment") or "C1",
    )


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


def _sums(ledger: Ledger) -> _Booked:
    booked = _Booked(defaultdict(Decimal), defaultdict(Decimal))
    for entry in ledger.entries:
        if not isinstance(entry, Transaction) or BOOKED_BY not in entry.meta:
            continue
        source = ledger.source(entry)
        promise = source is not None and source.name == "deal-commitment"
        postings: list[Any] = entry.postings
        for posting in postings:
            place = ledger.chart(posting.account)
            number = posting.units.number if posting.units is not None else None
            if place is None or not isinstance(number, Decimal):
                continue
            if place.role in EARNED:
                booked.earned[str(entry.meta.get("deal"))] += number
            elif promise and source is not None and place.role in ("receivable", "payable"):
                booked.owed[source.at] += abs(number)
    return booked


def coins(exact: Fraction, ledger: Ledger) -> Decimal:
    """Return an exact amount in the books' currency, rounded half up to its quantum."""
    return Decimal(round_to_quanta(exact, ledger.scale)).scaleb(-ledger.scale)


def _number(value: Any) -> Fraction:
    number = value.number if isinstance(value, Amount) else value
    return Fraction(number) if isinstance(number, Decimal) else Fraction(0)
