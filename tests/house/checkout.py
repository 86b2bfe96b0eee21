"""The files of this checkout, as its history has them."""

from __future__ import annotations

import subprocess
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src" / "beanscrow"
ROOMS = ("plugins", "importers", "ledger")
BINARY = {".gz", ".ico", ".jpg", ".parquet", ".pdf", ".png", ".xlsx"}


@cache
def tracked() -> dict[str, str]:
    """Return the mode of every file under version control, or about to be, by path."""
    modes: dict[str, str] = {}
    for line in _git("ls-files", "--stage").splitlines():
        about, path = line.split("\t", 1)
        modes[path] = about.split()[0]
    for path in _git("ls-files", "--others", "--exclude-standard").splitlines():
        modes[path] = "120000" if (ROOT / path).is_symlink() else "100644"
    return {path: mode for path, mode in modes.items() if _exists(path)}


def texts() -> dict[str, str]:
    """Return the text of every tracked file that is one, by path."""
    return {
        path: (ROOT / path).read_text(encoding="utf-8")
        for path, mode in sorted(tracked().items())
        if mode != "120000" and Path(path).suffix not in BINARY
    }


def _exists(path: str) -> bool:
    return (ROOT / path).is_symlink() or (ROOT / path).exists()


def _git(*words: str) -> str:
    # The owner of a checkout may be another than the one who tests it.
    command = ["git", "-c", f"safe.directory={ROOT}", "-c", "core.quotePath=false", *words]
    return subprocess.run(
        command, cwd=ROOT, check=True, capture_output=True, text=True
    ).stdout
