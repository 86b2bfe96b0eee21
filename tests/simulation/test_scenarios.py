"""What a scenario takes over, adds and replaces; whose books; and terms tried out."""

from __future__ import annotations

from decimal import Decimal

import pytest
from beancount.core.data import Transaction

from beanscrow.simulation.comparison import scenario_row
from beanscrow.simulation.figures import whole_row
from tests.simulation.books import DEAL, HEAD, Texts, usages
from tests.support.postings import units_of

USAGE = """
    2027-01-01 custom "scenario-usage" "base" "polar"
      total: 240000.00 POLAR.CR
    2027-01-01 custom "scenario-usage" "base" "polar"
      service: "Storage"
      total: 24000.00 POLAR.CR
    2027-01-01 custom "scenario" "child"
      extends: "base"
"""


def drawn(texts: Texts, name: str) -> Decimal:
    return sum((number for _, number, _ in usages(texts.outcome(name))), Decimal(0))


def test_a_scenario_has_all_of_what_it_extends(texts: Texts) -> None:
    texts.write(USAGE)
    assert drawn(texts, "child") == drawn(texts, "base") == Decimal("264000.00")


def test_what_it_says_of_one_service_replaces_that_and_nothing_else(texts: Texts) -> None:
    texts.write(
        f"""{USAGE}
    2027-01-01 custom "scenario-usage" "child" "polar"
      service: "Storage"
      total: 12000.00 POLAR.CR
        """
    )
    assert drawn(texts, "child") == Decimal("252000.00")


def test_the_deals_own_service_is_the_same_whether_named_or_not(texts: Texts) -> None:
    texts.write(
        f"""{USAGE}
    2027-01-01 custom "scenario-usage" "child" "polar"
      service: "Compute"
      total: 120000.00 POLAR.CR
        """
    )
    assert drawn(texts, "child") == Decimal("144000.00")


def test_a_grandchild_has_the_last_word(texts: Texts) -> None:
    texts.write(
        f"""{USAGE}
    2027-01-01 custom "scenario-usage" "child" "polar"
      total: 1.00 POLAR.CR
    2027-01-01 custom "scenario" "grandchild"
      extends: "child"
      until: 2027-12-31
    2027-01-01 custom "scenario-usage" "grandchild" "polar"
      total: 2.00 POLAR.CR
    2027-01-01 custom "scenario-usage" "grandchild" "polar"
      service: "Storage"
      total: 3.00 POLAR.CR
        """
    )
    assert drawn(texts, "grandchild") == Decimal("5.00")
    assert f"{texts.outcome('grandchild').until}" == "2027-12-31"


def test_an_ordinary_directive_belongs_to_whom_it_names_and_what_extends_them(
    texts: Texts,
) -> None:
    """Of nobody's it belongs to all."""
    texts.write(
        """
        2027-01-01 custom "scenario" "child"
          extends: "base"
        2027-01-01 custom "scenario" "other"
          extends: "base"
        2027-01-01 custom "scenario" "grandchild"
          extends: "child"
        2027-01-31 custom "deal-usage" "polar" 1.00 POLAR.CR
        2027-02-28 custom "deal-usage" "polar" 20.00 POLAR.CR
          scenario: "child"
        2027-03-31 custom "deal-usage" "polar" 300.00 POLAR.CR
          scenario: "other, grandchild"
        """
    )
    credits = {
        name: whole_row(texts.outcome(name)).credits_drawn
        for name in ("base", "child", "other", "grandchild")
    }
    assert credits == {
        "base": Decimal("1.00"),
        "child": Decimal("21.00"),
        "other": Decimal("301.00"),
        "grandchild": Decimal("321.00"),
    }


def test_a_line_of_a_scenario_is_no_fact_of_a_ledger(texts: Texts) -> None:
    """The key that makes it an assumption is unknown to ledgers."""
    texts.write("", f"{DEAL}\n    2027-01-31 custom \"deal-usage\" \"polar\" 1.00 POLAR.CR\n"
                '      scenario: "base"\n')  # fmt: skip
    assert texts.codes() == ["deal.beancount:14 E105"]


def test_the_books_of_a_ledger_hold_for_its_side(texts: Texts) -> None:
    """And its policy is its own: the startup does not elect the provider's order."""
    texts.write(
        """
        2027-01-01 custom "scenario-usage" "base" "polar"
          share: 0.90
        2027-01-01 custom "scenario-breakage" "base" "polar" 0.10
        """,
        f"""{DEAL}
    2027-01-01 custom "books" "provider"
      framework: "ifrs"
      currency: "EUR"
      through: 2027-01-02
      breakage-method: "proportional"
    2027-01-01 custom "deal-policy" "polar"
      fair-value: 8.00 USD
      fair-value-source: "valuation"
    2027-01-01 * "A native entry, left aside"
      Assets:Cash:Operating   1.00 USD
      Equity:Opening         -1.00 USD
        """,
        """
        2027-01-01 custom "scenario" "base"
          until: 2027-12-31
          currency: "USD"
          startup-framework: "us-gaap"
        """,
    )
    row = scenario_row(texts.outcome())
    assert (row.provider_framework, row.startup_framework) == ("ifrs", "us-gaap")
    assert row.revenue_breakage > 0
    # 100,000 x 8.00 in the provider's books, x 9.00 in the startup's
    assert f"{row.stake} {row.shares_amount}" == "800000.00 900000.00"
    assert f"{row.unexplained}" == "0.00"


def test_a_ledger_that_takes_the_other_side_in_this_deal(texts: Texts) -> None:
    texts.write(
        "",
        f"""{DEAL}
    2027-01-01 custom "books" "provider"
      framework: "ifrs"
      currency: "USD"
    2027-01-01 custom "deal-policy" "polar"
      role: "startup"
      class: "liability"
        """,
    )
    outcome = texts.outcome()
    assert outcome.provider.daybook.schedules["polar"].side == "provider"
    assert outcome.startup.daybook.schedules["polar"].side == "startup"
    assert outcome.startup.daybook.schedules["polar"].stakes[0].units == Decimal(100000)


def test_elections_of_either_side_stand_on_the_scenario(texts: Texts) -> None:
    texts.write(
        """
        2027-01-01 custom "scenario" "liability"
          extends: "base"
          startup-preferred-class: "liability"
        2027-12-31 custom "scenario-round" "liability" "polar" 12.00 USD
        """
    )
    row = scenario_row(texts.outcome("liability"))
    # 100,000 x (12.00 - 9.00), up for the one and a cost of the other
    assert f"{row.stake_result} {row.fair_value_change}" == "300000.00 300000.00"
    assert f"{row.shares_amount} {row.unexplained}" == "1200000.00 0.00"


@pytest.mark.parametrize(
    ("line", "price"),
    [
        # 700,000.00 / 1,000,000
        ('"deal-stake"\n          fair-value: 7.00 USD', "0.700000"),
        # a total in place of the price of one: 850,000.00 / 1,000,000
        ('"deal-stake"\n          fair-value-total: 850000.00 USD', "0.850000"),
        # 50,000 x 9.00 / 1,000,000
        ('"deal-stake"\n          units: 50000 POLAR.A', "0.450000"),
        # 900,000.00 / 1,200,000
        ('"deal-grant"\n          tranche: "T1"\n          credits: 1200000.00 POLAR.CR',
         "0.750000"),
    ],
)  # fmt: skip
def test_terms_are_tried_out(line: str, price: str, texts: Texts) -> None:
    texts.write(
        f"""
        2027-01-01 custom "scenario-terms" "base" "polar" {line}
        """
    )
    assert f"{scenario_row(texts.outcome()).price_per_credit}" == price


def test_terms_of_what_a_scenario_adds_can_be_changed_too(texts: Texts) -> None:
    texts.write(
        """
        2027-02-28 custom "deal-usage" "polar" 20.00 POLAR.CR
        2027-03-31 custom "deal-usage" "polar" 20.00 POLAR.CR
        2027-01-01 custom "scenario-terms" "base" "polar" "deal-usage"
          of: 2027-03-31
          quantity: 30.00 POLAR.CR
        """
    )
    assert whole_row(texts.outcome()).credits_drawn == Decimal("50.00")


def test_a_breakage_is_of_each_tranche_that_is_there(texts: Texts) -> None:
    texts.write(
        """
        2027-06-30 custom "scenario-breakage" "base" "polar" 0.10
        2027-12-31 custom "scenario-breakage" "base" "polar" 0.20
          tranche: "T2"
        """,
        f"""{DEAL}
    2027-03-01 custom "deal-stake" "polar" 1000 POLAR.A
      fair-value: 9.00 USD
      fair-value-source: "valuation"
    2027-03-01 custom "deal-grant" "polar" 10000.00 POLAR.CR
      tranche: "T2"
        """,
    )
    told = [
        (f"{it.date}", it.meta["tranche"], it.meta["breakage"])
        for it in texts.outcome().more
    ]
    assert told == [
        ("2027-06-30", "T1", Decimal("0.10")),
        ("2027-06-30", "T2", Decimal("0.10")),
        ("2027-12-31", "T2", Decimal("0.20")),
    ]


def test_one_startups_deals_of_a_ledger(texts: Texts) -> None:
    """The other investee's lines are none of the simulation, wrong ones neither."""
    other = """
    2027-01-01 custom "deal" "kiwi" "Kiwi AI"
      provider: "North Cloud"
    2027-01-01 custom "deal-cash" "kiwi" 5.00 USD
    2027-01-01 custom "deal-stake" "kiwi" 5 KIWI.A
      fair-value-total: 5.00 USD
      fair-value-source: "round-price"
    """
    texts.write("", DEAL + other, f'{HEAD}      deals: "kiwi"\n')
    outcome = texts.outcome()
    assert list(outcome.courses) == ["kiwi"]
    assert f"{scenario_row(outcome).stake}" == "5.00"
    texts.write("", DEAL + other)
    assert texts.codes() == ["scenarios.beancount:1 E831"]


def test_the_order_of_lines_means_nothing(texts: Texts) -> None:
    lines = [
        '2027-01-01 custom "scenario-usage" "base" "polar"\n  share: 0.90\n',
        '2027-01-01 custom "scenario" "down"\n  extends: "base"\n',
        '2027-12-31 custom "scenario-round" "down" "polar" 6.00 USD\n',
        '2027-05-01 custom "scenario-price-cut" "down" "polar" 0.10\n  draws: "fewer"\n',
        '2028-05-31 custom "scenario-failure" "down" "polar"\n',
    ]
    texts.write("\n".join(lines))
    row = whole_row(texts.outcome("down"))
    texts.write("\n".join(reversed(lines)))
    assert whole_row(texts.outcome("down")) == row


PROMISED = f"""{DEAL}
    2027-06-30 custom "deal-stake" "polar" 100000 POLAR.A
      fair-value: 9.00 USD
      fair-value-source: "valuation"
    2027-06-30 custom "deal-cash" "polar" 1000000.00 USD
    2027-06-30 custom "deal-commitment" "polar" 240000.00 USD
      to: 2028-11-30
      shortfall: "take-or-pay"
"""


@pytest.mark.parametrize(
    ("failed", "ended"), [("2027-12-31", True), ("2028-11-30", True), ("2028-12-01", False)]
)
def test_a_failure_ends_the_promises_that_run_on_its_day(
    failed: str, ended: bool, texts: Texts
) -> None:
    """100,000.00 was paid above the shares: less revenue then, and no shortfall is billed."""
    texts.write(f'{failed} custom "scenario-failure" "base" "polar"', PROMISED)
    outcome = texts.outcome()
    ends = [it for it in outcome.more if it.type == "deal-commitment-end"]
    assert [f"{it.date} {it.meta['reason']}" for it in ends] == [
        f"{failed} failure"
    ] * ended
    booked = {
        f"{entry.date} {posting.account}": units_of(posting)[0]
        for entry in outcome.provider.entries
        if isinstance(entry, Transaction)
        for posting in entry.postings
        if ":Contra:" in posting.account or "Trade" in posting.account
    }
    contra = "Income:Revenue:Contra:ConsiderationPayable:Polar"
    owed = "Assets:Receivables:Trade:Polar"
    if ended:
        assert booked == {f"{failed} {contra}": Decimal("100000.00")}
    else:
        assert booked == {
            f"2028-11-30 {contra}": Decimal("100000.00"),
            f"2028-11-30 {owed}": Decimal("240000.00"),
        }
    assert [it.code for it in outcome.provider.problems] == []
