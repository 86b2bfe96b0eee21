"""The documentation does what it says: every command in it is run."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from beanscrow.cli import main
from tests.house.checkout import ROOT
from tests.house.pages import Step, pages, steps

PROGRAMS = Path(sys.executable).parent
PATIENCE_SECONDS = 300
PAGES = pages()
STEPS = {page: steps(page) for page in PAGES}


def run(command: str, where: Path) -> subprocess.CompletedProcess[str]:
    """Run a line as a reader's shell would, nothing on its standard input."""
    paths = os.pathsep.join([str(PROGRAMS), os.environ["PATH"]])
    return subprocess.run(
        ["sh", "-c", command],
        cwd=where,
        env={**os.environ, "PATH": paths, "COLUMNS": "100"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=PATIENCE_SECONDS,
        check=False,
    )


@pytest.fixture(scope="session")
def new_books(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Books as `beanscrow init` writes them."""
    books = tmp_path_factory.mktemp("new") / "books"
    done = run(f"beanscrow init {shlex.quote(str(books))}", books.parent)
    assert done.returncode == 0, done.stdout
    return books


@pytest.mark.parametrize("page", [it for it in PAGES if STEPS[it]])
def test_a_page_can_be_followed(page: str, new_books: Path, tmp_path: Path) -> None:
    """Each page begins in a folder with new books of its own."""
    start = tmp_path / "books"
    shutil.copytree(new_books, start)
    here = start
    for step in STEPS[page]:
        if step.kind == "cd":
            here = here / step.text
            assert here.is_dir(), f"{step.place}: there is no folder {step.text}"
        elif step.kind in ("file", "append"):
            write(step, here)
        elif step.kind == "run":
            done = run(step.text, here)
            told = f"{step.place}: {step.text}\n{done.stdout}"
            assert done.returncode == step.exits, told


def write(step: Step, here: Path) -> None:
    target = here / step.path
    target.parent.mkdir(parents=True, exist_ok=True)
    with target.open("a" if step.kind == "append" else "w", encoding="utf-8") as file:
        file.write(step.text)


def leaves(
    command: click.Command = main, words: tuple[str, ...] = ("beanscrow",)
) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    """Yield every command that does something, with the words that call it."""
    if not isinstance(command, click.Group):
        yield words, command
        return
    context = click.Context(command)
    for name in command.list_commands(context):
        found = command.get_command(context, name)
        assert found is not None
        yield from leaves(found, (*words, name))


def complaints(typed: str) -> list[str]:
    """Return what a line names that no command knows."""
    words = shlex.split(re.split(r" [|>#&]", typed)[0])
    command: click.Command = main
    rest = words[1:]
    while isinstance(command, click.Group) and rest and not rest[0].startswith("-"):
        found = command.get_command(click.Context(command), rest[0])
        if found is None:
            return [f"no command {rest[0]}"]
        command, rest = found, rest[1:]
    known = {"-h", "--help"}
    for parameter in command.params:
        known |= {*parameter.opts, *parameter.secondary_opts}
    options = [word.split("=")[0] for word in rest if re.match(r"--?[a-z]", word)]
    return [f"no option {it}" for it in options if it not in known]


def test_what_is_only_looked_up_names_what_exists() -> None:
    waiting = [it for found in STEPS.values() for it in found if it.kind == "look-up"]
    wrong = {f"{it.place}: {it.text}": complaints(it.text) for it in waiting}
    assert {place: said for place, said in wrong.items() if said} == {}


def test_looking_up_finds_what_is_wrong() -> None:
    assert complaints("beanscrow report roll-forwards x") == ["no command roll-forwards"]
    assert complaints("beanscrow --verson") == ["no option --verson"]
    assert complaints("beanscrow --version") == []


def test_every_word_for_make_is_one_of_the_makefile() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    known = set(re.findall(r"^([a-z-]+):.*## ", makefile, re.MULTILINE))
    assert {"demo", "test", "lint", "bench"} <= known
    typed = {it.text for found in STEPS.values() for it in found if it.kind == "make"}
    assert typed <= known


def test_the_readme_has_commands_that_are_run() -> None:
    assert [it for it in STEPS.get("README.md", []) if it.kind == "run"]


def test_every_command_is_named_in_the_docs() -> None:
    text = "\n".join((ROOT / page).read_text(encoding="utf-8") for page in PAGES)
    commands = [" ".join(words) for words, _ in leaves()]
    assert len(commands) > 1
    assert [it for it in commands if not re.search(rf"\b{it}(?![\w-])", text)] == []


def test_help_of_every_command_ends_with_an_example() -> None:
    for words, command in leaves():
        typed = examples(command)
        assert any(line.startswith(" ".join(words)) for line in typed), words
        assert [said for line in typed for said in complaints(line)] == [], words


def examples(command: click.Command) -> list[str]:
    """Return the lines that help offers to be typed, at its end."""
    _, _, example = (command.help or "").partition("Example:")
    return [line.strip() for line in example.splitlines() if "beanscrow " in line]
