"""A correction of a closed period comes to what editing its line would have come to.

From its day on every account stands as in the ledger with the line edited; before, as in
the ledger without the correction.  That is the second way to what a correction books.
"""

from __future__ import annotations

import dataclasses
from collections import defaultdict
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from tests.laws.authors.draft import Wanted
from tests.laws.books import ROLES, STEADY, booked
from tests.laws.directives import CREDIT, DEAL, Fact
from tests.laws.facts import Grant, Stake, Usage
from tests.laws.lives import Life, shuffled
from tests.laws.oracle.journal import Sums
from tests.laws.strategy import lives

DAY = timedelta(days=1)


@dataclasses.dataclass(frozen=True)
class Edit:
    """A fact as written and as it should have been, and the key that says so."""

    fact: Fact
    edited: Fact
    key: str
    pick: str = ""

    def on(self, day: date) -> str:
        """Return the correction of a day as the ledger writes it."""
        directive = f"deal-{type(self.fact).__name__.lower()}"
        lines = [f'{day} custom "deal-correct" "{DEAL}" "{directive}" {self.fact.on}']
        lines += [f"  {self.pick}"] if self.pick else []
        return "\n".join([*lines, f"  {self.key}"]) + "\n"


@st.composite
def edits(draw: st.DrawFn, life: Life) -> Edit:
    """Draw a number of the life that turns out to have been another."""
    part = draw(st.sampled_from([Decimal("0.5"), Decimal("0.9"), Decimal("1.1")]))
    alone: dict[tuple[type, date], int] = defaultdict(int)
    for fact in life.facts:
        alone[type(fact), fact.on] += 1
    found: list[Edit] = []
    for fact in life.facts:
        if isinstance(fact, Usage) and fact.import_id:
            credits = _near(fact.credits, part)
            found.append(
                Edit(
                    fact,
                    dataclasses.replace(fact, credits=credits),
                    f"amount: {credits} {CREDIT}",
                    f'import-id: "{fact.import_id}"',
                )
            )
        elif isinstance(fact, Grant):
            credits = _near(fact.credits, part)
            found.append(
                Edit(
                    fact,
                    dataclasses.replace(fact, credits=credits),
                    f"amount: {credits} {fact.commodity}",
                    f'tranche: "{fact.tranche}"',
                )
            )
        elif isinstance(fact, Stake) and alone[Stake, fact.on] == 1:
            total = _near(fact.total, part)
            found.append(
                Edit(
                    fact,
                    dataclasses.replace(fact, total=total),
                    f"fair-value-total: {total} USD",
                )
            )
    found = [edit for edit in found if edit.edited != edit.fact]
    assume(found)
    return draw(st.sampled_from(found))


def _near(number: Decimal, part: Decimal) -> Decimal:
    quantum = Decimal(1).scaleb(int(number.as_tuple().exponent))
    return (number * part).quantize(quantum) or number


def standing(sums: Sums, day: date) -> dict[tuple[str, str], Fraction]:
    """Return what every account holds at the end of a day."""
    totals: dict[tuple[str, str], Fraction] = defaultdict(Fraction)
    for (at, account, commodity), number in sums.items():
        if at <= day:
            totals[account, commodity] += number
    return {key: number for key, number in totals.items() if number}


KINDS = Wanted(refusals=False)


@given(lives(KINDS), st.data())
@settings(STEADY, max_examples=150)
def test_from_its_day_on_the_books_are_those_of_the_edited_ledger(
    life: Life, data: st.DataObject
) -> None:
    edit = data.draw(edits(life))
    days = (life.reaches - edit.fact.on).days
    assume(days > 0)
    day = edit.fact.on + data.draw(st.integers(1, days)) * DAY
    kept = tuple(edit.edited if fact == edit.fact else fact for fact in life.facts)
    edited = life.but(facts=kept, through=life.reaches)
    life = life.but(through=life.reaches)
    for role in ROLES:
        plain, wanted = booked(life, role), booked(edited, role)
        assume(not wanted.ledger.messages and not plain.ledger.messages)
        found = booked(life, role, edit.on(day))
        assert found.ledger.messages == []
        for at in sorted({d for d, _, _ in (*plain.sums, *wanted.sums, *found.sums)}):
            other = wanted if at >= day else plain
            assert standing(found.sums, at) == standing(other.sums, at), (role, at)
        turned = booked(shuffled(life, 1), role, edit.on(day))
        assert turned.sums == found.sums
