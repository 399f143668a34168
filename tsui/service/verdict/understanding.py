"""From what is remembered as JSON to what the rules read."""

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from tsui.service.device_record import unix_time
from tsui.service.failures import NOT_ENTITLED
from tsui.service.parts import LAST_ANSWER, Part
from tsui.service.usage.allowance import KILOBYTE
from tsui.service.verdict.connections import connections_of
from tsui.service.verdict.evidence import (
    Access,
    Day,
    Line,
    Piece,
    Place,
    Provisioned,
    Site,
    Source,
    Standing,
    Swap,
    Told,
)
from tsui.store.devices import DeviceRow
from tsui.store.inbox import Message
from tsui.store.readings import Reading

Understand = Callable[[Any], Any]


def line_of(device: DeviceRow, raw: Mapping[str, Any]) -> Line:
    """Return a device that the account has."""
    return Line(
        is_listed=True,
        state=device.state,
        plan=device.plan,
        connected=None if device.connected is None else bool(device.connected),
        last_connection=device.last_connection,
        activated=unix_time(raw.get("lastActivationDate")),
        cycle_end=unix_time(raw.get("billingCycleEndDate")),
        imei=device.imei,
        eid=device.eid,
        group=device.groups,
    )


def piece_of(source: Source, reading: Reading | None, understand: Understand) -> Piece:
    """Return a reading as evidence."""
    if reading is None:
        return Piece(source)
    if reading.body is not None:
        return Piece(
            source,
            Standing.KNOWN,
            understand(reading.body),
            reading.body,
            reading.read_at,
            reading.trouble,
        )
    is_lack = reading.trouble.startswith(NOT_ENTITLED)
    standing = Standing.NOT_ENTITLED if is_lack else Standing.FAILED
    return Piece(source, standing, trouble=reading.trouble, read_at=reading.tried_at)


def messages_of(messages: Sequence[Message]) -> tuple[Told, ...]:
    """Return callback messages that can be read."""
    found = []
    for each in messages:
        try:
            body = json.loads(each.body)
        except (ValueError, RecursionError):
            continue
        if isinstance(body, dict):
            found.append(Told(each.received_at, each.service, each.request_id, body))
    return tuple(found)


def place_of(body: Any, mdn: str) -> Place | None:
    """Return where a locating call saw a line; None where it did not."""
    for each in body if isinstance(body, list) else ():
        if not isinstance(each, dict) or not mdn or each.get("msid") != mdn:
            continue
        told = each.get("pd") or {}
        try:
            return Place(float(told["x"]), float(told["y"]), float(told.get("radius") or 0))
        except (KeyError, TypeError, ValueError):
            return None
    return None


def _access(body: Any) -> Access:
    return Access(bool(body["refused"]), str(body["code"]))


def _diagnostics(body: Any) -> Mapping[str, str]:
    return {
        str(name).lower(): str(value) for part in body for name, value in part["values"].items()
    }


def _provisioning(body: Any) -> tuple[Provisioned, ...]:
    return tuple(
        Provisioned(float(each["at"]), each["event"], each["status"], each["by"], each["plan"])
        for each in body
        if each["at"]
    )


def _usage(body: Any) -> tuple[Day, ...]:
    return tuple(
        Day(float(each["at"]), each["bytes"] or 0, each["sms"] or 0, bool(each.get("abroad")))
        for each in body
        if each["at"]
    )


def _swaps(body: Any) -> tuple[Swap, ...]:
    found = (
        Swap(unix_time(each.get("simOtaDate")), str(each.get("preImei")), str(each.get("postImei")))
        for each in body
    )
    return tuple(sorted(each for each in found if each.before != each.after))


def _plans(body: Any) -> Mapping[str, int]:
    return {str(each["code"]): (each["size_kb"] or 0) * KILOBYTE for each in body}


def _listeners(body: Any) -> frozenset[str]:
    return frozenset(str(each.get("serviceName", "")) for each in body if isinstance(each, dict))


def _addresses(body: Any) -> tuple[tuple[float, str], ...]:
    return tuple((float(at), str(address)) for at, address in body)


def site_of(body: Any) -> Site:
    """Return what somebody read on site."""
    place = body.get("place")
    return Site(str(body.get("imei", "")), (float(place[0]), float(place[1])) if place else None)


OF_DEVICE: Mapping[Source, tuple[str, Understand]] = {
    Source.ACCESS: (Part.ACCESS, _access),
    Source.DIAGNOSTICS: (Part.DIAGNOSTICS, _diagnostics),
    Source.PROVISIONING: (Part.PROVISIONING, _provisioning),
    Source.CONNECTIONS: (Part.CONNECTIONS, connections_of),
    Source.USAGE: (Part.USAGE, _usage),
    Source.MISMATCHES: (Part.MISMATCHES, _swaps),
    Source.ADDRESSES: (Part.ADDRESSES, _addresses),
}
"""Readings of a device: their kind, and how they are understood."""

OF_ACCOUNT: Mapping[Source, tuple[str, Understand]] = {
    Source.PLANS: (Part.PLANS, _plans),
    Source.LISTENERS: (f"{LAST_ANSWER}ListListeners", _listeners),
}
"""Readings of the account."""
