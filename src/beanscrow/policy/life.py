"""The life of one deal in one ledger: facts in, schedule out.

A life is run up to a day and can be run on from there; one run to the end and
two runs end to end give the same schedule.  A fact that cannot be accounted for
is refused whole and changes nothing.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from beanscrow.deal.influence_terms import (
    Basis,
    Control,
    Dilution,
    Elimination,
    Guarantee,
    Result,
)
from beanscrow.deal.problems import Position, Problem
from beanscrow.deal.terms import (
    Agent,
    Agreement,
    Amend,
    Cash,
    Commitment,
    CommitmentEnding,
    Convert,
    Estimate,
    Fact,
    Forfeit,
    Grant,
    Milestone,
    Onerous,
    Payment,
    Reclassify,
    Sale,
    Stake,
    Usage,
    Valuation,
    Warrant,
)
from beanscrow.deal.vendor_terms import Backstop, BackstopCall, Buyback, BuybackExercise
from beanscrow.deal.wording import where
from beanscrow.money import from_quanta
from beanscrow.periods import DAY
from beanscrow.policy.acts import finest_credit, ordered, promised, unread_buybacks
from beanscrow.policy.agency import Agency
from beanscrow.policy.amendment import Amendments
from beanscrow.policy.backstop import Backstops
from beanscrow.policy.buy_back import Buybacks
from beanscrow.policy.change_of_method import MethodChanges
from beanscrow.policy.commitment import CommitmentEnd, Commitments
from beanscrow.policy.conditional import Unconditional
from beanscrow.policy.contract import Contracts
from beanscrow.policy.control import Controls
from beanscrow.policy.drawdown import Drawdowns
from beanscrow.policy.equity_method import EquityMethod
from beanscrow.policy.financing import Accrual
from beanscrow.policy.foreign_claim import ClaimMonthEnd, ForeignClaims
from beanscrow.policy.foreign_escrow import Abroad, MonthEnd
from beanscrow.policy.forfeiture import forfeit
from beanscrow.policy.influence import Influence
from beanscrow.policy.lease import RentDay, refuse_right_of_use
from beanscrow.policy.measurement import EventLegs
from beanscrow.policy.milestones import event_of, released
from beanscrow.policy.onerous import OnerousContracts
from beanscrow.policy.order import EXPIRY, REFUND, USE
from beanscrow.policy.paragraphs import rules_of
from beanscrow.policy.promise_life import PromiseLife
from beanscrow.policy.refund import Refunds
from beanscrow.policy.refusal import Refusal, not_built
from beanscrow.policy.schedule import Event, Lapsed, Schedule
from beanscrow.policy.stake_entry import StakeJournal
from beanscrow.policy.stake_life import Settled, StakeLife
from beanscrow.policy.stand_ready import (
    Served,
    StandingReady,
    decimals_of_days,
)
from beanscrow.policy.standing import terms_of
from beanscrow.policy.straight_line import DayReached
from beanscrow.policy.support import Support
from beanscrow.policy.terms_of_side import SideTerms
from beanscrow.policy.tranche import Tranche
from beanscrow.policy.valuation import remeasure
from beanscrow.policy.warrants import Warrants

_NEVER = datetime.date.max
_NO_MONEY = Decimal(0)


class Life:
    """One deal, as far as it has been run."""

    def __init__(self, agreement: Agreement, terms: SideTerms) -> None:
        # As written: credits that wait for a milestone are never taken for money.
        is_credits = promised(agreement, terms.currency)
        milestones = released(agreement, terms.through)
        self.agreement = agreement = milestones.agreement
        self.deal = agreement.deal
        self.terms = terms
        self.rules = rules = rules_of(terms.framework, terms.side)
        self.events: list[Event] = []
        self.problems: list[Problem] = []
        self.unbooked: list[tuple[Position, str]] = list(milestones.waiting)
        written = finest_credit(agreement)
        self.unit_scale = max(written, decimals_of_days(agreement.facts))
        emit = self.events.append
        claims = self.claims = ForeignClaims(terms, rules, emit)
        self.draws = Drawdowns(
            agreement, terms, rules, self.unit_scale, written, is_credits, emit, claims
        )
        billing = self.draws.billing
        self.ready = ready = StandingReady(
            self.draws, agreement.facts, self.deal.service, rules["stand-ready"]
        )
        self.warrants = warrants = Warrants(terms, rules, emit, self._leave)
        billing.count_at_home(warrants)
        self.commitments = commitments = Commitments(
            agreement.facts, terms, rules, self.unit_scale, claims, emit
        )
        self.promises = PromiseLife(commitments, terms, rules, emit, self._leave)
        billing.buyers.append(commitments.purchased)
        if commitments.count_credits:
            self.draws.drawers.append(commitments.drawn)
            billing.overdrawers.append(commitments.overdrawn)
        self.backstops = backstops = Backstops(terms, rules, emit, self._leave)
        billing.count_at_home(backstops)
        self.buybacks = buybacks = Buybacks(
            agreement.facts,
            unread_buybacks(agreement),
            terms,
            rules,
            emit,
            self._leave,
            lambda day: commitments.carries(day) or backstops.waits(day),
        )
        billing.taker = buybacks.sell
        self.refunds = Refunds(self.draws, self.events)
        self.abroad = Abroad(terms, rules["escrow-rate"], emit)
        self.contracts = Contracts(
            agreement, terms, rules, self.draws, self.events, self.abroad
        )
        held = self.contracts.stakes
        journal = StakeJournal(terms, rules, emit, self._leave)
        support = Support(self.deal, terms, self.contracts.agreed)
        self.influence = influence = Influence(
            agreement.facts, self.contracts.refused, support
        )
        self.stakes = stakes = StakeLife(agreement.policies, held, influence, journal)
        changes = MethodChanges(held, influence, journal, emit)
        self.controls = controls = Controls(
            held, influence, self.draws, commitments, journal, emit
        )
        self.equity = equity = EquityMethod(agreement.facts, held, influence, journal)
        agreed = {f.tranche: f.event for f in agreement.facts if isinstance(f, Grant)}
        self.onerous = OnerousContracts(
            terms,
            rules,
            self.unit_scale,
            self.draws.tranches,
            agreed,
            emit,
            self._leave,
        )
        self.amendments = Amendments(
            terms, rules, self.draws, self._tranche_named, emit, self._leave
        )
        self._handlers: dict[type, Callable[[Any], None]] = {
            EventLegs: self.contracts.sign,
            MonthEnd: self.abroad.month_end,
            ClaimMonthEnd: self.claims.month_end,
            Accrual: self._accrue,
            RentDay: self.contracts.rents.pass_day,
            Served: ready.serve,
            Stake: self.contracts.settle_stake,
            Cash: self.contracts.settle_cash,
            Grant: self.contracts.grant,
            Commitment: self._commit,
            CommitmentEnd: commitments.end,
            Estimate: self.amendments.estimate,
            CommitmentEnding: self.promises.end,
            Amend: self._amend,
            Payment: billing.pay,
            Warrant: warrants.grant,
            Milestone: warrants.milestone,
            Unconditional: self.contracts.conditional.becomes_unconditional,
            Onerous: self._judge,
            Agent: Agency(terms, rules["agent"], emit).owe,
            Backstop: backstops.begin,
            BackstopCall: backstops.call,
            Buyback: buybacks.agree,
            BuybackExercise: buybacks.exercise,
            DayReached: self._reach,
            Forfeit: self._forfeit,
            Valuation: self._value,
            Sale: stakes.sell,
            Settled: stakes.settle,
            Reclassify: changes.reclassify,
            Control: controls.gain,
            Convert: stakes.convert,
            Basis: equity.difference,
            Guarantee: equity.guarantee,
            Result: equity.result,
            Elimination: equity.eliminate,
            Dilution: equity.dilute,
        }
        if terms.side == "startup":
            for at, refusal in refuse_right_of_use(self.contracts.leases):
                self.say(at, refusal.code, refusal.message)
        self._acts = ordered(agreement, terms, milestones.releases)
        self._next = 0

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
            if day >= expiry and (day > expiry or phase > EXPIRY):
                self._lapse(day if phase > EXPIRY else day - DAY)
                expiry = self.draws.next_expiry()
            self._next += 1
            self.abroad.day = day
            if self.onerous.judged:
                self.onerous.turn_to(day)
            try:
                if phase == USE:
                    use(fact)
                elif phase == REFUND:
                    refund(fact)
                else:
                    self._act(fact)
                    expiry = self.draws.next_expiry()
                if self.influence.owed:
                    self.equity.invested(_position_of(fact), day)
            except Refusal as refusal:
                self._refuse(fact, refusal)
        self._lapse(through)
        self.onerous.settle()

    def _act(self, fact: Any) -> None:
        handler = self._handlers.get(type(fact))
        if handler is None:
            raise not_built(type(fact).__name__)
        handler(fact)

    def _refuse(self, fact: Any, refusal: Refusal) -> None:
        if isinstance(fact, EventLegs):
            legs = fact.all()
            at = refusal.at or _position_of(fact)
            self.contracts.refused[fact.key] = at
            for leg in legs:
                self.unbooked.append(
                    (leg.at, f"its contract event is refused ({refusal.code})")
                )
            self.say(at, refusal.code, refusal.message)
            return
        at = refusal.at or fact.at
        message = refusal.message
        if isinstance(fact, Usage) and refusal.code in ("E301", "E302"):
            message += self._hint_of_refused_event()
        self.say(at, refusal.code, message)

    def _hint_of_refused_event(self) -> str:
        for (date, _), at in sorted(self.contracts.refused.items()):
            return f". The contract event of {date} was refused, see {where(at)}"
        for refused in self.agreement.refused:
            if refused.directive == "deal-grant":
                return f". A deal-grant was refused, see {where(refused.at)}"
        return ""

    def say(self, at: Position, code: str, message: str) -> None:
        """Note an error of this deal."""
        self.problems.append(Problem(at, code, message, self.deal.deal))

    def _leave(self, at: Position, reason: str) -> None:
        self.unbooked.append((at, reason))

    def _tranche_named(self, name: str | None, date: datetime.date) -> Tranche:
        tranches = self.draws.tranches
        if name is None and len(tranches) == 1:
            return next(iter(tranches.values()))
        tranche = tranches.get(name or "")
        if tranche is None:
            wanted = f"tranche {name}" if name else "a tranche"
            raise Refusal(
                "E302",
                f"{wanted} is wanted that was granted on or before {date}; tranches of the "
                f"deal by then: {', '.join(sorted(tranches)) or 'none'}"
                + self._hint_of_refused_event(),
            )
        return tranche

    # -- the rest ------------------------------------------------------------------

    def _amend(self, fact: Amend) -> None:
        (self.amendments if fact.commitment is None else self.promises).amend(fact)

    def _forfeit(self, fact: Forfeit) -> None:
        tranche = self._tranche_named(fact.tranche, fact.date)
        if tranche.leased:
            raise not_built(f"credits of {tranche.name} given up, which has a lease in it")
        self.events.append(
            forfeit(
                fact,
                tranche,
                self.contracts.stakes,
                self.influence,
                self.terms,
                self.draws.cited,
                self.unit_scale,
                self.ready.due(tranche, fact.date),
                lambda: self.ready.deliver(tranche, fact.date),
            )
        )
        self.draws.bound(tranche.commodity)
        if fact.shares_returned is not None:
            stake = self.contracts.stakes[fact.shares_returned.currency]
            self.stakes.recycle(fact.at, fact.date, stake, "realized-gain")

    def _value(self, valuation: Valuation) -> None:
        if self.warrants.values(valuation):
            self.warrants.value(valuation)
            return
        if self.terms.measured_on != "inception" and self._is_ahead(valuation):
            self._leave(valuation.at, "it prices compute; the shares have still to come")
            return
        event = remeasure(
            valuation, self.contracts.stakes, self.terms, self.rules, self.influence
        )
        if isinstance(event, str):
            self._leave(valuation.at, event)
        else:
            self.events.append(event)

    def _is_ahead(self, valuation: Valuation) -> bool:
        """Return whether a valuation is of shares that are agreed and not yet held."""
        security = self.contracts.worths.security_of(valuation)
        held = self.contracts.stakes.get(security)
        return (held is None or not held.units) and self.contracts.awaits(security)

    def _judge(self, fact: Onerous) -> None:
        if fact.tranche is not None:
            self._tranche_named(fact.tranche, fact.date)
        self.onerous.judge(fact)

    def _commit(self, commitment: Commitment) -> None:
        """Begin a promise; of an event that was refused, nothing was promised."""
        if event_of(commitment) not in self.contracts.refused:
            carried = self.contracts.carried.get(commitment.commitment, _NO_MONEY)
            plan = self.contracts.plans.get(commitment.commitment)
            self.commitments.begin(commitment, carried, plan)

    def _accrue(self, accrual: Accrual) -> None:
        side = self.contracts if isinstance(accrual.leg, Grant) else self.commitments
        side.accrue(accrual)

    def _reach(self, act: DayReached) -> None:
        """Account for the days of a term that have passed."""
        if isinstance(act.fact, BackstopCall):
            self.backstops.use(act)
        elif isinstance(act.fact, Buyback):
            self.buybacks.reach(act)
        else:
            self.backstops.passed(act)

    def _lapse(self, last: datetime.date) -> None:
        """Let expire what has reached its last day, in order of day and name."""
        due = sorted(
            (
                tranche
                for tranche in self.draws.tranches.values()
                if tranche.expires and tranche.expires <= last
                if tranche.came and not tranche.lapsed
            ),
            key=lambda tranche: (tranche.expires or _NEVER, tranche.name),
        )
        for tranche in due:
            assert tranche.expires is not None
            self.abroad.day = tranche.expires
            self.onerous.turn_to(tranche.expires)
            credits, price, escrow = tranche.lapse()
            if tranche.expires < _NEVER:
                self.draws.bound(tranche.commodity, tranche.expires + DAY)
            if credits or price or escrow:
                self.events.append(
                    Lapsed(
                        tranche.at,
                        tranche.expires,
                        self.draws.cited.lapsed(tranche, escrow),
                        tranche.name,
                        from_quanta(credits, self.unit_scale),
                        from_quanta(price, self.terms.scale),
                        from_quanta(escrow, self.terms.scale),
                    )
                )

    # -- the schedule --------------------------------------------------------------

    def schedule(self, through: datetime.date) -> Schedule:
        """Return everything booked so far, with what stands on the last day."""
        tranches = sorted(self.draws.tranches.values(), key=lambda t: t.name)
        after = [
            (fact.at, f"it is dated after {through}, which these books have reached")
            for _, fact in self._acts[self._next :]
            if isinstance(fact, Fact)
        ]
        return Schedule(
            deal=self.deal.deal,
            side=self.terms.side,
            framework=self.terms.framework,
            currency=self.terms.currency,
            through=through,
            tranches={t.name: terms_of(t) for t in tranches},
            events=list(self.events),
            standing=tuple(self.controls.standing(t, self.unit_scale) for t in tranches),
            stakes=tuple(s.standing() for _, s in sorted(self.contracts.stakes.items())),
            unbooked=self.unbooked + after,
            problems=list(self.problems),
            promises=self.commitments.begun(),
            rates=self.terms.rates,
            scale=self.terms.scale,
        )


def _position_of(fact: Any) -> Position:
    """Return where a fact stands; of a contract event, its first leg."""
    at: Position = fact.all()[0].at if isinstance(fact, EventLegs) else fact.at
    return at
