"""An entry cites the paragraphs of the worked ledger for what it moves.

`ref` of a worked entry names the paragraphs that decide it; ours stand in `rule`.  Of
each worked entry, one paragraph at least must be cited by what we book on its day on its
accounts.  Where ours knowingly cites another, the table below says which, and why.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

import pytest
from beancount.core.data import Transaction

from tests.cases.harness import generated, transactions
from tests.cases.ledgers import TOPS, Case, cases
from tests.cases.mapping import CREDITS, common_name
from tests.policies.reading import INDEX
from tests.support.ledgers import load_path

GOLDEN = Path(__file__).parent / "golden"
_US = re.compile(r"\d{3}-\d\d(?:-S?\d\d(?:-\w+)?)?(?:\([a-z]\))?")
_IFRS = re.compile(r"(?:IFRS|IAS|IFRIC|SIC) \d+(?:\.[\w.]+)?(?:\([a-z]\))?")
_SHORT = re.compile(r"(?:(\d\d-\d+\w*(?:\([a-z]\))?)|\d[\w.]*)$")

_RESEARCH = (
    "730-10-25 says that the compute is research: so do the accounts of deal-charge,"
)
_EXPENSE = (
    f"{_RESEARCH} which the user names; the paragraph that makes it a cost of this day is "
    "that of the shares it is paid with, or of a supply on account"
)
# Worked ledger, its paragraph, that of ours which stands for it ("" where no deal books
# the entry), and why.
INTENDED: tuple[tuple[str, str, str, str], ...] = (
    ("G03-startup", "730-10-25", "718-10-25-2C", _EXPENSE),
    ("G04-startup", "730-10-25", "718-10-25-2C", _EXPENSE),
    ("G10-startup-i", "730-10-25", "718-10-25-2C", _EXPENSE),
    ("G05-startup-V1", "730-10-25", "705-10-25", _EXPENSE),
    ("G05-startup-V3", "730-10-25", "718-10-25-2C", _EXPENSE),
    (
        "G03-provider-remote",
        "606-10-55-48",
        "606-10-55-46",
        "a draw under the remote method recognises no breakage; its price is that of what "
        "is transferred",
    ),
    (
        "G05-startup-V1",
        "505-10",
        "480-10-S99-3A",
        "the worked ledger itself books these shares as temporary equity, which is "
        "480-10-S99-3A; common shares and those in equity cite 505-10",
    ),
    (
        "G07-provider",
        "IFRIC 22.8",
        "830-10-45-18",
        "the books are under US GAAP; the worked ledger names the paragraph of IFRS",
    ),
    (
        "G09-provider",
        "360-10-35-4",
        "",
        "what it costs to serve is written by the user here; no fleet is part of the deal",
    ),
)
# Entries of any worked ledger that no deal makes: the user writes them.
NATIVE = ("setup", "cash flow: operating", "830-20-35-1")


class Difference(NamedTuple):
    """A worked entry none of whose paragraphs ours cite."""

    ledger: str
    entry: Transaction
    wanted: tuple[str, ...]
    ours: frozenset[str]

    def is_meant(self, row: tuple[str, str, str, str]) -> bool:
        """Return whether a row of the table says so."""
        ledger, theirs, own, _ = row
        cited = own in self.ours if own else not self.ours
        return self.ledger == ledger and theirs in self.wanted and cited


def paragraphs(text: str) -> tuple[str, ...]:
    """Return the paragraphs a text names, those cut short ("35-10", "25A") written out.

    What is cut short goes on with the topic, or with the section, of the one before it.
    """
    found: list[str] = []
    for part in re.split(r"[;,/]", text):
        word = part.strip()
        full = _US.match(word) or _IFRS.match(word)
        if full:
            found.append(full[0])
            continue
        short = _SHORT.match(word.split(" ")[0])
        if short is None or not found:
            continue
        if found[-1].startswith("I"):
            found.append(f"{found[-1].split('.')[0]}.{short[0].split('.')[-1]}")
        else:
            kept = found[-1].split("-")[: 2 if short[1] else 3]
            found.append("-".join([*kept, short[0]]))
    return tuple(found)


def cites(ours: Iterable[str], wanted: str) -> bool:
    """Return whether a paragraph is among ours, or one of the section that is wanted."""
    return any(
        it == wanted or it.startswith((f"{wanted}-", f"{wanted}.", f"{wanted}("))
        for it in ours
    )


def differences(top: Path, entries: Iterable[Transaction]) -> list[Difference]:
    """Return the worked entries that what is booked cites no paragraph of.

    Compared with is what moves all accounts of the worked entry on its day; where the
    worked ledger has in one entry what we book in several, what moves any of them.
    """
    name = f"{top.parent.name}-{top.stem}"
    booked = [(it, _accounts(it)) for it in entries]
    found = []
    for entry in transactions(load_path(GOLDEN / f"{name}.beancount").entries):
        ref = entry.meta["ref"]
        if ref in NATIVE:
            continue
        moved = _accounts(entry)
        of_day = [(it, theirs) for it, theirs in booked if it.date == entry.date]
        whole = [it for it, theirs in of_day if moved <= theirs]
        which = whole or [it for it, theirs in of_day if moved & theirs]
        ours = frozenset(x for it in which for x in it.meta["rule"].split("; "))
        wanted = paragraphs(ref)
        if not any(cites(ours, each) for each in wanted):
            found.append(Difference(name, entry, wanted, ours))
    return found


def _accounts(entry: Transaction) -> frozenset[str]:
    return frozenset(
        common_name(posting.account)
        for posting in entry.postings
        if not posting.account.startswith(CREDITS)
    )


def told(found: Iterable[Difference]) -> str:
    return "\n".join(
        f"{it.ledger} {it.entry.date} {it.entry.narration!r}: wanted one of "
        f"{', '.join(it.wanted) or it.entry.meta['ref']}, cited {', '.join(sorted(it.ours))}"
        for it in found
    )


@pytest.mark.parametrize("top", TOPS, ids=lambda top: f"{top.parent.name}-{top.stem}")
def test_an_entry_cites_what_the_worked_ledger_refers_to(top: Path) -> None:
    found = differences(top, generated(load_path(top).entries))
    assert told(it for it in found if not any(map(it.is_meant, INTENDED))) == ""


@pytest.mark.parametrize("row", INTENDED, ids=lambda row: f"{row[0]} {row[1]}")
def test_each_difference_that_is_meant_is_there(row: tuple[str, str, str, str]) -> None:
    """A row that nothing needs any more is taken out, and each says why it stands."""
    top = next(it for it in TOPS if row[0] == f"{it.parent.name}-{it.stem}")
    found = differences(top, generated(load_path(top).entries))
    assert any(it.is_meant(row) for it in found)
    assert row[3]


@pytest.mark.parametrize("top", TOPS, ids=lambda top: f"{top.parent.name}-{top.stem}")
def test_an_entry_that_cites_something_else_is_noticed(top: Path) -> None:
    """With every rule of a deal turned into another's, every worked entry is told."""
    wrong = [
        it._replace(meta={**it.meta, "rule": "842-10-15-3; IFRS 16.9"})
        for it in generated(load_path(top).entries)
    ]
    worked = transactions(load_path(GOLDEN / f"{top.parent.name}-{top.name}").entries)
    made = [it for it in worked if it.meta["ref"] not in NATIVE]
    assert [it.entry for it in differences(top, wrong)] == made


def test_paragraphs_are_read_as_they_are_written() -> None:
    assert paragraphs("606-10-32-25, 25A, 27; 718-10-30") == (
        "606-10-32-25", "606-10-32-25A", "606-10-32-27", "718-10-30",
    )  # fmt: skip
    assert paragraphs("606-10-25-9; 606-10-15-4; 32-21")[-1] == "606-10-32-21"
    assert paragraphs("IFRS 2.10, 2.13") == ("IFRS 2.10", "IFRS 2.13")
    assert paragraphs("340-10 / impairment") == ("340-10",)
    assert paragraphs("718-10-15-3..5") == ("718-10-15-3",)
    assert cites({"718-10-30-3"}, "718-10-30")
    assert not cites({"718-10-30-3"}, "718-10-3")
    assert not cites({"718-10-30-3"}, "718-10-30-2")


_CASES = cases()

# What no worked ledger has: a case of our own, the day and the beginning of what is said
# of an entry, and the paragraphs it must cite.
STATED: tuple[tuple[str, str, str, str], ...] = (
    # Debt securities are 320, their impairment 326, the equity method 323, never 321.
    ("stake-afs-into-note: provider", "2024-01-01", "100 MOON.N for cash", "320-10-25-1(c)"),
    ("stake-afs-into-note: provider", "2024-06-30", "MOON.N remeasured", "320-10-35-1(b)"),
    ("stake-afs-into-note: provider", "2024-12-31", "20 MOON.M sold", "320-10-40-1"),
    ("equity-basis: provider", "2025-01-15", "1,000 MOON.O sold", "323-10-35-35"),
    (
        "equity-method-deferred: provider", "2024-08-01", "MOON.O remeasured, impairment",
        "323-10-35-32",
    ),
    (
        "equity-deferred-sold: provider with equity-method-elim: \"full\"", "2024-08-01",
        "Profit in", "323-10-35-7; 323-10-35-9",
    ),
    ("equity-handed-back: provider", "2024-01-01", "100 MOON.O", "606-10-32-21; 323-10-30-2"),
    ("stake-fvoci: provider", "2024-12-31", "MOON.A remeasured", "IFRS 9.5.7.5"),
    ("stake-sale: provider", "2024-04-02", "Sale of MOON.A settled", "321-10-40-1"),
    ("safe-converted: provider", "2025-04-01", "40 MOON.F converted", "321-10-35-1"),
    # What a startup issues goes by its class, and so does what becomes of it.
    ("safe-converted: startup", "2024-01-01", "100 MOON.F for cash", "825-10-25-1"),
    ("safe-converted: startup", "2025-04-01", "40 MOON.F converted", "405-20-40-1"),
    # What is given up at par is a modification still; nothing of it is consideration.
    ("forfeit-at-par: provider", "2024-05-01", "40 MOON.CR", "606-10-25-13"),
    # What its own credit makes of what it owes; with the shares, to income or never.
    ("own-credit: startup", "2025-09-30", "MOON.N remeasured", "825-10-45-5"),
    ("own-credit: startup", "2025-12-31", "Own credit of MOON.N", "825-10-45-6"),
    (
        "own-credit: startup with framework: \"ifrs\"", "2025-09-30", "MOON.N remeasured",
        "IFRS 9.5.7.7",
    ),
    ("control: startup", "2026-01-31", "35,000,000 MOON.O for cash", "505-10-25-2"),
    (
        "ipo-of-the-startup: startup", "2025-12-10", "400,000 MOON.A converted",
        "480-10-S99-3A; 505-10-25-2",
    ),
    ("ipo-of-the-startup: provider", "2025-12-10", "400,000 MOON.A conv", "321-10-35-2"),
    (
        "preferred-at-fair-value: startup", "2024-01-01", "10 MOON.A for cash",
        "IAS 32.16; IFRS 9.5.1.1",
    ),
    # Shares for cash and a promise: what the cash is above, or below, their fair value.
    (
        "commitment-consideration: provider", "2024-01-01", "11 MOON.A",
        "606-10-32-25; 321-10-30-1; 606-10-32-26",
    ),
    (
        "commitment-consideration: provider", "2024-01-01", "53 SUN.A",
        "606-10-32-21; 321-10-30-1",
    ),
    ("commitment-consideration: provider", "2024-09-30", "Compute, bought", "606-10-32-27"),
    ("commitment-consideration: startup", "2024-09-30", "Compute, bought", "705-20-25-1"),
    ("commitment-consideration: startup", "2024-06-30", "Shortfall of C1", "330-10-35-17"),
    (
        "commitment-counts-which: startup", "2024-01-02", "20 MOON.A",
        "IFRS 2.10; IAS 32.16",
    ),
    # Credits paid for in money; given away; lost; given up.
    ("commitment-counts-credits: provider", "2024-01-15", "Granted", "606-10-45-2"),
    ("commitment-counts-credits: startup", "2024-01-15", "Granted", "340-10-05-4"),
    ("promotional: provider", "2024-03-31", "40 MOON.CR of T1 expired", "606-10-25-1"),
    ("amend-expiry: startup", "2024-12-31", "796 MOON.CR of T1 expired", "340-10-05-4"),
    ("forfeit-all: startup", "2024-05-01", "800 CLAW.CR", "260-10-S99-2"),
    ("forfeit-all: startup", "2024-05-01", "800 BUY.CR", "705-20-25-1"),
    ("forfeit-all: startup", "2024-05-01", "800 LESS.CR", "340-10-05-4"),
    ("forfeit-all: provider", "2024-05-01", "800 CLAW.CR", "606-10-32-25; 230-10-45-4"),
    # The startup's own cash; an old rate; a changed contract; breakage expected.
    (
        "escrow-overpaid: startup with escrow-owner: \"startup\" without escrow-residual",
        "2024-01-01", "100 MOON.A", "705-20-25-1; 480-10-S99-3A",
    ),
    (
        "escrow-overpaid: startup with escrow-owner: \"startup\" without escrow-residual",
        "2024-02-01", "Compute, 100", "705-10-25; 705-20-25-1",
    ),
    (
        "another-currency: provider with framework: \"ifrs\"", "2024-01-15", "100 MOON.A",
        "IFRS 15.17; IFRS 15.66; IFRIC 22.8",
    ),
    (
        "another-currency: startup", "2024-02-10", "Compute, 30",
        "718-10-25-2C; 830-10-45-18",
    ),
    # A promise in another currency: what it carries at the rate of its event, what is billed
    # and paid at that of its day.
    (
        "another-currency-promise-ended: provider", "2024-06-30", "Compute, bought",
        "606-10-32-27; 830-10-45-18",
    ),
    (
        "another-currency-promise-ended: provider", "2024-06-30", "Shortfall of C1",
        "606-10-55-48; 830-20-25-1",
    ),
    (
        "another-currency-promise-ended: provider", "2024-06-30", "C1 ended, the rest",
        "606-10-55-48; 830-10-45-18",
    ),
    (
        "another-currency-promise-ended: provider", "2024-09-30", "C1 ended by termination",
        "606-10-32-25; 830-10-45-18; 830-20-25-1",
    ),
    (
        "another-currency-promise-ended: startup", "2024-09-30", "C2 ended by termination",
        "330-10-35-17; 830-20-25-1",
    ),
    (
        "another-currency-promise-ended: provider", "2024-04-30", "30.00 USD owed",
        "830-20-35-1; 830-20-35-2",
    ),
    # Credits for nothing are no gift once paid ones are blended into them.
    ("blend-gift: provider", "2024-10-31", "Compute, 200", "606-10-25-13(a)"),
    ("blend-gift: startup", "2024-10-31", "Compute, 200", "718-10-25-2C"),
    ("blend: provider", "2024-07-01", "Compute, 35", "606-10-25-13(a); 230-10-45-4"),
    (
        "amend-breakage: provider", "2024-10-31", "Compute, 200,000",
        "606-10-25-13(a); 606-10-55-48",
    ),
    ("event-face: provider", "2024-01-01", "10 SUN.A", "606-10-32-22; 321-10-30-1"),
    # A fleet after a loss, and after its reversal.
    ("fleet: provider", "2024-06-30", "Depreciation", "360-10-35-20"),
    ("fleet-impairment-reversed: provider", "2025-12-31", "Depreciation", "IAS 36.121"),
    # Compute is delivered over time, to who earns warrants by it as well.
    (
        "purchases-are-usage-in-money: provider", "2024-02-29", "Compute billed",
        "606-10-25-27(a)",
    ),
    ("buy-back: provider", "2026-06-30", "Chips billed", "606-10-25-30"),
)  # fmt: skip


@pytest.mark.parametrize("row", STATED, ids=lambda row: f"{row[0]} {row[1]} {row[2]}")
def test_an_entry_of_our_own_cases_cites_what_decides_it(
    row: tuple[str, str, str, str],
) -> None:
    name, day, said, rule = row
    (case,) = [it for it in _CASES if it.name == name]
    found = [
        it.meta["rule"]
        for it in generated(case.load().entries)
        if str(it.date) == day and str(it.narration).startswith(said)
    ]
    assert found and set(found) == {rule}


@pytest.mark.parametrize("case", _CASES, ids=lambda case: case.name)
def test_an_entry_cites_a_few_paragraphs_that_the_index_knows(case: Case) -> None:
    """Three at most, each said to be read or not; a subsidiary's, and training's, beside."""
    listed = re.findall(r"^(?:Read|Not read)[^\n]*:\n([^\n]*)\.$", INDEX, re.MULTILINE)
    known = {it for line in listed for it in line.split(", ")} | {"opening balance"}
    for entry in generated(case.load().entries):
        cited = entry.meta["rule"].split("; ")
        assert set(cited) <= known
        assert len(cited) == len(set(cited))
        beside = {"810-10-45-1", "IFRS 10.B86", "350-40-25-2", "IAS 38.57"}
        assert 1 <= len([it for it in cited if it not in beside]) <= 3
