"""Every ledger the cases are made of, each outcome of our own a ledger by itself."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from tests.cases.expected import outcomes
from tests.support.ledgers import Ledger, load_path, load_text

HERE = Path(__file__).parent
PLUGIN = 'plugin "beanscrow.plugins.deals"'
TOPS = sorted(
    path for path in (HERE / "deals").rglob("*.beancount") if PLUGIN in path.read_text()
)


class Case(NamedTuple):
    """A ledger of the cases; `text` is empty where it stands in a file."""

    name: str
    path: Path
    text: str = ""

    def load(self) -> Ledger:
        """Return it as Beancount loads it."""
        return load_text(self.text) if self.text else load_path(self.path)


def cases() -> list[Case]:
    """Return the worked deals, and our own cases for each side and variant they state."""
    return [
        *(Case(f"{path.parent.name}/{path.stem}", path) for path in TOPS),
        *(
            Case(outcome.name, path, outcome.text)
            for path in sorted((HERE / "own").glob("*.beancount"))
            for outcome in outcomes(path)
        ),
    ]
