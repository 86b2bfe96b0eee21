"""Compute billed for money, and paid: usage written in it, credits beyond the grants.

A bill is in the currency it was agreed in.  In that of the books it is an amount; in
another it takes the rate of its day, and what is owed of it follows later rates until it
is paid (830-20-25-1, 830-20-35-1; IAS 21.21, 21.28).  Revenue stays as it was billed.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable
from decimal import Decimal
from fractions import Fraction
from typing import Protocol

from beanscrow.deal.terms import COMPUTE, Agreement, Money, Payment, Usage, Warrant
from beanscrow.deal.vendor_terms import Backstop, Buyback
from beanscrow.money import from_quanta, round_to_quanta
from beanscrow.policy.exact import exact_money
from beanscrow.policy.foreign_claim import ForeignClaims
from beanscrow.policy.paragraphs import joined
from beanscrow.policy.rates import LEAST_DECIMALS, AtRate
from beanscrow.policy.refusal import Refusal, not_built
from beanscrow.policy.schedule import Billed, Event, Paid
from beanscrow.policy.terms_of_side import SideTerms

_NO_CREDITS = Decimal(0)
_VENDORS = (Warrant, Backstop, Buyback)


class Counting(Protocol):
    """What is earned or paid for by purchases, and counts those in the books' money."""

    def counted_on(self, day: datetime.date) -> str:
        """Return what it is on a day, "" where it counts nothing."""
        ...

    def purchased(self, usage: Usage, amount: int) -> None:
        """Count a purchase, in quanta of the books."""


class Billing:
    """The bills, credit notes and payments of one deal; `emit` receives them.

    Attributes:
      buyers: Told of every usage in money, credit notes included: its amount in quanta
        of the books, and as it is written.
      taker: Takes a sale in money that is none, since the goods will come back.
      overdrawers: Told of what is billed for credits beyond the grants.
      home_only: What counts purchases in money of the books alone: each returns what it
        is on a day, "" where it counts none.
      vendor_since: Day from which warrants, a backstop or a buy-back make the provider
        a vendor of goods.
    """

    def __init__(
        self,
        agreement: Agreement,
        terms: SideTerms,
        rules: dict[str, str],
        claims: ForeignClaims,
        emit: Callable[[Event], None],
    ) -> None:
        self.deal = agreement.deal
        self.terms = terms
        self.rules = rules
        self.claims = claims
        self.emit = emit
        self.buyers: list[Callable[[Usage, int, Money], None]] = []
        self.taker: Callable[[Usage, int], bool] = lambda usage, amount: False
        self.overdrawers: list[Callable[[Usage, Money], None]] = []
        self.home_only: list[Callable[[datetime.date], str]] = []
        made = (fact.date for fact in agreement.facts if isinstance(fact, _VENDORS))
        self.vendor_since = min(made, default=datetime.date.max)

    def count_at_home(self, counting: Counting) -> None:
        """Tell what counts purchases in money of the books alone of each of them."""
        self.home_only.append(counting.counted_on)
        self.buyers.append(lambda usage, amount, _: counting.purchased(usage, amount))

    def bill_usage(self, usage: Usage) -> None:
        """Bill what a usage says in money; a negative one is a credit note.

        Raises:
          Refusal: It is in another currency and its day has no rate, or something of
            the deal counts purchases and cannot count this one.
        """
        money = usage.quantity
        if money.currency == self.terms.currency:
            amount = exact_money(money, self.terms, usage.at)
        else:
            self._check_countable(usage)
            amount = self.claims.worth(money, usage.date, usage.at)
        if not self.taker(usage, amount):
            self.bill(usage, money, _NO_CREDITS, "")
        for buyer in self.buyers:
            buyer(usage, amount, money)

    def bill(self, usage: Usage, money: Money, credits: Decimal, commodity: str) -> None:
        """Bill an amount, for credits beyond the grants or for none.

        Args:
          money: To the quantum of the books, where it is in their currency.
        """
        rule = self.rules["sold" if self._is_goods(usage, commodity) else "billed"]
        if money.currency != self.terms.currency:
            rule = joined((rule, self.rules["billed-abroad"]))

        def billed(amount: int, abroad: AtRate | None = None) -> Billed:
            return Billed(
                usage.at,
                usage.date,
                rule,
                usage.service,
                usage.import_id or "",
                from_quanta(amount, self.terms.scale),
                credits,
                commodity,
                abroad,
            )

        if money.currency == self.terms.currency:
            self.emit(billed(exact_money(money, self.terms, usage.at)))
        else:
            self.claims.bill(money, usage.date, usage.at, billed)
        if commodity:
            for overdrawer in self.overdrawers:
                overdrawer(usage, money)

    def _is_goods(self, usage: Usage, commodity: str) -> bool:
        """Return whether goods are sold: by a vendor of them, and as no compute."""
        vendor = usage.date >= self.vendor_since
        return vendor and not commodity and usage.service != COMPUTE

    def pay(self, payment: Payment) -> None:
        """Take off what is owed what the startup pays.

        Raises:
          Refusal: It pays more than is owed in another currency, and its day has no rate.
        """
        money, at, date = payment.amount, payment.at, payment.date

        def paid(amount: int, abroad: AtRate | None = None) -> Paid:
            number = from_quanta(amount, self.terms.scale)
            return Paid(at, date, self.rules["paid"], number, abroad)

        if money.currency == self.terms.currency:
            exact_money(money, self.terms, at)
            self.emit(Paid(at, date, self.rules["paid"], money.number))
        else:
            self.claims.pay(money, date, at, paid)

    # -- credits beyond the grants -----------------------------------------------

    def overage_price(self, commodity: str, faces: Iterable[Money | None]) -> Money:
        """Return what one credit beyond the grants costs: as agreed, else the face.

        Args:
          faces: Of the tranches of the commodity.
        """
        if self.deal.overage_price is not None:
            return self.deal.overage_price
        found = set(faces)
        if len(found) == 1 and (face := found.pop()) is not None:
            return face
        raise Refusal(
            "E303",
            f"the overage has no price: the grants of {commodity} have no `face:` in common; "
            "write `overage-price:` on the deal",
        )

    def check_overage(self, usage: Usage, price: Money) -> None:
        """Make sure that credits beyond the grants can be billed, or credited, on a day."""
        if price.currency != self.terms.currency:
            self.claims.check_rate(price.currency, usage.date, usage.at)

    def cost_of(self, credits: Decimal, price: Money) -> Money:
        """Return what credits cost at a price, rounded once, in the price's currency.

        A bill in another currency than the books' is of whole hundredths of it.
        """
        home = price.currency == self.terms.currency
        scale = self.terms.scale if home else LEAST_DECIMALS
        exact = Fraction(price.number) * Fraction(credits)
        return Money(from_quanta(round_to_quanta(exact, scale), scale), price.currency)

    def _check_countable(self, usage: Usage) -> None:
        for counting in self.home_only:
            what = counting(usage.date)
            if what:
                raise not_built(f"usage in {usage.quantity.currency} beside {what}")
