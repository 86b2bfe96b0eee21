"""The entry of a promise to spend that ends before its last day, in either side's books."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

from beancount.core.data import Posting

from beanscrow.booking.chart import Chart
from beanscrow.booking.entry import EntryMaker, merged
from beanscrow.booking.narration import ended_text
from beanscrow.deal.terms import Role
from beanscrow.policy.promise_life import PromiseChanged, PromiseEnded

# Name, whether it is consideration from the provider, change as a debit.
Carried = Callable[[str, bool, Decimal], Posting]


class PromiseEnds:
    """Books the ends of promises; a change of their terms moves nothing."""

    def __init__(
        self,
        side: Role,
        chart: Chart,
        maker: EntryMaker,
        carried: Carried,
        *,
        termination_income: bool,
    ) -> None:
        self.chart = chart
        self.maker = maker
        self.carried = carried
        self.provider = side == "provider"
        self.termination_income = termination_income

    def changed(self, event: PromiseChanged) -> None:
        """Nothing: what is carried is released otherwise from now on."""

    def ended(self, event: PromiseEnded) -> None:
        """What is carried, and cash, against each other; the difference to the result."""
        # The startup mirrors the provider's entry, sign for sign.
        sign = 1 if self.provider else -1
        postings: list[Posting] = []
        if event.price:
            paid = event.price < 0
            postings.append(self.carried(event.commitment, paid, sign * event.price))
        role = self._providers_role(event) if self.provider else self._startups_role(event)
        money = self.maker.money
        postings.append(money(self.chart("cash"), -sign * event.cash))
        postings.append(money(self.chart(role), -sign * event.difference))
        text = ended_text(event)
        self.maker.add(event.at, event.date, event.rule, text, merged(postings))

    def _providers_role(self, event: PromiseEnded) -> str:
        if event.difference < 0:
            return "contra-consideration"
        if not event.given_back:
            return "revenue-breakage"
        return "termination-income" if self.termination_income else "revenue-modification"

    def _startups_role(self, event: PromiseEnded) -> str:
        # Prepaid compute it will never use; else what leaving cost it, or brought in.
        lost = event.price > 0 and not event.given_back
        return "expired-credits" if lost else "termination-loss"


PROMISE_METHODS: dict[type, str] = {PromiseChanged: "changed", PromiseEnded: "ended"}
