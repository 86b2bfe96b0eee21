"""The provider's entries: stake and cash against the contract liability, and its release."""

from __future__ import annotations

import datetime
from decimal import Decimal

from beancount.core.data import Posting

from beanscrow.booking.chart import Chart
from beanscrow.booking.conditional import ConditionalEntries
from beanscrow.booking.credits import CreditUnits
from beanscrow.booking.entry import EntryMaker, merged, post
from beanscrow.booking.later_entries import LaterEntries
from beanscrow.booking.narration import (
    amount_of,
    billed_text,
    claim_text,
    drawn_text,
    earned_text,
    forfeited_text,
    onerous_text,
    paid_text,
    signing_text,
    warrant_text,
)
from beanscrow.booking.promise_entries import PromiseEntries
from beanscrow.booking.ring_fence import RingFence
from beanscrow.booking.stake_lots import StakeLots
from beanscrow.policy.agency import ThirdPartyOwed
from beanscrow.policy.onerous import OnerousProvided
from beanscrow.policy.schedule import (
    Billed,
    Blended,
    CashMoved,
    ClaimRemeasured,
    ControlGained,
    Drawn,
    EscrowChanged,
    Forfeited,
    Granted,
    Lapsed,
    Paid,
    PromotionServed,
    Reestimated,
    Signing,
    StakeArrived,
    StakeEarned,
    TrancheTerms,
)
from beanscrow.policy.warrants import WarrantEarned, WarrantValued

_REVENUE = {"credits": "revenue-credits", "prepaid": "revenue-prepaid"}
_CUSTOMERS_CASH = ("startup", "trustee-startup")
_TRUSTEES_CASH = ("trustee-provider", "trustee-startup")


class ProviderBooks:
    """Books the schedule of one deal on the provider's side."""

    def __init__(
        self,
        chart: Chart,
        maker: EntryMaker,
        tranches: dict[str, TrancheTerms],
        promises: dict[str, Decimal],
        *,
        termination_income: bool,
    ) -> None:
        self.chart = chart
        self.maker = maker
        self.tranches = tranches
        self.promises = promises
        self.credits = CreditUnits("provider", chart, maker)
        self.stakes = StakeLots(chart, maker)
        self.fence = RingFence(chart, maker)
        self.escrow_remeasured = self.fence.remeasured
        spending = PromiseEntries(chart, maker, promises)
        self.shortfall = spending.shortfall
        self.consideration_released = spending.consideration_released
        self.promised = spending.promised
        conditional = ConditionalEntries(chart, maker, self.stakes)
        self.consideration_added = conditional.consideration_added
        self.right_unconditional = conditional.right_unconditional
        self.remeasured = self.stakes.remeasured
        self.stake_entry = self.stakes.stake_entry
        later = LaterEntries(chart, maker, self.stakes)
        self.stake_received = later.stake_received
        self.price_measured = later.price_measured
        self.interest_accrued = later.interest_accrued
        self.rent_earned = later.rent_earned
        self.termination_income = termination_income
        self._accounts: dict[tuple[str, str, bool], tuple[str, ...]] = {}

    # -- the contract event --------------------------------------------------------

    def signing(self, event: Signing) -> None:
        """Dr stake (or what is still to come of it) / Cr cash, contract liability."""
        chart, money = self.chart, self.maker.money
        postings: list[Posting] = []
        for stake in event.stakes:
            if stake.arrives > event.date:
                postings.append(money(chart("stake-receivable"), stake.value))
            else:
                postings += self.stakes.arriving(stake)
            if stake.opening:
                postings.append(money(chart("opening"), -stake.cost))
                postings.append(money(chart("aoci-afs"), -stake.waits))
        for cash in event.cash:
            role = "investment-payable" if cash.paid > event.date else "cash"
            postings.append(money(chart(role), -cash.amount))
        for leg in event.credits:
            account = chart("contract-liability", tranche=leg.tranche)
            postings.append(money(account, -leg.liability))
            postings.append(money(chart("upfront"), leg.upfront))
            postings.append(money(chart("receivable"), leg.receivable))
            if leg.opening:
                postings.append(money(chart("opening"), leg.price))
        for promise in event.commitments:
            postings.append(
                self.promised(promise.commitment, promise.price < 0, -promise.price)
            )
        for rent in event.rents:
            account = chart("unearned-rent", tranche=rent.tranche)
            postings.append(money(account, -rent.amount))
        self.maker.add(
            event.at, event.date, event.rule, signing_text(event), merged(postings)
        )

    def stake_arrived(self, event: StakeArrived) -> None:
        """Dr stake / Cr what was still to come of it."""
        stake = event.stake
        postings = self.stakes.arriving(stake)
        postings.append(self.maker.money(self.chart("stake-receivable"), -stake.value))
        text = f"{amount_of(*stake.units)} received"
        self.maker.add(event.at, event.date, event.rule, text, merged(postings))

    def cash_moved(self, event: CashMoved) -> None:
        """Dr what was still to be paid / Cr cash."""
        amount, money = event.cash.amount, self.maker.money
        postings = [
            money(self.chart("investment-payable"), amount),
            money(self.chart("cash"), -amount),
        ]
        text = "Cash into the startup's escrow" if event.cash.escrow else "Cash paid"
        self.maker.add(event.at, event.date, event.rule, text, merged(postings))

    def granted(self, event: Granted) -> None:
        """Credits held for the startup; own cash ring-fenced for them."""
        terms = self.tranches[event.tranche]
        postings = self.fence.set_aside(
            terms, event.escrow, "opening" if event.opening else "cash"
        )
        postings += self.credits.move(
            event.tranche, terms.commodity, "Granted", "Held", event.credits
        )
        text = f"{amount_of(event.credits, terms.commodity)} granted, {event.tranche}"
        self.maker.add(event.at, event.date, event.rule, text, postings, event.tranche)

    def blended(self, event: Blended) -> None:
        """Old contract liability to the blended one; credits moved."""
        money, chart = self.maker.money, self.chart
        terms = self.tranches[event.tranche]
        postings = merged(
            [
                money(chart("contract-liability", tranche=event.tranche), event.price),
                money(chart("contract-liability", tranche=event.into), -event.price),
            ]
        )
        commodity = terms.commodity
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
        """Dr contract liability / Cr revenue; own escrow back to operating cash."""
        name, service, usage_id, credits, price, breakage, escrow = event[3:10]
        terms = self.tranches[name]
        waits = terms.unconditional is not None and terms.waits(event.date)
        accounts = self._accounts.get((name, service, waits))
        if accounts is None:
            accounts = self._draw_accounts(terms, service, waits)
        liability, revenue, sold, lost, cash, fenced, held, drawn = accounts
        if event.pool != "Held":
            held = self.chart.units(name, event.pool)
        if terms.escrow in _CUSTOMERS_CASH and terms.kind == "credits":
            postings = self._drawn_from_customers_cash(event, terms)
        else:
            currency, commodity = self.maker.currency, terms.commodity
            recognised = price + breakage if breakage else price
            # Inside a group, or by the ledger's own chart, both may be one account.
            apart = event.prepaid and sold != revenue
            own = price - event.prepaid if apart else price
            postings = post(
                (
                    (liability, recognised, currency),
                    (revenue, own.copy_negate(), currency),
                    (sold, own - price, currency),
                    (lost, breakage.copy_negate(), currency),
                    (cash, escrow, currency),
                    (fenced, escrow.copy_negate(), currency),
                    (held, credits, commodity),
                    (drawn, credits.copy_negate(), commodity),
                )
            )
        self.maker.add(
            event.at,
            event.date,
            event.rule,
            drawn_text(event, terms.commodity),
            postings,
            name,
            usage_id,
        )

    def _drawn_from_customers_cash(
        self, event: Drawn, terms: TrancheTerms
    ) -> list[Posting]:
        """Return gross revenue for the cash, and what was agreed at signing against it."""
        chart, money, service = self.chart, self.maker.money, event.service
        price, breakage, escrow = event.price, event.breakage, event.escrow
        shown = escrow + event.gross
        role = "contra-consideration" if terms.overpaid else "revenue-credits"
        return merged(
            [
                *self.fence.collect(terms, escrow),
                money(chart("revenue-cash", service=service), -shown),
                self._balance(terms, price - escrow + breakage, event.date),
                money(chart(role, service=service), shown - price),
                money(chart("revenue-breakage", service=service), -breakage),
            ]
        ) + self.credits.move(
            event.tranche, terms.commodity, event.pool, "Drawn", event.credits
        )

    def _draw_accounts(
        self, terms: TrancheTerms, service: str, waits: bool
    ) -> tuple[str, ...]:
        chart, name = self.chart, terms.tranche
        trusted = terms.escrow in _TRUSTEES_CASH
        revenue = _REVENUE.get(terms.kind, "revenue-credits")
        accounts = (
            chart("contract-asset") if waits else chart("contract-liability", tranche=name),
            chart("lease-income" if terms.rent else revenue, service=service),
            chart(_REVENUE["prepaid"], service=service),
            chart("revenue-breakage", service=service),
            chart("cash"),
            chart("escrow-receivable" if trusted else "escrow-cash"),
            chart.units(name, "Held"),
            chart.units(name, "Drawn"),
        )
        self._accounts[name, service, waits] = accounts
        return accounts

    def stake_earned(self, event: StakeEarned) -> None:
        """Dr stake / Cr revenue: the shares are earned by delivering the compute."""
        postings = self.stakes.arriving(event.stake)
        revenue = self.chart("revenue-credits", service=event.service)
        postings.append(self.maker.money(revenue, -event.stake.value))
        self.maker.add(
            event.at,
            event.date,
            event.rule,
            earned_text(event, self.tranches[event.tranche].commodity),
            merged(postings),
            event.tranche,
            event.usage_id,
        )

    def promotion_served(self, event: PromotionServed) -> None:
        """Dr marketing / Cr cost of revenue, by election; there is no revenue."""
        money = self.maker.money
        postings = [
            money(self.chart("promotional-compute"), event.cost),
            money(self.chart("cost-pool"), -event.cost),
        ]
        commodity = self.tranches[event.tranche].commodity
        text = f"Cost of {amount_of(event.credits, commodity)} given away, {event.tranche}"
        self.maker.add(
            event.at, event.date, event.rule, text, merged(postings), event.tranche
        )

    def onerous_provided(self, event: OnerousProvided) -> None:
        """Dr loss on the contract / Cr provision; released the other way round."""
        money = self.maker.money
        postings = [
            money(self.chart("onerous-contract"), event.change),
            money(self.chart("onerous-provision"), -event.change),
        ]
        text = onerous_text(event, self.tranches)
        self.maker.add(event.at, event.date, event.rule, text, postings, event.tranche)

    def billed(self, event: Billed) -> None:
        """Dr receivable / Cr revenue for money."""
        money = self.maker.money
        postings = [
            money(self.chart("receivable"), event.amount),
            money(self.chart("revenue-cash", service=event.service), -event.amount),
        ]
        text = billed_text(event, self.maker.currency)
        self.maker.add(
            event.at, event.date, event.rule, text, merged(postings), "", event.usage_id
        )

    def paid(self, event: Paid) -> None:
        """Dr cash / Cr receivable."""
        money = self.maker.money
        postings = [
            money(self.chart("cash"), event.amount),
            money(self.chart("receivable"), -event.amount),
        ]
        text = paid_text(event, "received")
        self.maker.add(event.at, event.date, event.rule, text, merged(postings))

    def claim_remeasured(self, event: ClaimRemeasured) -> None:
        """Dr receivable / Cr exchange: what is owed in another currency is worth more."""
        money = self.maker.money
        postings = [
            money(self.chart("receivable"), event.change),
            money(self.chart("fx-remeasurement"), -event.change),
        ]
        self.maker.add(event.at, event.date, event.rule, claim_text(event), postings)

    def third_party_owed(self, event: ThirdPartyOwed) -> None:
        """Dr revenue / Cr what is owed to the supplier: an agent keeps the difference."""
        money = self.maker.money
        postings = [
            money(self.chart("revenue-credits", service=event.service), event.amount),
            money(self.chart("third-party-payable"), -event.amount),
        ]
        text = f"{event.service} of {event.supplier or 'a third party'}, sold as agent"
        self.maker.add(event.at, event.date, event.rule, text, merged(postings))

    def warrant_earned(self, event: WarrantEarned) -> None:
        """Dr contra revenue / Cr paid-in capital: the warrants are consideration payable."""
        money = self.maker.money
        postings = [
            money(self.chart("contra-warrants"), event.amount),
            money(self.chart("apic-warrants"), -event.amount),
        ]
        text = warrant_text(event)
        self.maker.add(event.at, event.date, event.rule, text, postings, "", event.usage_id)

    def warrant_valued(self, event: WarrantValued) -> None:
        """Nothing: what a customer's warrants are worth later is none of the vendor's."""

    # -- what is never drawn -------------------------------------------------------

    def reestimated(self, event: Reestimated) -> None:
        """Cumulative catch-up of expected breakage."""
        terms = self.tranches[event.tranche]
        money = self.maker.money
        postings = merged(
            [
                self._balance(terms, event.breakage, event.date),
                money(self.chart("revenue-breakage"), -event.breakage),
            ]
        )
        text = f"Expected breakage of {event.tranche} estimated anew"
        self.maker.add(event.at, event.date, event.rule, text, postings, event.tranche)

    def lapsed(self, event: Lapsed) -> None:
        """The price left on expired credits is breakage; the escrow goes free."""
        terms = self.tranches[event.tranche]
        money, chart = self.maker.money, self.chart
        postings: list[Posting] = []
        if terms.kind == "promotional":
            postings += self.fence.release(terms, event.escrow)
        elif terms.escrow in _CUSTOMERS_CASH:
            postings += self.fence.collect(terms, event.escrow)
            postings.append(self._balance(terms, event.price - event.escrow, event.date))
            postings.append(money(chart("revenue-breakage"), -event.price))
        else:
            postings.append(self._balance(terms, event.price, event.date))
            postings.append(money(chart("revenue-breakage"), -event.price))
            postings += self.fence.release(terms, event.escrow)
        postings = merged(postings)
        postings += self.credits.move(
            event.tranche, terms.commodity, "Held", "Expired", event.credits
        )
        text = f"{amount_of(event.credits, terms.commodity)} of {event.tranche} expired"
        self.maker.add(event.at, event.date, event.rule, text, postings, event.tranche)

    def forfeited(self, event: Forfeited) -> None:
        """Contract liability, shares and cash against each other; the difference to revenue."""
        terms = self.tranches[event.tranche]
        money, chart = self.maker.money, self.chart
        postings: list[Posting] = []
        if terms.kind != "promotional":
            postings.append(self._balance(terms, event.price, event.date))
        if terms.escrow == "trustee-startup":
            account = chart("contract-liability", tranche=event.tranche)
            postings.append(money(account, event.escrow))
            postings.append(money(chart("escrow-receivable"), -event.escrow))
        elif terms.escrow != "startup":
            postings += self.fence.release(terms, event.escrow)
        if event.stake is not None and event.shares is not None:
            postings += self.stakes.handed_back(event, event.stake, event.shares.currency)
        postings.append(money(chart("cash"), -event.cash))
        postings.append(money(chart(self._difference_role(event)), -event.difference))
        postings = merged(postings)
        postings += self.credits.move(
            event.tranche, terms.commodity, "Held", "Forfeited", event.credits
        )
        text = forfeited_text(event, terms.commodity)
        self.maker.add(event.at, event.date, event.rule, text, postings, event.tranche)

    def _difference_role(self, event: Forfeited) -> str:
        if event.difference < 0:
            return "contra-consideration"
        if not event.given_back:
            return "revenue-breakage"
        return "termination-income" if self.termination_income else "revenue-modification"

    def escrow_changed(self, event: EscrowChanged) -> None:
        """Own cash ring-fenced anew by an amendment."""
        terms = self.tranches[event.tranche]
        postings = self.fence.set_aside(terms, event.amount, "cash")
        text = f"Escrow of {event.tranche} amended"
        self.maker.add(event.at, event.date, event.rule, text, postings, event.tranche)

    # -- the group -----------------------------------------------------------------

    def control_gained(self, event: ControlGained) -> None:
        """What is owed to a customer / what is owed inside the group, and so from now on."""
        owed = [
            self._balance(self.tranches[it.name], it.liability, event.date)
            for it in event.tranches
        ]
        owed += [
            self.promised(it.name, self.promises[it.name] < 0, it.liability)
            for it in event.promises
        ]
        self.chart.go_inside()
        self._accounts.clear()
        owed += [
            self._balance(self.tranches[it.name], -it.liability, event.date)
            for it in event.tranches
        ]
        owed += [
            self.promised(it.name, self.promises[it.name] < 0, -it.liability)
            for it in event.promises
        ]
        text = "Control gained: what is owed of the contract is intra-group"
        self.maker.add(event.at, event.date, event.rule, text, merged(owed))
        self.maker.also = event.after

    # -- pieces --------------------------------------------------------------------

    def _balance(
        self, terms: TrancheTerms, amount: Decimal, date: datetime.date
    ) -> Posting:
        """Return what takes a change of the liability: it, or the asset that stands for it."""
        if terms.overpaid:
            return self.maker.money(self.chart("upfront"), amount)
        if terms.waits(date):
            return self.maker.money(self.chart("contract-asset"), amount)
        account = self.chart("contract-liability", tranche=terms.tranche)
        return self.maker.money(account, amount)
