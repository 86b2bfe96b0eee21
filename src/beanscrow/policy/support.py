"""How far losses of an investee go below a carrying amount of zero.

Only as far as the provider must still support the investee (323-10-35-19, 35-20;
IAS 28.39): what it has guaranteed, and by election the cash the deal promises in all
beyond what was agreed by then.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable

from beanscrow.deal.terms import Deal
from beanscrow.policy.exact import exact_money
from beanscrow.policy.refusal import not_built
from beanscrow.policy.terms_of_side import SideTerms


class Support:
    """What a provider has guaranteed, or must still pay, for one investee; in quanta.

    Attributes:
      guaranteed: What is guaranteed now.
    """

    def __init__(
        self, deal: Deal, terms: SideTerms, agreed: Callable[[datetime.date], int]
    ) -> None:
        self.deal = deal
        self.terms = terms
        self.guaranteed = 0
        self._agreed = agreed

    def limit(self, date: datetime.date) -> int:
        """Return the most that losses may stand for below zero on a day.

        Raises:
          Refusal: What the deal promises is in another currency than the books.
        """
        return self.guaranteed + self._promised(date)

    def _promised(self, date: datetime.date) -> int:
        committed = self.deal.committed
        if committed is None or not self.terms.losses_to_commitment:
            return 0
        if committed.currency != self.terms.currency:
            raise not_built(
                f"{committed.currency} promised as a limit of losses in books kept in "
                f'{self.terms.currency} (`loss-limit: "zero"` does without it)'
            )
        in_all = exact_money(committed, self.terms, self.deal.at)
        return max(0, in_all - self._agreed(date))
