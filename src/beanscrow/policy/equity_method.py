"""A stake with significant influence: the share of the investee's result, and what undoes it.

share of result   ownership x result, in income (323-10-35-4; IAS 28.10), a lag of up to
                  three months after its period (323-10-35-6; IAS 28.34), less what is
                  amortised of the basis difference (323-10-35-13; IAS 28.32); losses go
                  below a carrying amount of zero as far as the provider must support the
                  investee, and beyond that later income first makes them good
                  (323-10-35-19, 35-22; IAS 28.38, 28.39)
elimination       profit on what the investee still carries of our supplies, to date
                  ownership x margin x its carrying amount (323-10-35-7, 35-10;
                  IAS 28.28); beyond zero it is a deferred profit
dilution          a deemed sale when the investee issues to others (323-10-40-1;
                  IAS 28.25)
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from fractions import Fraction

from beanscrow.deal.influence_terms import Basis, Dilution, Elimination, Guarantee, Result
from beanscrow.deal.problems import Position
from beanscrow.deal.terms import Fact, Money, Reclassify
from beanscrow.money import from_quanta, round_to_quanta
from beanscrow.periods import after_months
from beanscrow.policy.exact import exact_money, in_the_books_currency
from beanscrow.policy.influence import METHOD, Influence
from beanscrow.policy.refusal import Refusal
from beanscrow.policy.stake_entry import LotsMoved, StakeJournal, lots_moved
from beanscrow.policy.stake_lots import StakeState, is_subsidiary

# Most months between the ends of the two parties' periods (323-10-35-6; IAS 28.34).
MOST_MONTHS = 3


class EquityMethod:
    """Applies the equity method to the stake of one deal; money in whole quanta."""

    def __init__(
        self,
        facts: Iterable[Fact],
        stakes: dict[str, StakeState],
        influence: Influence,
        journal: StakeJournal,
    ) -> None:
        self.terms = journal.terms
        self.stakes = stakes
        self.state = influence
        self.journal = journal
        self._gained = {
            fact.date
            for fact in facts
            if isinstance(fact, Reclassify) and fact.method == METHOD
        }

    # -- the investee's result ---------------------------------------------------

    def result(self, fact: Result) -> None:
        """Take up the share of a result; what goes beyond zero is kept in mind, not booked.

        Raises:
          Refusal: No stake is carried by the equity method, the share is not known, or
            the day is not one these books take the result up on.
        """
        stake, state = self._stake(fact.date), self.state
        self._check_lag(fact)
        in_the_books_currency(fact.amount, self.terms)
        share = self._rounded(fact.amount, state.ownership.on(fact.to, fact.ownership))
        amortised = state.basis.due(fact.to)
        share -= amortised
        if share > 0:
            made_good = min(share, state.in_mind)
            state.in_mind -= made_good
            booked = share - made_good
            owed = -state.restore(booked)
        else:
            beyond = max(0, -share - stake.carrying)
            room = state.support.limit(fact.date) - state.owed if beyond else 0
            owed = min(beyond, max(0, room))
            state.owed += owed
            state.in_mind += beyond - owed
            booked = share + beyond - owed
        state.basis.amortise(fact.to)
        state.ownership.becomes(fact.to, fact.ownership)
        if not booked:
            self.journal.leave(
                fact.at, "losses beyond a carrying amount of zero are kept in mind"
            )
            return
        text = f"Share of the result from {fact.from_} to {fact.to}"
        if amortised:
            text += f", less {self._figure(amortised)} of basis difference"
        rule = "basis" if amortised else "result"
        self._enter(
            fact,
            rule,
            text,
            stake,
            booked + owed,
            ("share-of-result", -booked),
            ("loss-liability", -owed),
        )

    def _check_lag(self, fact: Result) -> None:
        """Make sure a result is taken up when the books say theirs are (323-10-35-6)."""
        lag = self.terms.equity_lag
        first, last = after_months(fact.to, lag), after_months(fact.to, MOST_MONTHS)
        if fact.date < first:
            raise Refusal(
                "E410",
                f"the result up to {fact.to} is dated {fact.date}; these books take one up "
                f"{lag} months after its period (`equity-lag`), on {first} or after",
            )
        if fact.date > last:
            raise Refusal(
                "E411",
                f"the result up to {fact.to} is dated {fact.date}; it may be taken up "
                f"{MOST_MONTHS} months after its period at most, on {last} or before",
            )

    # -- what was paid over the share of net assets --------------------------------

    def difference(self, fact: Basis) -> None:
        """Name a component of what the stake cost over its share of net assets.

        Raises:
          Refusal: No stake is carried by the equity method that day, or its life is no
            whole number of months.
        """
        if fact.date not in self._gained:
            self._stake(fact.date)
        self.state.basis.add(fact, exact_money(fact.amount, self.terms, fact.at))

    # -- profit on our own supplies ----------------------------------------------

    def eliminate(self, fact: Elimination) -> None:
        """Bring what is eliminated of the profit in an asset to what it is now.

        Raises:
          Refusal: No stake is carried by the equity method, or the share is not known.
        """
        stake, state = self._stake(fact.date), self.state
        in_the_books_currency(fact.amount, self.terms)
        part = self._part(fact)
        sold = self._rounded(fact.amount, part)
        to_date = self._rounded(fact.amount, part * Fraction(fact.margin))
        change = to_date - state.eliminated.get(fact.asset, 0)
        revenue = sold - state.sales.get(fact.asset, 0)
        if self.terms.elimination != "none":
            state.ownership.becomes(fact.date, fact.ownership)
        state.eliminated[fact.asset] = to_date
        state.sales[fact.asset] = sold
        shown = (
            (("revenue-elimination", revenue), ("cost-elimination", change - revenue))
            if self.terms.elimination_in_revenue
            else (("share-of-result", change),)
        )
        if not any(amount for _, amount in shown):
            self.journal.leave(fact.at, "what is eliminated stays as it is")
            return
        # What is taken goes off the stake first; what comes back, off what is deferred.
        deferred = (
            change - min(change, stake.carrying)
            if change > 0
            else max(change, -state.deferred)
        )
        state.deferred += deferred
        restored = state.restore(deferred - change) if change < 0 else 0
        what = "unrealised" if change > 0 else "now realised"
        self._enter(
            fact,
            self.journal.named("elimination", self.terms.elimination),
            f"Profit in the investee's {fact.asset}, {what}",
            stake,
            deferred - change - restored,
            *shown,
            ("deferred-profit", -deferred),
            ("loss-liability", restored),
        )

    def _part(self, fact: Elimination) -> Fraction:
        if self.terms.elimination == "none":
            return Fraction(0)
        own = self.state.ownership.on(fact.date, fact.ownership)
        return Fraction(1) if self.terms.elimination == "full" else own

    # -- dilution ----------------------------------------------------------------

    def dilute(self, fact: Dilution) -> None:
        """Recognise the deemed sale when others pay for new shares of the investee.

        new% x (net assets + raised) - old% x net assets
          - (1 - new% / old%) x (carrying - old% x net assets)

        Carrying is net of what stands beside it, of which the deferred profit is realised
        in the same part.  A gain pays off what is owed for losses first; a loss stops at a
        carrying amount of zero.

        Raises:
          Refusal: No stake is carried by the equity method, the share is not known, or
            it does not fall.
        """
        stake, state = self._stake(fact.date), self.state
        old, new = state.ownership.on(fact.date, None), Fraction(fact.ownership)
        if new >= old:
            raise Refusal(
                "E409",
                f"ownership becomes {fact.ownership} and was {_percent(old)}; a dilution "
                "is a fall of it, a further purchase is a deal-stake",
            )
        for money in (fact.net_assets, fact.raised):
            in_the_books_currency(money, self.terms)
        assets, raised = Fraction(fact.net_assets.number), Fraction(fact.raised.number)
        carrying = Fraction(stake.carrying - state.beside, 10**self.terms.scale)
        gain = new * (assets + raised) - old * assets
        gain -= (1 - new / old) * (carrying - old * assets)
        realised = state.part(new / old).profit
        state.ownership.becomes(fact.date, new)
        booked = round_to_quanta(gain, self.terms.scale)
        booked = max(booked, realised - stake.carrying)
        restored = state.restore(max(0, booked - realised))
        if not booked and not realised:
            self.journal.leave(fact.at, "the deemed sale brings neither gain nor loss")
            return
        text = f"Ownership falls from {_percent(old)} to {_percent(new)}: deemed sale"
        self._enter(
            fact,
            "dilution",
            text,
            stake,
            booked - realised - restored,
            ("dilution-gain", -booked),
            ("deferred-profit", realised),
            ("loss-liability", restored),
        )

    # -- what is owed beyond zero --------------------------------------------------

    def guarantee(self, fact: Guarantee) -> None:
        """Guarantee an amount from now on; what is paid under it settles what is owed.

        Raises:
          Refusal: More is paid than stands as a liability for losses, or what the deal
            promises besides is in another currency than the books.
        """
        state = self.state
        amount = exact_money(fact.amount, self.terms, fact.at)
        paid = 0 if fact.paid is None else exact_money(fact.paid, self.terms, fact.at)
        if paid > state.owed:
            raise Refusal(
                "E415",
                f"{self._figure(paid)} is paid under the guarantee and "
                f"{self._figure(state.owed)} stands as a liability for losses on "
                f"{fact.date}; write at most that, and the rest as what it is",
            )
        state.support.limit(fact.date)  # refused before anything has changed
        state.support.guaranteed = amount
        state.owed -= paid
        released = self._no_longer_owed(fact.date)
        if not paid and not released:
            self.journal.leave(fact.at, "what is guaranteed, for losses still to come")
            return
        self.journal.enter(
            fact.at,
            fact.date,
            "beyond",
            f"Guaranteed for the investee: {self._figure(amount)}",
            (),
            (
                ("loss-liability", paid + released),
                ("cash", -paid),
                ("share-of-result", -released),
            ),
        )

    def invested(self, at: Position, date: datetime.date) -> None:
        """Settle what is owed for losses out of units that have come in since.

        The further investment is the support that was owed; what it leaves beyond what
        is still promised goes back to income.
        """
        state = self.state
        found = [s for s in self.stakes.values() if s.method == METHOD and s.units]
        if not state.owed or len(found) != 1:
            return
        stake = found[0]
        settled = state.restore(stake.carrying)
        released = self._no_longer_owed(date)
        if not settled and not released:
            return
        moved: tuple[LotsMoved, ...] = ()
        if settled:
            moved = self._carry_at(stake, stake.carrying - settled)
        self.journal.enter(
            at,
            date,
            "beyond",
            "Losses beyond zero settled by the further investment",
            moved,
            (("loss-liability", settled + released), ("share-of-result", -released)),
            stake,
        )

    def _no_longer_owed(self, date: datetime.date) -> int:
        """Return what is owed beyond the support that is left; it is in mind from now on."""
        state = self.state
        released = state.restore(max(0, state.owed - state.support.limit(date)))
        state.in_mind += released
        return released

    # -- pieces ------------------------------------------------------------------

    def _stake(self, date: datetime.date) -> StakeState:
        if is_subsidiary(self.stakes.values()):
            raise Refusal(
                "E408",
                f"nothing is taken up by the equity method on {date}: control was gained, "
                "and the figures of a subsidiary are consolidated",
            )
        found = [s for s in self.stakes.values() if s.method == METHOD and s.units]
        if len(found) == 1:
            return found[0]
        raise Refusal(
            "E408",
            f"{len(found) or 'no'} stakes of the deal are carried by the equity method on "
            f'{date}; wanted one, with `method: "{METHOD}"` on a deal-policy',
        )

    def _rounded(self, money: Money, part: Fraction) -> int:
        return round_to_quanta(Fraction(money.number) * part, self.terms.scale)

    def _figure(self, quanta: int) -> str:
        return f"{from_quanta(quanta, self.terms.scale):,f}"

    def _enter(
        self,
        fact: Result | Elimination | Dilution,
        rule: str,
        text: str,
        stake: StakeState,
        change: int,
        *lines: tuple[str, int],
    ) -> None:
        """Write an entry that changes the carrying amount, by nothing where it is zero."""
        moved = self._carry_at(stake, stake.carrying + change) if change else ()
        self.journal.enter(fact.at, fact.date, rule, text, moved, lines, stake)

    @staticmethod
    def _carry_at(stake: StakeState, carrying: int) -> tuple[LotsMoved, ...]:
        out, back, _ = stake.carry_at(carrying)
        return lots_moved(stake, out, out=True), lots_moved(stake, back, out=False)


def _percent(part: Fraction) -> str:
    """Return a share as people write it, rounded for reading only."""
    hundredths = round(part * 10_000)
    return f"{hundredths // 100}.{hundredths % 100:02d} %"
