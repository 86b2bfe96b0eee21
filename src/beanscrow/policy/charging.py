"""Which of the startup's accounts bear a service, and how much of it."""

from __future__ import annotations

import datetime
from bisect import bisect_right
from collections.abc import Iterable
from decimal import Decimal
from fractions import Fraction

from beanscrow.deal.terms import Charge
from beanscrow.money import from_quanta, largest_remainder, to_quanta


class Charging:
    """The sets of deal-charge of one deal, by service and day.

    Where no set is in force, a service that trains a model is capitalised by election
    (350-40-25-2; IAS 38.57), and any other is an expense.
    """

    def __init__(
        self,
        charges: Iterable[Charge],
        scale: int,
        training: frozenset[str] = frozenset(),
        rule: str = "",
    ) -> None:
        self.scale = scale
        self._training = training
        self._rule = rule
        sets: dict[str, dict[datetime.date, dict[str, Fraction]]] = {}
        for charge in charges:
            of_day = sets.setdefault(charge.service, {}).setdefault(charge.date, {})
            of_day[charge.account] = of_day.get(charge.account, Fraction(0)) + Fraction(
                charge.share
            )
        self._sets = {
            service: (
                sorted(by_day),
                [sorted(by_day[day].items()) for day in sorted(by_day)],
            )
            for service, by_day in sets.items()
        }

    def split(
        self, service: str, day: datetime.date, amount: Decimal
    ) -> list[tuple[str, Decimal]] | None:
        """Return an amount split over the accounts of the newest set on or before a day.

        Args:
          amount: Either sign; a negative one mirrors its opposite.
        Returns:
          Accounts in order of name with their parts, which add up to the amount
          exactly (largest remainder, ties by name); None where no set is in force.
        """
        shares = self._in_force(service, day)
        if shares is None:
            return None
        if len(shares) == 1:
            return [(shares[0][0], amount)]
        parts = largest_remainder(
            to_quanta(amount, self.scale), [share for _, share in shares]
        )
        return [
            (account, from_quanta(part, self.scale))
            for (account, _), part in zip(shares, parts, strict=True)
        ]

    def role(self, service: str) -> str:
        """Return the role of the account that bears a service nobody is charged with."""
        return "model-development" if service in self._training else "compute"

    def rules(self, rule: str, service: str, day: datetime.date) -> str:
        """Return an entry's paragraphs, with that of capitalising where it does."""
        if service in self._training and self._in_force(service, day) is None:
            return f"{rule}; {self._rule}"
        return rule

    def _in_force(
        self, service: str, day: datetime.date
    ) -> list[tuple[str, Fraction]] | None:
        """Return accounts and shares of the newest set on or before a day, if any."""
        found = self._sets.get(service)
        if found is None:
            return None
        days, sets = found
        index = bisect_right(days, day) - 1
        return sets[index] if index >= 0 else None
