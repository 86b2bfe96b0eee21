"""Estimates of breakage that a change of the contract takes with it, or that are one alone."""

from __future__ import annotations

import pytest

from tests.checks.found import GRANT, PROVIDER, codes

ESTIMATED = """
2020-01-01 custom "deal-policy" "moon"
  breakage-method: "proportional"
2020-01-01 custom "deal-estimate" "moon"
  tranche: "T1"
  breakage: 0.10
"""
BLEND = """
2020-06-30 custom "deal-stake" "moon" 10 MOON.A
  fair-value: 1.00 USD
  fair-value-source: "valuation"
2020-06-30 custom "deal-grant" "moon" 10 MOON.CR
  tranche: "T2"
  modification: "blend"
  blends: "T1"
"""
WHOLE = """
2020-06-30 custom "deal-estimate" "moon"
  tranche: "T2"
  breakage: 0.00
"""


@pytest.mark.parametrize(
    ("more", "told"),
    [
        ("", []),
        ("  breakage: 0.05\n", ["F639"]),
        ("  breakage: 0.05\n  expires: 2025-12-31\n", []),
        ("  expires: 2025-12-31\n", []),
    ],
)
def test_an_amendment_of_an_estimate_alone(more: str, told: list[str]) -> None:
    amend = (
        f'2020-03-31 custom "deal-amend" "moon"\n  tranche: "T1"\n{more}' if more else ""
    )
    text = PROVIDER + GRANT + ESTIMATED + amend
    assert [it for it in codes(text) if it != "F623"] == told
    assert "F639" not in codes(text.replace('"proportional"', '"remote"'))


def test_a_blend_that_leaves_an_estimate_behind() -> None:
    text = PROVIDER + GRANT + ESTIMATED + BLEND
    assert [it for it in codes(text) if it.startswith("F64")] == ["F642"]
    assert "F642" not in codes(text + WHOLE)
    assert "F642" not in codes(text.replace('"proportional"', '"remote"'))
    unjudged = ESTIMATED.partition('2020-01-01 custom "deal-est')[0]
    assert "F642" not in codes(PROVIDER + GRANT + unjudged + BLEND)
