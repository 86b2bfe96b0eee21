"""What is counted of a tranche, and what the books must show of those counts to date."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction

from tests.laws.facts import Grant
from tests.laws.oracle.abroad import ForeignCash
from tests.laws.oracle.accounts import (
    CASH,
    CONTRA,
    ESCROW_RECEIVABLE,
    LIABILITY,
    OWN_ESCROW,
    PREPAID,
    RESTRICTED,
    UPFRONT,
    VENDOR,
    compute,
    revenue,
)
from tests.laws.oracle.earning import Pile
from tests.laws.oracle.exact import rhu
from tests.laws.oracle.journal import ZERO, Journal


@dataclass
class Tranche:
    """What is counted of one tranche.

    Attributes:
      price, basis, taken: Price, credits and credits drawn since the last re-basing
        [2.6]: the whole grant until there is one.
      since: The first day of that; of a service that stands ready, first not delivered.
      spared: Credits expected, or judged remote, never to be drawn.
      brought, bought: Price that came in at the grant and by blends, and what of it money
        paid; `used_before`, revenue of draws before the last re-basing.
      shown: What the books have shown to date, by line.
    """

    grant: Grant
    kind: str
    price: Fraction
    escrow: Fraction
    overpaid: bool
    expires: date | None
    priority: int
    since: date
    basis: Fraction = ZERO
    taken: Fraction = ZERO
    spared: Fraction = ZERO
    brought: Fraction = ZERO
    bought: Fraction = ZERO
    used_before: Fraction = ZERO
    held: Fraction = ZERO
    drawn: Fraction = ZERO
    expired: Fraction = ZERO
    forfeited: Fraction = ZERO
    moved: Fraction = ZERO
    based: Fraction = ZERO
    unit_price: Fraction = ZERO
    lapsed: bool = False
    abroad: ForeignCash | None = None
    pile: Pile | None = None
    shown: dict[str, Fraction] = field(default_factory=lambda: defaultdict(Fraction))

    @property
    def name(self) -> str:
        return self.grant.tranche

    @property
    def effective(self) -> date:
        return self.grant.effective or self.grant.on


class Tally:
    """What the books of one side show of a tranche, by the paragraphs named.

    An entry is what they show now less what they have shown.
    """

    def __init__(self, journal: Journal) -> None:
        self.journal = journal
        self.life = journal.life
        self.cent = journal.cent
        self.provider = journal.provider

    def show(self, t: Tranche, service: str) -> None:
        """Book what the books show of a tranche now, less what they have shown."""
        for line, (account, balance) in self.lines(t, service).items():
            self.journal.post(account, balance - t.shown[line])
            t.shown[line] = balance
        if t.abroad is not None:
            gone = t.drawn + t.expired + t.forfeited
            t.abroad.release(self.journal, gone)

    def rebase(self, t: Tranche) -> None:
        """Start anew with what is left of price and credits [2.6]; books nothing."""
        if t.pile is not None:
            return
        recognised, used = self.recognised(t), self.used(t)
        t.price -= recognised
        t.basis -= t.taken
        t.taken = ZERO
        t.used_before += used
        sign = 1 if self.provider else -1
        t.shown["used"] += sign * used
        t.shown["breakage"] += sign * (recognised - used)

    def startup_pays(self, kind: str) -> bool:
        """Whether the escrow of a tranche of this kind is, in substance, the startup's."""
        return kind == "stake" and self.life.owner in ("startup", "trustee-startup")

    def used(self, t: Tranche) -> Fraction:
        """Price of what was drawn since the last re-basing [2.5.3]."""
        return rhu(t.price * t.taken / t.basis, self.cent) if t.basis else t.price

    def recognised(self, t: Tranche) -> Fraction:
        """Price recognised since the last re-basing, breakage included [2.5.3, 2.7]."""
        if t.lapsed:
            return t.price
        if not self.provider or not t.spared:
            return self.used(t)
        if self.life.breakage == "remote":
            part = (t.taken + t.spared) / t.basis
        else:
            part = t.taken / max(t.taken, t.basis - t.spared)
        return min(t.price, rhu(t.price * part, self.cent))

    def sold(self, t: Tranche) -> Fraction:
        """Revenue to date that money paid, of credits that shares paid for as well."""
        return rhu((t.used_before + self.used(t)) * t.bought / t.brought, self.cent)

    def released(self, t: Tranche, gone: Fraction | None = None) -> Fraction:
        """Escrow released to date [2.5.5]."""
        if not t.escrow or t.abroad is not None:
            return ZERO
        gone = t.drawn + t.expired + t.forfeited if gone is None else gone
        return rhu(t.escrow * gone / t.based, self.cent)

    def lines(self, t: Tranche, service: str) -> dict[str, tuple[str, Fraction]]:
        """Return what the books show of a tranche to date: line, account and balance.

        Revenue counts from the last re-basing, cash out of the escrow from the grant.
        """
        if t.kind == "gift":
            return {}
        if t.pile is not None:
            return self.earned(t, t.pile, service)
        if self.provider:
            return self.providers(t, service)
        return self.startups(t, service)

    def earned(
        self, t: Tranche, pile: Pile, service: str
    ) -> dict[str, tuple[str, Fraction]]:
        """Return what is shown where the draws earn shares [2.3.8, 2.7].

        Between what was earned and what is used lies the compute owed again, which
        lapses with the credits.
        """
        used = pile.worth(t.drawn, self.cent)
        owed = pile.worth(pile.received, self.cent) - used
        lost, left = (owed, ZERO) if t.lapsed else (ZERO, owed)
        if not self.provider:
            return {
                "used": (compute(service), used),
                "breakage": (compute("ExpiredCredits"), lost),
                "liability": (PREPAID + t.name, left),
            }
        where = RESTRICTED if self.life.owner == "provider" else ESCROW_RECEIVABLE
        return {
            "used": (revenue(service, "Credits"), -used),
            "breakage": (revenue(service, "Breakage"), -lost),
            "liability": (LIABILITY + t.name, -left),
            "escrow": (where, -self.released(t)),
            "cash": (CASH, self.released(t)),
        }

    def providers(self, t: Tranche, service: str) -> dict[str, tuple[str, Fraction]]:
        used, recognised = self.used(t), self.recognised(t)
        word = "Prepaid" if t.kind == "money" else "Credits"
        liability = LIABILITY + t.name
        shown = {"breakage": (revenue(service, "Breakage"), used - recognised)}
        if not self.startup_pays(t.kind):
            sold = self.sold(t) if t.kind == "mixed" else ZERO
            shown["used"] = revenue(service, word), sold - used
            shown["sold"] = revenue(service, "Prepaid"), -sold
            shown["liability"] = liability, recognised - t.price
            where = RESTRICTED if self.life.owner == "provider" else ESCROW_RECEIVABLE
            shown["escrow"] = where, -self.released(t)
            shown["cash"] = CASH, self.released(t)
            return shown
        # [2.3.5] gross to date in cash; the net is rounded once
        gross, paid = self.released(t, t.drawn), self.released(t)
        shown["gross"] = revenue(service, "Cash"), -gross
        net = used - gross
        carried = recognised - paid - (t.price - t.escrow)
        if t.overpaid:
            shown["used"] = CONTRA, -net
            shown["liability"] = UPFRONT, carried
            if self.life.owner != "startup":
                shown["trusted"] = liability, paid - t.escrow
        else:
            shown["used"] = revenue(service, "Credits"), -net
            if self.life.owner != "startup":
                carried += paid - t.escrow
            shown["liability"] = liability, carried
        shown["cash"] = CASH, paid
        if self.life.owner != "startup":
            shown["escrow"] = ESCROW_RECEIVABLE, -paid
        return shown

    def startups(self, t: Tranche, service: str) -> dict[str, tuple[str, Fraction]]:
        used, recognised = self.used(t), self.recognised(t)
        shown = {
            "used": (compute(service), used),
            "breakage": (compute("ExpiredCredits"), recognised - used),
        }
        if self.life.owner == "startup" and self.startup_pays(t.kind) and t.escrow:
            paid = self.released(t)
            shown["escrow"] = OWN_ESCROW, -paid
            rest = (t.price - recognised) - (t.escrow - paid)
            where = VENDOR if t.overpaid else PREPAID + t.name
            shown["liability"] = where, rest
        else:
            shown["liability"] = PREPAID + t.name, t.price - recognised
        return shown
