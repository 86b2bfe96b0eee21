"""Every mistake of a scenario file is told at its line, and nothing is printed of it."""

from __future__ import annotations

import pytest

from beanscrow.catalogue import CATALOGUE
from tests.simulation.books import DEAL, HEAD, Texts

# The head has five lines, so the first line of a mistake is line 6 of the file.
USAGE = '2027-01-01 custom "scenario-usage" "base" "polar"\n  '
COMMITTED = f"""{DEAL}
    2027-06-30 custom "deal-commitment" "polar" 240000.00 USD
      to: 2028-11-30
"""

MISTAKES = {
    # no line of a scenario, or not of its grammar
    "an unknown line": ('2027-01-01 custom "scenario-usages" "base" "polar"', "6 E101"),
    "a line misspelt": ('2027-01-01 custom "scenraio-failure" "base" "polar"', "6 E101"),
    "a deal's line misspelt": (
        '2027-01-31 custom "dael-usage" "polar" 1 POLAR.CR', "6 E101"),
    "nothing on the line": ('2027-01-01 custom "scenario-failure"', "6 E102"),
    "too little on the line": ('2027-01-01 custom "scenario-failure" "base"', "6 E103"),
    "a number for a price": (
        '2027-01-02 custom "scenario-round" "base" "polar" 6.00', "6 E104"),
    "an unknown key": (f"{USAGE}totle: 1 POLAR.CR", "6 E105"),
    "a key of ledgers": (f'{USAGE}share: 1\n  for: "provider"', "6 E105"),
    "a key twice": (f"{USAGE}share: 1\n  share: 0.50", "6 E141"),
    "arithmetic": ('2027-01-02 custom "scenario-round" "base" "polar" 5 -3 USD', "6 E140"),
    "an unknown curve": (f'{USAGE}share: 1\n  curve: "steep"', "6 E109"),
    "two measures": (f"{USAGE}share: 1\n  total: 1 POLAR.CR", "6 E110"),
    "a share below nothing": (f"{USAGE}share: -1", "6 E113"),
    "a cut of more than all": (
        '2027-01-02 custom "scenario-price-cut" "base" "polar" 1.01', "6 E113"),
    "the end before the beginning": (
        f"{USAGE}share: 1\n  from: 2027-03-01\n  to: 2027-02-01", "6 E114"),
    "a name in capitals": ('2027-01-01 custom "scenario" "Base Case"', "6 E115"),
    "a choice no election has": (
        '2027-01-01 custom "scenario" "next"\n  extends: "base"\n'
        '  provider-sfc: "always"', "6 E109"),
    "an election of the other side": (
        '2027-01-01 custom "scenario" "next"\n  extends: "base"\n'
        '  startup-breakage-method: "remote"', "6 E105"),
    # no part of a scenario
    "a transaction": ('2027-01-01 * "x"\n  Assets:Cash   0.00 USD', "6 E821"),
    "a balance": ("2027-01-01 balance Assets:Cash 0.00 USD", "6 E821"),
    "books": ('2027-01-01 custom "books" "provider"', "6 E821"),
    "a fleet": ('2027-01-01 custom "fleet" "h100" 5.00 USD', "6 E821"),
    "a line Beancount cannot read": ('2027-01-01 custom "scenario" "x', "6 E834"),
    # names
    "an assumption of no scenario": (
        '2027-01-01 custom "scenario-failure" "bsae" "polar"', "6 E822"),
    "a directive of no scenario": (
        '2027-01-31 custom "deal-usage" "polar" 1 POLAR.CR\n  scenario: "bsae"', "6 E822"),
    "a directive of no name": (
        '2027-01-31 custom "deal-usage" "polar" 1 POLAR.CR\n  scenario: 5', "6 E108"),
    "a scenario twice": ('2027-01-01 custom "scenario" "base"', "6 E824"),
    "a deal that is not there": (
        '2027-01-02 custom "scenario-failure" "base" "pola"', "6 E825"),
    "an ordinary line of no deal": (
        '2027-01-31 custom "deal-usage" "pola" 1 POLAR.CR', "6 E123"),
    # days
    "a round before the deal": (
        '2026-12-31 custom "scenario-round" "base" "polar" 6.00 USD', "6 E826"),
    "a round after the horizon": (
        '2029-01-01 custom "scenario-round" "base" "polar" 6.00 USD', "6 E826"),
    "usage before the deal": (f"{USAGE}share: 1\n  from: 2026-12-31", "6 E826"),
    "usage after the horizon": (f"{USAGE}share: 1\n  to: 2029-01-01", "6 E826"),
    "a month outside": (f"{USAGE}usage-2029-01: 1 POLAR.CR", "6 E826"),
    "usage that begins when the credits have lapsed": (
        '2028-12-31 custom "scenario-terms" "base" "polar" "deal-grant"\n'
        '  expires: 2027-06-30\n'
        f"{USAGE}share: 0.1\n  from: 2027-07-01", "8 E826"),
    "a round after the failure": (
        '2028-01-01 custom "scenario-round" "base" "polar" 6.00 USD\n'
        '2027-12-31 custom "scenario-failure" "base" "polar"', "6 E826"),
    "usage after the failure": (
        f"{USAGE}share: 1\n  from: 2028-01-01\n"
        '2027-12-31 custom "scenario-failure" "base" "polar"', "6 E826"),
    "a second failure": (
        '2027-12-31 custom "scenario-failure" "base" "polar"\n'
        '2028-01-31 custom "scenario-failure" "base" "polar"', "7 E824"),
    # usage that cannot be spread
    "no measure": (f'{USAGE}curve: "even"', "6 E827"),
    "months and a share": (f"{USAGE}share: 1\n  usage-2027-01: 1 POLAR.CR", "6 E827"),
    "months that grow": (f"{USAGE}growth: 0.1\n  usage-2027-01: 1 POLAR.CR", "6 E827"),
    "a curve of an amount a month": (
        f'{USAGE}per-month: 1 POLAR.CR\n  curve: "front-loaded"', "6 E827"),
    "a curve that grows": (
        f'{USAGE}share: 1\n  curve: "back-loaded"\n  growth: 0.1', "6 E827"),
    "a decline of more than all": (f"{USAGE}share: 1\n  growth: -1", "6 E827"),
    "growth beyond all measure": (f"{USAGE}share: 1\n  per-month: 1", "6 E108"),
    "more than any deal holds": (
        f"{USAGE}per-month: 1 POLAR.CR\n  growth: 1000000", "6 E827"),
    "two commodities": (
        f"{USAGE}usage-2027-01: 1 POLAR.CR\n  usage-2027-02: 1 USD", "6 E827"),
    "bills of credits": (f"{USAGE}share: 1\n  payment-days: 30", "6 E827"),
    # what the engine refuses, at the line of the assumption
    "more than is granted": (f"{USAGE}share: 1.10", "6 E301"),
    "a commodity of nobody": (f"{USAGE}total: 1 POLAR.CX", "6 E117"),
    "an estimate of no tranche": (
        '2027-01-02 custom "scenario-breakage" "base" "polar" 0.1\n  tranche: "T9"',
        "6 E131"),
    "a price of no stake": (
        '2027-01-02 custom "scenario-round" "base" "polar" 6.00 USD\n  stake: "KIWI.A"',
        "6 E131"),
    # terms
    "terms of no line of a deal": (
        '2027-01-02 custom "scenario-terms" "base" "polar" "deal-grants"\n  face: 1 USD',
        "6 E109"),
    "terms of books": (
        '2027-01-02 custom "scenario-terms" "base" "polar" "books"\n  face: 1 USD',
        "6 E109"),
    "terms of a line that is not there": (
        '2027-01-02 custom "scenario-terms" "base" "polar" "deal-cash"\n  amount: 1 USD',
        "6 E829"),
    "terms of another tranche": (
        '2027-01-02 custom "scenario-terms" "base" "polar" "deal-grant"\n'
        '  tranche: "T2"\n  face: 1 USD', "6 E829"),
    "terms without terms": (
        '2027-01-02 custom "scenario-terms" "base" "polar" "deal-grant"', "6 E107"),
    "terms of no day": (
        '2027-01-02 custom "scenario-terms" "base" "polar" "deal-grant"\n'
        '  of: "today"\n  face: 1 USD', "6 E108"),
    "terms the language does not know": (
        '2027-01-02 custom "scenario-terms" "base" "polar" "deal-grant"\n  faec: 1 USD',
        "6 E105"),
    # books
    "accounts that cannot be told apart": (
        '2027-01-02 custom "deal-policy" "polar"\n  for: "provider"\n'
        '  account-revenue-breakage: '
        '"Income:Revenue:Compute:Investee:Credits:Polar"\n'
        f"{USAGE}share: 0.90", "1 E833"),
    "expense that is another thing": (
        '2027-01-02 custom "deal-charge" "polar" "Compute" Assets:Cash:Operating 1\n'
        f"{USAGE}share: 0.90", "1 E833"),
}  # fmt: skip


@pytest.mark.parametrize("name", MISTAKES)
def test_a_mistake_is_told_at_its_line(name: str, texts: Texts) -> None:
    scenario, wanted = MISTAKES[name]
    head = "\n".join(line[4:] for line in HEAD.strip("\n").splitlines())
    texts.write("", DEAL)
    texts.scenarios.write_text(f"{head}\n{scenario}\n")
    problems = texts.problems()
    assert texts.codes() == [f"scenarios.beancount:{wanted}"], problems
    for problem in problems:
        assert problem.code in CATALOGUE
        assert "\n" not in problem.message and problem.message[-1] != "."
        assert "<base>" not in problem.message


def test_another_programs_lines_and_openings_say_nothing(texts: Texts) -> None:
    texts.write(
        """
        2027-01-01 custom "fava-option" "language" "en"
        2027-01-01 open Expenses:RnD
        2027-01-01 commodity POLAR.CR
        """
    )
    assert texts.outcome().more == []


def test_a_message_names_lines_that_were_written(texts: Texts) -> None:
    """Not those an assumption was written out as: two usages alike, one assumed."""
    texts.write(
        """
        2027-01-01 custom "scenario-usage" "base" "polar"
          share: 1.10
        """
    )
    (problem,) = texts.problems()
    assert problem.code == "E301"
    assert problem.at.lineno == 6
    assert "POLAR.CR" in problem.message


def test_a_file_without_a_scenario(texts: Texts) -> None:
    texts.write("", head="; nothing yet")
    assert texts.codes() == ["scenarios.beancount:1 E820"]
    texts.scenarios.write_text("")
    assert texts.codes() == ["scenarios.beancount:1 E820"]


def test_a_file_without_a_deal(texts: Texts) -> None:
    texts.write("", "; nothing yet")
    assert texts.codes() == ["deal.beancount:1 E825"]


def test_a_deal_file_that_beancount_cannot_read(texts: Texts) -> None:
    texts.write("", f"{DEAL}\n    2027-01-01 custom deal\n")
    assert texts.codes() == ["deal.beancount:14 E834"]


@pytest.mark.parametrize("content", [b"\xff\xfe\x00", b'include "nowhere.beancount"\n'])
def test_files_that_cannot_be_read(content: bytes, texts: Texts) -> None:
    texts.write("")
    texts.scenarios.write_bytes(content)
    (problem,) = texts.problems()
    assert problem.code in ("E812", "E834"), problem


def test_a_scenario_that_is_not_in_the_file(texts: Texts) -> None:
    texts.write("")
    assert texts.codes("bsae") == ["scenarios.beancount:1 E822"]
    assert 'did you mean "base"' in texts.problems("bsae")[0].message


def test_scenarios_that_extend_each_other(texts: Texts) -> None:
    texts.write(
        """
        2027-01-01 custom "scenario" "a"
          extends: "b"
        2027-01-01 custom "scenario" "b"
          extends: "a"
        2027-01-01 custom "scenario" "c"
          extends: "c"
        2027-01-01 custom "scenario" "d"
          extends: "e"
        """
    )
    assert texts.codes("a") == ["scenarios.beancount:6 E823"]
    assert '"a" extends "b" extends "a"' in texts.problems("a")[0].message
    assert texts.codes("c") == ["scenarios.beancount:10 E823"]
    assert texts.codes("d") == ["scenarios.beancount:12 E822"]


@pytest.mark.parametrize("key", ["until", "currency", "provider-framework"])
def test_what_has_no_default_must_be_said(key: str, texts: Texts) -> None:
    kept = "\n".join(line for line in HEAD.splitlines() if f"{key}:" not in line)
    texts.write("", head=kept)
    assert texts.codes() == ["scenarios.beancount:1 E828"]
    assert key in texts.problems()[0].message


def test_sides_in_two_currencies(texts: Texts) -> None:
    texts.write(
        "",
        f"""{DEAL}
    2027-01-01 custom "books" "provider"
      framework: "ifrs"
      currency: "EUR"
    2027-01-01 custom "books" "startup"
      framework: "ifrs"
      currency: "USD"
        """,
        """
        2027-01-01 custom "scenario" "base"
          until: 2027-12-31
        """,
    )
    assert texts.codes() == ["scenarios.beancount:1 E828"]


def test_two_books_of_one_side(texts: Texts) -> None:
    books = """
    2027-01-01 custom "books" "provider"
      framework: "ifrs"
      currency: "USD"
    """
    texts.write("", f"{DEAL}{books}{books}")
    assert texts.codes() == ["deal.beancount:18 E121"]


@pytest.mark.parametrize("until", ["2026-12-31", "2127-12-31", "9999-12-31"])
def test_a_horizon_before_the_deal_or_beyond_all_books(until: str, texts: Texts) -> None:
    expected = [] if until == "2127-12-31" else ["scenarios.beancount:1 E826"]
    texts.write("", head=HEAD.replace("2028-12-31", until))
    if expected:
        assert texts.codes() == expected
    else:
        assert f"{texts.outcome().until}" == until


@pytest.mark.parametrize("deals", ["pola", "polar, kiwi"])
def test_a_scenario_of_deals_that_are_not_there(deals: str, texts: Texts) -> None:
    texts.write("", head=f'{HEAD}      deals: "{deals}"\n')
    assert texts.codes() == ["scenarios.beancount:1 E825"]


@pytest.mark.parametrize(
    "still",
    [
        '2028-06-30 custom "deal-commitment" "polar" 240000.00 USD\n      to: 2028-11-30',
        '2028-06-30 custom "deal-cash" "polar" 1.00 USD\n      event: 2027-01-01',
        '2028-06-30 custom "deal-grant" "polar" 5.00 POLAR.CR\n'
        '      tranche: "T2"\n      price: 5.00 USD',
        '2028-06-30 custom "deal-stake" "polar" 5 POLAR.A\n      event: 2027-01-01\n'
        '      fair-value: 9.00 USD\n      fair-value-source: "valuation"',
    ],
)
def test_a_failure_before_what_is_still_to_be_performed(still: str, texts: Texts) -> None:
    scenario = '\n2027-12-31 custom "scenario-failure" "base" "polar"\n'
    texts.write(scenario, f"{DEAL}\n    {still}\n")
    assert texts.codes() == ["scenarios.beancount:6 E830"]
    texts.write(
        scenario, f"{DEAL}\n    {still}\n", HEAD.replace("2028-12-31", "2027-12-31")
    )
    assert texts.outcome().courses["polar"].failed is not None


CASH_ONLY = """
    2027-01-01 custom "deal" "polar" "Polar AI"
      provider: "North Cloud"
    2027-01-01 custom "deal-stake" "polar" 100000 POLAR.A
      fair-value: 9.00 USD
      fair-value-source: "round-price"
    2027-01-01 custom "deal-cash" "polar" 900000.00 USD
"""
TWO_KINDS = f"""{DEAL}
    2027-02-01 custom "deal-grant" "polar" 1000.00 POLAR.TB
      tranche: "T2"
      price: 0.00 USD
"""


@pytest.mark.parametrize(
    ("deal", "words"), [(CASH_ONLY, "grants none"), (TWO_KINDS, "POLAR.CR and POLAR.TB")]
)
def test_a_share_of_no_credits_or_of_two_kinds(deal: str, words: str, texts: Texts) -> None:
    texts.write(
        """
        2027-01-01 custom "scenario-usage" "base" "polar"
          share: 0.90
        """,
        deal,
    )
    assert texts.codes() == ["scenarios.beancount:6 E827"]
    assert words in texts.problems()[0].message


def test_a_position_that_a_key_replaces_is_told_where_it_stands(texts: Texts) -> None:
    texts.write(
        """
        2027-01-01 custom "scenario-usage" "base" "polar"
          share: 0.90
          lineno: 3
        """
    )
    assert texts.codes() == ["scenarios.beancount:6 E106"]


def test_two_files_with_one_mistake_each_are_told_together(texts: Texts) -> None:
    texts.write('2027-01-02 custom "scenario-failure" "base"', f"{DEAL}\n    x\n")
    assert texts.codes() == ["deal.beancount:14 E834", "scenarios.beancount:6 E103"]
