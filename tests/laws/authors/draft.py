"""A life being written: what was drawn of it so far, and how more is drawn."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TypeVar

from tests.laws.authors.chooser import Chooser
from tests.laws.directives import Fact
from tests.laws.facts import Grant, Stake
from tests.laws.lives import Owner

T = TypeVar("T")

START = date(2024, 1, 1)
OWNERS: tuple[Owner, ...] = (
    "provider",
    "startup",
    "trustee-provider",
    "trustee-startup",
    "none",
)
ORDERS = ("expiry-first", "fifo", "lowest-price", "pro-rata")
STARTUPS = ("startup", "trustee-startup")


@dataclass(frozen=True)
class Wanted:
    """What lives are wanted; a law leaves out what it does not hold for."""

    owners: tuple[Owner, ...] = OWNERS
    orders: tuple[str, ...] = ORDERS
    refunds: bool = True
    late: bool = True
    estimates: bool = True
    amendments: bool = True
    forfeits: bool = True
    blends: bool = True
    billing: bool = True
    services: bool = True
    refusals: bool = True
    stops: bool = True
    earning: bool = True
    spending: bool = True
    holding: bool = True
    standing: bool = True
    abroad: bool = True


ALL = Wanted()


@dataclass(frozen=True)
class Size:
    """How much of everything a life may have, at most.

    Attributes:
      events: Contract events.
      apart: Days from one event to the next.
      credits: Credits of one grant, in the smallest unit.
      careful: Whether to keep well clear of what the rules leave open: of thousands of
        facts one would come near it, and the whole life be left out.
      draws: A grant's part of a draw: at least what the grants have in all over so many.
    """

    events: int = 3
    apart: int = 60
    credits: int = 900
    draws: int = 12
    changes: int = 3
    usages: int = 9
    refunds: int = 2
    promises: int = 2
    warrants: int = 2
    purchases: int = 8
    payments: int = 1
    prices: int = 5
    sales: int = 3
    results: int = 8
    rates: int = 6
    careful: bool = False


SHORT = Size()
# Ten thousand events and more: credits drawn by the day for some years.
LONG = Size(
    events=24,
    apart=80,
    credits=10**6,
    draws=20_000,
    changes=12,
    usages=20_000,
    refunds=1_000,
    promises=12,
    warrants=6,
    purchases=3_000,
    payments=1_000,
    prices=400,
    sales=60,
    results=200,
    rates=400,
    careful=True,
)


def after(days: int) -> date:
    """Return the day so many days after the start."""
    return START + datetime.timedelta(days=days)


def since(day: date) -> int:
    """Return how many days after the start a day is."""
    return (day - START).days


def cents(number: int) -> Decimal:
    """Return a number of cents as money."""
    return Decimal(number).scaleb(-2)


class Draft:
    """The facts written so far, and what decides which may follow.

    Attributes:
      ends: Days after the start by which the contract has said everything.
      rebased: Whether a tranche is re-based, so that it has two prices per credit.
    """

    def __init__(self, chooser: Chooser, wanted: Wanted, size: Size = SHORT) -> None:
        self.chooser = chooser
        self.size = size
        self.wanted = wanted
        self.owner: Owner = self.pick(wanted.owners)
        self.order: str = self.pick(wanted.orders)
        self.breakage = "remote"
        self.framework: str = self.pick(("us-gaap", "us-gaap", "ifrs"))
        self.abroad = self.maybe(wanted.abroad, 8) and self._may_be_abroad()
        self.holding = not self.abroad and self.maybe(wanted.holding, 3)
        self.carried: str | None = None
        if self.holding:
            elected = "fvni" if self.framework == "us-gaap" else "fvoci"
            self.carried = self.pick((None, None, elected, "equity-method"))
        self.decimals: int = self.pick((0, 0, 1, 2))
        self.facts: list[Fact] = []
        self.grants: list[Grant] = []
        self.ends = 0
        self.rebased = False

    def _may_be_abroad(self) -> bool:
        """Return whether a life may be agreed in another currency; it has no price order."""
        if self.owner not in ("provider", "none"):
            return False
        if self.order == "pro-rata":
            return False
        self.order_without_price()
        return True

    @property
    def startup_pays(self) -> bool:
        """Whether the ring-fenced cash is, in substance, the startup's."""
        return self.owner in STARTUPS

    def number(self, low: int, high: int) -> int:
        """Draw a whole number, both ends included."""
        return self.chooser.number(low, high)

    def pick(self, options: Sequence[T]) -> T:
        """Draw one of several; the first is the simplest."""
        return options[self.chooser.number(0, len(options) - 1)]

    def maybe(self, wanted: bool = True, one_in: int = 2) -> bool:
        """Draw whether something happens; never where it is not wanted."""
        return wanted and self.number(1, one_in) == one_in

    def credits(self, low: int, high: int) -> Decimal:
        """Draw a number of credits, in the smallest unit of this life."""
        return Decimal(self.number(low, high)).scaleb(-self.decimals)

    def whole(self, credits: Decimal) -> int:
        """Return credits in the smallest unit of this life."""
        return int(credits.scaleb(self.decimals))

    def security(self, name: str) -> tuple[str, str]:
        """Return the commodity of a stake and its instrument.

        Under the equity method there is one; else a stake may be more of a security
        issued before, of which nothing is still to come.
        """
        if self.carried == "equity-method":
            return "MOON.S1", "common"
        stakes = [fact for fact in self.facts if isinstance(fact, Stake)]
        late = {fact.commodity for fact in stakes if fact.on > fact.event}
        known = [
            (fact.commodity, fact.instrument)
            for fact in stakes
            if fact.vesting == "signing" and fact.commodity not in late
        ]
        if known and self.maybe(self.holding, 2):
            return self.pick(known)
        kinds = ["preferred", "preferred", "common"]
        if self.holding and self.carried is None:
            kinds += ["safe", "note"]
        return f"MOON.{name}", self.pick(kinds)

    def known(self, commodity: str) -> bool:
        """Return whether a security was issued before."""
        return any(
            isinstance(fact, Stake) and fact.commodity == commodity for fact in self.facts
        )

    def order_without_price(self) -> None:
        """Keep to orders that no price decides: a re-based tranche has two of them."""
        if self.order in ("lowest-price", "expiry-first"):
            self.order = "fifo"
