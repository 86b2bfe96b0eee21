"""The files a ledger is made of, read as text before Beancount reads them.

What Beancount would stop at without a word of explanation is told here, with file
and line: a folder that is included, a file that is no text, a number divided by
zero.
"""

from __future__ import annotations

import glob
import hashlib
import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from beancount.parser import lexer

from beanscrow.checks.arithmetic import divides_by_zero
from beanscrow.checks.findings import problem
from beanscrow.deal.problems import Position, Problem

_KEYWORD_LINE = re.compile(
    r'^[ \t]*(include|plugin|option)[ \t]+"((?:[^"\\\n]|\\.)*)"'
    r'(?:[ \t]*"((?:[^"\\\n]|\\.)*)")?',
    re.MULTILINE,
)
_MAYBE_ZERO = re.compile(r"/[ \t]*[-+( \t]*[(0.]")
_MARK = re.compile("^\ufeff", re.MULTILINE)
_ENCRYPTED = (".gpg", ".asc")


class Line(NamedTuple):
    """An `include`, `plugin` or `option` line.

    Attributes:
      first, second: The texts on it; `second` is "" where there is one only.
    """

    at: Position
    word: str
    first: str
    second: str


class Source(NamedTuple):
    """One file of a ledger, as text.

    Attributes:
      digest: SHA-256 of its bytes.
      cache: Name of the load cache that lies beside it, or "".
    """

    path: str
    text: str
    digest: str
    lines: tuple[Line, ...]
    cache: str


class Sources(NamedTuple):
    """The files of a ledger, the ledger itself first, and what is wrong with them.

    Attributes:
      problems: Reasons not to hand the ledger to Beancount.
    """

    files: tuple[Source, ...]
    problems: tuple[Problem, ...]

    @property
    def top(self) -> Source | None:
        """The ledger itself, None where it could not be read."""
        return self.files[0] if self.files else None

    def lines(self, word: str, *, included: bool) -> Iterator[Line]:
        """Yield the lines that begin with a word, of the ledger or of what it includes."""
        for source in self.files[1:] if included else self.files[:1]:
            yield from (line for line in source.lines if line.word == word)

    @property
    def digest(self) -> str:
        """SHA-256 over the digests of all files in order of path."""
        parts = sorted((source.path, source.digest) for source in self.files)
        return hashlib.sha256("\n".join(d for _, d in parts).encode()).hexdigest()


def read_sources(ledger: str | Path) -> Sources:
    """Return the text of a ledger and of every file it includes, each read once.

    Args:
      ledger: Path of the ledger; need not exist.
    """
    top = os.path.abspath(ledger)
    waiting: list[tuple[str, Position]] = [(top, Position(top, 0))]
    seen: set[str] = set()
    files: list[Source] = []
    problems: list[Problem] = []
    while waiting:
        path, asked = waiting.pop(0)
        if path in seen:
            continue
        seen.add(path)
        found = _read(path, asked)
        if isinstance(found, Problem):
            problems.append(found)
            continue
        files.append(found)
        problems += _zero_divisions(found)
        for line in found.lines:
            if line.word == "include":
                pattern = os.path.join(os.path.dirname(path), line.first)
                for included in sorted(glob.glob(pattern, recursive=True)):
                    waiting.append((os.path.normpath(included), line.at))
    return Sources(tuple(files), tuple(problems))


def _read(path: str, asked: Position) -> Source | Problem:
    # The name as asked for: what an include line names, and nothing of its content.
    name = os.path.basename(path)
    if os.path.isdir(path):
        return problem(asked, "E811", f"{name} is a folder; a ledger is a file")
    if not os.path.exists(path):
        return problem(asked, "E810", f"there is no file {path}")
    if not os.path.isfile(path):
        return problem(asked, "E811", f"{name} is no regular file")
    if path.endswith(_ENCRYPTED):
        return problem(
            asked, "E813", f"{name} is encrypted; check a ledger of plain text instead"
        )
    try:
        content = Path(path).read_bytes()
    except OSError as error:
        return problem(asked, "E810", f"{name} cannot be read: {error.strerror or error}")
    return _decode(path, content)


def _decode(path: str, content: bytes) -> Source | Problem:
    digest = hashlib.sha256(content).hexdigest()
    zero = content.find(b"\0")
    if zero >= 0:
        line = content.count(b"\n", 0, zero) + 1
        return problem(
            Position(path, line),
            "E812",
            f"{os.path.basename(path)} is not a text file: it has a zero byte in line "
            f"{line}; a ledger is text in UTF-8",
        )
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        return problem(
            Position(path, line),
            "E812",
            f"line {line} of {os.path.basename(path)} is not UTF-8; save the file in that "
            "encoding",
        )
    mark = _MARK.search(text)
    if mark is not None:
        line = text.count("\n", 0, mark.start()) + 1
        return problem(
            Position(path, line),
            "E812",
            f"line {line} of {os.path.basename(path)} begins with a byte-order mark, which "
            "Beancount takes for a part of the line; save the file as UTF-8 without one",
        )
    return Source(path, text, digest, tuple(_keyword_lines(path, text)), _cache(path))


def _cache(path: str) -> str:
    """Return the name of a file's load cache, looked for before a load removes it."""
    folder, name = os.path.split(path)
    cache = f".{name}.picklecache"
    return cache if os.path.exists(os.path.join(folder, cache)) else ""


def _keyword_lines(path: str, text: str) -> Iterator[Line]:
    lineno, counted = 1, 0
    for match in _KEYWORD_LINE.finditer(text):
        start = match.start(1)
        lineno += text.count("\n", counted, start)
        counted = start
        first, second = (_unescaped(match[group] or "") for group in (2, 3))
        yield Line(Position(path, lineno), match[1], first, second)


def _unescaped(text: str) -> str:
    return re.sub(r"\\(.)", r"\1", text)


def _zero_divisions(source: Source) -> Iterator[Problem]:
    """Yield the places where a number is divided by zero, as Beancount would read it.

    Its own lexer tells numbers from dates, texts and comments; it is slow, so it is
    asked only about files in which a slash stands before a zero or a bracket.
    """
    if not _MAYBE_ZERO.search(source.text):
        return
    line: list[tuple[str, object]] = []
    lineno = 0
    told: set[int] = set()
    for token, at, _, value in lexer.lex_iter_string(source.text):
        if token in ("EOL", "error") or at != lineno:
            if divides_by_zero(line):
                told.add(lineno)
            line, lineno = [], at
        line.append((token, value))
    if divides_by_zero(line):
        told.add(lineno)
    for where in sorted(told):
        yield problem(
            Position(source.path, where),
            "E814",
            "a number is divided by zero, which Beancount cannot read; write the number "
            "that is meant",
        )
