"""Control gained: the investee becomes a subsidiary, and its contract an intra-group one.

stake      what was held before the day goes to fair value, the difference in income
           (805-10-25-10; IFRS 3.42); what was bought that day stands at cost
contract   the acquirer settles what was agreed before.  At market there is no gain: what
           it owes meets what the acquired startup has prepaid.  Off market, the lesser of
           the difference and what the contract asks for ending it is a gain or loss, and
           so much of the price was paid for it (805-10-55-20 to 55-23; IFRS 3.B51, 3.B52)
after      all compute sold is intra-group and eliminated in full (810-10-45-1;
           IFRS 10.B86)

These are the provider's separate books: what the group eliminates stands there in
accounts of its own, where the startup's books have its counterpart.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable

from beanscrow.deal.influence_terms import Control
from beanscrow.money import from_quanta
from beanscrow.periods import DAY
from beanscrow.policy.commitment import Commitments
from beanscrow.policy.drawdown import Drawdowns
from beanscrow.policy.exact import exact_money, in_the_books_currency
from beanscrow.policy.influence import METHOD, Influence, Realised
from beanscrow.policy.meant import stake_meant
from beanscrow.policy.refusal import Refusal, not_built
from beanscrow.policy.schedule import ControlGained, Event, TakenIn, TrancheStanding
from beanscrow.policy.stake_entry import StakeJournal, lots_moved
from beanscrow.policy.stake_lots import StakeState
from beanscrow.policy.standing import standing_of
from beanscrow.policy.terms_of_side import CONSOLIDATED
from beanscrow.policy.tranche import Tranche

_SHARES = ("preferred", "common")


class Controls:
    """The gain of control in one deal; money in whole quanta."""

    def __init__(
        self,
        stakes: dict[str, StakeState],
        influence: Influence,
        draws: Drawdowns,
        commitments: Commitments,
        journal: StakeJournal,
        emit: Callable[[Event], None],
    ) -> None:
        self.terms = journal.terms
        self.stakes = stakes
        self.influence = influence
        self.draws = draws
        self.commitments = commitments
        self.journal = journal
        self.emit = emit
        self.gained: datetime.date | None = None
        # What was recognised of each tranche as a customer's, from the day on.
        self.outside: dict[str, int] | None = None

    def standing(self, tranche: Tranche, unit_scale: int) -> TrancheStanding:
        """Return a tranche as it stands: of a subsidiary's, nothing is a contract liability."""
        scale = self.terms.scale
        standing = standing_of(tranche, unit_scale, scale, self.terms.side)
        if self.outside is None:
            return standing
        recognised = self.outside.get(tranche.name, 0)
        nothing = from_quanta(0, scale)
        return standing._replace(price=from_quanta(recognised, scale), liability=nothing)

    def gain(self, fact: Control) -> None:
        """Gain control at the end of a day.

        The startup's own books go on; only a usage over the day is refused there too, so
        that both parties' books refuse the same.

        Raises:
          Refusal: Control of it was gained before, its stake is no share, a fair value is
            missing, or the contract is of a kind that is not built.
        """
        if self.gained not in (None, fact.date):
            raise self._again(fact)
        if self.terms.side == "startup":
            self._begin(fact.date)
            self.journal.leave(fact.at, "the startup's own books go on as they are")
            return
        stake = self._stake(fact)
        off_market = self._off_market(fact)
        if stake is not None:
            self._check_stake(fact, stake, off_market)
        elif fact.fair_value is not None:
            raise Refusal(
                "E401", f"a fair value is stated on {fact.date} and no stake is held then"
            )
        elif off_market:
            raise not_built("a contract off market where no stake is held")
        if self.gained is None:
            self._check_contract()
        elif stake is None:
            raise self._again(fact)
        if stake is not None:
            self._remeasure(fact, stake)
            if off_market:
                self._settle(fact, stake, off_market)
        if self.gained is None:
            self._take_in(fact, stake is not None)

    # -- the stake ---------------------------------------------------------------

    def _stake(self, fact: Control) -> StakeState | None:
        """Return the stake a line is about, None where the deal has none."""
        if fact.stake is None and not any(it.units for it in self.stakes.values()):
            return None
        return stake_meant(self.stakes, fact.stake, fact.date, "spoken of")

    def _check_stake(self, fact: Control, stake: StakeState, loss: int) -> None:
        if stake.method == CONSOLIDATED:
            raise self._again(fact)
        if stake.instrument not in _SHARES:
            raise not_built(f"control gained while a {stake.instrument} is held")
        if fact.fair_value is not None:
            in_the_books_currency(fact.fair_value, self.terms)
        elif stake.units_before(fact.date):
            raise Refusal(
                "E416",
                f"control is gained on {fact.date} and {stake.commodity} was held before; "
                "write `fair-value:` of a unit that day",
            )
        worth = stake.taken_over_at(fact.fair_value, fact.date)
        if loss > worth:
            scale = self.terms.scale
            raise Refusal(
                "E418",
                f"{from_quanta(loss, scale):,f} is lost by settling the contract and "
                f"{stake.commodity} is worth {from_quanta(worth, scale):,f}; what settles "
                "it is a part of that",
            )
        if stake.method == METHOD:
            self.influence.check_one(self.stakes.values())

    def _again(self, fact: Control) -> Refusal:
        if self.gained == fact.date:
            return Refusal(
                "E417",
                f"control is said to be gained twice on {fact.date} of "
                f"{fact.stake or 'what this deal is about'}; keep one of the lines",
            )
        return Refusal(
            "E417",
            f"control was gained on {self.gained} already; it is gained once, of each "
            f"security held that day, and not again on {fact.date}",
        )

    def _remeasure(self, fact: Control, stake: StakeState) -> None:
        """Carry a stake as a subsidiary's, what was held before at its fair value.

        What stood beside it is part of what it was carried at, and of the gain.
        """
        realised = Realised()
        line = "oci" if stake.method == "fvoci" else "control-gain"
        if stake.method == METHOD:
            realised = self.influence.end()
        before, old = stake.lots(), stake.carrying
        out = lots_moved(stake, before, out=True)
        stake.take_over(fact.fair_value, fact.date)
        stake.carry_by(CONSOLIDATED, fact.date)
        gain = stake.carrying - old + realised.total
        moved = (out, lots_moved(stake, stake.lots(), out=False))
        lines = (*realised.lines(), (line, -gain))
        text = f"Control gained, {stake.commodity} to fair value: {fact.reason}"
        self.journal.enter(fact.at, fact.date, "control", text, moved, lines, stake)

    # -- the contract ------------------------------------------------------------

    def _off_market(self, fact: Control) -> int:
        """Return the loss of settling the contract; negative for a gain."""
        if fact.off_market is None:
            return 0
        worse = exact_money(fact.off_market, self.terms, fact.at)
        if fact.settlement is None:
            return worse
        most = exact_money(fact.settlement, self.terms, fact.at)
        return max(-most, min(worse, most))

    def _settle(self, fact: Control, stake: StakeState, loss: int) -> None:
        """Take the part of the price that settled the contract off what was acquired."""
        out, back, _ = stake.carry_at(stake.carrying - loss)
        moved = (lots_moved(stake, out, out=True), lots_moved(stake, back, out=False))
        text = "Contract of before the acquisition settled, off market"
        lines = (("contract-settlement", loss),)
        self.journal.enter(fact.at, fact.date, "settlement", text, moved, lines, stake)

    def _check_contract(self) -> None:
        modes = {tranche.escrow_mode for tranche in self.draws.tranches.values()}
        if "trustee-startup" in modes:
            raise not_built("control gained while a trustee holds the startup's cash")
        if any(tranche.waits for tranche in self.draws.tranches.values()):
            raise not_built("control gained while shares that pay are no security yet")

    def _take_in(self, fact: Control, has_stake: bool) -> None:
        """Let what is owed of the contract be owed inside the group."""
        self._begin(fact.date)
        scale = self.terms.scale
        tranches = tuple(
            TakenIn(
                tranche.name,
                standing_of(
                    tranche, self.draws.unit_scale, scale, self.terms.side
                ).liability,
                from_quanta(tranche.unrecognised, scale),
            )
            for _, tranche in sorted(self.draws.tranches.items())
            if tranche.kind != "promotional"
        )
        promises = tuple(
            TakenIn(name, from_quanta(left, scale), from_quanta(left, scale))
            for name, left in self.commitments.left()
        )
        self.outside = {
            name: tranche.recognised for name, tranche in self.draws.tranches.items()
        }
        rules = self.journal.rules
        owed = any(it.liability for it in (*tranches, *promises))
        self.emit(
            ControlGained(
                fact.at,
                fact.date,
                rules["settlement"],
                rules["intra-group"],
                tranches,
                promises,
            )
        )
        if not owed and not has_stake:
            self.journal.leave(
                fact.at, "nothing is held or owed; what follows is intra-group"
            )

    def _begin(self, date: datetime.date) -> None:
        """Let no usage run over the day."""
        self.gained = self.gained or date
        self.draws.ends_on = date
        for commodity in self.draws.commodities:
            self.draws.bound(commodity, date + DAY)
