"""The commands as a whole: what they import, what they say of themselves."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from beanscrow.cli import COMMANDS, main

HEAVY = ("duckdb", "fava", "flask", "ibis", "pandas", "pyarrow")


def test_the_summaries_are_the_commands_own_first_lines() -> None:
    context = click.Context(main)
    for name, entry in COMMANDS.items():
        command = main.get_command(context, name)
        assert command is not None
        assert command.help is not None
        assert command.help.strip().splitlines()[0] == entry.summary


@pytest.mark.parametrize(
    "words", [["--help"], ["--version"], ["report", "--help"], ["serve", "--help"]]
)
def test_asking_for_help_starts_neither_engine_nor_server(words: list[str]) -> None:
    program = (
        "import sys\n"
        "from beanscrow.cli import main\n"
        f"main({words!r}, standalone_mode=False)\n"
        f"found = sorted(set({HEAVY!r}) & set(sys.modules))\n"
        "sys.exit(f'imported: {found}' if found else 0)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


def test_an_unknown_command_exits_with_2() -> None:
    assert CliRunner().invoke(main, ["chek"]).exit_code == 2


def test_new_books_are_copied_whole_and_over_nothing(tmp_path: Path) -> None:
    books = tmp_path / "books"
    done = CliRunner().invoke(main, ["init", str(books)])
    assert (done.exit_code, done.stdout) == (0, f"{books / 'main.beancount'}\n")
    assert (books / "deals").is_dir()
    assert not list(books.rglob("__*"))
    (books / "mine.txt").write_text("mine")
    again = CliRunner().invoke(main, ["init", str(books)])
    assert again.exit_code == 2
    assert "E805" in again.stderr
    assert (books / "mine.txt").read_text() == "mine"


def test_new_books_are_sound(tmp_path: Path) -> None:
    CliRunner().invoke(main, ["init", str(tmp_path / "books")])
    done = CliRunner().invoke(
        main, ["report", "credits", str(tmp_path / "books" / "main.beancount")]
    )
    assert (done.exit_code, done.stderr) == (0, "")


def test_a_directory_that_cannot_be_made_is_told_in_words(tmp_path: Path) -> None:
    file = tmp_path / "main.beancount"
    file.write_text("")
    for words in (
        ["init", str(file / "x")],
        ["init", str(file / "x" / "y")],
        ["init", str(tmp_path / ("n" * 300))],
        ["init", "/proc/foo"],
        ["demo", "--once", "--dir", str(file / "x")],
    ):
        done = CliRunner().invoke(main, words, catch_exceptions=False)
        assert (done.exit_code, done.stdout) == (2, "")
        assert "E806 the directory " in done.stderr
        assert len(done.stderr.splitlines()) == 1


@pytest.mark.parametrize("port", ["99999", "-1"])
def test_a_port_is_one_of_65536(port: str, tmp_path: Path) -> None:
    (tmp_path / "a.beancount").write_text("")
    for words in (["serve", str(tmp_path / "a.beancount")], ["demo"]):
        done = CliRunner().invoke(main, [*words, "--port", port], catch_exceptions=False)
        assert done.exit_code == 2
        assert "0<=x<=65535" in done.stderr
