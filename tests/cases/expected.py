"""Reading a case of our own: a ledger above, what must come of it as comments below.

    ; What it shows, with the paragraph.
    ...the ledger...
    2024-02-01 custom "deal-usage" "moon" 40 MOON.CR  ; (a)
    ; ---------------------------------------- provider
    ; error (a) E301 overage: "bill" | T1
    ; 2024-01-01
    ;   Liabilities:Contract:Credits:Moon:T1   -8.00 USD   how it is reckoned
    ;   Assets:Investments:...:Moon  8 MOON.A {{80.00 USD}}
    ;; Words for the reader.
    ; ---------------------------------------- startup with through: 2024-03-30

Everything booked on a day stands under the day, summed up by account; what is not
listed must not be booked.  An error names the label of its line and pieces of its
message.  A rule of dashes begins the outcome for one side; `with KEY: VALUE` says the
ledger with another value of that key (the second mention of a key means its second
line), `without KEY` without the line.
"""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import NamedTuple

from tests.cases.harness import EXACT, Sums

_RULE = re.compile(r"; -{8,} (provider|startup)(.*)")
_DAY = re.compile(r"; (\d{4}-\d\d-\d\d)")
_ROW = re.compile(
    r";   (\S+)\s+(-?[\d.]+) ([A-Z][A-Z0-9.]*)(?: \{\{(-?[\d.]+) ([A-Z]+)\}\})?(?:  .*)?"
)
_ERROR = re.compile(r"; error \((\w)\) ([EFN]\d{3}) ?(.*)")
_LABEL = re.compile(r"  ; \((\w)\)$")


class Refusal(NamedTuple):
    """An error that must be returned: at any line so labelled, with these words."""

    lines: frozenset[int]
    code: str
    words: tuple[str, ...]


class Outcome(NamedTuple):
    """What must come of a ledger on one side.

    Attributes:
      text: The ledger, with the changes the variant asks for.
      sums: Money and units by (date, account, commodity); what is carried at cost
        counts as units, and as money under "USD at cost".
    """

    name: str
    text: str
    sums: Sums
    refusals: tuple[Refusal, ...]


def outcomes(path: Path) -> list[Outcome]:
    """Return what the file says must come of its ledger, in its order."""
    lines = path.read_text().splitlines()
    rules = [n for n, line in enumerate(lines) if _RULE.fullmatch(line)]
    assert rules, f"{path.name}: no rule of dashes, so nothing is expected"
    ledger = lines[: rules[0]]
    return [
        _outcome(path, ledger, lines[first:last])
        for first, last in zip(rules, [*rules[1:], len(lines)], strict=True)
    ]


def _outcome(path: Path, ledger: list[str], section: list[str]) -> Outcome:
    head = _RULE.fullmatch(section[0])
    assert head is not None
    role, changes = head[1], head[2].strip()
    labels: dict[str, set[int]] = {}
    for number, line in enumerate(ledger, 1):
        if found := _LABEL.search(line):
            labels.setdefault(found[1], set()).add(number)
    sums: Sums = {}
    refusals = []
    day: date | None = None
    for line in section[1:]:
        if line.startswith(";;"):
            continue
        if found := _ERROR.fullmatch(line):
            words = tuple(word.strip() for word in found[3].split("|") if word.strip())
            refusals.append(Refusal(frozenset(labels[found[1]]), found[2], words))
        elif found := _DAY.fullmatch(line):
            day = date.fromisoformat(found[1])
        elif (found := _ROW.fullmatch(line)) and day is not None:
            account, written, commodity, cost, currency = found.groups()
            _add(sums, (day, account, commodity), written)
            if cost is not None:
                _add(sums, (day, account, f"{currency} at cost"), cost)
        else:
            raise AssertionError(f"{path.name}: cannot be read: {line}")
    return Outcome(
        f"{path.stem}: {role} {changes}".strip(),
        "\n".join(_changed(ledger, role, changes)) + "\n",
        {key: number for key, number in sums.items() if number},
        tuple(refusals),
    )


def _add(sums: Sums, key: tuple[date, str, str], number: str) -> None:
    sums[key] = EXACT.add(sums.get(key, Decimal()), Decimal(number))


def _changed(ledger: list[str], role: str, changes: str) -> list[str]:
    lines = [line.replace('"books" "provider"', f'"books" "{role}"') for line in ledger]
    mentions: dict[str, int] = {}
    for change in re.findall(
        r'(without [\w-]+|[\w-]+: (?:"[^"]*"|[^;" ]+(?: [A-Z]{3})?))', changes
    ):
        key = change.removeprefix("without ").partition(":")[0]
        at = [n for n, line in enumerate(lines) if line.startswith(f"  {key}:")]
        assert at, f"no line to change for {change}"
        if change.startswith("without "):
            # An empty line would end the directive; a comment keeps line numbers.
            lines[at[0]] = "  ; left out"
        else:
            lines[at[mentions.get(key, 0)]] = f"  {change}"
            mentions[key] = mentions.get(key, 0) + 1
    return lines
