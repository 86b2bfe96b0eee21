"""What is booked as written and must still be looked at: each finding, and its limit."""

from __future__ import annotations

import pytest

from tests.checks.found import GRANT, PROVIDER, STARTUP, codes, findings

MORE = """
2020-06-30 custom "deal-stake" "moon" 10 MOON.A
  fair-value: {price} USD
  fair-value-source: "valuation"
2020-06-30 custom "deal-grant" "moon" 10 MOON.CR
  tranche: "T2"
"""


# -- idle credits ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("until", "told"),
    [("2023-01-30", []), ("2023-01-31", ["F620"])],
)
def test_credits_that_never_lapse_are_idle_after_36_months(
    until: str, told: list[str]
) -> None:
    """36 months after 31 January 2020, the last draw."""
    use = '2020-01-31 custom "deal-usage" "moon" 10 MOON.CR\n'
    through = PROVIDER.replace("  framework", f"  through: {until}\n  framework")
    assert codes(through + GRANT + use) == told


def test_credits_that_lapse_are_never_idle() -> None:
    through = PROVIDER.replace("  framework", "  through: 2029-01-01\n  framework")
    assert codes(through + GRANT + "  expires: 2030-01-01\n") == []


def test_credits_all_drawn_are_not_idle() -> None:
    through = PROVIDER.replace("  framework", "  through: 2029-01-01\n  framework")
    use = '2020-01-31 custom "deal-usage" "moon" 100 MOON.CR\n'
    assert codes(through + GRANT + use) == []


# -- the startup's questions -------------------------------------------------------


def test_usage_nobody_is_charged_with_is_told_once_a_service() -> None:
    use = """
2020-02-01 custom "deal-charge" "moon" "Compute" Expenses:Training 1
2020-02-01 custom "deal-usage" "moon" 1 MOON.CR
2020-03-01 custom "deal-usage" "moon" 1 MOON.CR
  service: "Storage"
2020-04-01 custom "deal-usage" "moon" 1 MOON.CR
  service: "Storage"
"""
    (found,) = findings(STARTUP + GRANT + use)
    assert found == 'F622 2020-03-01 custom "deal-usage" "moon" 1 MOON.CR'


def test_a_charge_that_begins_later_does_not_reach_back() -> None:
    use = """
2020-02-02 custom "deal-charge" "moon" "Compute" Expenses:Training 1
2020-02-01 custom "deal-usage" "moon" 1 MOON.CR
"""
    assert codes(STARTUP + GRANT + use) == ["F622"]


def test_the_provider_has_no_charges_to_make() -> None:
    use = '2020-02-01 custom "deal-usage" "moon" 1 MOON.CR\n'
    assert codes(PROVIDER + GRANT + use) == []


IFRS = STARTUP.replace("us-gaap", "ifrs")


def test_under_ifrs_the_class_of_preferred_must_be_answered() -> None:
    """IAS 32.15-27."""
    (found,) = findings(IFRS + GRANT)
    assert found == 'F621 2020-01-01 custom "deal-stake" "moon" 100 MOON.A'


@pytest.mark.parametrize(
    "answer",
    [
        '2020-01-01 custom "deal-policy" "moon"\n  class: "equity"\n',
        '2020-01-01 custom "deal-policy" "moon"\n  stake: "MOON.A"\n  class: "equity"\n',
        '2020-01-01 custom "deal-policy" "moon"\n  preferred-class: "equity"\n',
    ],
)
def test_an_answered_class_is_no_finding(answer: str) -> None:
    assert codes(IFRS + GRANT + answer) == []


def test_common_shares_under_ifrs_leave_nothing_open() -> None:
    common = GRANT.replace(
        "  fair-value-source", '  instrument: "common"\n  fair-value-source'
    )
    assert codes(IFRS + common) == []


def test_under_us_gaap_the_class_follows_from_the_instrument() -> None:
    assert codes(STARTUP + GRANT) == []


# -- prices of our own making ------------------------------------------------------


def test_a_further_purchase_at_another_price_is_a_price_observed() -> None:
    (found,) = findings(PROVIDER + GRANT + MORE.format(price="1.20"))
    assert found == 'F623 2020-06-30 custom "deal-stake" "moon" 10 MOON.A'


def test_a_further_purchase_at_the_price_of_the_first_says_nothing_new() -> None:
    assert codes(PROVIDER + GRANT + MORE.format(price="1.00")) == []


def test_a_valuation_on_the_day_of_the_purchase_answers_it() -> None:
    mark = """
2020-06-30 custom "deal-valuation" "moon" 1.20 USD
  kind: "observable"
  source: "own purchase"
"""
    assert codes(PROVIDER + GRANT + MORE.format(price="1.20") + mark) == []


def test_a_purchase_at_the_price_of_an_earlier_valuation_says_nothing_new() -> None:
    mark = """
2020-05-31 custom "deal-valuation" "moon" 1.20 USD
  kind: "observable"
  source: "Series B"
"""
    assert codes(PROVIDER + GRANT + MORE.format(price="1.20") + mark) == []


def test_only_the_measurement_alternative_waits_for_prices() -> None:
    """At fair value through income the period's end is what counts."""
    ifrs = PROVIDER.replace("us-gaap", "ifrs")
    assert codes(ifrs + GRANT + MORE.format(price="1.20")) == []


def test_the_startup_has_no_stake_to_mark() -> None:
    charge = '2020-01-01 custom "deal-charge" "moon" "Compute" Expenses:Training 1\n'
    assert codes(STARTUP + charge + GRANT + MORE.format(price="1.20")) == []


# -- stand-alone selling price -----------------------------------------------------


@pytest.mark.parametrize(
    ("ssp", "told"),
    # T2: 10 credits for shares of 10.00.  5 % of 10 x ssp: 9.5238... and 10.526...
    [("0.9524", []), ("0.9523", ["F624"]), ("1.0526", []), ("1.0527", ["F624"])],
)
def test_a_separate_grant_is_priced_within_5_percent_of_ssp(
    ssp: str, told: list[str]
) -> None:
    """606-10-25-12; both sides read the same contract."""
    later = MORE.format(price="1.00") + f"  ssp: {ssp} USD\n"
    charge = '2020-01-01 custom "deal-charge" "moon" "Compute" Expenses:Training 1\n'
    assert codes(PROVIDER + GRANT + later) == told
    assert codes(STARTUP + charge + GRANT + later) == told


@pytest.mark.parametrize(
    ("ssp", "told"),
    # 100 credits for shares of 100.00: 10 % of 100 x ssp is passed at 0.9090... and 1.11...
    [("0.9091", []), ("0.9090", ["F625"]), ("1.1111", []), ("1.1112", ["F625"])],
)
def test_the_first_price_may_be_10_percent_away_from_ssp(ssp: str, told: list[str]) -> None:
    assert codes(PROVIDER + GRANT + f"  ssp: {ssp} USD\n") == told


def test_how_far_is_far_can_be_elected() -> None:
    policy = '2020-01-01 custom "deal-policy" "moon"\n  valuation-gap: 0.30\n'
    assert codes(PROVIDER + GRANT + "  ssp: 0.80 USD\n") == ["F625"]
    assert codes(PROVIDER + GRANT + "  ssp: 0.80 USD\n" + policy) == []


def test_a_gift_has_no_price_to_compare() -> None:
    gift = """
2020-02-01 custom "deal-grant" "moon" 10 MOON.CR
  tranche: "P"
  price: 0.00 USD
  ssp: 1.00 USD
"""
    assert codes(PROVIDER + GRANT + gift) == []


SOLD = """
2020-09-30 custom "deal-sale" "moon" 1 MOON.O
  price: 3.00 USD
"""


def test_shares_that_came_by_conversion_are_marked_where_they_are_sold() -> None:
    into = """
2020-06-30 custom "deal-convert" "moon" 10 MOON.A
  into: 10 MOON.O
  instrument: "common"
2020-06-30 custom "deal-valuation" "moon" 1.00 USD
  stake: "MOON.A"
  kind: "observable"
  source: "round"
"""
    assert codes(PROVIDER + GRANT + into + SOLD) == ["F623"]


def test_a_sale_of_shares_at_fair_value_is_no_price_to_mark_them_to() -> None:
    listed = """
2020-06-30 custom "deal-reclassify" "moon" "fvni"
  reason: "IPO"
"""
    sold = SOLD.replace("MOON.O", "MOON.A")
    assert codes(PROVIDER + GRANT + sold) == ["F623"]
    assert codes(PROVIDER + GRANT + listed + sold) == []


# -- one security, two deals -------------------------------------------------------

SECOND = """
2020-01-01 custom "deal" "moon-2" "Moonshot AI"
  provider: "Cloud"
  escrow-owner: "none"
2020-01-01 custom "deal-stake" "moon-2" 10 MOON.A
  fair-value: 1.00 USD
  fair-value-source: "valuation"
2020-01-01 custom "deal-grant" "moon-2" 10 MOON.CR2
"""
MARK = """
2020-06-30 custom "deal-valuation" "{deal}" 0.50 USD
  kind: "impairment"
  source: "memo"
"""


def test_a_security_valued_in_one_deal_is_valued_in_all() -> None:
    both = PROVIDER + GRANT + SECOND
    (found,) = findings(both + MARK.format(deal="moon"))
    assert found == 'F626 2020-06-30 custom "deal-valuation" "moon" 0.50 USD'
    assert codes(both + MARK.format(deal="moon") + MARK.format(deal="moon-2")) == []


def test_a_deal_signed_after_the_valuation_is_not_asked_for_one() -> None:
    later = SECOND.replace("2020-01-01", "2020-07-01")
    assert codes(PROVIDER + GRANT + MARK.format(deal="moon") + later) == ["F623"]


# -- what users post by hand -------------------------------------------------------

OPEN = "2020-01-01 open Assets:Bank\n"


@pytest.mark.parametrize(
    "account",
    [
        "Equity:Escrow:Moon:T1:Held",
        "Liabilities:Contract:Credits:Moon:T1",
        "Assets:Investments:Equity:MeasurementAlternative:Moon",
        "Assets:Cash:Restricted:Escrow:Moon",
        "Assets:Contract:UpfrontCustomerConsideration:Moon",
    ],
)
def test_a_posting_by_hand_on_an_owned_account_is_told(account: str) -> None:
    native = f"""
2020-03-01 * "correction"
  {account}   1.00 USD
  Assets:Bank  -1.00 USD
"""
    opened = (
        OPEN
        if "T1" in account or "Equity:M" in account
        else OPEN + (f"2020-01-01 open {account}\n")
    )
    (found,) = findings(PROVIDER + GRANT + opened + native)
    assert found == 'F601 2020-03-01 * "correction"'


@pytest.mark.parametrize(
    "account",
    [
        "Assets:Receivables:Trade:Moon",
        "Liabilities:Contract:Credits:Other:T1",
        "Assets:Cash:Operating",
    ],
)
def test_shared_and_foreign_accounts_are_the_users(account: str) -> None:
    native = f"""
2020-03-01 * "correction"
  {account}   1.00 USD
  Assets:Bank  -1.00 USD
"""
    opened = OPEN + f"2020-01-01 open {account}\n"
    assert codes(PROVIDER + GRANT + opened + native) == []


def test_an_escrow_kept_on_an_account_of_another_name_is_still_owned() -> None:
    """By `account-ROLE`, on books or on the deal's policy."""
    policy = '2020-01-01 custom "deal-policy" "moon"\n  account-escrow-cash: "Assets:Safe:{Deal}"\n'
    native = """
2020-01-01 open Assets:Safe:Moon
2020-01-01 open Assets:Cash:Restricted:Escrow:Moon
2020-03-01 * "into what is no escrow here"
  Assets:Cash:Restricted:Escrow:Moon   1.00 USD
  Assets:Bank  -1.00 USD
2020-04-01 * "into the escrow"
  Assets:Safe:Moon   1.00 USD
  Assets:Bank  -1.00 USD
"""
    (found,) = findings(PROVIDER + GRANT + policy + OPEN + native)
    assert found == 'F601 2020-04-01 * "into the escrow"'


def test_an_escrow_kept_on_the_operating_account_is_nobodys_alone() -> None:
    policy = '2020-01-01 custom "deal-policy" "moon"\n'
    policy += '  account-escrow-cash: "Assets:Cash:Operating"\n'
    native = """
2020-01-01 open Assets:Cash:Operating
2020-03-01 * "rent"
  Assets:Cash:Operating   -1.00 USD
  Assets:Bank   1.00 USD
"""
    assert codes(PROVIDER + GRANT + policy + OPEN + native) == []


def test_the_same_name_for_root_accounts_is_used_as_the_options_give_them() -> None:
    options = 'option "name_equity" "Eigenkapital"\n'
    native = """
2020-03-01 * "correction"
  Eigenkapital:Escrow:Moon:T1:Held   1 MOON.CR
  Eigenkapital:Escrow:Moon:T1:Drawn   -1 MOON.CR
"""
    opened = "2020-01-01 open Eigenkapital:Escrow:Moon:T1:Drawn\n"
    assert codes(options + PROVIDER + GRANT + opened + native) == ["F601"]


PAYMENT = """
2020-03-01 custom "deal-usage" "moon" 300.00 USD
2020-04-01 custom "deal-payment" "moon" 300.00 USD
"""
COLLECTED = """
{date} * "collected"
  {account}   {amount} USD
  Assets:Bank
"""


def test_a_receivable_collected_twice_is_told_on_both_sides() -> None:
    twice = COLLECTED.format(
        date="2020-04-02", account="Assets:Receivables:Trade:Moon", amount="-300.00"
    )
    (found,) = findings(PROVIDER + GRANT + OPEN + PAYMENT + twice)
    assert found == 'F602 2020-04-02 * "collected"'
    charge = '2020-01-01 custom "deal-charge" "moon" "Compute" Expenses:Training 1\n'
    paid = COLLECTED.format(
        date="2020-04-02", account="Liabilities:Payables:Cloud:Moon", amount="300.00"
    )
    (found,) = findings(STARTUP + charge + GRANT + OPEN + PAYMENT + paid)
    assert found == 'F602 2020-04-02 * "collected"'


def test_a_receivable_may_be_below_zero_within_a_day() -> None:
    """The money of the day before the bill of the day."""
    early = COLLECTED.format(
        date="2020-03-01", account="Assets:Receivables:Trade:Moon", amount="-300.00"
    )
    bill = PAYMENT.splitlines()[1]
    assert codes(PROVIDER + GRANT + OPEN + early + bill) == []


# -- time value ----------------------------------------------------------------------

PROMISE = """
2020-01-01 custom "deal-stake" "moon" {shares} MOON.A
  fair-value: 1.00 USD
  fair-value-source: "valuation"
2020-01-01 custom "deal-cash" "moon" 100.00 USD
2020-01-01 custom "deal-commitment" "moon" 60.00 USD
  to: 2022-12-31
  ramp-2020-06: 20.00 USD
  ramp-{month}: 60.00 USD
"""


@pytest.mark.parametrize(
    ("shares", "month", "told"),
    [
        pytest.param(106, "2021-02", ["F627"], id="two years ahead"),
        pytest.param(106, "2020-12", [], id="within the year of the expedient"),
        pytest.param(100, "2021-02", [], id="nothing owed for shares"),
        pytest.param(88, "2021-02", [], id="the customer was paid"),
    ],
)
def test_compute_owed_for_shares_years_ahead(
    shares: int, month: str, told: list[str]
) -> None:
    assert codes(PROVIDER + PROMISE.format(shares=shares, month=month)) == told


def test_no_time_value_is_looked_for_where_it_is_elected() -> None:
    text = PROVIDER + PROMISE.format(shares=106, month="2021-12")
    off = '2020-01-01 custom "deal-policy" "moon"\n  sfc: "off"\n'
    assert codes(text) == ["F627"]
    assert codes(text + off) == []
    assert codes(text.replace('"us-gaap"\n', '"us-gaap"\n  sfc: "off"\n')) == []


# -- corrections -------------------------------------------------------------------


def test_a_correction_of_an_earlier_period_is_pointed_at() -> None:
    """Whether it is material nobody can reckon, so every one of them is listed."""
    correct = """
2020-03-31 custom "deal-usage" "moon" 10 MOON.CR
2020-06-30 custom "deal-correct" "moon" "deal-usage" 2020-03-31
  amount: 9 MOON.CR
"""
    charge = '2020-01-01 custom "deal-charge" "moon" "Compute" Expenses:Training 1\n'
    wanted = 'F628 2020-06-30 custom "deal-correct" "moon" "deal-usage" 2020-03-31'
    assert findings(PROVIDER + GRANT + correct) == [wanted]
    assert findings(STARTUP + GRANT + correct + charge) == [wanted]


# -- financing -----------------------------------------------------------------------

DUE = {
    "ramp": "  ramp-2020-12: 60 MOON.CR\n  ramp-{month}: 100 MOON.CR\n",
    "rest at the end": "  ramp-2020-12: 60 MOON.CR\n  expires: {month}-15\n",
    "standing ready": '  delivery: "stand-ready"\n  expires: {month}-15\n',
}


@pytest.mark.parametrize("due", DUE.values(), ids=list(DUE))
@pytest.mark.parametrize(("month", "told"), [("2021-01", ["F627"]), ("2020-12", [])])
def test_credits_due_years_after_their_shares(
    due: str, month: str, told: list[str]
) -> None:
    if "ramp-{" in due and month == "2020-12":
        due = "  ramp-{month}: 100 MOON.CR\n"
    text = GRANT + due.format(month=month)
    assert codes(PROVIDER + text) == told
    assert codes(STARTUP + text) == []
    for sfc in ("off", "force"):
        rate = "\n  sfc-rate: 0.08" if sfc == "force" else ""
        judged = PROVIDER.replace('"us-gaap"\n', f'"us-gaap"\n  sfc: "{sfc}"{rate}\n')
        assert codes(judged + text) == []
    paid = text.replace('  tranche: "T1"', '  tranche: "T1"\n  price: 90.00 USD')
    paid = paid.replace("fair-value: 1.00", "fair-value: 0.10")
    cash = '2020-01-01 custom "deal-cash" "moon" 10.00 USD\n'
    assert codes(PROVIDER + paid + cash) == []


# -- training ------------------------------------------------------------------------

TRAINING = """
2020-01-01 custom "deal-policy" "moon"
  training-compute: "capitalise"
  training-services: "Training, Tuning"
2020-02-01 custom "deal-usage" "moon" 10 MOON.CR
  service: "Training"
"""


def test_a_service_that_is_capitalised_by_election_wants_no_charge() -> None:
    assert codes(STARTUP + GRANT + TRAINING) == []
    expensed = TRAINING.replace("capitalise", "expense").splitlines()
    del expensed[3]
    assert codes(STARTUP + GRANT + "\n".join(expensed)) == ["F622"]


@pytest.mark.parametrize("account", ["Expenses:RnD", "Assets:Model"])
def test_a_charge_and_the_election_say_the_same_twice(account: str) -> None:
    charge = f'2020-03-01 custom "deal-charge" "moon" "Training" {account} 1'
    assert findings(STARTUP + GRANT + TRAINING + charge) == [f"F634 {charge}"]
    other = charge.replace("Training", "Inference")
    assert codes(STARTUP + GRANT + TRAINING + other) == []


# -- leases ----------------------------------------------------------------------------


@pytest.mark.parametrize("books", [PROVIDER, STARTUP], ids=["provider", "startup"])
def test_a_dedicated_cluster_wants_an_answer_on_either_side(books: str) -> None:
    dedicated = GRANT + '  dedicated: "Cluster 7"\n'
    answer = '2020-01-01 custom "deal-lease" "moon" "T1"\n  kind: "none"\n'
    (found,) = findings(books + dedicated)
    assert found == 'F636 2020-01-01 custom "deal-grant" "moon" 100 MOON.CR'
    assert codes(books + dedicated + answer) == []
    assert codes(books + GRANT) == []


def test_a_promise_may_be_for_a_cluster_too() -> None:
    shares = PROMISE.format(shares=100, month="2020-12")
    text = shares + '  dedicated: "Cluster 7"\n'
    answer = '2020-01-01 custom "deal-lease" "moon" "C1"\n  kind: "none"\n'
    assert codes(PROVIDER + text) == ["F636"]
    assert codes(PROVIDER + text + answer) == []


# -- shares measured on the day of service ---------------------------------------------

MEASURED = """
2020-01-01 custom "deal-policy" "moon"
  noncash-measurement-date: "performance"
2020-06-30 custom "deal-valuation" "moon" 1.10 USD
  kind: "fair-value"
  source: "appraisal"
"""
MEASURING = PROVIDER.replace("us-gaap", "ifrs")


@pytest.mark.parametrize(
    ("days", "told"),
    [
        (["2020-04-01", "2020-09-30"], []),
        (["2020-04-02", "2020-04-03"], ["F635"]),
        (["2020-10-01", "2020-12-31"], ["F635"]),
        (["2020-05-01", "2020-11-01"], ["F635", "F635"]),
    ],
)
def test_what_measures_a_draw_is_no_older_than_a_quarter(
    days: list[str], told: list[str]
) -> None:
    """Told once for each time nobody looked, of 1 January and of 30 June."""
    uses = "".join(f'{day} custom "deal-usage" "moon" 10 MOON.CR\n' for day in days)
    assert codes(MEASURING + GRANT + MEASURED + uses) == told
    refund = '2020-12-31 custom "deal-usage" "moon" -10 MOON.CR\n'
    assert codes(MEASURING + GRANT + MEASURED + uses + refund) == told
    inception = MEASURED.replace("performance", "inception")
    assert codes(MEASURING + GRANT + inception + uses) == []


def test_shares_received_as_drawn_are_measured_by_a_valuation_of_the_quarter() -> None:
    uses = '2020-05-01 custom "deal-usage" "moon" 10 MOON.CR\n'
    drawn = GRANT.replace("  fair-value:", '  vesting: "as-drawn"\n  fair-value:')
    receipt = MEASURED.replace("performance", "receipt")
    assert codes(MEASURING + drawn + receipt + uses) == ["F635"]
    assert codes(MEASURING + GRANT + receipt + uses) == []


# -- promises without money --------------------------------------------------------

COUNTING = """
2020-01-01 custom "deal-stake" "moon" 100 MOON.A
  fair-value: 1.00 USD
  fair-value-source: "valuation"
2020-01-01 custom "deal-grant" "moon" 100 MOON.CR
  tranche: "T1"
  face: 1.20 USD
2020-01-01 custom "deal-grant" "moon" 50 MOON.P
  tranche: "P1"
  price: 50.00 USD
2020-01-01 custom "deal-commitment" "moon" {amount} USD
  to: 2022-12-31
  counts-credits: {counts}
"""


@pytest.mark.parametrize(
    ("amount", "counts", "told"),
    [
        pytest.param("120.00", "TRUE", ["F640"], id="the shares pay for all of it"),
        pytest.param("120.01", "TRUE", [], id="a cent is promised"),
        pytest.param("120.00", "FALSE", [], id="credits do not count"),
    ],
)
def test_a_promise_that_asks_for_no_money(
    amount: str, counts: str, told: list[str]
) -> None:
    """Credits bought with money are money."""
    text = PROVIDER + COUNTING.format(amount=amount, counts=counts)
    assert codes(text) == told


# -- warrants ----------------------------------------------------------------------

VESTING = """
2020-01-01 custom "deal-warrant" "moon" 100 CLOUD.W
  tranche: "V1"
  fair-value: 1.00 USD
  vests-on: {vests} USD
2020-01-01 custom "deal-charge" "moon" "Compute" Expenses:Training 1
2020-06-30 custom "deal-usage" "moon" 100.00 USD
"""
VALUED = """
2020-12-31 custom "deal-valuation" "moon" 1.00 USD
  stake: "CLOUD.W"
  kind: "fair-value"
  source: "option model"
"""


@pytest.mark.parametrize(
    ("vests", "valued", "told"),
    [
        pytest.param("100.00", "", ["F641"], id="vested and not valued"),
        pytest.param("100.00", VALUED, [], id="valued, at what it was granted at"),
        pytest.param("100.01", "", [], id="not vested yet"),
    ],
)
def test_a_customers_warrants_are_valued_once_they_have_vested(
    vests: str, valued: str, told: list[str]
) -> None:
    text = VESTING.format(vests=vests)
    assert codes(STARTUP + text + valued) == told
    assert codes(PROVIDER + text.replace('2020-01-01 custom "deal-charge"', "; ")) == []


# -- buy-backs ---------------------------------------------------------------------

BUYBACK = """
2020-01-01 custom "deal-charge" "moon" "Compute" Expenses:Training 1
2020-06-30 custom "deal-usage" "moon" 100.00 USD
2020-06-30 custom "deal-buyback" "moon" 110.00 USD
  form: {form}
  to: {to}
"""


@pytest.mark.parametrize(
    ("form", "to", "told"),
    [
        pytest.param('"call"', "2021-07-01", ["F643"], id="more than a year"),
        pytest.param('"call"', "2021-06-30", [], id="a year"),
        pytest.param(
            '"call"\n  present-value: 101.00 USD', "2023-06-30", [], id="discounted"
        ),
        pytest.param('"put"\n  incentive: FALSE', "2023-06-30", [], id="a sale"),
    ],
)
def test_a_price_years_ahead_is_discounted(form: str, to: str, told: list[str]) -> None:
    assert codes(STARTUP + BUYBACK.format(form=form, to=to)) == told
