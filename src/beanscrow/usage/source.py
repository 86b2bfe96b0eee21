"""A billing export as a file: what it is, its header, its digest, its count of rows."""

from __future__ import annotations

import csv
import gzip
import hashlib
import io
import os
import zlib
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Literal, NamedTuple

from beanscrow.usage import focus
from beanscrow.usage.refusal import Refused, few, refuse

Kind = Literal["csv", "csv.gz", "parquet"]

MOST_EXPANSION = 200  # times; billing text shrinks five- to fortyfold
_FREE_EXPANSION = 64 << 20  # bytes; below this the factor means nothing
_CHUNK = 1 << 20
_ROOM = 8 << 20
_HEADER_BYTES = 1 << 16


class Source(NamedTuple):
    """One export.

    Attributes:
      path: Absolute, as given.
      kind: By its first bytes, never by its name.
      header: Names of its columns, in order.
      version: Of FOCUS ("1.2").
      stamp: What would differ if the file were changed while it is read.
    """

    path: Path
    kind: Kind
    header: tuple[str, ...]
    version: str
    stamp: tuple[int, int, int]


class Measure(NamedTuple):
    """What a reading of all bytes of an export gives.

    Attributes:
      sha256: Digest of the file as it stands on disk, in hexadecimal.
      lines: Line ends in the text; 0 for Parquet, which has none.
    """

    sha256: str
    lines: int


def recognise(path: Path) -> Source:
    """Return what an export is, from its first bytes.

    Raises:
      Refused: It cannot be opened, or is no FOCUS Cost and Usage export.
    """
    path = path.absolute()
    try:
        with path.open("rb") as file:
            start = file.read(4)
            stamp = _stamp(file)
        kind = _kind(start)
        header = _parquet_header(path) if kind == "parquet" else _csv_header(path, kind)
    except (OSError, EOFError, zlib.error) as error:
        raise refuse(path, "E701", f"cannot be read: {_words(error)}") from None
    _check_header(path, header)
    return Source(path, kind, header, focus.version(header), stamp)


def measure(source: Source) -> Measure:
    """Return digest and line count of an export, reading it from end to end.

    Raises:
      Refused: It expands further than billing text does, or is torn.
    """
    digest = hashlib.sha256()
    if source.kind == "parquet":
        with source.path.open("rb") as file:
            return Measure(hashlib.file_digest(file, "sha256").hexdigest(), 0)
    lines = 0
    last = b"\n"
    for raw, text in _text_of(source):
        digest.update(raw)
        if text:
            lines += text.count(b"\n")
            last = text[-1:]
    return Measure(digest.hexdigest(), lines + (last != b"\n"))


def check_unchanged(source: Source) -> None:
    """Refuse an export that was written to while it was read."""
    with source.path.open("rb") as file:
        if _stamp(file) == source.stamp:
            return
    raise refuse(
        source.path, "E701", "was changed while it was read; import it once it is whole"
    )


def csv_rows(source: Source) -> int:
    """Return the count of data rows, by Python's own strict reading of the text.

    Raises:
      Refused: Where a row is cut short, too long, or a quote is never closed.
    """
    wanted = len(source.header)
    count = -1
    with _open_text(source.path, source.kind) as text:
        reader = csv.reader(text, strict=True)
        line = 1
        try:
            for row in reader:
                if len(row) != wanted and row:
                    raise refuse(
                        source.path,
                        "E703",
                        f"the row that begins here has {len(row)} fields; the header "
                        f"has {wanted}",
                        line=line,
                    )
                count += bool(row)
                line = reader.line_num + 1
        except csv.Error as error:
            raise refuse(
                source.path,
                "E703",
                f"the row that begins here cannot be read ({error}); a quote that is "
                "never closed swallows the rows after it",
                line=line,
            ) from None
        except UnicodeDecodeError:
            raise refuse(
                source.path,
                "E703",
                "is not UTF-8 from here on; save the export as UTF-8",
                line=_undecodable(source) or line,
            ) from None
        except (EOFError, zlib.error, OSError) as error:
            raise refuse(
                source.path, "E703", f"is torn: {_words(error)}", line=line
            ) from None
    return count


def _stamp(file: IO[bytes]) -> tuple[int, int, int]:
    state = os.fstat(file.fileno())
    return state.st_size, state.st_mtime_ns, state.st_ino


def _kind(start: bytes) -> Kind:
    if start == b"PAR1":
        return "parquet"
    return "csv.gz" if start[:2] == b"\x1f\x8b" else "csv"


def _open_text(path: Path, kind: Kind) -> IO[str]:
    if kind == "csv.gz":
        return gzip.open(path, "rt", encoding="utf-8-sig", newline="")
    return path.open(encoding="utf-8-sig", newline="")


def _csv_header(path: Path, kind: Kind) -> tuple[str, ...]:
    """Return the first record of a text; what comes after it is not judged here."""
    with gzip.open(path, "rb") if kind == "csv.gz" else path.open("rb") as file:
        start = file.read(_HEADER_BYTES).decode("utf-8-sig", errors="replace")
    try:
        return tuple(next(csv.reader(io.StringIO(start, newline=""), strict=True), ()))
    except csv.Error:
        return ()


def _parquet_header(path: Path) -> tuple[str, ...]:
    import pyarrow
    from pyarrow import parquet

    try:
        return tuple(parquet.read_schema(path).names)
    except (pyarrow.ArrowInvalid, pyarrow.ArrowNotImplementedError) as error:
        raise refuse(
            path, "E704", f"begins as Parquet does, but its footer cannot be read: {error}"
        ) from None


def _check_header(path: Path, header: tuple[str, ...]) -> None:
    lacking = focus.missing(header)
    if lacking:
        folded = {name.casefold(): name for name in header}
        near = [
            f"{folded[name.casefold()]} for {name}"
            for name in lacking
            if name.casefold() in folded
        ]
        hint = f" (found {few(near)})" if near else ""
        if any("\ufffd" in name or not name.isprintable() for name in header):
            found = "its first line is no text in UTF-8"
        else:
            found = f"it has {few(list(header))}" if header else "it has no header"
        raise refuse(
            path,
            "E701",
            f"is no FOCUS Cost and Usage export: {found}, and lacks {few(lacking)}{hint}",
        )
    twice = [name for name, count in Counter(header).items() if count > 1]
    if twice:
        raise refuse(
            path,
            "E702",
            f"its header names {few(twice)} more than once; which one is meant cannot "
            "be told",
            line=1,
        )


def _text_of(source: Source) -> Iterator[tuple[bytes, bytes]]:
    """Yield the bytes of a file and the text they stand for, piece by piece."""
    if source.kind == "csv":
        with source.path.open("rb") as file:
            while raw := file.read(_CHUNK):
                yield raw, raw
        return
    packed = unpacked = 0
    inflate = zlib.decompressobj(31)
    whole = True
    text = b""
    with source.path.open("rb") as file:
        while raw := file.read(_CHUNK):
            packed += len(raw)
            yield raw, b""
            data = raw
            while data or len(text) == _ROOM:
                if inflate.eof:
                    inflate = zlib.decompressobj(31)
                try:
                    text = inflate.decompress(data, _ROOM)
                except zlib.error as error:
                    raise refuse(source.path, "E703", f"is torn: {error}") from None
                unpacked += len(text)
                if unpacked > max(_FREE_EXPANSION, packed * MOST_EXPANSION):
                    raise _too_large(source)
                yield b"", text
                whole = inflate.eof
                data = inflate.unused_data or inflate.unconsumed_tail
            text = b""
    if not whole:
        raise refuse(source.path, "E703", "is torn: it ends in the middle")


def _undecodable(source: Source) -> int:
    """Return the first line that is no UTF-8, from 1; 0 where every line is."""
    opened = gzip.open if source.kind == "csv.gz" else open
    with opened(source.path, "rb") as file:
        for number, line in enumerate(file, 1):
            try:
                line.decode()
            except UnicodeDecodeError:
                return number
    return 0


def _too_large(source: Source) -> Refused:
    return refuse(
        source.path,
        "E705",
        f"expands more than {MOST_EXPANSION}-fold, which billing text does not; "
        "unpack it yourself if it is what you want to import",
    )


def _words(error: Exception) -> str:
    if isinstance(error, OSError) and error.strerror:
        return error.strerror
    return str(error) or type(error).__name__
