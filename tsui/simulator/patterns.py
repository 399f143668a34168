"""Sessions and usage of a device, worked out from its rhythm for any span of time.

Session number k has a slot of its own in time, so any window of history can be made without the
ones before it, and the same question always gets the same answer.
"""

from collections.abc import Iterator
from typing import NamedTuple

from tsui.simulator.catalogue import Rhythm
from tsui.simulator.draw import Draw, mix

DAY = 86_400.0
BILLING_CYCLE = 30 * DAY
"""Billing cycles follow one another from 1970 on."""

FOREVER = float("inf")


class Span(NamedTuple):
    """A span of time, in Unix seconds."""

    start: float
    end: float


class Session(NamedTuple):
    """A data session."""

    start: float
    end: float
    """Unix time; FOREVER for one that was never closed."""
    size: int
    """Bytes it moves from start to end."""

    def is_open(self, at: float) -> bool:
        """Tell whether it lasts at a time."""
        return self.start <= at < self.end


def sessions(rhythm: Rhythm, seed: int, served: list[Span], window: Span) -> Iterator[Session]:
    """Yield the sessions that touch a window, in order; none while the line is out of service."""
    phase = _phase(rhythm, seed)
    for span in served:
        start = max(window.start - rhythm.duration[1], span.start)
        first = int((start - phase) // rhythm.period) - 1
        last = int((min(window.end, span.end) - phase) // rhythm.period)
        for k in range(first, last + 1):
            session = _session(rhythm, seed, phase, k)
            cut = _within(session, span) if session else None
            if cut and cut.end > window.start and cut.start < window.end:
                yield cut


def last_session(rhythm: Rhythm, seed: int, served: list[Span], now: float) -> Session | None:
    """Return the newest session that has begun; None when there never was one."""
    phase = _phase(rhythm, seed)
    for span in sorted(served, reverse=True):
        k = int((min(now, span.end) - phase) // rhythm.period)
        while phase + (k + 1) * rhythm.period > span.start:
            session = _session(rhythm, seed, phase, k)
            if session and session.start <= now and (cut := _within(session, span)):
                return cut
            k -= 1
    return None


def daily_bytes(found: Iterator[Session], window: Span) -> dict[float, int]:
    """Spread the bytes of sessions over the days (midnight UTC) of a window they fall into."""
    days: dict[float, float] = {}
    for session in found:
        end = min(session.end, window.end)
        length = max(1.0, session.end - session.start)
        day = session.start // DAY * DAY
        while day < end:
            part = min(end, day + DAY) - max(session.start, day)
            if day + DAY > window.start:
                days[day] = days.get(day, 0.0) + session.size * part / length
            day += DAY
    return {day: int(size) for day, size in sorted(days.items())}


def _phase(rhythm: Rhythm, seed: int) -> float:
    return mix(seed, 1) / 2**64 * rhythm.period


def _session(rhythm: Rhythm, seed: int, phase: float, k: int) -> Session | None:
    slot = phase + k * rhythm.period
    begin, end = rhythm.hours
    if not begin <= slot // 3600 % 24 < end:
        return None
    draw = Draw(seed, 2, k)
    start = slot + draw.unit() * rhythm.jitter * rhythm.period
    length = draw.between(*rhythm.duration)
    return Session(start, start + length, int(length * draw.between(*rhythm.rate)))


def _within(session: Session, span: Span) -> Session | None:
    """Cut a session off where the line went out of service; None if it could not begin."""
    if not span.start <= session.start < span.end:
        return None
    if session.end <= span.end:
        return session
    share = (span.end - session.start) / (session.end - session.start)
    return Session(session.start, span.end, int(session.size * share))
