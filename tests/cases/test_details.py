"""What sums by day and account do not show: lots, narration, equal entries."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

from beancount.plugins.noduplicates import validate_no_duplicates

from beanscrow.policy.lots import lots_of
from tests.cases.harness import generated
from tests.support.ledgers import Ledger, load_path
from tests.support.postings import cost_of, units_of

HERE = Path(__file__).parent


def lots(ledger: Ledger, commodity: str) -> list[tuple[Decimal, Decimal]]:
    return sorted(
        (units_of(posting)[0], cost.number)
        for entry in generated(ledger.entries)
        for posting in entry.postings
        if units_of(posting)[1] == commodity and (cost := cost_of(posting))
    )


def test_indivisible_stake_stands_in_two_lots_a_millionth_apart() -> None:
    # 722,000,000.00 / 36,000,000 = 20.0555555...: 4.1 of the ledger language.
    deal = load_path(HERE / "deals/G04/provider-ssp-fallback.beancount")
    assert lots(deal, "MOON.A") == [
        (Decimal(16000000), Decimal("20.055555")),
        (Decimal(20000000), Decimal("20.055556")),
    ]
    # 250.00 / 30 = 8.3333333...: 30 x 8.333333 = 249.99999, ten millionths short.
    deal = load_path(HERE / "own/event-ssp-two-stakes.beancount")
    assert lots(deal, "MOON.B") == [
        (Decimal(10), Decimal("8.333334")),
        (Decimal(20), Decimal("8.333333")),
    ]


def test_divisible_stake_is_one_lot_of_its_date_and_deal() -> None:
    deal = load_path(HERE / "deals/G01/provider.beancount")
    costs = [
        cost
        for entry in generated(deal.entries)
        for posting in entry.postings
        if (cost := cost_of(posting)) is not None
    ]
    assert [(c.number, c.currency, str(c.date), c.label) for c in costs] == [
        (Decimal("24.00"), "USD", "2024-03-01", "moon")
    ]


def test_remeasured_stake_keeps_its_date_and_label() -> None:
    deal = load_path(HERE / "deals/G10/provider-i.beancount")
    costs = {
        (str(posting.cost.date), posting.cost.label)
        for entry in generated(deal.entries)
        for posting in entry.postings
        if posting.cost is not None
    }
    assert costs == {("2024-01-01", "moon")}


def test_equal_drawdowns_differ_in_narration_so_that_stock_noduplicates_accepts() -> None:
    deal = load_path(HERE / "own/equal-drawdowns.beancount")
    booked = generated(deal.entries)
    same = [entry.narration for entry in booked if str(entry.date) == "2024-02-01"]
    assert len(same) == 4
    assert len(set(same)) == 4
    assert all(
        text and "Compute" in text and "10 MOON.CR" in text and "T1" in text
        for text in same
    )
    _, errors = validate_no_duplicates(booked, deal.options)
    assert errors == []


def test_narration_says_tranche_quantity_and_service() -> None:
    deal = load_path(HERE / "deals/G01/provider.beancount")
    texts = [entry.narration for entry in generated(deal.entries)]
    assert "Compute, 1,500,000.00 MOON.CR from T1" in texts


def test_one_transaction_a_directive_and_tranche() -> None:
    # 200,000.00 on 2024-06-30 are drawn from T2 and then from T1.
    deal = load_path(HERE / "deals/G02/provider-expiry-first.beancount")
    drawn = [entry for entry in generated(deal.entries) if str(entry.date) == "2024-06-30"]
    assert [entry.meta["tranche"] for entry in drawn] == ["T2", "T1"]
    assert len({entry.meta["lineno"] for entry in drawn}) == 1


def test_payee_is_the_other_party() -> None:
    ours = load_path(HERE / "own/role-by-deal.beancount")
    assert {(e.meta["deal"], e.payee) for e in generated(ours.entries)} == {
        ("moon", "Moonshot AI"),
        ("chips", "Chip Maker"),
    }


def test_a_unit_cost_of_many_digits_keeps_each_of_them() -> None:
    # More than a float has: whole quanta are never divided into one.
    (lot,) = lots_of(Decimal(1), 900719925474099301, 2, date(2024, 1, 1))
    assert lot.cost == Decimal("9007199254740993.01")
    (lot,) = lots_of(Decimal(2), 900719925474099301, 2, date(2024, 1, 1))
    assert lot.cost == Decimal("4503599627370496.505")
