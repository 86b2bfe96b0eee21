"""One special thing a life: estimates, amendments, forfeits, or a blend.

Each stays within what the rules decide (docs/worked-cases.md lists what they do not).
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from datetime import date
from decimal import Decimal

from tests.laws.authors.contracts import write_grant
from tests.laws.authors.draft import Draft, after, cents, since
from tests.laws.facts import Amend, Forfeit, Grant, Stake
from tests.laws.judgements import Estimate


def write_a_change(draft: Draft) -> date | None:
    """Write what is special of a life; return the day from which nothing is refunded."""
    wanted = draft.wanted
    kinds: list[Callable[[Draft], date | None] | None] = [
        None,
        *[write_estimates] * wanted.estimates,
        *[write_amendments] * wanted.amendments,
        *[write_forfeits] * (wanted.forfeits and not draft.startup_pays),
        *[write_blend] * (wanted.blends and not draft.startup_pays and not draft.abroad),
    ]
    kind = draft.pick(kinds)
    return None if kind is None else kind(draft)


def write_estimates(draft: Draft) -> None:
    """Write estimates of breakage, of any tranche, before it lapses."""
    if not draft.startup_pays and draft.maybe():
        draft.breakage = "proportional"
    days: set[tuple[str, int]] = set()
    grants = [grant for grant in draft.grants if grant.tranche[0] not in "ER"]
    for _ in range(draft.number(1, draft.size.changes) if grants else 0):
        grant = draft.pick(grants)
        day = draft.number(since(grant.on), draft.ends)
        lapsed = grant.expires is not None and after(day) > grant.expires
        if lapsed or (grant.tranche, day) in days:
            continue
        days.add((grant.tranche, day))
        if draft.breakage == "remote" and draft.maybe() and not draft.startup_pays:
            fact = Estimate(after(day), grant.tranche, remote=_part_of(draft, grant))
        elif draft.maybe():
            fact = Estimate(after(day), grant.tranche, credits=_part_of(draft, grant))
        else:
            share = cents(draft.number(0, 90))
            fact = Estimate(after(day), grant.tranche, fraction=share)
        draft.facts.append(fact)


def _part_of(draft: Draft, grant: Grant) -> Decimal:
    """Draw some of a grant's credits, never all of them."""
    return draft.credits(0, draft.whole(grant.credits) - 1)


def write_amendments(draft: Draft) -> date | None:
    """Write a later last day, another priority, or both; one a tranche and day."""
    days: set[tuple[str, int]] = set()
    last = {grant.tranche: grant.expires for grant in draft.grants}
    plan = [
        (draft.number(0, draft.ends), draft.pick(draft.grants), draft.maybe())
        for _ in range(draft.number(1, draft.size.changes))
    ]
    for day, grant, moves in sorted(plan, key=lambda row: row[0]):
        until = last[grant.tranche]
        starts = max(grant.on, grant.effective or grant.on)
        if after(day) <= starts or (grant.tranche, day) in days:
            continue
        if until is not None and after(day) >= until:
            continue
        days.add((grant.tranche, day))
        moves = moves or grant.standing
        expires = after(day + draft.number(1, 200)) if moves else None
        priority = draft.number(1, 99) if not moves or draft.maybe() else None
        last[grant.tranche] = expires or until
        draft.rebased = draft.rebased or expires is not None
        draft.facts.append(Amend(after(day), grant.tranche, expires, priority))
    if draft.rebased:
        draft.order_without_price()
    if draft.size.careful:
        return min((f.on for f in draft.facts if isinstance(f, Amend)), default=None)
    return None


def write_forfeits(draft: Draft) -> date:
    """Write credits given up for shares, for cash, for nothing."""
    draft.order_without_price()
    draft.rebased = True
    stakes = {
        fact.event: fact
        for fact in draft.facts
        if isinstance(fact, Stake)
        and fact.vesting == "signing"
        and draft.carried != "equity-method"
    }
    first = draft.ends
    grants = draft.grants
    if draft.size.careful:
        grants = [grant for grant in grants if grant.tranche[0] != "E"]
    for grant in grants[: draft.number(1, draft.size.changes - 1)]:
        day = draft.number(since(grant.on), draft.ends)
        first = min(first, day)
        on, credits = after(day), draft.credits(1, draft.whole(grant.credits))
        fact = Forfeit(on, grant.tranche, credits, "failure", commodity=grant.commodity)
        stake = stakes.get(grant.event)
        if draft.abroad:
            pass
        elif grant.price is None and stake is not None and draft.maybe(one_in=3):
            if stake.on <= on:
                shares = draft.number(1, stake.units)
                worth = cents(draft.number(1, 5000))
                fact = Forfeit(
                    on,
                    grant.tranche,
                    credits,
                    "termination",
                    stake.commodity,
                    shares,
                    worth,
                    commodity=grant.commodity,
                )
        elif grant.price is None and draft.maybe(one_in=3):
            cash = cents(draft.number(1, 99999))
            fact = dataclasses.replace(fact, reason="buy-back", cash=cash)
        draft.facts.append(fact)
    return after(first)


def write_blend(draft: Draft) -> date | None:
    """Write a top-up into which what is left of one or two tranches moves."""
    day = draft.ends - 40
    on = after(day)
    open_ = [
        grant
        for grant in draft.grants
        if grant.tranche[0] not in "ER"
        and grant.on < on
        and (grant.expires is None or grant.expires > on)
        and (grant.effective is None or grant.effective <= on)
    ]
    if not open_:
        return None
    same = [grant for grant in open_ if grant.expires == open_[0].expires]
    names = tuple(grant.tranche for grant in same[: draft.number(1, 2)])
    draft.order_without_price()
    price = draft.pick((None, None, cents(draft.number(1, 99999)), Decimal("0.00")))
    if price is None:
        commodity, instrument = draft.security("SB")
        total = cents(draft.number(10, 99999))
        draft.facts.append(Stake(on, on, commodity, 1, total, instrument))
    write_grant(draft, "B", on, day, price, expires=same[0].expires, blends=names)
    return on
