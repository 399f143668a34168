"""Times as people write them: ``now``, ``today``, ``7d`` ago, ``+2h``, or a day, or all of it."""

import re
from datetime import UTC, datetime, timedelta

EXAMPLES = "a time: 2026-01-31T12:00Z, 2026-01-31, now, 7d (ago), +2h; UTC without a zone"
"""What may be written, in words."""

_UNITS = {"m": "minutes", "h": "hours", "d": "days", "w": "weeks"}


def moment_of(text: str, now: datetime) -> datetime:
    """Return the moment that was written, in UTC; raises ValueError with a sentence."""
    words = " ".join(text.lower().removesuffix("ago").split())
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
    if words in ("now", "today", "yesterday"):
        return {"now": now, "today": midnight, "yesterday": midnight - timedelta(days=1)}[words]
    if distance := re.fullmatch(r"([+-]?)(\d{1,5}) ?([mhdw])", words):
        sign, number, unit = distance.groups()
        span = timedelta(**{_UNITS[unit]: int(number)})
        return now + span if sign == "+" else now - span
    try:
        written = datetime.fromisoformat(text.strip())
        return written.astimezone(UTC) if written.tzinfo else written.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        raise ValueError(f"{text[:40]!r} is no time; write {EXAMPLES}.") from None
