"""A second way to the books of a deal, from the rules of the ledger language alone.

It shares no line with the engine, and no idea either: facts in the order of their
phases move a few counts of each tranche; what the books must show to date is a
formula over those counts; an entry is what it shows now less what it showed before.
Exact fractions throughout, rounded where the rules say so.  Paragraphs in brackets
are those of docs/ledger-language.md.

Not known here, because the rules leave it open or another test has it: amended
escrow, opening balances, shares of one security bought at several prices.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from fractions import Fraction

from tests.laws.drawing import BILLED, Day, Draw, Slice
from tests.laws.journal import Journal, Reckoned, Undetermined, of_kind
from tests.laws.lives import (
    Amend,
    Cash,
    Estimate,
    Fact,
    Forfeit,
    Grant,
    Life,
    Payment,
    Role,
    Stake,
    Usage,
)
from tests.laws.tally import (
    CASH,
    CONTRA,
    ESCROW_RECEIVABLE,
    INVESTMENT,
    LIABILITY,
    OWN_ESCROW,
    PREPAID,
    RESTRICTED,
    SHARES,
    SHARES_DUE,
    ZERO,
    Tranche,
    rhu,
    shares_of,
)


def reckon(life: Life, role: Role) -> Reckoned:
    """Return what the books of one side must show of a life, by (date, account).

    Raises:
      Undetermined: The rules leave a figure open.
    """
    return Oracle(life, role).run()


class Oracle(Journal):
    def __init__(self, life: Life, role: Role) -> None:
        super().__init__(life, role)
        self.tranches: dict[str, Tranche] = {}
        self.draws: list[Draw] = []
        self.refused: set[Fact] = set()
        self.unit_cost: dict[str, Fraction] = {}
        decimals = [
            -int(fact.credits.as_tuple().exponent)
            for fact in life.facts
            if isinstance(fact, Grant | Usage)
        ]
        # [2.5.1] "quantum = most decimals in the deal's grants and usages"
        self.quantum = Fraction(1, 10 ** max([0, *decimals]))

    # --- the days ------------------------------------------------------------------

    def run(self) -> Reckoned:
        """Walk the days in order, and the phases of each [2.4]."""
        last = self.life.reaches
        days = {fact.on for fact in self.life.facts}
        days |= {
            fact.event for fact in self.life.facts if isinstance(fact, Stake | Cash | Grant)
        }
        days |= {
            f.expires for f in self.life.facts if isinstance(f, Grant | Amend) and f.expires
        }
        for day in sorted(day for day in days if day <= last):
            self.day = day
            today = [fact for fact in self.life.facts if fact.on == day]
            self.sign([f for f in self.life.facts if getattr(f, "event", None) == day])
            for fact in today:
                self.arrive(fact)
            for fact in of_kind(today, Amend):
                self.amend(fact)
            for fact in of_kind(today, Estimate):
                self.estimate(fact)
            open_day = Day(self.life, day, self.tranches.values(), self.quantum)
            usages = sorted(
                of_kind(today, Usage),
                key=lambda u: (u.service, u.import_id or "", -u.credits),
            )
            for fact in usages:
                if fact.credits > 0:
                    self.use(fact, open_day.take(fact))
            for fact in usages:
                if fact.credits < 0:
                    self.refund(fact)
            for fact in of_kind(today, Payment):
                self.pay(fact)
            for fact in of_kind(today, Forfeit):
                self.forfeit(fact)
            for tranche in self.tranches.values():
                if tranche.expires == day:
                    self.lapse(tranche)
        return Reckoned(
            {key: amount for key, amount in self.sums.items() if amount},
            self.refused,
            self.tranches,
        )

    # --- contract events [2.3] ---------------------------------------------------------

    def sign(self, legs: Iterable[Fact]) -> None:
        """Measure and book one contract event."""
        legs = list(legs)
        stakes, grants = of_kind(legs, Stake), of_kind(legs, Grant)
        value = sum((Fraction(s.total) for s in stakes), ZERO)
        cash = sum((Fraction(c.amount) for c in of_kind(legs, Cash)), ZERO)
        unpriced = sorted(
            (g for g in grants if g.price is None), key=lambda grant: grant.tranche
        )
        prices = {g.tranche: Fraction(g.price) for g in grants if g.price is not None}
        if len(unpriced) == 1:
            prices[unpriced[0].tranche] = value - cash
        elif unpriced:
            weights = [Fraction(g.credits) * Fraction(g.ssp or 0) for g in unpriced]
            parts = shares_of(value - cash, weights, self.cent)
            prices |= {g.tranche: p for g, p in zip(unpriced, parts, strict=True)}
        for stake in stakes:
            self.unit_cost[stake.commodity] = Fraction(stake.total) / stake.units
            self.post(self.stake_line(stake.on > self.day), Fraction(stake.total), stake)
        for leg in of_kind(legs, Cash):
            later = leg.on > self.day
            if self.provider:
                line = "Liabilities:Payables:Investment:Moon" if later else CASH
                self.post(line, -Fraction(leg.amount))
            else:
                line = "Assets:Receivables:Investment:Moon" if later else CASH
                self.post(line, Fraction(leg.amount))
        for grant in grants:
            self.open_tranche(grant, prices[grant.tranche])

    def open_tranche(self, grant: Grant, price: Fraction) -> None:
        """Book the price of a grant; its units and its escrow follow on its own day."""
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
            basis=Fraction(grant.credits),
            based=Fraction(grant.credits),
            unit_price=price / Fraction(grant.credits),
        )
        self.tranches[grant.tranche] = tranche
        if kind == "money":
            if self.provider:
                self.post("Assets:Receivables:Trade:Moon", price)
            else:
                self.post("Liabilities:Payables:Cloud:Moon", -price)
        if kind != "gift":
            if self.provider and self.startup_pays(kind):
                # [2.3.5] and, for a trustee, the liability is larger by the escrow
                if self.life.owner == "startup":
                    self.post(CASH, -escrow)
                else:
                    self.post(ESCROW_RECEIVABLE, escrow)
                    self.post(CASH, -escrow)
            elif not self.provider and self.life.owner == "startup" and escrow:
                self.post(OWN_ESCROW, escrow)
            self.show(tranche, "Compute")
        for name in grant.blends:
            self.blend(self.tranches[name], tranche)
        tranche.unit_price = tranche.price / tranche.basis

    def stake_line(self, later: bool) -> str:
        if later:
            return "Assets:Receivables:Stake:Moon" if self.provider else SHARES_DUE
        return INVESTMENT if self.provider else SHARES

    def arrive(self, fact: Fact) -> None:
        """Book a leg that comes after its event, and the credits of a grant [2.3.2]."""
        if isinstance(fact, Stake) and fact.on > fact.event:
            amount = Fraction(fact.total)
            self.post(self.stake_line(later=True), -amount, fact)
            self.post(self.stake_line(later=False), amount, fact)
        elif isinstance(fact, Cash) and fact.on > fact.event:
            amount = Fraction(fact.amount)
            if self.provider:
                self.post("Liabilities:Payables:Investment:Moon", amount)
                self.post(CASH, -amount)
            else:
                self.post("Assets:Receivables:Investment:Moon", -amount)
                self.post(CASH, amount)
        elif isinstance(fact, Grant):
            tranche = self.tranches[fact.tranche]
            credits = Fraction(fact.credits)
            tranche.held += credits
            self.units(tranche, "Granted", credits)
            self.units(tranche, "Held", -credits)
            if self.provider and tranche.escrow and not self.startup_pays(tranche.kind):
                if self.life.owner == "provider":
                    self.post(RESTRICTED, Fraction(fact.escrow or 0))
                else:
                    self.post(ESCROW_RECEIVABLE, Fraction(fact.escrow or 0))
                self.post(CASH, -Fraction(fact.escrow or 0))

    def blend(self, old: Tranche, new: Tranche) -> None:
        """Move undrawn credits, unrecognised price and escrow into the new tranche [2.6]."""
        credits, price = old.held, old.price - self.recognised(old)
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
        self.units(old, "Held", credits)
        self.units(old, "Moved", -credits)
        self.units(new, "Held", -credits)
        self.units(new, "Moved", credits)
        stays = LIABILITY if self.provider else PREPAID
        change = price if self.provider else -price
        for tranche, amount in ((old, change), (new, -change)):
            self.post(stays + tranche.name, amount)
            tranche.shown["liability"] += amount

    # --- amendments and estimates --------------------------------------------------------

    def amend(self, fact: Amend) -> None:
        t = self.tranches[fact.tranche]
        if fact.priority is not None:
            t.priority = fact.priority
        if fact.expires is not None:
            t.expires = fact.expires
            self.rebase(t)

    def estimate(self, fact: Estimate) -> None:
        """A change of estimate books its own catch-up, all on Breakage [2.5.4]."""
        if not self.provider:
            return
        t = self.tranches[fact.tranche]
        if self.life.method == "remote":
            if fact.remote is None:
                return
            t.spared = Fraction(fact.remote)
        elif fact.fraction is not None:
            t.spared = Fraction(fact.fraction) * Fraction(t.grant.credits)
        elif fact.credits is not None:
            t.spared = Fraction(fact.credits)
        self.show(t, "Compute")

    # --- usage [2.5] -----------------------------------------------------------------------

    def use(self, usage: Usage, slices: list[Slice] | None) -> None:
        if slices is None:
            self.refused.add(usage)
            return
        draw = Draw(usage, slices)
        self.draws.append(draw)
        for name, credits in slices:
            if name == BILLED:
                self.bill(draw)
            else:
                self.move(self.tranches[name], credits, usage.service)

    def move(self, t: Tranche, credits: Fraction, service: str) -> None:
        """Draw credits of a tranche, or give them back; lapsed ones to and from Expired."""
        if credits < 0 and not t.basis and not t.lapsed:
            raise Undetermined("a refund to a tranche that was re-based with nothing left")
        t.drawn += credits
        t.taken += credits
        if t.lapsed:
            t.expired -= credits
        else:
            t.held -= credits
        self.units(t, "Drawn", -credits)
        self.units(t, "Expired" if t.lapsed else "Held", credits)
        self.show(t, service)

    def bill(self, draw: Draw) -> None:
        """Bill what is in excess, or credit it: rounded once, to date [2.5.8, 2.5.6]."""
        beyond = sum((credits for name, credits in draw.slices if name == BILLED), ZERO)
        owed = rhu(beyond * Fraction(self.life.overage_price or 0), self.cent)
        change, draw.billed = owed - draw.billed, owed
        service = draw.usage.service
        if self.provider:
            self.post("Assets:Receivables:Trade:Moon", change)
            self.post(f"Income:Revenue:{service}:Investee:Cash:Moon", -change)
        else:
            self.post(f"Expenses:Compute:{service}:Moon", change)
            self.post("Liabilities:Payables:Cloud:Moon", -change)

    def refund(self, usage: Usage) -> None:
        """Give back the slices of a usage, else of the newest, last taken first [2.5.6]."""
        if usage.refund_of is not None:
            sources = [d for d in self.draws if d.usage.import_id == usage.refund_of]
        else:
            sources = [d for d in reversed(self.draws) if d.usage.service == usage.service]
        wanted = -Fraction(usage.credits)
        if wanted > sum((draw.left for draw in sources), ZERO):
            self.refused.add(usage)
            return
        for draw in sources:
            for n, (name, credits) in reversed(list(enumerate(draw.slices))):
                back = min(wanted, credits)
                draw.slices[n] = name, credits - back
                wanted -= back
                if back and name == BILLED:
                    self.bill(draw)
                elif back:
                    self.move(self.tranches[name], -back, usage.service)

    def pay(self, fact: Payment) -> None:
        amount = Fraction(fact.amount)
        if self.provider:
            self.post(CASH, amount)
            self.post("Assets:Receivables:Trade:Moon", -amount)
        else:
            self.post("Liabilities:Payables:Cloud:Moon", amount)
            self.post(CASH, -amount)

    # --- the end of credits ------------------------------------------------------------------

    def lapse(self, t: Tranche) -> None:
        """What is left on the last day lapses [2.5.10]."""
        credits, t.held = t.held, ZERO
        t.expired += credits
        t.lapsed = True
        self.units(t, "Held", credits)
        self.units(t, "Expired", -credits)
        self.show(t, "Compute")

    def forfeit(self, fact: Forfeit) -> None:
        """Credits given up, what was given for them, and the difference [2.8]."""
        t, credits = self.tranches[fact.tranche], Fraction(fact.credits)
        if credits > t.held:
            self.refused.add(fact)
            return
        rest = t.price - self.recognised(t)
        lost = rest if credits == t.held else rhu(rest * credits / t.held, self.cent)
        shares = Fraction(fact.share_value) * fact.shares
        carrying = self.unit_cost.get(fact.stake or "", ZERO) * fact.shares
        cash = Fraction(fact.cash or 0)
        difference = lost - shares - cash
        self.rebase(t)
        t.price -= lost
        t.basis -= credits
        t.held -= credits
        t.forfeited += credits
        self.units(t, "Held", credits)
        self.units(t, "Forfeited", -credits)
        t.shown["liability"] += lost if self.provider else -lost
        if t.kind == "gift":
            return
        if self.provider:
            self.post(LIABILITY + t.name, lost)
            if fact.stake is not None:
                back = Stake(self.day, self.day, fact.stake, fact.shares, Decimal())
                self.post(INVESTMENT, -carrying, back)
                self.post("Income:Investments:RealizedGain:Moon", carrying - shares)
            self.post(CASH, -cash)
            given = fact.stake is not None or fact.cash is not None
            if difference < 0:
                line = CONTRA
            else:
                word = "Modification" if given else "Breakage"
                line = f"Income:Revenue:Compute:Investee:{word}:Moon"
            self.post(line, -difference)
            self.show(t, "Compute")
        else:
            self.post(PREPAID + t.name, -lost)
            self.post(SHARES, carrying)
            self.post("Equity:APIC:PreferredExtinguishment:Moon", shares - carrying)
            self.post(CASH, cash)
            failed = fact.reason == "failure"
            line = "ExpiredCredits" if failed else "TerminationLoss"
            self.post(f"Expenses:Compute:{line}:Moon", difference)
