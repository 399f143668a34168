"""Times, spans and sizes in the sentences of a verdict; UTC, for they end up in tickets."""

from datetime import UTC, datetime

_STEPS = ((120, 1, "s"), (7200, 60, "min"), (2 * 86400, 3600, "h"), (float("inf"), 86400, "days"))


def moment(at: float) -> str:
    """Say when something was."""
    return f"{datetime.fromtimestamp(at, UTC):%Y-%m-%d %H:%M} UTC"


def span(seconds: float) -> str:
    """Say how long something takes or took."""
    seconds = max(0.0, seconds)
    _, unit, word = next(step for step in _STEPS if seconds < step[0])
    return f"{seconds / unit:.0f} {word}"


def size(count: float) -> str:
    """Say a number of bytes."""
    for unit in ("B", "kB", "MB"):
        if count < 1000:
            return f"{count:.0f} {unit}" if unit == "B" else f"{count:.1f} {unit}"
        count /= 1000
    return f"{count:.1f} GB"
