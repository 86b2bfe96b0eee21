"""A tranche whose drawdowns are rounded one by one, as the election `per-line` has it."""

from __future__ import annotations

from beanscrow.money import round_half_up
from beanscrow.policy.tranche import Tranche


class LineByLine(Tranche):
    """A tranche of which each draw is priced and rounded by itself.

    The draw that leaves nothing takes what is left of the price, so that the total is
    exact; how a draw is split changes the cents of its parts, which the cumulative
    rule does not allow.
    """

    __slots__ = ()

    def _used_after(self, credits: int) -> int:
        """Return the price used before, and this draw's own part of it, rounded alone."""
        if not self.base_credits:
            return 0
        if self.base_drawn == self.base_credits:
            return self.base_price
        part = round_half_up(self.base_price * credits, self.base_credits)
        low, high = sorted((0, self.base_price))
        return max(low, min(high, self.base_used + part))
