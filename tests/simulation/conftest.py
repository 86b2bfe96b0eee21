"""The fixture of simulations: two files in a folder of the test."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.simulation.books import Texts


@pytest.fixture
def texts(tmp_path: Path) -> Texts:
    return Texts(tmp_path)
