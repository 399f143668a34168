"""Whether a JSON answer is what the documents promise: no unknown field, no wrong type."""

from collections.abc import Mapping
from typing import Any

from tests.contract.documented import Entry, answer_fields, children, is_a_name
from tests.contract.stage import ABSENT, EMPTY

_TYPES: dict[str, type | tuple[type, ...]] = {
    "string": str,
    "dateTime": str,
    "integer": int,
    "boolean": bool,
    "object": dict,
    "array|object": (dict, list),
    "object|array": (dict, list),
    "DeviceId": dict,
}


def check_fits(reply: Any, entry: Entry) -> None:
    """Check a reply of the client, as it came, against the entry's good answer."""
    fields = _documented(entry)
    if isinstance(reply, list):
        assert reply, entry["name"]
        for each in reply:
            check_object(entry["name"], each.received, fields)
            _check_whole(entry["name"], each.received, fields)
    elif fields:
        check_object(entry["name"], reply.received, fields)
        _check_whole(entry["name"], reply.received, fields)


def check_object(where: str, value: Mapping[str, Any], fields: list[Entry]) -> None:
    """Check a JSON object against its documented fields."""
    known = {field["name"]: field for field in fields if is_a_name(field)}
    if known and known.keys() == {field["name"] for field in fields} and not _is_open(fields):
        assert value.keys() <= known.keys(), f"{where}: {value.keys() - known.keys()}"
    for field in fields:
        if field.get("required"):
            assert field["name"] in value, f"{where}: {field['name']}"
    for name in value.keys() & known.keys():
        _check_value(f"{where}: {name}", value[name], known[name])


def _check_whole(where: str, value: Mapping[str, Any], fields: list[Entry]) -> None:
    """Check that a good answer has every documented field, and that its arrays hold something."""
    missing = {field["name"] for field in fields if is_a_name(field)} - value.keys()
    assert missing == ABSENT.get(where, set()), where
    assert {name for name in value if value[name] == []} == EMPTY.get(where, set()), where


def _documented(entry: Entry) -> list[Entry]:
    for answer in entry["response"]:
        if str(answer["status"]).startswith("2"):
            fields: list[Entry] = answer.get("fields") or []
            if [each["name"] for each in fields] == ["[]"]:
                return fields[0].get("children") or []
            return fields
    return answer_fields(entry)


def _is_open(fields: list[Entry]) -> bool:
    """Tell whether the documents leave open which other fields there are."""
    return any("not recovered" in (field.get("constraints") or "") for field in fields)


def _check_value(where: str, value: Any, field: Entry) -> None:
    kind = field["type"]
    expected = list if kind.startswith("array<") or kind == "array" else _TYPES.get(kind, object)
    assert isinstance(value, expected), f"{where}: {value!r} is no {kind}"
    assert not (kind == "integer" and isinstance(value, bool)), where
    for each in value if isinstance(value, list) else [value]:
        if isinstance(each, Mapping) and children(field):
            check_object(where, each, field["children"])
