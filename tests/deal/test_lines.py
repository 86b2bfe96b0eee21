"""One line at a time: what is refused, and in which words."""

from __future__ import annotations

import pytest

from tests.deal.reading import MOON, message, reading, told

# What is written, the code, and words its message must have.
ON_THE_LINE = [
    ('custom "deal-usage" "moon" 1 2', "E103", "one number a directive"),
    ('custom "deal-usage" "moon"', "E103", "wanted the id in quotes and an amount"),
    ('custom "deal-usage" "moon" "5 MOON.CR"', "E104", "leave the quotes out"),
    ('custom "deal-usage" Assets:Moon 5 MOON.CR', "E104", "the account Assets:Moon"),
    ('custom "deal-usage" TRUE 5 MOON.CR', "E104", "a bare TRUE is a switch"),
    ('custom "deal-usage" 2024-01-01 5 MOON.CR', "E104", "the date 2024-01-01"),
    ('custom "deal-charge" "moon" "C" "Assets:A" 1', "E104", "leave the quotes out"),
    ('custom "deal-charge" "moon" "C" Assets:A 1.1', "E113", "at most 1"),
    ('custom "deal-charge" "moon" "C" Assets:A 0', "E113", "more than zero"),
    ('custom "deal-charge" "moon" "..." Assets:A 1', "E115", "no letter or digit"),
    ('custom "deal-cash" "moon" -1 USD', "E113", "amount is -1; it must be more than"),
    ('custom "deal-cash" "moon" 0 USD', "E113", "more than zero"),
    ('custom "deal-cash" "moon" 1000000000000000000 USD', "E113", "18 digits before"),
    ('custom "deal-usage" "moon" 123456789012345678.01234567891 MOON.CR', "E113", "28 in"),
    ('custom "deal-dilution" "moon" 1.5', "E113", "write 0.25 for a quarter"),
    ('custom "deal-dilution" "moon" 0.5 USD', "E104", "leave the commodity out"),
    ('custom "deal-correct" "moon" "deal-stak" 2024-03-01', "E109", '"deal-stake"?'),
    ('custom "deal-correct" "moon" "deal" 2024-03-01', "E109", "cannot be corrected"),
    ('custom "deal-correct" "moon" "deal-stake" 2024-03-01', "E107", "to replace"),
    ('custom "deal-reclassify" "moon" "consolidated"', "E109", '"equity-method"'),
    ('custom "deal-reclassify" "moon" "cost"', "E109", '"fvni"'),
    ('custom "fleet" "hgx" 0 USD', "E113", "more than zero"),
]


@pytest.mark.parametrize(("line", "code", "words"), ON_THE_LINE)
def test_the_line_itself(line: str, code: str, words: str) -> None:
    read = reading(MOON + f"2024-03-31 {line}\n")
    assert told(read) == [(9, code)]
    assert words in message(read, code)


KEYS = [
    # wrong kinds of value
    ("deal-grant", "tranche: TRUE", "E108", "a bare TRUE is a switch"),
    ("deal-grant", "tranche: NULL", "E108", "tranche is nothing"),
    ("deal-grant", "tranche:", "E108", "tranche is nothing"),
    ("deal-grant", 'tranche: ""', "E108", "tranche is empty"),
    ("deal-grant", "face: 1", "E108", "the commodity is missing"),
    ("deal-grant", 'face: "1 USD"', "E108", "leave the quotes out"),
    ("deal-grant", "priority: 1 USD", "E108", "leave the commodity out"),
    ("deal-grant", "expires: 2025", "E108", "a date such as 2024-03-31"),
    ("deal-grant", 'opening: "TRUE"', "E108", "TRUE or FALSE, without quotes"),
    ("deal-grant", "sequence: 1.5", "E108", "a whole number"),
    ("deal-grant", "note: 5", "E108", "note is the number 5; wanted text in quotes"),
    ("deal-stake", "ownership: 36", "E113", "write 0.25 for a quarter"),
    ("deal-stake", "ownership: -0.1", "E113", "zero or more"),
    ("deal-usage", "source-rows: -1", "E113", "zero or more"),
    # words
    ("deal-grant", 'tranche: "t1"', "E115", "a capital letter or digit first"),
    ("deal-grant", 'modification: "blended"', "E109", 'did you mean "blend"?'),
    ("deal-grant", 'for: "customer"', "E109", '"provider" or "startup"'),
    ("deal-stake", 'vesting: "drawn"', "E109", '"signing" or "as-drawn"'),
    ("deal-usage", 'service: "!"', "E115", "no letter or digit"),
    ("deal", 'timezone: "Shanghai"', "E109", '"Asia/Shanghai"'),
    ("deal", 'account: "moon"', "E115", "a capital letter or digit first"),
    ("deal-policy", 'stake: "moon.a"', "E116", "is no commodity"),
    ("deal-policy", "sfc-rate: 8", "E113", "write 0.25 for a quarter"),
    ("deal-policy", "sfc-rate: 0", "E113", "more than zero"),
    ("deal-policy", "equity-lag: 4", "E109", "equity-lag is 4; wanted 0, 1, 2 or 3"),
    ("deal-policy", "equity-lag: 1.5", "E109", "equity-lag is 1.5; wanted 0, 1, 2 or 3"),
    ("deal-policy", 'lessor-expedient: "TRUE"', "E108", "TRUE or FALSE, without quotes"),
    ("deal-policy", 'noncash-measurement-date: "delivery"', "E109", '"receipt"'),
    ("deal-policy", 'breakage-method: "none"', "E109", '"remote"'),
    # unknown keys
    ("deal-grant", "expirse: 2025-01-01", "E105", "did you mean expires?"),
    ("deal-grant", 'shortfall: "lapse"', "E105", "belongs to deal-commitment"),
    ("deal-grant", "credits: 5 MOON.CR", "E105", "stands on the line itself"),
    ("deal-grant", "zzzz: 5", "E105", "as x-zzzz would"),
    ("deal-policy", 'account-chas: "Assets:A"', "E105", 'did you mean "account-cash"?'),
    ("deal-policy", 'usage-match-regoin: "a"', "E105", '"usage-match-region"?'),
    ("deal-commitment", "ramp-2024-13: 1 USD", "E105", "must name a month"),
    ("deal-commitment", "ramp-first: 1 USD", "E105", "must name a month"),
    # families
    ("deal-policy", 'account-cash: "Cash"', "E115", "must begin with Assets"),
    ("deal-policy", 'account-cash: "Assets:cash"', "E115", "is no account"),
    ("deal-policy", 'account-cash: "Assets:{deal}"', "E118", "{deal}"),
    ("deal-policy", 'account-cash: "Assets:{Deal"', "E115", "is no account"),
    ("deal-policy", 'usage-match-tag: "moon"', "E108", "with an equals sign"),
    ("deal-policy", 'usage-match-region: "a,,b"', "E108", "between commas"),
    ("deal-policy", 'usage-match-priority: "1"', "E108", "leave the quotes out"),
    ("deal-commitment", "ramp-2024-12: 5", "E108", "the commodity is missing"),
    # keys together
    ("deal-stake", "fair-value-total: 1 USD", "E110", "fair-value and fair-value-total"),
    ("deal-grant", 'modification: "blend"', "E111", "wants blends beside it"),
    ("deal-grant", 'blends: "T1"', "E111", "stands without"),
    ("deal", 'escrow-owner: "trustee"', "E111", "wants escrow-residual beside it"),
    ("deal", 'escrow-residual: "startup"', "E111", "stands without"),
    ("deal-policy", 'fair-value-source: "face"', "E111", "wants override beside it"),
    ("deal-forfeit", "shares-returned: 1 MOON.A", "E111", "wants share-value beside"),
    ("deal-forfeit", "share-value: 1 USD", "E111", "stands without shares-returned"),
    # dates
    ("deal-grant", "event: 2024-04-01", "E114", "after its own date 2024-03-31"),
    ("deal-grant", "expires: 2024-03-30", "E114", "its own date 2024-03-31 is after"),
    (
        "deal-grant",
        "effective: 2023-02-01\n  expires: 2024-03-30",
        "E114",
        "its own date 2024-03-31 is after expires 2024-03-30",
    ),
    ("deal-usage", "from: 2024-04-01", "E114", "from 2024-04-01 is after its own date"),
    ("deal-usage", "of: 2024-04-01", "E114", "of 2024-04-01 is after its own date"),
    ("deal-commitment", "from: 2026-01-01", "E114", "is after to 2025-12-31"),
    (
        "deal-commitment",
        "from: 2023-02-01\n  to: 2024-03-30",
        "E114",
        "its own date 2024-03-31 is after to 2024-03-30",
    ),
]
REST = {
    "deal": ('"other" "Other"', '  provider: "Cloud"\n'),
    "deal-policy": ('"moon"', ""),
    "deal-grant": ('"moon" 5 MOON.CR', ""),
    "deal-stake": (
        '"moon" 5 MOON.A',
        '  fair-value: 1 USD\n  fair-value-source: "valuation"\n',
    ),
    "deal-usage": ('"moon" 5 MOON.CR', ""),
    "deal-commitment": ('"moon" 5 USD', "  to: 2025-12-31\n"),
    "deal-forfeit": ('"moon" 5 MOON.CR', '  tranche: "T1"\n  reason: "failure"\n'),
}


@pytest.mark.parametrize(("directive", "key", "code", "words"), KEYS)
def test_a_key(directive: str, key: str, code: str, words: str) -> None:
    line, needed = REST[directive]
    read = reading(MOON + f'2024-03-31 custom "{directive}" {line}\n{needed}  {key}\n')
    assert told(read, "E") == [(9, code)]
    assert words in message(read, code)
    assert message(read, code).startswith(f"{directive}: ")


@pytest.mark.parametrize(
    ("directive", "line", "missing"),
    [
        ("deal", '"other" "Other"', "provider"),
        ("deal-stake", '"moon" 5 MOON.A', "fair-value-source"),
        ("deal-commitment", '"moon" 5 USD', "to"),
        ("deal-amend", '"moon"', "tranche"),
        ("deal-forfeit", '"moon" 5 MOON.CR', "reason"),
        ("deal-convert", '"moon" 5 MOON.A', "into"),
        ("deal-warrant", '"moon" 5 AMD.W', "vests-on"),
        ("deal-milestone", '"moon" "1GW"', "met"),
        ("deal-estimate", '"moon"', '"breakage" or "remote"'),
        ("deal-valuation", '"moon" 5 USD', "kind"),
        ("deal-sale", '"moon" 5 MOON.A', "price or proceeds"),
        ("deal-reclassify", '"moon" "fvni"', "reason"),
        ("deal-result", '"moon" 5 USD', "from"),
        ("deal-elimination", '"moon" 5 USD', "margin"),
        ("deal-dilution", '"moon" 0.2', "net-assets"),
        ("fleet", '"hgx" 5 USD', "in-service"),
        ("fleet-impairment", '"hgx" 5 USD', "undiscounted"),
        ("books", '"provider"', "framework"),
    ],
)
def test_what_is_required(directive: str, line: str, missing: str) -> None:
    read = reading(MOON + f'2024-03-31 custom "{directive}" {line}\n')
    messages = [p.message for p in read.problems if p.code == "E107"]
    assert all(problem.code == "E107" for problem in read.problems)
    assert any(missing.replace('"', "") in said for said in messages), messages


def test_every_directive_takes_the_common_keys_and_ones_own() -> None:
    read = reading(
        MOON
        + """
2024-03-31 custom "deal-usage" "moon" 5 MOON.CR
  note: "n"
  source: "s"
  document: "d.pdf"
  for: "provider"
  sequence: 3
  x-anything: 2024-01-01
  x-nothing:
"""
    )
    assert told(read) == []


def test_a_number_cut_off_by_a_division_is_a_finding() -> None:
    read = reading(MOON.replace("24.00 USD", "310/390 USD"))
    assert told(read) == [(4, "F103")]
    read = reading(MOON.replace("24.00 USD", "312/390 USD"))
    assert told(read) == []


def test_tiny_numbers_are_shown_as_written() -> None:
    read = reading(MOON + '2024-03-31 custom "deal-cash" "moon" -0.00000001 USD\n')
    assert "amount is -0.00000001;" in message(read, "E113")


def test_roots_of_accounts_are_those_of_the_ledger() -> None:
    """In a template; of an account on the line, Beancount says so itself."""
    renamed = 'option "name_assets" "Vermoegen"\n' + MOON
    policy = '2024-03-31 custom "deal-policy" "moon"\n  account-cash: "{}:Cash"\n'
    assert told(reading(renamed + policy.format("Vermoegen"))) == []
    read = reading(renamed + policy.format("Assets"))
    assert "must begin with Vermoegen" in message(read, "E115")
