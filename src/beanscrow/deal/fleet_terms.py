"""What is said of chips, which no deal owns; see `terms` for the conventions."""

from __future__ import annotations

import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple

from beanscrow.deal.problems import Position

if TYPE_CHECKING:
    from beanscrow.deal.terms import Money


class Fleet(NamedTuple):
    """Chips put in service; `residual` is in money, `gpus` a count."""

    at: Position
    date: datetime.date
    name: str
    cost: Money
    in_service: datetime.date
    life_years: Decimal = Decimal(5)
    residual: Money | None = None
    gpus: Decimal | None = None


class FleetLife(NamedTuple):
    """A new total useful life of a fleet, in years from its in-service date."""

    at: Position
    date: datetime.date
    name: str
    years: Decimal


class FleetRate(NamedTuple):
    """What a GPU-hour of a fleet costs and brings, from this date on.

    Attributes:
      running: Power, space, network and staff, for each hour sold.
      list_price: Price of an hour to a customer who pays with money.
      credits: Credits of one commodity an hour is drawn for.
      utilisation: Part of the hours of the chips that is sold, above 0 and at most 1.
    """

    at: Position
    date: datetime.date
    name: str
    running: Money | None = None
    list_price: Money | None = None
    credits: Money | None = None
    utilisation: Decimal | None = None


class FleetImpairment(NamedTuple):
    """A fleet's fair value, and the undiscounted cash flows it was tested with."""

    at: Position
    date: datetime.date
    name: str
    fair_value: Money
    undiscounted: Money


FleetFact = Fleet | FleetLife | FleetRate | FleetImpairment
