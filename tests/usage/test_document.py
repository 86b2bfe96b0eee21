"""Files of drawdowns: everything needed to write them anew stands in them."""

from __future__ import annotations

import datetime
import os
import subprocess
import sys
import textwrap
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from beanscrow.usage import document, store
from beanscrow.usage.amounts import SCALE
from beanscrow.usage.document import Document
from beanscrow.usage.drawdown import Part, Section
from beanscrow.usage.refusal import Refused
from tests.usage.exports import row, run, write_csv, written

MONTH = datetime.date(2026, 3, 1)
names = st.text(
    st.characters(categories=("L", "N", "P", "S", "Zs"), codec="utf-8"),
    min_size=1,
    max_size=20,
).map(lambda text: text.strip() or "x")
services = st.sampled_from(
    ["Compute", "Storage", 'A "quoted" one', "AI and Machine Learning"]
)


@st.composite
def parts(draw: st.DrawFn) -> Part:
    """Return a part, late or not, of any sign and size."""
    first = draw(st.dates(datetime.date(2026, 3, 1), datetime.date(2026, 3, 31)))
    last = draw(st.dates(first, datetime.date(2026, 3, 31)))
    if draw(st.booleans()):
        first, last = (day.replace(month=1) for day in (first, last))
        date = draw(st.dates(MONTH, datetime.date(2026, 3, 31)))
    else:
        date = last
    total = draw(st.integers(-(10**42), 10**42)) * 10 ** (SCALE - 36)
    return Part(draw(services), first, last, date, draw(st.integers(1, 10**9)), total)


@st.composite
def documents(draw: st.DrawFn) -> Document:
    """Return what some scopes draw in a month."""
    sections = []
    for scope in draw(st.lists(names, min_size=1, max_size=3, unique=True)):
        found = draw(
            st.lists(
                parts(), min_size=1, max_size=5, unique_by=lambda p: (p[0], p[1], p.late)
            )
        )
        sections.append(
            Section(
                document_text(scope), "ContractedCost", draw(st.sampled_from(["USD", "a b"])),
                draw(st.sampled_from([Decimal("1.00"), Decimal("0.03"), Decimal(7)])),
                "a.csv", "0" * 64, draw(st.sampled_from(["", "a note"])), tuple(found),
            )
        )  # fmt: skip
    scale = draw(st.integers(0, 6))
    return Document("moon", MONTH, "MOON.CR", scale, tuple(sections))


def document_text(text: str) -> str:
    """Return a text as the writer takes it."""
    import unicodedata

    return unicodedata.normalize("NFC", text)


@given(documents())
def test_a_document_reads_back_as_it_was_written(whole: Document) -> None:
    text = document.write(whole)
    read = document.parse(text, Path("x"))
    assert document.write(read) == text
    assert {s.scope for s in read.sections} == {s.scope for s in whole.sections}
    drawn = {(n.section.scope, *n.part) for n in document.drawdowns(whole)}
    assert {(n.section.scope, *n.part) for n in document.drawdowns(read)} == drawn


@given(documents(), st.data())
def test_a_document_changed_anywhere_is_refused(
    whole: Document, data: st.DataObject
) -> None:
    text = document.write(whole)
    at = data.draw(st.integers(0, len(text) - 1))
    other = "7" if text[at] != "7" else "8"
    for changed in (text[:at] + other + text[at + 1 :], text[:at], text + "; more\n"):
        with pytest.raises(Refused, match="E709"):
            document.parse(changed, Path("x"))


def test_a_file_changed_by_hand_stops_the_import_and_stays(tmp_path: Path) -> None:
    export = write_csv(tmp_path / "a.csv", [row("1.00")])
    run(tmp_path, export)
    path = tmp_path / "usage" / "moon-2026-03.beancount"
    changed = path.read_text().replace("1.00 MOON.CR", "2.00 MOON.CR")
    path.write_text(changed)
    with pytest.raises(Refused, match="E709"):
        run(tmp_path, export)
    assert path.read_text() == changed


def test_a_file_somebody_else_wrote_is_never_replaced(tmp_path: Path) -> None:
    (tmp_path / "usage").mkdir()
    mine = tmp_path / "usage" / "moon-2026-03.beancount"
    mine.write_text('2026-03-01 custom "deal-usage" "moon" 5 MOON.CR\n')
    (tmp_path / "usage" / "other.beancount").write_text("; mine\n")
    with pytest.raises(Refused, match="E709.*was not written by import"):
        run(tmp_path, write_csv(tmp_path / "a.csv", [row("1.00")]))
    assert mine.read_text().startswith("2026-03-01")


def test_the_mode_of_a_file_is_kept(tmp_path: Path) -> None:
    run(tmp_path, write_csv(tmp_path / "a.csv", [row("1.00")]))
    path = tmp_path / "usage" / "moon-2026-03.beancount"
    path.chmod(0o640)
    run(tmp_path, write_csv(tmp_path / "a.csv", [row("2.00")]))
    assert path.stat().st_mode & 0o777 == 0o640


def test_nothing_is_replaced_when_one_file_cannot_be_staged(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = tmp_path / "a"
    old.write_text("old")
    found = [store.Change(old, "old", "new"), store.Change(tmp_path / "b", None, "new")]
    real, calls = os.fsync, []

    def fails(descriptor: int) -> None:
        calls.append(descriptor)
        if len(calls) == 2:
            raise OSError(28, "No space left on device")
        real(descriptor)

    monkeypatch.setattr(os, "fsync", fails)
    with pytest.raises(OSError, match="No space"):
        store.commit(found)
    assert old.read_text() == "old"
    assert [path.name for path in tmp_path.iterdir()] == ["a"]


def test_a_second_import_waits_for_the_first_and_then_says_who_holds_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = textwrap.dedent(
        """
        import sys
        from pathlib import Path
        from beanscrow.usage import store
        with store.locked(Path(sys.argv[1])):
            print("held", flush=True)
            sys.stdin.read()
        """
    )
    monkeypatch.setattr(store, "_PATIENCE", 0.0)
    holder = subprocess.Popen(
        [sys.executable, "-c", program, str(tmp_path)],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    try:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        with (
            pytest.raises(Refused, match=f"E710 another import \\(process {holder.pid}\\)"),
            store.locked(tmp_path),
        ):
            pass
    finally:
        holder.communicate("")
    with store.locked(tmp_path):
        pass
    assert written(tmp_path) == {}
