"""Contracts that lose money: who is told of them, and provisions reckoned a second way."""

from __future__ import annotations

import datetime
import inspect
from decimal import Decimal
from pathlib import Path

import pytest
from beancount.core.amount import Amount

from beanscrow.checks.examine import examine
from beanscrow.deal.problems import Problem
from tests.cases.harness import by_day, generated
from tests.support.ledgers import Ledger, load_path, load_text

OWN = Path(__file__).parents[1] / "cases" / "own"
HEAD = """
plugin "beanscrow.plugins.deals"
2024-01-01 custom "books" "provider"
  framework: "ifrs"
  currency: "USD"
  through: 2025-12-31
  open-accounts: TRUE
2024-01-01 custom "deal" "moon" "Moonshot AI"
  provider: "Cloud"
  escrow-owner: "none"
"""
GRANT = """
2024-01-01 custom "deal-stake" "moon" 100 MOON.A
  fair-value-total: 650.00 USD
  fair-value-source: "valuation"
2024-01-01 custom "deal-grant" "moon" 1000 MOON.CR
"""
COST = '2024-01-01 custom "deal-cost" "moon" {} USD\n'
FLEET = """
2024-01-01 custom "fleet" "hgx-1" 300000000.00 USD
  in-service: 2024-01-01
  life-years: 6
  gpus: 8000
2025-01-01 custom "fleet-life" "hgx-1" 5
2024-01-01 custom "fleet-rate" "hgx-1"
  running: 0.45 USD
  utilisation: 0.70
  credits: 2.5 MOON.CR
"""


def found_in(text: str) -> list[Problem]:
    """Return what the checks find about onerous contracts and rates of fleets."""
    ledger = load_text(text)
    assert ledger.messages == []
    found = examine(ledger.entries, ledger.options, findings=True).problems
    return [it for it in found if it.code in ("F645", "F647")]


def codes(text: str) -> list[str]:
    return [it.code for it in found_in(text)]


# -- F645 --------------------------------------------------------------------------


def test_the_loss_is_told_at_the_grant() -> None:
    """1,000 x 0.6896 = 689.60 against 650.00."""
    text = HEAD + GRANT + COST.format("0.6896")
    (found,) = found_in(text)
    line = inspect.cleandoc(text).splitlines()[found.at.lineno - 1]
    assert line == '2024-01-01 custom "deal-grant" "moon" 1000 MOON.CR'
    assert "1000 MOON.CR of T1 are still owed on 2025-12-31" in found.message
    assert "cost 0.6896 each to serve and have 650 USD" in found.message
    assert "a loss of 39.60;" in found.message


def test_a_fleet_says_what_a_credit_costs_and_the_loss_by_the_hour() -> None:
    """62.5m over 49,056,000 hours and 0.45 are 1.72405 an hour, 0.09905 above 1.625."""
    (found,) = found_in(HEAD + GRANT + FLEET)
    assert "cost 0.6896 each" in found.message
    assert "a loss of 39.62, 0.0991 for each GPU-hour;" in found.message


def test_a_cost_that_is_written_goes_before_the_fleets() -> None:
    assert codes(HEAD + GRANT + FLEET + COST.format("0.65")) == []


@pytest.mark.parametrize(
    ("text", "told"),
    [
        pytest.param(HEAD + GRANT + COST.format("0.65"), [], id="cost is the price"),
        pytest.param(HEAD + GRANT, [], id="nobody says what they cost"),
        pytest.param(
            HEAD.replace("ifrs", "us-gaap") + GRANT + COST.format("0.70"), [], id="US GAAP"
        ),
        pytest.param(
            HEAD.replace('"provider"', '"startup"', 1) + GRANT + COST.format("0.70"),
            [],
            id="the startup",
        ),
        pytest.param(
            HEAD
            + GRANT
            + COST.format("0.70")
            + '2025-12-31 custom "deal-onerous" "moon" 0.45 USD\n',
            [],
            id="judged, and not onerous at avoidable cost",
        ),
        pytest.param(
            HEAD
            + GRANT
            + COST.format("0.70")
            + '2024-02-01 custom "deal-usage" "moon" 1000 MOON.CR\n',
            [],
            id="nothing is owed",
        ),
        pytest.param(
            HEAD
            + GRANT.replace(
                "  fair-value-source", '  vesting: "as-drawn"\n  fair-value-source'
            )
            + COST.format("0.70"),
            [],
            id="shares earned as drawn are not reckoned",
        ),
        pytest.param(
            HEAD
            + GRANT
            + COST.format("0.66")
            + '2025-01-01 custom "deal-estimate" "moon"\n  breakage: 100 MOON.CR\n',
            [],
            id="900 at 0.66 are less than 650.00",
        ),
    ],
)
def test_who_is_told(text: str, told: list[str]) -> None:
    assert codes(text) == told


def test_what_is_agreed_on_one_day_is_one_contract() -> None:
    """T2 of another day loses by itself: 100 x 0.60 against 50.00; T1 gains meanwhile."""
    more = """  tranche: "T1"
2024-02-01 custom "deal-grant" "moon" 100 MOON.CR
  tranche: "T2"
  price: 50.00 USD
"""
    (found,) = found_in(HEAD + GRANT + more + COST.format("0.60"))
    assert "100 MOON.CR of T2" in found.message
    assert "a loss of 10.00" in found.message


# -- F647 --------------------------------------------------------------------------


def test_a_rate_in_credits_nobody_grants_is_a_slip_of_the_pen() -> None:
    text = HEAD + GRANT + FLEET.replace("2.5 MOON.CR", "2.5 MOON.CT")
    (found,) = found_in(text)
    assert found.code == "F647"
    assert "MOON.CT, which no deal of this ledger grants; the deals grant MOON.CR" in (
        found.message
    )


# -- E645 --------------------------------------------------------------------------


def tampered(ledger: Ledger) -> list[list[str]]:
    """Return what is told where each provision in turn is a cent too large."""
    told = []
    for entry in generated(ledger.entries):
        if not any("Provisions" in posting.account for posting in entry.postings):
            continue
        postings = [
            posting._replace(units=Amount(posting.units.number + cent, "USD"))
            for posting, cent in zip(
                entry.postings, (Decimal("0.01"), Decimal("-0.01")), strict=True
            )
            if posting.units is not None and posting.units.number is not None
        ]
        changed = entry._replace(postings=postings)
        entries = [changed if each is entry else each for each in ledger.entries]
        found = examine(entries, ledger.options, findings=False).problems
        told.append([problem.code for problem in found])
    return told


def test_no_provision_can_be_a_cent_off() -> None:
    told = tampered(load_path(OWN / "onerous.beancount"))
    assert len(told) == 10
    assert told == [["E645"]] * 10


REMOTE = """
2024-02-01 custom "deal-usage" "moon" 100 MOON.CR
2024-03-01 custom "deal-onerous" "moon" 0.80 USD
2024-04-01 custom "deal-estimate" "moon"
  {estimate}
2024-06-01 custom "deal-amend" "moon"
  tranche: "T1"
  expires: 2025-06-30
2024-07-01 custom "deal-usage" "moon" 100 MOON.CR
"""


@pytest.mark.parametrize(
    "estimate", ["remote: 100 MOON.CR", "breakage: 0.333", "breakage: 50 MOON.CR"]
)
@pytest.mark.parametrize("method", ["remote", "proportional"])
def test_credits_expected_never_to_be_drawn_cost_nothing(
    estimate: str, method: str
) -> None:
    """Under either method the entries and the second way agree."""
    if method == "proportional" and estimate.startswith("remote"):
        return
    policy = f'2024-01-01 custom "deal-policy" "moon"\n  breakage-method: "{method}"\n'
    ledger = load_text(HEAD + policy + GRANT + REMOTE.format(estimate=estimate))
    assert ledger.messages == []
    assert examine(ledger.entries, ledger.options, findings=False).problems == []
    left = sum(
        number
        for (_, name, _), number in by_day(ledger.entries).items()
        if "Provisions" in name
    )
    assert left == 0


# -- in time -----------------------------------------------------------------------


@pytest.mark.parametrize("last", ["2024-06-30", "2024-07-31", "2024-10-31", "2024-12-30"])
def test_a_run_to_a_day_is_the_beginning_of_the_whole_run(last: str) -> None:
    text = (OWN / "onerous.beancount").read_text()
    cut = text.replace('  framework: "ifrs"', f'  through: {last}\n  framework: "ifrs"')
    day = datetime.date.fromisoformat(last)
    whole = by_day(generated(load_text(text).entries))
    assert by_day(generated(load_text(cut).entries)) == {
        key: number for key, number in whole.items() if key[0] <= day
    }


def test_a_cost_put_right_moves_the_provision_on_its_own_day() -> None:
    """1,000 x 0.70 - 650.00 = 50.00; at 0.68 it would have been 30.00."""
    text = (
        HEAD
        + GRANT
        + """
2024-06-30 custom "deal-onerous" "moon" 0.70 USD
2024-09-30 custom "deal-correct" "moon" "deal-onerous" 2024-06-30
  amount: 0.68 USD
2024-12-31 custom "deal-usage" "moon" 500 MOON.CR
"""
    )
    ledger = load_text(text)
    assert ledger.messages == []
    provided = {
        str(day): number
        for (day, name, _), number in by_day(ledger.entries).items()
        if "Provisions" in name
    }
    assert provided == {
        "2024-06-30": Decimal("-50.00"),
        "2024-09-30": Decimal("20.00"),
        "2024-12-31": Decimal("15.00"),
    }


def test_a_cost_of_zero_ends_a_judgement() -> None:
    """Then the tranches may be judged apart."""
    text = (
        HEAD
        + GRANT
        + """
2024-06-30 custom "deal-onerous" "moon" 0.70 USD
2024-07-31 custom "deal-onerous" "moon" 0.00 USD
2024-08-31 custom "deal-onerous" "moon" 0.66 USD
  tranche: "T1"
"""
    )
    ledger = load_text(text)
    assert ledger.messages == []
    provided = [
        (str(day), number)
        for (day, name, _), number in sorted(by_day(ledger.entries).items())
        if "Provisions" in name
    ]
    assert provided == [
        ("2024-06-30", Decimal("-50.00")),
        ("2024-07-31", Decimal("50.00")),
        ("2024-08-31", Decimal("-10.00")),
    ]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (
            HEAD
            + GRANT.replace(
                "  fair-value-source", '  vesting: "as-drawn"\n  fair-value-source'
            ),
            "E290: an onerous contract whose shares are earned as drawn",
        ),
        (
            HEAD.replace('owner: "none"', 'owner: "startup"')
            + GRANT
            + "  escrow: 100.00 USD\n",
            "E290: an onerous contract whose escrow is the startup's",
        ),
    ],
)
def test_what_is_not_built_is_refused(text: str, words: str) -> None:
    ledger = load_text(text + '2024-06-30 custom "deal-onerous" "moon" 0.70 USD\n')
    (message,) = ledger.messages
    assert message.startswith(words)


def test_several_tranches_on_one_account_are_not_told_apart() -> None:
    """The second way passes such books by, and accuses nobody."""
    one = HEAD.replace(
        "  open-accounts",
        '  account-contract-liability: "Liabilities:Credits"\n  open-accounts',
    )
    ledger = load_text(one + GRANT + '2024-06-30 custom "deal-onerous" "moon" 0.70 USD\n')
    assert ledger.messages == []


def test_of_two_judgements_of_a_day_the_later_holds_and_the_earlier_is_accounted_for() -> (
    None
):
    lines = (
        '2024-03-01 custom "deal-onerous" "moon" 5.00 USD\n  sequence: 1\n'
        '2024-03-01 custom "deal-onerous" "moon" 6.00 USD\n  sequence: 2\n'
    )
    both = load_text(HEAD + GRANT + lines)
    alone = load_text(HEAD + GRANT + '2024-03-01 custom "deal-onerous" "moon" 6.00 USD\n')
    assert both.messages == []
    assert by_day(generated(both.entries)) == by_day(generated(alone.entries))
