"""A deal's schedule written down as transactions, by the side whose books they are."""

from __future__ import annotations

from typing import Any, Literal

from beanscrow.booking.chart import Chart
from beanscrow.booking.entry import EntryMaker
from beanscrow.booking.provider import ProviderBooks
from beanscrow.booking.startup import StartupBooks
from beanscrow.deal.terms import Agreement, Charge
from beanscrow.policy.agency import ThirdPartyOwed
from beanscrow.policy.charging import Charging
from beanscrow.policy.commitment import ConsiderationReleased, Shortfall
from beanscrow.policy.schedule import (
    Billed,
    Blended,
    CashMoved,
    Drawn,
    EscrowChanged,
    EscrowRemeasured,
    Forfeited,
    Granted,
    Lapsed,
    Paid,
    PromotionServed,
    Reestimated,
    Remeasured,
    Schedule,
    Signing,
    StakeArrived,
    StakeEarned,
)
from beanscrow.policy.stake_entry import StakeEntry
from beanscrow.policy.terms_of_side import SideTerms
from beanscrow.policy.warrants import WarrantEarned

Book = Literal["escrow", "stakes"]

# Which method writes an event down, and which of the two plugins books it.
_METHODS: dict[type, str] = {
    Signing: "signing",
    StakeArrived: "stake_arrived",
    CashMoved: "cash_moved",
    Granted: "granted",
    Blended: "blended",
    Drawn: "drawn",
    StakeEarned: "stake_earned",
    Billed: "billed",
    Paid: "paid",
    ThirdPartyOwed: "third_party_owed",
    WarrantEarned: "warrant_earned",
    Shortfall: "shortfall",
    ConsiderationReleased: "consideration_released",
    Reestimated: "reestimated",
    EscrowChanged: "escrow_changed",
    EscrowRemeasured: "escrow_remeasured",
    Lapsed: "lapsed",
    Forfeited: "forfeited",
    PromotionServed: "promotion_served",
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
    promises = {
        leg.commitment: leg.price
        for event in schedule.events
        if isinstance(event, Signing)
        for leg in event.commitments
    }
    side: ProviderBooks | StartupBooks
    if schedule.side == "provider":
        side = ProviderBooks(
            chart,
            maker,
            schedule.tranches,
            promises,
            termination_income=terms.termination_income,
        )
    else:
        charges = [fact for fact in agreement.facts if isinstance(fact, Charge)]
        side = StartupBooks(
            chart,
            maker,
            schedule.tranches,
            promises,
            Charging(charges, terms.scale),
            deal.service,
        )
    methods = {kind: getattr(side, name) for kind, name in _METHODS.items()}
    wanted = which == "stakes"
    for event in schedule.events:
        if isinstance(event, _STAKE_EVENTS) == wanted:
            methods[type(event)](event)
    return maker.entries
