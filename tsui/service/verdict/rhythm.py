"""Rhythm: how long a device is usually silent between two sessions, from its own history."""

from collections.abc import Sequence
from statistics import median
from typing import NamedTuple

from tsui.service.verdict.connections import Connection, Connections

FEWEST = 3
"""Silences from which on there is something usual."""


class Rhythm(NamedTuple):
    """What is usual for a device."""

    silences: Sequence[float]
    """Seconds from the end of each session to the start of the next one."""

    @property
    def is_known(self) -> bool:
        """Whether there is something usual."""
        return len(self.silences) >= FEWEST

    @property
    def usual(self) -> float:
        """The median silence in seconds; 0 where nothing is usual."""
        return median(self.silences) if self.is_known else 0.0

    @property
    def longest(self) -> float:
        """The longest silence that ended by itself; 0 where there was none."""
        return max(self.silences, default=0.0)


def rhythm_of(connections: Connections) -> Rhythm:
    """Return what is usual by a history; its holes count as no silence."""
    return Rhythm(tuple(each for run in connections.runs for each in _silences(run)))


def _silences(run: Sequence[Connection]) -> list[float]:
    ended: float | None = None
    silences = []
    for event in run:
        if event.is_start and ended is not None:
            silences.append(max(0.0, event.at - ended))
        ended = None if event.is_start else event.at
    return silences
