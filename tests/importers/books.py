"""The deals the documents of tests/documents/focus are imported for."""

from __future__ import annotations

from pathlib import Path

from beanscrow.importers.focus import FocusImporter
from tests.usage.exports import books

DOCUMENTS = Path(__file__).parent.parent / "documents" / "focus"


def importer(folder: Path, *, waive: str = "") -> FocusImporter:
    """Return an importer for the deals of a ledger made in a folder."""
    return FocusImporter(books(folder), account="Assets:Usage", waive=waive)
