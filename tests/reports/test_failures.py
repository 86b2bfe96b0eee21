"""The two ends of a failure: reported together, linked, and neither without the other."""

from __future__ import annotations

import datetime
import inspect
from decimal import Decimal
from typing import Any

import pytest

from beanscrow.checks.examine import examine
from beanscrow.reports.failures import FailureRow, failures
from tests.cases.harness import generated
from tests.reports.books import daybook_of_text
from tests.support.ledgers import load_text

USED = """
plugin "beanscrow.plugins.deals"
2024-01-01 custom "books" "provider"
  framework: "us-gaap"
  currency: "USD"
  through: 2024-12-31
  open-accounts: TRUE
2024-01-01 custom "deal" "moon" "Moonshot AI"
  provider: "Cloud"
  escrow-owner: "none"
2024-01-01 custom "deal-stake" "moon" 100000 MOON.A
  fair-value: 8.00 USD
  fair-value-source: "valuation"
2024-01-01 custom "deal-grant" "moon" 1000000 MOON.CR
2024-09-30 custom "deal-usage" "moon" 600000 MOON.CR
"""
HEAD = (
    USED
    + """
2024-09-30 custom "deal-valuation" "moon" 6.50 USD
  kind: "impairment"
  source: "memo"
"""
)
FORFEIT = """
{day} custom "deal-forfeit" "moon" {credits} MOON.CR
  tranche: "T1"
  reason: "failure"
"""
WRITE_OFF = """
{day} custom "deal-valuation" "moon" 0.00 USD
  kind: "impairment"
  source: "insolvency filing"
"""
DAY = "2024-10-01"
BOTH = HEAD + FORFEIT.format(day=DAY, credits=400000) + WRITE_OFF.format(day=DAY)
CLAW_BACK = (
    HEAD
    + """
2024-10-01 custom "deal-forfeit" "moon" 400000 MOON.CR
  tranche: "T1"
  shares-returned: 40000 MOON.A
  share-value: 6.00 USD
  reason: "claw-back"
"""
)


def links(text: str) -> dict[str, set[str]]:
    """Return the further links of the generated entries, by narration."""
    ledger = load_text(text)
    assert ledger.messages == []
    found = {}
    for entry in generated(ledger.entries):
        if further := set(entry.links) - {"deal-moon"}:
            found[f"{entry.date} {str(entry.narration).partition(',')[0]}"] = further
    return found


def told(text: str) -> list[str]:
    """Return the codes of what the checks find about failures, and their lines."""
    ledger = load_text(text)
    lines = inspect.cleandoc(text).splitlines()
    found = examine(ledger.entries, ledger.options, findings=True).problems
    return [
        f"{it.code} {lines[it.at.lineno - 1].split()[2]}"
        for it in found
        if it.code in ("E624", "E646", "F646", "F651")
    ]


def test_both_ends_are_gross_and_on_one_row() -> None:
    """320,000.00 of revenue, and 100,000 shares written off at 6.50."""
    assert failures(daybook_of_text(BOTH)) == [
        FailureRow(
            deal="moon",
            party="Moonshot AI",
            date=datetime.date(2024, 10, 1),
            reason="failure",
            currency="USD",
            credits=Decimal(400000),
            unspent=Decimal("0.00"),
            liability_released=Decimal("320000.00"),
            revenue=Decimal("320000.00"),
            stake_written_off=Decimal("650000.00"),
            shares_returned=Decimal(0),
            stake_handed_back=Decimal("0.00"),
            net=Decimal("-330000.00"),
            both=True,
            link="failure-moon-2024-10-01",
        )
    ]


def test_both_entries_carry_the_link_beside_the_deals() -> None:
    assert links(BOTH) == {
        "2024-10-01 400": {"failure-moon-2024-10-01"},
        "2024-10-01 MOON.A remeasured": {"failure-moon-2024-10-01"},
    }


def test_shares_clawed_back_are_on_one_row_too() -> None:
    """320,000.00 for shares worth 240,000.00, carried at 260,000.00: 80,000.00 - 20,000.00."""
    (row,) = failures(daybook_of_text(CLAW_BACK))
    assert (row.reason, row.shares_returned, row.both) == (
        "claw-back",
        Decimal(40000),
        True,
    )
    assert (row.liability_released, row.revenue) == (
        Decimal("320000.00"),
        Decimal("80000.00"),
    )
    assert (row.stake_handed_back, row.net) == (Decimal("260000.00"), Decimal("60000.00"))
    assert links(CLAW_BACK) == {"2024-10-01 400": {"claw-back-moon-2024-10-01"}}
    assert told(CLAW_BACK) == []


def test_a_termination_and_a_buy_back_are_no_failures() -> None:
    for reason in ("termination", "buy-back"):
        text = CLAW_BACK.replace("claw-back", reason)
        assert failures(daybook_of_text(text)) == []
        assert links(text) == {}


def test_a_stake_written_off_first_names_the_link() -> None:
    """The entry of a month that may be closed by then does not change."""
    before = USED + WRITE_OFF.format(day="2024-09-30")
    both = before + FORFEIT.format(day="2024-10-15", credits=400000)
    first = {"2024-09-30 MOON.A remeasured": {"failure-moon-2024-09-30"}}
    assert links(before) == first
    assert links(both) == first | {"2024-10-15 400": {"failure-moon-2024-09-30"}}
    (row,) = failures(daybook_of_text(both))
    assert (row.date, row.both) == (datetime.date(2024, 10, 15), True)
    assert told(both) == []


def test_credits_given_up_in_steps_are_one_failure() -> None:
    text = (
        HEAD
        + FORFEIT.format(day=DAY, credits=100000)
        + WRITE_OFF.format(day=DAY)
        + FORFEIT.format(day="2024-11-01", credits=300000)
    )
    (row,) = failures(daybook_of_text(text))
    assert (row.credits, row.revenue) == (Decimal(400000), Decimal("320000.00"))
    assert set.union(*links(text).values()) == {"failure-moon-2024-10-01"}


def test_a_stake_that_is_worth_something_again_begins_anew() -> None:
    recovers = (
        HEAD
        + WRITE_OFF.format(day=DAY)
        + """
2024-11-01 custom "deal-valuation" "moon" 2.00 USD
  kind: "observable"
  source: "rescue round"
2024-12-01 custom "deal-valuation" "moon" 0.00 USD
  kind: "impairment"
  source: "insolvency filing"
"""
        + FORFEIT.format(day="2024-12-01", credits=400000)
    )
    rows = failures(daybook_of_text(recovers))
    assert [(row.link, row.both) for row in rows] == [
        ("failure-moon-2024-10-01", False),
        ("failure-moon-2024-12-01", True),
    ]
    assert told(recovers) == []


def test_a_price_seen_before_the_write_off_is_no_new_beginning() -> None:
    text = (
        HEAD
        + FORFEIT.format(day=DAY, credits=400000)
        + """
2024-10-15 custom "deal-valuation" "moon" 7.00 USD
  kind: "observable"
  source: "a buyer's offer"
"""
        + WRITE_OFF.format(day="2024-11-01")
    )
    (row,) = failures(daybook_of_text(text))
    assert (row.link, row.both) == ("failure-moon-2024-10-01", True)
    assert 'E646 "deal-valuation"' not in told(text)


# -- one end without the other -------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "found"),
    [
        pytest.param(BOTH, [], id="both"),
        pytest.param(
            HEAD + FORFEIT.format(day=DAY, credits=400000),
            ['F646 "deal-forfeit"'],
            id="credits alone",
        ),
        pytest.param(
            HEAD + WRITE_OFF.format(day=DAY), ['F646 "deal-valuation"'], id="stake alone"
        ),
        pytest.param(
            HEAD
            + FORFEIT.format(day=DAY, credits=400000)
            + WRITE_OFF.format(day="2024-10-02"),
            ['F646 "deal-forfeit"'],
            id="written off a day late",
        ),
        pytest.param(
            HEAD
            + WRITE_OFF.format(day=DAY)
            + '2024-12-31 custom "deal-usage" "moon" 400000 MOON.CR\n',
            [],
            id="nothing is owed when the stake is written off",
        ),
        pytest.param(
            HEAD
            + '2024-09-30 custom "deal-sale" "moon" 100000 MOON.A\n  price: 6.50 USD\n'
            + FORFEIT.format(day=DAY, credits=400000),
            [],
            id="no stake is held",
        ),
    ],
)
def test_one_end_is_pointed_at(text: str, found: list[str]) -> None:
    assert told(text) == found


PROMISE = """
plugin "beanscrow.plugins.deals"
2024-01-01 custom "books" "provider"
  framework: "us-gaap"
  currency: "USD"
  open-accounts: TRUE
  through: 2025-02-28
2024-01-02 custom "deal" "moon" "Moonshot AI"
  provider: "Cloud"
2024-01-02 custom "deal-stake" "moon" 10000000 MOON.A
  fair-value-total: 88000000.00 USD
  fair-value-source: "valuation"
2024-01-02 custom "deal-cash" "moon" 100000000.00 USD
2024-01-02 custom "deal-commitment" "moon" 60000000.00 USD
  to: 2025-01-01
  shortfall: "take-or-pay"
2024-01-31 custom "deal-usage" "moon" 1666666.67 USD
"""
END = """
{day} custom "deal-commitment-end" "moon"
  commitment: "C1"
  reason: "failure"
"""
FAILED = PROMISE + END.format(day="2024-06-30") + WRITE_OFF.format(day="2024-06-30")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        pytest.param(FAILED, [], id="both"),
        pytest.param(
            PROMISE + END.format(day="2024-06-30"),
            ['F646 "deal-commitment-end"'],
            id="promise alone",
        ),
        pytest.param(
            PROMISE + WRITE_OFF.format(day="2024-06-30"),
            ['F651 "deal-commitment"'],
            id="a shortfall billed to a startup that failed",
        ),
        pytest.param(
            PROMISE.replace("through: 2025-02-28", "through: 2024-12-31")
            + WRITE_OFF.format(day="2024-06-30"),
            ['F651 "deal-commitment"'],
            id="a promise that still runs",
        ),
        pytest.param(
            PROMISE + WRITE_OFF.format(day="2025-01-02"), [], id="it had ended before"
        ),
        pytest.param(
            PROMISE + WRITE_OFF.format(day="2024-06-30") + END.format(day="2024-08-15"),
            [],
            id="ended some weeks after the write-off",
        ),
        pytest.param(
            PROMISE
            + WRITE_OFF.format(day="2024-06-30")
            + WRITE_OFF.format(day="2024-09-30")
            .replace("0.00 USD", "3.00 USD")
            .replace("impairment", "observable"),
            [],
            id="the stake is worth something again",
        ),
    ],
)
def test_a_promise_that_outlasts_its_startup_is_pointed_at(
    text: str, found: list[str]
) -> None:
    assert told(text) == found


def test_a_promise_that_failed_is_on_the_row_of_its_stake() -> None:
    """G05 V2: 11,666,666.67 less of revenue, 88m of the stake, 58,333,333.33 not spent."""
    (row,) = failures(daybook_of_text(FAILED))
    assert row == FailureRow(
        deal="moon",
        party="Moonshot AI",
        date=datetime.date(2024, 6, 30),
        reason="failure",
        currency="USD",
        credits=Decimal(0),
        unspent=Decimal("58333333.33"),
        liability_released=Decimal("-11666666.67"),
        revenue=Decimal("-11666666.67"),
        stake_written_off=Decimal("88000000.00"),
        shares_returned=Decimal(0),
        stake_handed_back=Decimal("0.00"),
        net=Decimal("-99666666.67"),
        both=True,
        link="failure-moon-2024-06-30",
    )
    assert links(FAILED) == {
        "2024-06-30 C1 ended by failure": {"failure-moon-2024-06-30"},
        "2024-06-30 MOON.A remeasured": {"failure-moon-2024-06-30"},
    }


@pytest.mark.parametrize("cents", ["0.01", "-0.01"])
def test_an_end_a_cent_off_or_on_another_line_is_told(cents: str) -> None:
    ledger = load_text(FAILED)
    (end,) = (
        entry
        for entry in generated(ledger.entries)
        if str(entry.narration).startswith("C1 ended by")
    )

    def found(entries: list[Any]) -> set[str]:
        problems = examine(entries, ledger.options, findings=False).problems
        return {it.code for it in problems}

    changed = []
    for posting, sign in zip(end.postings, (1, -1), strict=True):
        units = posting.units
        assert units is not None and units.number is not None
        number = units.number + sign * Decimal(cents)
        changed.append(posting._replace(units=units._replace(number=number)))
    off = end._replace(postings=changed)
    assert "E624" in found([off if it is end else it for it in ledger.entries])
    assert "E624" in found([it for it in ledger.entries if it is not end])
    lost = [
        posting._replace(
            account=posting.account.replace(
                "Revenue:Contra:ConsiderationPayable", "Revenue:Compute:Investee:Breakage"
            )
        )
        for posting in end.postings
    ]
    moved = end._replace(postings=lost)
    assert "E624" in found([moved if it is end else it for it in ledger.entries])


def test_the_startup_writes_off_no_stake() -> None:
    assert told(BOTH.replace('"books" "provider"', '"books" "startup"')) == []


# -- the link a second way -----------------------------------------------------------


@pytest.mark.parametrize("text", [BOTH, CLAW_BACK])
def test_an_end_without_its_link_is_an_error(text: str) -> None:
    ledger = load_text(text)
    for entry in generated(ledger.entries):
        if len(entry.links) < 2:
            continue
        bare = entry._replace(links=frozenset({"deal-moon"}))
        entries = [bare if each is entry else each for each in ledger.entries]
        found = examine(entries, ledger.options, findings=False).problems
        assert {problem.code for problem in found} == {"E646"}
