"""Finding a browser that is installed; none is ever downloaded."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

NAMES = (
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "microsoft-edge",
    "microsoft-edge-stable",
    "brave-browser",
)
APPLICATIONS = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
)


def installed_browser() -> str | None:
    """Return the program of a browser of Chromium's family, or None.

    BROWSER_PATH in the environment names one that stands elsewhere.
    """
    if named := os.environ.get("BROWSER_PATH"):
        return named
    for name in NAMES:
        if found := shutil.which(name):
            return found
    return next((path for path in APPLICATIONS if Path(path).exists()), None)
