"""The life of one deal as a flat list of facts, and its text as a ledger.

A life is written by `authors`, reckoned by `oracle` and loaded through the plugins by
the laws.
"""

from __future__ import annotations

import dataclasses
import random
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Literal

from tests.laws.directives import DEAL, Fact

Owner = Literal["provider", "startup", "trustee-provider", "trustee-startup", "none"]
Role = Literal["provider", "startup"]


@dataclass(frozen=True, repr=False)
class Life:
    """A deal from its signing to the last day the books have reached.

    Attributes:
      breakage: When credits that will never be drawn become revenue.
      carried: The method elected for the stake, or None.
      overage_price: Price of a credit in excess, or None where excess is refused.
      rates: What a dollar is worth in money of the books, where that is another.
      through: Last day of the books, or None where the text's latest date is.
    """

    owner: Owner
    order: str
    breakage: str
    facts: tuple[Fact, ...]
    framework: str = "us-gaap"
    carried: str | None = None
    overage_price: Decimal | None = None
    through: date | None = None
    precision: Decimal = Decimal("0.01")
    rates: tuple[tuple[date, Decimal], ...] = ()

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
        return min(fact.signed for fact in self.facts)

    @property
    def reaches(self) -> date:
        """The last day the books have reached."""
        stated = [day for day, _ in self.rates]
        return self.through or max(*stated, *(fact.on for fact in self.facts))

    @property
    def currency(self) -> str:
        """The currency the books are kept in; the facts are in dollars."""
        return "CNY" if self.rates else "USD"


def preamble(life: Life, role: Role) -> str:
    """Return the plugin line, the books and the deal with its policy."""
    lines = [
        'plugin "beanscrow.plugins.deals"',
        f'{life.first} custom "books" "{role}"',
        f'  framework: "{life.framework}"',
        f'  currency: "{life.currency}"',
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
        f'  breakage-method: "{life.breakage}"',
    ]
    if life.carried is not None:
        lines.append(f'  method: "{life.carried}"')
    lines += [f"{day} price USD {rate} {life.currency}" for day, rate in life.rates]
    return "\n".join(lines) + "\n"


def ledger(life: Life, role: Role, more: str = "") -> str:
    """Return the life as one ledger, facts in their order, `more` after them."""
    return preamble(life, role) + "".join(fact.directive() for fact in life.facts) + more


def facts_by_line(life: Life, role: Role) -> dict[int, Fact]:
    """Return the facts by the line at which `ledger` writes each."""
    lines: dict[int, Fact] = {}
    number = preamble(life, role).count("\n") + 1
    for fact in life.facts:
        lines[number] = fact
        number += fact.directive().count("\n")
    return lines


def shuffled(life: Life, seed: int) -> Life:
    """Return the same life with its facts written in another order."""
    facts = list(life.facts)
    random.Random(seed).shuffle(facts)
    return life.but(facts=tuple(facts))
