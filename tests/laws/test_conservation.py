"""Credits and money are neither made nor lost, at any date of any life."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from fractions import Fraction

from hypothesis import given, settings

from tests.laws.authors.chooser import Seeded
from tests.laws.authors.draft import ALL, SHORT, STARTUPS, Wanted
from tests.laws.authors.life import written
from tests.laws.books import ROLES, STEADY, Booked, booked
from tests.laws.facts import Cash, Grant, Stake
from tests.laws.lives import Life
from tests.laws.strategy import lives

LEAVES = ("Granted", "Held", "Drawn", "Expired", "Forfeited", "Moved")


def leaf_of(account: str) -> tuple[str, str] | None:
    """Return tranche and leaf of an account of the credits' own trial balance."""
    parts = account.split(":")
    return (parts[3], parts[4]) if account.startswith("Equity:Escrow:Moon:") else None


def credits(books: Booked) -> dict[str, dict[date, dict[str, Fraction]]]:
    """Return the leaves of each tranche after each day."""
    tranches: dict[str, dict[date, dict[str, Fraction]]] = defaultdict(dict)
    for name, rows in books.balances(leaf_of).items():
        assert isinstance(name, tuple)
        tranche, leaf = name
        assert leaf in LEAVES
        for day, balance in rows.items():
            tranches[tranche].setdefault(day, {})[leaf] = balance
    return tranches


@given(lives())
@settings(STEADY, max_examples=100)
def test_granted_credits_are_held_drawn_expired_forfeited_or_moved(life: Life) -> None:
    for role in ROLES:
        sign = 1 if role == "provider" else -1
        moved: dict[date, Fraction] = defaultdict(Fraction)
        for days in credits(booked(life, role)).values():
            for day, leaves in days.items():
                assert sum(leaves.values()) == 0
                assert sign * leaves.get("Granted", 0) >= 0
                for leaf in ("Held", "Drawn", "Expired", "Forfeited"):
                    assert sign * leaves.get(leaf, 0) <= 0, (leaf, day)
                moved[day] += leaves.get("Moved", Fraction())
        assert set(moved.values()) <= {0}


@given(lives(Wanted(holding=False)))
@settings(STEADY, max_examples=100)
def test_the_parties_books_of_credits_cancel_leaf_by_leaf(life: Life) -> None:
    provider, startup = (booked(life, role).sums for role in ROLES)
    ours = {key: number for key, number in provider.items() if leaf_of(key[1])}
    theirs = {key: -number for key, number in startup.items() if leaf_of(key[1])}
    assert ours == theirs


@given(lives(Wanted(holding=False)))
@STEADY
def test_both_parties_are_refused_the_same(life: Life) -> None:
    provider, startup = (booked(life, role).refused for role in ROLES)
    assert provider == startup


@given(lives())
@settings(STEADY, max_examples=100)
def test_what_is_owed_for_credits_is_never_negative_and_ends_with_them(life: Life) -> None:
    for role, where, sign in (
        ("provider", "Liabilities:Contract:Credits:Moon:", -1),
        ("startup", "Assets:Prepaid:Compute:Moon:", 1),
    ):
        books = booked(life, role)  # type: ignore[arg-type]
        units = credits(books)
        owed = books.balances(
            lambda account, where=where: (  # type: ignore[misc]
                account.removeprefix(where) if account.startswith(where) else None
            )
        )
        for tranche, rows in owed.items():
            assert isinstance(tranche, str)
            for day, balance in rows.items():
                assert sign * balance >= 0, (tranche, day)
                leaves = units.get(tranche, {}).get(day, {})
                if leaves.get("Granted") and not leaves.get("Held"):
                    assert balance == 0, (tranche, day)


@given(lives())
@STEADY
def test_ring_fenced_cash_goes_free_with_the_last_credit(life: Life) -> None:
    places = {
        "provider": (
            "Assets:Cash:Restricted:Escrow:Moon",
            "Assets:Receivables:Escrow:Moon",
        ),
        "startup": ("Assets:Cash:Restricted:ComputeEscrow:Moon",),
    }
    arrive = max(fact.on for fact in life.facts if isinstance(fact, Grant))
    for role in ROLES:
        books = booked(life, role)
        held = books.balances(
            lambda account: "held" if (leaf_of(account) or ("", ""))[1] == "Held" else None
        ).get("held", {})
        cash = books.balances(
            lambda account, role=role: "cash" if account in places[role] else None  # type: ignore[misc]
        ).get("cash", {})
        for day, balance in cash.items():
            assert balance >= 0
            if day >= arrive and held.get(day) == 0:
                assert balance == 0, day


@given(lives(Wanted(billing=False, spending=False, abroad=False)))
@settings(STEADY, max_examples=100)
def test_revenue_never_exceeds_the_transaction_price(life: Life) -> None:
    if life.overage_price is not None:
        life = life.but(overage_price=None)
    price = Fraction()
    for fact in life.facts:
        match fact:
            case Stake():
                price += Fraction(fact.total)
            case Cash():
                price -= Fraction(fact.amount)
            case Grant(price=paid) if paid is not None:
                price += Fraction(paid)
    for day, balance in revenue_of(life).items():
        assert -balance <= price, day


def revenue_of(life: Life) -> dict[date, Fraction]:
    """Return the balance of the provider's revenue after each day, as a debit."""
    revenue = booked(life, "provider").balances(
        lambda account: "revenue" if account.startswith("Income:Revenue:") else None
    )
    return revenue.get("revenue", {})


def test_there_is_revenue_to_bound() -> None:
    lives_seen = [written(Seeded(seed), ALL, SHORT) for seed in range(20)]
    assert sum(any(revenue_of(life).values()) for life in lives_seen) > 10


@given(
    lives(
        Wanted(
            owners=("provider", "trustee-provider", "none"), estimates=False, earning=False
        )
    )
)
@STEADY
def test_without_breakage_estimates_prepaid_is_the_contract_liability(life: Life) -> None:
    assert life.owner not in STARTUPS
    provider, startup = (booked(life, role).sums for role in ROLES)
    liability = "Liabilities:Contract:Credits:Moon:"
    prepaid = "Assets:Prepaid:Compute:Moon:"
    assert {
        (day, account.removeprefix(liability)): -number
        for (day, account, _), number in provider.items()
        if account.startswith(liability)
    } == {
        (day, account.removeprefix(prepaid)): number
        for (day, account, _), number in startup.items()
        if account.startswith(prepaid)
    }
