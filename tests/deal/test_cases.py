"""Every golden case of the language is read without an error, by both sides.

tests/deal/cases holds the directives; a line "; name" begins a section, and a variant
is a choice of sections.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.deal.reading import reading, told

CASES = Path(__file__).parent / "cases"

VARIANTS = {
    "G01": [["deal", "startup"]],
    "G02": [["deal"], ["deal", "provider, variant fifo"]],
    "G03": [["deal", "provider", "startup"]],
    "G04": [["deal", "startup"], ["deal", "provider", "startup"]],
    "G05": [["deal", "V1", "startup"]],
    "G06": [
        ["deal", "a"],
        ["deal", "b instead"],
        ["deal", "c: provider", "c-extension"],
        ["deal", "c: provider", "c-estimate"],
    ],
    "G07": [["deal", "provider: cash", "provider, native"]],
    "G08": [["deal", "provider"]],
    "G09": [["deal", "provider", "chip-vendor", "breakage-vs-prepaid"]],
    "G10": [
        ["deal: G06", "provider, all"],
        ["provider, all", "ii: deal", "ii: provider"],
        ["provider, all", "iii: deal"],
    ],
    "G11": [["deal", "startup"]],
    "G12": [["deal"]],
    "G13": [["deal", "provider"]],
    "G14": [["deal", "startup"]],
    "G15": [["provider"]],
    "G16": [["deal", "provider"]],
    "forms": [["all"]],
}
OTHER = {"provider": "startup", "startup": "provider"}
# What a case takes up from another, or from the section before it.
BEFORE = {"G10": ("G06", ["deal"]), "forms": ("G01", ["deal"])}
FORMS_SPEAK_OF = """
2024-03-01 custom "deal-warrant" "moon" 1000 AMD.W
  fair-value: 1.00 USD
  vests-on: 1000000.00 USD
2024-03-31 custom "deal-usage" "moon" 100.00 MOON.CR
  import-id: "ali-2024-03-Compute"
"""


def sections(case: str, names: list[str]) -> str:
    """Return the sections of a case whose headings begin with the names."""
    text = (CASES / f"{case}.beancount").read_text()
    if not text.startswith("; "):
        text = "; all\n" + text
    parts = re.split(r"^; ", text, flags=re.M)
    found = []
    for name in names:
        match = [part for part in parts[1:] if part.startswith(name)]
        assert match, (case, name)
        found.append("; " + match[0])
    return "\n".join(found)


@pytest.mark.parametrize("framework", ["us-gaap", "ifrs"])
@pytest.mark.parametrize("role", ["provider", "startup"])
@pytest.mark.parametrize(
    ("case", "names"),
    [(case, names) for case, variants in VARIANTS.items() for names in variants],
)
def test_a_case_is_read_by_either_side(
    case: str, names: list[str], role: str, framework: str
) -> None:
    text = sections(case, names)
    if case in BEFORE:
        text = sections(*BEFORE[case]) + text
    if case == "forms":
        text += FORMS_SPEAK_OF
    currency = "CNY" if case == "G07" else "USD"
    read = reading(text, role, framework, currency)
    assert told(read, "E", "F") == []
    written = len(re.findall(r'^\d{4}-\d\d-\d\d custom "(?:deal|fleet)', text, re.M))
    ignored = sum(
        problem.code == "N101" and f": the {OTHER[role]}'s judgement" in problem.message
        for problem in read.problems
    )
    held = len(read.fleets) + sum(
        1 + len(deal.facts) + len(deal.policies) for deal in read.agreements.values()
    )
    assert held + ignored == written
    assert not any(deal.refused for deal in read.agreements.values())


def test_every_section_is_in_a_variant() -> None:
    for case, variants in VARIANTS.items():
        text = (CASES / f"{case}.beancount").read_text()
        headings = re.findall(r"^; (.*)", text, re.M)
        for heading in headings:
            assert any(heading.startswith(n) for names in variants for n in names), heading
