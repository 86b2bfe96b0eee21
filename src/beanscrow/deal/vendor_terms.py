"""What a vendor promises its customer besides its goods; see `terms` for the conventions."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, NamedTuple

from beanscrow.deal.problems import Position

if TYPE_CHECKING:
    from beanscrow.deal.terms import Money


class Backstop(NamedTuple):
    """What a vendor has to buy of its customer, or answers for, at most.

    Attributes:
      covers: "capacity" the customer does not sell, or "obligations" to others.
      fair_value: Of the guarantee when it is given; only of obligations.
      purchases: Those it is given for; None where they have been made already.
    """

    at: Position
    date: datetime.date
    deal: str
    amount: Money
    backstop: str
    from_: datetime.date
    to: datetime.date
    covers: str = "capacity"
    fair_value: Money | None = None
    purchases: Money | None = None
    sequence: int = 0
    rest: str = ""


class BackstopCall(NamedTuple):
    """Capacity a vendor pays for under a backstop.

    Attributes:
      fair_value: Of all the capacity it gets.
      from_: First day it can be used, None for its own date; `to` the last, None where
        it is used at once.
    """

    at: Position
    date: datetime.date
    deal: str
    amount: Money
    backstop: str
    fair_value: Money
    service: str
    from_: datetime.date | None = None
    to: datetime.date | None = None
    sequence: int = 0
    rest: str = ""


class Buyback(NamedTuple):
    """A price at which goods sold that day may or must come back.

    Attributes:
      amount: The price; `present_value`, what it is worth on the day of the sale.
      form: "forward", "call" (the vendor's right) or "put" (the customer's).
      from_: First day an option can be exercised; `to` the last, or a forward's day.
      of: Import-id of the sale; None where it is the only one in money of its day.
      incentive: Whether a customer has good reason to exercise its put.
    """

    at: Position
    date: datetime.date
    deal: str
    amount: Money
    buyback: str
    form: str
    from_: datetime.date
    to: datetime.date
    of: str | None = None
    present_value: Money | None = None
    incentive: bool | None = None
    sequence: int = 0
    rest: str = ""


class BuybackExercise(NamedTuple):
    """A right to buy back, or to hand back, that is exercised."""

    at: Position
    date: datetime.date
    deal: str
    buyback: str
    sequence: int = 0
    rest: str = ""
