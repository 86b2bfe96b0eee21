"""The pages in a real browser, as a reader sees them."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.dashboard.serving import PROVIDER, Served, served
from tests.house.checkout import ROOT

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from playwright.sync_api import Browser, FloatRect, Page

    from beanscrow.dashboard.server import BookServer

pytestmark = pytest.mark.browser
PATIENCE = 30_000
READABLE = 4.5  # of text against its background, as WCAG 2 asks (AA)


@pytest.fixture(scope="module")
def server() -> Iterator[BookServer]:
    with served(PROVIDER) as running:
        yield running


@pytest.fixture(scope="module")
def browser(browser_program: str) -> Iterator[Browser]:
    from playwright.sync_api import sync_playwright

    root = hasattr(os, "geteuid") and os.geteuid() == 0
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(
            executable_path=browser_program, args=["--no-sandbox"] if root else []
        )
        yield running
        running.close()


class Look:
    """A page, and everything the browser complained of."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.complaints: list[str] = []
        page.set_default_timeout(PATIENCE)
        page.on("console", self._said)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("requestfailed", lambda it: self.complaints.append(f"failed: {it.url}"))

    def _said(self, message: Any) -> None:
        if message.type in ("error", "warning"):
            self.complaints.append(message.text)


@pytest.fixture
def look(browser: Browser) -> Iterator[Callable[..., Look]]:
    """Open a page, and complain at the end of what the browser complained of."""
    looks = []

    def opened(address: str, **context: Any) -> Look:
        page = browser.new_page(**{"viewport": {"width": 1400, "height": 1000}, **context})
        found = Look(page)
        looks.append(found)
        page.goto(address)
        return found

    yield opened
    complaints = [said for found in looks for said in found.complaints]
    errors = [
        text for found in looks for text in found.page.locator(".error").all_inner_texts()
    ]
    for found in looks:
        found.page.close()
    assert complaints == []
    assert errors == []


def figures(page: Page) -> dict[str, dict[str, str]]:
    """Return the figures of the table as they stand on the screen."""
    page.locator("#deals-table").wait_for()
    found: dict[str, dict[str, str]] = {}
    for row in page.locator("#deals-table tbody tr").all():
        cells = row.locator("[data-figure]").all()
        found[row.get_attribute("data-deal") or ""] = {
            cell.get_attribute("data-figure") or "": cell.inner_text()
            .split("\n")[0]
            .strip()
            for cell in cells
        }
    return found


def shapes(page: Page, kind: str) -> list[FloatRect]:
    """Return the boxes of what the chart draws."""
    page.locator("svg.chart").wait_for()
    return [
        box
        for shape in page.locator(f"svg.chart {kind}").all()
        if (box := shape.bounding_box()) and (box["height"] or box["width"])
    ]


def test_the_screen_shows_the_figures_of_the_page(
    server: BookServer, look: Callable[..., Look]
) -> None:
    shown = figures(look(server.addresses[0]).page)
    served_figures = Served(server).figures()
    served_figures.pop("")
    assert {
        deal: {name: text for name, text in found.items() if text}
        for deal, found in shown.items()
    } == served_figures


def test_the_chart_shows_what_was_left_and_what_is_ahead(
    server: BookServer, look: Callable[..., Look]
) -> None:
    page = look(f"{server.addresses[0]}?deal=zhipu").page
    frame = shapes(page, "path.area:not(.ahead)")
    assert len(frame) == 3
    assert all(box["width"] > 100 and box["height"] > 20 for box in frame)
    assert len(shapes(page, "path.edge:not(.ahead)")) == 3
    ahead = shapes(page, "path.area.ahead")
    as_of = shapes(page, "line.as-of")[0]
    assert max(box["x"] + box["width"] for box in ahead) > as_of["x"] + 100
    labels = page.locator("svg.chart text").all_text_contents()
    assert "as of 2024-12-31" in labels
    assert "T2 lapsed 2024-09-30: 249,999.67 on that day" in labels
    assert "T3 lapses 2025-06-30" in labels
    assert "2 m" in labels


def test_the_tables_fit_a_usual_screen(
    server: BookServer, look: Callable[..., Look]
) -> None:
    page = look(server.addresses[0], viewport={"width": 1280, "height": 800}).page
    page.locator("svg.chart").wait_for()
    for table in page.locator(".deals .scroll").all():
        assert table.evaluate("it => it.scrollWidth - it.clientWidth") == 0


def test_pointing_at_the_chart_says_what_was_left_that_day(
    server: BookServer, look: Callable[..., Look]
) -> None:
    page = look(f"{server.addresses[0]}?deal=zhipu").page
    plot = page.locator("svg.chart")
    plot.wait_for()
    box = plot.bounding_box()
    assert box is not None
    plot.hover(position={"x": box["width"] - 100, "y": 150})
    tip = page.locator(".deals-tip")
    assert "if nothing more is drawn" in tip.inner_text()
    assert "50,000.00" in tip.inner_text()
    at = tip.bounding_box()
    assert at is not None
    assert box["y"] < at["y"] < box["y"] + box["height"] / 2
    plot.hover(position={"x": 70, "y": 150})
    assert "1,000,000.00" in tip.inner_text()


def test_a_deal_is_chosen_by_a_click_and_the_filter_stays(
    server: BookServer, look: Callable[..., Look]
) -> None:
    page = look(f"{server.addresses[0]}?time=2024-07").page
    page.locator("#deals-table a", has_text="Zhipu").click()
    page.locator('#deals-chosen[data-deal="zhipu"]').wait_for()
    assert "deal=zhipu" in page.url
    assert "time=2024-07" in page.url
    page.locator("svg.chart").wait_for()
    assert "as of 2024-07-31" in page.locator("svg.chart text").all_text_contents()


def test_the_filters_typed_into_fava_change_the_figures(
    server: BookServer, look: Callable[..., Look]
) -> None:
    page = look(server.addresses[0]).page
    before = figures(page)
    page.get_by_placeholder("Time").fill("2024-03")
    page.keyboard.press("Enter")
    page.get_by_text("2024-03-31").first.wait_for()
    assert figures(page)["moon"]["liability"] == "8,400,000.00"
    assert before["moon"]["liability"] == "3,599,599.40"
    assert "free" not in figures(page)


def test_a_figure_leads_to_its_account(
    server: BookServer, look: Callable[..., Look]
) -> None:
    page = look(server.addresses[0]).page
    page.locator('tr[data-deal="moon"] [data-figure="liability"] a').click()
    page.wait_for_url(re.compile("/account/Liabilities:Contract:Credits:Moon:T1/"))
    page.get_by_text("3,599,599.40").first.wait_for()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_words_can_be_read_in_light_and_in_the_dark(
    server: BookServer, look: Callable[..., Look], scheme: str
) -> None:
    page = look(f"{server.addresses[0]}?deal=zhipu", color_scheme=scheme).page
    page.locator("svg.chart").wait_for()
    found = page.evaluate(CONTRASTS)
    assert len(found) > 50
    assert [it for it in found if it["contrast"] < READABLE] == []
    background = page.evaluate("getComputedStyle(document.body).backgroundColor")
    light = sum(map(int, re.findall(r"\d+", background)[:3])) > 3 * 128
    assert light == (scheme == "light")


CONTRASTS = """() => {
  const rgb = (colour) => (colour.match(/[\\d.]+/g) ?? []).map(Number);
  const luminance = ([r, g, b]) => {
    const [x, y, z] = [r, g, b].map((value) => {
      const part = value / 255;
      return part <= 0.03928 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * x + 0.7152 * y + 0.0722 * z;
  };
  const behind = (element) => {
    for (let it = element; it; it = it.parentElement) {
      const colour = rgb(getComputedStyle(it).backgroundColor);
      if (colour.length === 3 || colour[3] > 0) return colour;
    }
    return [255, 255, 255];
  };
  const found = [];
  for (const element of document.querySelectorAll(".deals *")) {
    const own = [...element.childNodes].some(
      (node) => node.nodeType === Node.TEXT_NODE && node.textContent.trim(),
    );
    if (!own || ["SCRIPT", "STYLE"].includes(element.tagName)) continue;
    const style = getComputedStyle(element);
    const words = luminance(rgb(element instanceof SVGElement ? style.fill : style.color));
    const ground = luminance(behind(element));
    const [high, low] = words > ground ? [words, ground] : [ground, words];
    found.push({
      text: element.textContent.trim().slice(0, 40),
      contrast: (high + 0.05) / (low + 0.05),
    });
  }
  return found;
}"""


@pytest.mark.parametrize(
    ("report", "sight"),
    [
        ("income_statement", "Compute"),
        ("balance_sheet", "Contract"),
        ("trial_balance", "Escrow"),
        ("journal", "Moonshot AI"),
        ("holdings", "MOON.A"),
        ("commodities", ""),
        ("documents", ""),
        ("events", ""),
        ("import", ""),
        ("query", ""),
        ("statistics", "Transaction"),
        ("options", "render_commas"),
        ("editor", "beanscrow.plugins.deals"),
        ("help", "Welcome"),
    ],
)
def test_the_pages_of_fava_are_clean(
    server: BookServer, look: Callable[..., Look], report: str, sight: str
) -> None:
    base = server.addresses[0].removesuffix("extension/Deals/")
    page = look(f"{base}{report}/").page
    page.locator("aside").wait_for()
    page.wait_for_load_state("networkidle")
    if sight:
        page.locator("article").get_by_text(sight).first.wait_for()
    assert page.locator("aside .error").count() == 0


def test_the_specimen_books_are_clean(look: Callable[..., Look]) -> None:
    names = ("provider", "startup", "sunbird")
    with served(*(ROOT / "ledger" / f"{name}.beancount" for name in names)) as running:
        for address in running.addresses:
            page = look(address).page
            assert all(found["granted"] for found in figures(page).values())
            assert shapes(page, "path.area:not(.ahead)")
            for report in ("income_statement", "balance_sheet", "trial_balance", "journal"):
                page.locator(f'aside a[href*="/{report}/"]').first.click()
                page.wait_for_url(re.compile(report))
                page.locator("article").get_by_text(
                    re.compile("Equity|Income")
                ).first.wait_for()
            assert page.locator("aside .error").count() == 0


def test_a_torn_reload_shows_a_banner_and_the_books_as_they_were(
    look: Callable[..., Look], tmp_path: Path
) -> None:
    ledger = tmp_path / "books.beancount"
    text = PROVIDER.read_text()
    ledger.write_text(text)
    with served(ledger) as running:
        page = look(running.addresses[0]).page
        before = figures(page)
        ledger.write_text(text[:-40])
        banner = page.locator("#beanscrow-banner")
        page.reload()
        banner.wait_for()
        assert "Shown as they were before" in banner.inner_text()
        assert figures(page) == before
        ledger.write_text(text)
        page.reload()
        page.locator("#deals-table").wait_for()
        banner.wait_for(state="detached")
