"""Remaining performance obligations by the time their recognition is expected.

606-10-50-13 to 50-15 and IFRS 15.120 ask for the transaction price of what is still
owed and when it will be revenue.  Promises to spend are in it, executory as they are;
usage that the customer may leave off is not.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

from beanscrow.booking.daybook import Daybook
from beanscrow.deal.terms import Agreement, Amend, Grant
from beanscrow.policy.schedule import Schedule, terms_in_force
from beanscrow.reports.burn_down import burn_downs
from beanscrow.reports.credits import counterparty, expiry_of
from beanscrow.reports.expected_use import (
    BANDS,
    Holding,
    Parts,
    by_band,
    drawn_by_band,
    served_by_band,
    spent_by_band,
)
from beanscrow.reports.figures import percent
from beanscrow.reports.movements import ZERO
from beanscrow.reports.obligations import Obligation, obligations
from beanscrow.reports.stakes import stakes_standing


class RemainingObligation(NamedTuple):
    """What is still owed under one tranche or promise to spend, and when it is expected.

    In the functional currency; rpo = liability + executory = the four bands together.

    Attributes:
      name: Of the tranche or commitment.
      liability: Contract liability, less consideration paid to the customer.
      executory: Price that stands on no account yet.
      within_12_months: Expected in the twelve months after the day; the next two and
        `after_36_months` likewise.
      investee: Whether a stake in the counterparty is held on the day, under any deal.
      percent: Share of the whole of these rows, to two decimals; None of nothing.
    """

    deal: str
    party: str
    name: str
    kind: str
    as_of: datetime.date
    currency: str
    liability: Decimal
    executory: Decimal
    rpo: Decimal
    within_12_months: Decimal
    within_24_months: Decimal
    within_36_months: Decimal
    after_36_months: Decimal
    investee: bool
    percent: Decimal | None


def remaining_obligations(
    daybook: Daybook, day: datetime.date | None = None
) -> list[RemainingObligation]:
    """Return what the provider of these books still owes, by deal, tranches first.

    Args:
      day: Last day that counts, inclusive; None for the day the books have reached.
    """
    owed = obligations(daybook, day)
    whole = sum((each.amount for each in owed), ZERO)
    investees = _investees(daybook, day)
    parts: dict[tuple[str, str], Parts] = {}
    for deal in dict.fromkeys(each.deal for each in owed):
        mine = [each for each in owed if each.deal == deal]
        schedule, agreement = daybook.schedules[deal], daybook.agreements[deal]
        for name, found in _parts(mine, schedule, agreement, day).items():
            parts[deal, name] = found
    return [
        _row(
            each,
            daybook,
            day,
            parts[each.deal, each.name],
            daybook.agreements[each.deal].deal.party in investees,
            percent(Fraction(each.amount) / Fraction(whole)) if whole else None,
        )
        for each in owed
    ]


def _row(
    each: Obligation,
    daybook: Daybook,
    day: datetime.date | None,
    parts: Parts,
    investee: bool,
    share: Decimal | None,
) -> RemainingObligation:
    schedule, agreement = daybook.schedules[each.deal], daybook.agreements[each.deal]
    bands = by_band(each.amount, parts)
    return RemainingObligation(
        deal=each.deal,
        party=counterparty(agreement, schedule),
        name=each.name,
        kind=each.kind,
        as_of=min(day or schedule.through, schedule.through),
        currency=each.currency,
        liability=each.liability,
        executory=each.executory,
        rpo=each.amount,
        within_12_months=bands.first,
        within_24_months=bands.second,
        within_36_months=bands.third,
        after_36_months=bands.later,
        investee=investee,
        percent=share,
    )


def investee_percent(rows: Iterable[RemainingObligation]) -> Decimal | None:
    """Return the share of the whole that investees are owed, in percent; None of nothing."""
    rows = list(rows)
    whole = sum((row.rpo for row in rows), ZERO)
    theirs = sum((row.rpo for row in rows if row.investee), ZERO)
    return percent(Fraction(theirs) / Fraction(whole)) if whole else None


def _investees(daybook: Daybook, day: datetime.date | None) -> set[str]:
    """Return the parties of which shares, a note or a warrant are held on a day."""
    return {
        daybook.agreements[row.deal].deal.party
        for row in stakes_standing(daybook, day)
        if row.units
    }


def _parts(
    owed: list[Obligation],
    schedule: Schedule,
    agreement: Agreement,
    day: datetime.date | None,
) -> dict[str, Parts]:
    """Return the parts of each obligation of one deal that are expected in each band."""
    as_of = min(day or schedule.through, schedule.through)
    agreement = terms_in_force(schedule, agreement, as_of)
    grants = {f.tranche: f for f in agreement.facts if isinstance(f, Grant)}
    found: dict[str, Parts] = {}
    held: dict[str, list[Holding]] = {}
    for each in owed:
        grant = grants.get(each.name)
        if each.promise is not None:
            spent = each.promise.amount.number - each.left
            found[each.name] = spent_by_band(each.promise, spent, as_of)
        elif grant is not None:
            credits = each.left or grant.credits.number
            first = _effective(agreement, grant, as_of)
            last = expiry_of(agreement, schedule, each.name, as_of)
            holding = Holding(each.name, credits, first, last)
            if grant.delivery == "stand-ready":
                found[each.name] = served_by_band(holding, as_of)
            else:
                held.setdefault(grant.credits.currency, []).append(holding)
    paces = {
        down.commodity: Fraction(down.pace.drawn) / down.pace.days
        for down in burn_downs(schedule, agreement, as_of)
    } if held else {}  # fmt: skip
    for commodity, holdings in held.items():
        found |= drawn_by_band(holdings, paces.get(commodity, Fraction(0)), as_of)
    for name, parts in found.items():
        if not any(parts):
            found[name] = [Fraction(0)] * (BANDS - 1) + [Fraction(1)]
    return found


def _effective(agreement: Agreement, grant: Grant, day: datetime.date) -> datetime.date:
    """Return the first day a tranche may be drawn, as agreed and amended up to a day."""
    effective = max(grant.effective, grant.date)
    amendments = [
        (fact.date, fact.sequence, fact.effective)
        for fact in agreement.facts
        if isinstance(fact, Amend) and fact.tranche == grant.tranche and fact.effective
    ]
    for date, _, amended in sorted(amendments):
        if date <= day:
            effective = amended
    return effective
