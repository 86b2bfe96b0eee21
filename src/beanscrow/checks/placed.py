"""What Beancount says of a load without a line, told at the line that brings it about."""

from __future__ import annotations

import fnmatch
import os
import re
from collections.abc import Callable, Iterator
from typing import Any

from beanscrow.checks.sources import Sources
from beanscrow.deal.problems import Position

_Told = tuple[Position, str]


def placed(errors: list[Any], sources: Sources) -> list[Any]:
    """Return the errors of a load, those without a line at the line they are about.

    Args:
      errors: As Beancount gives them; each stays of its own class.
      sources: The text of the ledger's files.
    """
    return [_at_its_line(error, sources) for error in errors]


def _at_its_line(error: Any, sources: Sources) -> Any:
    for pattern, tell in _KNOWN:
        match = pattern.match(str(error.message))
        if match is None or (error.source or {}).get("lineno"):
            continue
        told = next(tell(match, error, sources), None)
        if told is not None:
            at, words = told
            source = {"filename": at.filename, "lineno": at.lineno}
            return error._replace(source=source, message=words)
    return error


def _no_file(match: re.Match[str], _: Any, sources: Sources) -> Iterator[_Told]:
    for at, name, path in _includes(sources):
        if match["file"] in (name, path):
            yield (
                at,
                (
                    f'E816: include "{name}": there is no such file; correct the path, which '
                    "is taken from the folder of this file, or take the line out"
                ),
            )


def _twice(match: re.Match[str], _: Any, sources: Sources) -> Iterator[_Told]:
    includes = [(at, name) for at, name, path in _includes(sources) if _is(path, match)]
    for at, name in reversed(includes):
        itself = os.path.normpath(at.filename) == os.path.normpath(match["file"])
        what = "this file itself" if itself else "a file that is included already"
        yield at, f'E817: include "{name}" names {what}; it is read once: take the line out'


def _plugin(match: re.Match[str], _: Any, sources: Sources) -> Iterator[_Told]:
    why = match["why"].strip().splitlines()
    for line in sources.lines("plugin", included=False):
        if line.first == match["plugin"]:
            yield (
                line.at,
                (
                    f'E818: plugin "{line.first}" cannot be used ({why[-1].strip()}); correct '
                    "its name, or install it"
                ),
            )


def _unbalanced(match: re.Match[str], error: Any, sources: Sources) -> Iterator[_Told]:
    word, closing = ("pushtag #", "poptag") if match["tag"] else ("pushmeta ", "popmeta")
    name = match["tag"] or match["key"]
    pushed = re.compile(rf"^{word}{re.escape(name)}\b", re.MULTILINE)
    for source in sources.files:
        found = list(pushed.finditer(source.text))
        if source.path == os.path.abspath(error.source["filename"]) and found:
            line = source.text.count("\n", 0, found[-1].start()) + 1
            yield (
                Position(source.path, line),
                (
                    f"E819: {word}{name} holds to the end of the file; end it with "
                    f"{closing}, or take it out"
                ),
            )


_KNOWN: tuple[
    tuple[re.Pattern[str], Callable[[re.Match[str], Any, Sources], Iterator[_Told]]], ...
] = (
    (re.compile(r'File glob "(?P<file>.*)" does not match any files'), _no_file),
    (re.compile(r'File "(?P<file>.*)" does not exist'), _no_file),
    (re.compile(r'Duplicate filename parsed: "(?P<file>.*)"'), _twice),
    (
        re.compile(r'Error (?:importing|applying plugin) "(?P<plugin>[^"]*)": (?P<why>.*)', re.S),
        _plugin,
    ),
    (re.compile(r"Unbalanced pushed tag: '(?P<tag>.*)'(?P<key>)"), _unbalanced),
    (re.compile(r"(?P<tag>)Unbalanced metadata key '(?P<key>[^']*)'"), _unbalanced),
)  # fmt: skip


def _includes(sources: Sources) -> Iterator[tuple[Position, str, str]]:
    """Yield place, text and full path of every include line."""
    for included in (False, True):
        for line in sources.lines("include", included=included):
            folder = os.path.dirname(line.at.filename)
            yield line.at, line.first, os.path.normpath(os.path.join(folder, line.first))


def _is(path: str, match: re.Match[str]) -> bool:
    """Return whether an include, which may be a pattern, names the file of a match."""
    wanted = os.path.normpath(match["file"])
    return path == wanted or fnmatch.fnmatchcase(wanted, path)
