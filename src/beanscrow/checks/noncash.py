"""Shares measured on receipt or on performance, reckoned again from what was booked.

A tranche's part of the shares is what its liability was of everything received at the
event.  On performance the revenue of its draws is that part of what the shares were worth
on each day of service; on receipt its liability is the new price less what is drawn.
"""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from typing import Any, NamedTuple

from beancount.core.data import Transaction

from beanscrow.checks.accounts import UNITS
from beanscrow.checks.directives import Directive
from beanscrow.checks.earned_shares import fair_value
from beanscrow.checks.exact import figure
from beanscrow.checks.findings import problem
from beanscrow.checks.noncash_days import measured_on, worth_on
from beanscrow.checks.provenance import BOOKED_BY
from beanscrow.checks.purchases import coins
from beanscrow.checks.restated import Ledger
from beanscrow.deal.problems import Problem
from beanscrow.money import largest_remainder, round_half_up, to_quanta

_ZERO = Decimal(0)
_REVENUE = "revenue-credits"
_DIFFERENCE = "noncash-consideration"

Line = tuple[datetime.date, Directive, Any]


class _Event(NamedTuple):
    """A contract event whose shares are measured later.

    Attributes:
      liabilities: By tranche, as signed; `received`, everything that came in for them.
      lines: Every later entry of the deal with its directive, by day.
    """

    stakes: list[Directive]
    grants: list[Directive]
    liabilities: dict[str, Decimal]
    received: Decimal
    lines: list[Line]


def mismeasured(ledger: Ledger, said: frozenset[tuple[str, int]]) -> Iterator[Problem]:
    """Yield the shares that are not measured as the day elected makes them.

    Args:
      said: Positions of directives of which it was said that they are not booked.
    """
    written = ledger.written
    for deal in written.deals:
        how = measured_on(deal, written)
        if how == "inception":
            continue
        for event in _events(deal, ledger, said):
            if how == "receipt":
                yield from _on_receipt(event, ledger, said)
                continue
            for grant in event.grants:
                yield from _on_performance(event, grant, ledger)


def _events(
    deal: str, ledger: Ledger, said: frozenset[tuple[str, int]]
) -> Iterator[_Event]:
    written = ledger.written
    stakes: dict[datetime.date, list[Directive]] = defaultdict(list)
    for stake in written.standing("deal-stake"):
        if stake.deal == deal and stake.text("vesting") != "as-drawn":
            stakes[stake.event].append(stake)
    lines = [
        (entry.date, source, entry)
        for entry in ledger.entries
        if isinstance(entry, Transaction)
        and BOOKED_BY in entry.meta
        and (source := ledger.source(entry)) is not None
        and source.deal == deal
    ]
    for day, found in stakes.items():
        legs = ("deal-stake", "deal-cash")
        signed = [e for at, s, e in lines if s.name in legs and s.event == at == day]
        grants = [
            grant
            for grant in written.standing("deal-grant")
            if (grant.deal, grant.event) == (deal, day) and grant.at not in said
        ]
        grants = [g for g in grants if not {"price", "opening"} & set(g.entry.meta)]
        if len(signed) == 1 and grants:
            liabilities, received = _signed(signed[0], ledger)
            later = [line for line in lines if line[2] is not signed[0]]
            yield _Event(found, grants, liabilities, received, later)


def _signed(entry: Any, ledger: Ledger) -> tuple[dict[str, Decimal], Decimal]:
    """Return the liability of each tranche at signing, and all that was received."""
    liabilities: dict[str, Decimal] = {}
    received = _ZERO
    for posting in entry.postings:
        place, number = ledger.chart(posting.account), posting.units.number
        if place is not None and place.role == "contract-liability":
            liabilities[place.tranche] = liabilities.get(place.tranche, _ZERO) - number
        elif posting.cost is not None:
            received += number * posting.cost.number
        elif number > 0:
            received += number
    return liabilities, received


# -- performance -----------------------------------------------------------------------


def _on_performance(event: _Event, grant: Directive, ledger: Ledger) -> Iterator[Problem]:
    tranche = grant.text("tranche") or "T1"
    amount = grant.amount(1)
    if amount is None or not amount.number or tranche not in event.liabilities:
        return
    each = Fraction(event.liabilities[tranche]) / Fraction(event.received)
    each /= Fraction(amount.number)
    carried = booked = _ZERO
    slices: list[tuple[Fraction, Fraction]] = []
    for _, usage, entry in sorted(_draws(event, tranche), key=_turn):
        revenue, credits, is_difference = _drawn(entry, ledger)
        if is_difference:
            booked += revenue
            continue
        carried += revenue
        served = usage.day("of") or entry.date
        if credits < 0:
            _take_back(slices, -credits)
        else:
            worth = sum(
                (
                    worth_on(stake, served, ledger, fair_value(stake, grant, ledger))
                    for stake in event.stakes
                ),
                Fraction(0),
            )
            slices.append((credits, worth))
    wanted = coins(each * sum((c * w for c, w in slices), Fraction(0)), ledger) - carried
    if booked != wanted:
        yield problem(
            grant.at,
            "E637",
            f"{figure(booked)} is booked beyond what the liability of {tranche} carried; "
            "the worth of the shares on the days of service makes it "
            f"{figure(wanted)}",
            grant.deal,
        )


def _draws(event: _Event, tranche: str) -> Iterator[Line]:
    for line in event.lines:
        if line[1].name == "deal-usage" and line[2].meta.get("tranche") == tranche:
            yield line


def _turn(line: Line) -> tuple[Any, ...]:
    """Return where a draw stands: refunds of a day last, else as usage of a day is taken."""
    day, usage, _ = line
    amount, sequence = usage.amount(1), usage.entry.meta.get("sequence")
    number = amount.number if amount is not None and amount.number is not None else _ZERO
    turn = int(sequence) if isinstance(sequence, Decimal) else 0
    return day, number < 0, turn, usage.text("service"), usage.text("import-id"), -number


def _drawn(entry: Any, ledger: Ledger) -> tuple[Decimal, Fraction, bool]:
    """Return an entry's revenue, its credits drawn, and whether it is a difference."""
    revenue, credits, difference = _ZERO, Fraction(0), False
    for posting in entry.postings:
        place, number = ledger.chart(posting.account), posting.units.number
        if place is None:
            continue
        if place.role == _REVENUE:
            revenue -= number
        elif place.role == UNITS and place.leaf == "Drawn":
            credits -= Fraction(number)
        difference = difference or place.role == _DIFFERENCE
    return revenue, credits, difference


def _take_back(slices: list[tuple[Fraction, Fraction]], credits: Fraction) -> None:
    while credits and slices:
        taken, worth = slices.pop()
        part = min(credits, taken)
        if part < taken:
            slices.append((taken - part, worth))
        credits -= part


# -- receipt ---------------------------------------------------------------------------


def _on_receipt(
    event: _Event, ledger: Ledger, said: frozenset[tuple[str, int]]
) -> Iterator[Problem]:
    """Yield the days on which the liability is not the new price less what is drawn."""
    scale = ledger.scale
    names = sorted(event.liabilities)
    weights = [Fraction(event.liabilities[name]) for name in names]
    part = sum(weights, Fraction(0)) / Fraction(event.received)
    price = to_quanta(sum(event.liabilities.values(), _ZERO), scale)
    for day in sorted({s.date for s in event.stakes if s.date > s.event}):
        came = [s for s in event.stakes if s.date == day and s.at not in said]
        if day > ledger.reached() or not came:
            continue
        for stake in came:
            inception = fair_value(stake, event.grants[0], ledger)
            worth = coins(worth_on(stake, day, ledger, inception), ledger)
            change = part * (Fraction(worth) - inception) * 10**scale
            price += round_half_up(change.numerator, change.denominator)
            cost = _cost(event, stake, day)
            if cost != worth:
                yield problem(
                    stake.at,
                    "E637",
                    f"{figure(cost)} is booked for what is received on {day}; it is worth "
                    f"{figure(worth)}",
                    stake.deal,
                )
        prices = dict(zip(names, largest_remainder(price, weights), strict=True))
        for grant in event.grants:
            yield from _liability(event, grant, prices, day, ledger)


def _liability(
    event: _Event,
    grant: Directive,
    prices: dict[str, int],
    day: datetime.date,
    ledger: Ledger,
) -> Iterator[Problem]:
    name, amount = grant.text("tranche") or "T1", grant.amount(1)
    if amount is None or not amount.number or _estimated(grant.deal, ledger):
        return
    drawn, stands, lapsed = Fraction(0), event.liabilities.get(name, _ZERO), False
    for at, source, entry in event.lines:
        if at > day or (at == day and source.name != "deal-stake"):
            continue
        for posting in entry.postings:
            place, number = ledger.chart(posting.account), posting.units.number
            if place is None or place.tranche != name:
                continue
            if place.role == "contract-liability":
                stands -= number
            elif place.role == UNITS and place.leaf == "Drawn":
                drawn -= Fraction(number)
            lapsed = lapsed or place.leaf == "Expired"
    exact = prices[name] * drawn / Fraction(amount.number)
    left = prices[name] - round_half_up(exact.numerator, exact.denominator)
    wanted = _ZERO if lapsed else Decimal(left).scaleb(-ledger.scale)
    if stands != wanted:
        yield problem(
            grant.at,
            "E637",
            f"the liability of {name} stands at {figure(stands)} once the shares of {day} "
            f"are measured; what they are worth and what is drawn make it {figure(wanted)}",
            grant.deal,
        )


def _estimated(deal: str, ledger: Ledger) -> bool:
    """Return whether breakage is estimated, which moves the liability besides."""
    return any(it.deal == deal for it in ledger.written.standing("deal-estimate"))


def _cost(event: _Event, stake: Directive, day: datetime.date) -> Decimal:
    return sum(
        (
            posting.units.number * posting.cost.number
            for at, source, entry in event.lines
            if source is stake and at == day
            for posting in entry.postings
            if posting.cost is not None
        ),
        _ZERO,
    )
