"""What somebody should look at in the life of a stake with influence, and nothing else."""

from __future__ import annotations

import inspect
from decimal import Decimal
from pathlib import Path

import pytest
from beancount.core.amount import Amount
from beancount.core.data import Custom, Posting, Transaction

from beanscrow.checks.examine import examine
from tests.cases.expected import outcomes
from tests.support.ledgers import load_text

BOOKS = """
plugin "beanscrow.plugins.deals"
2024-01-01 custom "books" "provider"
  framework: "us-gaap"
  currency: "USD"
  open-accounts: TRUE
2024-01-01 custom "deal" "moon" "Moonshot AI"
  provider: "Cloud"
2024-01-01 custom "deal-policy" "moon"
  method: "equity-method"
  equity-lag: 1
2024-02-01 custom "deal-stake" "moon" 1000 MOON.O
  fair-value: 1.00 USD
  fair-value-source: "round-price"
  instrument: "common"
  ownership: 0.25
2024-02-01 custom "deal-cash" "moon" 1000.00 USD
"""
RESULT = """
{day} custom "deal-result" "moon" {amount} USD
  from: {first}
  to: {last}
"""


def result(day: str, first: str, last: str, amount: str = "-100.00") -> str:
    """Return the line of a result taken up on a day."""
    return RESULT.format(day=day, first=first, last=last, amount=amount)


def found(text: str) -> list[str]:
    """Return code and date of everything the checks say of a ledger without errors."""
    ledger = load_text(text)
    assert ledger.messages == []
    problems = examine(ledger.entries, ledger.options, findings=True).problems
    lines = inspect.cleandoc(text).splitlines()
    return [
        f"{problem.code} {lines[problem.at.lineno - 1].split()[0]}"
        for problem in problems
        if problem.level != "note"
    ]


# -- results -----------------------------------------------------------------------


def test_a_result_taken_up_when_it_is_due_is_no_finding() -> None:
    assert found(BOOKS + result("2024-04-30", "2024-02-01", "2024-03-31")) == []


def test_a_result_taken_up_a_day_late_is_told() -> None:
    late = result("2024-05-01", "2024-02-01", "2024-03-31")
    assert found(BOOKS + late) == ["F630 2024-05-01"]


def test_days_in_two_results_are_told_at_the_later_one() -> None:
    first = result("2024-04-30", "2024-02-01", "2024-03-31")
    second = result("2024-07-31", "2024-03-31", "2024-06-30")
    assert found(BOOKS + first + second) == ["F631 2024-07-31"]


def test_days_before_the_stake_was_held_are_told() -> None:
    assert found(BOOKS + result("2024-04-30", "2024-01-31", "2024-03-31")) == [
        "F631 2024-04-30"
    ]


def test_a_stake_held_before_these_books_has_results_of_any_day() -> None:
    opening = BOOKS.replace("  ownership", "  opening: TRUE\n  ownership")
    opening = opening.partition('2024-02-01 custom "deal-cash"')[0]
    policy = '"equity-method"\n  opening-carrying: 1000.00 USD\n'
    opening = opening.replace('"equity-method"\n', policy)
    assert found(opening + result("2024-04-30", "2024-01-01", "2024-03-31")) == []


# -- further purchases -------------------------------------------------------------

MORE = """
2024-06-01 custom "deal-stake" "moon" 100 MOON.O
  fair-value: 1.00 USD
  fair-value-source: "round-price"
  instrument: "common"
2024-06-01 custom "deal-cash" "moon" 100.00 USD
"""


def test_a_purchase_that_does_not_say_the_share_is_told() -> None:
    assert found(BOOKS + MORE) == ["F632 2024-06-01"]
    assert found(BOOKS + MORE.replace('"common"', '"common"\n  ownership: 0.27')) == []


def test_a_purchase_while_losses_are_in_mind_is_told() -> None:
    """Whether it pays for them is a judgement (323-10-35-29)."""
    lost = result("2024-04-30", "2024-02-01", "2024-03-31", "-9000.00")
    more = MORE.replace('"common"', '"common"\n  ownership: 0.27')
    assert found(BOOKS + lost + more) == ["F632 2024-06-01"]


# -- the second way ----------------------------------------------------------------

OWN = Path(__file__).parents[1] / "cases" / "own"


def moved(case: str, narration: str, role: str, other: str) -> list[str]:
    """Return the errors when one entry of a case moves a coin between two accounts.

    It stays balanced, so that nothing but what the directives say can tell.
    """
    text = outcomes(OWN / f"{case}.beancount")[0].text
    ledger = load_text(text)
    at = next(
        index
        for index, entry in enumerate(ledger.entries)
        if isinstance(entry, Transaction) and narration in (entry.narration or "")
    )
    entry = ledger.entries[at]
    coin = Decimal("0.01")
    more = [
        Posting(account, Amount(number, "USD"), None, None, None, None)
        for account, number in ((role, coin), (other, -coin))
    ]
    changed = entry._replace(postings=[*entry.postings, *more])
    entries = [*ledger.entries[:at], changed, *ledger.entries[at + 1 :]]
    problems = examine(entries, ledger.options, findings=False).problems
    refused = {code[:4] for code in ledger.messages}
    return [p.code for p in problems if p.level == "error" and p.code not in refused]


SHARE = "Income:EquityMethod:ShareOfResult:Moon"
CASH = "Assets:Cash:Operating"
DEFERRED = "Liabilities:DeferredIntraEntityProfit:Moon"
OWED = "Liabilities:EquityMethod:Losses:Moon"


@pytest.mark.parametrize(
    ("case", "narration", "role", "code"),
    [
        ("equity-method", "Share of the result from 2024-01-01", SHARE, "E630"),
        ("equity-method", "Profit in the investee's model, unrealised", SHARE, "E630"),
        ("equity-method", "Profit in the investee's model, now", DEFERRED, "E631"),
        ("equity-basis", "7,285.71 of basis difference", SHARE, "E630"),
        (
            "equity-basis",
            "deemed sale",
            "Income:EquityMethod:DilutionGain:Moon",
            "E630",
        ),
        ("equity-below-zero", "Share of the result from 2024-01-01", OWED, "E631"),
        ("equity-below-zero", "settled by the further", OWED, "E631"),
        ("equity-guarantee-ends", "Guaranteed for the investee: 150", OWED, "E631"),
        ("equity-deferred-sold", "400 MOON.O sold", DEFERRED, "E632"),
        ("equity-commitment-sold", "1,000 MOON.O sold", OWED, "E632"),
        ("equity-converted", "500 MOON.C converted", DEFERRED, "E632"),
        ("equity-handed-back", "forfeited", DEFERRED, "E632"),
        ("equity-influence-lost-ifrs", "Influence lost", DEFERRED, "E632"),
    ],
)
def test_a_coin_in_the_wrong_place_is_told(
    case: str, narration: str, role: str, code: str
) -> None:
    assert moved(case, narration, role, CASH)[0] == code


def test_a_stake_left_at_another_price_than_the_one_stated_is_told() -> None:
    """The remeasurement after influence was lost is taken away."""
    ledger = load_text(outcomes(OWN / "equity-influence-lost.beancount")[0].text)
    kept = [
        entry
        for entry in ledger.entries
        if not (isinstance(entry, Transaction) and "remeasured" in str(entry.narration))
    ]
    problems = examine(kept, ledger.options, findings=False).problems
    (told,) = [p for p in problems if p.code == "E632"]
    assert "400 MOON.O stand at 640.00 on 2025-03-31" in told.message
    assert "at 3.00 a unit they are worth 1,200.00" in told.message


def test_several_roles_on_one_account_are_compared_together() -> None:
    text = outcomes(OWN / "equity-basis.beancount")[0].text
    one = '  account-dilution-gain: "Income:EquityMethod:ShareOfResult:Moon"\n'
    together = text.replace("  open-accounts", one + "  open-accounts")
    assert load_text(together).messages == []


# -- control -----------------------------------------------------------------------

CONTROL = """
plugin "beanscrow.plugins.deals"
2024-01-01 custom "books" "provider"
  framework: "us-gaap"
  currency: "USD"
  open-accounts: TRUE
  through: 2024-12-31
2024-01-01 custom "deal" "moon" "Moonshot AI"
  provider: "Cloud"
  escrow-owner: "none"
2024-01-01 custom "deal-stake" "moon" 100 MOON.A
  fair-value: 1.00 USD
  fair-value-source: "valuation"
2024-01-01 custom "deal-grant" "moon" 100 MOON.CR
2024-03-31 custom "deal-usage" "moon" 40 MOON.CR
2024-06-30 custom "deal-control" "moon"
  fair-value: 1.50 USD
  acquired-prepaid: 60.00 USD
  reason: "60 % of the votes"
2024-07-31 custom "deal-usage" "moon" 10 MOON.CR
"""
OTHER = """
2024-01-01 custom "deal" "second" "Moonshot AI"
  provider: "Cloud"
2024-0{month}-15 custom "deal-usage" "second" 10.00 USD
"""
CUSTOMER = "Income:Revenue:Compute:Investee:Credits:Moon"


def test_a_subsidiary_of_which_all_is_inside_is_no_finding() -> None:
    assert found(CONTROL) == []


def test_another_deal_of_a_subsidiary_is_told() -> None:
    assert found(CONTROL + OTHER.format(month=6)) == []
    assert found(CONTROL + OTHER.format(month=7)) == ["F633 2024-01-01"]
    own = '2024-06-30 custom "deal-control" "second"\n  reason: "the same"\n'
    assert found(CONTROL + OTHER.format(month=7) + own) == []


def test_a_security_left_outside_is_told() -> None:
    other = """
2024-02-01 custom "deal-stake" "moon" 10 MOON.B
  fair-value: 1.00 USD
  fair-value-source: "valuation"
2024-02-01 custom "deal-cash" "moon" 10.00 USD
"""
    one = CONTROL.replace("  fair-value: 1.50", '  stake: "MOON.A"\n  fair-value: 1.50')
    assert found(one + other) == ["F633 2024-06-30"]


def test_a_prepaid_that_does_not_meet_what_is_owed_is_told() -> None:
    less = CONTROL.replace("60.00", "55.00")
    assert found(less) == ["F633 2024-06-30"]
    said = less.replace("  acquired", "  off-market: -5.00 USD\n  acquired")
    assert found(said) == []


def test_revenue_of_a_customer_after_control_is_told() -> None:
    """An entry after the day that posts where a customer's do."""
    ledger = load_text(CONTROL)
    at, entry = next(
        (index, entry)
        for index, entry in enumerate(ledger.entries)
        if isinstance(entry, Transaction) and entry.date.month == 7
    )
    changed = entry._replace(
        postings=[
            posting._replace(account=CUSTOMER)
            if posting.account == "Income:IntraGroup:Compute:Moon"
            else posting
            for posting in entry.postings
        ]
    )
    assert changed != entry
    entries = [*ledger.entries[:at], changed, *ledger.entries[at + 1 :]]
    problems = examine(entries, ledger.options, findings=False).problems
    (told,) = [p for p in problems if p.level == "error"]
    assert told.code == "E633"
    assert f"posts to {CUSTOMER}" in told.message


def test_a_subsidiary_at_another_amount_than_its_fair_value_is_told() -> None:
    text = CONTROL.replace("fair-value: 1.50", "fair-value: 1.51")
    ledger, other = load_text(CONTROL), load_text(text)
    customs = [entry for entry in other.entries if isinstance(entry, Custom)]
    booked = [entry for entry in ledger.entries if isinstance(entry, Transaction)]
    problems = examine([*customs, *booked], other.options, findings=False).problems
    assert {p.code for p in problems} == {"E633"}
    assert "stand at 150.00 as a subsidiary's" in problems[0].message
