"""The fast reading of usage is the general one, only faster."""

from __future__ import annotations

import datetime
from decimal import Decimal
from typing import Any
from unittest.mock import patch

from beancount.core.amount import Amount
from beancount.core.data import Custom
from beancount.parser.grammar import ValueType
from hypothesis import example, given
from hypothesis import strategies as st

from beanscrow.deal import usages
from beanscrow.deal.reader import Reading, read
from beanscrow.deal.terms import Usage
from tests.deal.reading import MOON, facts, parse

DEAL, OPTIONS = parse(
    MOON
    + """
2024-03-01 custom "deal-grant" "other" 5 O.CR
2024-03-01 custom "deal" "other" "Zhipu"
  provider: "Alibaba Cloud"
  service: "Inference"
  escrow-owner: "none"
2024-01-01 custom "books" "provider"
  framework: "us-gaap"
  currency: "USD"
"""
)
DAYS = st.dates(datetime.date(2024, 2, 27), datetime.date(2024, 4, 2))
NUMBERS = st.sampled_from(
    [
        *map(Decimal, ("5", "5.00", "-3.25", "0", "1E+3", "0.00000001")),
        *map(Decimal, ("NaN", "Infinity", "1" * 21, "0." + "3" * 28)),
    ]
)
AMOUNTS = st.builds(
    Amount, NUMBERS, st.sampled_from(["MOON.CR", "O.CR", "USD", "EUR", None])
)
TEXTS = st.sampled_from(["Compute", "T1", "t1", "", " ", "GPU hours", "...", "算力"])
ANY = st.one_of(TEXTS, NUMBERS, AMOUNTS, DAYS, st.booleans(), st.none())
KEYS: dict[str, Any] = {
    "service": TEXTS,
    "from": DAYS,
    "of": DAYS,
    "tranche": TEXTS,
    "import-id": TEXTS,
    "refund-of": TEXTS,
    "source-file": TEXTS,
    "source-sha256": TEXTS,
    "source-rows": NUMBERS,
    "source-total": NUMBERS | AMOUNTS,
    "source-bucket": TEXTS,
    "note": TEXTS,
    "document": TEXTS,
    "sequence": NUMBERS,
    "for": st.sampled_from(["provider", "startup"]),
    "x-own": ANY,
    "x-other": ANY,
    "x-third": ANY,
    "misspelt": ANY,
    "lineno": st.integers(1, 99),
    "filename": st.just("<string>"),
}
PLAIN = st.fixed_dictionaries({}, optional=KEYS)
WILD = st.fixed_dictionaries({}, optional=dict.fromkeys(KEYS, ANY))


@st.composite
def usage_entries(draw: st.DrawFn) -> list[Custom]:
    """Usage of every sort, most of it plain."""
    entries = []
    for line in range(draw(st.integers(1, 5))):
        meta = {"filename": "<string>", "lineno": 100 + line}
        meta |= draw(PLAIN | PLAIN | PLAIN | WILD)
        deal = draw(st.sampled_from(["moon", "moon", "other", "third"]))
        quantity = draw(AMOUNTS)
        values = [ValueType(deal, str), ValueType(quantity, Amount)]
        entries.append(Custom(meta, draw(DAYS), "deal-usage", values))
    return entries


def slowly(entries: list[Any]) -> Reading:
    """Return what the general reading makes of every usage."""
    with patch.object(usages, "quick_usage", return_value=None):
        return read(entries, OPTIONS)


@given(usage_entries())
def test_fast_and_general_reading_agree(entries: list[Custom]) -> None:
    fast, general = read(DEAL + entries, OPTIONS), slowly(DEAL + entries)
    # As text, because numbers that are no numbers are not equal to themselves.
    assert repr(fast) == repr(general)


def quick(**keys: Any) -> bool:
    """Return whether a usage with these keys is read fast."""
    meta = {"filename": "<string>", "lineno": 9}
    meta |= {key.replace("_", "-"): value for key, value in keys.items()}
    values = [ValueType("moon", str), ValueType(Amount(Decimal(5), "MOON.CR"), Amount)]
    entry = Custom(meta, datetime.date(2024, 3, 31), "deal-usage", values)
    taken = []
    quick_usage = usages.quick_usage

    def watched(*args: Any) -> Any:
        taken.append(quick_usage(*args))
        return taken[-1]

    with patch.object(usages, "quick_usage", watched):
        assert read([*DEAL, entry], OPTIONS).problems == []
    return taken[0] is not None


def test_what_an_import_writes_is_read_fast() -> None:
    """Else the fast way would be there for nothing, and nobody would notice."""
    assert quick()
    assert quick(
        import_id="moon-2024-03-compute",
        service="Compute",
        source_file="focus.csv",
        source_sha256="0f",
        source_rows=Decimal(12),
        source_total=Amount(Decimal(-5), "USD"),
        source_scope="2024-03",
        source_bucket="drawn",
        **{"from": datetime.date(2024, 3, 1)},
    )
    assert quick(source_total=Decimal("5.5"), import_id="a")
    assert quick(tranche="T1", service="Training", of=datetime.date(2024, 3, 30))
    assert quick(note="by hand", x_team="research", x_gpus=Decimal(8))
    assert not quick(sequence=Decimal(1))


@given(st.lists(st.sampled_from(["a", "b", "c"]), max_size=6))
@example(["a", "a"])
def test_each_import_id_is_read_once(ids: list[str]) -> None:
    entries = [
        Custom(
            {"filename": "<string>", "lineno": 100 + line, "import-id": name},
            datetime.date(2024, 3, 31),
            "deal-usage",
            [ValueType("moon", str), ValueType(Amount(Decimal(5), "MOON.CR"), Amount)],
        )
        for line, name in enumerate(ids)
    ]
    reading = read(DEAL + entries, OPTIONS)
    kept = [str(held.import_id) for held in facts(reading, Usage)]
    assert sorted(kept) == sorted(set(ids))
    assert [p.code for p in reading.problems] == ["E127"] * (len(ids) - len(set(ids)))
