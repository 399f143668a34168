"""Calls as text: in exports, on the clipboard, and for people to read."""

import json
from typing import Any

from tsui.service.calls.listing import Attempted
from tsui.service.export import Columns
from tsui.thingspace.trace import Call

COLUMNS: Columns[Attempted] = {
    "at_utc": lambda each: each.call.at.isoformat(timespec="milliseconds"),
    "call": lambda each: each.call.call,
    "attempt": lambda each: each.number,
    "of": lambda each: each.of,
    "name": lambda each: each.call.name,
    "method": lambda each: each.call.method,
    "path": lambda each: each.call.path,
    "status": lambda each: each.call.status,
    "milliseconds": lambda each: round(each.call.seconds * 1000),
    "size": lambda each: each.call.size,
    "error": lambda each: each.call.error,
    "why": lambda each: each.call.why,
    "sent": lambda each: each.call.sent,
    "received": lambda each: each.call.received,
}
"""What an export says of an attempt."""


def body(text: str) -> Any:
    """Return a body as JSON if it is that, else as text."""
    try:
        return json.loads(text) if text else None
    except ValueError:
        return text


def pretty(text: str) -> str:
    """Return a body as people read it: JSON in lines of its own."""
    value = body(text)
    if value is None or isinstance(value, str):
        return text
    return json.dumps(value, indent=2, ensure_ascii=False)


def row(call: Call) -> str:
    """Return an attempt in one line, its parts behind tabs."""
    status = "no answer" if call.status is None else str(call.status)
    told = (
        call.at.isoformat(timespec="milliseconds"), status, call.method, call.path, call.name,
        f"{call.seconds:.3f} s", f"{call.size} B", call.error,
    )  # fmt: skip
    return "\t".join(told).rstrip()
