"""What is out of the ordinary about sessions: silences, bursts, and runs that moved nothing."""

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from itertools import pairwise
from statistics import median
from typing import NamedTuple

from tsui.service.timeline.model import DAY, HOUR
from tsui.service.timeline.sessions import Session
from tsui.service.timeline.stretches import Stretch, covers
from tsui.service.verdict.rhythm import FEWEST
from tsui.service.verdict.say import span

LONG = 3.0
"""Times its usual silence from which on one is out of the ordinary."""

SHORTEST = 600.0
"""Seconds below which no silence is, however short the usual one."""

REGULAR = 4
"""Silences of about a length from which on they may be a habit, e.g. of a device off at night."""

EVERY = 2 * DAY
"""Seconds of history in which a habit shows at least once."""

ABOUT = 0.8
"""Share of the length of a silence from which on another one is about as long."""

EMPTY = 5
"""Sessions in a row without a byte that are no accident."""

BURST = 6
"""Connections within an hour that are too many; a device's fair share is four (documented)."""


class Odd(NamedTuple):
    """Something out of the ordinary that lasted."""

    name: str
    """What kind it is."""
    since: float
    """Unix time."""
    until: float
    sentence: str
    reason: str
    """Why it is out of the ordinary."""


class _Silence(NamedTuple):
    since: float
    until: float
    has_ended: bool

    @property
    def length(self) -> float:
        return self.until - self.since


def odd_silences(sessions: Sequence[Session], known: Sequence[Stretch]) -> Iterator[Odd]:
    """Yield when a device was silent for far longer than usual.

    A hole in what is known is no silence, and neither is a pause that the device makes every day
    or two.
    """
    silences = list(_silences(sessions, known))
    ended = sorted(each.length for each in silences if each.has_ended)
    if len(ended) < FEWEST:
        return
    usual = median(ended)
    history = sum(each.until - each.since for each in known)
    for each in silences:
        alike = len(ended) - bisect_left(ended, ABOUT * each.length)
        is_habit = alike >= max(REGULAR, history / EVERY)
        if each.length <= max(LONG * usual, SHORTEST) or is_habit:
            continue
        more = "" if each.has_ended else " so far"
        times = each.length / max(1.0, usual)
        reason = f"{times:.0f} times its usual {span(usual)}"
        sentence = f"Silent for {span(each.length)}{more}"
        yield Odd("silence", each.since, each.until, sentence, reason)


def _silences(sessions: Sequence[Session], known: Sequence[Stretch]) -> Iterator[_Silence]:
    for before, after in pairwise(sessions):
        since, until = before.end, after.start
        if since is None or until is None or since >= until:
            continue
        if covers(known, since, until):
            yield _Silence(since, until, has_ended=True)
    if sessions and (end := sessions[-1].end) is not None:
        until = next((each.until for each in known if each.since <= end <= each.until), end)
        if until > end and until == known[-1].until:
            yield _Silence(end, until, has_ended=False)


def bursts(sessions: Sequence[Session]) -> Iterator[Odd]:
    """Yield when a device connected too often, each burst from its first connection to its last."""
    starts = [each.start for each in sessions if each.start is not None]
    first = last = -1
    for number in range(len(starts) - BURST + 1):
        end = number + BURST - 1
        if starts[end] - starts[number] > HOUR:
            continue
        if number > last >= 0:
            yield _burst(starts[first : last + 1])
        if number > last:
            first = number
        last = end
    if last >= 0:
        yield _burst(starts[first : last + 1])


def _burst(starts: Sequence[float]) -> Odd:
    length = starts[-1] - starts[0]
    sentence = f"Burst of {len(starts):,} connections within {span(length)}"
    return Odd("burst", starts[0], starts[-1], sentence, f"{BURST} or more within an hour")


def runs_without_a_byte(sessions: Sequence[Session]) -> Iterator[Odd]:
    """Yield when sessions in a row moved nothing, from the first to the end of the last."""
    first = 0
    for place in range(len(sessions) + 1):
        if place < len(sessions) and sessions[place].bytes == 0:
            continue
        if place - first >= EMPTY:
            sentence = f"{place - first:,} sessions in a row without a byte"
            since, last = sessions[first].at, sessions[place - 1]
            yield Odd("empty", since, last.end or last.at, sentence, "it attaches in vain")
        first = place + 1
