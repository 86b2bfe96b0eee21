"""Every code has a specimen: a small ledger that is told off with it, and nothing else.

The name of a specimen is its code and what is wrong; its first line says so in words.
docs/errors.md is made from them.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from beancount import loader

from beanscrow.catalogue import CATALOGUE
from beanscrow.checks.examine import daybook_in, examine
from beanscrow.deal.reader import read

SPECIMENS = sorted(Path(__file__).parent.glob("*.beancount"))
READ = [path for path in SPECIMENS if path.name[1] == "1"]
REMARK = re.compile(r"; [A-Z0-9{].*[.]\n")


def code_of(path: Path) -> str:
    """Return the code a specimen is named after."""
    return path.name.partition("-")[0]


def name_of(path: Path) -> str:
    """Return the name of a specimen, for the name of its test."""
    return path.stem


@pytest.mark.parametrize("path", SPECIMENS, ids=name_of)
def test_a_specimen_says_what_is_wrong(path: Path) -> None:
    assert code_of(path) in CATALOGUE
    assert REMARK.match(path.read_text()), "a comment of one line, a sentence"
    assert re.fullmatch(r"[EFN]\d{3}(-[a-z0-9]+)+", path.stem)


@pytest.mark.parametrize("path", READ, ids=name_of)
def test_the_reader_tells_it_at_the_line(path: Path) -> None:
    """One code, but for the notes that go with a refusal; at a line of the specimen."""
    entries, _, options = loader.load_file(str(path))
    problems = read(entries, options).problems
    told = [problem for problem in problems if problem.level != "note"]
    wanted = code_of(path)
    if wanted.startswith("N"):
        told = [problem for problem in problems if problem.code == wanted]
    assert {problem.code for problem in told} == {wanted}
    lines = path.read_text().splitlines()
    for problem in told:
        assert problem.at.filename == str(path)
        line = lines[problem.at.lineno - 1]
        assert re.match(r'\d{4}-\d\d-\d\d custom "', line), line
        assert "\n" not in problem.message
        assert problem.message[-1] != "."


@pytest.mark.parametrize("path", SPECIMENS, ids=name_of)
def test_the_whole_house_tells_it(path: Path) -> None:
    """Loaded as a user loads it, an error is among Beancount's own; the rest, in check.

    A refused line may have others refused for what they say of it, with codes of
    other hundreds.
    """
    code = code_of(path)
    entries, errors, options = loader.load_file(str(path))
    ours = [e for e in errors if re.match(r"[EFN]\d{3}: ", e.message)]
    codes = {error.message[:4] for error in ours}
    if code.startswith("E"):
        assert {said for said in codes if said[1] == code[1]} == {code}
        assert all(error.source["filename"] == str(path) for error in ours)
        told = [error for error in ours if error.message.startswith(code)]
        assert all(type(error.source["lineno"]) is int for error in told)
        return
    if code.startswith("F"):
        assert codes == set()
        found = [
            *daybook_in(options).problems,
            *examine(entries, options, findings=True).problems,
        ]
        assert code in {problem.code for problem in found}


# Our own faults, which no ledger can bring about.
OURS = {"E199", "E599"}
# Room of src/beanscrow, and the hundreds its codes are of.
ROOMS = {"deal": "1", "policy": "234", "booking": "245"}


def test_every_code_of_a_ledgers_own_lines_has_a_specimen() -> None:
    wanted = {code for code in CATALOGUE if code[1] in "12345"} - OURS
    assert wanted == {code_of(path) for path in SPECIMENS}


@pytest.mark.parametrize("room", ROOMS)
def test_a_room_says_codes_of_its_own_hundreds_only(room: str) -> None:
    """Each is written out where it is said, so that it can be searched for."""
    assert {code[1] for code in said_in(room)} <= set(ROOMS[room])
    assert said_in(room) <= set(CATALOGUE)


def test_no_code_of_the_catalogue_is_never_said() -> None:
    said = set().union(*map(said_in, ROOMS))
    assert said == {code for code in CATALOGUE if code[1] in "12345"}


def said_in(room: str) -> set[str]:
    """Return the codes written in the modules of a room."""
    folder = Path(__file__).parents[2] / "src" / "beanscrow" / room
    return {
        code
        for path in folder.rglob("*.py")
        for code in re.findall(r'"([EFN]\d{3})"', path.read_text())
    }
