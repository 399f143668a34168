"""A device of the list as the store holds it: flat, searchable, nothing lost."""

import json
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from tsui.service.states import normalise
from tsui.store.device import DeviceRecord
from tsui.thingspace.platform_id import PAGING_KEY, platform_id
from tsui.thingspace.times import parse_time

_LASTING = ("iccid", "eid", "imei", "meid", "esn", "msisdn", "mdn", "min", "imsi")
"""Kinds of identifier, the one that stays with a line longest first."""

_SHOWN = frozenset({"iccid", "imei", "mdn", "eid"})
"""Kinds of identifier that have a column."""


def device_record(
    told: Mapping[str, Any], raw: bytes = b"", number: int | None = None
) -> DeviceRecord | None:
    """Flatten a device as the platform told it; None for one without any identifier.

    It is read without its model, which would take four fifths of the time a large fleet takes.
    ``raw`` is the JSON that it was told in, and ``number`` its platform id, where they are at hand.
    """
    listed = _pairs(told, "deviceIds", "kind", "id")
    ids = {str(kind).lower(): _text(each) for kind, each in listed.items() if each}
    kind = next((kind for kind in _LASTING if ids.get(kind)), None)
    if kind is None:
        return None
    line = next(iter(_list(told, "carrierInformations")), None)
    line = line if isinstance(line, dict) else {}
    custom = _pairs(told, "customFields", "key", "value")
    if number is None:
        extended = _pairs(told, "extendedAttributes", "key", "value")
        number = platform_id(_text(extended.get(PAGING_KEY)))
    connected = told.get("connected")
    return DeviceRecord(
        key=f"{kind}:{ids[kind]}",
        platform_id=number,
        iccid=ids.get("iccid", ""),
        imei=ids.get("imei", ""),
        mdn=ids.get("mdn", ""),
        eid=ids.get("eid", ""),
        state=_state(_text(line.get("state"))),
        plan=_text(line.get("servicePlan")),
        groups=", ".join(filter(None, map(_text, _list(told, "groupNames")))),
        ip=_text(told.get("ipAddress")),
        custom=(
            _text(custom.get("CustomField1")),
            _text(custom.get("CustomField2")),
            _text(custom.get("CustomField3")),
            _text(custom.get("CustomField4")),
            _text(custom.get("CustomField5")),
        ),
        connected=connected if isinstance(connected, bool) else None,
        last_connection=unix_time(told.get("lastConnectionDate")),
        created=unix_time(told.get("createdAt")),
        more=tuple(value for name, value in ids.items() if value and name not in _SHOWN),
        raw=raw or json.dumps(told, separators=(",", ":")).encode(),
    )


def _list(told: Mapping[str, Any], name: str) -> list[Any]:
    value = told.get(name)
    return value if isinstance(value, list) else []


def _pairs(told: Mapping[str, Any], name: str, key: str, value: str) -> dict[Any, Any]:
    """Return what the objects of a list have under two names; what is no such object is no pair."""
    listed = _list(told, name)
    try:
        return {each[key]: each.get(value) for each in listed}
    except (AttributeError, KeyError, TypeError):
        objects = (each for each in listed if isinstance(each, dict))
        return {_text(each.get(key)): each.get(value) for each in objects}


def _text(value: Any) -> str:
    """Return a value as text; numbers stand here and there for their digits."""
    if isinstance(value, str):
        return value
    return str(value) if isinstance(value, int | float) and not isinstance(value, bool) else ""


_state = lru_cache(256)(normalise)


def unix_time(told: Any) -> float:
    """Return a time of an answer as Unix time; 0 for what is none."""
    text = _text(told)
    if not text:
        return 0.0
    try:
        moment = parse_time(text)
    except ValueError:
        return 0.0
    return moment.timestamp() if moment else 0.0
