"""A deal's schedule written down as transactions, by the side whose books they are."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any, Literal, NamedTuple, NoReturn

from beanscrow.booking.backstop import BACKSTOP_METHODS, BackstopBooks, Charge
from beanscrow.booking.buy_back import BUYBACK_METHODS, BuybackBooks
from beanscrow.booking.chart import Chart
from beanscrow.booking.entry import EntryMaker, difference
from beanscrow.booking.promise_ends import PROMISE_METHODS, PromiseEnds
from beanscrow.booking.provider import ProviderBooks
from beanscrow.booking.startup import StartupBooks
from beanscrow.deal.terms import Agreement
from beanscrow.deal.terms import Charge as ChargeFact
from beanscrow.policy.agency import ThirdPartyOwed
from beanscrow.policy.charging import Charging
from beanscrow.policy.commitment import ConsiderationReleased, Shortfall
from beanscrow.policy.failure import links_of
from beanscrow.policy.financing import InterestAccrued
from beanscrow.policy.lease import RentEarned
from beanscrow.policy.noncash import PriceMeasured, StakeReceived
from beanscrow.policy.onerous import OnerousProvided
from beanscrow.policy.paragraphs import rules_of
from beanscrow.policy.schedule import (
    Billed,
    Blended,
    CashMoved,
    ClaimRemeasured,
    ConsiderationAdded,
    ControlGained,
    Corrected,
    Drawn,
    EscrowChanged,
    EscrowRemeasured,
    Event,
    Forfeited,
    Granted,
    Lapsed,
    Paid,
    PromotionServed,
    Reestimated,
    Remeasured,
    RightUnconditional,
    Schedule,
    Signing,
    StakeArrived,
    StakeEarned,
    in_force,
)
from beanscrow.policy.stake_entry import StakeEntry
from beanscrow.policy.terms_of_side import SideTerms
from beanscrow.policy.warrants import WarrantEarned, WarrantValued

Book = Literal["escrow", "stakes"]

# Which method writes an event down, and which of the two plugins books it.
_METHODS: dict[type, str] = {
    Signing: "signing",
    StakeArrived: "stake_arrived",
    ConsiderationAdded: "consideration_added",
    RightUnconditional: "right_unconditional",
    CashMoved: "cash_moved",
    Granted: "granted",
    Blended: "blended",
    Drawn: "drawn",
    StakeEarned: "stake_earned",
    StakeReceived: "stake_received",
    PriceMeasured: "price_measured",
    Billed: "billed",
    Paid: "paid",
    ClaimRemeasured: "claim_remeasured",
    ThirdPartyOwed: "third_party_owed",
    WarrantEarned: "warrant_earned",
    WarrantValued: "warrant_valued",
    Shortfall: "shortfall",
    ConsiderationReleased: "consideration_released",
    InterestAccrued: "interest_accrued",
    RentEarned: "rent_earned",
    Reestimated: "reestimated",
    EscrowChanged: "escrow_changed",
    EscrowRemeasured: "escrow_remeasured",
    Lapsed: "lapsed",
    Forfeited: "forfeited",
    PromotionServed: "promotion_served",
    ControlGained: "control_gained",
    OnerousProvided: "onerous_provided",
    Remeasured: "remeasured",
    StakeEntry: "stake_entry",
}
_STAKE_EVENTS = (Remeasured, StakeEntry)


def book(
    schedule: Schedule,
    agreement: Agreement,
    terms: SideTerms,
    chart: Chart,
    which: Book,
) -> list[Any]:
    """Return the transactions of one deal, in the order its events happen.

    Args:
      which: "escrow" for the contract, "stakes" for the stake's own life.
    Returns:
      Transactions, each balanced to exactly zero in every commodity.
    """
    deal = agreement.deal
    payee = deal.name if schedule.side == "provider" else deal.provider
    maker = EntryMaker(deal.deal, payee, schedule.currency, which)
    wanted = which == "stakes"
    for stretch in _stretches(schedule, agreement):
        if stretch.begins is not None and not wanted:
            _correct(stretch.begins, agreement, terms, chart, maker)
        if stretch.begins is not None:
            chart = chart.anew()
            for event in stretch.begins.after.events:
                if isinstance(event, ControlGained):
                    chart.go_inside()
        agreement = stretch.agreement
        methods = _methods(stretch, terms, chart, maker)
        for event in stretch.events:
            if isinstance(event, _STAKE_EVENTS) == wanted:
                methods[type(event)](event)
    return maker.entries


def with_reasons(schedule: Schedule, entries: list[Any]) -> Schedule:
    """Return a schedule that says of each correction without an entry why it has none.

    Its difference comes to nothing in every account, which only its entries tell.

    Args:
      entries: What `book` has made of the contract.
    """
    booked = {(entry.meta["filename"], entry.meta["lineno"]) for entry in entries}
    nothing = [
        (event.at, "it changes nothing that was booked before its day")
        for event in schedule.events
        if isinstance(event, Corrected) and tuple(event.at) not in booked
    ]
    return schedule._replace(unbooked=[*schedule.unbooked, *nothing])


class _Stretch(NamedTuple):
    """Events from one correction to the next, and the terms they are booked by.

    Attributes:
      begins: The correction it begins with, None for what stands before any.
      known: Everything in force at its end.
    """

    begins: Corrected | None
    agreement: Agreement
    events: list[Event]
    known: Schedule


def _stretches(schedule: Schedule, agreement: Agreement) -> Iterator[_Stretch]:
    events: list[Event] = []
    begins: Corrected | None = None
    for event in schedule.events:
        if isinstance(event, Corrected):
            yield _Stretch(begins, agreement, events, event.before)
            begins, agreement, events = event, event.agreement, []
        else:
            events.append(event)
    known = schedule._replace(events=in_force(schedule))
    yield _Stretch(begins, agreement, events, known)


def _methods(
    stretch: _Stretch, terms: SideTerms, chart: Chart, maker: EntryMaker
) -> dict[type, Callable[[Any], None]]:
    """Return what writes down each kind of event, by the terms of a stretch."""
    schedule, agreement = stretch.known, stretch.agreement
    promises = {
        leg.commitment: leg.price
        for event in schedule.events
        if isinstance(event, Signing)
        for leg in event.commitments
    }
    side: ProviderBooks | StartupBooks
    charge: Charge = _nobody_bears
    if schedule.side == "provider":
        maker.linked = links_of(schedule.deal, schedule.events)
        side = ProviderBooks(
            chart,
            maker,
            schedule.tranches,
            promises,
            termination_income=terms.termination_income,
        )
    else:
        rules = rules_of(schedule.framework, "startup")
        charges = [fact for fact in agreement.facts if isinstance(fact, ChargeFact)]
        side = StartupBooks(
            chart,
            maker,
            schedule.tranches,
            promises,
            Charging(charges, terms.scale, terms.training, rules["training"]),
            agreement.deal.service,
        )
        charge = side.charge
    backstops = BackstopBooks(schedule.side, chart, maker, charge)
    ends = PromiseEnds(
        schedule.side,
        chart,
        maker,
        side.promised,
        termination_income=terms.termination_income,
    )
    buybacks = BuybackBooks(schedule.side, chart, maker, charge)
    return {
        **{kind: getattr(side, name) for kind, name in _METHODS.items()},
        **{kind: getattr(backstops, name) for kind, name in BACKSTOP_METHODS.items()},
        **{kind: getattr(buybacks, name) for kind, name in BUYBACK_METHODS.items()},
        **{kind: getattr(ends, name) for kind, name in PROMISE_METHODS.items()},
    }


def _nobody_bears(service: str, date: datetime.date, amount: Decimal) -> NoReturn:
    raise AssertionError("a provider charges no service to accounts of its own")


def _correct(
    event: Corrected,
    agreement: Agreement,
    terms: SideTerms,
    chart: Chart,
    maker: EntryMaker,
) -> None:
    """Book what a correction makes of everything before its day, in one entry."""
    sides: list[list[Any]] = []
    for schedule, facts in ((event.before, agreement), (event.after, event.agreement)):
        aside = EntryMaker(maker.deal, maker.payee, maker.currency, maker.booked_by)
        stretch = _Stretch(None, facts, schedule.events, schedule)
        # A chart of its own: control gained on the way changes what its roles mean.
        methods = _methods(stretch, terms, chart.anew(), aside)
        for each in schedule.events:
            methods[type(each)](each)
        sides.append(aside.entries)
    text = f"{event.directive} of {event.of} corrected: {event.told}"
    postings = difference(*sides)
    maker.add(event.at, event.date, event.rule, text, postings, flag="!")
