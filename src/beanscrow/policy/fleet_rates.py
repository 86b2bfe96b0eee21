"""What an hour of a chip costs and brings, from which day: each key of a rate by itself.

A line says only what changes.  What it leaves out stays as the line before it said;
credits are said for one commodity a line, since each deal may draw its own.
"""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterable
from decimal import Decimal
from typing import NamedTuple

from beanscrow.deal.fleet_terms import FleetRate
from beanscrow.deal.problems import Problem
from beanscrow.deal.wording import where

_Said = tuple[datetime.date, str]


class RatesInForce(NamedTuple):
    """The rates of one fleet on one day; None where no line has said.

    Attributes:
      credits: Credits a GPU-hour is drawn for, by commodity.
    """

    running: Decimal | None
    list_price: Decimal | None
    utilisation: Decimal | None
    credits: dict[str, Decimal]


def rates_in_order(rates: Iterable[FleetRate]) -> tuple[list[FleetRate], list[Problem]]:
    """Return the rates of one fleet by date, and an error at each that contradicts another.

    Lines decide nothing, so of two that say one key for one day neither holds.
    """
    said: dict[_Said, list[FleetRate]] = defaultdict(list)
    for rate in rates:
        for key in _keys(rate):
            said[rate.date, key].append(rate)
    refused: dict[FleetRate, Problem] = {}
    for (day, key), lines in said.items():
        for rate in lines if len(lines) > 1 else ():
            other = next(it for it in lines if it is not rate)
            refused.setdefault(
                rate,
                Problem(
                    rate.at,
                    "E340",
                    f"fleet-rate: {key} of fleet {rate.name} is said twice for {day}, here "
                    f"and at {where(other.at)}; keep one of them (neither holds until then)",
                ),
            )
    kept = [rate for lines in said.values() for rate in lines if rate not in refused]
    return sorted(set(kept), key=lambda rate: (rate.date, rate.at)), list(refused.values())


def in_force(rates: Iterable[FleetRate], day: datetime.date) -> RatesInForce:
    """Return what the rates of a fleet, by date, say of a day."""
    found = RatesInForce(None, None, None, {})
    for rate in rates:
        if rate.date > day:
            break
        if rate.running is not None:
            found = found._replace(running=rate.running.number)
        if rate.list_price is not None:
            found = found._replace(list_price=rate.list_price.number)
        if rate.utilisation is not None:
            found = found._replace(utilisation=rate.utilisation)
        if rate.credits is not None:
            number, commodity = rate.credits
            found = found._replace(credits={**found.credits, commodity: number})
    return found


def _keys(rate: FleetRate) -> list[str]:
    named = {
        "running": rate.running,
        "list": rate.list_price,
        "utilisation": rate.utilisation,
        f"credits in {rate.credits.currency}" if rate.credits else "": rate.credits,
    }
    return [key for key, value in named.items() if value is not None]
