"""Changes that are not over, counted by what they wait for."""

from collections.abc import Iterable
from typing import NamedTuple

from tsui.store.changes import ChangeState, DeviceChange


class InFlight(NamedTuple):
    """Changes that are not over, by what they wait for."""

    sending: int = 0
    """On their way out."""
    waiting: int = 0
    """Accepted, outcome awaited."""
    unknown: int = 0
    """Fate not known."""


def in_flight(changes: Iterable[DeviceChange]) -> InFlight:
    """Count changes that are not over."""
    counts: dict[ChangeState, int] = {}
    for change in changes:
        counts[change.state] = counts.get(change.state, 0) + 1
    return InFlight(
        counts.get(ChangeState.INTENDED, 0) + counts.get(ChangeState.SENDING, 0),
        counts.get(ChangeState.ACCEPTED, 0),
        counts.get(ChangeState.UNKNOWN, 0),
    )
