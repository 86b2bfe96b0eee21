"""Broken and hostile files: said in words, at the line, and never half read."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from beanscrow.usage import source
from beanscrow.usage.refusal import Refused
from tests.usage.exports import (
    buckets,
    csv_text,
    directives,
    row,
    run,
    write_csv,
    write_gz,
    write_parquet,
)

DOCUMENTS = Path(__file__).parent.parent / "documents"


def refused(folder: Path, path: Path) -> str:
    """Return what is said of a file that is not imported, without its folder."""
    with pytest.raises(Refused) as caught:
        run(folder, path)
    assert not (folder / "usage").exists()
    return str(caught.value).replace(f"{folder}/", "")


def broken(folder: Path, text: str) -> str:
    """Return what is said of a text that is not imported."""
    path = folder / "a.csv"
    path.write_text(text, encoding="utf-8", newline="")
    return refused(folder, path)


ROWS = [row("1.00"), row("2.00"), row("3.00")]
HEADER, *LINES = csv_text(ROWS).splitlines()


def test_a_row_cut_short_is_named_by_its_line(tmp_path: Path) -> None:
    said = broken(tmp_path, "\n".join([HEADER, LINES[0], LINES[1].rsplit(",", 3)[0], ""]))
    assert said.startswith("a.csv:3: E703 the row that begins here has 21 fields")


def test_a_row_too_long_is_named_by_its_line(tmp_path: Path) -> None:
    said = broken(tmp_path, "\n".join([HEADER, *LINES, LINES[0] + ",x", ""]))
    assert said.startswith("a.csv:5: E703 the row that begins here has 25 fields")


def test_a_quote_never_closed_does_not_swallow_the_rest(tmp_path: Path) -> None:
    opened = LINES[1].replace("Machines", '"Machines')
    said = broken(tmp_path, "\n".join([HEADER, LINES[0], opened, LINES[2], ""]))
    assert said.startswith("a.csv:3: E703 the row that begins here cannot be read")


def test_text_that_is_not_utf8_is_named(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    text = csv_text([*[row("1.00")] * 3, row("1.00", ServiceCategory="Größe")])
    path.write_bytes(text.encode("latin-1"))
    assert "a.csv:5: E703 is not UTF-8" in refused(tmp_path, path)


def test_a_header_that_names_a_column_twice_is_refused(tmp_path: Path) -> None:
    said = broken(tmp_path, f"{HEADER},ListCost\n{LINES[0]},9\n")
    assert said.startswith("a.csv:1: E702 its header names ListCost more than once")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "it has no header"),
        ("Date,Amount\n1,2\n", "it has Date, Amount, and lacks BilledCost"),
        ("\x1b[31mred\x1b[0m,x\n", "its first line is no text in UTF-8, and lacks"),
        (f"{'a' * 5000},b\n", f"it has {'a' * 60}…, b, and lacks"),
        (HEADER.replace("ListCost", "listcost") + "\n", "found listcost for ListCost"),
    ],
)
def test_what_is_no_focus_export_says_what_it_lacks(
    tmp_path: Path, text: str, words: str
) -> None:
    said = broken(tmp_path, text)
    assert said.startswith("a.csv: E701 is no FOCUS Cost and Usage export")
    assert words in said


def test_a_file_of_bytes_is_told_without_them(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(bytes(range(128, 256)) * 20)
    said = refused(tmp_path, path)
    assert "its first line is no text in UTF-8" in said
    assert said.isprintable()


def test_the_datasets_beside_cost_and_usage_are_not_taken_for_it(tmp_path: Path) -> None:
    path = DOCUMENTS / "focus-1.3" / "contract_commitment_aws.csv"
    assert "E701 is no FOCUS Cost and Usage export" in refused(tmp_path, path)


def test_line_ends_and_commas_within_quotes_are_one_row(tmp_path: Path) -> None:
    rows = [row("1.00", ServiceName='a, "b"\nc\r\n\nd'), row("2.00")]
    outcome = run(tmp_path, write_csv(tmp_path / "a.csv", rows))
    assert buckets(outcome) == {"drawn": 2}


def test_blank_lines_and_a_missing_last_line_end_change_nothing(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("\n".join([HEADER, LINES[0], "", LINES[1]]))
    outcome = run(tmp_path, tmp_path / "a.csv")
    assert buckets(outcome) == {"drawn": 2}


def test_a_torn_gzip_is_refused(tmp_path: Path) -> None:
    rows = [row("1.00", ServiceName=f"{number:x}") for number in range(3000)]
    path = write_gz(tmp_path / "a.csv.gz", rows)
    path.write_bytes(path.read_bytes()[:-20])
    assert "E703 is torn" in refused(tmp_path, path)


def test_gzip_in_several_members_is_one_text(tmp_path: Path) -> None:
    text = csv_text(ROWS)
    half = len(text) // 2
    path = tmp_path / "a.csv.gz"
    path.write_bytes(
        gzip.compress(text[:half].encode()) + gzip.compress(text[half:].encode())
    )
    assert buckets(run(tmp_path, path)) == {"drawn": 3}


def test_text_that_expands_beyond_measure_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(source, "_FREE_EXPANSION", 1 << 20)
    path = tmp_path / "a.csv.gz"
    path.write_bytes(gzip.compress((csv_text(ROWS) + (LINES[0] + "\n") * 20_000).encode()))
    assert "E705 expands more than 200-fold" in refused(tmp_path, path)


def test_a_torn_parquet_is_refused(tmp_path: Path) -> None:
    path = write_parquet(tmp_path / "a.parquet", ROWS)
    path.write_bytes(path.read_bytes()[:-30])
    assert "E704 begins as Parquet does" in refused(tmp_path, path)


def test_parquet_with_a_broken_page_is_refused(tmp_path: Path) -> None:
    path = write_parquet(tmp_path / "a.parquet", ROWS * 2000)
    data = bytearray(path.read_bytes())
    data[4:400] = bytes(396)
    path.write_bytes(data)
    assert "E704 cannot be read to its end" in refused(tmp_path, path)


@pytest.mark.parametrize(
    "name", ["a b'c.csv", 'say "x".csv', "*.csv", "[1]{2}?.csv", "é.csv", "no-suffix"]
)
def test_any_file_name_is_a_file_and_never_a_pattern(tmp_path: Path, name: str) -> None:
    (tmp_path / "z.csv").write_text("not an export\n")
    outcome = run(tmp_path, write_csv(tmp_path / name, [row("1.00")]))
    assert buckets(outcome) == {"drawn": 1}
    assert directives(tmp_path) == [("2026-03-10", "1.00 MOON.CR")]


def test_a_name_no_ledger_can_hold_is_refused(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "a\nb.csv", [row("1.00")])
    assert "E701 has a name that no ledger can hold" in refused(tmp_path, path)


def test_a_file_changed_while_it_is_read_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write_csv(tmp_path / "a.csv", ROWS)
    real = source.measure

    def meddling(each: source.Source) -> source.Measure:
        found = real(each)
        with path.open("a") as file:
            file.write("")
        path.touch()
        return found

    monkeypatch.setattr("beanscrow.usage.reading.measure", meddling)
    assert "E701 was changed while it was read" in refused(tmp_path, path)


def test_rows_the_engine_did_not_count_are_missed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from beanscrow.usage.scan import Group, Reader

    real = Reader.groups

    def loses(self: Reader, *arguments: object) -> list[Group]:
        found: list[Group] = real(self, *arguments)  # type: ignore[arg-type]
        return [group._replace(rows=group.rows - 1) for group in found]

    monkeypatch.setattr(Reader, "groups", loses)
    path = write_csv(tmp_path / "a.csv", ROWS)
    assert "E711 2 rows added up, but the file has 3" in refused(tmp_path, path)
    path = write_parquet(tmp_path / "a.parquet", ROWS)
    assert "E711 2 rows added up, but the file has 3" in refused(tmp_path, path)


def test_buckets_that_do_not_add_up_are_missed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from beanscrow.usage.allot import Allotment

    def loses(self: Allotment, group: object) -> None: ...

    monkeypatch.setattr(Allotment, "add", loses)
    path = write_csv(tmp_path / "a.csv", ROWS)
    assert "E711 the buckets do not add up" in refused(tmp_path, path)
