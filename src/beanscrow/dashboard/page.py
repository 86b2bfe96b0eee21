"""What the deals page shows, as plain data: a table of deals, and one of them in full.

Nothing here knows Fava.  Figures are decimals; the template writes them the way the
ledger's options say.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from decimal import Decimal
from typing import NamedTuple

from beanscrow.booking.chart import Chart
from beanscrow.booking.daybook import Daybook
from beanscrow.deal.problems import Position, Problem
from beanscrow.deal.terms import Agreement, Commitment
from beanscrow.policy.schedule import Schedule
from beanscrow.policy.terms_of_side import shares_role
from beanscrow.reports.burn_down import BurnDown, burn_downs
from beanscrow.reports.credits import CreditsStanding, counterparty, standing_of
from beanscrow.reports.movements import ZERO, carried, even
from beanscrow.reports.obligations import spent_on
from beanscrow.reports.stakes import StakeStandingRow, stakes_of

Options = dict[str, object]


class CreditsOfDeal(NamedTuple):
    """Credits of one commodity over all tranches of a deal.

    Attributes:
      lapsed: Expired and forfeited together.
      share_left: Part of what was granted that is left, in per cent, rounded down.
    """

    commodity: str
    granted: Decimal
    drawn: Decimal
    lapsed: Decimal
    left: Decimal
    share_left: int
    account: str


class Expiry(NamedTuple):
    """The next day on which credits lapse if they are not drawn before."""

    date: datetime.date
    tranche: str
    credits: Decimal
    commodity: str
    days: int


class DealRow(NamedTuple):
    """One deal of the table.

    Attributes:
      owes: Whether it has credits or a promise to spend, which a contract liability or
        a prepaid could stand for.
    """

    deal: str
    party: str
    role: str
    since: datetime.date
    stakes: list[StakeStandingRow]
    stake_accounts: list[str]
    carrying: Decimal
    credits: list[CreditsOfDeal]
    next_expiry: Expiry | None
    liability: Decimal
    liability_account: str
    owes: bool
    problems: int


class TrancheRow(NamedTuple):
    """One tranche of the chosen deal, with the accounts behind its figures.

    Attributes:
      lapsed: Expired and forfeited together, as of the day of the page.
      late: Credits drawn by late rows since out of what expired, which the chart shows
        as it was on the day; below zero where refunds have lapsed since.
    """

    standing: CreditsStanding
    lapsed: Decimal
    late: Decimal
    swatch: int
    liability_account: str
    units_account: str


class PromiseLeft(NamedTuple):
    """A promise to spend of the chosen deal that still runs, in money of the books."""

    commitment: str
    to: datetime.date
    amount: Decimal
    left: Decimal


class Detail(NamedTuple):
    """The chosen deal in full."""

    row: DealRow
    agreement: Agreement
    tranches: list[TrancheRow]
    burn_downs: list[BurnDown]
    promises: list[PromiseLeft]
    problems: list[Problem]


class Page(NamedTuple):
    """Everything the template shows.

    Attributes:
      as_of: Last day that counts: the end of the time filter, and never later than
        the day the books have reached.
      side: provider or startup where all deals are of one; else "".
      hidden: Deals that the filters leave out, or that began after `as_of`.
      filtered: Whether a filter is set.
      credits, owed: Whether any deal shown has credits, or an amount for the last column.
    """

    as_of: datetime.date
    reached: datetime.date
    side: str
    framework: str
    currency: str
    rows: list[DealRow]
    carrying: Decimal
    liability: Decimal
    chosen: Detail | None
    hidden: int
    filtered: bool
    credits: bool
    owed: bool
    unread: list[Problem]


def rows_of(
    daybook: Daybook, options: Options, day: datetime.date | None = None
) -> list[DealRow]:
    """Return every deal of which something is booked by a day, the largest liability first.

    Args:
      day: Last day that counts, inclusive; None for all that is booked.
    """
    found = (_row(daybook, options, deal, day) for deal in daybook.schedules)
    rows = [row for row in found if row is not None]
    return sorted(rows, key=lambda row: (-row.liability, row.deal))


def page_of(
    daybook: Daybook,
    options: Options,
    every: list[DealRow],
    *,
    day: datetime.date | None = None,
    shown: set[str] | None = None,
    chosen: str = "",
) -> Page:
    """Return the page of the deals as of a day.

    Args:
      every: The rows of that day, as `rows_of` gives them.
      day: Last day that counts, inclusive; None for all that is booked.
      shown: Ids of the deals the filters leave; None for all of them.
      chosen: Id of the deal to show in full; the first one if it is not shown.
    """
    rows = [row for row in every if shown is None or row.deal in shown]
    schedules = list(daybook.schedules.values())
    reached = max((s.through for s in schedules), default=datetime.date.min)
    sides = {schedule.side for schedule in schedules}
    found = next((row for row in rows if row.deal == chosen), rows[0] if rows else None)
    carrying, liability = even(
        sum((row.carrying for row in rows), ZERO),
        sum((row.liability for row in rows), ZERO),
    )
    return Page(
        as_of=min(day, reached) if day else reached,
        reached=reached,
        side=sides.pop() if len(sides) == 1 else "",
        framework=daybook.books.framework if daybook.books else "",
        currency=daybook.books.currency if daybook.books else "",
        rows=rows,
        carrying=carrying,
        liability=liability,
        chosen=_detail(daybook, options, found, day) if found else None,
        hidden=len(daybook.schedules) - len(rows),
        filtered=day is not None or shown is not None,
        credits=any(row.credits for row in rows),
        owed=any(row.owes for row in rows),
        unread=[
            problem
            for problem in daybook.problems
            if problem.level == "error" and problem.deal not in daybook.schedules
        ],
    )


def _chart(daybook: Daybook, options: Options, deal: str) -> Chart:
    assert daybook.books is not None, "a schedule has books"
    agreement = daybook.agreements[deal]
    side = daybook.schedules[deal].side
    return Chart(side, daybook.books, agreement.deal, agreement.policies, options)


def _row(
    daybook: Daybook, options: Options, deal: str, day: datetime.date | None
) -> DealRow | None:
    """Return a deal's row, or None where nothing of it is booked by then."""
    schedule, agreement = daybook.schedules[deal], daybook.agreements[deal]
    dates = [event.date for event in schedule.events if day is None or event.date <= day]
    if not dates:
        return None
    as_of = min(day, schedule.through) if day else schedule.through
    tranches = standing_of(schedule, agreement, day)
    stakes = stakes_of(schedule, agreement, day)
    chart = _chart(daybook, options, deal)
    promises = carried(schedule, day)
    liabilities = [_liability_account(schedule, chart, row.tranche) for row in tranches]
    liabilities += [
        _promise_account(schedule, chart, name, amount) for name, amount in promises.items()
    ]
    return DealRow(
        deal=deal,
        party=counterparty(agreement, schedule),
        role=schedule.side,
        since=agreement.deal.date,
        stakes=stakes,
        stake_accounts=[_stake_account(schedule, chart, stake) for stake in stakes],
        carrying=sum((stake.carrying for stake in stakes), ZERO),
        credits=_credits(tranches, chart),
        next_expiry=_next_expiry(tranches, as_of),
        liability=sum((row.liability for row in tranches), sum(promises.values(), ZERO)),
        liability_account=common_parent(liabilities),
        owes=bool(liabilities) or any(isinstance(it, Commitment) for it in agreement.facts),
        problems=len(_refusals(daybook, deal)),
    )


def _refusals(daybook: Daybook, deal: str) -> list[Problem]:
    """Return why lines of a deal are not booked, one reason a line, in their order."""
    found: dict[Position, Problem] = {}
    for problem in daybook.problems:
        if problem.level == "error" and problem.deal == deal:
            found.setdefault(problem.at, problem)
    return [found[at] for at in sorted(found)]


def _detail(
    daybook: Daybook, options: Options, row: DealRow, day: datetime.date | None
) -> Detail:
    schedule, agreement = daybook.schedules[row.deal], daybook.agreements[row.deal]
    chart = _chart(daybook, options, row.deal)
    burns = burn_downs(schedule, agreement, day)
    tranches = []
    for number, standing in enumerate(standing_of(schedule, agreement, day)):
        units = common_parent([chart.units(standing.tranche, "Held")], up=1)
        tranches.append(
            TrancheRow(
                standing,
                standing.expired + standing.forfeited,
                _expired_then(burns, standing.tranche) - standing.expired,
                number % 6 + 1,
                _liability_account(schedule, chart, standing.tranche),
                units,
            )
        )
    return Detail(
        row,
        agreement,
        tranches,
        burns,
        _promises(schedule, day),
        _refusals(daybook, row.deal),
    )


def _expired_then(burns: list[BurnDown], tranche: str) -> Decimal:
    """Return what expired of a tranche on its day, as the chart shows it."""
    return sum(
        (
            lapse.credits
            for burn in burns
            for lapse in burn.lapses
            if lapse.booked and lapse.tranche == tranche
        ),
        ZERO,
    )


def _promises(schedule: Schedule, day: datetime.date | None) -> list[PromiseLeft]:
    """Return the promises to spend whose term has not ended, and what is left of each."""
    as_of = min(day, schedule.through) if day else schedule.through
    return [
        PromiseLeft(
            it.commitment,
            it.to,
            *even(it.amount.number, max(ZERO, it.amount.number - spent)),
        )
        for it, spent in spent_on(schedule, as_of)
        if as_of <= it.to
    ]


def _credits(tranches: list[CreditsStanding], chart: Chart) -> list[CreditsOfDeal]:
    found = []
    for commodity in dict.fromkeys(row.commodity for row in tranches):
        rows = [row for row in tranches if row.commodity == commodity]
        granted, drawn, lapsed, left = even(
            sum((row.granted for row in rows), ZERO),
            sum((row.drawn for row in rows), ZERO),
            sum((row.expired + row.forfeited for row in rows), ZERO),
            sum((row.left for row in rows), ZERO),
        )
        found.append(
            CreditsOfDeal(
                commodity,
                granted,
                drawn,
                lapsed,
                left,
                int(100 * left / granted) if granted else 0,
                common_parent([chart.units(row.tranche, "Held") for row in rows]),
            )
        )
    return found


def _next_expiry(tranches: list[CreditsStanding], as_of: datetime.date) -> Expiry | None:
    ahead = [
        Expiry(
            row.expires, row.tranche, row.left, row.commodity, (row.expires - as_of).days
        )
        for row in tranches
        if row.expires is not None and row.left and row.expires >= as_of
    ]
    return min(ahead, key=lambda expiry: (expiry.date, expiry.tranche), default=None)


def _promise_account(
    schedule: Schedule, chart: Chart, commitment: str, amount: Decimal
) -> str:
    if amount >= 0:
        return _liability_account(schedule, chart, commitment)
    return chart("upfront" if schedule.side == "provider" else "vendor-consideration")


def _liability_account(schedule: Schedule, chart: Chart, tranche: str) -> str:
    role = "contract-liability" if schedule.side == "provider" else "prepaid"
    return chart(role, tranche=tranche)


def _stake_account(schedule: Schedule, chart: Chart, stake: StakeStandingRow) -> str:
    if schedule.side == "provider":
        return chart(f"stake-{stake.method}", instrument=stake.instrument)
    return chart(shares_role(stake.method, stake.instrument))


def common_parent(accounts: Iterable[str], up: int = 0) -> str:
    """Return the account that all of some accounts are in, `up` levels above it."""
    parts = [account.split(":") for account in accounts]
    if not parts:
        return ""
    shared = []
    for level in zip(*parts, strict=False):
        if len(set(level)) > 1:
            break
        shared.append(level[0])
    return ":".join(shared[: len(shared) - up])
