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
from typing import NamedTuple

from beancount.core.data import Transaction

from beanscrow.checks.accounts import EARNED, EARNED_GAIN, GIVEN, INSIDE
from beanscrow.checks.directives import Directive
from beanscrow.checks.exact import figure, number_of
from beanscrow.checks.findings import problem
from beanscrow.checks.provenance import BOOKED_BY
from beanscrow.checks.restated import Ledger
from beanscrow.deal.problems import Problem
from beanscrow.money import round_to_quanta
from beanscrow.periods import DAY

_ZERO = Decimal(0)


class Purchase(NamedTuple):
    """Usage written in money, or in credits; of a deal, in order of its lines.

    Attributes:
      drawn: Whether it is what credits drawn count for, where they count as spent.
    """

    date: datetime.date
    amount: Fraction
    currency: str
    drawn: bool = False


class _Booked(NamedTuple):
    """What the entries have of a deal's warrants, debits positive at the customer's.

    Attributes:
      earned: At the fair value of the grant.
      carried: What the customer carries; nothing in a vendor's books.
    """

    earned: Decimal = _ZERO
    carried: Decimal = _ZERO


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
        has = booked[deal]
        wanted = sum((_earned(it, bought[deal], ledger, last) for it in granted), _ZERO)
        if has.earned != wanted:
            yield problem(
                granted[0].at,
                "E618",
                f"{figure(has.earned)} of warrants are booked as earned; the "
                f"purchases make it {figure(wanted)}",
                deal,
            )
        if ledger.written.side(deal) != "startup":
            continue
        worth = sum((_carried(it, bought[deal], ledger, last) for it in granted), _ZERO)
        if has.carried != worth:
            yield problem(
                granted[0].at,
                "E640",
                f"warrants are carried at {figure(has.carried)}; what is earned of them, at "
                f"the last valuation of each, makes it {figure(worth)}",
                deal,
            )


def _earned(
    warrant: Directive, bought: list[Purchase], ledger: Ledger, last: datetime.date
) -> Decimal:
    """Return fair value x expected x min(purchases, vests-on) / vests-on (606-10-32-27)."""
    each = number_of(warrant.entry.meta.get("fair-value"))
    return coins(each * _units_earned(warrant, bought, ledger, last), ledger)


def _carried(
    warrant: Directive, bought: list[Purchase], ledger: Ledger, last: datetime.date
) -> Decimal:
    """Return what is earned at the last price it was valued at, else as granted."""
    units = warrant.amount(1)
    name = units.currency if units is not None else ""
    each = number_of(warrant.entry.meta.get("fair-value"))
    failures = [it for it in _targets(warrant, ledger, last) if _failed(it)]
    lost = failures[-1].date if failures else None
    if lost is not None:
        each = Fraction(0)
    for valuation in sorted(ledger.written.standing("deal-valuation"), key=_valued):
        price = valuation.amount(1)
        mine = (
            valuation.deal == warrant.deal
            and valuation.text("stake") == name
            and valuation.text("tranche") in ("", warrant.text("tranche"))
        )
        if not mine or price is None or valuation.date > last:
            continue
        since = lost is None or valuation.date >= lost
        if since and vested(warrant, bought, ledger, valuation.date):
            each = Fraction(price.number or _ZERO)
    return coins(each * _units_earned(warrant, bought, ledger, last), ledger)


def vested(
    warrant: Directive, bought: list[Purchase], ledger: Ledger, day: datetime.date
) -> bool:
    """Return whether warrants are wholly earned by a day, and nothing of it in doubt."""
    units = warrant.amount(1)
    whole = Fraction(units.number or _ZERO) if units is not None else Fraction(0)
    return _units_earned(warrant, bought, ledger, day) == whole


def _units_earned(
    warrant: Directive, bought: list[Purchase], ledger: Ledger, day: datetime.date
) -> Fraction:
    """Return warrants x expected x min(purchases, vests-on) / vests-on, by a day."""
    units, meta = warrant.amount(1), warrant.entry.meta
    vests_on = number_of(meta.get("vests-on"))
    if units is None or units.number is None or not vests_on:
        return Fraction(0)
    first, end = warrant.day("from") or warrant.date, day
    lost = _lost_on(warrant, ledger, day)
    if lost is not None and ledger.written.side(warrant.deal) == "startup":
        end = lost - DAY  # nothing is earned that will never be had
    spent = spent_in(bought, meta["vests-on"].currency, first, end)
    part = max(Fraction(0), min(spent, vests_on)) / vests_on
    return Fraction(units.number) * _expected(warrant, ledger, day) * part


def _expected(warrant: Directive, ledger: Ledger, last: datetime.date) -> Fraction:
    """Return how much is expected to be earned, by the last milestone that settles it.

    A target of the share price settles nothing: it is inside the fair value.
    """
    units = warrant.amount(1)
    name = units.currency if units is not None else ""
    expected = number_of(warrant.entry.meta.get("expected", Decimal(1)))
    milestones = ledger.written.standing("deal-milestone")
    for milestone in sorted(milestones, key=_turn):
        meta = milestone.entry.meta
        mine = (milestone.deal, meta.get("warrant")) == (warrant.deal, name)
        part = milestone.text("tranche") in ("", warrant.text("tranche"))
        if mine and part and milestone.date <= last and not of_market(milestone):
            expected = Fraction(1 if meta.get("met") else 0)
    return expected


def _targets(warrant: Directive, ledger: Ledger, day: datetime.date) -> list[Directive]:
    """Return the milestones of the vendor's share price by a day, in their order."""
    units = warrant.amount(1)
    name = units.currency if units is not None else ""
    return [
        milestone
        for milestone in sorted(ledger.written.standing("deal-milestone"), key=_turn)
        if of_market(milestone)
        and milestone.date <= day
        and (milestone.deal, milestone.text("warrant")) == (warrant.deal, name)
        and milestone.text("tranche") in ("", warrant.text("tranche"))
    ]


def _lost_on(
    warrant: Directive, ledger: Ledger, day: datetime.date
) -> datetime.date | None:
    """Return the day a target of the share price failed, None where none has by a day."""
    lost: datetime.date | None = None
    for target in _targets(warrant, ledger, day):
        lost = (lost or target.date) if _failed(target) else None
    return lost


def _failed(milestone: Directive) -> bool:
    return milestone.entry.meta.get("met") is False


def of_market(milestone: Directive) -> bool:
    """Return whether a milestone is a target of the vendor's share price."""
    return milestone.text("condition") == "market"


def _turn(milestone: Directive) -> tuple[datetime.date, int, str, str, bool]:
    # As the lines of a day are ordered: by sequence, then by what they are about.
    name, met = milestone.word(1), milestone.entry.meta.get("met") is True
    about = milestone.text("tranche") or name
    return milestone.date, _sequence(milestone), about, name, met


def _valued(valuation: Directive) -> tuple[datetime.date, int, str, Fraction]:
    about = valuation.text("tranche") or valuation.text("stake")
    price = number_of(valuation.amount(1))
    return valuation.date, _sequence(valuation), about, -price


def _sequence(directive: Directive) -> int:
    sequence = directive.entry.meta.get("sequence")
    return int(sequence) if isinstance(sequence, Decimal) else 0


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


def _booked(ledger: Ledger) -> dict[str, _Booked]:
    """Return the warrants booked as earned, and carried, by deal."""
    found: dict[str, _Booked] = defaultdict(_Booked)
    for entry in ledger.entries:
        if not isinstance(entry, Transaction) or BOOKED_BY not in entry.meta:
            continue
        deal = str(entry.meta.get("deal"))
        places = [ledger.chart(posting.account) for posting in entry.postings]
        earned = {*EARNED, EARNED_GAIN}
        if any(place is not None and place.role == GIVEN for place in places):
            earned.add(INSIDE)
        for posting, place in zip(entry.postings, places, strict=True):
            number = posting.units.number if posting.units is not None else None
            if place is None or not isinstance(number, Decimal):
                continue
            # What the customer carries is what it earned, and its gains since.
            if place.role in earned:
                now = found[deal]
                found[deal] = now._replace(earned=now.earned + number)
            if place.role == "warrants-earned":
                now = found[deal]
                found[deal] = now._replace(carried=now.carried + number)
    return found


def coins(exact: Fraction, ledger: Ledger) -> Decimal:
    """Return an exact amount in the books' currency, rounded half up to its quantum."""
    return Decimal(round_to_quanta(exact, ledger.scale)).scaleb(-ledger.scale)
