"""Callback messages about a device as moments; their forms are not documented in full."""

import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from hashlib import blake2b
from typing import Any

from tsui.service.device_record import unix_time
from tsui.service.timeline.model import FUTURE, Lane, Moment
from tsui.service.verdict.evidence import Source, Told
from tsui.service.verdict.rules.reach import is_loss, reachable_until
from tsui.service.verdict.rules.sessions import DISCONNECTS, disconnect_code
from tsui.service.verdict.say import moment

_LANES: Mapping[str, Lane] = {
    "DiagnosticsService": Lane.REACH,
    "SMSDeliveryConfirmation": Lane.SMS,
    "EnhancedConnectivityService": Lane.SMS,
    "ExternalProvisioningChanges": Lane.LINE,
}
"""Lanes of messages by their service; all others are in the lane of callbacks."""

_BAD = frozenset({"failed", "failure", "deliveryfailed", "expired", "executed_failed"})
"""Words that tell of a failure, in lower case."""

OUTCOMES = frozenset({"CarrierService", "StateService", "DeviceProfileService"})
"""Services whose messages tell what became of a request to change the line."""


def messages(told: Sequence[Told], request_ids: Collection[str], now: float) -> Iterator[Moment]:
    """Yield the messages about a device; those that answer no request from here are marked."""
    seen: set[str] = set()
    for each in told:
        code = disconnect_code(each.body) if each.service == "AlertService" else None
        lane = _LANES.get(each.service, Lane.CALLBACKS) if code is None else Lane.SESSIONS
        sentence, reasons = _said(each, code)
        if each.service in OUTCOMES and each.request_id not in request_ids:
            reasons.append("it answers a request that was not made from here")
        yield Moment(
            each.at, lane, Source.MESSAGES, sentence, dict(each.body), "; ".join(reasons),
            name=f"{each.service} {each.request_id} {_digest(each.body)}",
        )  # fmt: skip
        for text in _log(each, now):
            if text.name not in seen:
                seen.add(text.name)
                yield text


def _said(told: Told, code: int | None) -> tuple[str, list[str]]:
    """Return what a message says, and why it is out of the ordinary."""
    body = told.body
    status, reasons = _text(body, "status"), _failure(body)
    if code is not None:
        why = DISCONNECTS.get(code, "a code of unknown meaning")
        return f"Cut off by the network with code {code}", [*reasons, why]
    if told.service == "ExternalProvisioningChanges":
        change = _part(body, "externalProvisioningChange")
        source = _text(change, "source") or "somewhere else"
        return f"{_text(change, 'change') or 'A change'} in {source}", [*reasons, "not made by API"]
    if told.service == "DiagnosticsService":
        return _reach(told, status), [*reasons, *(["the network lost it"] if is_loss(told) else [])]
    if text := _text(body, "message"):
        return f"SMS from the device: {text}", reasons
    more = _text(body, "comment") or _text(_part(body, "alert"), "triggerName")
    said = ", ".join(filter(None, (status, more)))
    return f"{told.service or 'Message'}: {said or 'no status'}", reasons


def _reach(told: Told, status: str) -> str:
    reach, until = _text(told.body, "reachabilityStatus"), reachable_until(told.body)
    said = reach or _text(told.body, "comment") or status or "no status"
    return f"Reachability: {said}" + (f", until {moment(until)}" if until else "")


def _failure(body: Mapping[str, Any]) -> list[str]:
    fault = _part(body, "faultResponse")
    said = _text(fault, "faultstring") or _text(fault, "faultcode")
    status = _text(body, "status")
    return [f"failed: {said or status}"] if said or status.lower() in _BAD else []


def _log(told: Told, now: float) -> Iterator[Moment]:
    """Yield the messages of a log of SMS that came as an answer."""
    response = _part(_part(told.body, "deviceResponse"), "smsEventHistoryResponse")
    events = response.get("smsEvents")
    for event in events if isinstance(events, list) else ():
        at = unix_time(event.get("timestamp")) if isinstance(event, dict) else 0.0
        if not 0 < at <= now + FUTURE:
            continue
        status, text = _text(event, "status"), _text(event, "message")
        way = "from" if _text(event, "direction").upper() == "MO" else "to"
        reason = f"{status.lower()}" if status.lower() in _BAD else ""
        yield Moment(
            at, Lane.SMS, Source.MESSAGES, f"SMS {way} the device, {status or 'no status'}: {text}",
            dict(event), reason, name=f"{at} {_digest(event)}",
        )  # fmt: skip


def _text(body: Mapping[str, Any], name: str) -> str:
    """Return a value whose name is written with or without a capital; empty for what is no text."""
    value = next((each for key, each in body.items() if str(key).lower() == name.lower()), "")
    return str(value) if isinstance(value, str | int | float) else ""


def _part(body: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    value = next((each for key, each in body.items() if str(key).lower() == name.lower()), None)
    return value if isinstance(value, dict) else {}


def _digest(body: Mapping[str, Any]) -> str:
    text = json.dumps(body, sort_keys=True)
    return blake2b(text.encode(errors="replace"), digest_size=8).hexdigest()
