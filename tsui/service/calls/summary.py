"""Calls summed up: how many, how many failed, how long they took."""

from collections.abc import Sequence
from dataclasses import dataclass

from tsui.service.calls.listing import Attempted
from tsui.thingspace.standing import Standing

__all__ = ["LATELY", "Standing", "Summary", "summed_up"]

LATELY = 60.0
"""Seconds that count as the last minute."""


@dataclass(frozen=True, slots=True)
class Summary:
    """What the calls that are remembered have in common."""

    attempts: int
    """How many there are."""
    lately: int
    """How many of them began in the last minute."""
    failed: int
    """How many failed."""
    median: float | None
    """Seconds that half of them took at most; None where none was answered."""
    slow: float | None
    """Seconds that 95 of 100 took at most."""


def summed_up(attempts: Sequence[Attempted], now: float) -> Summary:
    """Sum up attempts at a Unix time."""
    took = sorted(each.call.seconds for each in attempts if each.call.status is not None)
    return Summary(
        attempts=len(attempts),
        # A clock that was set back leaves calls of the future behind.
        lately=sum(1 for each in attempts if now - LATELY < each.call.at.timestamp() <= now),
        failed=sum(1 for each in attempts if each.has_failed),
        median=_quantile(took, 0.5),
        slow=_quantile(took, 0.95),
    )


def _quantile(values: Sequence[float], share: float) -> float | None:
    """Return the smallest value that no less than a share of the sorted values reaches."""
    if not values:
        return None
    return values[min(len(values) - 1, int(share * len(values)))]
