"""What no engine books yet is an error at its line, never silence and never a half.

Each line is added to one ledger with two deals; what comes of the other deal, and of
the same deal before the line, is what came of it without the line.
"""

from __future__ import annotations

import inspect
from datetime import date
from typing import NamedTuple

import pytest

from tests.cases.harness import generated, unbalanced
from tests.support.ledgers import Ledger, load_text

BOOKS = inspect.cleandoc("""
    plugin "beanscrow.plugins.deals"
    2024-01-01 custom "books" "ROLE"
      framework: "us-gaap"
      currency: "USD"
      open-accounts: TRUE
      through: 2024-12-31
    2024-01-01 custom "deal" "moon" "Moonshot AI"
      provider: "Alibaba Cloud"
      escrow-owner: "none"
    2024-01-01 custom "deal-stake" "moon" 8 MOON.A
      fair-value: 10.00 USD
      fair-value-source: "valuation"
    2024-01-01 custom "deal-grant" "moon" 100 MOON.CR
    2024-02-01 custom "deal-usage" "moon" 10 MOON.CR
    2024-01-01 custom "deal" "sun" "Sunshot AI"
      provider: "Alibaba Cloud"
      escrow-owner: "none"
    2024-01-01 custom "deal-stake" "sun" 5 SUN.A
      fair-value: 10.00 USD
      fair-value-source: "valuation"
    2024-01-01 custom "deal-grant" "sun" 100 SUN.CR
    2024-07-01 custom "deal-usage" "sun" 10 SUN.CR
    """)


class NotBuilt(NamedTuple):
    """Lines to add on 2024-06-01, and on which sides they are refused.

    Attributes:
      books: Keys of `books`, without which nothing would be refused.
    """

    lines: str
    provider: bool = True
    startup: bool = True
    books: str = ""


KINDS = {
    "shares unconditional later beside cash": NotBuilt("""
        2024-06-01 custom "deal-stake" "moon" 9 MOON.B
          fair-value: 10.00 USD
          fair-value-source: "valuation"
          unconditional: 2024-09-30
        2024-06-01 custom "deal-cash" "moon" 10.00 USD
        2024-06-01 custom "deal-grant" "moon" 50 MOON.CR
          tranche: "T2"
        """),
    "shares earned as drawn beside cash": NotBuilt("""
        2024-06-01 custom "deal-stake" "moon" 9 MOON.B
          fair-value: 10.00 USD
          fair-value-source: "valuation"
          vesting: "as-drawn"
        2024-06-01 custom "deal-cash" "moon" 10.00 USD
        2024-06-01 custom "deal-grant" "moon" 50 MOON.CR
          tranche: "T2"
        """),
    "fleet in another currency": NotBuilt(
        """
        2024-06-01 custom "fleet" "hgx-1" 300.00 EUR
          in-service: 2024-06-01
        """,
        startup=False,
    ),
    "usage in another currency beside warrants": NotBuilt("""
        2024-06-01 price EUR 1.10 USD
        2024-06-01 custom "deal-warrant" "moon" 10 CLOUD.W
          fair-value: 1.00 USD
          vests-on: 100.00 USD
        2024-06-02 custom "deal-commitment" "moon" 60.00 EUR
          to: 2027-01-01
        2024-06-03 custom "deal-usage" "moon" 10.00 EUR
        """),
    "cash in another currency that moves after its event": NotBuilt("""
        2024-06-01 price EUR 1.10 USD
        2024-06-01 custom "deal-stake" "moon" 9 MOON.B
          fair-value: 10.00 EUR
          fair-value-source: "valuation"
        2024-07-01 custom "deal-cash" "moon" 90.00 EUR
          event: 2024-06-01
        """),
    "credits to be paid in another currency": NotBuilt("""
        2024-06-01 price EUR 1.10 USD
        2024-06-01 custom "deal-stake" "moon" 9 MOON.B
          fair-value: 10.00 EUR
          fair-value-source: "valuation"
        2024-06-01 custom "deal-grant" "moon" 50 MOON.CR
          tranche: "T2"
          price: 40.00 EUR
        """),
}
_MEASURED = """framework: "ifrs"
  noncash-measurement-date: "performance\""""
KINDS |= {
    f"shares measured on performance for {what}": NotBuilt(
        f"""
        2024-06-01 custom "deal-stake" "moon" 9 MOON.B
          fair-value: 10.00 {money}
          fair-value-source: "valuation"
        {lines}""",
        startup=False,
        books=_MEASURED,
    )
    for what, money, lines in (
        (
            "credits that blend others",
            "USD",
            """2024-06-01 custom "deal-grant" "moon" 50 MOON.CR
          tranche: "T2"
          modification: "blend"
          blends: "T1"
        """,
        ),
        (
            "a service that stands ready",
            "USD",
            """2024-06-01 custom "deal-grant" "moon" 50 MOON.DAY
          tranche: "T2"
          delivery: "stand-ready"
          expires: 2024-07-20
        """,
        ),
        (
            "a promise to spend",
            "USD",
            """2024-06-01 custom "deal-cash" "moon" 30.00 USD
        2024-06-01 custom "deal-commitment" "moon" 60.00 USD
          to: 2027-01-01
        """,
        ),
        (
            "an event in another currency",
            "EUR",
            """2024-06-01 price EUR 1.10 USD
        2024-06-01 custom "deal-grant" "moon" 50 MOON.CR
          tranche: "T2"
        """,
        ),
    )
}
_FORCED = """framework: "us-gaap"
  sfc: "force"
  sfc-rate: 0.08"""
KINDS |= {
    f"a financing component of {what}": NotBuilt(
        f"""
        {day} custom "deal-stake" "moon" 9 MOON.B
          fair-value: 10.00 {money}
          fair-value-source: "valuation"
          event: 2024-06-01
        2024-06-01 price EUR 1.10 USD
        2024-06-01 custom "deal-grant" "moon" 50 MOON.CR
          tranche: "T2"
          ramp-2025-12: 50 MOON.CR
        {more}""",
        books=_FORCED,
    )
    for what, day, money, more in (
        (
            "credits that blend others",
            "2024-06-01",
            "USD",
            """  modification: "blend"
          blends: "T1"
        """,
        ),
        ("compute whose shares come later", "2024-08-01", "USD", ""),
        ("an event in another currency", "2024-06-01", "EUR", ""),
    )
}
_BY_LINE = """framework: "us-gaap"
  sfc: "force"
  sfc-rate: 0.08
  {}"""
KINDS |= {
    f"a financing component under {key}": NotBuilt(
        """
        2024-06-01 custom "deal-stake" "moon" 9 MOON.B
          fair-value: 10.00 USD
          fair-value-source: "valuation"
        2024-06-01 custom "deal-grant" "moon" 50 MOON.CR
          tranche: "T2"
          ramp-2025-12: 50 MOON.CR
        """,
        startup=key.startswith("rounding"),
        books=_BY_LINE.format(key),
    )
    for key in ('rounding: "per-line"', 'breakage-method: "proportional"')
}
KINDS |= {
    f"rent within {what}": NotBuilt(
        f"""
        2024-06-01 custom "deal-stake" "moon" 9 MOON.B
          fair-value: 10.00 {money}
          fair-value-source: "valuation"
        {leg}
        2024-06-01 custom "deal-lease" "moon" "{name}"
          kind: "operating"
          from: 2024-06-01
          to: 2024-12-31
          lease-price: 40.00 USD
          service-price: 50.00 USD
          for: "provider"
        """,
        startup=False,
    )
    for what, money, name, leg in (
        (
            "credits paid for in money",
            "USD",
            "T2",
            """2024-06-01 custom "deal-cash" "moon" 90.00 USD
        2024-06-01 custom "deal-grant" "moon" 50 MOON.CR
          tranche: "T2"
          price: 40.00 USD""",
        ),
        (
            "credits that blend others",
            "USD",
            "T2",
            """2024-06-01 custom "deal-grant" "moon" 50 MOON.CR
          tranche: "T2"
          modification: "blend"
          blends: "T1\"""",
        ),
        (
            "a promise to spend",
            "USD",
            "C1",
            """2024-06-01 custom "deal-cash" "moon" 80.00 USD
        2024-06-01 custom "deal-commitment" "moon" 60.00 USD
          to: 2027-01-01""",
        ),
        (
            "an event in another currency",
            "EUR",
            "T2",
            """2024-06-01 price EUR 1.10 USD
        2024-06-01 custom "deal-grant" "moon" 50 MOON.CR
          tranche: "T2\"""",
        ),
    )
}
REFUSED = [
    pytest.param(kind, role, id=f"{name}, {role}")
    for name, kind in KINDS.items()
    for role in ("provider", "startup")
    if getattr(kind, role)
]
IGNORED = [
    pytest.param(kind, role, id=f"{name}, {role}")
    for name, kind in KINDS.items()
    for role in ("provider", "startup")
    if not getattr(kind, role)
]


def books(role: str, lines: str = "", keys: str = "") -> Ledger:
    """Return the ledger with lines added, and with other keys of `books` than US GAAP's."""
    head = BOOKS.replace("ROLE", role)
    if keys:
        head = head.replace('framework: "us-gaap"', keys)
    text = head + "\n" + inspect.cleandoc(lines)
    # The grant of a deal with several says its tranche.
    if "tranche:" in lines and "deal-grant" in lines:
        grant = 'deal-grant" "moon" 100 MOON.CR'
        text = text.replace(grant, grant + '\n  tranche: "T1"')
    return load_text(text)


def journal(ledger: Ledger, deal: str = "") -> list[tuple[object, ...]]:
    """Return what was booked, without the lines it came from."""
    return [
        (
            entry.date,
            entry.narration,
            *[(p.account, p.units, p.cost) for p in entry.postings],
        )
        for entry in generated(ledger.entries)
        if deal in ("", entry.meta["deal"])
    ]


@pytest.mark.parametrize(("kind", "role"), REFUSED)
def test_it_is_told_at_its_line_and_nothing_is_half_booked(
    kind: NotBuilt, role: str
) -> None:
    plain, with_lines = books(role, keys=kind.books), books(role, kind.lines, kind.books)
    assert plain.messages == []
    assert with_lines.messages
    first = BOOKS.count("\n") + 1
    for line, message in zip(with_lines.positions, with_lines.messages, strict=True):
        assert message.startswith(("E290", "E212")), message
        assert line > first, message
    assert any(message.startswith("E290") for message in with_lines.messages)
    assert unbalanced(with_lines.entries) == []
    assert journal(with_lines) == journal(plain)


@pytest.mark.parametrize(("kind", "role"), IGNORED)
def test_the_other_side_reads_it_and_goes_on(kind: NotBuilt, role: str) -> None:
    plain, with_lines = books(role, keys=kind.books), books(role, kind.lines, kind.books)
    assert with_lines.messages == []
    assert journal(with_lines, "sun") == journal(plain, "sun")
    earlier = [row for row in journal(with_lines) if row[0] < date(2024, 6, 1)]  # type: ignore[operator]
    assert earlier == [row for row in journal(plain) if row[0] < date(2024, 6, 1)]  # type: ignore[operator]
