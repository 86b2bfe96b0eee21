"""Small Ibis expressions the reading of an export is made of."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

# Ibis gives a type to an expression only once its table is known, as an export's is not.
Value = Any
Table = Any


def literal(value: object, kind: str | None = None) -> Value:
    """Return a constant."""
    import ibis

    return ibis.literal(value, kind)


def cases(*tests: tuple[Value, Value], otherwise: Value = None) -> Value:
    """Return the value of the first test that holds."""
    import ibis

    return ibis.cases(*tests, else_=otherwise)


def first_of(*values: Value) -> Value:
    """Return the first value that is not NULL."""
    import ibis

    return ibis.coalesce(*values)


def count_true(tests: Sequence[Value]) -> Value:
    """Return how many of some tests hold."""
    kind = "int8" if len(tests) < 100 else "int32"
    total = literal(0, kind)
    for place, test in enumerate(tests):
        one = test.cast(kind)
        total = total + one if place else one
    return total


def place_in(column: Value, values: Sequence[str]) -> Value:
    """Return at which place of a list a text stands, from 1; NULL or 0 where nowhere."""
    import ibis

    @ibis.udf.scalar.builtin  # type: ignore[untyped-decorator]
    def list_position(values: list[str], value: str) -> int: ...  # type: ignore[empty-body]

    return list_position(ibis.array(list(values)), column)


def joined(rows: Table, name: str, values: Sequence[str]) -> Table:
    """Return the rows with a column more: the text of another, where it is wanted."""
    import ibis

    wanted = ibis.array(list(values)).unnest().name(f"is_{name}").as_table()
    return rows.left_join(wanted, rows[name].cast("string") == wanted[f"is_{name}"])


def plain_key(column: Value) -> Value:
    """Return a time as it is written, or as an instant where the file types it."""
    return column if column.type().is_string() else column.cast("timestamp")


def tag_value(tags: Value, key: str) -> Value:
    """Return the value of a tag, "" for one without a value; NULL where it has not it."""
    import ibis

    if tags.type().is_map():
        return tags.get(key).cast("string")
    bare = literal("{").concat(tags, "}")
    read = first_of(tags.try_cast("json"), bare.try_cast("json"))

    @ibis.udf.scalar.builtin  # type: ignore[untyped-decorator]
    def json_extract_string(json: str, path: str) -> str: ...  # type: ignore[empty-body]

    pointer = "/" + key.replace("~", "~0").replace("/", "~1")
    return json_extract_string(read.cast("string"), pointer)


def mentioning(applied: Value, commitments: Sequence[str]) -> Value:
    """Return the applications of rows that may name a commitment; NULL for others."""
    found = applied.contains("\\")
    for name in commitments:
        found |= applied.contains(name)
    return found.ifelse(applied, None)
