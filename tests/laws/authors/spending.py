"""Usage in money, promises to spend, and warrants earned by buying."""

from __future__ import annotations

import dataclasses
from decimal import Decimal

from tests.laws.authors.draft import Draft, after, cents, since
from tests.laws.facts import (
    Bought,
    Cash,
    Grant,
    Milestone,
    Promise,
    PromiseChange,
    PromiseEnd,
    Stake,
    Warrant,
)


def write_spending(draft: Draft) -> None:
    """Write what is bought for money, and what hangs on it."""
    if not draft.maybe(draft.wanted.spending, 3):
        return
    day = 0
    for number in range(1, draft.number(0, draft.size.promises) + 1):
        day = write_promise(draft, number, day)
    # Warrants count purchases in money of the books alone.
    for number in range(1, draft.number(0, 0 if draft.abroad else draft.size.warrants) + 1):
        write_warrant(draft, number)
    write_purchases(draft)


def write_promise(draft: Draft, number: int, day: int) -> int:
    """Write an event with one or two promises; return the day after the last of them.

    Their days do not overlap, nor do those of other events: which promise a purchase
    counts to is then plain.
    """
    signed = draft.number(0, day)
    on = after(signed)
    events = {
        fact.event for fact in draft.facts if isinstance(fact, Grant) and fact.price is None
    }
    if on in events:
        earned = any(
            isinstance(fact, Stake) and fact.vesting == "as-drawn" and fact.event == on
            for fact in draft.facts
        )
        if earned:
            return day
    elif draft.maybe(one_in=4):
        # Equal to the cash, above it or below it by up to half.
        units, each = draft.number(1, 500), draft.number(2, 5000)
        total = units * each
        least = -total // 2
        cash = total + draft.pick((0, 0, 1, -1)) * draft.number(1, -least)
        late = on
        if draft.maybe(not draft.abroad, 5):
            late = after(signed + draft.number(1, 50))
        commodity, instrument = draft.security(f"P{number}")
        draft.facts.append(Stake(on, on, commodity, units, cents(total), instrument))
        draft.facts.append(Cash(late, on, cents(cash)))
    for letter in "AB"[: draft.number(1, 2)]:
        starts = day + draft.number(0, 20)
        day = starts + draft.number(0, 60)
        promise = Promise(
            on,
            on,
            f"C{number}{letter}",
            cents(draft.number(1, 99999)),
            after(starts),
            after(day),
            draft.maybe(),
        )
        draft.facts.append(promise)
        write_changes(draft, promise)
        day += 1
    return day


def write_changes(draft: Draft, promise: Promise) -> None:
    """Write how a promise is changed and how it ends, if it does before its last day.

    Neither is always possible: more may have been spent, or it has ended before.
    """
    first, last = since(promise.on), since(promise.ends)
    if draft.maybe(draft.wanted.amendments):
        day = draft.number(first, last)
        longer, other = draft.maybe(), draft.maybe()
        draft.facts.append(
            PromiseChange(
                after(day),
                promise.name,
                after(draft.number(day, last + 30)) if longer or not other else None,
                cents(draft.number(1, 99999)) if other else None,
            )
        )
    if draft.maybe(draft.wanted.forfeits, 4):
        cash = draft.pick((0, 0, 1, -1)) * draft.number(1, 9999)
        draft.facts.append(
            PromiseEnd(
                after(draft.number(first, last)),
                promise.name,
                draft.pick(("failure", "termination")),
                cents(cash) if cash else None,
            )
        )


def write_warrant(draft: Draft, number: int) -> None:
    """Write warrants, and perhaps what a milestone says of their target."""
    day = draft.number(0, draft.ends)
    starts = day + draft.number(0, 20)
    expected = Decimal(draft.number(0, 100)).scaleb(-2) if draft.maybe() else Decimal(1)
    commodity = f"CLOUD.W{number}"
    draft.facts.append(
        Warrant(
            after(day),
            commodity,
            draft.number(1, 1000),
            cents(draft.number(1, 5000)),
            cents(draft.number(100, 200000)),
            expected,
            after(starts),
        )
    )
    settled = day
    for met in (draft.maybe(), True)[: draft.number(0, 2)]:
        settled += draft.number(1, 40)
        draft.facts.append(Milestone(after(settled), f"M{settled}", commodity, met))


def write_purchases(draft: Draft) -> None:
    """Write what is bought, and credit notes for some of it."""
    services = ["Compute", *["Storage"] * draft.wanted.services]
    if any(isinstance(fact, Milestone) for fact in draft.facts):
        services = [draft.pick(services)]
    for number in range(draft.number(0, draft.size.purchases)):
        day, service = draft.number(0, draft.ends + 60), draft.pick(services)
        amount = draft.number(1, 60000)
        purchase = Bought(after(day), cents(amount), service, f"b{number}")
        draft.facts.append(purchase)
        if draft.maybe(one_in=4):
            draft.facts.append(
                dataclasses.replace(
                    purchase,
                    on=after(day + draft.number(0, 0 if draft.size.careful else 20)),
                    amount=-cents(draft.number(1, amount)),
                    import_id=f"c{number}",
                )
            )
