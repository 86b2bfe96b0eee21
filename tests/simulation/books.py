"""Scenarios in tests: two texts in, both parties' books out."""

from __future__ import annotations

import inspect
from decimal import Decimal
from pathlib import Path

from beanscrow.deal.problems import Problem
from beanscrow.simulation.reading import read_deal, read_scenarios
from beanscrow.simulation.simulate import Outcome, simulate

SPECIMEN = Path(__file__).resolve().parents[2] / "ledger" / "simulation"

DEAL = """
    2027-01-01 custom "deal" "polar" "Polar AI"
      provider: "North Cloud"
      escrow-owner: "provider"
    2027-01-01 custom "deal-stake" "polar" 100000 POLAR.A
      fair-value: 9.00 USD
      fair-value-source: "valuation"
      headline: 12.00 USD
    2027-01-01 custom "deal-grant" "polar" 1000000.00 POLAR.CR
      tranche: "T1"
      face: 1.00 USD
      escrow: 1000000.00 USD
      expires: 2028-12-31
"""
HEAD = """
    2027-01-01 custom "scenario" "base"
      until: 2028-12-31
      currency: "USD"
      provider-framework: "us-gaap"
      startup-framework: "us-gaap"
"""


def plain(text: str) -> str:
    """Return a text without the indentation it has in a test."""
    return inspect.cleandoc(text) + "\n"


class Texts:
    """A deal and its scenarios, as files in a folder of a test."""

    def __init__(self, folder: Path) -> None:
        self.deal = folder / "deal.beancount"
        self.scenarios = folder / "scenarios.beancount"

    def write(self, scenarios: str, deal: str = DEAL, head: str = HEAD) -> None:
        """Write both files; the scenarios begin with `base`, unless told otherwise."""
        self.deal.write_text(plain(deal))
        self.scenarios.write_text(plain(head) + plain(scenarios))

    def outcome(self, name: str = "base") -> Outcome:
        """Return what a scenario comes to, which nothing is wrong with."""
        found = self._simulated(name)
        assert isinstance(found, Outcome), found
        return found

    def problems(self, name: str = "base") -> list[Problem]:
        """Return what is wrong with a scenario."""
        found = self._simulated(name)
        assert isinstance(found, list), "nothing is wrong with it"
        return found

    def codes(self, name: str = "base") -> list[str]:
        """Return what is wrong with a scenario, each as "file:line code"."""
        return [
            f"{it.at.filename.rsplit('/', 1)[-1]}:{it.at.lineno} {it.code}"
            for it in self.problems(name)
        ]

    def _simulated(self, name: str) -> Outcome | list[Problem]:
        text, written = read_deal(self.deal), read_scenarios(self.scenarios)
        wrong = [*text.problems, *written.problems]
        return wrong or simulate(text, written, name)


def usages(outcome: Outcome) -> list[tuple[str, Decimal, str]]:
    """Return the usage a scenario was written out as: day, quantity, commodity."""
    return [
        (f"{it.date}", it.values[1].value.number, it.values[1].value.currency)
        for it in outcome.more
        if it.type == "deal-usage"
    ]
