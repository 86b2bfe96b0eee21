"""What one party alone judges or does, as its ledger writes it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from tests.laws.directives import Fact, Keys, credits, money, text


@dataclass(frozen=True)
class Estimate(Fact):
    """Expected breakage: a fraction of the grant, or credits; or credits now remote."""

    CREDITS = ("credits", "remote")

    tranche: str
    fraction: Decimal | None = None
    credits: Decimal | None = None
    remote: Decimal | None = None

    def head(self) -> str:
        return "estimate"

    def keys(self) -> Keys:
        yield "tranche", text(self.tranche)
        yield "breakage", self.fraction if self.credits is None else credits(self.credits)
        yield "remote", credits(self.remote)


@dataclass(frozen=True)
class CreditValue(Fact):
    """What the service of one credit is worth from a day on, to the startup."""

    PRICES = ("value",)

    value: Decimal

    def head(self) -> str:
        return f"credit-value {money(self.value)}"


@dataclass(frozen=True)
class Valuation(Fact):
    """A price observed for, or a fair value of, one unit of a security."""

    MONEY = ("price", "own_credit")

    commodity: str
    price: Decimal
    kind: str
    own_credit: Decimal | None = None

    def head(self) -> str:
        return f"valuation {money(self.price)}"

    def keys(self) -> Keys:
        yield "stake", text(self.commodity)
        yield "kind", text(self.kind)
        yield "source", text("memo")
        yield "own-credit", money(self.own_credit)


@dataclass(frozen=True)
class Sale(Fact):
    """Units of a security sold."""

    MONEY = ("price", "proceeds", "costs")

    commodity: str
    units: int
    price: Decimal | None
    proceeds: Decimal | None
    costs: Decimal | None
    lot: date | None
    settles: date | None
    source: str

    def head(self) -> str:
        return f"sale {self.units} {self.commodity}"

    def keys(self) -> Keys:
        yield "price", money(self.price)
        yield "proceeds", money(self.proceeds)
        yield "costs", money(self.costs)
        yield "lot", self.lot
        yield "settles", self.settles
        yield "source", text(self.source)


@dataclass(frozen=True)
class Result(Fact):
    """The investee's result of a period, below zero a loss."""

    MONEY = ("amount",)

    amount: Decimal
    starts: date
    ends: date
    ownership: Decimal | None = None

    def head(self) -> str:
        return f"result {money(self.amount)}"

    def keys(self) -> Keys:
        yield "from", self.starts
        yield "to", self.ends
        yield "ownership", self.ownership


@dataclass(frozen=True)
class Elimination(Fact):
    """What the investee still carries of an asset made from our supplies."""

    MONEY = ("amount",)

    amount: Decimal
    asset: str
    margin: Decimal
    ownership: Decimal | None = None

    def head(self) -> str:
        return f"elimination {money(self.amount)}"

    def keys(self) -> Keys:
        yield "asset", text(self.asset)
        yield "margin", self.margin
        yield "ownership", self.ownership


@dataclass(frozen=True)
class Dilution(Fact):
    """A new ownership, because the investee issued to others."""

    MONEY = ("net_assets", "raised")

    ownership: Decimal
    net_assets: Decimal
    raised: Decimal

    def head(self) -> str:
        return f"dilution {self.ownership}"

    def keys(self) -> Keys:
        yield "net-assets", money(self.net_assets)
        yield "raised", money(self.raised)
