"""What no file of the checkout says, and where its links lead."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.house.checkout import ROOT, texts

TEXTS = texts()
PAGES = sorted(path for path in TEXTS if path.endswith(".md"))

# With a letter in brackets, so that this file passes too.
HOSTS = [r"py[p]i\.org", r"python[h]osted\.org", r"npm[j]s\.org", r"deb\.[d]ebian"]
PLACES = [r"/[w]ork/", r"/[r]oot/", r"/[h]ome/\w", r"/[U]sers/\w", r"C:\\[U]sers"]
LEFTOVERS = [r"TO[D]O", r"FIX[M]E", r"\bX[X]X\b", r"<[<]{6}", r"break[p]oint\(\)"]
ELSEWHERE = [r"\.\./[s]hared", r"\b[i]ssue #?\d", r"\b[s]ub-?agents?"]


@pytest.mark.parametrize(
    ("wrong", "patterns"),
    [
        ("names the host of a registry", HOSTS),
        ("names a place on somebody's machine", PLACES),
        ("was left unfinished", LEFTOVERS),
        ("speaks of what does not come with the checkout", ELSEWHERE),
    ],
)
def test_no_file(wrong: str, patterns: list[str]) -> None:
    """A checkout stands by itself, on any machine."""
    assert wrong
    pattern = re.compile("|".join(patterns))
    found = [
        f"{path}:{number}: {line.strip()}"
        for path, text in TEXTS.items()
        for number, line in enumerate(text.splitlines(), 1)
        if pattern.search(line)
    ]
    assert found == []


def test_the_patterns_find_what_they_are_for() -> None:
    for patterns, specimen in [
        (HOSTS, f"--index-url https://{'py'}pi.org/simple"),
        (PLACES, f"see {'/home'}/ann/books"),
        (LEFTOVERS, f"# {'to'.upper()}DO: write this"),
        (ELSEWHERE, f"as asked for in {'issue'} 12"),
    ]:
        assert re.search("|".join(patterns), specimen)


def anchors(page: str) -> set[str]:
    """Return the anchors of a page's headings, as a forge makes them."""
    headings = re.findall(r"^#{1,6} +(.+?) *$", TEXTS[page], re.MULTILINE)
    plain = [re.sub(r"\[([^]]*)\]\([^)]*\)", r"\1", it).lower() for it in headings]
    return {re.sub(r"[^\w\- ]", "", it).replace(" ", "-") for it in plain}


def targets(page: str) -> list[str]:
    """Return where the links of a page lead, within the checkout."""
    prose = re.sub(r"```.*?```|`[^`\n]*`", "", TEXTS[page], flags=re.DOTALL)
    found = re.findall(r"\]\(([^)\s]+)(?:\s\"[^\"]*\")?\)", prose)
    return [target for target in found if not re.match(r"[a-z]+:", target)]


def resolved(page: str, target: str) -> tuple[Path, str]:
    """Return the file a link leads to, and the anchor in it."""
    place, _, anchor = target.partition("#")
    path = (ROOT / page).parent / place if place else ROOT / page
    return path.resolve(), anchor


@pytest.mark.parametrize("page", PAGES)
def test_links_of_a_page_lead_somewhere(page: str) -> None:
    lost: list[str] = []
    for target in targets(page):
        path, anchor = resolved(page, target)
        if not path.exists() or not path.is_relative_to(ROOT):
            lost.append(target)
        elif path.suffix == ".md" and anchor:
            known = anchors(str(path.relative_to(ROOT)))
            lost += [target] if anchor not in known else []
    assert lost == []


def test_every_page_of_docs_is_reached_from_the_index() -> None:
    reached: set[str] = set()
    waiting = ["docs/README.md"]
    while waiting:
        page = waiting.pop()
        reached.add(page)
        for target in targets(page):
            path, _ = resolved(page, target)
            if path.suffix == ".md" and path.is_relative_to(ROOT):
                found = str(path.relative_to(ROOT))
                if found in TEXTS and found not in reached:
                    waiting.append(found)
    assert {page for page in PAGES if page.startswith("docs/")} - reached == set()
