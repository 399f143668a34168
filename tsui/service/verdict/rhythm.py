"""Rhythm: how long a device is usually silent between two sessions, from its own history.

What is learned is kept, so that lists can tell who is overdue without a history at hand.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from statistics import median
from typing import NamedTuple

from tsui.service.verdict.connections import Connection, Connections, connections_of
from tsui.store.moments import usual
from tsui.store.rhythms import Learned
from tsui.store.store import Store

FEWEST = 3
"""Silences from which on there is something usual."""

MOSTLY = 0.9
"""Share of the sessions whose hours of the day are the usual ones."""


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


def learned(connections: Connections, now: float) -> Learned:
    """Return what is to be kept of a history; without a gap where too little happened in it."""
    rhythm = rhythm_of(connections)
    sessions = [each for run in connections.runs for each in _sessions(run)]
    newest = connections.newest if connections.is_current else None
    starts = [event.at for run in connections.runs for event in run if event.is_start]
    return Learned(
        now,
        usual(rhythm.silences),
        len(rhythm.silences),
        round(median(length for length, _ in sessions)) if sessions else 0,
        round(median(size for _, size in sessions)) if sessions else 0,
        _usual_hours(starts),
        max(starts, default=0.0),
        newest.at if newest and not newest.is_start else 0.0,
    )


async def learn(store: Store, device: int, connections: Connections, now: float) -> bool:
    """Keep what a history tells of a device's rhythm; False where it tells too little."""
    found = learned(connections, now)
    await store.rhythms.learn(device, found)
    return found.usual_gap > 0


async def learn_from_events(
    store: Store, device: int, events: Sequence[Mapping[str, object]], since: float, now: float,
    *, whole: bool = True,
) -> bool:  # fmt: skip
    """Keep what the events of a span tell of a device's rhythm."""
    window = {
        "since": since, "until": now, "events": events, "whole": whole, "trouble": "",
        "too_long": False,
    }  # fmt: skip
    return await learn(store, device, connections_of([window]), now)


def _sessions(run: Sequence[Connection]) -> Iterator[tuple[float, int]]:
    """Yield how long sessions took and what they moved."""
    began: float | None = None
    for event in run:
        if not event.is_start and began is not None:
            yield max(0.0, event.at - began), event.bytes
        began = event.at if event.is_start else None


def _usual_hours(starts: Sequence[float]) -> int:
    hours, mask, met = Counter(int(at // 3600 % 24) for at in starts), 0, 0
    for hour, count in hours.most_common():
        if met >= MOSTLY * len(starts):
            break
        mask, met = mask | 1 << hour, met + count
    return mask
