"""Numbers of an export: exact, or refused."""

from __future__ import annotations

import datetime
import random
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from beanscrow.usage.amounts import SCALE, read_exact, read_instant, written
from tests.usage.exports import COSTS, buckets, codes, row, run, write_csv, write_parquet


def _texts(count: int, seed: int) -> list[str]:
    """Return numbers as exports write them: short, long, with and without exponent."""
    chance = random.Random(seed)
    texts = []
    for _ in range(count):
        digits = "".join(chance.choices("0123456789", k=chance.randint(1, 12)))
        text = chance.choice(["", "-"]) + digits
        if chance.random() < 0.8:
            size = chance.choice([1, 2, 12, 18, 19, 25, 36])
            text += "." + "".join(chance.choices("0123456789", k=size))
        fraction = len(text.partition(".")[2])
        if chance.random() < 0.4:
            text += chance.choice("eE") + str(chance.randint(max(-9, fraction - 36), 6))
        texts.append(text)
    return texts


@pytest.mark.parametrize("seed", range(2))
def test_sums_are_those_of_decimal_arithmetic(tmp_path: Path, seed: int) -> None:
    texts = _texts(400, seed)
    outcome = run(tmp_path, write_csv(tmp_path / "a.csv", [row(t) for t in texts]))
    assert buckets(outcome) == {"drawn": len(texts)}
    (total,) = outcome.intake.tally.totals()
    exact = sum(Fraction(text) for text in texts)
    assert all(Fraction(total.costs[name]) == exact for name in COSTS)


def test_parquet_floats_are_read_by_their_shortest_text(tmp_path: Path) -> None:
    import pyarrow as pa

    floats = [
        0.1,
        0.2,
        -0.3,
        1.2345678901234567e-05,
        7.2922557592391990e-09,
        123456.789,
        1e16,
    ]
    rows = [row(repr(number)) for number in floats]
    double: dict[str, Any] = dict.fromkeys(COSTS, pa.float64())
    outcome = run(tmp_path, write_parquet(tmp_path / "a.parquet", rows, double))
    (total,) = outcome.intake.tally.totals()
    assert Fraction(total.costs["ListCost"]) == sum(Fraction(repr(n)) for n in floats)


def test_parquet_floats_that_are_no_numbers_are_refused(tmp_path: Path) -> None:
    import pyarrow as pa

    rows = [row("1.5"), row("nan"), row("inf")]
    double: dict[str, Any] = dict.fromkeys(COSTS, pa.float64())
    outcome = run(tmp_path, write_parquet(tmp_path / "a.parquet", rows, double))
    assert codes(outcome) == ["E706"]
    assert buckets(outcome) == {"drawn": 1, "quarantined": 2}


def test_parquet_integers_and_wide_decimals_are_exact(tmp_path: Path) -> None:
    import pyarrow as pa

    rows = [row("3", EffectiveCost="0.0000000072922557592391990000"), row("4")]
    types = {"ListCost": pa.int64(), "EffectiveCost": pa.decimal128(38, 28)}
    outcome = run(tmp_path, write_parquet(tmp_path / "a.parquet", rows, types))
    (total,) = outcome.intake.tally.totals()
    assert total.costs["ListCost"] == 7
    assert total.costs["EffectiveCost"] == Decimal("4.000000007292255759239199")


def test_a_parquet_column_of_another_type_is_named(tmp_path: Path) -> None:
    import pyarrow as pa

    from beanscrow.usage.refusal import Refused

    path = write_parquet(tmp_path / "a.parquet", [row("1")], {"ListCost": pa.binary()})
    with pytest.raises(Refused, match="E704 ListCost is of type .*binary"):
        run(tmp_path, path)


@given(st.decimals(allow_nan=False, allow_infinity=False, places=12, min_value=-(10**15),
                   max_value=10**15))  # fmt: skip
def test_an_amount_is_written_with_all_its_digits(number: Decimal) -> None:
    quanta = read_exact(format(number, "f"))
    assert quanta is not None
    shown = written(quanta)
    assert shown == number
    assert "E" not in format(shown, "f")
    assert format(shown, "f").partition(".")[2].__len__() >= 2


@given(st.text(alphabet="0123456789.-+eE_, NaInf", max_size=12))
def test_what_is_read_exactly_is_a_number_to_python_as_well(text: str) -> None:
    quanta = read_exact(text)
    if quanta is not None:
        assert Fraction(text) * 10**SCALE == quanta
        return
    try:
        number = Decimal(text)
    except InvalidOperation:
        return
    odd = not number.is_finite() or "+" in text or "_" in text or text.strip() != text
    odd |= text.lstrip("-")[:1] in (".", "e", "E") or not text.isascii()
    odd |= text.rstrip("eE-0123456789").endswith(".") or ".e" in text.lower()
    odd |= number.is_finite() and abs(int(number.as_tuple().exponent)) > 9
    assert odd, text


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026-03-01T02:03:04Z", datetime.datetime(2026, 3, 1, 2, 3, 4)),
        ("2026-03-01 02:03:04", datetime.datetime(2026, 3, 1, 2, 3, 4)),
        ("2026-03-01T02:03:04.000Z", datetime.datetime(2026, 3, 1, 2, 3, 4)),
        ("2026-03-01T02:03:04+00:00", datetime.datetime(2026, 3, 1, 2, 3, 4)),
        ("2026-03-01T02:03:04+08:00", None),
        ("2026-03-01T02:03:04.5Z", None),
        ("2026-03-01", None),
        ("2026-13-01T00:00:00Z", None),
        ("03/01/2026", None),
        (datetime.date(2026, 3, 1), datetime.datetime(2026, 3, 1)),
    ],
)
def test_times_are_read_in_two_ways_and_no_other(
    text: object, moment: datetime.datetime | None
) -> None:
    assert read_instant(text, ()) == moment
