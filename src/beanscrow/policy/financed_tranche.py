"""A tranche paid for in advance, whose price grows by interest until it is delivered."""

from __future__ import annotations

from fractions import Fraction

from beanscrow.policy.financing import Financed, Plan
from beanscrow.policy.refusal import not_built
from beanscrow.policy.tranche import Movement, Tranche


class FinancedTranche(Tranche):
    """A tranche whose liability follows the plan of its deliveries.

    Interest is price that comes in; so the price recognised to date is all that was ever
    owed less what is owed now, and what lapses takes what is left.
    """

    __slots__ = ("financed",)

    def begin(self, plan: Plan) -> None:
        """Set when its credits are due; the price is what was received for them."""
        self.financed = Financed(plan, self.price_in)

    def accrue(self, interest: int) -> None:
        """Take in the interest of a month, in quanta."""
        self.price_in += interest

    def draw(self, credits: int) -> Movement:
        """Return what delivering held credits releases; negative credits are owed again."""
        self.held -= credits
        self.drawn += credits
        self.base_drawn += credits
        price = self.financed.deliver(credits)
        self.base_recognised += price
        escrow = self._release(credits) if self.escrow_money else 0
        return Movement(price, 0, escrow)

    def draw_lapsed(self, credits: int) -> tuple[int, int, int]:
        """Return what a late row moves between breakage and credits, as owed when it lapsed."""
        self.expired -= credits
        self.drawn += credits
        self.base_drawn += credits
        price = self.financed.deliver(credits)
        return price, -price, 0

    def forfeit(self, credits: int) -> tuple[int, int]:
        """Return the price and escrow of credits given up; the plan of the rest shrinks."""
        price = self.financed.give_up(credits, self.held)
        self.held -= credits
        self.forfeited += credits
        self.base_credits = self.held
        escrow = self._release(credits)
        self.price_in -= price
        return price, escrow

    def reestimate(self, expected: Fraction, remote: int) -> int:
        """Return zero: an estimate of breakage is disclosed; none is recognised by it.

        Raises:
          Refusal: Credits are judged remote, whose place in the plan is not settled.
        """
        if remote:
            raise not_built("a remote judgement about credits with a financing component")
        self.expected = expected
        return 0
