"""The provider's entries for its chips: cost, depreciation, impairment."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple, assert_never

from beancount.core.data import Posting

from beanscrow.booking.chart import Chart
from beanscrow.booking.entry import EntryMaker
from beanscrow.deal.services import account_part
from beanscrow.deal.terms import Books
from beanscrow.policy.fleet import Bought, Depreciated, FleetSchedule, Impaired


class _Named(NamedTuple):
    """What an account template may hold of a fleet, in the place of a deal's."""

    account: str
    service: str = "Compute"


def chart_of_fleet(fleet: str, books: Books, options: Mapping[str, object]) -> Chart:
    """Return the accounts of one fleet, by role."""
    return Chart("provider", books, _Named(account_part(fleet)), (), options)


def book_fleet(
    schedule: FleetSchedule, books: Books, options: Mapping[str, object]
) -> list[Any]:
    """Return the transactions of one fleet, each balanced to exactly zero."""
    chart = chart_of_fleet(schedule.fleet, books, options)
    maker = EntryMaker(
        schedule.fleet, schedule.fleet, schedule.currency, "escrow", about="fleet"
    )
    for event in schedule.events:
        match event:
            case Bought():
                debit, credit, text = "gpu-cost", "cash", "Bought"
            case Depreciated():
                debit, credit = "gpu-depreciation", "gpu-accumulated-depreciation"
                text = "Depreciation"
            case Impaired():
                debit, credit = "gpu-impairment", "gpu-accumulated-depreciation"
                text = "Impairment" if event.amount > 0 else "Impairment reversed"
            case _:
                assert_never(event)
        postings: list[Posting] = [
            maker.money(chart(debit), event.amount),
            maker.money(chart(credit), -event.amount),
        ]
        maker.add(event.at, event.date, event.rule, text, postings)
    return maker.entries
