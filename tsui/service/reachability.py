"""Reachability: what callbacks tell of a device, and the monitors that were set on it from here."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from tsui.service.device_record import unix_time
from tsui.service.verdict.evidence import Told
from tsui.store.changes import ChangeState, DeviceChange

SERVICE = "DiagnosticsService"
"""Callback service that tells it."""


class Reach(NamedTuple):
    """What was told of a device at a moment."""

    at: float
    """Unix time at which the message came."""
    status: str
    """The platform's word; empty where it told none, only until when."""
    until: float
    """Unix time until when a device that can be reached should stay so; 0 where not told."""
    comment: str
    """More about it."""
    watch: str
    """What was asked, or is watched."""
    monitor: str
    """The monitor that told; empty for the answer of a question."""


class Monitor(NamedTuple):
    """A monitor that was set on a device from here."""

    set_at: float
    """Unix time."""
    watch: str
    """What it watches."""
    ends: float
    """Unix time at which it ends by itself; 0 where that cannot be read."""
    id: str
    """What it is stopped by; empty until the callback has told."""
    change: DeviceChange
    """How its registration went."""
    is_stopped: bool
    """Whether it was stopped from here."""


def told_of_reach(told: Sequence[Told]) -> list[Reach]:
    """Return what messages tell of reachability, in their order."""
    return [_reach(each) for each in told if _tells_reach(each)]


def monitors(changes: Sequence[DeviceChange], told: Sequence[Told]) -> list[Monitor]:
    """Return the monitors that were set on a device from here, newest first."""
    ids = {
        each.request_id: str(each.body["monitorId"])
        for each in told
        if each.request_id and each.body.get("monitorId")
    }
    stopped = set(_stopped(changes))
    return [
        Monitor(
            change.created_at,
            str(change.fields.get("requestType", "")),
            unix_time(change.fields.get("monitorExpirationTime")),
            ids.get(change.request_id, ""),
            change,
            bool(ids.get(change.request_id)) and ids[change.request_id] in stopped,
        )
        for change in changes
        if change.operation == "MonitorReachability"
    ]


def listed(answers: Sequence[Told], known: Sequence[Monitor]) -> list[tuple[str, str]]:
    """Return id and watch of the monitors ThingSpace lists that were not set from here."""
    ours = {each.id for each in known}
    found = {
        str(each.body["monitorId"]): str(each.body.get("requestType") or "")
        for each in answers
        if each.body.get("monitorId")
    }
    return [(name, watch) for name, watch in found.items() if name not in ours]


def _stopped(changes: Sequence[DeviceChange]) -> Iterator[str]:
    for change in changes:
        if change.operation == "StopMonitors" and change.state is ChangeState.SUCCEEDED:
            yield from map(str, change.fields.get("monitorIds") or ())


def _tells_reach(told: Told) -> bool:
    if told.service != SERVICE:
        return False
    body = told.body
    if body.get("reachabilityStatus") or _until(body) or body.get("faultResponse"):
        return True
    # The first answer to a question may be without a status; another follows (documented).
    return bool(body.get("requestType")) and not body.get("monitorId")


def _reach(told: Told) -> Reach:
    body = told.body
    fault = body.get("faultResponse")
    why = ""
    if isinstance(fault, Mapping):
        why = str(fault.get("faultstring") or fault.get("faultcode") or "failed")
    return Reach(
        told.at,
        "Failed" if why else str(body.get("reachabilityStatus") or ""),
        _until(body),
        why or str(body.get("comment") or ""),
        str(body.get("requestType") or body.get("monitorType") or ""),
        str(body.get("monitorId") or ""),
    )


def _until(body: Mapping[str, Any]) -> float:
    return unix_time(body.get("MaxUEAvailabilityTime") or body.get("maxUEAvailabilityTime"))
