"""Fixtures that any test may ask for.

A small test is a ledger: the docstring of the test is its text, and the fixture
`ledger` is what Beancount makes of it.

    def test_unused_credits_lapse(ledger: Ledger) -> None:
        '''
        plugin "beanscrow.plugins.deals"
        ...
        '''
        assert ledger.messages == []
"""

from __future__ import annotations

import os
import shutil

# Before the first import of Beancount, which looks once: a test never reads, and
# never leaves, a cached ledger.
os.environ["BEANCOUNT_DISABLE_LOAD_CACHE"] = "1"

import pytest
from hypothesis import HealthCheck, settings

from tests.support.browsers import installed_browser
from tests.support.ledgers import Ledger, load_text

# No deadline: how fast a machine is says nothing about the books.  Under CI the
# same examples every time, so that a red run means that something has changed.
settings.register_profile(
    "house",
    deadline=None,
    derandomize="CI" in os.environ,
    print_blob=True,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("house")


@pytest.fixture
def ledger(request: pytest.FixtureRequest) -> Ledger:
    """The ledger that the test's docstring is."""
    text = request.function.__doc__
    if not text:
        pytest.fail(f"{request.node.name} asks for a ledger and has no docstring")
    return load_text(text)


@pytest.fixture(scope="session")
def browser_program() -> str:
    """The program of an installed browser; where CI has none, the test fails."""
    found = installed_browser()
    if found is not None:
        return found
    message = (
        "no browser was found, so no page was looked at; install Debian's chromium or"
        " Chrome, or name one with BROWSER_PATH=/path/to/program"
    )
    if "CI" in os.environ:
        pytest.fail(message)
    pytest.skip(message)


@pytest.fixture(scope="session")
def hledger_program() -> str:
    """The installed `hledger` command; where CI has none, the test fails."""
    found = shutil.which("hledger")
    if found is not None:
        return found
    message = (
        "hledger was not found, so no other program has added the books up; install "
        "Debian's hledger"
    )
    if "CI" in os.environ:
        pytest.fail(message)
    pytest.skip(message)
