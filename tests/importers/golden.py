"""Write the golden files of tests/documents/focus anew: python -m tests.importers.golden."""

from __future__ import annotations

import tempfile
from pathlib import Path

from beangulp import testing

from tests.importers.books import DOCUMENTS, importer


def main() -> None:
    """Write what is extracted from each document beside it."""
    with tempfile.TemporaryDirectory() as folder:
        one = importer(Path(folder))
        for document in sorted(DOCUMENTS.glob("*.csv")):
            if one.identify(str(document)):
                found = testing.run_importer(one, str(document))
                testing.write_expected_file(f"{document}.beancount", *found, force=True)


if __name__ == "__main__":
    main()
