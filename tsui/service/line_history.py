"""What the provisioning history tells of a line's state: since when it is in it, and by whom."""

import re
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

_EVENTS = {
    "active": re.compile(r"\b(activat|restor|resum)", re.IGNORECASE),
    "suspend": re.compile(r"\bsuspen", re.IGNORECASE),
    "deactive": re.compile(r"\bdeactivat", re.IGNORECASE),
}
"""What the event that led into a state is called; the words are not documented as a list."""


class Since(NamedTuple):
    """The change that led into a state; the texts are hostile until sanitised."""

    at: float
    """Unix time."""
    event: str
    by: str


def state_since(events: Sequence[Mapping[str, Any]], state: str) -> Since | None:
    """Return the newest successful change that led into a state; None where none is told."""
    pattern = _EVENTS.get(state)
    for event in sorted(events, key=lambda each: -(each.get("at") or 0.0)):
        name, status = str(event.get("event", "")), str(event.get("status", ""))
        is_done = status.strip().lower() == "success"
        if pattern is not None and is_done and event.get("at") and pattern.search(name):
            return Since(float(event["at"]), name, str(event.get("by", "")))
    return None
