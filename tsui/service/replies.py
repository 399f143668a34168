"""Replies as an operator reads them: whole, without secrets, as a table where they are a list."""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from tsui.thingspace.redact import HIDDEN, hides

Cell = tuple[str, str]
"""A name and its value, both as text."""


class Answer(NamedTuple):
    """What an operation answered."""

    name: str
    """The operation's class name."""
    at: float
    """Unix time of the answer."""
    body: Any
    """The answer as JSON, as it came."""


class Branch(NamedTuple):
    """A line of an answer that is shown as a tree."""

    depth: int
    """How deep it is, 0 for the outermost."""
    name: str
    """The field's name, or a place in a list."""
    value: str
    """The value as text; empty for a part with fields of its own."""


def raw(reply: Any) -> Any:
    """Return the JSON a typed reply was made of."""
    from tsui.thingspace.wire import Reply  # screens use the rest before the models are loaded

    if isinstance(reply, Reply):
        return dict(reply.received)
    if isinstance(reply, Sequence) and not isinstance(reply, str):
        return [raw(each) for each in reply]
    return reply


def without_secrets(body: Any) -> Any:
    """Return an answer with values hidden whose names, or names beside them, speak of secrets."""
    if isinstance(body, list):
        return [without_secrets(each) for each in body]
    if not isinstance(body, Mapping):
        return body
    named = _pair(body)
    beside = named is not None and hides(named[0])
    return {
        name: _hidden(value)
        if hides(str(name)) or (beside and name == "value")
        else without_secrets(value)
        for name, value in body.items()
    }


def _hidden(value: Any) -> Any:
    """Hide a secret of whatever kind; that there is none is no secret."""
    return value if value in (None, "", [], {}) or isinstance(value, bool) else HIDDEN


def records(body: Any) -> list[dict[str, str]]:
    """Return the rows of an answer that is a list, or holds exactly one, with flat columns."""
    return [_row(each) for each in listed(body)]


def listed(body: Any) -> list[Mapping[str, Any]]:
    """Return the records of an answer that is a list, or holds exactly one, as they came."""
    rows = body
    if isinstance(body, Mapping):
        lists = [each for each in body.values() if isinstance(each, list) and each]
        rows = lists[0] if len(lists) == 1 else []
    if not isinstance(rows, list) or not all(isinstance(each, Mapping) for each in rows):
        return []
    return rows


def columns(rows: Sequence[Mapping[str, str]]) -> list[str]:
    """Return the names of all columns, in the order they are first met."""
    return list(dict.fromkeys(name for row in rows for name in row))


def tree(body: Any, depth: int = 0, name: str = "") -> Iterator[Branch]:
    """Return the lines of an answer as a tree."""
    items: Sequence[tuple[str, Any]]
    if isinstance(body, Mapping):
        items = [(str(key), value) for key, value in body.items()]
    elif isinstance(body, list):
        items = [(f"{number}.", value) for number, value in enumerate(body, 1)]
    else:
        yield Branch(depth, name, text(body))
        return
    if name:
        yield Branch(depth, name, "" if items else "none")
        depth += 1
    for key, value in items:
        yield from tree(value, depth, key)


def text(value: Any) -> str:
    """Return a value of an answer as text, words of JSON in plain words."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if value is None:
        return "none"
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _row(record: Mapping[str, Any]) -> dict[str, str]:
    """Return the cells of a record; values of the same name stand in one cell."""
    row: dict[str, str] = {}
    for name, value in _flat(record):
        row[name] = f"{row[name]}, {value}" if name in row else value
    return row


def _flat(record: Mapping[str, Any], prefix: str = "") -> Iterator[Cell]:
    for name, value in record.items():
        path = f"{prefix}{name}"
        if isinstance(value, Mapping) and value:
            yield from _flat(value, f"{path}.")
        elif isinstance(value, Mapping):
            yield path, "none"
        elif isinstance(value, list):
            yield from _list_cells(path, value)
        else:
            yield path, text(value)


def _list_cells(path: str, values: list[Any]) -> Iterator[Cell]:
    if not values:
        yield path, "none"
        return
    pairs = [_pair(each) for each in values if isinstance(each, Mapping)]
    named = [pair for pair in pairs if pair]
    if named and len(named) == len(values):
        yield from named
    elif all(not isinstance(each, Mapping | list) for each in values):
        yield path, ", ".join(text(each) for each in values)
    elif len(values) == 1 and isinstance(values[0], Mapping):
        yield from _flat(values[0], f"{path}.")
    else:
        yield path, json.dumps(values, ensure_ascii=False)


def _pair(each: Mapping[str, Any]) -> Cell | None:
    """Return name and value of what the platform writes as such a pair, e.g. an identifier.

    An attribute without a value may come as its name alone.
    """
    if set(each) == {"key"}:
        return text(each["key"]), text(None)
    for name, value in (("kind", "id"), ("key", "value"), ("name", "value")):
        if set(each) == {name, value}:
            return text(each[name]), text(each[value])
    return None
