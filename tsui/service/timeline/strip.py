"""The strip: how much happened when, in equal slices of a stretch of time."""

import math
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from tsui.service.timeline.model import Lane, Moment, Timeline

HIGHEST = 4
"""The highest level of a slice."""


class Slice(NamedTuple):
    """A slice of time in some lanes."""

    level: int = 0
    """How much happened, from 0 to HIGHEST."""
    is_odd: bool = False
    """Whether something in it is out of the ordinary."""
    is_known: bool = True
    """Whether it is known whether anything happened."""


def slices(
    timeline: Timeline,
    moments: Mapping[Lane, Sequence[Moment]],
    lanes: Sequence[Lane],
    since: float,
    until: float,
    count: int,
) -> list[Slice]:
    """Return so many slices of a stretch.

    The moments are those to count, by lane, oldest first. A slice in which nothing is counted is
    known only where the first of the lanes is.
    """
    first, *_ = lanes
    wide = (until - since) / count
    numbers, covered, odd = [0] * count, [0.0] * count, [False] * count
    most = max((each.amount for each in moments.get(Lane.USAGE, ())), default=0)
    for each in (each for lane in lanes for each in moments.get(lane, ())):
        if each.at >= until or (each.at < since and each.ends < since):
            continue
        place = min(count - 1, math.floor((each.at - since) / wide))
        if place >= 0:
            numbers[place] += 1
            odd[place] |= each.is_anomaly
        if not each.lasts or each.name in _NOTHING:
            continue
        share = each.amount / most if each.lane is Lane.USAGE and most else 1.0
        for at in range(max(0, place), min(count, math.floor((each.ends - since) / wide) + 1)):
            start = since + at * wide
            common = min(each.ends, start + wide) - max(each.at, start)
            covered[at] += max(0.0, common) / wide * share
    unknown = timeline.unknown.get(first, ())
    return [
        Slice(
            _level(0 if first is Lane.USAGE else numbers[at], covered[at]),
            odd[at],
            not any(each.since <= since + (at + 0.5) * wide < each.until for each in unknown),
        )
        for at in range(count)
    ]


_NOTHING = frozenset({"silence", "hole", "burst", "empty"})
"""Moments that last and are no sessions themselves."""


def _level(number: int, covered: float) -> int:
    """Return the level of so many moments, or of the share of the time that they last."""
    by_number = 1 + int(math.log2(number)) if number else 0
    return min(HIGHEST, max(by_number, math.ceil(HIGHEST * min(1.0, covered) - 0.01)))


def odd_slices(moments: Sequence[Moment], since: float, until: float, count: int) -> list[bool]:
    """Tell of each of so many slices whether something in it is out of the ordinary."""
    found = [False] * count
    for each in moments:
        if each.is_anomaly and each.at < until and (each.at >= since or each.ends > since):
            place = math.floor((each.at - since) / (until - since) * count)
            found[max(0, min(place, count - 1))] = True
    return found
