"""I14, the other way: every directive yields an entry, or there is a stated reason.

A reason is either in the nature of the directive (an estimate changes nothing
before anything is drawn), or was said to the reader of the ledger: an error at its
line, a note that it is not read, or a place on the list of what is not booked.
"""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from typing import Any, NamedTuple

from beancount.core.amount import Amount
from beancount.core.data import Transaction

from beanscrow.checks.corrections import corrected_deals
from beanscrow.checks.directives import LEGS, Directive, Written
from beanscrow.checks.exact import figure
from beanscrow.checks.findings import problem
from beanscrow.checks.foreign_bills import (
    comes_to_nothing,
    cost_of,
    in_the_books,
    overage_price,
)
from beanscrow.checks.provenance import BOOKED_BY
from beanscrow.checks.restated import (
    Ledger,
    estimate_changes_nothing,
    valuation_changes_nothing,
)
from beanscrow.deal.problems import Problem
from beanscrow.deal.vocabulary import DIRECTIVES
from beanscrow.periods import DAY

TERMS_ALONE = frozenset(
    {
        "books", "deal", "deal-policy", "deal-charge", "deal-credit-value", "deal-cost",
        "deal-lease", "deal-milestone", "deal-basis", "deal-buyback", "fleet-life",
        "fleet-rate",
    }
)  # fmt: skip

# Notes that say a line is not read: it is the other side's, or its deal is not there.
NOT_READ = frozenset({"N101", "N103"})


class Stated(NamedTuple):
    """What has been said already about directives that are not booked.

    Attributes:
      at: Positions with an error, a note that says they are not read, or a place
        among what is not booked.
      deals: Deals that are read; the lines of any other wait for its own.
      rates: Of them, those that want a rate of exchange of their own day.
      everything: Whether `books` was refused or is missing, or a fault of our own has
        kept the whole ledger from being booked.
    """

    at: frozenset[tuple[str, int]]
    rates: frozenset[tuple[str, int]]
    deals: frozenset[str]
    everything: bool


def refused_in(daybook: Any) -> frozenset[tuple[str, int]]:
    """Return the positions of which an error has been told.

    Args:
      daybook: What a load left in the options map, or None; only its public
        attributes are read, so that nothing of the engine is needed to check it.
    """
    return frozenset(
        (found.at[0], found.at[1])
        for found in getattr(daybook, "problems", ())
        if found.level == "error"
    )


def stated(daybook: Any, written: Written) -> Stated:
    """Return the reasons the engine and the reader have given."""
    at: set[tuple[str, int]] = set(written.refused)
    for found in getattr(daybook, "problems", ()):
        if found.code in NOT_READ:
            at.add((found.at[0], found.at[1]))
    for schedule in getattr(daybook, "schedules", {}).values():
        at.update((where[0], where[1]) for where, _ in schedule.unbooked)
    for fleet in getattr(daybook, "fleets", ()):
        at.update((where[0], where[1]) for where, _ in fleet.unbooked)
    for agreement in getattr(daybook, "agreements", {}).values():
        at.update((refused.at[0], refused.at[1]) for refused in agreement.refused)
    read = frozenset(d for d, directive in written.deals.items() if directive.at not in at)
    told = getattr(daybook, "problems", ())
    lost = getattr(daybook, "books", None) is None and any(p.code == "E599" for p in told)
    rates = frozenset((p.at[0], p.at[1]) for p in told if p.code == "E218")
    return Stated(frozenset(at), rates, read, written.books is None or lost)


class _Bills:
    """What the entries of each directive ask for in money, or give back.

    They are found once, and only where something is not drawn.
    """

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger

    def of(self, directive: Directive) -> list[Fraction]:
        """Return the amount of each entry that asks for money, without its sign."""
        return self._asking.get(directive.at, [])

    @cached_property
    def beyond(self) -> Counter[str]:
        """Return of how many usages of each deal some is not drawn, refunds left out."""
        return Counter(
            usage.deal
            for usage in self._ledger.written.standing("deal-usage")
            if (amount := usage.amount(1)) is not None
            if amount.number is not None and usage.units < amount.number > 0
        )

    @cached_property
    def corrected(self) -> frozenset[str]:
        """Return the deals of which what is written holds for part of the time only."""
        return corrected_deals(self._ledger)

    @cached_property
    def _asking(self) -> dict[tuple[str, int], list[Fraction]]:
        ledger = self._ledger
        found: dict[tuple[str, int], list[Fraction]] = {}
        for entry in ledger.entries:
            if not isinstance(entry, Transaction) or BOOKED_BY not in entry.meta:
                continue
            asked = [
                Fraction(posting.units.number)
                for posting in entry.postings
                if posting.units is not None and posting.units.number is not None
                if (place := ledger.chart(posting.account)) is not None
                and place.role in ("receivable", "payable")
            ]
            source = ledger.source(entry) if asked else None
            if source is not None:
                found.setdefault(source.at, []).append(abs(sum(asked, Fraction(0))))
        return found


def unexplained(
    ledger: Ledger, said: Stated, through: datetime.date | None
) -> Iterator[Problem]:
    """Yield the directives that were not booked, or not as written.

    Args:
      ledger: After `walk`, which marks what is booked.
      through: Last day the books have reached, inclusive; None where they say none.
    """
    written = ledger.written
    events = _events(written)
    credits = _credits(written)
    bills = _Bills(ledger)
    unusual = [d for directives in written.named.values() for d in _unusual(directives)]
    for directive in unusual:
        if directive.booked and directive.leaf and not said.everything:
            found = _misbooked(directive, ledger, credits, bills)
            if found is not None and directive.at not in said.at:
                yield found
        if directive.booked and directive.days is None:
            continue
        reached = through is None or directive.date <= through
        waits = directive.name.startswith("deal") and directive.deal not in said.deals
        if not reached or said.everything or waits:
            continue
        if directive.at not in said.at and _is_missing(
            directive, ledger, said, events, bills
        ):
            yield problem(
                directive.at,
                "E609",
                f"this {directive.name} of {directive.date} has no entry in the books, and "
                "nothing says why",
                directive.deal,
            )


def _is_missing(
    directive: Directive,
    ledger: Ledger,
    said: Stated,
    events: dict[tuple[str, datetime.date], list[Directive]],
    bills: _Bills,
) -> bool:
    """Return whether a directive nothing was said of should have an entry and has none."""
    if other_side(directive, ledger.written):
        return False
    if directive.days is None:
        return not _by_nature(directive, ledger, bills)
    if directive.name == "deal-sale":
        return not _days_of_sale(directive, ledger) <= set(directive.days)
    legs = [
        leg
        for leg in events[directive.deal, directive.event]
        if not other_side(leg, ledger.written)
    ]
    if any(_refuses(leg, said) for leg in legs) and not any(leg.days for leg in legs):
        return False  # an event is booked whole or not at all
    deal = ledger.written.deals.get(directive.deal)
    owner = deal.text("escrow-owner") if deal else ""
    later = _unconditional(directive)
    if later is not None and _all_used(legs, later, ledger):
        return False  # what the shares pay for was credited to them as it was used
    return _leg_missing(directive, legs, said, ledger.reached(), owner)


def _all_used(legs: list[Directive], day: datetime.date, ledger: Ledger) -> bool:
    """Return whether none of the credits of an event are left to the startup by a day."""
    grants = {leg.at for leg in legs if leg.name == "deal-grant"}
    mine = [it for it in ledger.units if it.grant is not None and it.grant.at in grants]
    startup = bool(mine) and not any(it.provider for it in mine)
    return startup and not any(it.after(day - DAY)[0] for it in mine)


def _refuses(leg: Directive, said: Stated) -> bool:
    """Return whether what was said of a leg is of its event, not of a later grant alone."""
    alone = leg.name == "deal-grant" and leg.due > leg.event and leg.at in said.rates
    return leg.at in said.at and not alone


def _days_of_sale(sale: Directive, ledger: Ledger) -> set[datetime.date]:
    """Return the days a sale has entries on: its own, and the day it is settled."""
    settles = sale.day("settles")
    if settles is None or settles > ledger.reached():
        return {sale.date}
    return {sale.date, max(sale.date, settles)}


def _events(written: Written) -> dict[tuple[str, datetime.date], list[Directive]]:
    events: dict[tuple[str, datetime.date], list[Directive]] = {}
    for name in LEGS:
        for leg in written.of(name):
            events.setdefault((leg.deal, leg.event), []).append(leg)
    return events


def _leg_missing(
    leg: Directive,
    legs: list[Directive],
    said: Stated,
    last: datetime.date,
    owner: str,
) -> bool:
    """Return whether a leg of a contract event should be in the books and is not.

    What was exchanged is one entry on the event's day, from any stake or cash leg;
    that it is missing is told at the first of which nothing was said.  A leg settled
    later has an entry of its own on its own day, and so has every grant, for its
    credits; one whose cash comes into the startup's escrow after the event has another
    for that.  A promise to spend, and warrants still to be earned, have none.

    Args:
      last: Last day the books have reached, inclusive.
      owner: Who owns the escrow of the deal.
    """
    days = leg.days or []
    if leg.name == "deal-grant":
        escrow = leg.entry.meta.get("escrow")
        paid_later = owner == "startup" and leg.due > leg.event and escrow and escrow.number
        return days.count(leg.due) < (2 if paid_later else 1)
    if leg.name not in ("deal-stake", "deal-cash") or _as_drawn(leg):
        return False
    later = _unconditional(leg)
    if later is not None:
        return later <= last and later not in days
    exchanged = [
        o
        for o in legs
        if o.name in ("deal-stake", "deal-cash")
        and not _as_drawn(o)
        and _unconditional(o) is None
    ]
    if not any(other.days and leg.event in other.days for other in exchanged):
        return leg is next(other for other in exchanged if other.at not in said.at)
    return leg.due != leg.event and leg.due not in days


def _as_drawn(leg: Directive) -> bool:
    """Return whether shares are earned as credits are drawn, with no entry at signing."""
    return leg.text("vesting") == "as-drawn"


def _unconditional(leg: Directive) -> datetime.date | None:
    """Return the day shares become a security, None where they are one at once."""
    day = leg.day("unconditional")
    return day if day is not None and day > leg.date else None


def other_side(directive: Directive, written: Written) -> bool:
    """Return whether a directive is for the other side's books."""
    side = written.side(directive.deal)
    only = directive.text("for")
    if only and only != side:
        return True
    if directive.name == "deal-valuation":
        return False  # the startup reads it where its instrument is at fair value
    owner = DIRECTIVES[directive.name].owner
    return (owner == "P" and side == "startup") or (owner == "S" and side == "provider")


def _by_nature(directive: Directive, ledger: Ledger, bills: _Bills) -> bool:
    name = directive.name
    if name in TERMS_ALONE:
        return True
    if name == "deal-amend":
        return not _amends_escrow(directive, ledger.written)
    if name == "deal-usage":
        settled = _rest_is_settled(directive, ledger, bills)
        return settled or comes_to_nothing(directive, ledger)
    if name == "deal-payment":
        return comes_to_nothing(directive, ledger)
    if name == "deal-backstop":
        vendor = ledger.written.side(directive.deal) == "provider"
        return not vendor or directive.entry.meta.get("fair-value") is None
    if name == "deal-estimate":
        return estimate_changes_nothing(directive, ledger)
    if name == "deal-valuation":
        return valuation_changes_nothing(directive, ledger)
    if name == "deal-correct":
        # What it corrects may be a judgement of the other side.
        owner = (
            DIRECTIVES[directive.word(1)].owner if directive.word(1) in DIRECTIVES else ""
        )
        side = ledger.written.side(directive.deal)
        return (owner, side) in (("P", "startup"), ("S", "provider"))
    return False


def _amends_escrow(amend: Directive, written: Written) -> bool:
    """Return whether an amendment moves ring-fenced cash that is on this side's books."""
    new = amend.entry.meta.get("escrow")
    if new is None:
        return False
    deal = written.deals.get(amend.deal)
    owner = deal.text("escrow-owner") if deal else ""
    side = written.side(amend.deal)
    if owner not in (side, "trustee") or (owner == "trustee" and side != "provider"):
        return False
    before = None
    for earlier in [*written.standing("deal-grant"), *written.standing("deal-amend")]:
        tranche = earlier.text("tranche") or "T1"
        same = (earlier.deal, tranche) == (amend.deal, amend.text("tranche"))
        if same and earlier is not amend and earlier.date <= amend.date:
            before = earlier.entry.meta.get("escrow", before)
    return bool(new != before)


def _unusual(directives: list[Directive]) -> list[Directive]:
    """Return the directives of one type that deserve a look.

    Left out is what a ledger has most of: usage of which exactly the credits
    written were booked.
    """
    if not directives or directives[0].name != "deal-usage":
        return directives
    try:
        return [
            usage
            for usage in directives
            if not usage.booked or usage.units != usage.entry.values[1].value.number
        ]
    except (AttributeError, IndexError, TypeError):
        return directives  # one of them is misshapen


def _credits(written: Written) -> set[tuple[str, str]]:
    """Return the commodities each deal grants."""
    return {
        (grant.deal, amount.currency)
        for grant in written.standing("deal-grant")
        if (amount := grant.amount(1)) is not None
    }


def _misbooked(
    directive: Directive, ledger: Ledger, credits: set[tuple[str, str]], bills: _Bills
) -> Problem | None:
    """Return the error of credits not booked as written, None for usage in money."""
    amount = directive.amount(1)
    if amount is None or amount.number is None or directive.units == amount.number:
        return None
    if (directive.deal, amount.currency) not in credits:
        return None
    if directive.name == "deal-usage" and _rest_is_settled(directive, ledger, bills):
        return None
    return problem(
        directive.at,
        "E610",
        f"{figure(amount.number)} {amount.currency} are written and "
        f"{figure(directive.units)} are booked as {directive.leaf.lower()}",
        directive.deal,
    )


def _rest_is_settled(usage: Directive, ledger: Ledger, bills: _Bills) -> bool:
    """Return whether what a usage did not draw was billed, as `overage: "bill"` allows.

    Nothing may be left that could have been drawn, and what is billed is what the rest
    costs; so with credits given back.  Each bill is rounded once, and so is what is left
    of one that a credit note takes back in part.
    """
    amount = usage.amount(1)
    deal = ledger.written.deals.get(usage.deal)
    if amount is None or amount.number is None:
        return False
    if deal is None or deal.text("overage") != "bill":
        return False
    low, high = sorted((Decimal(0), amount.number))
    if not low <= usage.units <= high or (amount.number > 0 and ledger.units.left(usage)):
        return False
    rest = Fraction(abs(amount.number - usage.units)) * 10**ledger.scale
    found = bills.of(usage)
    asked = sum(found, Fraction(0)) * 10**ledger.scale
    if found and usage.deal in bills.corrected:
        return True
    price, books = overage_price(usage, ledger), ledger.written.books
    if price is not None and books and price.currency != books.text("currency"):
        return bool(found) or _is_too_little(usage, amount.number, price, ledger)
    # Of a bill taken back what it was and what is left of it are each off by half a coin.
    off = Fraction(1, 2) if amount.number > 0 else Fraction(bills.beyond[usage.deal])
    return any(
        abs(rest * each - asked) <= off
        for each in _overage_prices(deal, amount.currency, ledger)
    )


def _is_too_little(
    usage: Directive, number: Decimal, price: Amount, ledger: Ledger
) -> bool:
    """Return whether what was not drawn costs less than can be billed, or credited.

    Args:
      price: Of a credit in excess, in another currency than the books'.
    """
    rest = Fraction(abs(number - usage.units))
    if number < 0 and rest * Fraction(price.number or 0) * 100 < 1:
        return True  # what stays billed may be rounded to the same
    return not in_the_books(cost_of(rest, price), price.currency, usage.date, ledger)


def _overage_prices(deal: Directive, commodity: str, ledger: Ledger) -> set[Fraction]:
    """Return the money a credit in excess may cost: the contract's price, else a face."""
    stated = deal.entry.meta.get("overage-price")
    faces = [
        grant.entry.meta.get("face")
        for grant in ledger.written.standing("deal-grant")
        if grant.deal == deal.deal
        and (amount := grant.amount(1)) is not None
        and amount.currency == commodity
    ]
    prices = [stated] if isinstance(stated, Amount) else faces
    return {
        Fraction(price.number)
        for price in prices
        if isinstance(price, Amount) and price.number is not None
    }
