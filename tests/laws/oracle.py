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

import math
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from fractions import Fraction

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

Sums = dict[tuple[date, str, str], Fraction]
Slice = tuple[str, Fraction]

BILLED = ""
ZERO = Fraction()


def rhu(amount: Fraction, quantum: Fraction) -> Fraction:
    """Return an amount rounded half up to the quantum."""
    return math.floor(amount / quantum + Fraction(1, 2)) * quantum


def shares_of(total: Fraction, weights: Sequence[Fraction], quantum: Fraction) -> list[Fraction]:
    """Return a total split by weights in whole quanta; ties to the earlier weight."""
    exact = [total * weight / sum(weights) for weight in weights]
    parts = [math.floor(share / quantum) * quantum for share in exact]
    over = [(part - share, n) for n, (part, share) in enumerate(zip(parts, exact, strict=True))]
    for _, n in sorted(over)[: int((total - sum(parts)) / quantum)]:
        parts[n] += quantum
    return parts


@dataclass
class Tranche:
    """What is counted of one tranche.

    Attributes:
      price, basis, taken: Price, credits and credits drawn since the last re-basing
        [2.6]: the whole grant until there is one.
      spared: Credits expected, or judged remote, never to be drawn.
      shown: What the books have shown to date, by line.
    """

    grant: Grant
    kind: str
    price: Fraction
    escrow: Fraction
    overpaid: bool
    expires: date | None
    priority: int
    basis: Fraction = ZERO
    taken: Fraction = ZERO
    spared: Fraction = ZERO
    held: Fraction = ZERO
    drawn: Fraction = ZERO
    expired: Fraction = ZERO
    forfeited: Fraction = ZERO
    moved: Fraction = ZERO
    based: Fraction = ZERO
    unit_price: Fraction = ZERO
    lapsed: bool = False
    shown: dict[str, Fraction] = field(default_factory=lambda: defaultdict(Fraction))

    @property
    def name(self) -> str:
        return self.grant.tranche

    @property
    def effective(self) -> date:
        return self.grant.effective or self.grant.on


@dataclass
class Draw:
    """A usage that was drawn: which slices of it still stand, first taken first."""

    usage: Usage
    slices: list[list[object]]
    billed: Fraction = ZERO

    @property
    def left(self) -> Fraction:
        return sum((Fraction(part[1]) for part in self.slices), ZERO)  # type: ignore[arg-type]


@dataclass
class Reckoned:
    """What must come of a life: what each day adds to each account, and what is refused."""

    sums: Sums
    refused: set[Fact]
    tranches: dict[str, Tranche]


def reckon(life: Life, role: Role) -> Reckoned:
    """Return what the books of one side must show of a life, by (date, account)."""
    return Oracle(life, role).run()


class Oracle:
    def __init__(self, life: Life, role: Role) -> None:
        self.life = life
        self.role = role
        self.cent = Fraction(life.precision)
        self.provider = role == "provider"
        self.tranches: dict[str, Tranche] = {}
        self.draws: list[Draw] = []
        self.refused: set[Fact] = set()
        self.sums: Sums = defaultdict(Fraction)
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
        days |= {fact.event for fact in self.life.facts if isinstance(fact, Stake | Cash | Grant)}
        days |= {f.expires for f in self.life.facts if isinstance(f, Grant | Amend) and f.expires}
        for day in sorted(day for day in days if day <= last):
            self.day = day
            today = [fact for fact in self.life.facts if fact.on == day]
            self.sign([f for f in self.life.facts if getattr(f, "event", None) == day])
            for fact in today:
                self.arrive(fact)
            for fact in _of(today, Amend):
                self.amend(fact)
            for fact in _of(today, Estimate):
                self.estimate(fact)
            self.morning = {name: t.held for name, t in self.tranches.items()}
            self.spread: dict[tuple[str, ...], Fraction] = defaultdict(Fraction)
            usages = sorted(
                _of(today, Usage), key=lambda u: (u.service, u.import_id or "", -u.credits)
            )
            for fact in usages:
                if fact.credits > 0:
                    self.use(fact)
            for fact in usages:
                if fact.credits < 0:
                    self.refund(fact)
            for fact in _of(today, Payment):
                self.pay(fact)
            for fact in _of(today, Forfeit):
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
        stakes, grants = _of(legs, Stake), _of(legs, Grant)
        value = sum((Fraction(s.total) for s in stakes), ZERO)
        cash = sum((Fraction(c.amount) for c in _of(legs, Cash)), ZERO)
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
        for leg in _of(legs, Cash):
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

    def startup_pays(self, kind: str) -> bool:
        """Whether the escrow of a tranche of this kind is, in substance, the startup's."""
        return kind == "stake" and self.life.owner in ("startup", "trustee-startup")

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
            tranche.basis += credits
            tranche.based += credits
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
        line = "Liabilities:Contract:Credits:Moon:" if self.provider else PREPAID
        sign = 1 if self.provider else -1
        self.post(line + old.name, sign * price)
        self.post(line + new.name, -sign * price)
        for tranche, change in ((old, -price), (new, price)):
            tranche.shown["liability"] += change

    # --- formulas ------------------------------------------------------------------------

    def used(self, t: Tranche) -> Fraction:
        """Price of what was drawn since the last re-basing [2.5.3]."""
        return rhu(t.price * t.taken / t.basis, self.cent) if t.basis else t.price

    def recognised(self, t: Tranche) -> Fraction:
        """Price recognised since the last re-basing, breakage included [2.5.3, 2.7]."""
        if t.lapsed:
            return t.price
        if not self.provider or not t.spared:
            return self.used(t)
        if self.life.method == "remote":
            part = (t.taken + t.spared) / t.basis
        else:
            part = t.taken / max(t.taken, t.basis - t.spared)
        return min(t.price, rhu(t.price * part, self.cent))

    def released(self, t: Tranche, gone: Fraction | None = None) -> Fraction:
        """Escrow released to date [2.5.5]."""
        if not t.escrow:
            return ZERO
        gone = t.drawn + t.expired + t.forfeited if gone is None else gone
        return rhu(t.escrow * gone / t.based, self.cent)

    # --- what the books show -------------------------------------------------------------

    def lines(self, t: Tranche, service: str) -> dict[str, tuple[str, Fraction]]:
        """Return what the books show of a tranche to date: line, account and balance.

        Use, Breakage and the rest since the last re-basing; escrow since the grant.
        """
        if t.kind == "gift":
            return {}
        used, recognised = self.used(t), self.recognised(t)
        shown: dict[str, tuple[str, Fraction]] = {}
        if self.provider:
            revenue = f"Income:Revenue:{service}:Investee:"
            word = "Prepaid" if t.kind == "money" else "Credits"
            liability = "Liabilities:Contract:Credits:Moon:" + t.name
            shown["breakage"] = revenue + "Breakage:Moon", used - recognised
            if not self.startup_pays(t.kind):
                shown["used"] = revenue + f"{word}:Moon", -used
                shown["liability"] = liability, recognised - t.price
                if t.escrow:
                    held = t.escrow - self.released(t)
                    where = RESTRICTED if self.life.owner == "provider" else ESCROW_RECEIVABLE
                    shown["escrow"] = where, held
                    shown["cash"] = CASH, -held
                return shown
            # [2.3.5] gross to date in cash; the net is rounded once
            gross, paid = self.released(t, t.drawn), self.released(t)
            shown["gross"] = revenue + "Cash:Moon", -gross
            net = used - gross
            carried = recognised - paid - (t.price - t.escrow)
            if t.overpaid:
                shown["used"] = "Income:Revenue:Contra:ConsiderationPayable:Moon", -net
                shown["liability"] = UPFRONT, carried
                if self.life.owner != "startup":
                    shown["trusted"] = liability, paid - t.escrow
            else:
                shown["used"] = revenue + "Credits:Moon", -net
                if self.life.owner != "startup":
                    carried += paid - t.escrow
                shown["liability"] = liability, carried
            shown["cash"] = CASH, paid
            if self.life.owner != "startup":
                shown["escrow"] = ESCROW_RECEIVABLE, -paid
            return shown
        shown["used"] = f"Expenses:Compute:{service}:Moon", used
        shown["breakage"] = "Expenses:Compute:ExpiredCredits:Moon", recognised - used
        if self.life.owner == "startup" and self.startup_pays(t.kind) and t.escrow:
            paid = self.released(t)
            shown["escrow"] = OWN_ESCROW, -paid
            rest = (t.price - recognised) - (t.escrow - paid)
            where = "Liabilities:DeferredVendorConsideration:Moon" if t.overpaid else PREPAID + t.name
            shown["liability"] = where, rest
        else:
            shown["liability"] = PREPAID + t.name, t.price - recognised
        return shown

    def show(self, t: Tranche, service: str) -> None:
        """Book what the books show of a tranche now, less what they have shown."""
        for line, (account, balance) in self.lines(t, service).items():
            if line in ("escrow", "cash") and not self.startup_pays(t.kind):
                balance -= t.escrow if line == "escrow" else -t.escrow
            self.post(account, balance - t.shown[line])
            t.shown[line] = balance

    def rebase(self, t: Tranche) -> None:
        """Start anew with what is left of price and credits [2.6]; books nothing."""
        recognised, used = self.recognised(t), self.used(t)
        t.price -= recognised
        t.basis -= t.taken
        t.taken = ZERO
        t.shown["used"] -= -used if self.provider else used
        t.shown["breakage"] -= used - recognised if self.provider else recognised - used

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

    def left(self, t: Tranche, usage: Usage) -> Fraction:
        """Credits a usage may take of a tranche: what lapsed since a late row, too."""
        day = usage.of or usage.on
        if not t.effective <= day or (t.expires is not None and day > t.expires):
            return ZERO
        if usage.tranche not in (None, t.name) or self.day < t.grant.on:
            return ZERO
        return t.expired if t.lapsed else t.held

    def take(self, usage: Usage) -> list[Slice] | None:
        """Return the slices of a usage, what is billed last, or None where it is refused."""
        open_ = [t for t in self.tranches.values() if self.left(t, usage) > 0]
        wanted = Fraction(usage.credits)
        slices: list[Slice] = []
        if self.life.order == "pro-rata":
            for rank in sorted({t.priority for t in open_}):
                group = sorted((t for t in open_ if t.priority == rank), key=lambda t: t.name)
                part = min(wanted, sum((self.left(t, usage) for t in group), ZERO))
                slices += self.pro_rata(group, part)
                wanted -= part
        else:
            for t in sorted(open_, key=self.rank()):
                part = min(wanted, self.left(t, usage))
                if part:
                    slices.append((t.name, part))
                wanted -= part
        if wanted:
            if self.life.overage_price is None:
                return None
            slices.append((BILLED, wanted))
        return slices

    def rank(self) -> Callable[[Tranche], tuple[object, ...]]:
        """Return the order in which tranches are drawn [2.5.1]."""
        last = date.max
        orders: dict[str, Callable[[Tranche], tuple[object, ...]]] = {
            "expiry-first": lambda t: (t.expires or last, t.unit_price, t.grant.on, t.name),
            "fifo": lambda t: (t.grant.on, t.name),
            "lowest-price": lambda t: (t.unit_price, t.expires or last, t.grant.on, t.name),
        }
        order = orders[self.life.order]
        return lambda t: (t.priority, *order(t))

    def pro_rata(self, group: list[Tranche], part: Fraction) -> list[Slice]:
        """Share the day's total so far by what was left in the morning; take the change."""
        if not part:
            return []
        names = tuple(t.name for t in group if self.morning.get(t.name))
        weights = [self.morning[name] for name in names]
        before = self.spread[names]
        self.spread[names] = before + part
        now = shares_of(before + part, weights, self.quantum)
        then = shares_of(before, weights, self.quantum)
        return [
            (name, new - old) for name, new, old in zip(names, now, then, strict=True) if new != old
        ]

    def use(self, usage: Usage) -> None:
        slices = self.take(usage)
        if slices is None:
            self.refused.add(usage)
            return
        draw = Draw(usage, [[name, part] for name, part in slices])
        self.draws.append(draw)
        for name, part in slices:
            if name == BILLED:
                self.bill(draw)
            else:
                self.move(self.tranches[name], part, usage.service)

    def move(self, t: Tranche, credits: Fraction, service: str) -> None:
        """Draw credits of a tranche, or give them back; lapsed ones to and from Expired."""
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
        beyond = sum((Fraction(p[1]) for p in draw.slices if p[0] == BILLED), ZERO)  # type: ignore[arg-type]
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
            for part in reversed(draw.slices):
                back = min(wanted, Fraction(part[1]))  # type: ignore[arg-type]
                if not back:
                    continue
                part[1] = Fraction(part[1]) - back  # type: ignore[arg-type]
                wanted -= back
                if part[0] == BILLED:
                    self.bill(draw)
                else:
                    self.move(self.tranches[str(part[0])], -back, usage.service)

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
            self.post("Liabilities:Contract:Credits:Moon:" + t.name, lost)
            if fact.stake is not None:
                self.post(INVESTMENT, -carrying, Stake(self.day, self.day, fact.stake, fact.shares, Decimal()))
                self.post("Income:Investments:RealizedGain:Moon", carrying - shares)
            self.post(CASH, -cash)
            given = fact.stake is not None or fact.cash is not None
            if difference < 0:
                line = "Income:Revenue:Contra:ConsiderationPayable:Moon"
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

    # --- postings ------------------------------------------------------------------------------

    def post(self, account: str, amount: Fraction, stake: Stake | None = None) -> None:
        """Add an amount of money; the startup's shares are a credit, the provider's units."""
        if stake is not None and account in (SHARES, SHARES_DUE):
            amount = -amount
        if stake is not None and account == INVESTMENT:
            units = stake.units if amount > 0 else -stake.units
            self.sums[self.day, account, stake.commodity] += units
            self.sums[self.day, account, "USD at cost"] += amount
            return
        self.sums[self.day, account, "USD"] += amount

    def units(self, t: Tranche, leaf: str, credits: Fraction) -> None:
        """Add credits to a leaf of the credits' own trial balance [4.2]."""
        sign = 1 if self.provider else -1
        self.sums[self.day, f"Equity:Escrow:Moon:{t.name}:{leaf}", "MOON.CR"] += sign * credits


CASH = "Assets:Cash:Operating"
RESTRICTED = "Assets:Cash:Restricted:Escrow:Moon"
OWN_ESCROW = "Assets:Cash:Restricted:ComputeEscrow:Moon"
ESCROW_RECEIVABLE = "Assets:Receivables:Escrow:Moon"
UPFRONT = "Assets:Contract:UpfrontCustomerConsideration:Moon"
INVESTMENT = "Assets:Investments:Equity:MeasurementAlternative:Moon"
PREPAID = "Assets:Prepaid:Compute:Moon:"
SHARES = "Equity:Mezzanine:Preferred:Moon"
SHARES_DUE = "Liabilities:Payables:Shares:Moon"


def _of[T](facts: Iterable[Fact], kind: type[T]) -> list[T]:
    return [fact for fact in facts if isinstance(fact, kind)]
