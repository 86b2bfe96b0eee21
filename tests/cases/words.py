"""What a ledger says in words: errors in full, what books nothing and why, and entries.

`words/NAME.txt` holds the words of `own/NAME.beancount`, or of a ledger beside it, for
either party under either framework:

    provider, us-gaap
    2024-02-01 "deal-usage" "moon" 44 MOON.CR
      E301: 44 MOON.CR is 1 more than is left; ...
    2024-03-01 "deal-estimate" "moon"
      books nothing: the tranche has lapsed
    2024-01-01 "Moonshot AI" "8 MOON.A for credits T1" 606-10-32-21; 321-10-30-1 T1

What is booked in money and units is in the cases; here stand the message, the payee,
the narration, the paragraph and the tranche.  After a change of wording,

    python -m tests.cases.words

writes the files anew, to be read before they are kept.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from pathlib import Path

from beanscrow.checks.examine import daybook_in
from tests.cases.harness import generated
from tests.support.ledgers import load_text

HERE = Path(__file__).parent
WORDS = HERE / "words"
RULE = "; --------"


def ledger_of(words: Path) -> str:
    """Return the ledger that some words are of, without what a case says below it."""
    beside = words.with_suffix(".beancount")
    path = beside if beside.exists() else HERE / "own" / beside.name
    text = path.read_text(encoding="utf-8")
    return text[: text.index(RULE)] if RULE in text else text


def words_of(ledger: str) -> str:
    """Return what a ledger says for either party under either framework."""
    parts = []
    for party in ("provider", "startup"):
        for framework in ("us-gaap", "ifrs"):
            text = re.sub(r'"books" "\w+"', f'"books" "{party}"', ledger)
            text = re.sub(
                r'^  framework: "[\w-]+"', f'  framework: "{framework}"', text, flags=re.M
            )
            parts.append("\n".join([f"{party}, {framework}", *_said(text)]) + "\n")
    return "\n".join(parts)


def _said(text: str) -> Iterator[str]:
    ledger = load_text(text)
    lines = text.splitlines()

    def told(line: int, what: str) -> str:
        return f"{lines[line - 1].replace('custom ', '', 1)}\n  {what}"

    for line, message in zip(ledger.positions, ledger.messages, strict=True):
        yield told(line, message)
    daybook = daybook_in(ledger.options)
    for it in daybook.problems:
        if it.level != "error":
            yield told(it.at.lineno, f"{it.code}: {it.message}")
    for _, schedule in sorted(daybook.schedules.items()):
        for at, reason in schedule.unbooked:
            yield told(at.lineno, f"books nothing: {reason}")
    for fleet in daybook.fleets:
        for at, reason in fleet.unbooked:
            yield told(at.lineno, f"books nothing: {reason}")
    for entry in generated(ledger.entries):
        row = f'{entry.date} "{entry.payee}" "{entry.narration}" {entry.meta["rule"]}'
        yield f"{row} {entry.meta.get('tranche', '')}".rstrip()


if __name__ == "__main__":
    for path in sorted(WORDS.glob("*.txt")):
        path.write_text(words_of(ledger_of(path)), encoding="utf-8")
        print(path.name, file=sys.stderr)
