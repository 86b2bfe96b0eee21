"""What a reader of the journal is told: tranche, quantity, service, and why."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from beanscrow.policy.commitment import ConsiderationReleased, Shortfall
from beanscrow.policy.financing import InterestAccrued
from beanscrow.policy.noncash import PriceMeasured
from beanscrow.policy.onerous import OnerousProvided
from beanscrow.policy.promise_life import PromiseEnded
from beanscrow.policy.schedule import (
    Billed,
    ClaimRemeasured,
    ConsiderationAdded,
    Drawn,
    Forfeited,
    Paid,
    Signing,
    StakeEarned,
    TrancheTerms,
)
from beanscrow.policy.warrants import WarrantEarned


def amount_of(number: Decimal, commodity: str) -> str:
    """Return an amount as a person writes it: 1,500,000.00 MOON.CR."""
    return f"{number:,f} {commodity}"


def signing_text(event: Signing) -> str:
    """Return what was exchanged at a contract event."""
    gave = [amount_of(*stake.units) for stake in event.stakes]
    got = []
    if any(cash.amount and not cash.escrow for cash in event.cash):
        got.append("cash")
    if event.credits:
        names = ", ".join(leg.tranche for leg in event.credits)
        got.append(f"credits {names}")
    for leg in event.commitments:
        got.append(
            f"compute owed under {leg.commitment}"
            if leg.price > 0
            else f"what {leg.commitment} promises"
        )
    opening = all(stake.opening for stake in event.stakes) and all(
        leg.opening for leg in event.credits
    )
    if opening and not event.cash:
        return "Opening balance, " + " and ".join(gave + got)
    if not gave:
        return "Granted " + " and ".join(got)
    return f"{' and '.join(gave)} for {' and '.join(got)}" if got else " and ".join(gave)


def added_text(event: ConsiderationAdded) -> str:
    """Return what was received for credits of an earlier event, and for which."""
    received = " and ".join(amount_of(*stake.units) for stake in event.stakes)
    return f"{received} more for credits {', '.join(p.tranche for p in event.parts)}"


def drawn_text(event: Drawn, commodity: str) -> str:
    """Return what was drawn, given back, or drawn late."""
    if event.pool == "Held":
        if event.credits < 0:
            return f"{event.service} refunded, {-event.credits:,f} {commodity} to {event.tranche}"
        return f"{event.service}, {event.credits:,f} {commodity} from {event.tranche}"
    if event.credits < 0:
        return (
            f"{event.service} refunded, {-event.credits:,f} {commodity} of {event.tranche}, "
            "which has lapsed"
        )
    return (
        f"{event.service} delivered before {event.tranche} lapsed, "
        f"{event.credits:,f} {commodity}"
    )


def billed_text(event: Billed, currency: str) -> str:
    """Return what was billed, or credited, in money."""
    number, at = event.amount, ""
    if event.abroad is not None:
        (number, currency), rate = event.abroad
        at = f" at {rate:f}"
    what = "billed" if number >= 0 else "credited"
    text = f"{event.service} {what}, {abs(number):,f} {currency}{at}"
    if event.credits:
        beyond = f"{abs(event.credits):,f} {event.commodity}"
        text += f" for {beyond} beyond the grants"
    return text


def paid_text(event: Paid, done: str) -> str:
    """Return what was paid; in the currency of the books its amount says it.

    Args:
      done: "received" or "made".
    """
    if event.abroad is None:
        return f"Payment {done}"
    money, rate = event.abroad
    return f"Payment {done}, {amount_of(*money)} at {rate:f}"


def claim_text(event: ClaimRemeasured) -> str:
    """Return what is owed in another currency, and from which rate to which."""
    if not event.owed:
        return f"{event.currency} settled, what rounding has left"
    owed = amount_of(abs(event.owed), event.currency)
    back = " back" if event.owed < 0 else ""
    return f"{owed} owed{back} remeasured, {event.before:f} to {event.after:f}"


def shortfall_text(event: Shortfall) -> str:
    """Return what was promised and not bought; in money of the books its amount says it."""
    text = f"Shortfall of {event.commitment}, take or pay"
    if event.abroad is None:
        return text
    return f"{text}, {amount_of(*event.abroad.money)} at {event.abroad.rate:f}"


def forfeited_text(event: Forfeited, commodity: str) -> str:
    """Return what was given up, and for what."""
    text = f"{amount_of(event.credits, commodity)} of {event.tranche} forfeited, {event.reason}"
    if event.shares is not None:
        text += f", {amount_of(*event.shares)} handed back"
    return text


def onerous_text(event: OnerousProvided, tranches: Mapping[str, TrancheTerms]) -> str:
    """Return what is provided for, or released, and for how many credits."""
    of = [event.tranche] if event.tranche else tranches
    commodities = dict.fromkeys(tranches[name].commodity for name in of)
    owed = f"{event.owed:,f} {', '.join(commodities)} owed"
    if event.change > 0:
        return f"Loss on {owed} provided for"
    return f"Provision for a loss released, {owed}"


def released_text(event: ConsiderationReleased) -> str:
    """Return what a reader of the journal is told of what a promise carries."""
    if event.left_over:
        return f"{event.commitment} ended, the rest of what it carries"
    return f"{event.service}, bought under {event.commitment}"


def ended_text(event: PromiseEnded) -> str:
    """Return which promise ended early, and why; its cash where it is of another currency."""
    text = f"{event.commitment} ended by {event.reason}"
    if event.abroad is None:
        return text
    number, currency = event.abroad.money
    return f"{text}, {amount_of(abs(number), currency)} at {event.abroad.rate:f}"


def earned_text(event: StakeEarned, commodity: str) -> str:
    """Return what a reader of the journal is told of shares earned by a draw."""
    drawn = amount_of(event.credits, commodity)
    return f"{amount_of(*event.stake.units)} earned by {drawn}, {event.tranche}"


def measured_text(event: PriceMeasured) -> str:
    """Return what a reader of the journal is told of a draw measured on its own day."""
    return f"{event.service} from {event.tranche}, at what the shares are worth on its day"


def interest_text(event: InterestAccrued) -> str:
    """Return what a reader of the journal is told of a month's interest."""
    return f"Interest of {event.date:%Y-%m} on {event.tranche}, paid for in advance"


def warrant_text(event: WarrantEarned) -> str:
    """Return what a reader of the journal is told of warrants earned, or taken back."""
    if event.amount < 0:
        return f"{event.warrant} earned before, taken back"
    return f"{event.warrant} earned by buying {event.service}"
