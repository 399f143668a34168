"""The timeline of a bundle: what happened, by whoever told it, as plain data."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from tsui.service import inbox
from tsui.service.export import moment_text
from tsui.store.changes import DeviceChange
from tsui.store.inbox import Message

Event = dict[str, Any]
"""An event of the shape, not cleaned yet, with its Unix time as ``at``."""


def timeline(
    windows: Sequence[Mapping[str, Any]],
    sessions: Sequence[Mapping[str, Any]],
    provisioning: Sequence[Mapping[str, Any]],
    changes: Iterable[tuple[DeviceChange, str]],
    messages: Iterable[Message],
) -> list[Event]:
    """Return all events, oldest first.

    The connection history may have been read twice: in windows for a verdict, and as one list.
    Changes come with the error code that the platform gave.
    """
    read = [event for window in windows for event in window["events"]]
    events = [
        *_connections([*read, *sessions]),
        *(_provisioning(each) for each in provisioning if each["at"]),
        *(event for change, code in changes for event in _change(change, code)),
        *map(_message, messages),
    ]
    return sorted(events, key=lambda each: each["at"])


def within(events: Iterable[Event], since: float, until: float) -> list[Event]:
    """Return the events of a span, with their times in words."""
    return [
        {**each, "at": moment_text(each["at"])} for each in events if since <= each["at"] <= until
    ]


def _connections(events: Iterable[Mapping[str, Any]]) -> Iterator[Event]:
    seen = set()
    for each in events:
        mark = (each["at"], each["event"])
        if not each["at"] or mark in seen:
            continue
        seen.add(mark)
        size = (
            f"{each['bytes']} bytes" if each["bytes"] and each["event"].lower() != "start" else ""
        )
        more = (f"{name} {value}" for name, value in each["more"].items())
        yield _event(
            each["at"], "connection", each["event"], ", ".join(filter(None, (size, *more))),
            "connection history",
        )  # fmt: skip


def _provisioning(each: Mapping[str, Any]) -> Event:
    plan = f"plan {each['plan']}" if each["plan"] else ""
    detail = ", ".join(
        filter(None, (each["status"], f"by {each['by']}" if each["by"] else "", plan))
    )
    return _event(each["at"], "provisioning", each["event"], detail, "provisioning history")


def _change(change: DeviceChange, code: str) -> Iterator[Event]:
    def event(at: float, what: str, detail: str = "", code: str = "") -> Event:
        said = f"{change.title}: {what}, request {change.request}"
        made = _event(at, "request", said, detail, "our requests")
        return {**made, "request_id": change.request_id, "code": code}

    yield event(change.created_at, "confirmed")
    if change.sending_at:
        yield event(change.sending_at, "sent")
    over = "; ".join(filter(None, (change.problem, change.evidence, change.contradiction)))
    if change.answered_at and change.answered_at < change.changed_at:
        yield event(change.answered_at, "answered", code=code)
    if change.changed_at > change.created_at or over:
        yield event(change.changed_at, str(change.state), over, code)


def _message(message: Message) -> Event:
    callback = inbox.read(message)
    service = inbox.service_of(message, callback) if callback else message.service
    fault = callback.fault_response if callback else None
    status = (callback.status or "") if callback else ""
    again = f"delivered {message.times} times" if message.times > 1 else ""
    text = fault.faultstring or "" if fault else ""
    detail = "; ".join(filter(None, (status, text, message.note, again)))
    made = _event(message.received_at, "callback", service or "message", detail, "callback message")
    code = fault.faultcode or "" if fault else ""
    return {**made, "request_id": message.request_id, "code": code}


def _event(at: float, kind: str, what: str, detail: str, source: str) -> Event:
    return {
        "at": at, "kind": kind, "what": what, "detail": detail, "source": source,
        "request_id": "", "code": "",
    }  # fmt: skip
