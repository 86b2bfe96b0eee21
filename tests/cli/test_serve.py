"""beanscrow serve and demo: as a reader starts them, in a process of their own."""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from beanscrow.cli import main
from tests.dashboard.serving import PROVIDER

PATIENCE = 120
BEANSCROW = [sys.executable, "-m", "beanscrow.cli"]


def fetch(address: str, **headers: str) -> tuple[int, str]:
    request = urllib.request.Request(address, headers=headers)
    try:
        with urllib.request.urlopen(request, timeout=PATIENCE) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as refused:
        with refused:
            return refused.code, refused.read().decode()


def heed_interrupts() -> None:
    """Be interrupted even where the tests were started so that they are not (`nohup`)."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


@pytest.fixture
def served() -> Iterator[subprocess.Popen[str]]:
    """Serve the specimen in a process of its own, which ends with the test."""
    with subprocess.Popen(
        [*BEANSCROW, "serve", str(PROVIDER), "--port", "0"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=heed_interrupts,
    ) as process:
        yield process
        process.kill()


def test_books_are_shown_until_interrupted(served: subprocess.Popen[str]) -> None:
    assert served.stdout is not None
    address = served.stdout.readline().strip()
    assert address.endswith("/provider/extension/Deals/")
    status, page = fetch(address)
    assert (status, 'id="deals-table"' in page) == (200, True)
    assert fetch(address, Host="books.example")[0] == 421
    assert fetch(address, Origin="http://books.example")[0] == 403
    served.send_signal(signal.SIGINT)
    _, said = served.communicate(timeout=PATIENCE)
    assert served.returncode == 0
    assert "Traceback" not in said


def test_a_port_that_is_taken_is_said_in_one_line() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        done = CliRunner().invoke(main, ["serve", str(PROVIDER), "--port", port])
    assert done.exit_code == 2
    assert "E804" in done.stderr
    assert done.stderr.count("\n") == 1


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.1", "books.example"])
def test_other_machines_are_answered_only_behind_a_proxy(host: str) -> None:
    done = CliRunner().invoke(main, ["serve", str(PROVIDER), "--host", host])
    assert done.exit_code == 2
    assert "E803" in done.stderr


def test_the_demo_shows_every_specimen_once(tmp_path: Path) -> None:
    done = subprocess.run(
        [*BEANSCROW, "demo", "--once", "--port", "0", "--dir", str(tmp_path / "books")],
        capture_output=True,
        text=True,
        timeout=2 * PATIENCE,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.count("/extension/Deals/") == 3
    assert list((tmp_path / "books" / "usage").glob("sunbird-*.beancount"))


def test_the_demo_overwrites_nothing(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine")
    done = CliRunner().invoke(main, ["demo", "--once", "--dir", str(tmp_path)])
    assert done.exit_code == 2
    assert "E805" in done.stderr
