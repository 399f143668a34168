"""What a message about reachability tells: pure functions, the same in whatever order they come.

The field that says whether a device can be reached is not documented; its name and words are read
generously, and what nobody knows stays as it came.
"""

from collections.abc import Mapping
from typing import Any

from tsui.store.reach import What
from tsui.thingspace.callback_answers import ReachabilityMessage

_FIELDS = ("reachabilitystatus", "reachability", "reachablestatus", "devicestatus")
"""Names, in lower case, under which a status may stand."""

_BAD = frozenset({"failed", "failure"})
_OF_REQUEST = {
    "MonitorReachability": What.SET,
    "StopMonitors": What.STOPPED,
    "ListMonitors": What.LISTED,
    "GetReachability": What.ASLEEP,
}
"""What a message tells that answers an operation and says nothing of the device."""


def what_of(
    message: ReachabilityMessage, operation: str, *, is_first: bool, is_its_own: bool
) -> What:
    """Say what a message tells.

    ``operation`` is the one of ours that it answers, if any; ``is_first`` tells whether no message
    before it named its monitor, ``is_its_own`` whether the request that set the monitor sends it.
    """
    if message.fault_response is not None or (message.status or "").lower() in _BAD:
        return What.FAILED
    if operation == "StopMonitors":
        return What.STOPPED
    word = status_word(message.received).upper().replace(" ", "_")
    if word.startswith(("NOT", "UN")) or "LOST" in word or "LOSS" in word:
        return What.LOST
    if message.max_ue_availability_time is not None or "REACHABLE" in word:
        return What.REACHABLE
    if operation == "ListMonitors" and not message.monitor_id:
        return What.NONE
    if operation == "MonitorReachability" or not operation:
        sets = is_first and operation == "MonitorReachability"
        return _of_a_monitor(message, sets=sets, is_first=is_first, is_its_own=is_its_own)
    return _OF_REQUEST.get(operation, What.OTHER)


def until_of(message: ReachabilityMessage) -> float:
    """Return until when the device should stay reachable as Unix time; 0 where not told."""
    told = message.max_ue_availability_time
    return told.timestamp() if told is not None else 0.0


def status_word(body: Mapping[str, Any]) -> str:
    """Return the word that says whether a device can be reached; empty where there is none."""
    for name, value in body.items():
        if name.lower() in _FIELDS and isinstance(value, str):
            return value.strip()
    return ""


def said_of(message: ReachabilityMessage) -> str:
    """Return the platform's own words about it."""
    fault = message.fault_response
    if fault is not None:
        return fault.faultstring or fault.faultcode or "failed"
    return " ".join(filter(None, (status_word(message.received), message.comment or "")))


def _of_a_monitor(
    message: ReachabilityMessage, *, sets: bool, is_first: bool, is_its_own: bool
) -> What:
    """Judge a message without a status: ours first sets the monitor, later ones tell a change."""
    if not message.monitor_id:
        return What.OTHER
    # A monitor of nothing else has nothing else to tell. Of one that was set elsewhere nobody
    # knows whether its setting was told before: an alarm too many is better than one too few.
    only_loss = (message.request_type or "").upper() == "LOSS_OF_CONNECTIVITY"
    if only_loss and is_its_own and not sets:
        return What.LOST
    return What.SET if is_first else What.OTHER
