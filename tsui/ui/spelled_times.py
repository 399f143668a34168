"""Times in what was told: platforms and our own records count seconds, people do not."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from tsui.ui import words

NAMES = re.compile(
    r"(?:^|[_ .])(?i:at|on|time|timestamp|date|since|until|seen|start|end|expires)$"
    r"|(?:At|On|Time|Timestamp|Date|Since|Until|Seen|Start|End|Expires)$"
)
"""Names of what may be a time; also ``sentAt`` and ``first seen``."""

SECONDS = range(1_000_000_000, 3_000_000_000)
"""Numbers that are seconds of a time from 2001 to 2065."""

MILLISECONDS = range(1_000_000_000_000, 3_000_000_000_000)
"""Numbers that are milliseconds of such a time."""


def spelled(body: Any, *, utc: bool, name: str = "") -> Any:
    """Return what was told with its times as people write them, the zone named."""
    if isinstance(body, Mapping):
        return {key: spelled(value, utc=utc, name=str(key)) for key, value in body.items()}
    if isinstance(body, list):
        return [spelled(value, utc=utc, name=name) for value in body]
    at = _time(body) if NAMES.search(name) else None
    return body if at is None else words.moment(at, utc=utc, seconds=True)


def _time(value: Any) -> float | None:
    if isinstance(value, str) and value.isascii() and value.isdigit():
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    if int(value) in SECONDS:
        return float(value)
    return value / 1000 if int(value) in MILLISECONDS else None
