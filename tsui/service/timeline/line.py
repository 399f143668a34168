"""What was done to a line: by anybody, as its provisioning history tells, and from here."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from tsui.service.evidence import CLOCK_AHEAD
from tsui.service.kinds import KINDS
from tsui.service.timeline.model import Lane, Moment
from tsui.service.verdict.evidence import Source
from tsui.store.changes import OPEN, ChangeState, DeviceChange

EARLY, LATE = 60.0, 3600.0
"""Seconds by which a change may be dated before it was sent, or after its outcome was known."""

APART = 60.0
"""Seconds after which an outcome is a moment of its own."""

_STATES = tuple(name for kind in KINDS.values() if kind.becomes for name in kind.history)
"""How records begin that change the state of a line."""

_BAD = frozenset({ChangeState.FAILED, ChangeState.REFUSED, ChangeState.UNKNOWN})

_LANES: Mapping[str, Lane] = {
    "SendSms": Lane.SMS,
    "MonitorReachability": Lane.REACH,
    "StopMonitors": Lane.REACH,
}
"""Lanes of requests that are about something else than the line."""


def provisioning(
    records: Sequence[Mapping[str, Any]], changes: Sequence[DeviceChange], now: float
) -> Iterator[Moment]:
    """Yield what the provisioning history tells; what was not made from here is marked."""
    for record in records:
        if not record["at"]:
            continue
        what, status = str(record["event"]), str(record["status"])
        by = str(record["by"])
        is_done = status.strip().lower() == "success"
        reasons = [] if is_done else [f"it did not succeed: {status or 'no status'}"]
        if not any(_is_cause(change, record, now) for change in changes):
            reasons.append("not made from here")
        if is_done and what.lower().startswith(_STATES):
            reasons.append("state change")
        yield Moment(
            float(record["at"]),
            Lane.LINE,
            Source.PROVISIONING,
            f"{what or 'Something unnamed'}{f' by {by}' if by else ''}",
            dict(record),
            "; ".join(reasons),
            name=what,
        )


def _is_cause(change: DeviceChange, record: Mapping[str, Any], now: float) -> bool:
    """Tell whether a change from here is what a record of the history tells of."""
    kind = KINDS.get(change.operation)
    if kind is None or change.sending_at is None or change.state is ChangeState.NOT_SENT:
        return False
    if not str(record["event"]).lower().startswith(kind.history or ("\0",)):
        return False
    at = float(record["at"]) - float(change.before.get(CLOCK_AHEAD, 0.0))
    over = now if change.state in OPEN else change.changed_at
    return change.sending_at - EARLY <= at <= over + LATE


def requests(changes: Sequence[DeviceChange]) -> Iterator[Moment]:
    """Yield what was asked for from here, and later what became of it."""
    for change in changes:
        at = change.sending_at or change.created_at
        outcome = _outcome(change)
        asked = f"{change.title} by {change.operator}, request {change.request}"
        is_late = change.changed_at - at > APART
        sentence = asked if is_late else f"{asked}: {outcome}"
        yield _request(change, at, sentence, "" if is_late else _reason(change), "asked")
        if is_late:
            sentence = f"{change.title}, request {change.request}: {outcome}"
            yield _request(change, change.changed_at, sentence, _reason(change), "outcome")


def _outcome(change: DeviceChange) -> str:
    detail = change.problem or change.evidence
    return f"{change.state}, {detail}" if detail else str(change.state)


def _reason(change: DeviceChange) -> str:
    if change.contradiction:
        return f"ThingSpace contradicts itself: {change.contradiction}"
    if change.state in _BAD:
        return "its fate is unknown" if change.state is ChangeState.UNKNOWN else str(change.state)
    return ""


def _request(change: DeviceChange, at: float, sentence: str, reason: str, step: str) -> Moment:
    raw = {
        "request": change.request, "title": change.title, "operation": change.operation,
        "state": change.state.value, "operator": change.operator, "note": change.note,
        "created": change.created_at, "sent": change.sending_at, "changed": change.changed_at,
        "request_id": change.request_id, "fields": dict(change.fields),
        "before": dict(change.before), "problem": change.problem, "evidence": change.evidence,
        "contradiction": change.contradiction,
    }  # fmt: skip
    lane = _LANES.get(change.operation, Lane.REQUESTS)
    return Moment(at, lane, Source.REQUESTS, sentence, raw, reason, name=f"{change.id} {step}")
