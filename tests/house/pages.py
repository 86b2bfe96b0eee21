"""What the pages of README.md and docs/ ask a reader to type.

A fenced block is read by its first line:

    ```sh                       typed by a reader, and run by a test
    ```sh no-run                typed by a reader; waits, or needs what a test has not
    ```beancount file=PATH      written to PATH before the commands after it
    ```beancount append=PATH    added to the end of PATH

Of a block to be typed, the lines that begin with `beanscrow `, `cd ` and `make ` are
looked at.  A command that ends with `# exits 1` is expected to.
"""

from __future__ import annotations

import re
from typing import Literal, NamedTuple

from tests.house.checkout import ROOT

FENCE = re.compile(r"^```(\w+)(?: +([^\n`]+))?\n(.*?)^```$", re.MULTILINE | re.DOTALL)
EXITS = re.compile(r"\s+# exits (\d)\s*$")


class Step(NamedTuple):
    """One thing a page has its reader do.

    Attributes:
      place: Page and line ("README.md:41").
      kind: A command to run, one only to look up, a change of folder, a word of the
        Makefile, or a file to write or lengthen.
      text: The command, the folder, the word, or the text of the file.
      path: The file.
      exits: The exit code a command should have.
    """

    place: str
    kind: Literal["run", "look-up", "cd", "make", "file", "append"]
    text: str
    path: str = ""
    exits: int = 0


def pages() -> list[str]:
    """Return the paths of the pages, README.md first."""
    found = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
    return [str(path.relative_to(ROOT)) for path in found if path.exists()]


def steps(page: str) -> list[Step]:
    """Return what a page has its reader do, in order."""
    return steps_of(page, (ROOT / page).read_text(encoding="utf-8"))


def steps_of(page: str, text: str) -> list[Step]:
    """Return what the text of a page has its reader do, in order."""
    found: list[Step] = []
    for block in FENCE.finditer(text):
        language, about, body = block[1], block[2] or "", block[3]
        line = text.count("\n", 0, block.start(3)) + 1
        if match := re.fullmatch(r"(file|append)=(\S+)", about):
            kind: Literal["file", "append"] = "file" if match[1] == "file" else "append"
            found.append(Step(f"{page}:{line}", kind, body, path=match[2]))
        elif language == "sh":
            found += _typed(page, line, body, run=about != "no-run")
    return found


def _typed(page: str, line: int, body: str, *, run: bool) -> list[Step]:
    found: list[Step] = []
    pending, start = "", line
    for number, text in enumerate(body.splitlines(), line):
        start = start if pending else number
        pending += text.lstrip()
        if pending.endswith("\\"):
            pending = f"{pending[:-1].rstrip()} "
            continue
        command, pending = pending.strip(), ""
        place = f"{page}:{start}"
        if command.startswith("beanscrow "):
            ends = EXITS.search(command)
            words = EXITS.sub("", command)
            kind: Literal["run", "look-up"] = "run" if run else "look-up"
            found.append(Step(place, kind, words, exits=int(ends[1]) if ends else 0))
        elif match := re.fullmatch(r"(cd|make)\s+(\S+).*", command):
            verb: Literal["cd", "make"] = "cd" if match[1] == "cd" else "make"
            if verb == "make" or run:
                found.append(Step(place, verb, match[2]))
    return found
