"""The importer: beangulp's own commands, Fava's import page, and a golden file."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import Any

import beangulp
import pytest
from beancount import loader
from beancount.core import data
from beancount.parser import parser, printer
from beangulp import testing
from beangulp.extract import DUPLICATE
from click.testing import CliRunner, Result

from beanscrow.deal import reader
from beanscrow.importers.focus import FocusImporter
from beanscrow.usage.refusal import Refused
from tests.importers.books import DOCUMENTS, importer
from tests.usage.exports import row, run, write_csv, written

MARCH = DOCUMENTS / "march.csv"


# Neither of the two carries types.
_ingest: Any = beangulp.Ingest
_command: Any = testing.wrap


def ingest(folder: Path, *arguments: str) -> Result:
    """Run a command of beangulp with the importer."""
    main = _ingest([importer(folder)])
    return CliRunner().invoke(main.cli, list(arguments), obj=main)


def test_the_golden_file_beside_the_document_is_what_is_extracted(tmp_path: Path) -> None:
    main = _command(importer(tmp_path))
    ingest = _ingest([importer(tmp_path)])
    result = CliRunner().invoke(main, ["test", str(DOCUMENTS)], obj=ingest)
    assert result.exit_code == 0, result.output
    assert "PASSED" in result.output
    assert "IGNORED" in result.output


def test_exports_are_recognised_by_their_header_and_nothing_else(tmp_path: Path) -> None:
    one = importer(tmp_path)
    assert one.identify(str(MARCH))
    assert not one.identify(str(DOCUMENTS / "not-focus.csv"))
    assert not one.identify(str(MARCH) + ".beancount")
    renamed = tmp_path / "anything.bin"
    renamed.write_bytes(MARCH.read_bytes())
    assert one.identify(str(renamed))


def test_identify_names_the_importer(tmp_path: Path) -> None:
    result = ingest(tmp_path, "identify", "-v", str(DOCUMENTS))
    assert result.exit_code == 0, result.output
    assert "beanscrow.importers.focus.FocusImporter" in result.output
    assert "Assets:Usage" in result.output


def test_what_extract_prints_is_what_the_command_writes(tmp_path: Path) -> None:
    printed = ingest(tmp_path, "extract", "-q", str(MARCH))
    assert printed.exit_code == 0, printed.output
    entries, errors, _ = parser.parse_string(printed.stdout)
    assert errors == []
    run(tmp_path, MARCH)
    text = written(tmp_path)["moon-2026-03.beancount"]
    kept, _, _ = parser.parse_string(text)
    assert [_plain(entry) for entry in entries] == [_plain(entry) for entry in kept]


def test_what_is_extracted_is_read_as_usage_without_a_word(tmp_path: Path) -> None:
    one = importer(tmp_path)
    entries = one.extract(str(MARCH), [])
    ledger = tmp_path / "books.beancount"
    text = ledger.read_text().replace('include "usage/*.beancount"\n', "")
    ledger.write_text(text + "".join(printer.format_entry(entry) for entry in entries))
    loaded, errors, options = loader.load_file(str(ledger))
    assert errors == []
    reading = reader.read(loaded, options)
    assert reading.problems == []


def test_a_second_extraction_marks_all_it_gave_before(tmp_path: Path) -> None:
    one = importer(tmp_path)
    before = one.extract(str(MARCH), [])
    again = one.extract(str(MARCH), before)
    one.deduplicate(again, before)
    for entry, old in zip(again, before, strict=True):
        assert entry.meta[DUPLICATE].meta is old.meta


def test_only_the_same_import_id_is_a_duplicate(tmp_path: Path) -> None:
    one = importer(tmp_path)
    before = one.extract(str(MARCH), [])
    later = [row("1.00", BillingAccountId="acc-1", ProviderName="Other")]
    other = one.extract(str(write_csv(tmp_path / "b.csv", later)), before)
    one.deduplicate(other, before)
    assert not any(DUPLICATE in entry.meta for entry in other)


def test_extract_with_the_ledger_at_hand_comments_out_what_is_there(tmp_path: Path) -> None:
    first = ingest(tmp_path, "extract", "-q", str(MARCH))
    there = tmp_path / "there.beancount"
    there.write_text(first.stdout)
    again = ingest(tmp_path, "extract", "-q", "-e", str(there), str(MARCH))
    assert again.exit_code == 0, again.output
    lines = [line for line in again.stdout.splitlines() if "deal-usage" in line]
    assert lines
    assert all(line.startswith(";") for line in lines)


def test_archive_files_the_document_under_the_month_of_the_bill(tmp_path: Path) -> None:
    source, target = tmp_path / "in", tmp_path / "out"
    source.mkdir()
    target.mkdir()
    (source / "march.csv").write_bytes(MARCH.read_bytes())
    result = ingest(tmp_path, "archive", "-o", str(target), str(source))
    assert result.exit_code == 0, result.output
    assert (target / "Assets" / "Usage" / "2026-03-01.march.csv").exists()


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("march.csv", "march.csv"),
        ("2026-03-01-march.csv", "march.csv"),
        ("2026-03-01", None),
    ],
)
def test_a_name_that_begins_with_a_date_loses_it(
    tmp_path: Path, name: str, kept: str | None
) -> None:
    assert importer(tmp_path).filename(str(tmp_path / name)) == kept


def test_rows_that_cannot_be_read_are_told_and_may_be_waived(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "a.csv", [row("1.00"), row("2.00", ListCost="")])
    with pytest.raises(Refused, match="E706"):
        importer(tmp_path).extract(str(path), [])
    (entry,) = importer(tmp_path, waive="known").extract(str(path), [])
    assert entry.meta["note"] == "1 row left out: known"


def test_a_file_that_is_torn_has_no_date(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "a.csv", [row("1.00")])
    path.write_text(path.read_text() + "cut,short\n")
    assert importer(tmp_path).date(str(path)) is None


def test_deals_may_be_given_without_a_ledger(tmp_path: Path) -> None:
    one = importer(tmp_path)
    entries, _, options = loader.load_file(str(tmp_path / "books.beancount"))
    agreements = reader.read(entries, options).agreements.values()
    other = FocusImporter(agreements=agreements)
    assert other.extract(str(MARCH), []) == one.extract(str(MARCH), [])


def test_favas_import_page_lists_and_extracts(tmp_path: Path) -> None:
    from fava.application import create_app

    importer(tmp_path)
    (tmp_path / "config.py").write_text(
        "from beanscrow.importers.focus import FocusImporter\n"
        f"CONFIG = [FocusImporter({str(tmp_path / 'books.beancount')!r})]\n"
    )
    (tmp_path / "in").mkdir()
    document = tmp_path / "in" / "march.csv"
    document.write_bytes(MARCH.read_bytes())
    with (tmp_path / "books.beancount").open("a") as file:
        file.write('2026-01-01 custom "fava-option" "import-config" "config.py"\n')
        file.write('2026-01-01 custom "fava-option" "import-dirs" "in"\n')
    client = create_app([str(tmp_path / "books.beancount")]).test_client()
    slug = client.get("/").location.split("/")[1]
    (found,) = client.get(f"/{slug}/api/imports").get_json()["data"]
    assert found["importers"][0]["date"] == "2026-03-01"
    name = found["importers"][0]["importer_name"]
    answer = client.get(
        f"/{slug}/api/extract", query_string={"filename": str(document), "importer": name}
    )
    extracted: list[dict[str, Any]] = answer.get_json()["data"]
    assert {entry["meta"]["service"] for entry in extracted} == {
        "Compute",
        "AI and Machine Learning",
    }
    assert all("deal-usage" in entry["meta"]["__source__"] for entry in extracted)
    assert not any("__duplicate__" in entry["meta"] for entry in extracted)
    run(tmp_path, MARCH)
    client = create_app([str(tmp_path / "books.beancount")]).test_client()
    answer = client.get(
        f"/{slug}/api/extract", query_string={"filename": str(document), "importer": name}
    )
    assert all(entry["meta"]["__duplicate__"] for entry in answer.get_json()["data"])


def _plain(entry: data.Directive) -> tuple[datetime.date, object, dict[str, object]]:
    assert isinstance(entry, data.Custom)
    meta = {k: v for k, v in entry.meta.items() if k not in ("filename", "lineno")}
    return entry.date, [value.value for value in entry.values or ()], meta
