"""The locks: what is installed is what was chosen, wherever it is fetched from."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from typing import Any

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.house.checkout import ROOT

PROJECT: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
GROUPS = {
    "run": ("install",),
    "test": ("install", "test"),
    "dev": ("install", "test", "dev"),
}
PIN = re.compile(r"([a-z0-9-]+)==([a-z0-9.+!]+)( ; [a-z_]+ [^\\]+)? \\")
HASH = re.compile(r"    --hash=sha256:[0-9a-f]{64}( \\)?")


def lines(lock: str) -> list[str]:
    return (ROOT / f"requirements/{lock}.txt").read_text("utf-8").splitlines()


def pins(lock: str) -> dict[str, set[str]]:
    """Return the versions a lock pins, by name; several where Pythons differ."""
    found: dict[str, set[str]] = {}
    for line in lines(lock):
        if match := PIN.fullmatch(line):
            found.setdefault(match[1], set()).add(match[2])
    return found


def wanted(lock: str) -> list[Requirement]:
    """Return what pyproject.toml asks for in the environment of a lock."""
    texts: list[str] = list(PROJECT["project"]["dependencies"])
    for group in GROUPS[lock]:
        texts += PROJECT["dependency-groups"][group]
    return [Requirement(text) for text in texts]


@pytest.mark.parametrize("lock", GROUPS)
def test_a_lock_holds_pins_and_their_hashes_and_nothing_else(lock: str) -> None:
    """Nothing else: no address, no option, nothing without a hash."""
    assert [it for it in lines(lock) if not (PIN.fullmatch(it) or HASH.fullmatch(it))] == []
    hashes = 1
    for line in lines(lock):
        if PIN.fullmatch(line):
            assert hashes > 0, f"no hash stands before {line}"
            hashes = 0
        else:
            hashes += 1
    assert hashes > 0


@pytest.mark.parametrize("lock", GROUPS)
def test_a_lock_satisfies_what_the_project_asks_for(lock: str) -> None:
    pinned = pins(lock)
    for requirement in wanted(lock):
        versions = pinned.get(canonicalize_name(requirement.name), set())
        assert versions, f"{requirement} is not in requirements/{lock}.txt; run make lock"
        assert all(requirement.specifier.contains(it) for it in versions), requirement


@pytest.mark.parametrize(("smaller", "larger"), [("run", "test"), ("test", "dev")])
def test_a_larger_lock_adds_and_never_changes(smaller: str, larger: str) -> None:
    """So `make demo` after `make test` finds everything in place."""
    assert pins(smaller).items() <= pins(larger).items()


def test_what_the_locks_install_lacks_nothing_it_needs() -> None:
    """They are installed as they are, so a package missing from them is never fetched."""
    told = subprocess.run(
        [sys.executable, "-m", "pip", "check", "--disable-pip-version-check"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert told.returncode == 0, told.stdout
