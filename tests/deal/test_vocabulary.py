"""The vocabulary and the terms describe the same directives."""

from __future__ import annotations

import datetime
from decimal import Decimal
from typing import Any

import pytest
from beancount.core import account
from hypothesis import example, given
from hypothesis import strategies as st

from beanscrow.deal import terms
from beanscrow.deal.elections import ELECTIONS, election
from beanscrow.deal.names import camel, is_component, plain_name
from beanscrow.deal.problems import Position
from beanscrow.deal.roles import ROLES, specimen_account, unknown_placeholders
from beanscrow.deal.services import account_part
from beanscrow.deal.vocabulary import (
    COMMON,
    DIRECTIVES,
    OWN_DATE,
    TERMS,
    Directive,
    Part,
    field_of,
)

EVERY = pytest.mark.parametrize("directive", DIRECTIVES.values(), ids=lambda d: d.name)
AT = Position("main.beancount", 1)


def parts(directive: Directive) -> list[Part]:
    """Return every part a directive has, on its line or below."""
    return [*directive.positionals, *directive.keys, *(f.part for f in directive.families)]


@EVERY
def test_every_part_has_a_field_and_every_field_a_part(directive: Directive) -> None:
    term: Any = TERMS[directive.name]
    held = {field_of(part) for part in parts(directive)} - {"rest"}
    own = set(term._fields) - {"at", "date", "deal", "sequence", "rest"}
    if directive.name == "deal-correct":
        own -= {"replacements", "corrected"}
    assert held - {"deal"} == own


@EVERY
def test_defaults_are_those_of_the_terms(directive: Directive) -> None:
    """What the language says without a word, and what a term made in a test has."""
    defaults = TERMS[directive.name]._field_defaults  # type: ignore[attr-defined]
    for part in directive.keys:
        field = field_of(part)
        if part.default is not None and field in defaults and field != "elections":
            assert part.default == defaults[field], part.name


@EVERY
def test_a_field_without_default_is_always_filled(directive: Directive) -> None:
    term: Any = TERMS[directive.name]
    filled = {
        field_of(part)
        for part in (*directive.positionals, *directive.keys)
        if part in directive.positionals
        or part.required
        or part.otherwise
        or part.default is not None
    }
    wanted = set(term._fields) - set(term._field_defaults) - {"at", "date", "deal"}
    assert wanted <= filled


@EVERY
def test_rules_speak_of_keys_that_exist(directive: Directive) -> None:
    keys = {part.name for part in directive.keys}
    named = {key for group in (*directive.exclusive, *directive.one_of) for key in group}
    named |= {key for need in directive.needs for key in (need.key, need.wants)}
    named |= {key for span in directive.spans for key in span} - {"date"}
    assert named <= keys | {part.name for part in directive.positionals}


@EVERY
def test_every_meaning_is_a_sentence(directive: Directive) -> None:
    for meaning in [directive.meaning, *(part.meaning for part in parts(directive))]:
        assert meaning[0].isupper() and meaning.endswith("."), meaning


def test_legs_of_events_have_an_event() -> None:
    for directive in DIRECTIVES.values():
        events = [part for part in directive.keys if part.name == "event"]
        if events:
            assert directive.leg and events[0].otherwise == OWN_DATE


def test_no_key_of_a_directive_begins_as_a_users_own() -> None:
    names = [part.name for d in DIRECTIVES.values() for part in (*parts(d), *COMMON)]
    assert not any(name.startswith("x-") for name in names)


# elections ------------------------------------------------------------------------


def books(framework: terms.Framework = "us-gaap", **elections: str) -> terms.Books:
    named = {key.replace("_", "-"): value for key, value in elections.items()}
    return terms.Books(
        AT, datetime.date(2024, 1, 1), "provider", framework, "USD", elections=named
    )


def policy(**elections: str) -> terms.DealPolicy:
    named = {key.replace("_", "-"): value for key, value in elections.items()}
    day = datetime.date(2024, 1, 1)
    return terms.DealPolicy(AT, day, "moon", elections=named)


def test_the_deal_goes_before_the_books_and_the_books_before_the_default() -> None:
    key = "consumption-order"
    assert election(key, books()) == "expiry-first"
    assert election(key, books(consumption_order="fifo")) == "fifo"
    mine = policy(consumption_order="pro-rata")
    assert election(key, books(consumption_order="fifo"), mine) == "pro-rata"
    assert election(key, books(consumption_order="fifo"), policy()) == "fifo"


def test_the_class_of_preferred_shares_follows_the_framework() -> None:
    assert election("preferred-class", books("us-gaap")) == "mezzanine"
    assert election("preferred-class", books("ifrs")) == "equity"


def test_an_election_nobody_knows_is_the_callers_mistake() -> None:
    with pytest.raises(KeyError):
        election("breakage", books())


@pytest.mark.parametrize("name", ELECTIONS)
def test_a_default_is_built_and_among_the_choices(name: str) -> None:
    kind = ELECTIONS[name]
    defaults = kind.default.values() if isinstance(kind.default, dict) else [kind.default]
    for default in defaults:
        if kind.choices:
            assert str(default) in kind.choices
            assert default not in kind.not_built
        else:
            assert isinstance(default, Decimal)


# accounts --------------------------------------------------------------------------


@pytest.mark.parametrize("side", ROLES)
def test_default_accounts_are_accounts(side: terms.Role) -> None:
    for role, template in ROLES[side].items():
        assert unknown_placeholders(template) == []
        root, *rest = specimen_account(template).split(":")
        assert root in ("Assets", "Liabilities", "Equity", "Income", "Expenses"), role
        assert rest and all(is_component(component) for component in rest), role


@pytest.mark.parametrize("side", ROLES)
def test_no_two_roles_of_a_side_share_an_account(side: terms.Role) -> None:
    templates = list(ROLES[side].values())
    assert len(set(templates)) == len(templates)


@pytest.mark.parametrize(
    ("service", "part"),
    [
        ("Compute", "Compute"),
        ("GPU hours (H100)", "GPUHoursH100"),
        ("training-data storage", "TrainingDataStorage"),
        ("3D rendering", "3DRendering"),
        ("Élan vital", "ÉlanVital"),
        ("算力", ""),  # no capital to begin with
        ("  ", ""),
        ("_", ""),
        ("", ""),
    ],
)
def test_a_service_becomes_a_part_of_accounts(service: str, part: str) -> None:
    assert account_part(service) == part
    assert not part or is_component(part)


# Beancount's regex may know a newer Unicode than this Python: a letter Python does not
# know yet is refused here, so only assigned characters can be compared.
_ASSIGNED = st.characters(exclude_categories=["Cn", "Cs"])


@given(st.text("T1 tÉé算Ⅰ²_-.ǅ", max_size=4) | st.text(_ASSIGNED, max_size=3))
@example("")
@example("2024-A")
def test_components_are_those_of_beancount(component: str) -> None:
    if ":" not in component:
        assert is_component(component) is account.is_valid(f"Assets:{component}")


def test_a_letter_newer_than_python_is_no_part_of_an_account() -> None:
    assert not is_component("T\U0010fffe")


def test_ids_in_camel_case() -> None:
    assert camel("moon") == "Moon"
    assert camel("amd-oai") == "AmdOai"
    assert camel("01.ai") == "01Ai"
    assert camel("moon-2") == camel("moon2") == "Moon2"


def test_names_without_their_legal_form() -> None:
    assert plain_name("Moonshot AI, Inc.") == plain_name("MoonShot-AI") == "moonshotai"
    assert plain_name("Moonshot AI") != plain_name("Moonshot")
    assert plain_name("Co. Ltd") != ""
