"""The credits of a deal: granted, amended, drawn, given back, given up and lapsed."""

from __future__ import annotations

from collections import defaultdict
from datetime import timedelta
from fractions import Fraction

from tests.laws.facts import Amend, Forfeit, Grant, Stake, Usage
from tests.laws.judgements import CreditValue, Estimate
from tests.laws.oracle.abroad import BILL, CREDIT, ForeignCash, Owed
from tests.laws.oracle.accounts import (
    CASH,
    CONTRA,
    ESCROW_RECEIVABLE,
    LIABILITY,
    OWN_ESCROW,
    PAYABLE,
    PREPAID,
    RECEIVABLE,
    RESTRICTED,
    compute,
    revenue,
)
from tests.laws.oracle.drawing import BILLED, Day, Draw, Slice
from tests.laws.oracle.earning import Pile
from tests.laws.oracle.exact import rhu
from tests.laws.oracle.holding import Holding
from tests.laws.oracle.journal import ZERO, Journal, Undetermined, of_kind
from tests.laws.oracle.tally import Tally, Tranche

BILLIONTH = Fraction(1, 10**9)
DAY = timedelta(days=1)


class Credits(Tally):
    """The tranches of a deal, and the draws that still stand."""

    def __init__(self, journal: Journal, holding: Holding, owed: Owed) -> None:
        super().__init__(journal)
        self.owed = owed
        self.holding = holding
        self.tranches: dict[str, Tranche] = {}
        self.draws: dict[str, list[Draw]] = defaultdict(list)
        self.named: dict[str, Draw] = {}
        values = of_kind(self.life.facts, CreditValue)
        self.values = sorted((fact.on, Fraction(fact.value)) for fact in values)
        decimals = [
            -int(fact.credits.as_tuple().exponent)
            for fact in self.life.facts
            if isinstance(fact, Grant | Usage)
        ]
        # [2.5.1] "quantum = most decimals in the deal's grants and usages"
        self.quantum = Fraction(1, 10 ** max([0, *decimals]))

    # --- grants -----------------------------------------------------------------------

    def open(self, grant: Grant, price: Fraction, pays: Stake | None = None) -> None:
        """Book the price of a grant; its units and its escrow follow on its own day.

        Args:
          pays: The stake that its draws earn, or None.
        """
        kind = "stake" if grant.price is None else "gift" if grant.price == 0 else "money"
        escrow = Fraction(grant.escrow or 0)
        tranche = Tranche(
            grant,
            kind,
            price,
            escrow,
            overpaid=price < escrow and self.startup_pays(kind),
            expires=grant.expires,
            priority=grant.priority,
            since=grant.effective or grant.on,
            basis=Fraction(grant.credits),
            based=Fraction(grant.credits),
            unit_price=price / Fraction(grant.credits),
            brought=price,
            bought=price if kind == "money" else ZERO,
        )
        if pays is not None:
            tranche.pile = Pile(pays.commodity, Fraction(pays.units), tranche.basis)
        self.tranches[grant.tranche] = tranche
        post = self.journal.post
        if kind == "money":
            if self.provider:
                post(RECEIVABLE, price)
            else:
                post(PAYABLE, -price)
        if kind != "gift":
            if self.provider and self.startup_pays(kind):
                # [2.3.5] and, for a trustee, the liability is larger by the escrow
                if self.life.owner != "startup":
                    post(ESCROW_RECEIVABLE, escrow)
                post(CASH, -escrow)
            elif not self.provider and self.life.owner == "startup" and escrow:
                post(OWN_ESCROW, escrow)
            self.show(tranche, "Compute")
        for name in grant.blends:
            self.blend(self.tranches[name], tranche)
        tranche.unit_price = tranche.price / tranche.basis

    def arrive(self, grant: Grant) -> None:
        """Book the credits of a grant, and the escrow set aside for them."""
        tranche, credits = self.tranches[grant.tranche], Fraction(grant.credits)
        tranche.held += credits
        self.journal.move(tranche.grant, "Granted", credits)
        self.journal.move(tranche.grant, "Held", -credits)
        if self.life.rates and tranche.escrow and self.provider:
            tranche.abroad = ForeignCash(tranche.escrow, tranche.based)
            tranche.abroad.set_aside(self.journal)
        elif self.provider and tranche.escrow and not self.startup_pays(tranche.kind):
            escrow = Fraction(grant.escrow or 0)
            own = self.life.owner == "provider"
            self.journal.post(RESTRICTED if own else ESCROW_RECEIVABLE, escrow)
            self.journal.post(CASH, -escrow)

    def blend(self, old: Tranche, new: Tranche) -> None:
        """Move undrawn credits, unrecognised price and escrow into the new tranche [2.6]."""
        credits, price = old.held, old.price - self.recognised(old)
        # [2.3.7] what money paid stays so: the part of the price that it brought in
        bought = price if old.kind == "money" else ZERO
        if old.kind == "mixed":
            gone = (old.brought - price) * old.bought / old.brought
            bought = old.bought - rhu(gone, self.cent)
        new.brought += price
        new.bought += bought
        kinds = {new.kind, old.kind if credits else new.kind} - {"gift"}
        new.kind = "mixed" if len(kinds) > 1 else max(kinds, default="gift")
        rest = old.escrow - self.released(old)
        old.price -= price
        old.escrow -= rest
        # What stays is what was shown: the counts are frozen, nothing is left to draw.
        old.basis = old.taken
        old.based -= credits
        old.held = ZERO
        old.moved += credits
        new.price += price
        new.escrow += rest
        new.basis += credits
        new.based += credits
        new.held += credits
        new.moved -= credits
        self.journal.move(old.grant, "Held", credits)
        self.journal.move(old.grant, "Moved", -credits)
        self.journal.move(new.grant, "Held", -credits)
        self.journal.move(new.grant, "Moved", credits)
        stays = LIABILITY if self.provider else PREPAID
        change = price if self.provider else -price
        for tranche, amount in ((old, change), (new, -change)):
            self.journal.post(stays + tranche.name, amount)
            tranche.shown["liability"] += amount

    # --- amendments and estimates -----------------------------------------------------

    def amend(self, fact: Amend) -> None:
        """Change the terms of a tranche; a new last day re-bases it [2.6]."""
        t = self.tranches[fact.tranche]
        if fact.priority is not None:
            t.priority = fact.priority
        if fact.expires is not None:
            t.expires = fact.expires
            self.rebase(t)
            if t.grant.standing:
                t.since, t.basis = max(t.since, self.journal.day), t.held

    def estimate(self, fact: Estimate) -> None:
        """A change of estimate books its own catch-up, all on Breakage [2.5.4]."""
        if not self.provider:
            return
        t = self.tranches[fact.tranche]
        if self.life.breakage == "remote":
            if fact.remote is None:
                return
            if fact.remote > t.held:
                self.journal.refused.add(fact)
                return
            t.spared = Fraction(fact.remote)
        elif fact.fraction is not None:
            t.spared = Fraction(fact.fraction) * Fraction(t.grant.credits)
        elif fact.credits is not None:
            t.spared = Fraction(fact.credits)
        self.show(t, "Compute")

    def remeasure(self) -> None:
        """Bring cash in another currency to the rate of a month's end [2.11]."""
        for t in self.tranches.values():
            if t.abroad is not None and t.abroad.amount:
                t.abroad.remeasure(self.journal)

    # --- days of a service that stands ready [2.5.16] ------------------------------------

    def stand(self, amended: set[str]) -> None:
        """Deliver days: at a month's end, on the last, and before terms change tomorrow.

        Args:
          amended: Tranches that are amended on the next day.
        """
        for t in self.tranches.values():
            if not t.grant.standing:
                continue
            month_ends = (self.journal.day + DAY).day == 1
            if month_ends or t.expires == self.journal.day or t.name in amended:
                self.deliver(t)

    def deliver(self, t: Tranche) -> None:
        """Deliver the days up to today, each an equal part of what is left."""
        t.taken, credits = self.passed(t)
        t.held -= credits
        t.drawn += credits
        self.journal.move(t.grant, "Held", credits)
        self.journal.move(t.grant, "Drawn", -credits)
        self.show(t, "Compute")

    def passed(self, t: Tranche) -> tuple[Fraction, Fraction]:
        """Return what the days up to today have used of the basis, and what is new of it.

        Any number of units is spread with nine decimals.
        """
        assert t.expires is not None, "a service that stands ready has a last day"
        if not t.since <= self.journal.day <= t.expires:
            return t.taken, ZERO
        days = (self.journal.day - t.since).days + 1
        taken = t.basis * Fraction(days, (t.expires - t.since).days + 1)
        return taken, rhu(taken, BILLIONTH) - (t.basis - t.held)

    # --- usage [2.5] ------------------------------------------------------------------

    def use(self, usages: list[Usage]) -> None:
        """Draw and give back what a day's usages say, draws first [2.4]."""
        day = Day(self.life, self.journal.day, self.tranches.values(), self.quantum)
        usages = sorted(usages, key=lambda u: (u.service, u.import_id or "", -u.credits))
        for usage in usages:
            if usage.credits > 0:
                self.draw(usage, day.take(usage))
        for usage in usages:
            if usage.credits < 0:
                self.refund(usage)

    def draw(self, usage: Usage, slices: list[Slice] | None) -> None:
        """Draw the slices of a usage, which is refused where there are none."""
        if slices is None:
            self.journal.refused.add(usage)
            return
        draw = Draw(usage, slices)
        self.draws[usage.service].append(draw)
        self.named[usage.import_id or ""] = draw
        for name, credits in slices:
            if name == BILLED:
                self.bill(draw, usage)
            else:
                self.move(self.tranches[name], credits, usage)

    def move(self, t: Tranche, credits: Fraction, usage: Usage) -> None:
        """Draw credits of a tranche, or give them back; lapsed ones to and from Expired."""
        if t.pile is None and credits < 0 and not t.basis and not t.lapsed:
            raise Undetermined("a refund to a tranche that was re-based with nothing left")
        t.drawn += credits
        t.taken += credits
        if t.lapsed:
            t.expired -= credits
        else:
            t.held -= credits
        self.journal.move(t.grant, "Drawn", -credits)
        self.journal.move(t.grant, "Expired" if t.lapsed else "Held", credits)
        if t.pile is not None:
            self.earn(t, t.pile, usage)
        self.show(t, usage.service)

    def earn(self, t: Tranche, pile: Pile, usage: Usage) -> None:
        """Take in the shares that a draw has earned, at the worth of what it drew [2.7]."""
        each = t.unit_price
        if not self.provider and self.life.framework == "ifrs":
            served = usage.of or usage.on
            each = max(value for value in self.values if value[0] <= served)[1]
        before = pile.earned, pile.worth(pile.received, self.cent)
        pile.receive(t.drawn, each)
        shares, worth = pile.earned, pile.worth(pile.received, self.cent)
        if shares != before[0]:
            self.holding.add(pile.commodity, shares - before[0], worth - before[1])
        elif worth != before[1]:
            raise Undetermined("a draw that earns money and no millionth of a share")

    def bill(self, draw: Draw, usage: Usage) -> None:
        """Bill what is in excess, or credit it: rounded once, to date [2.5.8, 2.5.6]."""
        beyond = sum((credits for name, credits in draw.slices if name == BILLED), ZERO)
        owed = rhu(beyond * Fraction(self.life.overage_price or 0), self.cent)
        change, draw.billed = owed - draw.billed, owed
        service = draw.usage.service
        phase = BILL if usage.credits > 0 else CREDIT
        worth = self.owed.add(change, (phase, usage.service, usage.import_id or ""))
        if self.provider:
            self.journal.post(revenue(service, "Cash"), -worth)
        else:
            self.journal.post(compute(service), worth)

    def refund(self, usage: Usage) -> None:
        """Give back the slices of a usage, else of the newest, last taken first [2.5.6]."""
        draws = list(reversed(self.draws[usage.service]))
        if usage.refund_of is not None:
            draws = [self.named[usage.refund_of]] if usage.refund_of in self.named else []
        wanted, sources = -Fraction(usage.credits), []
        for draw in draws:
            if min((credits for _, credits in draw.slices), default=ZERO) < 0:
                raise Undetermined("a refund of a draw that gave a quantum back")
            if left := min(wanted, draw.left):
                sources.append(draw)
                wanted -= left
            if not wanted:
                break
        if wanted:
            self.journal.refused.add(usage)
            return
        wanted = -Fraction(usage.credits)
        for draw in sources:
            for n, (name, credits) in reversed(list(enumerate(draw.slices))):
                if not wanted:
                    break
                back = min(wanted, credits)
                draw.slices[n] = name, credits - back
                wanted -= back
                if back and name == BILLED:
                    self.bill(draw, usage)
                elif back:
                    self.move(self.tranches[name], -back, usage)

    # --- the end of credits -----------------------------------------------------------

    def lapse(self) -> None:
        """What is left on the last day lapses [2.5.10]."""
        for t in self.tranches.values():
            if t.expires != self.journal.day:
                continue
            credits, t.held = t.held, ZERO
            t.expired += credits
            t.lapsed = True
            self.journal.move(t.grant, "Held", credits)
            self.journal.move(t.grant, "Expired", -credits)
            self.show(t, "Compute")

    def forfeit(self, fact: Forfeit) -> None:
        """Credits given up, what was given for them, and the difference [2.8]."""
        t, credits = self.tranches[fact.tranche], Fraction(fact.credits)
        shares, left = Fraction(fact.shares), t.held
        if t.grant.standing:
            left -= self.passed(t)[1]
        if credits > left or shares > self.holding.held(fact.stake):
            self.journal.refused.add(fact)
            return
        if t.grant.standing:
            self.deliver(t)
            t.since = max(t.since, self.journal.day + DAY)
        if t.pile is not None and t.pile.received > t.drawn:
            raise Undetermined("a forfeit of credits that earn shares and were given back")
        rest = ZERO if t.pile is not None else t.price - self.recognised(t)
        lost = rest if credits == t.held else rhu(rest * credits / t.held, self.cent)
        self.rebase(t)
        t.price -= lost
        t.basis -= credits
        t.held -= credits
        if t.grant.standing:
            t.basis = t.held
        t.forfeited += credits
        self.journal.move(t.grant, "Held", credits)
        self.journal.move(t.grant, "Forfeited", -credits)
        t.shown["liability"] += lost if self.provider else -lost
        if t.kind == "gift":
            return
        worth = Fraction(fact.share_value) * shares
        if fact.stake is not None:
            self.holding.hand_back(fact.stake, shares, worth)
        cash = Fraction(fact.cash or 0)
        difference = lost - worth - cash
        post = self.journal.post
        if self.provider:
            post(LIABILITY + t.name, lost)
            post(CASH, -cash)
            given = fact.stake is not None or fact.cash is not None
            if difference < 0:
                line = CONTRA
            else:
                line = revenue("Compute", "Modification" if given else "Breakage")
            post(line, -difference)
            self.show(t, "Compute")
        else:
            post(PREPAID + t.name, -lost)
            post(CASH, cash)
            failed = fact.reason == "failure"
            post(compute("ExpiredCredits" if failed else "TerminationLoss"), difference)
