"""What is relied on of Fava, so that a new one is tried here first."""

from __future__ import annotations

from pathlib import Path

import fava.core
import pytest
from fava.context import g
from fava.core import FavaLedger

from beanscrow.booking.daybook import daybook_of
from beanscrow.dashboard import Deals
from beanscrow.dashboard.fava_adapter import GivenLedger, books_of, make_app, slugs
from beanscrow.dashboard.kept import Kept
from tests.dashboard.serving import PROVIDER

ROOT = Path(__file__).parents[2]


def test_only_the_adapter_imports_fava() -> None:
    importing = {
        path.name
        for path in (ROOT / "src" / "beanscrow").rglob("*.py")
        if any(
            line.startswith(("import fava", "from fava", "from flask", "import flask"))
            for line in path.read_text(encoding="utf-8").splitlines()
        )
    }
    assert importing == {"fava_adapter.py"}


def test_nothing_on_the_page_is_marked_as_safe() -> None:
    template = ROOT / "src/beanscrow/dashboard/templates/Deals.html"
    text = template.read_text(encoding="utf-8")
    assert "|safe" not in text.replace(" ", "")
    assert "Markup" not in text
    assert "autoescape" not in text
    assert " on" + "click" not in text


def test_stock_fava_shows_the_page_of_a_ledger_that_lists_it(tmp_path: Path) -> None:
    ledger = tmp_path / "books.beancount"
    line = '2024-01-01 custom "fava-extension" "beanscrow.dashboard"\n'
    ledger.write_text(PROVIDER.read_text() + line)
    from fava.application import create_app

    app = create_app([str(ledger)], load=True)
    answer = app.test_client().get("/provider/extension/Deals/")
    assert answer.status_code == 200
    assert 'id="deals-table"' in answer.text


IDLE = """option "title" "idle"
plugin "beanscrow.plugins.deals"
2024-01-01 custom "books" "provider"
  framework: "us-gaap"
  currency: "USD"
  open-accounts: TRUE
  through: 2025-12-31
2024-01-01 custom "deal" "moon" "Moonshot AI"
  provider: "Cloud"
  escrow-owner: "none"
2024-01-01 custom "deal-stake" "moon" 10 MOON.A
  fair-value: 10.00 USD
  fair-value-source: "valuation"
2024-01-01 custom "deal-grant" "moon" 100 MOON.CR
2024-06-30 custom "deal-usage" "moon" DRAWN MOON.CR
2024-01-01 custom "fava-extension" "beanscrow.dashboard"
"""


@pytest.mark.parametrize(
    ("drawn", "told"), [("40", "nothing drawn"), ("100", "nothing left")]
)
def test_a_deal_without_a_pace_says_why(drawn: str, told: str, tmp_path: Path) -> None:
    from fava.application import create_app

    ledger = tmp_path / "idle.beancount"
    ledger.write_text(IDLE.replace("DRAWN", drawn), encoding="utf-8")
    page = create_app([str(ledger)], load=True).test_client()
    text = page.get("/idle/extension/Deals/?deal=moon").text
    assert [it for it in ("nothing drawn", "nothing left") if it in text] == [told]


def test_what_the_reader_refuses_of_a_deal_is_on_its_page(tmp_path: Path) -> None:
    from fava.application import create_app

    ledger = tmp_path / "idle.beancount"
    lines = '2024-07-01 custom "deal-usage" "moon" "much"\n' + (
        '2024-07-02 custom "deal-usage" "moon" 900 MOON.CR\n'
    )
    ledger.write_text(IDLE.replace("DRAWN", "40") + lines, encoding="utf-8")
    page = create_app([str(ledger)], load=True).test_client()
    text = " ".join(page.get("/idle/extension/Deals/?deal=moon").text.split())
    assert "2 lines of this deal were refused and are not booked" in text
    assert "E104 deal-usage: quantity is the text &#34;much&#34;" in text


def test_the_options_map_reaches_the_page() -> None:
    ledger = FavaLedger(str(PROVIDER), poll_watcher=True)
    assert daybook_of(books_of(ledger).options) is not None
    assert books_of(ledger).stale == ""


def test_fava_loads_by_itself_again_once_a_given_ledger_is_made() -> None:
    loads = fava.core.load_uncached  # type: ignore[attr-defined]
    GivenLedger(Kept(str(PROVIDER)), [Deals])
    assert fava.core.load_uncached is loads  # type: ignore[attr-defined]


def test_two_ledgers_have_an_address_each_and_share_nothing(tmp_path: Path) -> None:
    other = tmp_path / "other.beancount"
    other.write_text('option "title" "Other"\n2024-01-01 open Assets:Cash\n')
    paths = [str(PROVIDER), str(other)]
    app = make_app([GivenLedger(Kept(path), [Deals]) for path in paths])
    assert slugs(app) == {paths[0]: "provider", paths[1]: "other"}
    client = app.test_client()
    assert "moon" in client.get("/provider/extension/Deals/").text
    assert "No deal plugin ran" in client.get("/other/extension/Deals/").text


@pytest.mark.parametrize(
    ("account", "found"),
    [
        ("Liabilities:Contract:Credits:Moon:T1", True),
        ("Liabilities:Contract", True),
        ("Liabilities:Contract:Credits:Nobody", False),
        ("Liabilities:Contr", False),
    ],
)
def test_an_account_has_an_address_where_something_is_posted(
    account: str, found: bool
) -> None:
    ledger = GivenLedger(Kept(str(PROVIDER)), [Deals])
    app = make_app([ledger])
    with app.test_request_context("/provider/journal/?time=2024"):
        g.beancount_file_slug = "provider"
        address = books_of(ledger).account_address(account)
    assert bool(address) == found
    assert not found or address.endswith(f"/account/{account}/?time=2024")
