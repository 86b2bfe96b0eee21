"""Ledgers to look for findings in, and what is found."""

from __future__ import annotations

from beancount import loader

from beanscrow.checks.examine import examine

PROVIDER = """
plugin "beanscrow.plugins.deals"
2020-01-01 custom "books" "provider"
  framework: "us-gaap"
  currency: "USD"
  open-accounts: TRUE
2020-01-01 custom "deal" "moon" "Moonshot AI"
  provider: "Cloud"
  escrow-owner: "none"
"""
STARTUP = PROVIDER.replace('"provider"\n', '"startup"\n')
GRANT = """
2020-01-01 custom "deal-stake" "moon" 100 MOON.A
  fair-value: 1.00 USD
  fair-value-source: "valuation"
2020-01-01 custom "deal-grant" "moon" 100 MOON.CR
  tranche: "T1"
"""


def findings(text: str) -> list[str]:
    """Return the findings of a ledger, which has no errors, as "code line-of-text"."""
    entries, errors, options = loader.load_string(text)
    assert [error.message for error in errors] == []
    lines = text.splitlines()
    return [
        f"{p.code} {lines[p.at.lineno - 1]}"
        for p in examine(entries, options, findings=True).problems
        if p.level == "finding"
    ]


def codes(text: str) -> list[str]:
    """Return the codes of a ledger's findings."""
    return [found[:4] for found in findings(text)]
