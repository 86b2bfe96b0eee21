"""The startup's entries: prepaid compute against the shares issued, and its use."""

from __future__ import annotations

import datetime
from decimal import Decimal

from beancount.core.data import Posting

from beanscrow.booking.chart import Chart
from beanscrow.booking.credits import CreditUnits
from beanscrow.booking.entry import EntryMaker, merged
from beanscrow.booking.narration import (
    added_text,
    amount_of,
    billed_text,
    claim_text,
    drawn_text,
    earned_text,
    forfeited_text,
    interest_text,
    paid_text,
    released_text,
    shortfall_text,
    signing_text,
    warrant_text,
)
from beanscrow.policy.agency import ThirdPartyOwed
from beanscrow.policy.charging import Charging
from beanscrow.policy.commitment import ConsiderationReleased, Shortfall
from beanscrow.policy.financing import InterestAccrued
from beanscrow.policy.lease import RentEarned
from beanscrow.policy.noncash import PriceMeasured, StakeReceived
from beanscrow.policy.onerous import OnerousProvided
from beanscrow.policy.schedule import (
    Billed,
    Blended,
    CashMoved,
    ClaimRemeasured,
    ConsiderationAdded,
    ControlGained,
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
    RightUnconditional,
    Signing,
    StakeArrived,
    StakeEarned,
    StakeLeg,
    TrancheTerms,
)
from beanscrow.policy.stake_entry import StakeEntry
from beanscrow.policy.terms_of_side import shares_role
from beanscrow.policy.warrants import WarrantEarned, WarrantValued


class StartupBooks:
    """Books the schedule of one deal on the startup's side."""

    def __init__(
        self,
        chart: Chart,
        maker: EntryMaker,
        tranches: dict[str, TrancheTerms],
        promises: dict[str, Decimal],
        charging: Charging,
        service: str,
    ) -> None:
        self.chart = chart
        self.maker = maker
        self.tranches = tranches
        self.promises = promises
        self.service = service
        self.charging = charging
        self.credits = CreditUnits("startup", chart, maker)

    # -- the contract event --------------------------------------------------------

    def signing(self, event: Signing) -> None:
        """Dr cash, prepaid compute / Cr shares issued (or still to issue)."""
        chart, money = self.chart, self.maker.money
        postings: list[Posting] = []
        for stake in event.stakes:
            postings.append(
                money(
                    chart("shares-payable")
                    if stake.arrives > event.date
                    else self._shares(stake),
                    -stake.value,
                )
            )
            if stake.opening:
                postings.append(money(chart("opening"), stake.cost))
                postings.append(money(chart("aoci-own-credit"), stake.waits))
        for cash in event.cash:
            account = self._cash_account(cash.escrow, cash.paid > event.date)
            postings.append(money(account, cash.amount))
        for leg in event.credits:
            trusted = self.tranches[leg.tranche].escrow == "trustee-startup"
            # Neither side controls a trustee's cash until use: all of it is prepaid.
            prepaid = leg.price if trusted else leg.liability
            upfront = Decimal(0) if trusted else leg.upfront
            account = chart("prepaid", tranche=leg.tranche)
            postings.append(money(account, prepaid))
            postings.append(money(chart("vendor-consideration"), -upfront))
            postings.append(money(chart("payable"), -leg.receivable))
            if leg.opening:
                postings.append(money(chart("opening"), -leg.price))
        for promise in event.commitments:
            postings.append(
                self.promised(promise.commitment, promise.price < 0, promise.price)
            )
        self.maker.add(
            event.at, event.date, event.rule, signing_text(event), merged(postings)
        )

    def _cash_account(self, escrow: bool, later: bool) -> str:
        role = "stake-receivable" if later else "escrow-cash" if escrow else "cash"
        return self.chart(role)

    def consideration_added(self, event: ConsiderationAdded) -> None:
        """Dr cost of credits gone already, prepaid for the rest / Cr shares."""
        chart, money = self.chart, self.maker.money
        postings = [money(self._shares(leg), -leg.value) for leg in event.stakes]
        for part in event.parts:
            used, lost = part.used, part.breakage
            prepaid = chart("prepaid", tranche=part.tranche)
            postings += self.charge(self.service, event.date, used)
            postings.append(money(chart("expired-credits"), lost))
            postings.append(money(prepaid, part.price - used - lost))
        text = added_text(event)
        self.maker.add(event.at, event.date, event.rule, text, merged(postings))

    def right_unconditional(self, event: RightUnconditional) -> None:
        """Dr prepaid for what is still to come / Cr shares: the rest is paid for already."""
        money = self.maker.money
        shares = self._shares(event.stake)
        postings: list[Posting] = []
        for part in event.parts:
            rest = part.price - part.used
            prepaid = self.chart("prepaid", tranche=part.tranche)
            postings += [money(prepaid, rest), money(shares, -rest)]
        text = f"Right to {amount_of(*event.stake.units)} unconditional"
        self.maker.add(event.at, event.date, event.rule, text, merged(postings))

    def stake_arrived(self, event: StakeArrived) -> None:
        """Dr shares still to issue / Cr shares."""
        stake, money = event.stake, self.maker.money
        postings = [
            money(self.chart("shares-payable"), stake.value),
            money(self._shares(stake), -stake.value),
        ]
        text = f"{amount_of(*stake.units)} issued"
        self.maker.add(event.at, event.date, event.rule, text, merged(postings))

    def cash_moved(self, event: CashMoved) -> None:
        """Dr cash / Cr what was still to come."""
        amount, money = event.cash.amount, self.maker.money
        postings = [
            money(self._cash_account(event.cash.escrow, False), amount),
            money(self.chart("stake-receivable"), -amount),
        ]
        text = "Cash received into escrow" if event.cash.escrow else "Cash received"
        self.maker.add(event.at, event.date, event.rule, text, merged(postings))

    def granted(self, event: Granted) -> None:
        """Credits held; the provider's ring-fenced cash is none of the startup's."""
        commodity = self.tranches[event.tranche].commodity
        postings = self.credits.move(
            event.tranche, commodity, "Granted", "Held", event.credits
        )
        text = f"{amount_of(event.credits, commodity)} granted, {event.tranche}"
        self.maker.add(event.at, event.date, event.rule, text, postings, event.tranche)

    def blended(self, event: Blended) -> None:
        """Old prepaid to the blended one; credits moved."""
        money, chart = self.maker.money, self.chart
        commodity = self.tranches[event.tranche].commodity
        postings = merged(
            [
                money(chart("prepaid", tranche=event.into), event.price),
                money(chart("prepaid", tranche=event.tranche), -event.price),
            ]
        )
        postings += self.credits.move(
            event.tranche, commodity, "Held", "Moved", event.credits
        )
        postings += self.credits.move(event.into, commodity, "Moved", "Held", event.credits)
        text = (
            f"{amount_of(event.credits, commodity)} of {event.tranche} blended into "
            f"{event.into}"
        )
        self.maker.add(event.at, event.date, event.rule, text, postings, event.tranche)

    # -- use -----------------------------------------------------------------------

    def drawn(self, event: Drawn) -> None:
        """Dr the accounts of deal-charge / Cr prepaid, as if cash had been paid."""
        terms = self.tranches[event.tranche]
        postings: list[Posting] = []
        if terms.kind != "promotional":
            postings += self.charge(event.service, event.date, event.price)
            # A late row of a lapsed tranche takes the cost out of the credits lost.
            lost = self.maker.money(self.chart("expired-credits"), event.breakage)
            postings.append(lost)
            relieved = event.price + event.breakage
            if terms.escrow == "startup":
                postings += self._pay_from_escrow(terms, relieved, event.escrow)
            else:
                account = self._paid_with(terms, event.date)
                postings.append(self.maker.money(account, -relieved))
            postings = merged(postings)
        postings += self.credits.move(
            event.tranche, terms.commodity, event.pool, "Drawn", event.credits
        )
        rule = event.rule
        if terms.kind != "promotional":
            rule = self.charging.rules(rule, event.service, event.date)
        self.maker.add(
            event.at,
            event.date,
            rule,
            drawn_text(event, terms.commodity),
            postings,
            event.tranche,
            event.usage_id,
        )

    def stake_earned(self, event: StakeEarned) -> None:
        """Dr the accounts of deal-charge / Cr shares: what was received, when it was."""
        value = event.stake.value
        postings = self.charge(event.service, event.date, value)
        postings.append(self.maker.money(self._shares(event.stake), -value))
        self.maker.add(
            event.at,
            event.date,
            self.charging.rules(event.rule, event.service, event.date),
            earned_text(event, self.tranches[event.tranche].commodity),
            merged(postings),
            event.tranche,
            event.usage_id,
        )

    def stake_received(self, event: StakeReceived) -> None:
        """Nothing: when the provider measures its price is no concern of the startup's."""

    def price_measured(self, event: PriceMeasured) -> None:
        """Nothing: when the provider measures its price is no concern of the startup's."""

    def promotion_served(self, event: PromotionServed) -> None:
        """Nothing: the provider's cost of a gift is none of the startup's."""

    def third_party_owed(self, event: ThirdPartyOwed) -> None:
        """Nothing: what the provider owes its suppliers is none of the startup's."""

    def onerous_provided(self, event: OnerousProvided) -> None:
        """Nothing: what serving the credits costs the provider is none of the startup's."""

    def shortfall(self, event: Shortfall) -> None:
        """Dr shortfall / Cr payable: what was promised is owed, and was not used."""
        money = self.maker.money
        postings = [
            money(self.chart("shortfall"), event.amount),
            money(self.chart("payable"), -event.amount),
        ]
        text = shortfall_text(event)
        self.maker.add(event.at, event.date, event.rule, text, merged(postings))

    def consideration_released(self, event: ConsiderationReleased) -> None:
        """Prepaid compute to its use, or what the vendor paid off the price of it."""
        paid = self.promises[event.commitment] < 0
        rule = event.rule
        if event.left_over and not paid:
            postings = [self.maker.money(self.chart("expired-credits"), event.amount)]
        else:
            service = event.service or self.service
            postings = self.charge(service, event.date, event.amount)
            rule = self.charging.rules(rule, service, event.date)
        postings.append(self.promised(event.commitment, paid, -event.amount))
        text = released_text(event)
        self.maker.add(
            event.at, event.date, rule, text, merged(postings), "", event.usage_id
        )

    def rent_earned(self, event: RentEarned) -> None:
        """Nothing: a right-of-use asset is not built, so there is no rent to book."""

    def interest_accrued(self, event: InterestAccrued) -> None:
        """Dr prepaid compute / Cr interest: it has lent the provider its shares."""
        money = self.maker.money
        postings = [
            money(self.chart("prepaid", tranche=event.tranche), event.amount),
            money(self.chart("interest-income"), -event.amount),
        ]
        text = interest_text(event)
        self.maker.add(event.at, event.date, event.rule, text, postings, event.tranche)

    def promised(self, commitment: str, paid: bool, amount: Decimal) -> Posting:
        """Return what takes a change of what a promise carries, prepaid or of the vendor."""
        account = (
            self.chart("vendor-consideration")
            if paid
            else self.chart("prepaid", tranche=commitment)
        )
        return self.maker.money(account, amount)

    def warrant_earned(self, event: WarrantEarned) -> None:
        """Dr warrants earned / Cr what the goods cost (705-20-25-1).

        Warrants valued since stand at that value: the difference is its gain.
        """
        money = self.maker.money
        postings = self.charge(event.service, event.date, -event.amount)
        carried = event.amount + event.revalued
        postings.append(money(self.chart("warrants-earned"), carried))
        postings.append(money(self.chart("warrant-gain"), -event.revalued))
        self.maker.add(
            event.at,
            event.date,
            self.charging.rules(event.rule, event.service, event.date),
            warrant_text(event),
            merged(postings),
            "",
            event.usage_id,
        )

    def warrant_valued(self, event: WarrantValued) -> None:
        """Dr warrants earned / Cr gain: they are an investment at fair value."""
        money = self.maker.money
        postings = [
            money(self.chart("warrants-earned"), event.change),
            money(self.chart("warrant-gain"), -event.change),
        ]
        text = f"{event.warrant} remeasured, {event.note}"
        self.maker.add(event.at, event.date, event.rule, text, postings)

    def billed(self, event: Billed) -> None:
        """Dr the accounts of deal-charge / Cr payable."""
        postings = self.charge(event.service, event.date, event.amount)
        postings.append(self.maker.money(self.chart("payable"), -event.amount))
        text = billed_text(event, self.maker.currency)
        rule = self.charging.rules(event.rule, event.service, event.date)
        self.maker.add(
            event.at, event.date, rule, text, merged(postings), "", event.usage_id
        )

    def paid(self, event: Paid) -> None:
        """Dr payable / Cr cash."""
        money = self.maker.money
        postings = [
            money(self.chart("payable"), event.amount),
            money(self.chart("cash"), -event.amount),
        ]
        text = paid_text(event, "made")
        self.maker.add(event.at, event.date, event.rule, text, merged(postings))

    def claim_remeasured(self, event: ClaimRemeasured) -> None:
        """Dr exchange / Cr payable: what it owes in another currency is worth more."""
        money = self.maker.money
        postings = [
            money(self.chart("payable"), -event.change),
            money(self.chart("fx-remeasurement"), event.change),
        ]
        self.maker.add(event.at, event.date, event.rule, claim_text(event), postings)

    # -- what is never drawn -------------------------------------------------------

    def reestimated(self, event: Reestimated) -> None:
        """Nothing: expected breakage is the provider's judgement."""

    def lapsed(self, event: Lapsed) -> None:
        """Prepaid compute that will not be used is written off."""
        terms = self.tranches[event.tranche]
        postings: list[Posting] = []
        if terms.kind != "promotional":
            lost = self.maker.money(self.chart("expired-credits"), event.price)
            postings.append(lost)
            if terms.escrow == "startup":
                postings += self._pay_from_escrow(terms, event.price, event.escrow)
            else:
                account = self._paid_with(terms, event.date)
                postings.append(self.maker.money(account, -event.price))
            postings = merged(postings)
        postings += self.credits.move(
            event.tranche, terms.commodity, "Held", "Expired", event.credits
        )
        text = f"{amount_of(event.credits, terms.commodity)} of {event.tranche} expired"
        self.maker.add(event.at, event.date, event.rule, text, postings, event.tranche)

    def forfeited(self, event: Forfeited) -> None:
        """Prepaid derecognised against the shares handed back; the difference is a loss.

        The shares leave at their own carrying amount, the excess over their value
        to additional paid-in capital (260-10-S99-2), or to income as a last change of the
        fair value of what was owed.
        """
        terms = self.tranches[event.tranche]
        money, chart = self.maker.money, self.chart
        postings: list[Posting] = []
        loss = event.difference
        if terms.kind != "promotional":
            role = "vendor-consideration" if terms.overpaid else "prepaid"
            account = chart(role, tranche=event.tranche)
            if terms.escrow == "trustee-startup":
                # What the trustee has left comes back to the startup.
                account = chart("prepaid", tranche=event.tranche)
                postings.append(money(account, -(event.price + event.escrow)))
                postings.append(money(chart("cash"), event.escrow))
            else:
                postings.append(money(account, -event.price))
            if terms.escrow == "startup":
                postings.append(money(chart("cash"), event.escrow))
                postings.append(money(chart("escrow-cash"), -event.escrow))
        if event.stake is not None and event.shares is not None:
            postings.append(money(self._shares(event.stake), event.carrying))
            excess = event.carrying - event.share_value
            owed = event.stake.class_ == "liability"
            line = "fair-value-change" if owed else "extinguishment"
            postings.append(money(chart(line), -excess))
        postings.append(money(chart("cash"), event.cash))
        role = "termination-loss" if event.given_back else "expired-credits"
        postings.append(money(chart(role), loss))
        postings = merged(postings)
        postings += self.credits.move(
            event.tranche, terms.commodity, "Held", "Forfeited", event.credits
        )
        text = forfeited_text(event, terms.commodity)
        self.maker.add(event.at, event.date, event.rule, text, postings, event.tranche)

    def escrow_remeasured(self, event: EscrowRemeasured) -> None:
        """Nothing: the provider's cash is no asset of the startup's."""

    def escrow_changed(self, event: EscrowChanged) -> None:
        """Nothing: an amended escrow is the provider's own cash."""

    def remeasured(self, event: Remeasured) -> None:
        """Dr change in fair value / Cr what was issued as a liability."""
        money = self.maker.money
        account = self.chart(shares_role("liability", event.instrument))
        postings = [
            money(self.chart(event.line), event.rest),
            *(money(self.chart(role), part) for role, part in event.beside),
            money(account, -event.change),
        ]
        text = f"{event.stake} remeasured, {event.note}"
        self.maker.add(event.at, event.date, event.rule, text, merged(postings))

    def stake_entry(self, event: StakeEntry) -> None:
        """What was issued turns into shares of another class."""
        postings = [
            self.maker.money(self.chart(role), amount) for role, amount in event.lines
        ]
        self.maker.add(event.at, event.date, event.rule, event.text, merged(postings))

    def control_gained(self, event: ControlGained) -> None:
        """Nothing: who owns the startup changes none of its own books."""

    # -- pieces --------------------------------------------------------------------

    def _paid_with(self, terms: TrancheTerms, date: datetime.date) -> str:
        """Return what pays for credits: prepaid compute, or shares not yet unconditional."""
        if terms.paid_by is not None and terms.waits(date):
            return self._shares(terms.paid_by)
        return self.chart("prepaid", tranche=terms.tranche)

    def _shares(self, stake: StakeLeg) -> str:
        return self.chart(shares_role(stake.class_, stake.instrument))

    def charge(self, service: str, date: datetime.date, amount: Decimal) -> list[Posting]:
        """Return a cost of a service on the accounts that bear it; negative saves."""
        money = self.maker.money
        parts = self.charging.split(service, date, amount)
        if parts is None:
            role = self.charging.role(service)
            return [money(self.chart(role, service=service), amount)]
        return [money(account, part) for account, part in parts]

    def _pay_from_escrow(
        self, terms: TrancheTerms, price: Decimal, escrow: Decimal
    ) -> list[Posting]:
        """Return own escrow paid out, and the rest of the price as what was agreed at signing."""
        money, chart = self.maker.money, self.chart
        rest = (
            chart("vendor-consideration")
            if terms.overpaid
            else chart("prepaid", tranche=terms.tranche)
        )
        return [
            money(chart("escrow-cash"), -escrow),
            money(rest, escrow - price),
        ]
