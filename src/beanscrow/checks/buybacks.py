"""Buy-backs: what is owed, its interest and rent, as their lines and days make them.

What is owed grows from what was paid, or the present value of the price where that is
less, to the price at one rate (835-30-35-2; IFRS 9.5.4.1); the rest of what was paid is
rent of the term, by the days.  What was booked is tried here against the power of whole
numbers it must lie by, without a root or a logarithm.
"""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

from beancount.core.amount import Amount

from beanscrow.checks.directives import Directive
from beanscrow.checks.elapsed import last_booked
from beanscrow.checks.exact import figure, number_of
from beanscrow.checks.findings import problem
from beanscrow.checks.posted import posted_by_source
from beanscrow.checks.purchases import coins
from beanscrow.checks.restated import Ledger
from beanscrow.deal.problems import Problem
from beanscrow.money import round_to_quanta

_ZERO = Decimal(0)
_NAMES = frozenset({"deal-usage", "deal-buyback", "deal-buyback-exercise"})
_OWED = ("buyback-liability", "buyback-asset")
_INTEREST = ("buyback-interest", "buyback-income")
_RENT_LEFT = ("lease-deferred", "lease-prepaid")


class _Standing(NamedTuple):
    """What a buy-back comes to on a day, on either side, none of it below zero."""

    owed: Decimal
    interest: Decimal
    rent: Decimal
    cash: Decimal


_WORDS = _Standing._fields
_TOLD = {
    "owed": "what is owed until the goods come back",
    "interest": "interest of a buy-back",
    "rent": "rent of a buy-back still to come",
    "cash": "cash of a buy-back",
}


def misbought(ledger: Ledger, said: frozenset[tuple[str, int]]) -> Iterator[Problem]:
    """Yield the buy-backs that are not booked as their lines make them.

    Args:
      said: Positions of directives of which it was said that they are not booked.
    """
    last = ledger.reached()
    found = [
        it
        for it in ledger.written.standing("deal-buyback")
        if it.at not in said and it.date <= last
    ]
    if not found:
        return
    booked = posted_by_source(ledger, _NAMES)
    for buyback in found:
        sale, exercise = _sale(buyback, ledger), _exercise(buyback, ledger, said, last)
        if sale is None or sale.at in said:
            continue
        sums: dict[str, Decimal] = defaultdict(Decimal)
        for source in (sale, buyback, exercise):
            for role, amount in booked[source.at].items() if source is not None else ():
                sums[role] += amount
        has = _Standing(
            abs(sum((sums[role] for role in _OWED), _ZERO)),
            abs(sum((sums[role] for role in _INTEREST), _ZERO)),
            abs(sum((sums[role] for role in _RENT_LEFT), _ZERO)),
            abs(sums["cash"]),
        )
        wanted = _wanted(buyback, sale, exercise, has, ledger, last)
        if wanted is None:
            yield problem(
                buyback.at,
                "E643",
                f"{figure(has.owed)} is booked as {_TOLD['owed']}; at one rate to its price "
                "it is something else by the days passed",
                buyback.deal,
            )
            continue
        for word, booked_as, made in zip(_WORDS, has, wanted, strict=True):
            if booked_as != made:
                yield problem(
                    buyback.at,
                    "E643",
                    f"{figure(booked_as)} is booked as {_TOLD[word]}; the buy-back makes it "
                    f"{figure(made)}",
                    buyback.deal,
                )


def _wanted(
    buyback: Directive,
    sale: Directive,
    exercise: Directive | None,
    has: _Standing,
    ledger: Ledger,
    last: datetime.date,
) -> _Standing | None:
    """Return what a buy-back must come to; None where what is owed has grown otherwise."""
    meta, end = buyback.entry.meta, buyback.day("to") or datetime.date.max
    paid, price = number_of(sale.amount(1)), number_of(buyback.amount(1))
    whole = coins(price, ledger)
    if buyback.text("form") == "put" and meta.get("incentive") is not True:
        return _Standing(_ZERO, _ZERO, _ZERO, whole if exercise is not None else _ZERO)
    present = meta.get("present-value")
    lent = min(paid, number_of(present) if isinstance(present, Amount) else price)
    rent = paid - lent
    interest = coins(price - lent, ledger)
    if exercise is not None or (end <= last and buyback.text("form") == "forward"):
        return _Standing(_ZERO, interest, _ZERO, whole)
    if end <= last:
        return _Standing(_ZERO, interest, _ZERO, _ZERO)
    day = last_booked(buyback.date, end, buyback.date, last) or buyback.date
    passed, days = (day - buyback.date).days, (end - buyback.date).days
    booked_owed = round_to_quanta(Fraction(has.owed), ledger.scale)
    ends = (round_to_quanta(lent, ledger.scale), round_to_quanta(price, ledger.scale))
    if not _has_grown(booked_owed, *ends, passed, days):
        return None
    interest = has.owed - coins(lent, ledger)
    gone = coins(rent * passed / days, ledger)
    return _Standing(has.owed, interest, coins(rent, ledger) - gone, _ZERO)


def _has_grown(amount: int, start: int, end: int, passed: int, days: int) -> bool:
    """Return whether an amount is start x (end / start) ^ (passed / days), rounded."""
    exact = 2**days * start ** (days - passed) * end**passed
    return amount > 0 and (2 * amount - 1) ** days <= exact < (2 * amount + 1) ** days


def _sale(buyback: Directive, ledger: Ledger) -> Directive | None:
    """Return the sale a buy-back is of: by its import-id, else the only one of its day."""
    price, named = buyback.amount(1), buyback.text("of")
    currency = price.currency if price is not None else ""
    found = [
        usage
        for usage in ledger.written.standing("deal-usage")
        if usage.deal == buyback.deal
        and usage.date == buyback.date
        and (amount := usage.amount(1)) is not None
        and amount.currency == currency
        and (amount.number or _ZERO) > 0
        and named in ("", usage.text("import-id"))
    ]
    return found[0] if len(found) == 1 else None


def _exercise(
    buyback: Directive,
    ledger: Ledger,
    said: frozenset[tuple[str, int]],
    last: datetime.date,
) -> Directive | None:
    name = buyback.text("buyback") or "R1"
    for exercise in ledger.written.standing("deal-buyback-exercise"):
        mine = (exercise.text("buyback") or "R1", exercise.deal) == (name, buyback.deal)
        if mine and exercise.at not in said and exercise.date <= last:
            return exercise
    return None
