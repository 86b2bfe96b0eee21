"""What must not matter: how usage is cut up, where lines stand, when books were run."""

from __future__ import annotations

import dataclasses
import re
from collections import defaultdict
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from tests.cases.harness import generated
from tests.laws.authors.draft import OWNERS, Wanted
from tests.laws.books import (
    ROLES,
    STEADY,
    booked,
    booked_from_files,
    by_day,
    of_ledger,
)
from tests.laws.directives import DEAL
from tests.laws.facts import Amend, Forfeit, Grant, Stake, Usage
from tests.laws.lives import Life, Owner, ledger, shuffled
from tests.laws.oracle.journal import Sums
from tests.laws.strategy import lives
from tests.support.ledgers import load_text

DAY = timedelta(days=1)
# One service, and nothing refused: what exceeds the grants is billed at 1.00.
DIVISIBLE = Wanted(late=False, services=False, refusals=False, abroad=False)


def usages(life: Life) -> list[Usage]:
    """Return the draws of a life that can be cut in two."""
    return [
        fact
        for fact in life.facts
        if isinstance(fact, Usage) and fact.credits > Decimal(1).scaleb(_exponent(fact))
    ]


def _exponent(usage: Usage) -> int:
    exponent = usage.credits.as_tuple().exponent
    assert isinstance(exponent, int)
    return exponent


def total(sums: Sums) -> dict[tuple[str, str], Fraction]:
    """Return what all days together add to each account."""
    totals: dict[tuple[str, str], Fraction] = defaultdict(Fraction)
    for (_, account, commodity), number in sums.items():
        totals[account, commodity] += number
    return {key: number for key, number in totals.items() if number}


def cut(life: Life, usage: Usage, later: date) -> Life:
    """Return the life with a usage in two: a third of it, and the rest on `later`."""
    quantum = Decimal(1).scaleb(_exponent(usage))
    third = max(quantum, (usage.credits / 3).quantize(quantum))
    pieces = (
        dataclasses.replace(usage, credits=third),
        dataclasses.replace(
            usage,
            credits=usage.credits - third,
            on=later,
            import_id=f"{usage.import_id}.1",
        ),
    )
    return life.but(facts=(*(fact for fact in life.facts if fact != usage), *pieces))


@st.composite
def lives_with_a_usage(draw: st.DrawFn, wanted: Wanted) -> tuple[Life, Usage]:
    life = draw(lives(wanted)).but(overage_price=Decimal("1.00"))
    found = [
        usage
        for usage in usages(life)
        if not any(
            getattr(fact, "refund_of", None) == usage.import_id for fact in life.facts
        )
    ]
    assume(found)
    return life, draw(st.sampled_from(found))


@given(lives_with_a_usage(dataclasses.replace(DIVISIBLE, refunds=False)))
@STEADY
def test_a_usage_in_two_on_its_day_comes_to_the_same(case: tuple[Life, Usage]) -> None:
    life, usage = case
    for role in ROLES:
        assert booked(life, role).sums == booked(cut(life, usage, usage.on), role).sums


@given(
    lives_with_a_usage(
        dataclasses.replace(DIVISIBLE, orders=("expiry-first", "fifo", "lowest-price"))
    )
)
@STEADY
def test_a_usage_in_two_comes_to_the_same_after_refunds(case: tuple[Life, Usage]) -> None:
    life, usage = case
    for role in ROLES:
        assert booked(life, role).sums == booked(cut(life, usage, usage.on), role).sums


@given(
    lives_with_a_usage(
        dataclasses.replace(DIVISIBLE, orders=("expiry-first", "fifo", "lowest-price"))
    )
)
@STEADY
def test_a_usage_over_two_days_without_a_boundary_comes_to_the_same(
    case: tuple[Life, Usage],
) -> None:
    life, usage = case
    life = life.but(through=max(life.reaches, usage.on + DAY))
    boundaries = {usage.on + DAY}
    for fact in life.facts:
        assume(fact == usage or fact.on not in boundaries)
        if isinstance(fact, Grant):
            assume(fact.event not in boundaries and fact.effective not in boundaries)
        if isinstance(fact, Grant | Amend):
            assume(fact.expires not in (usage.on, usage.on + DAY))
        # A second usage of the day would be drawn between the two halves.
        assume(fact == usage or not isinstance(fact, Usage) or fact.on != usage.on)
        # So would the estimate, forfeit or payment of the day, though not its money.
        assume(not isinstance(fact, Forfeit) or fact.on != usage.on)
    for role in ROLES:
        once, twice = booked(life, role), booked(cut(life, usage, usage.on + DAY), role)
        for day in {day for day, _, _ in once.sums | twice.sums}:
            if day in (usage.on, usage.on + DAY):
                continue
            assert {k: v for k, v in once.sums.items() if k[0] == day} == {
                k: v for k, v in twice.sums.items() if k[0] == day
            }
        assert total(once.sums) == total(twice.sums)


@given(lives(), st.integers(0, 99), st.integers(1, 3))
@STEADY
def test_order_of_lines_and_files_does_not_matter(
    life: Life, seed: int, files: int
) -> None:
    for role in ROLES:
        plain = booked(life, role).journal
        assert booked(shuffled(life, seed), role).journal == plain
        assert booked_from_files(shuffled(life, seed), role, files).journal == plain


# What a policy may say of one stake, and what another may say of the whole deal.
JUDGED = (
    ('method: "fvni"', 'method: "measurement-alternative"'),
    ('class: "liability"', 'class: "equity"'),
    ("fair-value-total: 123.45 USD", "fair-value-total: 67.89 USD"),
)
POLICY = re.compile(rf'.*"deal-policy" "{DEAL}"\n(?:  .*\n)+')


@given(lives(), st.data())
@STEADY
def test_order_of_policies_does_not_matter(life: Life, data: st.DataObject) -> None:
    """One policy for the whole deal and one for each stake, in any order of the lines."""
    life = life.but(carried=None)
    stakes = sorted({fact.commodity for fact in life.facts if isinstance(fact, Stake)})
    more = {
        about: "".join(
            f"  {key}\n"
            for key in (data.draw(st.sampled_from(("", *choices))) for choices in JUDGED)
            if key
        )
        for about in ("", *stakes)
    }
    order = data.draw(st.permutations(list(more)))
    for role in ROLES:
        text = ledger(life, role)
        found = POLICY.search(text)
        assert found is not None
        journals = []
        for written in (list(more), order):
            policies = [
                f'{life.first} custom "deal-policy" "{DEAL}"\n  stake: "{about}"\n{more[about]}'
                if about
                else found[0] + more[about]
                for about in written
            ]
            journals.append(
                of_ledger(
                    load_text(POLICY.sub("", text) + "".join(policies)), set()
                ).journal
            )
        assert journals[0] == journals[1]


@given(lives(), st.integers(0, 250), st.integers(0, 150))
@settings(STEADY, max_examples=100)
def test_a_run_to_b_is_the_run_to_a_and_what_follows(life: Life, a: int, more: int) -> None:
    early = life.first + timedelta(days=a)
    late = early + timedelta(days=more)
    for role in ROLES:
        first = booked(life.but(through=early), role)
        second = booked(life.but(through=late), role)
        seen = generated(first.ledger.entries)
        assert [e for e in generated(second.ledger.entries) if e.date <= early] == seen
        assert all(entry.date <= early for entry in seen)


@given(lives(Wanted(standing=False)), st.integers(0, 250))
@settings(STEADY, max_examples=100)
def test_lines_written_later_change_nothing_before_them(life: Life, days: int) -> None:
    stop = life.first + timedelta(days=days)
    known = tuple(fact for fact in life.facts if fact.signed <= stop)
    assume(any(isinstance(fact, Grant) for fact in known))
    # A deal of one grant may leave its name out; several must say it, and these do.
    for role in ROLES:
        before = booked(life.but(facts=known, through=stop), role)
        after = booked(life, role)
        rows = [row for row in after.journal if row[0] <= stop]  # type: ignore[operator]
        reach = min(stop, life.reaches)
        assert [row for row in before.journal if row[0] <= reach] == rows  # type: ignore[operator]


@given(lives(Wanted(owners=("startup",), forfeits=False, blends=False)))
@settings(STEADY, max_examples=100)
def test_who_owns_the_escrow_never_moves_net_revenue(life: Life) -> None:
    def under(owner: Owner) -> tuple[object, object]:
        facts = life.facts
        if owner == "none":
            facts = tuple(
                dataclasses.replace(fact, escrow=None) if isinstance(fact, Grant) else fact
                for fact in facts
            )
        theirs = life.but(owner=owner, facts=facts)
        provider, startup = (booked(theirs, role).sums for role in ROLES)
        return (
            by_day(provider, lambda account: account.startswith("Income:")),
            by_day(startup, lambda account: account.startswith("Expenses:")),
        )

    ours = under("startup")
    for owner in OWNERS:
        assert under(owner) == ours, owner


FAR = """
2090-01-01 custom "deal" "zeta" "Zeta AI"
  provider: "Alibaba Cloud"
  escrow-owner: "provider"
2090-01-01 custom "deal-stake" "zeta" 10 ZETA.A
  fair-value: 3.00 USD
  fair-value-source: "valuation"
2090-01-01 custom "deal-grant" "zeta" 7.123 ZETA.CR
  escrow: 5.00 USD
2090-02-01 custom "deal-usage" "zeta" 1.001 ZETA.CR
"""


@given(lives(), st.booleans())
@STEADY
def test_a_far_future_deal_changes_nothing_of_another(life: Life, reached: bool) -> None:
    life = life.but(through=date(2091, 1, 1) if reached else life.reaches)
    # In the money of the books: no rate of a dollar is written for 2090.
    far = FAR.replace("USD", life.currency)
    for role in ROLES:
        alone, beside = booked(life, role), booked(life, role, far)
        ours, both = generated(alone.ledger.entries), generated(beside.ledger.entries)
        zeta = [entry for entry in both if entry.meta["deal"] == "zeta"]
        assert [entry for entry in both if entry.meta["deal"] == "moon"] == ours
        assert bool(zeta) == reached
        assert alone.refused == beside.refused


def times_ten(life: Life) -> Life:
    """Return the life with every amount of money tenfold, in books of dimes."""
    price = life.overage_price
    return life.but(
        facts=tuple(fact.times(money=10) for fact in life.facts),
        overage_price=None if price is None else Decimal(f"{price.scaleb(1):f}"),
        precision=life.precision.scaleb(1),
    )


@given(lives(Wanted(abroad=False)))
@STEADY
def test_ten_times_the_money_is_ten_times_the_books(life: Life) -> None:
    for role in ROLES:
        once, tenfold = booked(life, role), booked(times_ten(life), role)
        assert tenfold.sums == {
            key: number * (10 if key[2].startswith("USD") else 1)
            for key, number in once.sums.items()
        }


@given(
    lives(
        Wanted(
            orders=("expiry-first", "fifo", "lowest-price"), billing=False, standing=False
        )
    )
)
@STEADY
def test_ten_times_the_credits_is_the_same_money(life: Life) -> None:
    facts = tuple(fact.times(credits=10) for fact in life.facts)
    life = life.but(overage_price=None)
    for role in ROLES:
        once, tenfold = booked(life, role), booked(life.but(facts=facts), role)
        assert tenfold.sums == {
            key: number * (10 if key[2].endswith(".CR") else 1)
            for key, number in once.sums.items()
        }
