"""Take docs/screenshot-dashboard.png from the real page of the specimen books.

Run: python docs/make_screenshot.py [path of a Chromium]
"""

from __future__ import annotations

import os
import shutil
import sys
import threading
from pathlib import Path

from playwright.sync_api import sync_playwright

from beanscrow.dashboard.server import BookServer

DOCS = Path(__file__).parent
LEDGER = DOCS.parent / "ledger" / "provider.beancount"
DEAL = "minimax"
SIZE = {"width": 1280, "height": 1180}


def main() -> None:
    """Serve the specimen, open it, and keep what a reader sees."""
    program = sys.argv[1] if len(sys.argv) > 1 else shutil.which("chromium")
    server = BookServer([LEDGER])
    threading.Thread(target=server.serve, daemon=True).start()
    root = hasattr(os, "geteuid") and os.geteuid() == 0
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=program, args=["--no-sandbox"] if root else []
        )
        page = browser.new_page(viewport=SIZE, color_scheme="light")  # type: ignore[arg-type]
        page.goto(f"{server.addresses[0]}?deal={DEAL}")
        page.locator("svg.chart").wait_for()
        page.evaluate("document.fonts.ready")
        page.screenshot(path=DOCS / "screenshot-dashboard.png")
        browser.close()
    server.stop()


if __name__ == "__main__":
    main()
