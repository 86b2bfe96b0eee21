"""What both parties of a deal could sign, each fact as the ledger writes it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from tests.laws.directives import CREDIT, DAYS, Fact, Keys, Leg, credits, money, text


@dataclass(frozen=True)
class Stake(Leg):
    """Units issued on a day for a contract event; `total` is their fair value."""

    MONEY = ("total",)

    commodity: str
    units: int
    total: Decimal
    instrument: str = "preferred"
    vesting: str = "signing"
    ownership: Decimal | None = None

    def head(self) -> str:
        return f"stake {self.units} {self.commodity}"

    def keys(self) -> Keys:
        yield "fair-value-total", money(self.total)
        yield "fair-value-source", text("valuation")
        yield "instrument", text(self.instrument)
        yield "vesting", text(self.vesting)
        yield "ownership", self.ownership
        yield "event", self.event


@dataclass(frozen=True)
class Cash(Leg):
    """Cash the provider pays for its stake."""

    MONEY = ("amount",)

    amount: Decimal

    def head(self) -> str:
        return f"cash {money(self.amount)}"

    def keys(self) -> Keys:
        yield "event", self.event


@dataclass(frozen=True)
class Grant(Leg):
    """Credits; `price` None where the stake pays, 0 where they are a gift."""

    MONEY = ("escrow", "price")
    CREDITS = ("credits",)
    PRICES = ("ssp",)

    tranche: str
    credits: Decimal
    effective: date | None = None
    expires: date | None = None
    priority: int = 50
    escrow: Decimal | None = None
    price: Decimal | None = None
    ssp: Decimal | None = None
    blends: tuple[str, ...] = ()
    standing: bool = False

    @property
    def commodity(self) -> str:
        """Return what is granted: credits, or a service that stands ready."""
        return DAYS if self.standing else CREDIT

    def head(self) -> str:
        return f"grant {self.credits} {self.commodity}"

    def keys(self) -> Keys:
        yield "tranche", text(self.tranche)
        yield "event", self.event
        yield "effective", self.effective
        yield "expires", self.expires
        yield "priority", self.priority
        yield "escrow", money(self.escrow)
        yield "price", money(self.price)
        yield "ssp", money(self.ssp)
        if self.blends:
            yield "modification", text("blend")
            yield "blends", text(", ".join(self.blends))
        if self.standing:
            yield "delivery", text("stand-ready")


@dataclass(frozen=True)
class Promise(Leg):
    """Money the startup promises to spend from one day to another."""

    MONEY = ("amount",)

    name: str
    amount: Decimal
    starts: date
    ends: date
    take_or_pay: bool = False

    def head(self) -> str:
        return f"commitment {money(self.amount)}"

    def keys(self) -> Keys:
        yield "commitment", text(self.name)
        yield "event", self.event
        yield "from", self.starts
        yield "to", self.ends
        yield "shortfall", text("take-or-pay" if self.take_or_pay else "lapse")


@dataclass(frozen=True)
class PromiseChange(Fact):
    """A promise to spend runs to another day, or is for another amount in all."""

    MONEY = ("amount",)

    name: str
    ends: date | None = None
    amount: Decimal | None = None

    def head(self) -> str:
        return "amend"

    def keys(self) -> Keys:
        yield "commitment", text(self.name)
        yield "to", self.ends
        yield "amount", money(self.amount)


@dataclass(frozen=True)
class PromiseEnd(Fact):
    """A promise to spend nobody keeps any more; `cash` below zero where the startup pays."""

    MONEY = ("cash",)

    name: str
    reason: str
    cash: Decimal | None = None

    def head(self) -> str:
        return "commitment-end"

    def keys(self) -> Keys:
        yield "commitment", text(self.name)
        yield "reason", text(self.reason)
        yield "cash", money(self.cash)


@dataclass(frozen=True)
class Warrant(Fact):
    """Warrants of the vendor, each worth something, earned by buying a target."""

    MONEY = ("worth", "target")

    commodity: str
    units: int
    worth: Decimal
    target: Decimal
    expected: Decimal
    starts: date

    def head(self) -> str:
        return f"warrant {self.units} {self.commodity}"

    def keys(self) -> Keys:
        yield "fair-value", money(self.worth)
        yield "vests-on", money(self.target)
        yield "expected", self.expected
        yield "from", self.starts


@dataclass(frozen=True)
class Milestone(Fact):
    """Whether the target of some warrants was met."""

    name: str
    warrant: str
    met: bool

    def head(self) -> str:
        return f'milestone "{self.name}"'

    def keys(self) -> Keys:
        yield "met", str(self.met).upper()
        yield "warrant", text(self.warrant)


@dataclass(frozen=True)
class Bought(Fact):
    """Usage in money, or a credit note where it is below zero."""

    MONEY = ("amount",)

    amount: Decimal
    service: str
    import_id: str

    def head(self) -> str:
        return f"usage {money(self.amount)}"

    def keys(self) -> Keys:
        yield "service", text(self.service)
        yield "import-id", text(self.import_id)


@dataclass(frozen=True)
class Usage(Fact):
    """Credits drawn, or negative given back."""

    CREDITS = ("credits",)

    credits: Decimal
    service: str = "Compute"
    import_id: str | None = None
    of: date | None = None
    tranche: str | None = None
    refund_of: str | None = None

    def head(self) -> str:
        return f"usage {credits(self.credits)}"

    def keys(self) -> Keys:
        yield "service", text(self.service)
        yield "import-id", text(self.import_id)
        yield "of", self.of
        yield "tranche", text(self.tranche)
        yield "refund-of", text(self.refund_of)


@dataclass(frozen=True)
class Amend(Fact):
    """A later last day, another priority, or both."""

    tranche: str
    expires: date | None = None
    priority: int | None = None

    def head(self) -> str:
        return "amend"

    def keys(self) -> Keys:
        yield "tranche", text(self.tranche)
        yield "expires", self.expires
        yield "priority", self.priority


@dataclass(frozen=True)
class Forfeit(Fact):
    """Credits given up, for units of a stake, for cash, or for nothing."""

    MONEY = ("share_value", "cash")
    CREDITS = ("credits",)

    tranche: str
    credits: Decimal
    reason: str
    stake: str | None = None
    shares: int = 0
    share_value: Decimal = Decimal()
    cash: Decimal | None = None
    commodity: str = CREDIT

    def head(self) -> str:
        return f"forfeit {self.credits} {self.commodity}"

    def keys(self) -> Keys:
        yield "tranche", text(self.tranche)
        yield "reason", text(self.reason)
        if self.stake is not None:
            yield "shares-returned", f"{self.shares} {self.stake}"
            yield "share-value", money(self.share_value)
        yield "cash", money(self.cash)


@dataclass(frozen=True)
class Payment(Fact):
    """Money the startup pays for what it was billed."""

    MONEY = ("amount",)

    amount: Decimal
    invoice: str

    def head(self) -> str:
        return f"payment {money(self.amount)}"

    def keys(self) -> Keys:
        yield "invoice", text(self.invoice)
