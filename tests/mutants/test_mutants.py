"""The command that spoils the engine: what it makes, what it counts, what it leaves."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.mutants.equivalents import LIST, Equivalent, read_list, written
from tests.mutants.rehearsal import reach_of
from tests.mutants.report import Result, rate, report
from tests.mutants.trial import folders_of

ROOT = Path(__file__).resolve().parents[2]
SLIP = 'def doubled(number: int) -> int:\n    """Twice it."""\n    return number * 2\n'


def result(status: str, module: str = "policy/lots.py", about: str = "") -> Result:
    return Result("a1", module, 7, "half", "swap op", "x < 1", "x <= 1", status, about)


def test_what_was_noticed_is_counted_without_equivalents() -> None:
    killed, missed = [result("killed")] * 8, [result("survived")]
    assert rate([*killed, result("timed out"), *missed]) == "90.0 %"
    assert rate([*killed, result("timed out"), *missed, result("equivalent")]) == "90.0 %"
    assert rate([result("killed")] * 2999 + missed) == "99.9 %"
    assert rate([result("equivalent")]) == "-"


def test_a_report_shows_each_mutant_that_was_not_killed() -> None:
    text = report(
        [
            result("killed"),
            result("survived", "booking/entry.py"),
            result("equivalent", about="Nothing is less than one."),
        ],
        ["One is left out."],
    )
    assert re.search(r"^booking +1 +0 +0 +1 +0 +0\.0 %$", text, re.MULTILINE)
    assert re.search(r"^policy +2 +1 +0 +0 +1 +100\.0 %$", text, re.MULTILINE)
    assert "src/beanscrow/booking/entry.py:7: half (swap op, a1)\n" in text
    assert "  - x < 1\n  + x <= 1\n  Nothing is less than one.\n" in text
    assert text.endswith("\nOne is left out.\n")
    assert text.count("(swap op") == 2


def test_the_list_of_equivalents_can_be_read() -> None:
    assert all(it.module.startswith(("policy/", "booking/")) for it in read_list())
    assert len({it[:3] for it in read_list()}) == len(read_list())
    assert LIST.read_text(encoding="utf-8").startswith("# ")


def test_an_entry_is_written_as_it_is_read(tmp_path: Path) -> None:
    path = tmp_path / "list.toml"
    for was in ("x < 1", "if x:\nreturn 'a'"):
        path.write_text(
            written("policy/lots.py", was, "x").replace("because = ''", "because = 'No.'")
        )
        assert read_list(path) == [Equivalent("policy/lots.py", was, "x", "No.")]


def test_an_entry_without_a_reason_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "list.toml"
    path.write_text(written("policy/lots.py", "x", "y"))
    with pytest.raises(ValueError, match="because"):
        read_list(path)
    twice = written("policy/lots.py", "x", "y").replace("because = ''", "because = 'No.'")
    path.write_text(twice * 2)
    with pytest.raises(ValueError, match="twice"):
        read_list(path)


def test_a_line_is_tried_by_the_tests_that_reach_it() -> None:
    tests = ["tests/laws/a.py::law", "tests/cases/b.py::case", "tests/cases/b.py::other"]
    lines = {
        "policy/lots.py": {"1": [0], "2": [1, 2], "3": [2], "4": [3]},
        "policy/rates.py": {"1": [0], "2": [1]},
        "policy/paragraphs.py": {"1": [0]},
    }
    seconds = dict.fromkeys(tests, 1.0)
    reach = reach_of([seconds, ["tests/cases/b.py::other"], lines])
    law, case, _ = tests
    assert list(reach.tests) == [case, law]
    assert list(reach.limits("policy/lots.py", 2, 2)) == [case, law]
    assert list(reach.limits("policy/lots.py", 3, 3)) == [case]
    assert list(reach.limits("policy/lots.py", 1, 1)) == [case, law]
    assert list(reach.limits("policy/rates.py", 1, 1)) == [law, case]
    assert list(reach.limits("policy/lots.py", 4, 9)) == []
    assert list(reach.limits("policy/paragraphs.py", 1, 1)) == [case, law]


def test_tests_are_collected_stage_by_stage() -> None:
    names = ["tests/laws/a.py::law", "tests/cases/b.py::x", "tests/cases/b.py::y"]
    assert folders_of(names) == [["tests/cases/b.py"], ["tests/laws/a.py"]]


# In a process of its own: to fork one with threads, as tests may have, is unsafe.
TRIAL = """
import sys
from pathlib import Path
from tests.mutants.run import outcome_of
from tests.mutants.trial import begin, compiled
sys.path.insert(0, "")
change = compiled("spoilt_module", Path("spoilt_module.py").resolve(), sys.argv[1])
print(*outcome_of(*begin(change, {sys.argv[2]: 1.0})))
"""


@pytest.mark.parametrize(
    ("body", "status"),
    [("number * 2", "survived"), ("number * 3", "killed"), ("_for_ever()", "timed out")],
)
def test_a_trial_tells_what_became_of_a_change(
    body: str, status: str, tmp_path: Path
) -> None:
    """The change is in memory only: what stands in the file passes."""
    cases = tmp_path / "tests" / "cases"
    cases.mkdir(parents=True)
    (tmp_path / "spoilt_module.py").write_text(SLIP)
    (cases / "test_it.py").write_text(
        "from spoilt_module import doubled\ndef test_it(): assert doubled(2) == 4\n"
    )
    (tmp_path / "pytest.ini").write_text("[pytest]\n")
    text = SLIP.replace("number * 2", body)
    text += "def _for_ever() -> int:\n    while True:\n        pass\n"
    name = "tests/cases/test_it.py::test_it"
    done = subprocess.run(
        [sys.executable, "-c", TRIAL, text, name],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout == f"{status} {'' if status == 'survived' else name}\n"
    assert (tmp_path / "spoilt_module.py").read_text() == SLIP


def test_slips_are_the_same_for_a_seed_and_stay_when_other_lines_change() -> None:
    pytest.importorskip("mutmut")
    from tests.mutants.making import sample, slips_of

    text = (ROOT / "src/beanscrow/policy/lots.py").read_text(encoding="utf-8")
    slips = slips_of("policy/lots.py", text)
    drawn = sample(slips, 10, seed=1)
    assert [it.key for it in drawn] == [it.key for it in sample(slips, 10, seed=1)]
    assert [it.key for it in drawn] != [it.key for it in sample(slips, 10, seed=2)]
    assert len({it.key for it in slips}) == len(slips)
    for mutant in drawn:
        assert mutant.code != text
        compile(mutant.code, "lots.py", "exec")
        assert mutant.was.splitlines()[0] in text
    longer = slips_of("policy/lots.py", f"{text}\n\ndef more() -> int:\n    return 1\n")
    assert {it.key for it in slips} < {it.key for it in longer}


def test_a_slip_is_made_at_its_place_and_types_are_left_alone() -> None:
    pytest.importorskip("mutmut")
    from tests.mutants.making import sample, slips_of

    text = (
        "Names = dict[str, int]\n"
        "@cache(maxsize=1)\n"
        "def at_least(number: int | None, least: int) -> bool:\n"
        "    return (\n        number is not None\n        and number >= least\n    )\n"
    )
    made = {
        (it.was, it.now): it for it in sample(slips_of("policy/x.py", text), 99, seed=1)
    }
    assert set(made) == {
        ("number is not None", "number is None"),
        (
            "number is not None\nand number >= least",
            "number is not None or number >= least",
        ),
        ("and number >= least", "and number > least"),
    }
    slip = made["and number >= least", "and number > least"]
    assert slip[:3] == ("policy/x.py", "at_least", "swap op")
    assert slip[4:7] == (4, 7, 6)


def test_the_command_leaves_the_checkout_as_it_was(tmp_path: Path) -> None:
    """One mutant that is not there: the copy is made, looked at, and taken away."""
    pytest.importorskip("mutmut")
    command = [sys.executable, "-m", "tests.mutants", "--only", "none", "--module", "lots"]
    environment = {**os.environ, "TMPDIR": str(tmp_path)}
    done = subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == "No mutant is so named.\n"
    assert list(tmp_path.iterdir()) == []
