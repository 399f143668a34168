"""Stretches of time: which are known, and what is left between them."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple


class Stretch(NamedTuple):
    """A stretch of time, in Unix seconds."""

    since: float
    until: float


def united(stretches: Iterable[Stretch]) -> list[Stretch]:
    """Return stretches that cover the same and do not touch each other, oldest first."""
    found: list[Stretch] = []
    for each in sorted(stretches):
        if found and each.since <= found[-1].until:
            found[-1] = Stretch(found[-1].since, max(found[-1].until, each.until))
        elif each.until > each.since:
            found.append(each)
    return found


def between(known: Sequence[Stretch], whole: Stretch) -> list[Stretch]:
    """Return what stretches that do not touch each other leave of a whole, oldest first."""
    left, since = [], whole.since
    for each in known:
        if each.since > since:
            left.append(Stretch(since, min(each.since, whole.until)))
        since = max(since, each.until)
    if since < whole.until:
        left.append(Stretch(since, whole.until))
    return [each for each in left if each.until > each.since]


def covers(known: Iterable[Stretch], since: float, until: float) -> bool:
    """Tell whether all from one time to another is in one of the stretches."""
    return any(each.since <= since and until <= each.until for each in known)
