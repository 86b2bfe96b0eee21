"""A stake with significant influence: the share of the investee's result, and what undoes it.

share of result   ownership x result, in income (323-10-35-4; IAS 28.10); losses stop at
                  a carrying amount of zero, and later income first makes them good
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
from decimal import Decimal
from fractions import Fraction

from beanscrow.deal.terms import Dilution, Elimination, Fact, Money, Result, Stake
from beanscrow.money import round_to_quanta
from beanscrow.policy.exact import in_the_books_currency
from beanscrow.policy.refusal import Refusal
from beanscrow.policy.stake_entry import LotsMoved, StakeJournal, lots_moved
from beanscrow.policy.stake_lots import StakeState

METHOD = "equity-method"


class EquityMethod:
    """Applies the equity method to the stake of one deal; money in whole quanta."""

    def __init__(
        self,
        facts: Iterable[Fact],
        stakes: dict[str, StakeState],
        journal: StakeJournal,
    ) -> None:
        self.terms = journal.terms
        self.stakes = stakes
        self.journal = journal
        # Ownership as it became known; of one day, the last is the one that counts.
        self._known: list[tuple[datetime.date, int, Decimal]] = sorted(
            (fact.date, fact.sequence, fact.ownership)
            for fact in facts
            if isinstance(fact, Stake) and fact.ownership is not None
        )
        self._losses_beyond = 0
        self._eliminated: dict[str, int] = {}
        self._revenue: dict[str, int] = {}

    # -- the investee's result ---------------------------------------------------

    def result(self, fact: Result) -> None:
        """Take up the share of a result; what goes beyond zero is kept in mind, not booked.

        Raises:
          Refusal: No stake is carried by the equity method, or the share is not known.
        """
        stake = self._stake(fact.date)
        in_the_books_currency(fact.amount, self.terms)
        share = self._rounded(fact.amount, self._own(fact.date, fact.ownership))
        if share > 0:
            made_good = min(share, self._losses_beyond)
            self._losses_beyond -= made_good
            booked = share - made_good
        else:
            booked = max(share, -stake.carrying)
            self._losses_beyond += booked - share
        if not booked:
            self.journal.leave(
                fact.at, "losses beyond a carrying amount of zero are kept in mind"
            )
            return
        text = f"Share of the result from {fact.from_} to {fact.to}"
        self._enter(fact, "result", text, stake, booked, ("share-of-result", -booked))

    # -- profit on our own supplies ----------------------------------------------

    def eliminate(self, fact: Elimination) -> None:
        """Bring what is eliminated of the profit in an asset to what it is now.

        Raises:
          Refusal: No stake is carried by the equity method, or the share is not known.
        """
        stake = self._stake(fact.date)
        in_the_books_currency(fact.amount, self.terms)
        part = self._part(fact)
        sold = self._rounded(fact.amount, part)
        to_date = self._rounded(fact.amount, part * Fraction(fact.margin))
        change = to_date - self._eliminated.get(fact.asset, 0)
        revenue = sold - self._revenue.get(fact.asset, 0)
        self._eliminated[fact.asset] = to_date
        self._revenue[fact.asset] = sold
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
            else max(change, -stake.deferred_profit)
        )
        stake.deferred_profit += deferred
        state = "unrealised" if change > 0 else "now realised"
        self._enter(
            fact,
            "elimination",
            f"Profit in the investee's {fact.asset}, {state}",
            stake,
            deferred - change,
            *shown,
            ("deferred-profit", -deferred),
        )

    def _part(self, fact: Elimination) -> Fraction:
        if self.terms.elimination == "none":
            return Fraction(0)
        own = self._own(fact.date, fact.ownership)
        return Fraction(1) if self.terms.elimination == "full" else own

    # -- dilution ----------------------------------------------------------------

    def dilute(self, fact: Dilution) -> None:
        """Recognise the deemed sale when others pay for new shares of the investee.

        new% x (net assets + raised) - old% x net assets
          - (1 - new% / old%) x (carrying - old% x net assets)

        Raises:
          Refusal: No stake is carried by the equity method, the share is not known, or
            it does not fall.
        """
        stake = self._stake(fact.date)
        old, new = self._own(fact.date, None), Fraction(fact.ownership)
        if new >= old:
            raise Refusal(
                "E409",
                f"ownership becomes {fact.ownership} and was {_percent(old)}; a dilution "
                "is a fall of it, a further purchase is a deal-stake",
            )
        for money in (fact.net_assets, fact.raised):
            in_the_books_currency(money, self.terms)
        assets, raised = Fraction(fact.net_assets.number), Fraction(fact.raised.number)
        carrying = Fraction(stake.carrying, 10**self.terms.scale)
        gain = new * (assets + raised) - old * assets
        gain -= (1 - new / old) * (carrying - old * assets)
        booked = max(round_to_quanta(gain, self.terms.scale), -stake.carrying)
        self._known.append((fact.date, 0, fact.ownership))
        if not booked:
            self.journal.leave(fact.at, "the deemed sale brings neither gain nor loss")
            return
        text = f"Ownership falls from {_percent(old)} to {_percent(new)}: deemed sale"
        self._enter(fact, "dilution", text, stake, booked, ("dilution-gain", -booked))

    # -- pieces ------------------------------------------------------------------

    def _stake(self, date: datetime.date) -> StakeState:
        found = [s for s in self.stakes.values() if s.method == METHOD and s.units]
        if len(found) == 1:
            return found[0]
        raise Refusal(
            "E408",
            f"{len(found) or 'no'} stakes of the deal are carried by the equity method on "
            f'{date}; wanted one, with `method: "{METHOD}"` on a deal-policy',
        )

    def _own(self, date: datetime.date, stated: Decimal | None) -> Fraction:
        if stated is not None:
            self._known.append((date, 0, stated))
            return Fraction(stated)
        known = [entry for entry in self._known if entry[0] <= date]
        if not known:
            raise Refusal(
                "E409",
                f"the ownership on {date} is not known; write `ownership:` on this line or "
                "on the deal-stake",
            )
        latest = max(day for day, _, _ in known)
        return Fraction([own for day, _, own in known if day == latest][-1])

    def _rounded(self, money: Money, part: Fraction) -> int:
        return round_to_quanta(Fraction(money.number) * part, self.terms.scale)

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
        moved: tuple[LotsMoved, ...] = ()
        if change:
            out, back, _ = stake.carry_at(stake.carrying + change)
            moved = (lots_moved(stake, out, out=True), lots_moved(stake, back, out=False))
        self.journal.enter(fact.at, fact.date, rule, text, moved, lines, stake)


def _percent(part: Fraction) -> str:
    """Return a share as people write it, rounded for reading only."""
    hundredths = round(part * 10_000)
    return f"{hundredths // 100}.{hundredths % 100:02d} %"
