"""The group: what a usual member used on each day, by those members whose usage was read."""

from collections.abc import Iterable, Mapping
from statistics import median
from typing import NamedTuple

from tsui.service.usage.days import Read, told_by, whole_days

FEWEST = 3
"""Members that must have told of a day before it has a median."""


class GroupUsage(NamedTuple):
    """What the members of a group used."""

    name: str
    """The group; empty for a device in none."""
    members: int
    """Other devices in it, as far as they are known here."""
    told: int
    """Those whose usage is remembered and counts here."""
    medians: Mapping[float, float]
    """Bytes of the median member by the beginning of the day, for days that enough told."""


def medians_of(members: Iterable[Read]) -> Mapping[float, float]:
    """Return the median of each day that enough members told whole, by its beginning."""
    by_day: dict[float, list[int]] = {}
    for read in members:
        for day in whole_days(told_by(read).values()):
            by_day.setdefault(day.start, []).append(day.bytes or 0)
    return {
        start: median(amounts)
        for start, amounts in sorted(by_day.items())
        if len(amounts) >= FEWEST
    }
