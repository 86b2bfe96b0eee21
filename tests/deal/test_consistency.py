"""The lines of a deal, and the deals of a ledger, taken together."""

from __future__ import annotations

import pytest

from beanscrow.deal.terms import Grant, Usage
from tests.deal.reading import MOON, facts, message, reading, told

USAGE = '2024-03-31 custom "deal-usage" "moon" '
SECOND = '2024-06-01 custom "deal-grant" "moon" 5 MOON.CR\n'


def told_of(more: str, role: str = "provider") -> list[tuple[int, str]]:
    """Return what is told of lines behind the deal of `MOON`, which ends at line 8."""
    return told(reading(MOON + more, role), "E", "F")


# identity ----------------------------------------------------------------------------


def test_the_second_deal_of_an_id_is_refused() -> None:
    read = reading(MOON + '2024-04-01 custom "deal" "moon" "Another"\n  provider: "A"\n')
    assert told(read) == [(9, "E121")]
    assert read.agreements["moon"].deal.name == "Moonshot AI"
    (refused,) = read.agreements["moon"].refused
    assert refused.directive == "deal"


@pytest.mark.parametrize(
    ("id", "account", "code"),
    [
        ("moon-2", "", None),
        ("mo-on", "", None),  # MoOn
        ("m.oon", 'account: "Moon"', "E122"),
        ("MOON", "", "E115"),
        ("moon_2", "", "E115"),
        ("-moon", "", "E115"),
        ("..", "", "E115"),
    ],
)
def test_ids_and_accounts_of_deals(id: str, account: str, code: str | None) -> None:
    more = f'2024-04-01 custom "deal" "{id}" "Other"\n  provider: "Alibaba Cloud"\n'
    expected = [(9, code)] if code else []
    assert told_of(more + (f"  {account}\n" if account else "")) == expected


def test_a_party_has_one_name() -> None:
    deals = """
2024-03-01 custom "deal" "a" "Moonshot AI"
  provider: "Alibaba Cloud"
  party: "moonshot"
2024-03-01 custom "deal" "b" "{}"
  provider: "Alibaba Cloud"
  party: "moonshot"
2024-03-31 custom "deal-payment" "b" 5 USD
"""
    assert told(reading(deals.format("Moonshot AI"))) == []
    read = reading(deals.format("Moonshot"))
    assert told(read) == [(4, "E125"), (7, "N103")]
    assert list(read.agreements) == ["a"]


@pytest.mark.parametrize(
    ("name", "party", "provider", "found"),
    [
        ("Moonshot AI", "", "Alibaba Cloud", 0),
        ("moonshot-ai Ltd.", "", "Alibaba Cloud", 1),
        ("moonshot-ai Ltd.", 'party: "Moonshot AI"', "Alibaba Cloud", 0),
        ("Zhipu", "", "Alibaba Cloud", 0),
        ("Zhipu", "", "AlibabaCloud Inc", 1),
        ("Moonshot AI", 'party: "moonshot"', "Alibaba Cloud", 1),
    ],
)
def test_names_that_look_alike(name: str, party: str, provider: str, found: int) -> None:
    more = f'2024-04-01 custom "deal" "b" "{name}"\n  provider: "{provider}"\n'
    more += f"  {party}\n" if party else ""
    codes = [code for _, code in told_of(more)]
    if 'party: "Moonshot AI"' in party:
        assert codes == ["E125"]  # the party has the other name already
    else:
        assert codes == ["F101"] * found


def test_a_line_before_its_deal() -> None:
    read = reading(MOON + '2024-02-29 custom "deal-usage" "moon" 5 MOON.CR\n')
    assert told(read) == [(9, "E124")]
    assert len(read.agreements["moon"].refused) == 1


def test_policies_are_one_for_each_stake() -> None:
    policy = '2024-03-01 custom "deal-policy" "moon"\n'
    stake = '  stake: "MOON.A"\n'
    assert told_of(policy + policy + stake) == []
    assert told_of(policy + policy) == [(10, "E121")]
    assert told_of(policy + stake + policy + stake) == [(11, "E121")]
    assert told_of(policy + '  stake: "MOON.B"\n') == [(9, "E131")]


@pytest.mark.parametrize(
    "key",
    [
        'role: "startup"',
        "account-cash: Assets:Cash",
        'credit-measure: "BilledCost"',
        'usage-match-service: "Bailian"',
        'promo-cost: "marketing"',
    ],
)
def test_what_is_of_the_whole_deal_stands_beside_no_stake(key: str) -> None:
    policy = '2024-03-01 custom "deal-policy" "moon"\n  {}\n'
    assert told_of(policy.format(key)) == []
    beside = reading(MOON + policy.format(key + '\n  stake: "MOON.A"'))
    assert told(beside) == [(9, "E110")]
    assert "is of the whole deal" in message(beside, "E110")
    assert beside.agreements["moon"].policies == ()


def test_what_is_equal_in_every_value() -> None:
    assert told_of(USAGE + "5 MOON.CR\n" + USAGE + "5.00 MOON.CR\n") == [(10, "E126")]
    assert told_of(USAGE + "5 MOON.CR\n" + USAGE + "5 MOON.CR\n  sequence: 1\n") == []
    assert told_of(USAGE + "5 MOON.CR\n" + USAGE + '5 MOON.CR\n  note: "b"\n') == []
    ids = USAGE + '5 MOON.CR\n  import-id: "{}"\n'
    assert told_of(ids.format("a") + ids.format("b")) == []
    payment = '2024-04-30 custom "deal-payment" "moon" 5 USD\n'
    assert told_of(payment * 2) == [(10, "E126")]
    assert told_of(payment + payment + '  invoice: "2"\n') == []
    paid_twice = payment + '  x-why: "a"\n'
    assert told_of(paid_twice * 3) == [(11, "E126"), (13, "E126")]


def test_an_import_id_stands_once_in_a_deal() -> None:
    usage = '{} custom "deal-usage" "{}" {} {}.CR\n  import-id: "x"\n'
    march = usage.format("2024-03-31", "moon", 5, "MOON")
    april = usage.format("2024-04-30", "moon", 6, "MOON")
    read = reading(MOON + march + april)
    assert told(read) == [(11, "E127")]
    assert [held.quantity.number for held in facts(read, Usage)] == [5]
    other = MOON.replace("moon", "zhipu").replace("MOON", "ZP").replace("Moonshot", "Z")
    assert told_of(march + other + usage.format("2024-04-30", "zhipu", 5, "ZP")) == []


# tranches ------------------------------------------------------------------------------


def test_one_grant_needs_no_name_and_two_do() -> None:
    unnamed = MOON.replace('  tranche: "T1"\n', "")
    assert facts(reading(unnamed), Grant)[0].tranche == "T1"
    assert told(reading(unnamed + SECOND)) == [(7, "E129"), (8, "E129")]
    assert told_of(SECOND + '  tranche: "T2"\n') == []
    assert told_of(SECOND + '  tranche: "T1"\n') == [(9, "E121")]


def test_a_commitment_and_a_tranche_have_names_of_their_own() -> None:
    commitment = '2024-03-01 custom "deal-commitment" "moon" 5 USD\n  to: 2025-03-01\n'
    assert told_of(commitment) == []
    assert told_of(commitment + '  commitment: "T1"\n') == [(9, "E121")]
    assert told_of(commitment + commitment + "  sequence: 1\n") == [(11, "E121")]


def test_escrow_wants_an_owner() -> None:
    nobody = MOON.replace('  escrow-owner: "provider"\n', "")
    read = reading(nobody)
    assert told(read) == [(1, "E130"), (3, "N103")]
    assert read.agreements == {}
    without_grant = nobody[: nobody.index('2024-03-01 custom "deal-grant"')]
    assert told(reading(without_grant)) == []
    none = MOON.replace('"provider"', '"none"')
    assert told(reading(none + "  escrow: 5 USD\n")) == [(7, "E133")]
    assert told(reading(none + "  escrow: 0 USD\n")) == []


@pytest.mark.parametrize(
    "line",
    [
        'custom "deal-usage" "moon" 5 MOON.CR\n  tranche: "{}"',
        'custom "deal-amend" "moon"\n  tranche: "{}"\n  priority: 1',
        'custom "deal-forfeit" "moon" 5 MOON.CR\n  tranche: "{}"\n  reason: "failure"',
        'custom "deal-estimate" "moon"\n  tranche: "{}"\n  breakage: 0.1',
    ],
)
def test_lines_about_a_tranche(line: str) -> None:
    assert told_of(f"2024-04-01 {line.format('T1')}\n") == []
    read = reading(MOON + f"2024-04-01 {line.format('T01')}\n")
    assert told(read) == [(9, "E131")]
    assert "it has T1" in message(read, "E131")
    # The tranche may be the one that was refused: its own error says enough.
    refused = MOON.replace('"T1"', '"T1"\n  face: 1')
    assert told(reading(refused + f"2024-04-01 {line.format('T1')}\n")) == [(7, "E108")]


def test_an_estimate_says_which_of_several_tranches() -> None:
    estimate = '2024-07-01 custom "deal-estimate" "moon"\n  breakage: 0.1\n'
    assert told_of(estimate) == []
    read = reading(MOON + SECOND + '  tranche: "T2"\n' + estimate)
    assert told(read) == [(11, "E129")]
    assert '"T1" or "T2"' in message(read, "E129")


@pytest.mark.parametrize(
    ("blends", "code"),
    [("T1", None), ("T3", "E131"), ("T2", "E131"), ("T1, T3", "E131"), ("T9", "E114")],
)
def test_what_a_blend_may_name(blends: str, code: str | None) -> None:
    later = SECOND.replace("06-01", "07-01") + '  tranche: "T9"\n'
    blend = f'  tranche: "T2"\n  modification: "blend"\n  blends: "{blends}"\n'
    assert told_of(SECOND + blend + later) == ([(9, code)] if code else [])


# commodities ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ('"deal-usage" "moon" 5 MOON.CR', None),
        ('"deal-usage" "moon" 5 USD', None),
        ('"deal-usage" "moon" 5 EUR', "E117"),
        ('"deal-usage" "moon" 5 MOON.A', "E117"),
        ('"deal-payment" "moon" 5 USD', None),
        ('"deal-payment" "moon" 5 CNY', "E117"),
        ('"deal-payment" "moon" 5 MOON.CR', "E117"),
        ('"deal-cash" "moon" 5 EUR', None),  # an event of its own
        ('"deal-sale" "moon" 5 MOON.A\n  price: 1 USD', None),
        ('"deal-sale" "moon" 5 MOON.B\n  price: 1 USD', "E117"),
        ('"deal-sale" "moon" 5 MOON.A\n  price: 1 MOON.CR', "E117"),
        ('"deal-convert" "moon" 5 MOON.A\n  into: 5 MOON.O', None),
        ('"deal-convert" "moon" 5 MOON.B\n  into: 5 MOON.O', "E117"),
        ('"deal-cost" "moon" 0.45 CNY', "E117"),
        ('"deal-cost" "moon" 0.45 USD', None),
        ('"deal-estimate" "moon"\n  breakage: 5 MOON.CR', None),
        ('"deal-estimate" "moon"\n  breakage: 5 MOON.X', "E117"),
        ('"deal-stake" "moon" 5 USD\n  fair-value: 1 USD', "E117"),
    ],
)
def test_commodities_that_belong(line: str, code: str | None) -> None:
    if "deal-stake" in line:
        line += '\n  fair-value-source: "valuation"'
    assert told_of(f"2024-06-01 custom {line}\n") == ([(9, code)] if code else [])


def test_judgements_may_be_in_the_currency_of_the_books() -> None:
    text = MOON + '2024-06-01 custom "deal-cost" "moon" 0.45 CNY\n'
    assert told(reading(text, currency="CNY")) == []
    assert told(reading(text, currency="USD")) == [(9, "E117")]


def test_one_event_has_one_currency() -> None:
    read = reading(MOON + '2024-03-01 custom "deal-cash" "moon" 5 EUR\n')
    assert [code for _, code in told(read)] == ["E117"]
    # Most of its amounts decide, not the order of the lines.
    read = reading(MOON + "  face: 1 USD\n  ssp: 0.80 EUR\n")
    assert told(read) == [(7, "E117")]
    assert "is in USD" in message(read, "E117")
    wired = '2024-03-02 custom "deal-cash" "moon" 5 USD\n  event: 2024-03-01\n'
    assert told_of(wired) == []


def test_order_of_lines_does_not_decide_which_currency_is_wrong() -> None:
    cash = '2024-03-01 custom "deal-cash" "moon" 5 EUR\n'
    for text in (MOON + cash, cash + MOON):
        (refused,) = reading(text).agreements["moon"].refused
        assert refused.directive == "deal-stake"  # EUR before USD, one amount each


def test_credits_are_neither_money_nor_shares() -> None:
    read = reading(MOON.replace("MOON.CR", "USD"))
    assert told(read) == [(7, "E117")]
    assert "cannot be its credits" in message(read, "E117")
    assert told(reading(MOON.replace("MOON.CR", "MOON.A"))) == [(7, "E117")]


# stakes ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("source", "value", "policy", "codes"),
    [
        ("valuation", "fair-value: 24.00 USD", "", []),
        ("valuation", "fair-value-total: 24.00 USD", "", []),
        ("valuation", "", "", [(4, "E111")]),
        ("valuation", "opening: TRUE", "", []),
        ("valuation", "", "fair-value: 24.00 USD", []),
        ("valuation", "", 'fair-value-source: "ssp"', []),
        ("ssp", "", "", []),
        ("ssp", "fair-value: 24.00 USD", "", [(4, "N102")]),
        ("ssp", "fair-value: 24.00 USD", 'fair-value-source: "valuation"', []),
        ("valuation", "fair-value: 24.00 USD", 'fair-value-source: "ssp"', [(4, "N102")]),
    ],
)
def test_a_stake_has_a_value(
    source: str, value: str, policy: str, codes: list[tuple[int, str]]
) -> None:
    text = MOON.replace("fair-value: 24.00 USD", value or 'note: "none"')
    text = text.replace('"valuation"', f'"{source}"')
    if policy:
        text += f'2024-03-01 custom "deal-policy" "moon"\n  {policy}\n'
    assert told(reading(text)) == codes


NOTE = """
2024-03-01 custom "deal-stake" "moon" 100 MOON.N
  fair-value: 1.00 USD
  fair-value-source: "valuation"
  instrument: "note"
"""
VALUATION = """
2024-12-31 custom "deal-valuation" "moon" 30.00 USD
  kind: "market"
  source: "exchange"
"""


def test_a_valuation_says_which_of_several_stakes() -> None:
    assert told_of(VALUATION) == []
    read = reading(MOON + NOTE + VALUATION)
    assert [code for _, code in told(read)] == ["E129"]
    assert '"MOON.A" or "MOON.N"' in message(read, "E129")
    assert told_of(NOTE + VALUATION + '  stake: "MOON.N"\n') == []
    wrong = reading(MOON + VALUATION + '  stake: "MOON.N"\n')
    assert [code for _, code in told(wrong)] == ["E131"]


@pytest.mark.parametrize(
    "gone",
    [
        '"deal-convert" "moon" 100 MOON.N\n  into: 5 MOON.A',
        '"deal-sale" "moon" 100 MOON.N\n  proceeds: 5 USD',
        '"deal-forfeit" "moon" 5 MOON.CR\n  tranche: "T1"\n  reason: "claw-back"\n'
        "  shares-returned: 100 MOON.N\n  share-value: 1 USD",
    ],
)
def test_a_stake_that_is_gone_is_not_meant(gone: str) -> None:
    assert told_of(f"{NOTE}2024-12-30 custom {gone}\n{VALUATION}") == []


def test_a_valuation_of_nothing() -> None:
    text = '2024-03-01 custom "deal" "moon" "Moonshot AI"\n  provider: "A"\n'
    read = reading(text + VALUATION)
    assert [code for _, code in told(read)] == ["E131"]


def test_a_milestone_names_a_warrant_there_is() -> None:
    milestone = """
2024-12-31 custom "deal-milestone" "moon" "1GW"
  met: TRUE
  warrant: "AMD.W"
"""
    warrant = """
2024-03-01 custom "deal-warrant" "moon" 5 AMD.W
  fair-value: 1 USD
  vests-on: 10 USD
"""
    assert told_of(warrant + milestone) == []
    assert [code for _, code in told_of(milestone)] == ["E131"]


# milestones ----------------------------------------------------------------------------

WAITS = """
2024-03-01 custom "deal-stake" "moon" 7 MOON.W
  fair-value: 1 USD
  fair-value-source: "valuation"
  milestone: "1GW"
2024-03-01 custom "deal-grant" "moon" 5 MOON.CR
  tranche: "T2"
  milestone: "1GW"
"""


def met(
    keys: str = "", date: str = "2024-06-01", name: str = "1GW", was: str = "TRUE"
) -> str:
    """Return a milestone as a ledger writes it."""
    return f'{date} custom "deal-milestone" "moon" "{name}"\n  met: {was}\n{keys}'


@pytest.mark.parametrize(
    ("lines", "code", "words"),
    [
        (met(), None, ""),
        (met('  tranche: "T2"\n  units: 7 MOON.W\n'), None, ""),
        (met(was="FALSE") + met(date="2024-07-01"), None, ""),
        (met(name="1 GW"), "E131", 'did you mean "1GW"?'),
        (met('  tranche: "T1"\n'), "E131", "what does: T2"),
        (met("  units: 8 MOON.W\n"), "E131", "what does: 7 MOON.W"),
        (met(date="2024-02-28"), "E124", ""),
        (met() + met(date="2024-07-01"), "E135", "was met on 2024-06-01"),
        (met() + met(date="2024-07-01", was="FALSE"), "E135", "deal-forfeit"),
    ],
)
def test_a_milestone_is_of_what_waits_for_it(
    lines: str, code: str | None, words: str
) -> None:
    read = reading(MOON + WAITS + lines)
    assert [told for _, told in told(read)] == ([code] if code else [])
    assert words in (message(read, code) if code else "")


def test_a_milestone_is_not_met_when_what_waits_is_over() -> None:
    """The last day of a term still counts, and so does one a correction has given it."""
    until = WAITS.replace('tranche: "T2"\n', 'tranche: "T2"\n  expires: 2024-05-31\n')
    promise = (
        '2024-03-01 custom "deal-commitment" "moon" 5 USD\n  to: 2024-05-31\n'
        '  milestone: "1GW"\n'
    )
    for waits, key in ((until, "expires"), (WAITS + promise, "to")):
        assert waits != WAITS
        read = reading(MOON + waits + met())
        assert [code for _, code in told(read)] == ["E114"]
        assert f"`{key}:`" in message(read, "E114")
        assert told(reading(MOON + waits + met(date="2024-05-31"))) == []
        assert told(reading(MOON + waits + met(was="FALSE"))) == []
        directive = "deal-grant" if key == "expires" else "deal-commitment"
        longer = (
            f'2024-04-01 custom "deal-correct" "moon" "{directive}" 2024-03-01\n'
            f"  {key}: 2024-12-31\n"
        ) + ('  tranche: "T2"\n' if key == "expires" else "")
        assert told(reading(MOON + waits + met() + longer)) == []


def test_a_milestone_does_not_come_before_what_was_agreed() -> None:
    late = WAITS.replace("2024-03-01 custom", "2024-07-01 custom")
    assert [code for _, code in told(reading(MOON + late + met()))] == ["E114"]


def test_a_leg_waits_for_a_milestone_or_for_a_day() -> None:
    both = WAITS.replace('"1GW"\n2024', '"1GW"\n  unconditional: 2024-09-01\n2024', 1)
    assert [code for _, code in told(reading(MOON + both))] == ["E110"]


# usage, charges, corrections -----------------------------------------------------------


def test_refunds_take_back_what_was_imported() -> None:
    march = USAGE + '5 MOON.CR\n  import-id: "m"\n'
    refund = '2024-04-02 custom "deal-usage" "moon" -5 MOON.CR\n  refund-of: "{}"\n'
    assert told_of(march + refund.format("m")) == []
    assert told_of(march + refund.format("n")) == [(11, "E131")]
    assert told_of(march + refund.format("m").replace("-5", "5")) == [(11, "E131")]
    # The one it takes back may be the one that was refused.
    assert told_of(march.replace("5 M", "0 M") + refund.format("m")) == [(9, "E113")]


def test_a_set_of_charges_is_the_whole() -> None:
    charge = '{} custom "deal-charge" "moon" "{}" Expenses:{} {}\n'
    half = charge.format("2024-03-01", "Compute", "A", 0.5)
    more = charge.format("2024-03-01", "Compute", "B", 0.5)
    less = charge.format("2024-03-01", "Compute", "B", 0.4)
    assert told_of(half + more, "startup") == []
    assert told_of(half, "startup") == [(9, "E132")]
    assert told_of(half + less, "startup") == [(9, "E132"), (10, "E132")]
    later = more.replace("03-01", "03-02")
    assert told_of(half + later, "startup") == [(9, "E132"), (10, "E132")]
    third = charge.format("2024-03-01", "Compute", "C", "1/3")
    thirds = half.replace("0.5", "2/3") + third
    assert told_of(thirds, "startup") != []  # a third is not a decimal


def test_services_with_one_account_part() -> None:
    gpu = '  service: "GPU hours"\n'
    hours = '  service: "gpu-hours"\n'
    assert told_of(USAGE + "5 MOON.CR\n" + gpu + USAGE + "6 MOON.CR\n" + gpu) == []
    read = reading(MOON + USAGE + "5 MOON.CR\n" + gpu + USAGE + "6 MOON.CR\n" + hours)
    assert told(read) == []
    upper = hours.replace("gpu", "GPU")
    read = reading(MOON + USAGE + "5 MOON.CR\n" + gpu + USAGE + "6 MOON.CR\n" + upper)
    assert told(read) == [(11, "F102")]


@pytest.mark.parametrize(
    ("correction", "code"),
    [
        ('"deal-stake" 2024-03-01\n  fair-value: 23.50 USD', None),
        ('"deal-stake" 2024-03-02\n  fair-value: 23.50 USD', "E131"),
        ('"deal-stake" 2024-03-01\n  fair-value: 23.50 EUR', "E117"),
        ('"deal-stake" 2024-03-01\n  units: 5 MOON.B', "E117"),
        ('"deal-stake" 2024-03-01\n  prise: 5 USD', "E105"),
        ('"deal-stake" 2024-03-01\n  fair-value: 5', "E108"),
        ('"deal-grant" 2024-03-01\n  tranche: "T1"\n  expires: 2025-01-01', None),
        ('"deal-grant" 2024-03-01\n  tranche: "T2"\n  expires: 2025-01-01', "E131"),
        ('"deal-usage" 2024-03-31\n  amount: 4 MOON.CR', "E131"),  # two of that day
        ('"deal-usage" 2024-03-31\n  import-id: "a"\n  amount: 4 MOON.CR', None),
        ('"deal-usage" 2024-09-30\n  amount: 4 MOON.CR', "E114"),
    ],
)
def test_a_correction_means_one_line(correction: str, code: str | None) -> None:
    used = USAGE + '5 MOON.CR\n  import-id: "a"\n' + USAGE + "6 MOON.CR\n"
    more = f'{used}2024-08-01 custom "deal-correct" "moon" {correction}\n'
    assert told_of(more) == ([(12, code)] if code else [])


# fleets -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ('2025-01-01 custom "fleet-life" "hgx" 6', None),
        ('2025-01-01 custom "fleet-life" "hgy" 6', "E123"),
        ('2023-01-01 custom "fleet-life" "hgx" 6', "E124"),
        ('2024-02-15 custom "fleet-life" "hgx" 6', "E124"),
        ('2025-01-01 custom "fleet" "hgx" 5 USD\n  in-service: 2025-01-01', "E121"),
        ('2025-01-01 custom "fleet" "h2" 5 USD\n  in-service: 2025-01-01', None),
        (
            '2025-01-01 custom "fleet" "h2" 5 USD\n  in-service: 2025-01-01\n'
            "  residual: 6 USD",
            "E113",
        ),
        (
            '2025-01-01 custom "fleet" "h2" 5 USD\n  in-service: 2025-01-01\n'
            "  residual: 1 EUR",
            "E117",
        ),
        (
            '2025-01-01 custom "fleet-impairment" "hgx" 5 EUR\n  undiscounted: 6 EUR',
            "E117",
        ),
    ],
)
def test_fleets(line: str, code: str | None) -> None:
    fleet = '2024-03-01 custom "fleet" "hgx" 300 USD\n  in-service: 2024-01-01\n'
    assert told(reading(fleet + line + "\n")) == ([(3, code)] if code else [])


@pytest.mark.parametrize(("more", "code"), [("301 USD", "E113"), ("1 EUR", "E117")])
def test_what_is_said_of_a_refused_fleet_is_refused_as_well(more: str, code: str) -> None:
    read = reading(
        '2024-03-01 custom "fleet" "hgx" 300 USD\n  in-service: 2024-01-01\n'
        f"  residual: {more}\n"
        '2025-01-01 custom "fleet-life" "hgx" 6\n'
        '2025-02-01 custom "fleet-impairment" "hgx" 5 USD\n  undiscounted: 6 USD\n'
    )
    assert [said for _, said in told(read)] == [code, "E123", "E123"]
    assert all("is refused; mend" in told.message for told in read.problems[1:])
    assert read.fleets == ()
