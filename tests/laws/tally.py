"""What is counted of a tranche, and what the books must show of those counts to date."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction

from tests.laws.lives import Grant, Life, Role

Sums = dict[tuple[date, str, str], Fraction]

ZERO = Fraction()

CASH = "Assets:Cash:Operating"
RESTRICTED = "Assets:Cash:Restricted:Escrow:Moon"
OWN_ESCROW = "Assets:Cash:Restricted:ComputeEscrow:Moon"
ESCROW_RECEIVABLE = "Assets:Receivables:Escrow:Moon"
UPFRONT = "Assets:Contract:UpfrontCustomerConsideration:Moon"
INVESTMENT = "Assets:Investments:Equity:MeasurementAlternative:Moon"
LIABILITY = "Liabilities:Contract:Credits:Moon:"
CONTRA = "Income:Revenue:Contra:ConsiderationPayable:Moon"
PREPAID = "Assets:Prepaid:Compute:Moon:"
VENDOR = "Liabilities:DeferredVendorConsideration:Moon"
SHARES = "Equity:Mezzanine:Preferred:Moon"
SHARES_DUE = "Liabilities:Payables:Shares:Moon"


def rhu(amount: Fraction, quantum: Fraction) -> Fraction:
    """Return an amount rounded half up to the quantum; below zero its mirror image.

    The rules say no more than half up.  Only a refund of what was drawn before a
    re-basing comes below zero, and a refund mirrors a draw.
    """
    half_up = math.floor(abs(amount) / quantum + Fraction(1, 2)) * quantum
    return half_up if amount >= 0 else -half_up


def shares_of(
    total: Fraction, weights: Sequence[Fraction], quantum: Fraction
) -> list[Fraction]:
    """Return a total split by weights in whole quanta; ties to the earlier weight."""
    exact = [total * weight / sum(weights) for weight in weights]
    parts = [math.floor(share / quantum) * quantum for share in exact]
    over = [
        (part - share, n) for n, (part, share) in enumerate(zip(parts, exact, strict=True))
    ]
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


class Formulas:
    """What the books of one side show of a tranche, by the paragraphs named."""

    def __init__(self, life: Life, role: Role) -> None:
        self.life = life
        self.cent = Fraction(life.precision)
        self.provider = role == "provider"

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

    def lines(self, t: Tranche, service: str) -> dict[str, tuple[str, Fraction]]:
        """Return what the books show of a tranche to date: line, account and balance.

        Revenue counts from the last re-basing, cash out of the escrow from the grant.
        """
        if t.kind == "gift":
            return {}
        used, recognised = self.used(t), self.recognised(t)
        shown: dict[str, tuple[str, Fraction]] = {}
        if self.provider:
            revenue = f"Income:Revenue:{service}:Investee:"
            word = "Prepaid" if t.kind == "money" else "Credits"
            liability = LIABILITY + t.name
            shown["breakage"] = revenue + "Breakage:Moon", used - recognised
            if not self.startup_pays(t.kind):
                shown["used"] = revenue + f"{word}:Moon", -used
                shown["liability"] = liability, recognised - t.price
                where = RESTRICTED if self.life.owner == "provider" else ESCROW_RECEIVABLE
                shown["escrow"] = where, -self.released(t)
                shown["cash"] = CASH, self.released(t)
                return shown
            # [2.3.5] gross to date in cash; the net is rounded once
            gross, paid = self.released(t, t.drawn), self.released(t)
            shown["gross"] = revenue + "Cash:Moon", -gross
            net = used - gross
            carried = recognised - paid - (t.price - t.escrow)
            if t.overpaid:
                shown["used"] = CONTRA, -net
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
            where = VENDOR if t.overpaid else PREPAID + t.name
            shown["liability"] = where, rest
        else:
            shown["liability"] = PREPAID + t.name, t.price - recognised
        return shown
