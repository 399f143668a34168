"""Reading request bodies as strictly as the documents say."""

import json
from collections.abc import Mapping
from typing import Any

from starlette.requests import Request

from tsui.simulator.clock import parse_iso
from tsui.simulator.errors import rejected

KINDS = frozenset({"esn", "eid", "iccid", "imei", "imsi", "mdn", "meid", "min", "msisdn"})

_LENGTHS = {
    "esn": (11, 11), "eid": (20, 32), "iccid": (19, 20), "imei": (15, 16), "imsi": (15, 15),
    "mdn": (10, 10), "meid": (14, 14), "min": (10, 10), "msisdn": (11, 15),
}  # fmt: skip
_CUSTOM_FIELDS = frozenset(f"CustomField{number}" for number in range(1, 6))
_FORBIDDEN = frozenset("'<\\")
_LONGEST_CUSTOM = 50


async def read_body(request: Request) -> dict[str, Any]:
    """Return the request's JSON object; refuses what is none or holds forbidden characters."""
    raw = await request.body()
    if not raw.strip():
        raise rejected("INPUT_INVALID.RequestUndefined", "Request is not defined.")
    try:
        body = json.loads(raw)
    except (ValueError, RecursionError):
        body = None
    if not isinstance(body, dict):
        raise rejected("DeserializationFailed", "The request could not be read.")
    if _forbidden(body):
        raise rejected(
            "INPUT_INVALID.Request.InvalidCharacter", "The request contains invalid characters."
        )
    return body


def text(body: Mapping[str, Any], name: str, *, required: bool = False) -> str:
    """Return a text field; the empty string where it is missing and not required."""
    value = body.get(name)
    if value is None and not required:
        return ""
    if not isinstance(value, str) or (required and not value):
        raise rejected("DeserializationFailed", f"{name} is missing or no text.")
    return value


def whole(body: Mapping[str, Any], name: str) -> int | None:
    """Return a whole number; None where it is missing."""
    value = body.get(name)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | str) or not str(value).isdecimal():
        raise rejected("DeserializationFailed", f"{name} is no number.")
    return int(value)


def items(body: Mapping[str, Any], name: str) -> list[Any]:
    """Return an array; an empty one where it is missing."""
    value = body.get(name)
    if value is None:
        return []
    if not isinstance(value, list):
        raise rejected("DeserializationFailed", f"{name} is no array.")
    return value


def part(body: Mapping[str, Any], name: str) -> dict[str, Any]:
    """Return an object inside the body; an empty one where it is missing."""
    value = body.get(name)
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise rejected("DeserializationFailed", f"{name} is no object.")
    return value


def device_id(value: Any) -> tuple[str, str]:
    """Return kind and value of a DeviceId after checking both."""
    if not isinstance(value, dict):
        raise rejected("DeserializationFailed", "A device id needs id and kind.")
    number, kind = text(value, "id", required=True), text(value, "kind", required=True).lower()
    if kind not in KINDS:
        raise rejected("INPUT_INVALID.Device.Kind.Invalid", "The device kind is not valid.")
    shortest, longest = _LENGTHS[kind]
    characters = "0123456789abcdefABCDEF" if kind == "meid" else "0123456789"
    if not shortest <= len(number) <= longest or set(number) - set(characters):
        raise rejected(
            "INPUT_INVALID.Device.Identifier.Invalid", f"The {kind} identifier is not valid."
        )
    return kind, number


def custom_fields(body: Mapping[str, Any], name: str = "customFields") -> dict[int, str]:
    """Return custom fields by their index from 0."""
    found: dict[int, str] = {}
    for pair in items(body, name):
        if not isinstance(pair, dict):
            raise rejected("DeserializationFailed", "A custom field needs key and value.")
        key, value = text(pair, "key", required=True), text(pair, "value")
        if key not in _CUSTOM_FIELDS:
            raise rejected("INPUT_INVALID.CustomField.InvalidName", f"{key} is no custom field.")
        if len(value) > _LONGEST_CUSTOM:
            raise rejected("INPUT_INVALID.CustomField.TooLong", f"{key} is too long.")
        found[int(key[-1]) - 1] = value
    return found


def moment(body: Mapping[str, Any], name: str, default: float = 0.0) -> float:
    """Return a time as Unix seconds; the default where it is missing."""
    value = text(body, name)
    if not value:
        return default
    try:
        return parse_iso(value).timestamp()
    except ValueError:
        raise rejected("DeserializationFailed", f"{name} is no time.") from None


def _forbidden(value: Any) -> bool:
    if isinstance(value, str):
        return not _FORBIDDEN.isdisjoint(value)
    if isinstance(value, dict):
        return any(_forbidden(each) for each in value.values())
    return isinstance(value, list) and any(_forbidden(each) for each in value)
