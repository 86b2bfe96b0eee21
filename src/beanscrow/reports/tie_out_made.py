"""The tie-out of what was earned and spent: entries the engine made, and no others.

Revenue, expenses and the accounts of a fleet may be posted to by hand as well, so only
generated entries are held against the reports of them.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from itertools import takewhile
from typing import Any

from beancount.core.data import Transaction

from beanscrow.booking.chart import Chart
from beanscrow.booking.daybook import Daybook
from beanscrow.booking.fleets import chart_of_fleet
from beanscrow.policy.backstop import CapacityBought, GuaranteeConsidered, Guaranteed
from beanscrow.policy.buy_back import HandedBack, SoldAtLast
from beanscrow.policy.commitment import ConsiderationReleased
from beanscrow.policy.promise_life import PromiseEnded
from beanscrow.policy.schedule import (
    Billed,
    ControlGained,
    Corrected,
    Event,
    Forfeited,
    in_force,
)
from beanscrow.reports.claims import Claim, Difference, compared
from beanscrow.reports.failures import failures
from beanscrow.reports.fleets import fleets_standing
from beanscrow.reports.margin import deal_margins
from beanscrow.reports.movements import ZERO

_MADE = "booked-by"
_REVENUE = (
    "revenue-credits",
    "revenue-prepaid",
    "revenue-cash",
    "contra-consideration",
    "lease-income",
)


def made_differently(
    entries: Iterable[Any],
    daybook: Daybook,
    charts: Mapping[str, Chart],
    options: Mapping[str, object],
    day: datetime.date | None = None,
) -> list[Difference]:
    """Return where generated entries and the reports of results disagree on a day.

    Args:
      charts: By deal.
      day: Last day that counts, inclusive; None for all that is booked.
    """
    made = [
        entry
        for entry in entries
        if isinstance(entry, Transaction)
        and _MADE in entry.meta
        and (day is None or entry.date <= day)
    ]
    balances: dict[tuple[str, str], Decimal] = {}
    of_fleets: dict[tuple[str, str], Decimal] = {}
    for entry in made:
        fleet = entry.meta.get("fleet")
        sums = balances if fleet is None else of_fleets
        postings: list[Any] = entry.postings
        for posting in postings:
            if posting.cost is None:
                number, currency = posting.units
                # Fleets may share their accounts, so each is summed up by itself.
                account = posting.account if fleet is None else f"{fleet}|{posting.account}"
                sums[account, currency] = sums.get((account, currency), ZERO) + number
    return [
        *compared(_revenue(daybook, charts, day), balances),
        *compared(_fleets(daybook, options, day), of_fleets),
        *_failures(daybook, made, options, day),
    ]


def _revenue(
    daybook: Daybook, charts: Mapping[str, Chart], day: datetime.date | None
) -> Iterator[Claim]:
    """Yield the revenue of credits, and beside it what else stands on its accounts."""
    earned: dict[str, Decimal] = {}
    for row in deal_margins(daybook, day=day):
        earned[row.deal] = earned.get(row.deal, ZERO) + row.revenue
    for deal, schedule in daybook.schedules.items():
        if schedule.side != "provider":
            continue
        chart = charts[deal]
        # What is sold inside the group stands on accounts of its own.
        events = list(takewhile(_outside, in_force(schedule, day)))
        services = {"", *(str(getattr(event, "service", "")) for event in events)}
        accounts = {chart(role, service=name) for role in _REVENUE for name in services}
        other = sum((_besides(event) for event in events), ZERO)
        yield Claim(
            deal,
            "revenue of credits, with what is billed and released",
            frozenset(accounts),
            schedule.currency,
            -1,
            earned.get(deal, ZERO) + other,
        )


def _outside(event: Event) -> bool:
    return not isinstance(event, ControlGained)


def _besides(event: Event) -> Decimal:
    """Return what an event posts to these accounts that is no revenue of credits drawn."""
    if isinstance(event, Billed):
        return event.amount
    if isinstance(event, ConsiderationReleased):
        lapses = event.left_over and event.amount > 0  # then it is breakage
        return ZERO if lapses else event.amount
    if isinstance(event, Forfeited | PromiseEnded):
        return min(ZERO, event.difference)
    return _of_vendor(event)


def _of_vendor(event: Event) -> Decimal:
    """Return what a promise besides the goods makes of the sales it belongs to."""
    match event:
        case CapacityBought():
            return event.worth - event.paid
        case Guaranteed() if not event.ahead:
            return -event.amount
        case GuaranteeConsidered():
            return -event.amount
        case SoldAtLast():
            return event.amount
        case HandedBack():
            return -event.amount
        case _:
            return ZERO


def _fleets(
    daybook: Daybook, options: Mapping[str, object], day: datetime.date | None
) -> Iterator[Claim]:
    for row in fleets_standing(daybook, day):
        assert daybook.books is not None, "there are fleets of some books only"
        chart = chart_of_fleet(row.fleet, daybook.books, options)
        written_off = -row.depreciation - row.impairment
        for role, amount in (
            ("gpu-cost", row.cost),
            ("gpu-accumulated-depreciation", written_off),
            ("gpu-depreciation", row.depreciation),
            ("gpu-impairment", row.impairment),
        ):
            account = frozenset((f"{row.fleet}|{chart(role)}",))
            yield Claim(f"fleet {row.fleet}", role, account, row.currency, 1, amount)


def _failures(
    daybook: Daybook,
    made: list[Any],
    options: Mapping[str, object],
    day: datetime.date | None,
) -> Iterator[Difference]:
    """Yield the failures whose linked entries change net assets otherwise than reported."""
    roots = tuple(
        f"{options.get(f'name_{root.lower()}', root)}:"
        for root in ("Assets", "Liabilities")
    )
    # What a correction makes of a failure stands in an entry of its own.
    corrected = {
        deal
        for deal, schedule in daybook.schedules.items()
        if any(isinstance(event, Corrected) for event in schedule.events)
    }
    rows = [row for row in failures(daybook, day) if row.deal not in corrected]
    changes: dict[str, Decimal] = {row.link: ZERO for row in rows}
    accounts: dict[str, set[str]] = {row.link: set() for row in rows}
    for entry in made if rows else ():
        for link in entry.links & changes.keys():
            for posting in entry.postings:
                if posting.account.startswith(roots):
                    each = posting.cost.number if posting.cost is not None else Decimal(1)
                    changes[link] += posting.units.number * each
                    accounts[link].add(posting.account)
    for row in rows:
        if changes[row.link] != row.net:
            yield Difference(
                row.deal,
                f"net of {row.link}",
                tuple(sorted(accounts[row.link])) or ("",),
                row.currency,
                row.net,
                changes[row.link],
            )
