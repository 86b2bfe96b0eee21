"""What was paid for a stake over its share of the investee's net assets, by component.

Each component with a life is amortised straight-line by month against the share of the
investee's result, as if the investee carried it (323-10-35-13; IAS 28.32); goodwill has
no life and stays.  A part of the stake that goes, by a sale or a deemed one, takes its
part of what is left.
"""

from __future__ import annotations

import datetime
from fractions import Fraction

from beanscrow.deal.influence_terms import Basis
from beanscrow.money import WIDE, round_half_up
from beanscrow.periods import months_ended
from beanscrow.policy.refusal import Refusal


class _Component:
    """One component: its amount in quanta, and the part of it that is still held."""

    def __init__(self, amount: int, from_: datetime.date, months: int | None) -> None:
        self.amount = amount
        self.from_ = from_
        self.months = months
        self.kept = Fraction(1)
        self.passed = 0

    def due(self, last: datetime.date) -> int:
        """Return amount x kept x months passed / life by a day, less what it was before."""
        return self._to_date(self._months_by(last)) - self._to_date(self.passed)

    def amortise(self, last: datetime.date) -> None:
        """Take the months up to a day as passed."""
        self.passed = self._months_by(last)

    def _months_by(self, last: datetime.date) -> int:
        ended = min(months_ended(self.from_, last), self.months or 0)
        return max(self.passed, ended)

    def _to_date(self, passed: int) -> int:
        if self.months is None:
            return 0
        exact = self.amount * self.kept * Fraction(passed, self.months)
        return round_half_up(exact.numerator, exact.denominator)


class BasisDifference:
    """The basis difference of one stake; money in whole quanta."""

    def __init__(self) -> None:
        self._components: list[_Component] = []

    def add(self, fact: Basis, amount: int) -> None:
        """Begin to amortise a component; the cost of the stake holds it already.

        Args:
          amount: Over what the investee carries, negative where it is below.
        Raises:
          Refusal: Its life is no whole number of months.
        """
        self._components.append(_Component(amount, fact.from_, _life(fact)))

    def due(self, last: datetime.date) -> int:
        """Return what the months up to a day take off the share of the result.

        Each component is rounded once, on the sum to date.

        Args:
          last: Inclusive; a month counts once it has ended.
        """
        return sum(component.due(last) for component in self._components)

    def amortise(self, last: datetime.date) -> None:
        """Take what is due up to a day as taken off."""
        for component in self._components:
            component.amortise(last)

    def keep(self, part: Fraction) -> None:
        """Keep a part of every component; what goes has been in the carrying amount."""
        for component in self._components:
            component.kept *= part


def _life(fact: Basis) -> int | None:
    """Return the life of a component in months, None where it has none."""
    months = fact.life_months
    if fact.life_years is not None:
        months = WIDE.multiply(fact.life_years, 12)
    if months is None:
        return None
    if months != int(months):
        raise Refusal(
            "E412",
            f"the life of {fact.asset} is {months.normalize(WIDE):f} months; a basis "
            "difference is amortised by whole months: write `life-months:` as a whole "
            "number",
        )
    return int(months)
