"""Stakes under the equity method: what kind of shares they are, and what is beside them."""

from __future__ import annotations

import pytest

from tests.checks.found import PROVIDER, codes

INFLUENCE = """
2020-01-01 custom "deal-policy" "moon"
  stake: "MOON.O"
  method: "equity-method"
2020-01-01 custom "deal-stake" "moon" 300 MOON.O
  fair-value: 1.00 USD
  fair-value-source: "round-price"
  instrument: "common"
  ownership: 0.30
2020-01-01 custom "deal-cash" "moon" 400.00 USD
2020-01-01 custom "deal-stake" "moon" 100 MOON.P
  fair-value: 1.00 USD
  fair-value-source: "round-price"
2020-12-31 custom "deal-result" "moon" {result} USD
  from: 2020-01-01
  to: 2020-12-31
"""


@pytest.mark.parametrize(("result", "told"), [("-1000.00", []), ("-1000.10", ["F638"])])
def test_losses_in_mind_beside_other_securities(result: str, told: list[str]) -> None:
    text = PROVIDER + INFLUENCE.format(result=result)
    assert codes(text) == told
    assert codes(text.replace("us-gaap", "ifrs")) == told


def test_losses_in_mind_of_the_only_security_are_nothing_to_judge() -> None:
    text = PROVIDER + INFLUENCE.format(result="-2000.00")
    start = text.index('2020-01-01 custom "deal-stake" "moon" 100')
    text = text[:start] + text[text.index("2020-12-31") :]
    assert codes(text.replace("400.00 USD", "300.00 USD")) == []


@pytest.mark.parametrize(
    ("more", "told"),
    [
        ("", ["F637"]),
        ('  note: "votes and ranks like the common"\n', []),
        ('  source: "notes"\n', ["F637"]),
    ],
)
def test_preferred_shares_under_the_equity_method(more: str, told: list[str]) -> None:
    text = PROVIDER + INFLUENCE.format(result="10.00")
    preferred = text.replace('  instrument: "common"\n', "").replace(
        '  method: "equity-method"\n', f'  method: "equity-method"\n{more}'
    )
    assert codes(preferred) == told
    whole = preferred.replace('  stake: "MOON.O"\n', "").replace(
        '  instrument: "common"\n', ""
    )
    start = whole.index('2020-01-01 custom "deal-stake" "moon" 100')
    whole = whole[:start] + whole[whole.index("2020-12-31") :]
    assert codes(whole.replace("400.00 USD", "300.00 USD")) == told
    assert codes(preferred.replace("us-gaap", "ifrs")) == []


def test_preferred_shares_that_come_under_it_later() -> None:
    text = PROVIDER + INFLUENCE.format(result="10.00")
    text = text.replace(
        '  method: "equity-method"\n', '  method: "measurement-alternative"\n'
    )
    text = text.replace('  instrument: "common"\n', "")
    start = text.index("2020-12-31")
    text = text[:start] + (
        '2020-06-30 custom "deal-reclassify" "moon" "equity-method"\n'
        '  stake: "MOON.O"\n  reason: "a seat on the board"\n'
    )
    assert codes(text) == ["F637"]
    assert codes(text + '  note: "in substance common"\n') == []
