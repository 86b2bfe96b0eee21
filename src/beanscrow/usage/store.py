"""Documents kept in a folder: written whole or not at all, by one writer at a time."""

from __future__ import annotations

import contextlib
import fcntl
import os
import secrets
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from beanscrow.usage import document
from beanscrow.usage.document import Document
from beanscrow.usage.refusal import refuse

LOCK = ".lock"
_PATIENCE = 10.0  # seconds to wait for another import
_MODE = 0o644


class Change(NamedTuple):
    """A file that is to be written anew.

    Attributes:
      old: Its text now, None where there is none.
    """

    path: Path
    old: str | None
    new: str


@contextlib.contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Keep other imports from writing to a folder meanwhile; make it where needed.

    The lock is advisory, and some network file systems do not keep it.

    Raises:
      Refused: Another import holds it.
    """
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / LOCK
    with path.open("a+") as file:
        until = time.monotonic() + _PATIENCE
        while True:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if time.monotonic() > until:
                    raise refuse(path, "E710", _held(path)) from None
                time.sleep(0.1)
        file.truncate(0)
        file.write(f"{os.getpid()}\n")
        file.flush()
        try:
            yield
        finally:
            file.truncate(0)


def read(folder: Path) -> dict[str, tuple[str, Document]]:
    """Return the documents of a folder, with their text, by file name.

    Raises:
      Refused: One of them is not as it was written.
    """
    found = {}
    for path in sorted(folder.glob("*.beancount")):
        with path.open(encoding="utf-8", newline="") as file:
            text = file.read()
        if text.startswith("; What deal "):
            found[path.name] = text, document.parse(text, path)
    return found


def changes(
    folder: Path, kept: Mapping[str, tuple[str, Document]], wanted: Sequence[Document]
) -> list[Change]:
    """Return the files whose text differs from what is wanted.

    Args:
      kept: What the folder holds, as `read` gives it.
      wanted: Documents that are to stand; others stay as they are.
    """
    found = []
    for each in sorted(wanted, key=lambda d: d.filename):
        old = kept[each.filename][0] if each.filename in kept else None
        path = folder / each.filename
        if old is None and path.exists():
            words = "was not written by import; move it away, it stands where usage goes"
            raise refuse(path, "E709", words)
        new = document.write(each)
        if old != new:
            found.append(Change(path, old, new))
    return found


def commit(found: Sequence[Change]) -> None:
    """Write files whole: each is complete on disk before it takes the old one's place.

    Raises:
      OSError: The disk refuses; files already replaced are whole, the others as before.
    """
    staged: list[tuple[Path, Path]] = []
    try:
        for change in found:
            staged.append((_stage(change), change.path))
        for temporary, path in staged:
            os.replace(temporary, path)
        for folder in {path.parent for _, path in staged}:
            _sync_folder(folder)
    finally:
        for temporary, _ in staged:
            temporary.unlink(missing_ok=True)
    for change in found:
        with change.path.open(encoding="utf-8", newline="") as file:
            if file.read() != change.new:
                raise OSError(f"{change.path} does not hold what was written to it")


def _stage(change: Change) -> Path:
    temporary = change.path.with_name(f".{change.path.name}.{secrets.token_hex(4)}.new")
    mode = change.path.stat().st_mode & 0o777 if change.path.exists() else _MODE
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC
    descriptor = os.open(temporary, flags, mode)
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8", newline="") as file:
            file.write(change.new)
            file.flush()
            os.fchmod(file.fileno(), mode)
            os.fsync(file.fileno())
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    return temporary


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _held(path: Path) -> str:
    with contextlib.suppress(OSError):
        holder = path.read_text().strip()
        if holder.isdigit():
            return f"another import (process {holder}) is writing here; try again later"
    return "another import is writing here; try again later"
