"""Contract events: credits for a stake, for money, for nothing, or a mixture."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from tests.laws.authors.draft import Draft, after, cents
from tests.laws.facts import Cash, Grant, Stake
from tests.laws.judgements import CreditValue

INSTRUMENTS = ("preferred", "preferred", "common")


def write_event(draft: Draft, number: int, day: int) -> None:
    """Write the contract event of a day, the first of which has credits for shares."""
    earning = draft.wanted.earning and not draft.startup_pays
    earning = earning and draft.order != "pro-rata" and not draft.abroad
    earning = earning and draft.carried != "equity-method"
    exact = draft.abroad and draft.size.careful
    kind = draft.pick(
        (
            *("stake", "stake"),
            *["mixed"] * (not draft.abroad),
            *["gift"] * (number > 1),
            *["money"] * (number > 1 and not draft.abroad),
            *["pair"] * (not draft.startup_pays and not exact),
            *["earned"] * earning,
            *["ready"] * (draft.wanted.standing and number > 1),
        )
    )
    on = after(day)
    if kind == "earned":
        write_earned(draft, number, day)
    if kind == "ready":
        write_paid_in_shares(draft, number, day, 0)
        write_standing(draft, number, day)
    if kind in ("stake", "pair", "mixed"):
        write_paid_in_shares(draft, number, day, 2 if kind == "pair" else 1)
    if kind == "gift":
        write_grant(draft, f"G{number}", on, day, price=Decimal("0.00"))
    if kind in ("money", "mixed"):
        write_grant(draft, f"M{number}", on, day, price=cents(draft.number(1, 99999)))


def write_earned(draft: Draft, number: int, day: int) -> None:
    """Write a grant whose draws earn the shares, and what its credits are worth."""
    on = after(day)
    units, total = draft.number(1, 500), cents(draft.number(10, 99999))
    draft.facts.append(
        Stake(on, on, f"MOON.E{number}", units, total, draft.pick(INSTRUMENTS), "as-drawn")
    )
    write_grant(draft, f"E{number}", on, day)
    valued = [fact.on for fact in draft.facts if isinstance(fact, CreditValue)]
    for value_on in {on, *(after(day + draft.number(1, 90)) for _ in range(2))}:
        if value_on not in valued and (not valued or draft.maybe()):
            value = Decimal(draft.number(1, 3000)).scaleb(-3)
            draft.facts.append(CreditValue(value_on, value))


def write_paid_in_shares(draft: Draft, number: int, day: int, grants: int) -> None:
    """Write one or two grants that a stake pays for, and the cash for the rest of it."""
    on = after(day)
    units = draft.number(1, 500)
    commodity, instrument = draft.security(f"S{number}")
    one_security = draft.known(commodity) or draft.carried == "equity-method"
    odd = draft.number(0, 99) if units < 90 and instrument != "note" else 0
    total = cents(units * draft.number(1, 5000) + odd)
    if total < Decimal("0.10"):
        units, total = 1, Decimal("0.10")
    cash = Decimal()
    if draft.maybe(not (draft.abroad and draft.size.careful), 3):
        cash = cents(draft.number(1, max(1, int(total * 100) // 2)))
    stake_on, cash_on = on, on
    if draft.maybe(not one_security, 5):
        stake_on = after(day + draft.number(1, 20))
    if draft.maybe(not draft.abroad, 5):
        cash_on = after(day + draft.number(1, 50))
    draft.facts.append(
        Stake(
            stake_on,
            on,
            commodity,
            units,
            total,
            instrument,
            ownership=write_ownership(draft, number),
        )
    )
    if cash:
        draft.facts.append(Cash(cash_on, on, cash))
    for n in range(grants):
        ssp = cents(draft.number(1, 300)) if grants > 1 else None
        name = f"T{number}{'AB'[n] if grants > 1 else ''}"
        write_grant(draft, name, on, day, ssp=ssp)


def write_standing(draft: Draft, number: int, day: int) -> None:
    """Write a grant that is used up by the days of its term, which the stake pays for."""
    effective = day + draft.number(0, 30) if draft.maybe() else day
    escrow = None
    if draft.owner != "none" and not draft.abroad and draft.maybe():
        escrow = cents(draft.number(1, 200000))
    grant = Grant(
        after(day),
        after(day),
        f"R{number}",
        draft.credits(10, 900),
        effective=after(effective),
        expires=after(effective + draft.number(0, 150)),
        escrow=escrow,
        standing=True,
    )
    draft.grants.append(grant)
    draft.facts.append(grant)


def write_ownership(draft: Draft, number: int) -> Decimal | None:
    """Draw what is owned after an event, where the equity method asks for it."""
    if draft.carried != "equity-method" or (number > 1 and draft.maybe()):
        return None
    return Decimal(draft.number(1, 50)).scaleb(-2)


def write_grant(
    draft: Draft,
    tranche: str,
    event: date,
    day: int,
    price: Decimal | None = None,
    ssp: Decimal | None = None,
    expires: date | None = None,
    blends: tuple[str, ...] = (),
) -> None:
    """Write the credits of one tranche, which may come later than their event."""
    punctual = draft.startup_pays or draft.abroad or blends
    if not punctual and draft.maybe(one_in=6):
        day += draft.number(1, 15)
    credits = draft.credits(10, draft.size.credits)
    escrow = None
    may_have_one = price is None or (price and not draft.startup_pays)
    if draft.owner != "none" and may_have_one and draft.maybe():
        if draft.abroad:
            # Whole cents for each of the smallest units: what is left has no fraction.
            escrow = cents(draft.whole(credits) * draft.number(1, 500))
        else:
            escrow = cents(draft.number(1, 200000))
    effective = None
    if not blends and draft.maybe(one_in=6):
        effective = after(day + draft.number(0, 30))
    if expires is None and not blends and draft.maybe():
        expires = after(day + draft.number(30, 150))
    grant = Grant(
        after(day),
        event,
        tranche,
        credits,
        effective=effective,
        expires=expires,
        priority=draft.pick((50, 50, 50, 10, 90)),
        escrow=escrow,
        price=price,
        ssp=ssp,
        blends=blends,
    )
    draft.grants.append(grant)
    draft.facts.append(grant)
