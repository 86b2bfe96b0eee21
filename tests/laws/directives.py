"""What the facts of one deal have in common: a day, and the directive that says them.

Nothing here knows the engine: dates, Decimals and names only.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, ClassVar, Self

CREDIT = "MOON.CR"
DAYS = "MOON.DAY"
DEAL = "moon"

Keys = Iterator[tuple[str, object]]


@dataclass(frozen=True)
class Fact:
    """Something of a deal that a directive says, on a day.

    Attributes:
      MONEY, CREDITS, PRICES: Names of the fields in money, in credits, and in money for
        one credit.
    """

    MONEY: ClassVar[tuple[str, ...]] = ()
    CREDITS: ClassVar[tuple[str, ...]] = ()
    PRICES: ClassVar[tuple[str, ...]] = ()

    on: date

    @property
    def signed(self) -> date:
        """Return the day of the contract event it belongs to, else its own."""
        return self.on

    def times(self, money: int = 1, credits: int = 1) -> Self:
        """Return the fact with so many times the money, or the credits."""
        changes: dict[str, Any] = {}
        for names, factor in (
            (self.MONEY, Decimal(money)),
            (self.CREDITS, Decimal(credits)),
            (self.PRICES, Decimal(money) / credits),
        ):
            for name in names:
                if (number := getattr(self, name)) is not None:
                    changes[name] = Decimal(f"{number * factor:f}")
        return dataclasses.replace(self, **changes)

    def head(self) -> str:
        """Return the directive's name and the values on its line; each kind has its own."""
        raise NotImplementedError

    def keys(self) -> Keys:
        """Return its metadata; what is None is not written."""
        return iter(())

    def directive(self) -> str:
        """Return the fact as the ledger writes it."""
        name, _, values = self.head().partition(" ")
        lines = [f'{self.on} custom "deal-{name}" "{DEAL}" {values}'.rstrip()]
        lines += [f"  {key}: {value}" for key, value in self.keys() if value is not None]
        return "\n".join(lines) + "\n"


@dataclass(frozen=True)
class Leg(Fact):
    """A part of a contract event; it may come later than the event."""

    event: date

    @property
    def signed(self) -> date:
        """Return the day of its contract event."""
        return self.event


def money(amount: Decimal | None) -> str | None:
    """Return an amount as the ledger writes it, or None."""
    return None if amount is None else f"{amount} USD"


def credits(number: Decimal | None) -> str | None:
    """Return a number of credits as the ledger writes it, or None."""
    return None if number is None else f"{number} {CREDIT}"


def text(value: str | None) -> str | None:
    """Return a string as the ledger writes it, or None."""
    return None if value is None else f'"{value}"'
