"""The life of one deal in one ledger: facts in, schedule out.

A life is run up to a day and can be run on from there; one run to the end and
two runs end to end give the same schedule.  A fact that cannot be accounted for
is refused whole and changes nothing.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from typing import Any

from beanscrow.deal.problems import Level, Position, Problem
from beanscrow.deal.terms import (
    Agreement,
    Amend,
    Cash,
    Commitment,
    Cost,
    Estimate,
    Forfeit,
    Grant,
    Money,
    Payment,
    Stake,
    Usage,
    Valuation,
)
from beanscrow.money import from_quanta, places, to_quanta
from beanscrow.periods import DAY
from beanscrow.policy.drawdown import Drawdowns, where
from beanscrow.policy.forfeiture import forfeit
from beanscrow.policy.measurement import (
    EventLegs,
    escrow_mode,
    exact_money,
    legs_by_event,
    measure,
)
from beanscrow.policy.order import EVENT, EXPIRY, REFUND, USE, Act, acts_of
from beanscrow.policy.paragraphs import rules_of
from beanscrow.policy.refund import Refunds
from beanscrow.policy.refusal import Refusal, not_built
from beanscrow.policy.schedule import (
    Blended,
    CashLeg,
    CashMoved,
    CreditLeg,
    EscrowChanged,
    Event,
    Granted,
    Lapsed,
    Paid,
    Reestimated,
    Schedule,
    Signing,
    StakeArrived,
    TrancheStanding,
    TrancheTerms,
)
from beanscrow.policy.stake_lots import StakeState
from beanscrow.policy.terms_of_side import SideTerms
from beanscrow.policy.tranche import Tranche
from beanscrow.policy.valuation import remeasure

_NEVER = datetime.date.max
_STARTUPS_CASH = ("startup", "trustee-startup")


class Life:
    """One deal, as far as it has been run."""

    def __init__(self, agreement: Agreement, terms: SideTerms) -> None:
        self.agreement = agreement
        self.deal = agreement.deal
        self.terms = terms
        self.rules = rules_of(terms.framework, terms.side)
        self.mode = escrow_mode(self.deal)
        self.events: list[Event] = []
        self.problems: list[Problem] = []
        self.unbooked: list[tuple[Position, str]] = []
        self.stakes: dict[str, StakeState] = {}
        self.unit_scale = _finest_credit(agreement)
        facts = agreement.facts
        self.draws = Drawdowns(
            self.deal,
            terms,
            self.rules,
            self.unit_scale,
            [fact for fact in facts if isinstance(fact, Cost)],
            self.events.append,
        )
        self.refunds = Refunds(self.draws, self.events)
        self.signed: dict[int, CreditLeg | CashLeg | Any] = {}
        self.refused_events: dict[datetime.date, Position] = {}
        self._only_stake = sum(isinstance(f, Stake) for f in facts) == 1
        self._acts = self._ordered(agreement)
        self._next = 0

    def _ordered(self, agreement: Agreement) -> list[Act]:
        acts = acts_of(agreement.facts)
        legs = [
            fact
            for fact in agreement.facts
            if isinstance(fact, Stake | Cash | Grant | Commitment)
        ]
        for event in legs_by_event(legs):
            key = (event.date, EVENT, -(2**31), 0, "", "", Decimal(0), "")
            acts.append((key, event))
        acts.sort(key=lambda act: act[0])
        return acts

    # -- running -----------------------------------------------------------------

    def run(self, through: datetime.date) -> None:
        """Account for everything up to and including a day, from where the life stands."""
        acts, count = self._acts, len(self._acts)
        use, refund = self.draws.use, self.refunds.refund
        expiry = self.draws.next_expiry()
        while self._next < count:
            key, fact = acts[self._next]
            day, phase = key[0], key[1]
            if day > through:
                break
            if day >= expiry:
                if day > expiry or phase > EXPIRY:
                    self._lapse(day if phase > EXPIRY else day - DAY)
                    expiry = self.draws.next_expiry()
            self._next += 1
            try:
                if phase == USE:
                    use(fact)
                elif phase == REFUND:
                    refund(fact)
                else:
                    self._act(fact)
                    expiry = self.draws.next_expiry()
            except Refusal as refusal:
                self._refuse(fact, refusal)
        self._lapse(through)

    def _act(self, fact: Any) -> None:
        handler = _HANDLERS.get(type(fact))
        if handler is None:
            raise not_built(_DIRECTIVE_OF.get(type(fact).__name__, type(fact).__name__))
        handler(self, fact)

    def _refuse(self, fact: Any, refusal: Refusal) -> None:
        if isinstance(fact, EventLegs):
            legs = (*fact.stakes, *fact.cash, *fact.grants, *fact.commitments)
            at = refusal.at or legs[0].at
            self.refused_events[fact.date] = at
            for leg in legs:
                self.unbooked.append((leg.at, f"its contract event is refused ({refusal.code})"))
            self.say(at, refusal.code, refusal.message)
            return
        at = refusal.at or fact.at
        message = refusal.message
        if isinstance(fact, Usage) and refusal.code in ("E301", "E302"):
            message += self._hint_of_refused_event()
        self.say(at, refusal.code, message)

    def _hint_of_refused_event(self) -> str:
        for date, at in sorted(self.refused_events.items()):
            return f". The contract event of {date} was refused, see {where(at)}"
        for refused in self.agreement.refused:
            if refused.directive == "deal-grant":
                return f". A deal-grant was refused, see {where(refused.at)}"
        return ""

    def say(
        self, at: Position, code: str, message: str, level: Level = "error"
    ) -> None:
        """Note a problem of this deal."""
        self.problems.append(Problem(at, code, message, self.deal.deal, level))

    # -- the contract event --------------------------------------------------------

    def _sign(self, legs: EventLegs) -> None:
        for refused in self.agreement.refused:
            if refused.directive in _LEGS and (refused.event or refused.date) == legs.date:
                raise Refusal(
                    "E212",
                    f"the contract event of {legs.date} is not booked, because its "
                    f"{refused.directive} at {where(refused.at)} was refused and an event "
                    "without one of its legs would be measured wrong; mend that line",
                )
        signing = measure(
            self.deal,
            legs,
            self.agreement.policies,
            self.terms,
            self.rules,
            only_stake=self._only_stake,
        )
        for grant in legs.grants:
            self._check_grant(grant)
        for stake, stake_leg in zip(legs.stakes, signing.stakes, strict=True):
            self.signed[id(stake)] = stake_leg
            if stake.date == legs.date:
                self._hold(stake_leg)
        for paid, cash_leg in zip(legs.cash, signing.cash, strict=False):
            self.signed[id(paid)] = cash_leg
        self.events.append(signing)
        for grant, credit_leg in zip(legs.grants, signing.credits, strict=True):
            self.signed[id(grant)] = credit_leg
            self._start_tranche(grant, credit_leg, signing)

    def _check_grant(self, grant: Grant) -> None:
        if grant.modification != "blend":
            return
        if self.mode in _STARTUPS_CASH:
            raise not_built("a blend of credits whose escrow is the startup's")
        if grant.date != grant.event:
            raise Refusal(
                "E211",
                f"grant {grant.tranche} blends credits of {', '.join(grant.blends)} and is dated "
                f"{grant.date}, not the day of its event {grant.event}; a blend takes place on "
                "the day it is agreed",
                grant.at,
            )
        for name in grant.blends:
            old = self.draws.tranches.get(name)
            if old is None or old.commodity != grant.credits.currency or old.lapsed:
                raise Refusal(
                    "E211",
                    f"grant {grant.tranche} blends {name}, which is no tranche of "
                    f"{grant.credits.currency} that can be drawn on {grant.date}; tranches: "
                    f"{', '.join(sorted(self.draws.tranches)) or 'none'}",
                    grant.at,
                )
            if old.expires != grant.expires:
                raise Refusal(
                    "E210",
                    f"grant {grant.tranche} expires {grant.expires or 'never'} and blends {name}, "
                    f"which expires {old.expires or 'never'}; amend {name} to the same day first, "
                    "so that no credits are extended silently",
                    grant.at,
                )

    def _start_tranche(self, grant: Grant, leg: CreditLeg, signing: Signing) -> None:
        price = to_quanta(leg.price, self.terms.scale)
        kind = (
            "credits"
            if grant.price is None or grant.opening
            else "promotional" if not grant.price.number else "prepaid"
        )
        tranche = Tranche(
            name=grant.tranche,
            at=grant.at,
            commodity=grant.credits.currency,
            kind=kind,  # type: ignore[arg-type]
            escrow_mode=self.mode,
            granted_on=grant.event,
            effective=max(grant.effective, grant.date),
            expires=grant.expires,
            priority=grant.priority,
            face=grant.face,
            price=price,
            overpaid=bool(leg.upfront),
        )
        self.draws.add(tranche, grant.effective, grant.event, grant.date)
        for name in grant.blends if grant.modification == "blend" else ():
            old = self.draws.tranches[name]
            credits, unrecognised, escrow = old.give_over(tranche)
            tranche.receive(credits, unrecognised, escrow)
            self.events.append(
                Blended(
                    grant.at,
                    signing.date,
                    self.rules["blend"],
                    name,
                    tranche.name,
                    from_quanta(credits, self.unit_scale),
                    from_quanta(unrecognised, self.terms.scale),
                    from_quanta(escrow, self.terms.scale),
                )
            )

    def _hold(self, leg: Any) -> None:
        commodity = leg.units.currency
        if commodity not in self.stakes:
            self.stakes[commodity] = StakeState(leg, self.terms.scale)
        self.stakes[commodity].acquire(leg)

    def _leg_of(self, fact: Any) -> Any:
        """Return a leg as its event priced it, or None where the event is refused."""
        return self.signed.get(id(fact))

    def _stake(self, stake: Stake) -> None:
        leg = self._leg_of(stake)
        if leg is not None and stake.date > stake.event:
            self._hold(leg)
            self.events.append(StakeArrived(stake.at, stake.date, self.rules["settled"], leg))

    def _cash(self, cash: Cash) -> None:
        leg = self._leg_of(cash)
        if leg is not None and cash.date > cash.event:
            self.events.append(CashMoved(cash.at, cash.date, self.rules["settled"], leg))

    def _grant(self, grant: Grant) -> None:
        if self._leg_of(grant) is None:
            return
        escrow = 0 if grant.escrow is None else exact_money(grant.escrow, self.terms, grant.at)
        tranche = self.draws.tranches[grant.tranche]
        tranche.grant(to_quanta(grant.credits.number, self.unit_scale), escrow)
        self.draws.bound(tranche.commodity)
        if self.mode == "startup" and grant.date > grant.event and escrow:
            leg = CashLeg(grant.at, grant.date, from_quanta(escrow, self.terms.scale), True)
            self.events.append(CashMoved(grant.at, grant.date, self.rules["settled"], leg))
        self.events.append(
            Granted(
                grant.at,
                grant.date,
                self.rules[
                    "promotional"
                    if tranche.kind == "promotional"
                    else "escrow" if escrow else "granted"
                ],
                grant.tranche,
                grant.credits.number,
                from_quanta(escrow, self.terms.scale),
                grant.opening,
            )
        )

    # -- estimates, amendments -----------------------------------------------------

    def _estimate(self, estimate: Estimate) -> None:
        tranche = self._tranche_named(estimate.tranche, estimate.date)
        remote = 0
        expected = tranche.expected
        if estimate.breakage is not None:
            expected = self._credits_expected(estimate.breakage, tranche)
        if estimate.remote is not None:
            if self.terms.proportional:
                raise Refusal(
                    "E308",
                    "`remote:` belongs to the remote method and this deal's breakage is "
                    "proportional; write the estimate as `breakage:`",
                )
            remote = to_quanta(estimate.remote.number, self.unit_scale)
        tranche.expected_disclosed = expected
        if tranche.lapsed:
            self.unbooked.append((estimate.at, "the tranche has lapsed"))
            return
        in_force = expected if self.terms.proportional else Fraction(0)
        change = tranche.reestimate(in_force, remote if estimate.remote else tranche.base_remote)
        if not change:
            self.unbooked.append((estimate.at, "the estimate changes nothing recognised yet"))
            return
        self.events.append(
            Reestimated(
                estimate.at,
                estimate.date,
                self.rules["estimate"],
                tranche.name,
                from_quanta(change, self.terms.scale),
            )
        )

    def _credits_expected(self, breakage: Decimal | Money, tranche: Tranche) -> Fraction:
        """Return an estimate in credit quanta; a fraction is of the original grant."""
        if isinstance(breakage, Money):
            return Fraction(breakage.number) * 10**self.unit_scale
        return Fraction(breakage) * (tranche.granted + tranche.moved_in)

    def _tranche_named(self, name: str | None, date: datetime.date) -> Tranche:
        tranches = self.draws.tranches
        if name is None and len(tranches) == 1:
            return next(iter(tranches.values()))
        tranche = tranches.get(name or "")
        if tranche is None:
            raise Refusal(
                "E302",
                f"{f'tranche {name}' if name else 'a tranche'} is wanted that was granted on or "
                f"before {date}; tranches of the deal by then: "
                f"{', '.join(sorted(tranches)) or 'none'}" + self._hint_of_refused_event(),
            )
        return tranche

    def _amend(self, amend: Amend) -> None:
        tranche = self._tranche_named(amend.tranche, amend.date)
        if tranche.lapsed or (amend.expires and amend.expires < amend.date):
            raise Refusal(
                "E309",
                f"tranche {tranche.name} "
                + (
                    f"lapsed on {tranche.expires}"
                    if tranche.lapsed
                    else f"would expire on {amend.expires}"
                )
                + f", before the amendment of {amend.date}; grant new credits instead",
            )
        if amend.escrow is not None and self.mode in _STARTUPS_CASH:
            raise not_built("an amendment of an escrow that is the startup's")
        escrow = None if amend.escrow is None else exact_money(amend.escrow, self.terms, amend.at)
        days = [amend.date]
        if amend.expires is not None:
            tranche.expires = amend.expires
        if amend.effective is not None:
            tranche.effective = amend.effective
            days.append(amend.effective)
        if amend.priority is not None:
            tranche.priority = amend.priority
        stated = amend.breakage if self.terms.side == "provider" else None
        if amend.expires or amend.effective or stated is not None:
            tranche.rebase()
            if stated is not None:
                tranche.expected_disclosed = self._credits_expected(stated, tranche)
                if self.terms.proportional:
                    tranche.expected = tranche.expected_disclosed
            tranche.expected = min(tranche.expected, Fraction(tranche.base_credits))
        self.draws.bound(tranche.commodity, *days)
        change = 0 if escrow is None else tranche.change_escrow(escrow)
        if not change:
            self.unbooked.append((amend.at, "it changes terms and moves no money"))
            return
        self.events.append(
            EscrowChanged(
                amend.at,
                amend.date,
                self.rules["escrow"],
                tranche.name,
                from_quanta(change, self.terms.scale),
            )
        )

    # -- the rest ------------------------------------------------------------------

    def _pay(self, payment: Payment) -> None:
        exact_money(payment.amount, self.terms, payment.at)
        self.events.append(
            Paid(payment.at, payment.date, self.rules["paid"], payment.amount.number)
        )

    def _forfeit(self, fact: Forfeit) -> None:
        tranche = self._tranche_named(fact.tranche, fact.date)
        self.events.append(
            forfeit(fact, tranche, self.stakes, self.terms, self.rules, self.unit_scale)
        )
        self.draws.bound(tranche.commodity)

    def _value(self, valuation: Valuation) -> None:
        event = remeasure(valuation, self.stakes, self.terms, self.rules)
        if event is None:
            self.unbooked.append((valuation.at, "the carrying amount is that already"))
        else:
            self.events.append(event)

    def _lapse(self, last: datetime.date) -> None:
        """Let expire what has reached its last day, in order of day and name."""
        due = sorted(
            (
                tranche
                for tranche in self.draws.tranches.values()
                if tranche.expires and tranche.expires <= last and not tranche.lapsed
            ),
            key=lambda tranche: (tranche.expires or _NEVER, tranche.name),
        )
        for tranche in due:
            assert tranche.expires is not None
            credits, price, escrow = tranche.lapse()
            self.draws.bound(tranche.commodity, tranche.expires + DAY)
            if credits or price or escrow:
                self.events.append(
                    self._lapsed(tranche, tranche.expires, credits, price, escrow)
                )

    def _lapsed(
        self,
        tranche: Tranche,
        day: datetime.date,
        credits: int,
        price: int,
        escrow: int,
    ) -> Lapsed:
        return Lapsed(
            tranche.at,
            day,
            self.rules["lapsed"],
            tranche.name,
            from_quanta(credits, self.unit_scale),
            from_quanta(price, self.terms.scale),
            from_quanta(escrow, self.terms.scale),
        )

    # -- the schedule --------------------------------------------------------------

    def schedule(self, through: datetime.date) -> Schedule:
        """Return everything booked so far, with what stands and what is forecast."""
        tranches = sorted(self.draws.tranches.values(), key=lambda t: t.name)
        forecast = [
            self._lapsed(t, t.expires, t.held, t.unrecognised, t.escrow_left)
            for t in tranches
            if t.expires and not t.lapsed and t.held
        ]
        after = [
            (fact.at, f"it is dated after {through}, which these books have reached")
            for _, fact in self._acts[self._next :]
            if not isinstance(fact, EventLegs)
        ]
        return Schedule(
            deal=self.deal.deal,
            side=self.terms.side,
            framework=self.terms.framework,
            currency=self.terms.currency,
            through=through,
            tranches={t.name: self._terms_of(t) for t in tranches},
            events=list(self.events),
            forecast=sorted(forecast, key=lambda lapse: (lapse.date, lapse.tranche)),
            standing=tuple(self._standing(t) for t in tranches),
            stakes=tuple(s.standing() for _, s in sorted(self.stakes.items())),
            unbooked=self.unbooked + after,
            problems=list(self.problems),
        )

    def _terms_of(self, t: Tranche) -> TrancheTerms:
        mode = t.escrow_mode if t.kind == "credits" else _escrow_beside(t.escrow_mode)
        return TrancheTerms(t.name, t.commodity, t.kind, mode, t.at, t.overpaid)

    def _standing(self, t: Tranche) -> TrancheStanding:
        def units(quanta: int) -> Decimal:
            return from_quanta(quanta, self.unit_scale)

        def money(quanta: int) -> Decimal:
            return from_quanta(quanta, self.terms.scale)

        liability = t.unrecognised
        if t.kind == "promotional":
            liability = 0
        elif t.escrow_mode == "startup" and t.kind == "credits":
            liability -= t.escrow_left
        return TrancheStanding(
            tranche=t.name,
            commodity=t.commodity,
            kind=t.kind,
            effective=t.effective,
            expires=t.expires,
            face=t.face,
            granted=units(t.granted),
            held=units(t.held),
            drawn=units(t.drawn),
            expired=units(t.expired),
            forfeited=units(t.forfeited),
            moved=units(t.moved_in - t.moved_out),
            price=money(t.price_in),
            liability=money(liability),
            escrow=money(t.escrow_left),
            expected_breakage=units(round(t.expected_disclosed)),
        )


def _escrow_beside(mode: Any) -> Any:
    """Return whose escrow stands beside credits that money, or nobody, pays for."""
    return "provider" if mode == "trustee-startup" else mode


def _finest_credit(agreement: Agreement) -> int:
    """Return the decimals of the finest amount of credits the deal is written in."""
    commodities = {f.credits.currency for f in agreement.facts if isinstance(f, Grant)}
    finest, quantum = 0, Decimal(1)
    for fact in agreement.facts:
        if type(fact) is Usage:
            number, currency = fact.quantity
            if number.same_quantum(quantum) or currency not in commodities:
                continue
        elif isinstance(fact, Grant | Forfeit):
            number = fact.credits.number
        elif isinstance(fact, Estimate) and fact.remote is not None:
            number = fact.remote.number
        else:
            continue
        if places(number) > finest:
            finest = places(number)
            quantum = Decimal(1).scaleb(-finest)
    return finest


def account_for(agreement: Agreement, terms: SideTerms) -> Schedule:
    """Return what one side books for one deal, up to the day its books have reached."""
    life = Life(agreement, terms)
    life.run(terms.through)
    return life.schedule(terms.through)


def _with_its_event(_life: Life, _leg: Any) -> None:
    """Do nothing: what there is to say of a leg was said of its event."""


_HANDLERS: dict[type, Callable[[Life, Any], None]] = {
    EventLegs: Life._sign,
    Commitment: _with_its_event,
    Stake: Life._stake,
    Cash: Life._cash,
    Grant: Life._grant,
    Estimate: Life._estimate,
    Amend: Life._amend,
    Payment: Life._pay,
    Forfeit: Life._forfeit,
    Valuation: Life._value,
}
_LEGS = ("deal-stake", "deal-cash", "deal-grant", "deal-commitment")
_DIRECTIVE_OF = {
    "Convert": "deal-convert",
    "Warrant": "deal-warrant",
    "Milestone": "deal-milestone",
    "Correct": "deal-correct",
    "Sale": "deal-sale",
    "Reclassify": "deal-reclassify",
    "Result": "deal-result",
    "Elimination": "deal-elimination",
    "Dilution": "deal-dilution",
}
