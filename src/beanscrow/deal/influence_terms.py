"""What is said of an investee one has influence on, or controls; see `terms`."""

from __future__ import annotations

import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple

from beanscrow.deal.problems import Position

if TYPE_CHECKING:
    from beanscrow.deal.terms import Money


class Result(NamedTuple):
    """The investee's result of a period; negative for a loss."""

    at: Position
    date: datetime.date
    deal: str
    amount: Money
    from_: datetime.date
    to: datetime.date
    ownership: Decimal | None = None
    sequence: int = 0
    rest: str = ""


class Basis(NamedTuple):
    """A component of what a stake cost over its share of the investee's net assets.

    Attributes:
      amount: Positive where our share of the asset is worth more than it is carried at
        by the investee; negative where it is less, or where an obligation is more.
      asset: What it is; one of a deal.
      from_: First day of its life, inclusive.
      life_years, life_months: Its life; neither where it is not amortised.
    """

    at: Position
    date: datetime.date
    deal: str
    amount: Money
    asset: str
    from_: datetime.date
    life_years: Decimal | None = None
    life_months: Decimal | None = None
    sequence: int = 0
    rest: str = ""


class Guarantee(NamedTuple):
    """What the provider guarantees of the investee's obligations, from this date on.

    Attributes:
      amount: In all; it replaces what was said before, and 0 ends it.
      paid: What was paid under the guarantee on this date.
    """

    at: Position
    date: datetime.date
    deal: str
    amount: Money
    paid: Money | None = None
    sequence: int = 0
    rest: str = ""


class Elimination(NamedTuple):
    """The investee's carrying amount of assets made from our supplies."""

    at: Position
    date: datetime.date
    deal: str
    amount: Money
    margin: Decimal
    asset: str = "model"
    ownership: Decimal | None = None
    sequence: int = 0
    rest: str = ""


class Dilution(NamedTuple):
    """A fall of our ownership because the investee issued to others."""

    at: Position
    date: datetime.date
    deal: str
    ownership: Decimal
    net_assets: Money
    raised: Money
    sequence: int = 0
    rest: str = ""


class Control(NamedTuple):
    """The provider gains control of the startup at the end of this day.

    Attributes:
      stake: Security it is about; None where the deal has one, or none.
      fair_value: That day, of a unit held before it.
      off_market: How much worse the contract is for the provider than the market;
        negative where it is better.
      settlement: What the contract itself asks for ending it.
      acquired_prepaid: What the startup has prepaid for the same credits.
    """

    at: Position
    date: datetime.date
    deal: str
    reason: str
    stake: str | None = None
    fair_value: Money | None = None
    off_market: Money | None = None
    settlement: Money | None = None
    acquired_prepaid: Money | None = None
    sequence: int = 0
    rest: str = ""
