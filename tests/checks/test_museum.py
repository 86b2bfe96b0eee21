"""The bug museum: books that are wrong in one way each, every one of them refused.

An exhibit changes one entry of the sound books.  Beancount itself accepts most of
them without a word: credits are in nobody's net worth, and half a cent is within its
tolerance.
"""

from __future__ import annotations

from typing import NamedTuple

import pytest

from tests.checks.booked import changed, examined
from tests.checks.sound import ABROAD, PROVIDER, STARTUP, VENDOR


def entry_of(narration: str, books: str) -> str:
    """Return the whole text of one entry of the sound books."""
    at = books.index(f'" "{narration}"')
    start = books.rindex("\n", 0, at) + 1
    end = books.find("\n2", at)
    return books[start : end + 1 if end > 0 else len(books)]


class Exhibit(NamedTuple):
    """One bug.

    Attributes:
      name: What went wrong, in words.
      entry: Narration of the entry that is changed.
      changes: Parts of it, each of which stands in it once; no changes take the
        entry away.
      told: Everything the checks say, by code and label of the line.
      words: Part of what is said first.
      books: The sound books it is a change of.
    """

    name: str
    entry: str
    changes: dict[str, str]
    told: list[tuple[str, str]]
    words: str
    books: str = PROVIDER

    def text(self) -> str:
        """Return the books with the bug in them."""
        sound = entry_of(self.entry, self.books)
        wrong = changed(sound, self.changes) if self.changes else ""
        return changed(self.books, {sound: wrong})


BALANCE = [
    Exhibit(
        "revenue half a cent short, within Beancount's tolerance",
        "march",
        {"-3200.00": "-3199.995"},
        [("E601", "@march")],
        'the entry of 2024-03-31 "march" is out of balance by 0.005 USD',
    ),
    Exhibit(
        "lots put back at another cost than the impairment says",
        "impairment",
        {" 2000.00": " 1999.99"},
        [("E601", "@valuation")],
        "out of balance by -0.01 USD",
    ),
    Exhibit(
        "a credit lost on the way, which no money shows",
        "june",
        {"-2000 MOON": "-1999 MOON"},
        [("E601", "@june"), ("E603", "@june"), ("E610", "@june")],
        "out of balance by 1 MOON.CR",
    ),
]
UNITS = [
    Exhibit(
        "credits that leave for an account outside the escrow",
        "march",
        {"Equity:Escrow:Moon:T1:Drawn": "Expenses:Compute           "},
        [("E603", "@march"), ("E610", "@march")],
        "granted 10,000, held 6,000; 4,000 MOON.CR are nowhere",
    ),
    Exhibit(
        "credits of one tranche drawn on another's account",
        "sun july",
        {"Sun:B:Drawn ": "Sun:T1:Drawn"},
        [("E603", "@sun-july"), ("E603", "@sun-july")],
        "the credits of B do not add up on 2024-07-31",
    ),
    Exhibit(
        "money on an account of credits",
        "march",
        {" 4000 MOON.CR": " 4000 USD", "-4000 MOON.CR": "-4000 USD"},
        [("E603", "@march"), ("E617", "@grant")],
        "the accounts of T1 hold MOON.CR and nothing else",
    ),
    Exhibit(
        "more drawn than is left, so that the lapse overdraws",
        "june",
        {" 2000 MOON": " 2001 MOON", "-2000 MOON": "-2001 MOON"},
        [("E604", "@grant"), ("E610", "@june")],
        'Held of T1 is -1 MOON.CR after "lapse" on 2024-12-31',
    ),
    Exhibit(
        "a draw with the sign of a refund",
        "march",
        {" 4000 MOON": " -4000 MOON", "-4000 MOON": "4000 MOON"},
        [("E604", "@march"), ("E610", "@march"), ("E617", "@grant")],
        "Drawn of T1 is -4,000 MOON.CR",
    ),
    Exhibit(
        "a refund before anything was drawn",
        "refund",
        {"2024-07-31": "2024-03-30"},
        [("E604", "@refund")],
        "Drawn of T1 is -500 MOON.CR",
    ),
    Exhibit(
        "a draw from what has not lapsed yet",
        "late",
        {"2025-01-10": "2024-12-30"},
        [("E604", "@late")],
        "Expired of T1 is -100 MOON.CR",
    ),
    Exhibit(
        "credits moved out of a tranche and into nothing",
        "blend",
        {"Sun:B:Moved ": "Sun:B:Forfeited "},
        [("E604", "@blend"), ("E606", "@blend")],
        "Forfeited of B is -60 SUN.CR",
    ),
    Exhibit(
        "a tranche that nobody granted",
        "sun july",
        {"Sun:B:Held": "Sun:C:Held", "Sun:B:Drawn": "Sun:C:Drawn"},
        [("E608", "@sun-july")],
        "moves credits of C, which no deal-grant of sun grants",
    ),
    Exhibit(
        "fewer credits granted than written",
        "new credits",
        {"   40 SUN": "   39 SUN", "-40 SUN": "-39 SUN"},
        [("E610", "@blend")],
        "40 SUN.CR are written and 39 are booked as granted",
    ),
    Exhibit(
        "credits held after they lapsed",
        "lapse",
        {" 3000 MOON": " 2900 MOON", "-3000 MOON": "-2900 MOON"},
        [("E617", "@grant")],
        "100 MOON.CR of T1 lapsed on 2024-12-31 and are still held",
    ),
    Exhibit(
        "credits of the startup owed and not held",
        "march",
        {
            "-4000 MOON": "4000 MOON",
            "Drawn                4000": "Drawn               -4000",
        },
        [("E604", "@march"), ("E610", "@march")],
        "Drawn of T1 is -4,000 MOON.CR",
        STARTUP,
    ),
]
ESCROW = [
    Exhibit(
        "a cent more released than was ring-fenced",
        "lapse",
        {" 1500.00": " 1500.01", "-1500.00": "-1500.01"},
        [("E607", "@grant")],
        'Moon stands at -0.01 USD after "lapse" on 2024-12-31',
    ),
    Exhibit(
        "escrow released before it was funded, made good on a later day",
        "grant",
        {"Assets:Cash:Restricted:Escrow:Moon": "Assets:Elsewhere"},
        [("E607", "@march")],
        'Moon stands at -2,000.00 USD after "march"',
    ),
]
SOURCES = [
    Exhibit(
        "an entry without a rule",
        "march",
        {'  rule: "606-10-55-46"\n': ""},
        [("E608", "@march")],
        "carries no rule",
    ),
    Exhibit(
        "an entry without a deal",
        "march",
        {'  deal: "moon"\n': ""},
        [("E608", "@march"), ("E609", "@march")],
        "carries no deal",
    ),
    Exhibit(
        "an entry from a line where nothing stands",
        "payment",
        {"@payment": "1"},
        [("E608", ""), ("E609", "@payment")],
        "names <string>:1 as its source, where no directive of a deal stands",
    ),
    Exhibit(
        "an entry from another deal's line",
        "march",
        {"@march": "@sun-march"},
        [("E608", "@sun-march"), ("E609", "@march")],
        'is of the deal "moon" and names a directive of "sun"',
    ),
    Exhibit(
        "an entry on another deal's accounts",
        "payment",
        {"Trade:Moon": "Trade:Sun "},
        [("E608", "@payment"), ("F602", "@payment")],
        'posts to Assets:Receivables:Trade:Sun, an account of "sun"',
    ),
]
MISSING = [
    Exhibit(f"no entry for {name}", entry, {}, told, words)
    for name, entry, told, words in [
        (
            "a signing",
            "signing",
            [("E609", "@stake"), ("E622", "@valuation")],
            "this deal-stake of 2024-01-01",
        ),
        ("a grant", "sun grant", [("E604", "@sun-march"), ("E609", "@sun-grant")], "Held"),
        ("a draw", "late", [("E609", "@late")], "this deal-usage of 2025-01-10"),
        ("a blend", "blend", [("E617", "@sun-grant")], "were blended into B"),
        ("a payment", "payment", [("E609", "@payment")], "this deal-payment"),
        ("a valuation", "impairment", [("E609", "@valuation")], "this deal-valuation"),
        ("a second purchase", "sun again", [("E609", "@sun-more")], "this deal-stake"),
        (
            "usage in money",
            "support",
            [("E609", "@money"), ("F602", "@payment")],
            "this deal-usage of 2024-09-15",
        ),
        (
            "a forfeiture",
            "forfeit",
            [("E609", "@forfeit"), ("E617", "@grant")],
            "this deal-forfeit",
        ),
        (
            "a lapse",
            "lapse",
            [("E604", "@late"), ("E617", "@grant")],
            "Expired of T1 is -100 MOON.CR",
        ),
    ]
]
CONSEQUENCES = [
    Exhibit(
        "warrants earned for more than was bought",
        "earned",
        {" 40.00": " 41.00", "-40.00": "-41.00"},
        [("E618", "@warrant")],
        "41.00 of warrants are booked as earned; the purchases make it 40.00",
        VENDOR,
    ),
    Exhibit(
        "gains of a note that was sold still wait",
        "gains reclassified",
        {},
        [("E619", "@note")],
        "30.00 of gains stand in other comprehensive income",
        VENDOR,
    ),
    Exhibit(
        "a shortfall of another amount",
        "shortfall",
        {" 100.00": " 90.00", "-100.00": "-90.00"},
        [("E620", "@promise")],
        "90.00 is booked as the shortfall of C1; the purchases make it 100.00",
        VENDOR,
    ),
    Exhibit(
        "a purchase billed at another amount",
        "sun billed",
        {" 20.00": " 19.00", "-20.00": "-19.00"},
        [("E623", "@buys")],
        "19.00 is billed for this usage, and 20.00 is written",
        VENDOR,
    ),
    Exhibit(
        "a promise released faster than it is bought",
        "sun released",
        {" 2.00": " 3.00", "-2.00": "-3.00"},
        [("E624", "@carries")],
        "3.00 is released of what the promises to spend carry; the purchases make it 2.00",
        VENDOR,
    ),
    Exhibit(
        "chips that lose their value too slowly",
        "depreciation of june",
        {" 100.00": " 90.00", "-100.00": "-90.00"},
        [("E625", "@fleet")],
        "carried at 1,110.00 on 2024-06-30; its directives make it 1,100.00",
        VENDOR,
    ),
    Exhibit(
        "a month in which nobody stood ready",
        "february",
        {},
        [("E617", "@days"), ("E621", "@days")],
        "",
        VENDOR,
    ),
    Exhibit(
        "a sale that is never paid for",
        "sale settled",
        {},
        [("E609", "@sale")],
        "this deal-sale of 2024-03-15",
        VENDOR,
    ),
]
EXCHANGE = [
    Exhibit(
        "dollars billed at the rate of another day",
        "dollars billed",
        {" 710.00": " 720.00", "-710.00": "-720.00"},
        [("E629", "@billed")],
        "720.00; at the rate of its day it is 710.00",
        ABROAD,
    ),
    Exhibit(
        "a credit note at the rate of what it takes back",
        "dollars credited",
        {"-72.00": "-71.00", " 72.00": " 71.00"},
        [("E629", "@credited")],
        "changes what is owed by -71.00; at the rate of its day it is -72.00",
        ABROAD,
    ),
    Exhibit(
        "what is owed left at the rate it was billed at",
        "month end",
        {},
        [("E629", "@billed")],
        "0 is booked on 2024-01-31 as the change of what is owed in USD by a new rate; the "
        "prices make it 10.00",
        ABROAD,
    ),
    Exhibit(
        "what is owed remeasured in the wrong direction",
        "before the payment",
        {"-18.00": " 18.00", " 18.00": " -18.00"},
        [("E629", "@billed")],
        "18.00 is booked on 2024-02-21 as the change of what is owed in USD",
        ABROAD,
    ),
    Exhibit(
        "a payment that nobody booked",
        "dollars paid",
        {},
        [("E609", "@paid"), ("E629", "@paid")],
        "",
        ABROAD,
    ),
]
MUSEUM = [*BALANCE, *UNITS, *ESCROW, *SOURCES, *MISSING, *CONSEQUENCES, *EXCHANGE]


@pytest.mark.parametrize("exhibit", MUSEUM, ids=lambda exhibit: exhibit.name)
def test_a_bug_is_refused_at_the_line_it_comes_from(exhibit: Exhibit) -> None:
    found = examined(exhibit.text())
    line = {number: label for label, number in found.labels.items()}
    said = [p for p in found.problems if p.level != "note"]
    told = sorted((p.code, line.get(p.at.lineno, "")) for p in said)
    assert told == exhibit.told
    first = min(said, key=lambda p: (p.code, p.at))
    assert exhibit.words in first.message


@pytest.mark.parametrize("exhibit", MUSEUM, ids=lambda exhibit: exhibit.name)
def test_the_plugin_tells_the_errors_and_keeps_the_findings(exhibit: Exhibit) -> None:
    found = examined(exhibit.text())
    wanted = [f"{p.code}: {p.message}" for p in found.problems if p.level == "error"]
    ours = [message for message in found.errors if message[:2] == "E6"]
    assert ours == wanted != []


@pytest.mark.parametrize(
    "books",
    [PROVIDER, STARTUP, VENDOR, ABROAD],
    ids=["provider", "startup", "vendor", "abroad"],
)
def test_sound_books_are_passed_in_silence(books: str) -> None:
    found = examined(books)
    assert found.errors == []
    assert [p for p in found.problems if p.level != "note"] == []


def test_what_was_looked_at_is_counted() -> None:
    counts = examined(PROVIDER).counts
    assert (counts.generated, counts.native) == (19, 0)
    assert (counts.directives, counts.deals, counts.tranches) == (20, 2, 3)
    assert counts.accounts == 2  # Moonshot's escrow and receivable
