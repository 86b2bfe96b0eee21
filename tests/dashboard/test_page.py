"""The deals page as it is served, read without a browser."""

from __future__ import annotations

import json
import re
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from beanscrow.booking.daybook import daybook_of
from beanscrow.dashboard import fava_adapter
from beanscrow.reports.credits import credits_standing
from beanscrow.reports.stakes import stakes_standing
from tests.cases.harness import generated
from tests.dashboard.serving import PROVIDER, Served, served
from tests.house.checkout import ROOT
from tests.support.ledgers import load_path
from tests.support.postings import cost_of, units_of

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(scope="module")
def books() -> Iterator[Served]:
    with served(PROVIDER) as server:
        yield Served(server)


def number(text: str) -> Decimal:
    return Decimal(text.replace(",", ""))


def test_the_table_says_what_the_reports_say(books: Served) -> None:
    daybook = daybook_of(load_path(PROVIDER).options)
    assert daybook is not None
    shown = books.figures()
    assert set(shown) == {"moon", "zhipu", "free", ""}
    for deal in ("moon", "zhipu", "free"):
        rows = [row for row in credits_standing(daybook) if row.deal == deal]
        written = {name: number(text) for name, text in shown[deal].items()}
        assert written["granted"] == sum(row.granted for row in rows)
        assert written["drawn"] == sum(row.drawn for row in rows)
        assert written["lapsed"] == sum(row.expired + row.forfeited for row in rows)
        assert written["left"] == sum(row.left for row in rows)
        assert written["liability"] == sum(row.liability for row in rows)
        stakes = [row for row in stakes_standing(daybook) if row.deal == deal]
        assert ("carrying" in written) == bool(stakes)
        assert written.get("carrying", 0) == sum(row.carrying for row in stakes)
    assert shown[""] == {"carrying": "10,000,000.00", "liability": "3,632,099.40"}


def test_figures_are_written_as_the_ledger_writes_numbers(books: Served) -> None:
    assert books.figures()["moon"] == {
        "units": "400,000",
        "carrying": "8,400,000.00",
        "granted": "12,000,000.00",
        "drawn": "7,500,500.75",
        "lapsed": "0.00",
        "left": "4,499,499.25",
        "liability": "3,599,599.40",
    }


def test_the_time_filter_says_as_of_when(books: Served) -> None:
    """March: 9,600,000.00 less 1,200,000.00 for the first of eight parts drawn."""
    shown = books.figures("?time=2024-03")
    assert set(shown) == {"moon", "zhipu", ""}
    assert shown["moon"]["drawn"] == "1,500,000.00"
    assert shown["moon"]["liability"] == "8,400,000.00"
    assert shown["moon"]["carrying"] == "9,600,000.00"
    assert "as of <b>2024-03-31</b>" in books.page("?time=2024-03")


def test_a_time_filter_beyond_the_books_shows_them_as_far_as_they_reach(
    books: Served,
) -> None:
    assert books.figures("?time=2030") == books.figures()
    assert "as of <b>2024-12-31</b>" in books.page("?time=2030")


def test_a_time_filter_before_the_first_deal_shows_none(books: Served) -> None:
    assert "No deal is left by the filters" in books.page("?time=2020")


def test_the_account_filter_says_which_deals(books: Served) -> None:
    shown = books.figures("?account=Liabilities:Contract:Credits:Zhipu")
    assert set(shown) == {"zhipu"}
    assert shown["zhipu"] == books.figures()["zhipu"]


def test_the_entry_filter_says_which_deals(books: Served) -> None:
    assert set(books.figures("?filter=%5Edeal-free")) == {"free"}
    assert set(books.figures("?filter=deal:moon")) == {"moon"}


def test_a_deal_is_chosen_by_its_address_and_filters_are_kept(books: Served) -> None:
    page = books.page("?time=2024&deal=free")
    assert 'id="deals-chosen" data-deal="free"' in page
    assert re.search(r'href="[^"]*/extension/Deals/\?[^"]*deal=moon[^"]*"', page)
    assert all(
        "time=2024" in address
        for address in re.findall(r'href="(/[^"]*(?:deal=|/account/)[^"]*)"', page)
    )
    assert 'data-deal="moon"' in books.page("?deal=nobody")


def chart(page: str) -> Any:
    found = re.search(
        r'<figure class="deals-chart".*?json">(.*?)</script>', page, re.DOTALL
    )
    assert found is not None
    return json.loads(found[1])


def test_the_chart_is_of_the_chosen_deal_and_of_the_days_asked_for(books: Served) -> None:
    data = chart(books.page("?deal=zhipu&time=2024-04+-+2024-10"))
    assert (data["start"], data["asOf"]) == ("2024-04-01", "2024-10-31")
    lines = {line["tranche"]: line for line in data["lines"]}
    assert set(lines) == {"T1", "T2", "T3"}
    assert lines["T1"]["labels"][0] == "1,000,000.00"
    assert lines["T2"]["left"][-1] == 0
    assert lines["T3"]["labels"][-1] == "200,000.00"
    assert [(it["tranche"], it["booked"]) for it in data["lapses"]] == [
        ("T2", True),
        ("T3", False),
    ]
    assert data["totals"][-1] == "200,000.00"


def test_what_the_ledger_says_is_text_and_never_markup(books: Served) -> None:
    page = books.page("?deal=zhipu")
    assert "<b>Sons</b>" not in page
    assert "Zhipu &amp; &lt;b&gt;Sons&lt;/b&gt;" in page


@pytest.mark.parametrize("query", ["?time=nonsense", "?filter=%28", "?filter=any("])
def test_a_filter_that_cannot_be_read_is_said_so(books: Served, query: str) -> None:
    page = books.page(query)
    assert "deals-box wrong" in page
    assert "filter: " in page


def test_a_mistake_of_ours_is_a_box_and_no_page_of_its_own(
    books: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(_self: object) -> None:
        raise RuntimeError("<i>broken</i>")

    monkeypatch.setattr(fava_adapter.Books, "filters", broken)
    page = books.page()
    assert "deals-box wrong" in page
    assert "RuntimeError: &lt;i&gt;broken&lt;/i&gt;" in page


def test_a_ledger_without_deals_says_what_it_wants(tmp_path: Path) -> None:
    ledger = tmp_path / "plain.beancount"
    ledger.write_text('option "title" "Plain"\n2024-01-01 open Assets:Cash\n')
    with served(ledger) as server:
        page = Served(server).page()
    assert "No deal plugin ran on this ledger" in page
    assert "beanscrow.plugins.deals" in page


def test_incognito_hides_every_figure() -> None:
    with served(PROVIDER, incognito=True) as server:
        books = Served(server)
        shown, page = books.figures(), books.page("?deal=zhipu")
    for figures in shown.values():
        assert not re.search(r"\d", "".join(figures.values()))
    data = chart(page)
    assert data["hide"]
    assert not re.search(r"\d", "".join(data["totals"]))
    assert max(map(sum, zip(*(line["left"] for line in data["lines"]), strict=True))) == 1
    text = re.sub(r"<style>.*?</style>|<script.*?</script>|<[^>]+>", " ", page, flags=re.S)
    assert "1,000,000" not in text
    assert not re.findall(r"\b\d+[.,]\d", text)


@pytest.mark.parametrize(
    "path",
    [
        "api/income_statement",
        "api/balance_sheet",
        "api/trial_balance",
        "api/journal_page?page=1&order=desc",
        "api/ledger_data",
        "api/errors",
        "extension_js_module/Deals.js",
        "extension/Deals/state",
        "api/query?query_string=SELECT+account",
        "api/query?query_string=run+balances",
    ],
)
def test_fava_is_as_it_was_behind_the_guard(books: Served, path: str) -> None:
    assert books.get(path).status_code == 200


def test_there_are_no_errors(books: Served) -> None:
    answer = books.get("api/errors").json
    assert answer is not None
    assert answer["data"] == []


def test_a_stored_query_is_answered_only_if_it_reads(books: Served) -> None:
    answer = books.get("api/query?query_string=run+tables")
    assert answer.status_code == 500
    assert "SELECT" in answer.text


def test_the_books_cannot_be_written(books: Served) -> None:
    slug = books.server.addresses[0].split("/")[3]
    answer = books.client.put(f"/{slug}/api/source", base_url=books.server.origin, json={})
    assert answer.status_code == 405


def test_a_torn_reload_is_said_on_the_page_and_among_the_errors(tmp_path: Path) -> None:
    ledger = tmp_path / "books.beancount"
    text = PROVIDER.read_text()
    ledger.write_text(text)
    with served(ledger) as server:
        books = Served(server)
        before = books.figures()
        assert books.get("extension/Deals/state").json == {"stale": ""}
        ledger.write_text(text[:-40])
        assert books.figures() == before
        state = books.get("extension/Deals/state").json
        errors = books.get("api/errors").json
        assert state is not None
        assert errors is not None
        assert state["stale"].startswith("Shown as they were before ")
        assert [error["message"] for error in errors["data"]] == [state["stale"]]
        ledger.write_text(text)
        assert books.figures() == before
        assert books.get("extension/Deals/state").json == {"stale": ""}


def test_a_listed_extension_is_not_added_again(tmp_path: Path) -> None:
    ledger = tmp_path / "books.beancount"
    line = '2024-01-01 custom "fava-extension" "beanscrow.dashboard"\n'
    ledger.write_text(PROVIDER.read_text() + line)
    with served(ledger) as server:
        answer = Served(server).get("api/ledger_data").json
    assert answer is not None
    assert [it["name"] for it in answer["data"]["extensions"]] == ["Deals"]
    assert answer["data"]["errors"] == []


@pytest.mark.parametrize(
    ("variant", "liability", "account"),
    [
        ("V1", "0.00", ""),
        ("V2", "-11666666.67", "Assets:Contract:UpfrontCustomerConsideration:Moon"),
        ("V3", "5833333.33", "Liabilities:Contract:Credits:Moon:C1"),
    ],
)
def test_what_a_promise_carries_stands_with_the_contract_liability(
    variant: str, liability: str, account: str
) -> None:
    """100m for shares worth 88m and 106m, 1,666,666.67 of 60m bought (G05)."""
    cases = Path(__file__).parents[1] / "cases/deals/G05"
    with served(cases / f"provider-{variant}.beancount") as server:
        page = Served(server)
        assert page.figures()["moon"]["liability"] == liability
        assert account in page.page()


LEDGERS = Path(__file__).parents[2] / "ledger"


def test_a_deal_without_credits_shows_none_of_their_columns() -> None:
    """Of 2025-10-05, though nothing is booked before the first chips of 2026-07-31."""
    with served(LEDGERS / "amd.beancount") as server:
        text = Served(server).page()
    assert "since 2025-10-05" in text
    for word in ("none ahead", "Contract liability", "Next expiry", 'data-figure="left"'):
        assert word not in text


def test_a_promise_to_spend_says_what_is_left_of_it() -> None:
    """1,666,666.67 of 60m are bought: 58,333,333.33 are left (G05)."""
    cases = Path(__file__).parents[1] / "cases/deals/G05"
    with served(cases / "provider-V2.beancount") as server:
        text = Served(server).page()
    assert "Promise to spend" in text
    assert "<b>58333333.33</b> USD left" in text
    assert "of 60000000.00, until " in text


def test_what_late_rows_drew_since_stands_between_chart_and_table() -> None:
    """8,087,523.75 lapsed on the day, 240,000.00 of them were drawn by a late row."""
    with served(LEDGERS / "provider.beancount") as server:
        text = Served(server).page("?deal=minimax")
    assert "7,847,523.75" in text
    assert "8,087,523.75" in text
    assert "8,087,523.75 that day,<br>240,000.00 drawn late" in text


def test_parts_of_a_share_are_not_rounded_away(tmp_path: Path) -> None:
    """600 shares of 3,600 credits are earned by 1,000 drawn: 166.666667."""
    ledger = tmp_path / "startup.beancount"
    ledger.write_text(
        'plugin "beanscrow.plugins.deals"\n'
        '2026-01-01 custom "books" "startup"\n  framework: "us-gaap"\n  currency: "USD"\n'
        "  open-accounts: TRUE\n"
        '2026-01-01 custom "deal" "red" "Red"\n  provider: "Cloud"\n  escrow-owner: "none"\n'
        '2026-01-01 custom "deal-stake" "red" 600 RED.A\n  fair-value: 6.00 USD\n'
        '  fair-value-source: "valuation"\n  vesting: "as-drawn"\n'
        '2026-01-01 custom "deal-grant" "red" 3600 RED.CR\n  tranche: "T1"\n'
        '2026-01-31 custom "deal-usage" "red" 1000 RED.CR\n'
    )
    with served(ledger) as server:
        assert Served(server).figures()["red"]["units"].startswith("166.666667")


def test_no_filter_is_blamed_where_none_is_set(tmp_path: Path) -> None:
    ledger = tmp_path / "books.beancount"
    ledger.write_text(
        'plugin "beanscrow.plugins.deals"\n'
        '2026-01-01 custom "books" "provider"\n  framework: "us-gaap"\n  currency: "USD"\n'
        '2026-01-01 custom "deal" "red" "Red"\n  provider: "Cloud"\n  escrow-owner: "none"\n'
    )
    with served(ledger) as server:
        text = Served(server).page()
        filtered = Served(server).page("?time=1999")
    assert "No deal is booked by 2026-01-01, the day these books have reached" in text
    assert "No deal is left by the filters" in filtered


BALANCE = re.compile(r'<table id="deals-balance">(.*?)</table>', re.DOTALL)


def balance_in(text: str) -> list[list[str]]:
    """Return the rows of the trial balance: account, debit, credit, as written."""
    found = BALANCE.search(text)
    assert found is not None
    rows = re.findall(r"<tr>(.*?)</tr>", found[1], re.DOTALL)[1:]
    cell = re.compile(r"<t[hd][^>]*>(.*?)</t[hd]>", re.DOTALL)
    return [[re.sub("<[^>]*>", "", it).strip() for it in cell.findall(row)] for row in rows]


def test_the_trial_balance_is_what_the_entries_of_the_deal_leave(books: Served) -> None:
    ledger = load_path(PROVIDER)
    left: dict[str, Decimal] = {}
    for entry in generated(ledger.entries):
        for posting in entry.postings if entry.meta["deal"] == "moon" else ():
            (amount, commodity), cost = units_of(posting), cost_of(posting)
            if cost is not None:
                amount, commodity = amount * cost.number, cost.currency
            if commodity == "USD":
                left[posting.account] = left.get(posting.account, Decimal(0)) + amount
    *rows, total = balance_in(books.page("?deal=moon"))
    written = {
        account: number(debit or "0") - number(credit or "0")
        for account, debit, credit in rows
    }
    assert written == {account: amount for account, amount in left.items() if amount}
    assert total[0] == "Total"
    assert total[1] == total[2] == f"{sum(it for it in left.values() if it > 0):,.2f}"


def test_a_deal_of_warrants_has_its_accounts_on_the_page() -> None:
    with served(ROOT / "ledger" / "amd.beancount") as server:
        rows = balance_in(Served(server).page())
    assert ["Equity:APIC:CustomerWarrants:OpenAI", "", "1,200,000,000.00"] in rows
    assert rows[-1] == ["Total", "8,700,000,000.00", "8,700,000,000.00"]


def test_the_trial_balance_is_of_the_day_of_the_filter(books: Served) -> None:
    rows = balance_in(books.page("?deal=moon&time=2024-03-01"))
    assert not any(row[0].startswith("Income:") for row in rows)
