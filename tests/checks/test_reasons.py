"""A directive without an entry: in its nature, for a reason that was told, or an error."""

from __future__ import annotations

from typing import Any

import pytest
from beancount.core.data import Transaction

from beanscrow.checks.examine import examine
from tests.support.ledgers import load_text

BOOKS = """
plugin "beanscrow.plugins.deals"
2024-01-01 custom "books" "{side}"
  framework: "us-gaap"
  currency: "USD"
  open-accounts: TRUE
  breakage-method: "{method}"
2024-01-01 custom "deal" "moon" "Moonshot AI"
  provider: "Cloud"
  escrow-owner: "{owner}"
2024-01-01 custom "deal-stake" "moon" 100 MOON.A
  fair-value: 1.00 USD
  fair-value-source: "valuation"
2024-01-01 custom "deal-grant" "moon" 100 MOON.CR
  tranche: "T1"
2024-01-01 custom "deal-charge" "moon" "Compute" Expenses:Training 1
2024-03-31 custom "deal-usage" "moon" 40 MOON.CR
"""


def books(
    more: str = "", *, side: str = "provider", method: str = "remote", owner: str = "none"
) -> str:
    """Return a ledger of one deal with some further lines."""
    text = BOOKS.format(side=side, method=method, owner=owner)
    if side == "startup":
        text = text.replace('  breakage-method: "remote"\n', "")
    return text + more


def checked(text: str, taken: str = "") -> list[str]:
    """Return the errors of the checks, with entries whose narration holds a word taken away."""
    ledger = load_text(text)
    entries: list[Any] = [
        entry
        for entry in ledger.entries
        if not (taken and isinstance(entry, Transaction) and taken in str(entry.narration))
    ]
    found = examine(entries, ledger.options, findings=False).problems
    return [problem.code for problem in found if problem.level == "error"]


NOTHING_TO_BOOK = {
    "an estimate under the remote method": (
        '2024-04-30 custom "deal-estimate" "moon"\n  breakage: 0.10\n',
        {},
    ),
    "an estimate before anything is drawn": (
        '2024-01-31 custom "deal-estimate" "moon"\n  breakage: 0.10\n',
        {"method": "proportional"},
    ),
    "an estimate that is the one in force": (
        '2024-01-31 custom "deal-estimate" "moon"\n  breakage: 0.10\n'
        '2024-04-30 custom "deal-estimate" "moon"\n  breakage: 10 MOON.CR\n',
        {"method": "proportional"},
    ),
    "a price the stake stands at already": (
        '2024-04-30 custom "deal-valuation" "moon" 1.00 USD\n'
        '  kind: "observable"\n  source: "Series A"\n',
        {},
    ),
    "an amendment of the expiry": (
        '2024-04-30 custom "deal-amend" "moon"\n  tranche: "T1"\n  expires: 2025-12-31\n',
        {},
    ),
    "a judgement of the provider in the startup's books": (
        '2024-04-30 custom "deal-estimate" "moon"\n  breakage: 0.10\n',
        {"side": "startup"},
    ),
    "a line for the other side": (
        '2024-04-30 custom "deal-usage" "moon" 1 MOON.CR\n  for: "startup"\n',
        {},
    ),
    "the cost to serve a credit": ('2024-04-30 custom "deal-cost" "moon" 0.10 USD\n', {}),
}


@pytest.mark.parametrize("case", NOTHING_TO_BOOK)
def test_a_directive_by_whose_nature_nothing_is_booked(case: str) -> None:
    more, of = NOTHING_TO_BOOK[case]
    assert load_text(books(more, **of)).messages == []
    ledger = load_text(books(more, **of))
    del ledger.options["beanscrow"]  # no reasons but those of its nature
    found = examine(ledger.entries, ledger.options, findings=False).problems
    assert [p.code for p in found if p.level == "error"] == []


BOOKED = {
    "an estimate that changes revenue": (
        '2024-04-30 custom "deal-estimate" "moon"\n  breakage: 0.10\n',
        {"method": "proportional"},
        "estimated anew",
    ),
    "an impairment": (
        '2024-04-30 custom "deal-valuation" "moon" 0.50 USD\n'
        '  kind: "impairment"\n  source: "memo"\n',
        {},
        "impairment",
    ),
    "an amendment of the escrow": (
        '2024-04-30 custom "deal-amend" "moon"\n  tranche: "T1"\n  escrow: 50.00 USD\n',
        {"owner": "provider"},
        "amended",
    ),
    "usage in money": (
        '2024-04-30 custom "deal-usage" "moon" 10.00 USD\n',
        {},
        "10.00 USD",
    ),
}


@pytest.mark.parametrize("case", BOOKED)
def test_a_directive_whose_entry_is_gone(case: str) -> None:
    more, of, words = BOOKED[case]
    text = books(more, **of)
    assert checked(text) == []
    assert checked(text, taken=words) == ["E609"]


def test_what_was_refused_needs_no_entry() -> None:
    more = '2024-04-30 custom "deal-usage" "moon" 61 MOON.CR\n'
    ledger = load_text(books(more))
    (message,) = ledger.messages
    assert message.startswith("E301: ")


def test_an_event_with_a_refused_leg_is_booked_whole_or_not_at_all() -> None:
    more = """
2024-06-30 custom "deal-stake" "moon" 10 MOON.A
  fair-value: 1.00 USD
  fair-value-source: "rumour"
2024-06-30 custom "deal-grant" "moon" 10 MOON.CR
  tranche: "T2"
"""
    ledger = load_text(books(more))
    assert {message[:4] for message in ledger.messages} == {"E109", "E212"}


def test_facts_after_the_day_the_books_have_reached_are_not_booked_yet() -> None:
    through = books().replace("  framework", "  through: 2024-02-29\n  framework")
    assert load_text(through).messages == []
    assert checked(through) == []


def test_a_deal_whose_own_line_is_refused_needs_no_entries() -> None:
    text = books().replace('  escrow-owner: "none"\n', "")
    assert [message[:4] for message in load_text(text).messages] == ["E130"]


@pytest.mark.parametrize("election", ['sfc: "force"', "sfc-rate: 0.05"])
def test_an_election_of_the_books_that_is_refused_says_nothing_of_the_deals(
    election: str,
) -> None:
    text = books().replace('currency: "USD"', f'currency: "USD"\n  {election}')
    assert [message[:4] for message in load_text(text).messages] == ["E223"]
    assert checked(text) == []


def test_a_note_about_a_line_is_no_reason_not_to_book_it() -> None:
    """The stake's fair value is not used, and the stake is booked all the same."""
    text = (
        books()
        .replace('"valuation"', '"ssp"')
        .replace('  tranche: "T1"', '  tranche: "T1"\n  ssp: 1.00 USD')
    )
    assert checked(text) == []
    assert checked(text, taken="for credits") == ["E609"]


def test_a_leg_settled_later_has_an_entry_of_its_own() -> None:
    text = books().replace(
        '2024-01-01 custom "deal-stake" "moon" 100 MOON.A',
        '2024-01-15 custom "deal-stake" "moon" 100 MOON.A\n  event: 2024-01-01',
    )
    assert checked(text) == []
    assert checked(text, taken="received") == ["E609"]


@pytest.mark.parametrize("side", ["provider", "startup"])
def test_cash_into_the_startups_escrow_after_the_event_has_an_entry_of_its_own(
    side: str,
) -> None:
    text = books(side=side, owner="startup").replace(
        '2024-01-01 custom "deal-grant" "moon" 100 MOON.CR',
        '2024-02-01 custom "deal-grant" "moon" 100 MOON.CR\n'
        "  escrow: 100.00 USD\n  event: 2024-01-01",
    )
    assert checked(text) == []
    assert "E609" in checked(text, taken="escrow")


def test_a_leg_for_the_other_side_excuses_nobody() -> None:
    other = '2024-01-01 custom "deal-cash" "moon" 1.00 USD\n  for: "startup"\n'
    assert load_text(books(other)).messages == []
    assert checked(books(other)) == []
    assert checked(books(other), taken="for credits") == ["E609"]


OVERAGE = """
2024-05-31 custom "deal-usage" "moon" 70 MOON.CR
"""


def test_what_exceeds_the_credits_is_billed_and_the_rest_is_drawn() -> None:
    text = books(OVERAGE).replace(
        "  escrow-owner", '  overage: "bill"\n  overage-price: 1.00 USD\n  escrow-owner'
    )
    assert load_text(text).messages == []
    assert checked(text) == []
    assert checked(text, taken="billed") == ["E610"]
    assert checked(text, taken="60 MOON.CR from T1") == ["E610"]


def test_a_service_of_before_its_credits_were_granted_is_billed_whole() -> None:
    late = """
2024-04-15 custom "deal-usage" "moon" 10 MOON.CR
  of: 2023-12-15
"""
    text = books(late).replace(
        "  escrow-owner", '  overage: "bill"\n  overage-price: 1.00 USD\n  escrow-owner'
    )
    text = text.replace('  tranche: "T1"', '  tranche: "T1"\n  effective: 2023-10-01')
    assert load_text(text).messages == []
    assert checked(text) == []
    assert checked(text, taken="billed") == ["E609"]


@pytest.mark.parametrize(
    "wrong",
    [
        '2024-01-01 custom "deal" "moon" "Moonshot AI"\n',
        '2024-01-01 custom "deal-policy" "moon"\n  role: "customer"\n',
        '2024-02-01 custom "deal-amend" "moon"\n  tranche: "T1"\n  expires: 2024-01-31\n',
        '2024-02-01 custom "books" "startup"\n  framework: "us-gaap"\n  currency: "USD"\n',
    ],
)
def test_what_is_refused_has_no_effect_on_the_checks(wrong: str) -> None:
    """It stands first in the text, and the checks go by what is in effect."""
    ledger = load_text(wrong + books())
    assert {message[:2] for message in ledger.messages} <= {"E1", "E3"}
    assert ledger.messages != []
    assert checked(wrong + books()) == []


def test_a_directive_whose_position_is_overwritten_is_left_to_the_reader() -> None:
    text = books('2024-04-30 custom "deal-usage" "moon" 1 MOON.CR\n  lineno: 3\n')
    assert [message[:4] for message in load_text(text).messages] == ["E106"]
    alone = books().replace("40 MOON.CR", "40 MOON.CR\n  lineno: 3")
    assert [message[:4] for message in load_text(alone).messages] == ["E106"]
