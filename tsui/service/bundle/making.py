"""Making: from what was collected to a bundle in its shape, clean."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from tsui.service import replies
from tsui.service.bundle.cleaning import (
    Cleaner,
    known_elsewhere,
    masked,
    personal_values,
    secret_values,
)
from tsui.service.bundle.collecting import Material
from tsui.service.bundle.shape import Bundle
from tsui.service.bundle.timeline import timeline, within
from tsui.service.bundle.unknowns import holes, unknowns
from tsui.service.environment import Environment
from tsui.service.export import moment_text
from tsui.service.kinds import ACCOUNT
from tsui.service.verdict.evidence import Source
from tsui.service.verdict.telling import as_data
from tsui.store.changes import DeviceChange
from tsui.thingspace.redact import Redactor
from tsui.thingspace.trace import Call

LONGEST_LIST = 20
"""Entries of a list in what was sent that are told; a batch may name thousands of devices."""

NOTE = (
    "All times are UTC. What ThingSpace told is by its clock, what was done here by the clock of "
    "this machine; ages count from when the bundle was made."
)


@dataclass(frozen=True, slots=True)
class Circumstances:
    """When, where and how a bundle is made."""

    now: datetime
    span: float
    """Seconds back from now that are told."""
    masked: bool
    """Whether personal data is masked."""
    environment: Environment
    account: str
    ahead: float | None
    """Seconds by which the platform's clock is ahead; None while nobody is signed in."""
    secrets: Redactor
    """Knows the secrets that are in use."""

    @property
    def until(self) -> float:
        """Unix time of now."""
        return self.now.timestamp()

    @property
    def since(self) -> float:
        """Unix time from which on is told."""
        return self.until - self.span


def make(material: Material, at: Circumstances) -> Bundle:
    """Put a bundle together; takes a while for a device with a long history."""
    data = _data(material, at)
    told = list(material.told())
    found = [value for each in told for value in secret_values(each)]
    personal: list[str] = []
    if at.masked:
        data = masked(data)
        values = (value for each in told for value in personal_values(each))
        personal = known_elsewhere(values, _structural(material))
    return Bundle.model_validate(Cleaner(at.secrets, found, personal).value(data))


def _data(material: Material, at: Circumstances) -> dict[str, Any]:
    shown = [each for each in material.changes if each.changed_at >= at.since]
    provisioning = material.rows(Source.PROVISIONING)
    windows = material.rows(Source.CONNECTIONS)
    pairs = [(each, material.codes.get(each.request, "")) for each in material.changes]
    events = timeline(windows, material.sessions, provisioning, pairs, material.messages)
    zone = at.now.astimezone()
    verdict = as_data(material.verdict) if material.verdict else None
    return {
        "made_at": moment_text(at.until),
        "subject": _subject(material),
        "span": {"since": moment_text(at.since), "until": moment_text(at.until)},
        "clock": {
            "note": NOTE,
            "zone": f"{zone.tzname()} (UTC{zone:%z})",
            "platform_ahead_seconds": None if at.ahead is None else round(at.ahead, 1),
        },
        "masked": at.masked,
        "environment": {
            "kind": at.environment.kind, "host": at.environment.host, "account": at.account,
        },
        "device": _device(material) if material.device else None,
        "verdict": verdict,
        "request": _request(material.change, material, at) if material.change else None,
        "requests": [_request(each, material, at) for each in shown],
        "calls": [_call(each, masks=at.masked) for each in material.calls],
        "timeline": within(events, at.since, at.until),
        "usage": _usage(material, at.since),
        "unknown": [
            *unknowns(material.verdict, shown, at.since), *holes(windows, at.since),
        ],
    }  # fmt: skip


def _subject(material: Material) -> str:
    named = next(iter(material.ids.items()), None)
    device = f"{named[0].upper()} {named[1]}" if named else ""
    if (change := material.change) is None:
        return device
    of = device or ("the account" if change.kind == ACCOUNT else change.identifier)
    return f"request {change.request} ({change.title}) of {of}"


def _device(material: Material) -> dict[str, Any] | None:
    row = material.device
    if row is None:
        return None
    line = material.piece(Source.LINE)
    diagnostics = material.piece(Source.DIAGNOSTICS)
    told = [
        (name, str(value))
        for part in material.rows(Source.DIAGNOSTICS)
        for name, value in part["values"].items()
    ]
    flat = replies.records([line.raw])[:1] if isinstance(line.raw, dict) else []
    return {
        "ids": material.ids,
        "state": row.state,
        "plan": row.plan,
        "groups": row.groups,
        "ip": row.ip,
        "connected": None if row.connected is None else bool(row.connected),
        "last_connection": moment_text(row.last_connection),
        "added": moment_text(row.created),
        "line": _reading(line, [pair for each in flat for pair in each.items()]),
        "diagnostics": _reading(diagnostics, told),
    }


def _reading(piece: Any, fields: Sequence[tuple[str, str]]) -> dict[str, Any]:
    return {
        "source": piece.source.value,
        "read": moment_text(piece.read_at),
        "trouble": piece.trouble,
        "fields": [{"name": name, "value": value} for name, value in fields],
    }


def _request(change: DeviceChange, material: Material, at: Circumstances) -> dict[str, Any]:
    return {
        "number": change.request,
        "title": change.title,
        "operation": change.operation,
        "state": change.state.value,
        "request_id": change.request_id,
        "code": material.codes.get(change.request, ""),
        "problem": change.problem,
        "evidence": change.evidence,
        "contradiction": change.contradiction,
        "identifier": change.identifier,
        "devices": change.devices,
        "confirmed": moment_text(change.created_at),
        "sent": moment_text(change.sending_at),
        "answered": moment_text(change.answered_at),
        "changed": moment_text(change.changed_at),
        "note": "" if at.masked else change.note,
        "body": _shortened(dict(change.fields)),
        "answer": json.loads(change.answer) if change.answer else None,
    }


def _shortened(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _shortened(each) for name, each in value.items()}
    if isinstance(value, list):
        more = [f"and {len(value) - LONGEST_LIST} more"] if len(value) > LONGEST_LIST else []
        return [*map(_shortened, value[:LONGEST_LIST]), *more]
    return value


def _call(call: Call, *, masks: bool) -> dict[str, Any]:
    is_error = call.status is None or call.status >= 400
    return {
        "at": moment_text(call.at.timestamp()),
        "operation": call.operation,
        "method": call.method,
        "path": call.path,
        "attempt": call.attempt,
        "seconds": round(call.seconds, 3),
        "status": call.status,
        "error": call.error,
        "received": _answer(call.received, masks=masks) if is_error else "",
    }


def _answer(received: str, *, masks: bool) -> str:
    """Return an answer, masked by the names in it where it is JSON."""
    try:
        return json.dumps(masked(json.loads(received))) if masks else received
    except (ValueError, RecursionError):
        return received


def _usage(material: Material, since: float) -> list[dict[str, Any]]:
    days = [each for each in material.rows(Source.USAGE) if each["at"] and each["at"] >= since]
    return [
        {
            "day": (moment_text(each["at"]) or "")[:10],
            "bytes": each["bytes"],
            "sms": each["sms"],
        }
        for each in days
    ]


def _structural(material: Material) -> set[str]:
    """Return values that a bundle shows in any case, and words that it is made of."""
    row = material.device
    shown = {"active", "success", "failed", "start", "stop", "true", "false", "none"}
    if row is not None:
        shown |= {row.state, row.plan, row.groups, row.ip, *material.ids.values()}
        shown |= {each.strip() for each in row.groups.split(",")}
    return shown
