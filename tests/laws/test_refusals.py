"""What is refused changes nothing: no event, and nothing of what the life goes on from.

Every fact of every ledger written for the tests is accounted for with a look at the
whole state before; where it is refused, the state after it must be the same.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Iterator
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from beanscrow.policy import correction
from beanscrow.policy.life import Life
from beanscrow.policy.refusal import Refusal
from tests.support.ledgers import load_text

TESTS = Path(__file__).parents[1]
LEDGERS = sorted(
    path
    for folder in ("cases/own", "cases/words", "errors")
    for path in (TESTS / folder).glob("*.beancount")
)
# What is kept only to be found sooner, and is read off the events or made anew.
CACHES = frozenset({"_queues", "_pro_rata", "_records", "_named", "_billed", "_read"})
PLAIN = (int, str, bytes, bool, float, Decimal, Fraction, datetime.date, type(None), type)


def state(of: Any) -> dict[str, Any]:
    """Return every plain value that can be reached from an object of ours, by its path."""
    found: dict[str, Any] = {}
    seen: set[int] = set()
    stack: list[tuple[str, Any]] = [("", of)]
    while stack:
        path, it = stack.pop()
        if isinstance(it, PLAIN):
            found[path] = it
        elif id(it) not in seen:
            seen.add(id(it))
            parts = list(_parts(it))
            found[path] = (type(it).__name__, len(parts))
            stack += [(f"{path}{name}", part) for name, part in parts]
    return found


def _parts(it: Any) -> Iterator[tuple[str, Any]]:
    if isinstance(it, dict):
        for key, value in it.items():
            yield f"[{key!r}]", value
    elif isinstance(it, (list, tuple, set, frozenset)):
        for number, value in enumerate(it):
            yield f"[{number}]", value
    elif hasattr(it, "__self__"):
        yield "()", it.__self__
    elif type(it).__module__.startswith("beanscrow.policy"):
        names = {*getattr(it, "__dict__", ())}
        for kind in type(it).__mro__:
            names |= {*getattr(kind, "__slots__", ())}
        for name in sorted(names - CACHES):
            if hasattr(it, name):
                yield f".{name}", getattr(it, name)


class Watched(Life):
    """A life that notes what a fact has changed that it refuses."""

    changed: list[str]

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        every: Any = self
        for of, act in ((self.draws, "use"), (self.refunds, "refund")):
            setattr(of, act, self._watched(getattr(of, act)))
        every.equity.invested = self._watched(self.equity.invested)
        every._handlers = {k: self._watched(act) for k, act in self._handlers.items()}

    def _watched(self, act: Callable[..., None]) -> Callable[..., None]:
        def acted(*fact: Any) -> None:
            before = self._state()
            try:
                act(*fact)
            except Refusal as refusal:
                after = self._state()
                differ = {k for k in before | after if before.get(k) != after.get(k)}
                if differ:
                    self.changed.append(f"{fact[0]}: {refusal.code}, {sorted(differ)}")
                raise

        return acted

    def _state(self) -> dict[str, Any]:
        return state(
            (
                self.events, self.draws, self.contracts, self.influence, self.stakes,
                self.commitments, self.warrants, self.backstops, self.buybacks,
                self.onerous, self.abroad, self.controls,
            )
        )  # fmt: skip


@pytest.mark.parametrize("party", ["provider", "startup"])
@pytest.mark.parametrize("path", LEDGERS, ids=lambda path: path.stem)
def test_a_refused_fact_changes_nothing(
    path: Path, party: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    changed: list[str] = []
    monkeypatch.setattr(Watched, "changed", changed, raising=False)
    monkeypatch.setattr(correction, "Life", Watched)
    text = path.read_text(encoding="utf-8")
    load_text(re.sub(r'"books" "\w+"', f'"books" "{party}"', text))
    assert changed == []
