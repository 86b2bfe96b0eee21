"""What is billed, credited and paid in another currency than the books', as written.

Credits that were written and not drawn are billed at the price of the overage, in whole
hundredths of its currency; given back, what stays billed is its credits at that price.
"""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

from beancount.core.amount import Amount

from beanscrow.checks.directives import Directive
from beanscrow.checks.purchases import coins
from beanscrow.checks.rates import newest
from beanscrow.checks.restated import Ledger
from beanscrow.money import from_quanta, round_to_quanta

_DECIMALS = 2
_ZERO = Decimal(0)
_USE, _REFUND, _PAYMENT = 1, 2, 3


class Bill(NamedTuple):
    """An amount in another currency, above zero where the startup owes more by it.

    Attributes:
      turn: Its place among those of its day.
      beyond: Whether it is for credits beyond the grants.
    """

    source: Directive
    date: datetime.date
    turn: tuple[int, Decimal, str, str, Fraction]
    amount: Fraction
    currency: str
    beyond: bool = False


def bills_by_deal(
    ledger: Ledger, said: frozenset[tuple[str, int]]
) -> dict[str, list[Bill]]:
    """Return the bills, credit notes and payments in other currencies, by deal.

    Args:
      said: Positions of directives of which it was said that they are not booked.
    """
    found: dict[str, list[Bill]] = defaultdict(list)
    books, last = ledger.written.books, ledger.reached()
    home = books.text("currency") if books else ""
    credits = granted_by_deal(ledger)
    overage: dict[str, list[Directive]] = defaultdict(list)
    for name in ("deal-usage", "deal-payment"):
        for directive in ledger.written.standing(name):
            number, currency = _amount(directive)
            if not number or directive.at in said or directive.date > last:
                continue
            if (directive.deal, currency) in credits:
                if directive.units != number:
                    overage[directive.deal].append(directive)
            elif currency != home:
                money = Fraction(-number if name == "deal-payment" else number)
                found[directive.deal].append(_bill(directive, money, currency))
    for deal, usages in overage.items():
        bills = [bill for bill in _overage(usages, ledger) if bill.currency != home]
        if bills:
            found[deal] += bills
    return {deal: bills for deal, bills in found.items() if bills}


def comes_to_nothing(directive: Directive, ledger: Ledger) -> bool:
    """Return whether money in another currency is less than a coin of the books."""
    (number, currency), books = _amount(directive), ledger.written.books
    home = books.text("currency") if books else ""
    if not number or currency == home:
        return False
    return not in_the_books(Fraction(number), currency, directive.date, ledger)


def in_the_books(
    amount: Fraction, currency: str, day: datetime.date, ledger: Ledger
) -> Decimal:
    """Return an amount in money of the books at the newest rate of a day."""
    books = ledger.written.books
    home = books.text("currency") if books else ""
    if currency == home:
        return coins(amount, ledger)
    rate = newest(ledger.rates(currency), day)
    # Without a rate nothing is known to be too little.
    return Decimal(1) if rate is None else coins(amount * Fraction(rate), ledger)


def in_whole(amount: Fraction, currency: str, ledger: Ledger) -> Fraction:
    """Return an amount as it can be billed: in whole coins of the books, or hundredths."""
    books = ledger.written.books
    home = books is None or books.text("currency") == currency
    scale = ledger.scale if home else _DECIMALS
    return Fraction(round_to_quanta(amount, scale), 10**scale)


def overage_price(directive: Directive, ledger: Ledger) -> Amount | None:
    """Return what a credit in excess costs: the contract's price, else the face."""
    amount = directive.amount(1)
    deal = ledger.written.deals.get(directive.deal)
    if amount is None or deal is None:
        return None
    faces = [
        grant.entry.meta.get("face")
        for grant in ledger.written.standing("deal-grant")
        if grant.deal == directive.deal
        and (granted := grant.amount(1)) is not None
        and granted.currency == amount.currency
    ]
    for price in (deal.entry.meta.get("overage-price"), *faces):
        if isinstance(price, Amount) and price.number is not None:
            return price
    return None


def cost_of(credits: Fraction, price: Amount) -> Fraction:
    """Return what credits cost in another currency, in whole hundredths of it."""
    exact = credits * Fraction(price.number or _ZERO)
    return Fraction(from_quanta(round_to_quanta(exact, _DECIMALS), _DECIMALS))


def _overage(usages: list[Directive], ledger: Ledger) -> Iterator[Bill]:
    """Yield what credits beyond the grants are billed, and credited, newest first."""
    billed: list[tuple[Directive, list[Fraction]]] = []
    for usage in sorted(usages, key=lambda it: (it.date, _turn(it, Fraction(0)))):
        price = overage_price(usage, ledger)
        if price is None:
            continue
        rest = Fraction(_amount(usage)[0]) - Fraction(usage.units)
        if rest > 0:
            billed.append((usage, [rest]))
            bill = _bill(usage, cost_of(rest, price), price.currency)
            yield bill._replace(beyond=True)
            continue
        credited = Fraction(0)
        for other, left in reversed(billed):
            if not _gives_back(usage, other):
                continue
            part = min(-rest, left[0])
            credited += cost_of(left[0] - part, price) - cost_of(left[0], price)
            left[0] -= part
            rest += part
        yield _bill(usage, credited, price.currency)._replace(beyond=True)


def _gives_back(refund: Directive, usage: Directive) -> bool:
    named = refund.text("refund-of")
    if named:
        return usage.text("import-id") == named
    one, other = _amount(refund)[1], _amount(usage)[1]
    return (one, refund.text("service")) == (other, usage.text("service"))


def _bill(source: Directive, amount: Fraction, currency: str) -> Bill:
    return Bill(source, source.date, _turn(source, amount), amount, currency)


def _turn(
    directive: Directive, amount: Fraction
) -> tuple[int, Decimal, str, str, Fraction]:
    # As the lines of a day act: draws, refunds, payments; then `sequence`, then content.
    below = _amount(directive)[0] < 0
    payment = directive.name == "deal-payment"
    phase = _PAYMENT if payment else _REFUND if below else _USE
    sequence = directive.entry.meta.get("sequence")
    about = directive.text("invoice" if payment else "service")
    return (
        phase,
        sequence if isinstance(sequence, Decimal) else Decimal(0),
        about,
        directive.text("import-id"),
        -abs(amount) if not below else abs(amount),
    )


def _amount(directive: Directive) -> tuple[Decimal, str]:
    """Return what is written, 0 where it is no amount."""
    amount = directive.amount(1)
    if amount is None or amount.number is None:
        return _ZERO, ""
    return amount.number, amount.currency


def granted_by_deal(ledger: Ledger) -> set[tuple[str, str]]:
    """Return the commodities each deal grants."""
    return {
        (grant.deal, amount.currency)
        for grant in ledger.written.standing("deal-grant")
        if (amount := grant.amount(1)) is not None
    }
