"""A ledger in, terms and problems out."""

from __future__ import annotations

import datetime
from decimal import Decimal

import pytest
from beancount.core.data import Custom

from beanscrow.deal.reader import read
from beanscrow.deal.terms import (
    Amend,
    Charge,
    Commitment,
    Correct,
    EscrowOwner,
    Estimate,
    Grant,
    Money,
    Stake,
    Usage,
    Valuation,
    Warrant,
)
from tests.deal.reading import MOON, facts, message, parse, reading, told

USD = "USD"


def day(text: str) -> datetime.date:
    return datetime.date.fromisoformat(text)


# defaults ------------------------------------------------------------------------


def test_what_follows_from_other_values_is_filled_in() -> None:
    read = reading(
        """
2024-03-01 custom "deal" "amd-oai" "OpenAI"
  provider: "AMD"
2024-03-01 custom "deal-stake" "amd-oai" 10 OAI.A
  fair-value: 1.00 USD
  fair-value-source: "valuation"
2024-03-01 custom "deal-warrant" "amd-oai" 1000 AMD.W
  fair-value: 150.00 USD
  vests-on: 2000.00 USD
2024-03-02 custom "deal-commitment" "amd-oai" 500.00 USD
  to: 2025-03-01
  event: 2024-03-01
"""
    )
    assert told(read) == []
    deal = read.agreements["amd-oai"].deal
    assert (deal.party, deal.account) == ("OpenAI", "AmdOai")
    assert (deal.timezone, deal.service, deal.overage) == ("UTC", "Compute", "refuse")
    (stake,) = facts(read, Stake, "amd-oai")
    assert stake.event == stake.unconditional == day("2024-03-01")
    (warrant,) = facts(read, Warrant, "amd-oai")
    assert (warrant.from_, warrant.expected) == (day("2024-03-01"), Decimal(1))
    (commitment,) = facts(read, Commitment, "amd-oai")
    assert (commitment.commitment, commitment.from_) == ("C1", day("2024-03-02"))
    assert commitment.event == day("2024-03-01")


def test_usage_has_the_service_of_its_deal() -> None:
    text = MOON.replace("  escrow-owner", '  service: "Inference"\n  escrow-owner')
    read = reading(
        text
        + """
2024-03-31 custom "deal-usage" "moon" 1 MOON.CR
2024-04-30 custom "deal-usage" "moon" 1 MOON.CR
  service: "Training"
"""
    )
    assert [usage.service for usage in facts(read, Usage)] == ["Inference", "Training"]


def test_elections_are_only_what_is_written() -> None:
    read = reading(
        MOON
        + """
2024-03-01 custom "deal-policy" "moon"
  breakage-method: "proportional"
  valuation-gap: 0.05
  account-cash: "Assets:Cash:Bank"
  usage-match-provider: "Alibaba, Aliyun"
  usage-match-tag: "deal=moon"
  usage-match-priority: 2
"""
    )
    assert told(read) == []
    (policy,) = read.agreements["moon"].policies
    assert policy.elections == {
        "breakage-method": "proportional",
        "valuation-gap": Decimal("0.05"),
    }
    assert policy.accounts == {"cash": "Assets:Cash:Bank"}
    assert policy.usage_match == {
        "provider": ("Alibaba", "Aliyun"),
        "tag": ("deal=moon",),
        "priority": ("2",),
    }
    assert read.books is not None
    assert read.books.elections == {}


def test_every_further_key_is_kept_as_text() -> None:
    read = reading(
        MOON
        + """
2024-03-31 custom "deal-usage" "moon" 1 MOON.CR
  x-team: "research"
  note: "by hand"
  sequence: 2
2024-03-31 custom "deal-usage" "moon" 1 MOON.CR
  import-id: "a"
  note: "imported"
"""
    )
    by_hand, imported = facts(read, Usage)
    assert by_hand.rest == "note=by hand\nx-team=research"
    assert by_hand.sequence == 2
    assert imported.rest == ""


def test_a_ramp_and_blends_and_a_fraction_or_credits() -> None:
    read = reading(
        MOON
        + """
2024-06-01 custom "deal-commitment" "moon" 60.00 USD
  to: 2025-12-31
  ramp-2024-12: 20.00 USD
  ramp-2025-12: 40.00 USD
2024-06-01 custom "deal-grant" "moon" 5 MOON.CR
  tranche: "T2"
  modification: "blend"
  blends: "T1"
2024-07-01 custom "deal-estimate" "moon"
  tranche: "T1"
  breakage: 0.05
2024-08-01 custom "deal-amend" "moon"
  tranche: "T1"
  breakage: 100 MOON.CR
"""
    )
    assert told(read) == []
    (commitment,) = facts(read, Commitment)
    assert commitment.ramp == {
        "2024-12": Money(Decimal("20.00"), USD),
        "2025-12": Money(Decimal("40.00"), USD),
    }
    assert [grant.blends for grant in facts(read, Grant)] == [(), ("T1",)]
    assert facts(read, Estimate)[0].breakage == Decimal("0.05")
    assert facts(read, Amend)[0].breakage == Money(Decimal(100), "MOON.CR")


def test_bare_words_are_words() -> None:
    """Beancount hands a bare commodity on as text; the language takes it."""
    read = reading(MOON.replace('"T1"', "T1"))
    assert told(read) == []
    assert facts(read, Grant)[0].tranche == "T1"


# what is ours and what is not ------------------------------------------------------


def test_what_is_not_ours_passes_untouched() -> None:
    entries, options = parse(
        """
2024-01-01 open Assets:Cash
2024-01-01 custom "budget" Assets:Cash "monthly" 10 USD
  dael: "moon"
2024-01-02 custom "fava-option" "language" "en"
"""
    )
    read_ = read(entries, options)
    assert read_.entries is entries
    assert read_.problems == []
    assert read_.books is None


def test_a_custom_without_values_gets_an_empty_list_of_them() -> None:
    entries, options = parse(
        """
2024-01-01 custom "budget"
2024-01-02 custom "deal-usage"
"""
    )
    before = list(entries)
    read_ = read(entries, options)
    assert [entry.values for entry in read_.entries] == [[], []]
    assert entries == before and entries[0].values is None
    assert told(read_, "E") == [(1, "E128"), (2, "E102")] or told(read_, "E") == [
        (2, "E102"),
        (2, "E128"),
    ]


def test_an_empty_ledger() -> None:
    assert read([], {}) == ([], None, {}, (), [], None)


@pytest.mark.parametrize(
    ("name", "near"),
    [("deal-useage", "deal-usage"), ("dealgrant", "deal-grant"), ("books2", "books")],
)
def test_a_misspelt_directive_is_told(name: str, near: str) -> None:
    read = reading(MOON + f'2024-03-31 custom "{name}" "moon" 1 MOON.CR\n')
    assert told(read) == [(9, "E101")]
    assert f'did you mean "{near}"?' in message(read, "E101")


# one line at a time -----------------------------------------------------------------


def test_a_refused_line_leaves_the_others_and_is_remembered() -> None:
    read = reading(
        MOON
        + """
2024-03-31 custom "deal-usage" "moon" 1 MOON.CR
2024-04-30 custom "deal-usage" "moon" 0 MOON.CR
2024-05-31 custom "deal-usage" "moon" 2 MOON.CR
2024-06-05 custom "deal-grant" "moon" 5 MOON.CR
  tranche: "T2"
  event: 2024-06-01
  expires: "never"
2024-03-01 custom "deal" "other" "Zhipu"
  provider: "Alibaba Cloud"
"""
    )
    assert told(read) == [(11, "E113"), (13, "E108")]
    assert [usage.quantity.number for usage in facts(read, Usage)] == [1, 2]
    usage, grant = read.agreements["moon"].refused
    assert (usage.directive, usage.at.lineno, usage.event) == ("deal-usage", 11, None)
    assert (grant.directive, grant.date) == ("deal-grant", day("2024-06-05"))
    assert grant.event == day("2024-06-01")
    assert read.agreements["other"].refused == ()


def test_a_refused_deal_makes_its_lines_wait() -> None:
    read = reading(MOON.replace('"provider"', '"nobody"'))
    assert told(read) == [(1, "E109"), (4, "N103")]
    assert read.agreements == {}
    assert "2 directives" in message(read, "N103")


def test_all_that_is_wrong_with_a_line_is_told_at_once() -> None:
    read = reading(
        MOON
        + """
2024-04-01 custom "deal-forfeit" "moon" 5 MOON.CR
  reason: "boredom"
  shares-returned: 1
  prise: 3 USD
"""
    )
    assert told(read) == [(10, "E105"), (10, "E108"), (10, "E109")]


def test_problems_stand_in_order_of_position() -> None:
    read = reading(
        """
2024-04-01 custom "deal-usage" "b" 5 MOON.CR
2024-03-01 custom "deal-usage" "a" 5 MOON.CR
"""
    )
    assert [problem.at.lineno for problem in read.problems] == [1, 2]


def test_ids_and_names_are_looked_up_in_words() -> None:
    read = reading(MOON + '2024-04-01 custom "deal-usage" "Moon" 5 MOON.CR\n')
    assert message(read, "E123").endswith('the ledger has moon; did you mean "moon"?')


# sides ------------------------------------------------------------------------------

JUDGEMENTS = (
    MOON
    + """
2024-03-01 custom "deal-charge" "moon" "Compute" Expenses:Compute 1
2024-04-01 custom "deal-estimate" "moon"
  breakage: 0.05
2024-05-01 custom "deal-amend" "moon"
  tranche: "T1"
  priority: 2
  breakage: 0.01
2024-06-01 custom "deal-policy" "moon"
  method: "fvni"
  class: "liability"
"""
)


def test_the_provider_leaves_the_startups_judgements_out() -> None:
    read = reading(JUDGEMENTS, "provider")
    assert told(read) == [(10, "N101"), (17, "N104")]
    assert facts(read, Charge) == []
    assert facts(read, Estimate)[0].breakage == Decimal("0.05")
    assert facts(read, Amend)[0].breakage == Decimal("0.01")
    (policy,) = read.agreements["moon"].policies
    assert (policy.method, policy.class_) == ("fvni", None)


def test_the_startup_leaves_the_providers_judgements_out() -> None:
    read = reading(JUDGEMENTS, "startup")
    assert told(read) == [(11, "N101"), (13, "N104"), (17, "N104")]
    assert len(facts(read, Charge)) == 1
    assert facts(read, Estimate) == []
    assert facts(read, Amend)[0].breakage is None
    assert facts(read, Amend)[0].priority == Decimal(2)
    (policy,) = read.agreements["moon"].policies
    assert (policy.method, policy.class_) == (None, "liability")


def test_the_other_sides_judgement_is_still_checked() -> None:
    text = MOON + '2024-04-01 custom "deal-estimate" "moon"\n  breakage: 5\n'
    assert told(reading(text, "startup")) == [(9, "E113")]
    assert reading(text, "startup").agreements["moon"].refused == ()
    assert len(reading(text, "provider").agreements["moon"].refused) == 1


def test_for_keeps_a_line_to_one_side() -> None:
    text = (
        MOON
        + """
2024-03-01 custom "deal-policy" "moon"
  for: "provider"
  promo-cost: "marketing"
2024-03-01 custom "deal-policy" "moon"
  for: "startup"
  preferred-class: "equity"
2024-03-31 custom "deal-usage" "moon" 1 MOON.CR
  for: "startup"
"""
    )
    for role, key, usage in [
        ("provider", "promo-cost", 0),
        ("startup", "preferred-class", 1),
    ]:
        read = reading(text, role)
        assert told(read, "E") == []
        (policy,) = read.agreements["moon"].policies
        assert list(policy.elections) == [key]
        assert len(facts(read, Usage)) == usage


def test_a_ledger_takes_the_other_side_in_one_deal() -> None:
    text = """
2024-03-01 custom "deal" "cw" "CoreWeave"
  provider: "NVIDIA"
2024-03-01 custom "deal" "ai" "Some AI"
  provider: "CoreWeave"
2024-03-01 custom "deal-policy" "cw"
  role: "startup"
2024-03-01 custom "deal-charge" "cw" "Compute" Expenses:Compute 1
2024-03-01 custom "deal-charge" "ai" "Compute" Expenses:Compute 1
"""
    read = reading(text, "provider")
    assert told(read) == [(8, "N101")]
    assert len(facts(read, Charge, "cw")) == 1
    assert facts(read, Charge, "ai") == []


@pytest.mark.parametrize(
    ("instrument", "policy", "read_by_startup"),
    [
        ("note", "", True),
        ("safe", "", True),
        ("preferred", "", False),
        ("common", "", False),
        ("preferred", 'class: "liability"', True),
        ("preferred", 'preferred-class: "liability"', True),
        ("common", 'preferred-class: "liability"', False),
        ("note", 'class: "equity"', False),
    ],
)
def test_the_startup_values_what_it_carries_at_fair_value(
    instrument: str, policy: str, read_by_startup: bool
) -> None:
    text = f"""
2024-03-01 custom "deal" "moon" "Moonshot AI"
  provider: "Alibaba Cloud"
2024-03-01 custom "deal-stake" "moon" 400000 MOON.N
  fair-value: 24.00 USD
  fair-value-source: "valuation"
  instrument: "{instrument}"
2024-03-01 custom "deal-policy" "moon"
  {policy or 'note: "nothing elected"'}
2024-12-31 custom "deal-valuation" "moon" 30.00 USD
  kind: "fair-value"
  source: "appraisal"
"""
    read = reading(text, "startup")
    assert told(read, "E") == []
    assert bool(facts(read, Valuation)) is read_by_startup
    assert bool(facts(reading(text, "provider"), Valuation))


def test_a_correction_goes_with_what_it_corrects() -> None:
    text = (
        MOON
        + """
2024-04-01 custom "deal-estimate" "moon"
  breakage: 0.05
2024-06-01 custom "deal-correct" "moon" "deal-estimate" 2024-04-01
  breakage: 0.04
2024-06-01 custom "deal-correct" "moon" "deal-stake" 2024-03-01
  fair-value: 23.50 USD
  units: 399999 MOON.A
"""
    )
    provider = facts(reading(text, "provider"), Correct)
    assert [correct.directive for correct in provider] == ["deal-estimate", "deal-stake"]
    (startup,) = facts(reading(text, "startup"), Correct)
    assert startup.replacements == {
        "fair-value": Money(Decimal("23.50"), USD),
        "units": Money(Decimal(399999), "MOON.A"),
    }


def test_a_startup_keeps_no_fleet() -> None:
    text = """
2024-01-01 custom "fleet" "hgx" 300.00 USD
  in-service: 2024-01-01
2025-01-01 custom "fleet-life" "hgx" 6
"""
    assert len(reading(text, "provider").fleets) == 2
    read = reading(text, "startup")
    assert read.fleets == ()
    assert told(read) == [(1, "N101"), (3, "N101")]


# books and days -----------------------------------------------------------------------


def test_books_as_written() -> None:
    entries, options = parse(
        """
2024-01-01 custom "books" "startup"
  framework: "ifrs"
  currency: "CNY"
  through: 2024-06-30
  precision: 1
  open-accounts: TRUE
  rounding: "per-line"
  account-cash: "Assets:Bank:{Deal}"
"""
    )
    read_ = read(entries, options)
    assert read_.problems == []
    books = read_.books
    assert books is not None
    assert (books.role, books.framework, books.currency) == ("startup", "ifrs", "CNY")
    assert (books.precision, books.open_accounts) == (Decimal(1), True)
    assert books.elections == {"rounding": "per-line"}
    assert books.accounts == {"cash": "Assets:Bank:{Deal}"}
    assert read_.through == books.through == day("2024-06-30")


def test_an_election_of_the_other_side_is_noted_and_not_read() -> None:
    """On `books` only where the ledger never takes that side, on a policy always."""
    entries, options = parse(
        """
2024-01-01 custom "books" "startup"
  framework: "us-gaap"
  currency: "USD"
  breakage-method: "proportional"
  depreciation-period: "year"
2024-01-01 custom "deal" "moon" "Moonshot AI"
  provider: "Cloud"
2024-01-01 custom "deal-policy" "moon"
  promo-cost: "marketing"
  preferred-class: "equity"
"""
    )
    read_ = read(entries, options)
    assert [(p.at.lineno, p.code, p.level) for p in read_.problems] == [
        (1, "N104", "note"),
        (1, "N104", "note"),
        (8, "N104", "note"),
    ]
    (policy,) = read_.agreements["moon"].policies
    assert policy.elections == {"preferred-class": "equity"}


def test_books_of_two_sides_elect_for_both() -> None:
    entries, options = parse(
        """
2024-01-01 custom "books" "startup"
  framework: "us-gaap"
  currency: "USD"
  breakage-method: "proportional"
  preferred-class: "equity"
2024-01-01 custom "deal" "moon" "Moonshot AI"
  provider: "Cloud"
2024-01-01 custom "deal-policy" "moon"
  role: "provider"
"""
    )
    assert read(entries, options).problems == []


@pytest.mark.parametrize("key", ['rounding: "per-line"', "sfc-rate: 0.08"])
def test_an_election_is_of_the_whole_deal(key: str) -> None:
    read = reading(
        MOON
        + f"""
2024-03-01 custom "deal-policy" "moon"
  stake: "MOON.A"
  {key}
"""
    )
    assert told(read) == [(10, "E110")]


def test_what_no_deal_owns_is_elected_for_the_ledger() -> None:
    read = reading(
        """
2024-01-01 custom "deal-policy" "moon"
  depreciation-period: "year"
"""
    )
    assert told(read) == [(1, "E105")]


def test_a_ramp_of_a_grant_is_in_its_credits() -> None:
    ramp = "  ramp-2025-06: 6000000.00 {}\n"
    good = reading(MOON + ramp.format("MOON.CR"))
    assert told(good) == []
    (grant,) = [f for f in good.agreements["moon"].facts if isinstance(f, Grant)]
    assert grant.ramp == {"2025-06": Money(Decimal("6000000.00"), "MOON.CR")}
    assert told(reading(MOON + ramp.format("USD"))) == [(7, "E117")]


def test_whether_there_is_a_lease_is_said_once_of_what_was_granted() -> None:
    lease = '2024-03-01 custom "deal-lease" "moon" "{}"\n  kind: "{}"\n'
    good = reading(MOON + lease.format("T1", "none"))
    assert told(good) == []
    assert told(reading(MOON + lease.format("T2", "none"))) == [(9, "E131")]
    assert told(reading(MOON + lease.format("T1", "finance"))) == [(9, "E112")]
    twice = lease.format("T1", "none") + lease.format("T1", "operating")
    assert told(reading(MOON + twice)) == [(11, "E121")]


def test_a_second_books_is_refused() -> None:
    read = reading(
        """
2024-01-01 custom "books" "startup"
  framework: "ifrs"
  currency: "EUR"
"""
    )
    assert told(read) == [(1, "E121")]
    assert read.books is not None and read.books.role == "provider"


def test_refused_books_are_told_once_and_deals_are_still_read() -> None:
    entries, options = parse(
        '2024-01-01 custom "books" "provider"\n  currency: "USD"\n' + MOON
    )
    read_ = read(entries, options)
    assert [problem.code for problem in read_.problems] == ["E107"]
    assert read_.books is None
    assert list(read_.agreements) == ["moon"]


def test_the_books_reach_as_far_as_their_own_text() -> None:
    read_ = reading(MOON + "2024-07-01 price MOON.A 30.00 USD\n")
    assert read_.through == day("2024-07-01")
    entries, options = parse(MOON)
    made = Custom({"filename": "<forecast>", "lineno": 0}, day("2030-01-01"), "x", [])
    assert read([*entries, made], options).through == day("2024-03-01")


def test_agreements_stand_in_order_of_id() -> None:
    read = reading(
        """
2024-03-01 custom "deal" "zhipu" "Zhipu"
  provider: "Alibaba Cloud"
2024-03-01 custom "deal" "01ai" "01.AI"
  provider: "Alibaba Cloud"
"""
    )
    assert list(read.agreements) == ["01ai", "zhipu"]
    assert read.agreements["01ai"].deal.account == "01ai"


def test_words_of_the_terms_are_those_of_the_language() -> None:
    owners: set[EscrowOwner] = {"provider", "startup", "trustee", "none"}
    for owner in owners - {"trustee"}:
        read = reading(MOON.replace('escrow-owner: "provider"', f'escrow-owner: "{owner}"'))
        assert read.agreements["moon"].deal.escrow_owner == owner


@pytest.mark.parametrize("more", ["", '9999-12-31 custom "note" "never"\n'])
def test_books_that_have_reached_the_end_of_the_calendar(more: str) -> None:
    """Whether `through` or a line of the user's own says so, no day of theirs is meant."""
    stated = "  through: 9999-12-31\n" if not more else ""
    books = (
        '2024-01-01 custom "books" "provider"\n  framework: "us-gaap"\n'
        f'  currency: "USD"\n{stated}2024-01-01 commodity USD\n{more}'
    )
    read_ = read(*parse(books))
    assert [(it.at.lineno, it.code) for it in read_.problems] == [(1, "E113")]
    assert ("through is" if stated else "the latest date") in read_.problems[0].message
    assert read_.through is None


@pytest.mark.parametrize(
    ("precision", "words"),
    [("1", ""), ("0.0001", ""), ("100", "at most 1"), ("0.02", "a power of ten")],
)
def test_books_are_kept_to_a_whole_unit_or_finer(precision: str, words: str) -> None:
    books = (
        '2024-01-01 custom "books" "provider"\n  framework: "us-gaap"\n'
        f'  currency: "USD"\n  precision: {precision}\n2024-01-01 commodity USD\n'
    )
    problems = read(*parse(books)).problems
    assert [it.code for it in problems] == (["E113"] if words else [])
    assert all(words in it.message for it in problems)
