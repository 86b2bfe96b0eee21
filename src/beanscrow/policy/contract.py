"""Contract events as they happen: signed, measured, and their legs settled later."""

from __future__ import annotations

import datetime
from decimal import Decimal
from typing import NamedTuple

from beanscrow.deal.problems import Position
from beanscrow.deal.terms import Agreement, Cash, CreditValue, Grant, Lease, Leg, Stake
from beanscrow.money import from_quanta, to_quanta
from beanscrow.policy.blend import check_blend, taken_over
from beanscrow.policy.citing import EventRules
from beanscrow.policy.conditional import ConditionalShares
from beanscrow.policy.credits_as_spent import check_countable
from beanscrow.policy.drawdown import Drawdowns
from beanscrow.policy.earning import (
    Earning,
    EarningTranche,
    service_values,
    shares_in_quanta,
    worth_of_service,
)
from beanscrow.policy.exact import exact_money
from beanscrow.policy.financed_tranche import FinancedTranche
from beanscrow.policy.financing import Accrual, InterestAccrued, Plan, plans_of
from beanscrow.policy.foreign_escrow import Abroad
from beanscrow.policy.foreign_event import (
    check_convertible,
    converted,
    currency_of,
    terms_abroad,
)
from beanscrow.policy.lease import Rents, with_rent
from beanscrow.policy.line_by_line import LineByLine
from beanscrow.policy.lots import lots_of
from beanscrow.policy.measurement import EventLegs, escrow_mode, measure
from beanscrow.policy.milestones import EventKey, event_of
from beanscrow.policy.noncash import (
    MeasuredDraws,
    NoncashPrice,
    StakeReceived,
    Worths,
    priced_later,
)
from beanscrow.policy.rates import Rate
from beanscrow.policy.refusal import not_built
from beanscrow.policy.schedule import (
    Blended,
    CashLeg,
    CashMoved,
    CreditLeg,
    EscrowMode,
    Event,
    Granted,
    Signing,
    StakeArrived,
    StakeLeg,
)
from beanscrow.policy.stake_lots import StakeState
from beanscrow.policy.terms_of_side import CONSOLIDATED, SideTerms
from beanscrow.policy.tranche import Tranche
from beanscrow.policy.whole_event import check_all_read, check_settled_later


class _Signed(NamedTuple):
    """The legs of the events signed so far, as measured."""

    stakes: dict[Stake, StakeLeg]
    cash: dict[Cash, CashLeg]
    credits: dict[Grant, CreditLeg]
    rules: dict[Leg, str]


class Contracts:
    """The contract events of one deal, and the stakes they brought in."""

    def __init__(
        self,
        agreement: Agreement,
        terms: SideTerms,
        rules: dict[str, str],
        draws: Drawdowns,
        events: list[Event],
        abroad: Abroad,
    ) -> None:
        self.agreement = agreement
        self.terms = terms
        self.rules = rules
        self.draws = draws
        self.events = events
        self.abroad = abroad
        self.mode: EscrowMode = escrow_mode(agreement.deal)
        self.stakes: dict[str, StakeState] = {}
        self.refused: dict[EventKey, Position] = {}
        # What each promise to spend carries, by its name, and when it is due.
        self.carried: dict[str, Decimal] = {}
        self.plans: dict[str, Plan] = {}
        self._signed = _Signed({}, {}, {}, {})
        stakes = [fact for fact in agreement.facts if isinstance(fact, Stake)]
        self._grants = [fact for fact in agreement.facts if isinstance(fact, Grant)]
        self._only_stake = len(stakes) == 1
        self.conditional = ConditionalShares(
            agreement,
            terms,
            rules,
            draws,
            self.mode,
            self._take_in,
            events.append,
            only_stake=self._only_stake,
        )
        self.leases = [fact for fact in agreement.facts if isinstance(fact, Lease)]
        self.rents = Rents(terms, rules["rent"], events.append)
        self.worths = Worths(agreement.facts, terms)
        # Shares measured on another day than inception, by their event.
        self._measured: dict[EventKey, NoncashPrice] = {}

    def sign(self, legs: EventLegs) -> None:
        """Measure an event and start what it grants.

        Raises:
          Refusal: The event cannot be measured, or a leg of it was refused by the
            reader; nothing of it is booked.
        """
        check_all_read(legs, self.agreement)
        if legs.adds_to:
            self.conditional.add(legs)
            return
        check_countable(legs.commitments, self._grants)
        signing = self._measure(legs)
        check_settled_later(legs, self.terms)
        signing = signing._replace(
            stakes=tuple(self._as_carried(leg) for leg in signing.stakes)
        )
        abroad = currency_of(legs, self.terms) != self.terms.currency
        whole: frozenset[str] = frozenset()
        if self.leases and self.terms.side == "provider":
            signing, whole = with_rent(
                legs, signing, self.leases, self.mode, self.terms, abroad=abroad
            )
        for grant in legs.grants:
            check_blend(grant, self.draws, self.mode, self.terms)
        values = self._service_values(legs.grants[0], signing) if signing.earned else []
        price = priced_later(
            legs, signing, self.mode, self.worths, self.terms, abroad=abroad
        )
        plans = plans_of(
            legs, signing, self.mode, self.terms, self.draws.unit_scale, abroad=abroad
        )
        exchanged = () if signing.earned or signing.waiting else legs.stakes
        for stake, stake_leg in zip(exchanged, signing.stakes, strict=True):
            self._signed.stakes[stake] = stake_leg
            if stake.date == legs.date:
                self._hold(stake_leg)
        for paid, cash_leg in zip(legs.cash, signing.cash, strict=False):
            self._signed.cash[paid] = cash_leg
        for promise in signing.commitments:
            self.carried[promise.commitment] = promise.price
        self.plans |= {n: p for n, p in plans.items() if n in self.carried}
        self._signed.rules.update(dict.fromkeys(legs.all(), signing.rule))
        self.events.append(signing)
        for grant, credit_leg in zip(legs.grants, signing.credits, strict=True):
            self._signed.credits[grant] = credit_leg
            self._start_tranche(grant, credit_leg, signing, plans.get(grant.tranche))
            tranche = self.draws.tranches[grant.tranche]
            tranche.cited = self._event(legs, abroad).drawn(
                grant, credit_leg, signing.stakes, self.mode, tranche.kind
            )
        for rent in signing.rents:
            self.draws.tranches[rent.tranche].leased = "apart"
        for name in whole:
            self.draws.tranches[name].leased = "whole"
        self.rents.begin(signing.rents)
        if signing.earned is not None:
            self._start_earning(legs.stakes[0], legs.grants[0], signing.earned, values)
        elif signing.waiting is not None:
            self.conditional.wait(legs, signing.waiting)
        if price is not None:
            self._measured[legs.key] = price
            if self.terms.measured_on == "performance":
                self._measure_draws(legs.grants, price)

    def agreed(self, date: datetime.date) -> int:
        """Return the cash agreed for stakes by the events up to a day, in whole quanta.

        What of it is not paid yet is a liability already, and no further promise.
        """
        return sum(
            to_quanta(leg.amount, self.terms.scale)
            for cash, leg in self._signed.cash.items()
            if cash.event <= date
        )

    def _measure(self, legs: EventLegs) -> Signing:
        """Return the event measured in its own currency, and converted once."""
        terms, policies = self.terms, self.agreement.policies
        currency = currency_of(legs, terms)
        rate: Rate | None = None
        if currency != terms.currency:
            check_convertible(legs, currency, self.mode)
            rate = terms.rates.on(currency, legs.date, legs.all()[0].at)
            terms = terms_abroad(legs, currency, terms)
        signing = measure(
            self.agreement.deal,
            legs,
            policies,
            terms,
            self._event(legs, rate is not None),
            only_stake=self._only_stake,
        )
        if rate is None:
            return signing
        return converted(signing, rate, terms, self.terms, legs.commitments)

    def _event(self, legs: EventLegs, abroad: bool) -> EventRules:
        """Return what decides an event; what waited for a milestone was agreed before."""
        added = not legs.label and any(it.event < legs.date for it in self._signed.credits)
        return EventRules(self.rules, self.terms.side == "startup", added, abroad)

    def _measure_draws(self, grants: tuple[Grant, ...], price: NoncashPrice) -> None:
        """Let each draw of some grants be worth what the shares are on its day."""
        for grant in grants:
            if grant.tranche in price.shares:
                self.draws.measured[grant.tranche] = MeasuredDraws(
                    self.draws.tranches[grant.tranche],
                    to_quanta(grant.credits.number, self.draws.unit_scale),
                    price,
                    self.rules["measured"],
                    self.events.append,
                )

    def _start_tranche(
        self, grant: Grant, leg: CreditLeg, signing: Signing, plan: Plan | None
    ) -> None:
        price = to_quanta(leg.price, self.terms.scale)
        taken = taken_over(grant, price, self.draws)
        of_kind = (
            EarningTranche
            if signing.earned
            else FinancedTranche
            if plan is not None
            else LineByLine
            if self.terms.line_by_line
            else Tranche
        )
        tranche = of_kind(
            name=grant.tranche,
            at=grant.at,
            commodity=grant.credits.currency,
            kind="earning" if signing.earned else taken.kind,
            escrow_mode=self.mode,
            granted_on=grant.date,
            effective=max(grant.effective, grant.date),
            expires=grant.expires,
            priority=grant.priority,
            face=grant.face,
            price=price,
            overpaid=bool(leg.upfront),
        )
        for_shares = grant.price is None and not grant.opening and not signing.earned
        if self.mode == "startup" and for_shares:
            owed = to_quanta(leg.liability, self.terms.scale)
            tranche.escrow_to_come = price - owed + to_quanta(leg.upfront, self.terms.scale)
        if plan is not None:
            assert isinstance(tranche, FinancedTranche)
            tranche.begin(plan)
        tranche.origins = taken.origins
        self.draws.add(tranche, grant.effective, grant.event, grant.date)
        for old in taken.tranches:
            credits, unrecognised, escrow = old.give_over()
            tranche.receive(credits, unrecognised, escrow)
            self.events.append(
                Blended(
                    grant.at,
                    signing.date,
                    self.rules["blend"],
                    old.name,
                    tranche.name,
                    from_quanta(credits, self.draws.unit_scale),
                    from_quanta(unrecognised, self.terms.scale),
                    from_quanta(escrow, self.terms.scale),
                )
            )

    def _service_values(self, grant: Grant, signing: Signing) -> list[CreditValue]:
        known = [fact for fact in self.agreement.facts if isinstance(fact, CreditValue)]
        return service_values(known, grant, self.terms, signing.at)

    def _start_earning(
        self, stake: Stake, grant: Grant, leg: StakeLeg, values: list[CreditValue]
    ) -> None:
        """Let the draws of a grant earn the shares of a stake."""
        tranche = self.draws.tranches[grant.tranche]
        assert isinstance(tranche, EarningTranche)
        unit_scale = self.draws.unit_scale
        tranche.begin(
            to_quanta(leg.value, self.terms.scale),
            shares_in_quanta(stake),
            to_quanta(grant.credits.number, unit_scale),
        )
        self.draws.earnings[grant.tranche] = Earning(
            tranche,
            leg,
            worth_of_service(stake, grant, leg, values, self.worths),
            unit_scale,
            self.terms,
            EventRules(self.rules, self.terms.side == "startup").earned(leg),
            self._take_in,
            self.events.append,
        )

    def _take_in(self, leg: StakeLeg) -> StakeLeg:
        """Hold units earned, and return them as they are carried."""
        carried = self._as_carried(leg)
        self._hold(carried)
        return carried

    def _as_carried(self, leg: StakeLeg) -> StakeLeg:
        held = self.stakes.get(leg.units.currency)
        if self.terms.side == "provider" and self.draws.ends_on is not None:
            if leg.instrument not in ("preferred", "common"):
                raise not_built(f"a {leg.instrument} of a subsidiary")
            return leg._replace(method=CONSOLIDATED)
        return leg if held is None else held.as_carried(leg)

    def _hold(self, leg: StakeLeg) -> None:
        commodity = leg.units.currency
        if commodity not in self.stakes:
            self.stakes[commodity] = StakeState(leg, self.terms.scale)
        self.stakes[commodity].acquire(leg)

    def settle_stake(self, stake: Stake) -> None:
        """Take in units that are issued after their event; before, it has done so."""
        leg = self._signed.stakes.get(stake)
        if leg is None or stake.date == stake.event:
            return
        price = self._measured.get(event_of(stake))
        if price is not None and self.terms.measured_on == "receipt":
            self._receive(stake, leg, price)
        else:
            leg = self._as_carried(leg)
            self._hold(leg)
            rule = self._signed.rules[stake]
            self.events.append(StakeArrived(stake.at, stake.date, rule, leg))

    def _receive(self, stake: Stake, leg: StakeLeg, price: NoncashPrice) -> None:
        """Take in units at what they are worth today, and price the credits by it."""
        tranches = [self.draws.tranches[name] for name in sorted(price.prices)]
        worth, gain, changes = price.receive(stake, tranches)
        for tranche in tranches:
            self.draws.forget(tranche.commodity)
        scale = self.terms.scale
        received = self._as_carried(
            leg._replace(
                value=from_quanta(worth, scale),
                lots=lots_of(stake.units.number, worth, scale, stake.date),
            )
        )
        self._hold(received)
        self.events.append(
            StakeReceived(
                stake.at,
                stake.date,
                self.rules["received"],
                received,
                leg.value,
                changes,
                from_quanta(gain, scale),
            )
        )

    def awaits(self, commodity: str) -> bool:
        """Return whether units are agreed that have still to come or to be earned."""
        earned = any(
            it.leg.units.currency == commodity for it in self.draws.earnings.values()
        )
        return earned or any(s.units.currency == commodity for s in self._signed.stakes)

    def accrue(self, accrual: Accrual) -> None:
        """Let a month's interest accrue on what is owed for shares paid in advance."""
        grant = accrual.leg
        assert isinstance(grant, Grant)
        tranche = self.draws.tranches.get(grant.tranche)
        if not isinstance(tranche, FinancedTranche) or tranche.lapsed:
            return
        interest = tranche.financed.accrue(accrual.date)
        if interest:
            tranche.accrue(interest)
            amount = from_quanta(interest, self.terms.scale)
            rule = self.rules["interest"]
            self.events.append(
                InterestAccrued(accrual.at, accrual.date, rule, grant.tranche, amount)
            )

    def settle_cash(self, cash: Cash) -> None:
        """Pay cash that moves after its event."""
        leg = self._signed.cash.get(cash)
        if leg is not None and cash.date > cash.event:
            rule = self._signed.rules[cash]
            self.events.append(CashMoved(cash.at, cash.date, rule, leg))

    def grant(self, grant: Grant) -> None:
        """Make credits available on the grant's own day, and ring-fence cash for them."""
        if grant not in self._signed.credits:
            return
        tranche = self.draws.tranches[grant.tranche]
        asked, escrow = self._ring_fence(grant, tranche)
        tranche.grant(to_quanta(grant.credits.number, self.draws.unit_scale), asked)
        self.draws.bound(tranche.commodity)
        if self.mode == "startup" and grant.date > grant.event and escrow:
            leg = CashLeg(grant.at, grant.date, from_quanta(escrow, self.terms.scale), True)
            rule = self._signed.rules[grant]
            self.events.append(CashMoved(grant.at, grant.date, rule, leg))
        self.events.append(
            Granted(
                grant.at,
                grant.date,
                self.draws.cited.granted(tranche, escrow),
                grant.tranche,
                grant.credits.number,
                from_quanta(escrow, self.terms.scale),
                grant.opening,
            )
        )

    def _ring_fence(self, grant: Grant, tranche: Tranche) -> tuple[int, int]:
        """Return what the contract asks to be ring-fenced, and its amount in the books."""
        money, terms = grant.escrow, self.terms
        if money is None:
            return 0, 0
        if money.currency == terms.currency:
            escrow = exact_money(money, terms, grant.at)
            return escrow, escrow
        if terms.side == "startup":
            return 0, 0  # the provider's cash, which these books do not carry
        foreign = self.abroad.open(grant.tranche, grant.at, money.currency, money.number)
        asked = to_quanta(money.number, foreign.scale)
        escrow = foreign.set_aside(asked)
        tranche.foreign = foreign
        return asked, escrow
