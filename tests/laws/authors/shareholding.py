"""What becomes of the stake: valuations and sales, or the equity method."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from tests.laws.authors.draft import Draft, after, cents, since
from tests.laws.directives import Fact
from tests.laws.facts import Stake
from tests.laws.judgements import Dilution, Elimination, Result, Sale, Valuation

AT_COST = ("observable", "similar", "impairment", "observable", "market")
AT_VALUE = ("fair-value", "market", "observable", "impairment")
DEBT = ("fair-value", "market", "fair-value", "impairment")
INFLUENCED = ("impairment", "impairment", "observable", "impairment", "fair-value")


def write_shareholding(draft: Draft) -> None:
    """Write what the provider does with its stake, where this life says anything of it."""
    if not draft.holding:
        return
    stakes = [
        fact
        for fact in draft.facts
        if isinstance(fact, Stake) and fact.vesting == "signing"
    ]
    if not stakes:
        return
    if draft.carried == "equity-method":
        write_influence(draft, stakes)
    else:
        for number in range(draft.number(0, draft.size.sales)):
            write_sale(draft, draft.pick(stakes), number)
    write_valuations(draft, stakes)


def write_valuations(draft: Draft, stakes: list[Stake]) -> None:
    """Write prices of a unit, one a security and day."""
    written: set[tuple[str, date]] = set()
    for _ in range(draft.number(0, draft.size.prices)):
        stake = draft.pick(stakes)
        on = after(since(stake.on) + draft.number(0, 120))
        if (stake.commodity, on) in written:
            continue
        written.add((stake.commodity, on))
        kinds: tuple[str, ...]
        if stake.instrument in ("note", "safe"):
            kinds = DEBT
        elif draft.carried == "equity-method":
            kinds = INFLUENCED
        elif draft.carried is None and draft.framework == "us-gaap":
            kinds = AT_COST
        else:
            kinds = AT_VALUE
        if draft.size.careful:
            kinds = tuple(kind for kind in kinds if kind != "impairment")
        kind, highest = draft.pick(kinds), 2 * int(100 * stake.total / stake.units) + 1
        if draft.carried == "equity-method":
            highest //= draft.pick((8, 8, 3))
        price, own = cents(draft.number(0, highest)), None
        if draft.maybe(one_in=3 if stake.instrument in ("note", "safe") else 20):
            most = int(100 * stake.total)
            own = cents(draft.number(-most, most))
        draft.facts.append(Valuation(on, stake.commodity, price, kind, own))


def write_sale(draft: Draft, stake: Stake, number: int) -> None:
    """Write a sale: of the oldest, or of one lot; at a price, or for an amount."""
    day = since(stake.on) + draft.number(0, 90)
    units = draft.number(1, max(1, stake.units * 2 // 3))
    price = draft.number(0, 6000)
    by_unit = draft.maybe()
    draft.facts.append(
        Sale(
            after(day),
            stake.commodity,
            units,
            price=cents(price) if by_unit else None,
            proceeds=None if by_unit else cents(price),
            costs=cents(draft.number(0, price)) if draft.maybe(one_in=3) else None,
            lot=stake.on if draft.maybe(stake.on == stake.event, 3) else None,
            settles=after(day + draft.number(0, 40)) if draft.maybe(one_in=3) else None,
            source=f"sale {number}",
        )
    )


def write_influence(draft: Draft, stakes: list[Stake]) -> None:
    """Write results, eliminations and dilutions, each on a day of its own."""
    days_of_stakes = [since(stake.on) for stake in stakes]
    first = max(days_of_stakes) if draft.size.careful else min(days_of_stakes)
    days: set[int] = set()
    for _ in range(draft.number(0, draft.size.results)):
        day = first + draft.number(0, 180)
        if day in days:
            continue
        days.add(day)
        on, ownership = after(day), None
        kind: type[Fact] = Result
        if not draft.size.careful:
            kind = draft.pick((Result, Result, Elimination, Dilution))
        if kind is Dilution:
            draft.facts.append(
                Dilution(
                    on,
                    Decimal(draft.number(1, 50)).scaleb(-2),
                    cents(draft.number(0, 500000)),
                    cents(draft.number(1, 500000)),
                )
            )
            continue
        if draft.maybe(one_in=4):
            ownership = Decimal(draft.number(1, 50)).scaleb(-2)
        if kind is Result:
            amount = cents(draft.number(-500000, 500000))
            draft.facts.append(Result(on, amount, after(day - 20), on, ownership))
        else:
            draft.facts.append(
                Elimination(
                    on,
                    cents(draft.number(0, 200000)),
                    draft.pick(("model", "gpus")),
                    Decimal(draft.number(0, 100)).scaleb(-2),
                    ownership,
                )
            )
