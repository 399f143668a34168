"""Messages: what was sent to a device and came from it, from the journal, callbacks and the log."""

from collections.abc import Iterator, Mapping, Sequence
from enum import StrEnum
from typing import Any, NamedTuple

from tsui.service.device_record import unix_time
from tsui.service.verdict.evidence import Told
from tsui.store.changes import DeviceChange

SMS = "EnhancedConnectivityService"
"""Callback service of texts that devices send."""

RECEIPT = "SMSDeliveryConfirmation"
"""Callback service that tells whether a text came."""

NIDD = "NiddService"
"""Callback service of bytes without IP."""

LOG = "DeviceService"
"""Callback service of the log of texts."""


class Way(StrEnum):
    """Where a message goes."""

    TO_DEVICE = "to"
    FROM_DEVICE = "from"


class Exchanged(NamedTuple):
    """A message; all texts are hostile until sanitised."""

    at: float
    """Unix time; 0 where not told."""
    way: Way
    text: str
    """The text, or bytes in base64."""
    fate: str
    """What became of it in the platform's own words; empty while nothing is told."""
    is_bytes: bool = False
    change: DeviceChange | None = None
    """How sending it went, for one that was sent from here."""


def exchanged(changes: Sequence[DeviceChange], told: Sequence[Told]) -> list[Exchanged]:
    """Return what was sent from here and what callbacks brought, newest first."""
    found = [*_sent(changes, told), *_received(told)]
    return sorted(found, key=lambda each: -each.at)


def logged(answers: Sequence[Told]) -> tuple[list[Exchanged], bool]:
    """Return the log that ThingSpace told, newest first, and whether it holds more."""
    found: list[Exchanged] = []
    has_more = False
    for answer in answers:
        block = _block(answer.body)
        has_more = has_more or bool(block.get("hasMoreData"))
        events = block.get("smsEvents")
        for each in events if isinstance(events, list) else ():
            if isinstance(each, Mapping):
                found.append(_event(each))
    return sorted(found, key=lambda each: -each.at), has_more


def _block(body: Mapping[str, Any]) -> Mapping[str, Any]:
    response = body.get("deviceResponse")
    block = response.get("smsEventHistoryResponse") if isinstance(response, Mapping) else None
    return block if isinstance(block, Mapping) else {}


def _event(event: Mapping[str, Any]) -> Exchanged:
    """Read an event of the log, whose form is not documented."""
    comes = str(event.get("direction", "")).upper() == "MO"
    return Exchanged(
        unix_time(event.get("timestamp")),
        Way.FROM_DEVICE if comes else Way.TO_DEVICE,
        str(event.get("message") or ""),
        str(event.get("status") or ""),
    )


def _sent(changes: Sequence[DeviceChange], told: Sequence[Told]) -> Iterator[Exchanged]:
    for change in changes:
        is_bytes = change.operation == "SendNidd"
        if change.operation != "SendSms" and not is_bytes:
            continue
        text = str(change.fields.get("message" if is_bytes else "smsMessage") or "")
        fate = next(_fates(change, told), "")
        yield Exchanged(change.created_at, Way.TO_DEVICE, text, fate, is_bytes, change)


def _fates(change: DeviceChange, told: Sequence[Told]) -> Iterator[str]:
    for each in told:
        if each.request_id != change.request_id or each.service not in (RECEIPT, NIDD):
            continue
        fault = each.body.get("faultResponse")
        if isinstance(fault, Mapping):
            yield str(fault.get("faultstring") or fault.get("faultcode") or "not delivered")
        elif each.service == RECEIPT and str(each.body.get("status")).lower() == "success":
            yield "delivered"
        else:
            yield str(each.body.get("status") or "")


def _received(told: Sequence[Told]) -> Iterator[Exchanged]:
    for each in told:
        if each.service == SMS and isinstance(each.body.get("message"), str):
            at = unix_time(each.body.get("timestamp")) or each.at
            yield Exchanged(at, Way.FROM_DEVICE, each.body["message"], "received")
        elif each.service == NIDD and (bytes_sent := _bytes_of(each.body)):
            yield Exchanged(each.at, Way.FROM_DEVICE, bytes_sent, "received", is_bytes=True)


def _bytes_of(body: Mapping[str, Any]) -> str:
    response = body.get("niddResponse")
    event = response.get("niddMONotificationResponse") if isinstance(response, Mapping) else None
    return str(event.get("message") or "") if isinstance(event, Mapping) else ""
