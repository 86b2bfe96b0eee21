"""The life of one deal as a flat list of facts, and its text as a ledger.

A life is made by `strategy`, reckoned by `oracle` and loaded through the plugins by
the laws.  Nothing here knows the engine: dates, Decimals and names only.
"""

from __future__ import annotations

import dataclasses
import random
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Literal

Owner = Literal["provider", "startup", "trustee-provider", "trustee-startup", "none"]
Role = Literal["provider", "startup"]

CREDIT = "MOON.CR"
DEAL = "moon"


@dataclass(frozen=True)
class Stake:
    """Units issued on a day for a contract event; `total` is their fair value."""

    on: date
    event: date
    commodity: str
    units: int
    total: Decimal


@dataclass(frozen=True)
class Cash:
    """Cash the provider pays for its stake."""

    on: date
    event: date
    amount: Decimal


@dataclass(frozen=True)
class Grant:
    """Credits; `price` None where the stake pays, 0 where they are a gift."""

    on: date
    event: date
    tranche: str
    credits: Decimal
    effective: date | None = None
    expires: date | None = None
    priority: int = 50
    escrow: Decimal | None = None
    price: Decimal | None = None
    ssp: Decimal | None = None
    blends: tuple[str, ...] = ()


@dataclass(frozen=True)
class Usage:
    """Credits drawn, or negative given back."""

    on: date
    credits: Decimal
    service: str = "Compute"
    import_id: str | None = None
    of: date | None = None
    tranche: str | None = None
    refund_of: str | None = None


@dataclass(frozen=True)
class Estimate:
    """Expected breakage: a fraction of the grant, or credits; or credits now remote."""

    on: date
    tranche: str
    fraction: Decimal | None = None
    credits: Decimal | None = None
    remote: Decimal | None = None


@dataclass(frozen=True)
class Amend:
    """A later last day, another priority, or both."""

    on: date
    tranche: str
    expires: date | None = None
    priority: int | None = None


@dataclass(frozen=True)
class Forfeit:
    """Credits given up, for units of a stake, for cash, or for nothing."""

    on: date
    tranche: str
    credits: Decimal
    reason: str
    stake: str | None = None
    shares: int = 0
    share_value: Decimal = Decimal()
    cash: Decimal | None = None


@dataclass(frozen=True)
class Payment:
    """Money the startup pays for what it was billed."""

    on: date
    amount: Decimal


Fact = Stake | Cash | Grant | Usage | Estimate | Amend | Forfeit | Payment


@dataclass(frozen=True, repr=False)
class Life:
    """A deal from its signing to the last day the books have reached.

    Attributes:
      overage_price: Price of a credit in excess, or None where excess is refused.
      through: Last day of the books, or None where the text's latest date is.
    """

    owner: Owner
    order: str
    method: str
    facts: tuple[Fact, ...]
    overage_price: Decimal | None = None
    through: date | None = None
    precision: Decimal = Decimal("0.01")

    def __repr__(self) -> str:
        return "Life of\n" + ledger(self, "provider")

    def _repr_pretty_(self, printer: Any, cycle: bool) -> None:
        printer.text(repr(self))

    def but(self, **changes: object) -> Life:
        """Return the same life with some of its terms replaced."""
        return dataclasses.replace(self, **changes)  # type: ignore[arg-type]

    @property
    def first(self) -> date:
        """The day of the deal and of the books: that of the earliest event."""
        return min(getattr(fact, "event", fact.on) for fact in self.facts)

    @property
    def reaches(self) -> date:
        """The last day the books have reached."""
        return self.through or max(fact.on for fact in self.facts)


def preamble(life: Life, role: Role) -> str:
    """Return the plugin line, the books and the deal with its policy."""
    lines = [
        'plugin "beanscrow.plugins.deals"',
        f'{life.first} custom "books" "{role}"',
        '  framework: "us-gaap"',
        '  currency: "USD"',
        "  open-accounts: TRUE",
        f"  precision: {life.precision}",
    ]
    if life.through is not None:
        lines.append(f"  through: {life.through}")
    lines += [
        f'{life.first} custom "deal" "{DEAL}" "Moonshot AI"',
        '  provider: "Alibaba Cloud"',
        f'  escrow-owner: "{life.owner.partition("-")[0]}"',
        f'  consumption-order: "{life.order}"',
    ]
    if "-" in life.owner:
        lines.append(f'  escrow-residual: "{life.owner.partition("-")[2]}"')
    if life.overage_price is not None:
        lines += ['  overage: "bill"', f"  overage-price: {life.overage_price} USD"]
    lines += [
        f'{life.first} custom "deal-policy" "{DEAL}"',
        f'  breakage-method: "{life.method}"',
    ]
    return "\n".join(lines) + "\n"


def directive(fact: Fact) -> str:
    """Return a fact as the ledger writes it."""
    keys: list[tuple[str, object]] = []
    match fact:
        case Stake():
            head = f'"deal-stake" "{DEAL}" {fact.units} {fact.commodity}'
            keys = [
                ("fair-value-total", f"{fact.total} USD"),
                ("fair-value-source", '"valuation"'),
                ("event", fact.event),
            ]
        case Cash():
            head = f'"deal-cash" "{DEAL}" {fact.amount} USD'
            keys = [("event", fact.event)]
        case Grant():
            head = f'"deal-grant" "{DEAL}" {fact.credits} {CREDIT}'
            keys = [
                ("tranche", f'"{fact.tranche}"'),
                ("event", fact.event),
                ("effective", fact.effective),
                ("expires", fact.expires),
                ("priority", fact.priority),
                ("escrow", money(fact.escrow)),
                ("price", money(fact.price)),
                ("ssp", money(fact.ssp)),
            ]
            if fact.blends:
                names = ", ".join(fact.blends)
                keys += [("modification", '"blend"'), ("blends", f'"{names}"')]
        case Usage():
            head = f'"deal-usage" "{DEAL}" {fact.credits} {CREDIT}'
            keys = [
                ("service", f'"{fact.service}"'),
                ("import-id", text(fact.import_id)),
                ("of", fact.of),
                ("tranche", text(fact.tranche)),
                ("refund-of", text(fact.refund_of)),
            ]
        case Estimate():
            head = f'"deal-estimate" "{DEAL}"'
            credits = fact.credits
            breakage = fact.fraction if credits is None else f"{credits} {CREDIT}"
            remote = None if fact.remote is None else f"{fact.remote} {CREDIT}"
            keys = [
                ("tranche", f'"{fact.tranche}"'),
                ("breakage", breakage),
                ("remote", remote),
            ]
        case Amend():
            head = f'"deal-amend" "{DEAL}"'
            keys = [
                ("tranche", f'"{fact.tranche}"'),
                ("expires", fact.expires),
                ("priority", fact.priority),
            ]
        case Forfeit():
            head = f'"deal-forfeit" "{DEAL}" {fact.credits} {CREDIT}'
            keys = [("tranche", f'"{fact.tranche}"'), ("reason", f'"{fact.reason}"')]
            if fact.stake is not None:
                keys += [
                    ("shares-returned", f"{fact.shares} {fact.stake}"),
                    ("share-value", money(fact.share_value)),
                ]
            keys.append(("cash", money(fact.cash)))
        case Payment():
            head = f'"deal-payment" "{DEAL}" {fact.amount} USD'
    lines = [f"{fact.on} custom {head}"]
    lines += [f"  {key}: {value}" for key, value in keys if value is not None]
    return "\n".join(lines) + "\n"


def money(amount: Decimal | None) -> str | None:
    """Return an amount as the ledger writes it, or None."""
    return None if amount is None else f"{amount} USD"


def text(value: str | None) -> str | None:
    """Return a string as the ledger writes it, or None."""
    return None if value is None else f'"{value}"'


def ledger(life: Life, role: Role, more: str = "") -> str:
    """Return the life as one ledger, facts in their order, `more` after them."""
    return preamble(life, role) + "".join(directive(fact) for fact in life.facts) + more


def fact_at(life: Life, role: Role, line: int) -> Fact | None:
    """Return the fact that `ledger` writes at a line, or None where there is none."""
    number = preamble(life, role).count("\n") + 1
    for fact in life.facts:
        if number == line:
            return fact
        number += directive(fact).count("\n")
    return None


def shuffled(life: Life, seed: int) -> Life:
    """Return the same life with its facts written in another order."""
    facts = list(life.facts)
    random.Random(seed).shuffle(facts)
    return life.but(facts=tuple(facts))
