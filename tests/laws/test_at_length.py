"""A million events, driven through the engine and the oracle: `make test-long`.

Half of them in many short lives, half in a few very long ones.  Each run looks at new
lives; LIVES_SEED in the environment repeats one, and every life of it.
"""

from __future__ import annotations

import os
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.laws.authors.chooser import Seeded
from tests.laws.authors.draft import ALL, LONG, SHORT, Size
from tests.laws.authors.life import written
from tests.laws.compare import DISAGREEMENT, difference, keep, shortest
from tests.laws.lives import Life
from tests.laws.oracle.journal import Undetermined

EVENTS = 1_000_000
Say = Callable[[str], None]


@dataclass
class Tally:
    """What a run has driven through both.

    Attributes:
      open: Lives of which the rules leave a figure open; their events do not count.
    """

    lives: int = 0
    events: int = 0
    longest: int = 0
    open: int = 0
    disagreed: list[int] = field(default_factory=list)

    def __str__(self) -> str:
        return (
            f"{self.lives:,} lives, {self.events:,} events (the longest life has "
            f"{self.longest:,}), {len(self.disagreed)} disagreements; "
            f"{self.open:,} lives were left out"
        )


def disagrees(life: Life) -> bool:
    """Return whether both come to different books of a life the rules decide.

    A life from which facts were taken away may be none: what it cannot be reckoned
    from, is missing.
    """
    try:
        return difference(life) is not None
    except (Undetermined, LookupError, ValueError):
        return False


def drive(
    seeds: Iterator[int], size: Size, until: int, tally: Tally, kept: Path, say: Say
) -> None:
    """Drive lives of a size through both until so many events have been.

    The first life of which they disagree is kept, with what can go taken away.
    """
    while tally.events < until:
        seed = next(seeds)
        life = written(Seeded(seed), ALL, size)
        try:
            found = difference(life)
        except Undetermined:
            tally.open += 1
            continue
        tally.lives += 1
        tally.longest = max(tally.longest, len(life.facts))
        if found is not None:
            say(f"life {seed}: {found[0]}: {found[1][:2000]}")
            if not tally.disagreed:
                life = shortest(life, disagrees)
                short = difference(life)
                assert short is not None, "what is shortened still disagrees"
                keep(life, *short, kept)
            tally.disagreed.append(seed)
        before = tally.events // 100_000
        tally.events += len(life.facts)
        if tally.events // 100_000 > before:
            say(str(tally))


@pytest.mark.long
def test_a_million_events_come_to_the_same_books(
    capsys: pytest.CaptureFixture[str],
) -> None:
    def say(line: str) -> None:
        with capsys.disabled():
            print(line, flush=True)

    seed = int(os.environ.get("LIVES_SEED") or random.SystemRandom().randrange(10**9))
    say(f"\nLIVES_SEED={seed}")
    seeds = iter(range(seed * 10**6, (seed + 1) * 10**6))
    tally = Tally()
    drive(seeds, SHORT, EVENTS // 2, tally, DISAGREEMENT, say)
    drive(seeds, LONG, EVENTS, tally, DISAGREEMENT, say)
    say(str(tally))
    assert tally.disagreed == []
    assert tally.longest > 10_000


def test_the_run_at_length_keeps_the_shortest_life_it_disagrees_about(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Books that are said to differ wherever something is used twice."""

    def differ(life: Life) -> tuple[str, str] | None:
        lines = [fact for fact in life.facts if fact.head().startswith("usage")]
        return ("provider", "two usages\nor more") if len(lines) > 1 else None

    monkeypatch.setattr(f"{__name__}.difference", differ)
    kept = tmp_path / "disagreement.beancount"
    tally, said = Tally(), list[str]()
    drive(iter(range(99)), SHORT, 100, tally, kept, said.append)
    assert tally.events >= 100
    assert len(tally.disagreed) > 1
    text = kept.read_text()
    assert text.startswith("; two usages\n; or more\nplugin")
    assert text.count('custom "deal-usage"') == 2
    assert [line for line in said if line.startswith("life ")]
