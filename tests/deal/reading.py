"""What the reader makes of a ledger written in a test."""

from __future__ import annotations

import inspect
from typing import Any

from beancount.parser import parser

from beanscrow.deal.reader import Reading, read

MOON = """
2024-03-01 custom "deal" "moon" "Moonshot AI"
  provider: "Alibaba Cloud"
  escrow-owner: "provider"
2024-03-01 custom "deal-stake" "moon" 400000 MOON.A
  fair-value: 24.00 USD
  fair-value-source: "valuation"
2024-03-01 custom "deal-grant" "moon" 12000000.00 MOON.CR
  tranche: "T1"
"""


def parse(text: str) -> tuple[list[Any], dict[str, Any]]:
    """Return the entries and options of a ledger, which must be free of syntax errors."""
    entries, errors, options = parser.parse_string(inspect.cleandoc(text) + "\n")
    assert errors == []
    return entries, options


def reading(
    text: str,
    role: str = "provider",
    framework: str = "us-gaap",
    currency: str = "USD",
) -> Reading:
    """Return what is read of a ledger; `books` stands behind it, so that lines count."""
    return read(
        *parse(
            f"""{inspect.cleandoc(text)}
2000-01-01 custom "books" "{role}"
  framework: "{framework}"
  currency: "{currency}"
"""
        )
    )


def told(read: Reading, *levels: str) -> list[tuple[int, str]]:
    """Return the line and the code of each problem, of these letters or of all."""
    return [
        (problem.at.lineno, problem.code)
        for problem in read.problems
        if not levels or problem.code[0] in levels
    ]


def message(read: Reading, code: str) -> str:
    """Return the one message of a code."""
    found = [problem.message for problem in read.problems if problem.code == code]
    assert len(found) == 1, read.problems
    return found[0]


def facts(read: Reading, kind: type, deal: str = "moon") -> list[Any]:
    """Return the facts of one kind in a deal, in order of line."""
    held = read.agreements[deal].facts
    return sorted(fact for fact in held if isinstance(fact, kind))
