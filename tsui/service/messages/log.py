"""The log of texts that ThingSpace keeps for three months, as its callback tells it."""

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Any, NamedTuple

from tsui.service.device_record import unix_time
from tsui.service.verdict.evidence import Told

LOG = "DeviceService"
"""Callback service of the log of texts."""


class Way(StrEnum):
    """Where a message goes."""

    TO_DEVICE = "to"
    FROM_DEVICE = "from"


class Logged(NamedTuple):
    """A text of the log; all words are hostile until sanitised."""

    at: float
    """Unix time; 0 where not told."""
    way: Way
    text: str
    fate: str
    """What became of it in the platform's own words; empty while nothing is told."""


def logged(answers: Sequence[Told]) -> tuple[list[Logged], bool]:
    """Return the log that ThingSpace told, newest first, and whether it holds more."""
    found: list[Logged] = []
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


def _event(event: Mapping[str, Any]) -> Logged:
    """Read an event of the log, whose form is not documented."""
    comes = str(event.get("direction", "")).upper() == "MO"
    return Logged(
        unix_time(event.get("timestamp")),
        Way.FROM_DEVICE if comes else Way.TO_DEVICE,
        str(event.get("message") or ""),
        str(event.get("status") or ""),
    )
