"""Shifts: the stretches of the day into which the settings cut it, in the operator's own zone.

Shifts begin at times of the wall clock, so one is an hour shorter or longer where the clocks are
changed within it; no moment is in two shifts, or in none.
"""

import re
from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import NamedTuple

_TIME = re.compile(r"([01]?[0-9]|2[0-3]):([0-5][0-9])")

DAYS = 2
"""Days around a moment in which the shift before it and the one after it surely begin."""


class Shift(NamedTuple):
    """One shift."""

    begin: datetime
    """Its first moment, in UTC."""
    end: datetime
    """The first moment of the next one, in UTC."""


def shift_at(moment: datetime, begins: Sequence[str], zone: tzinfo | None = None) -> Shift:
    """Return the shift that a moment is in; the zone is the machine's own where none is given.

    Raises ValueError where no shift begins, or at what is no time of day.
    """
    starts = [time_of_day(each) for each in begins]
    if not starts:
        raise ValueError("no shift begins at any time")
    today = moment.astimezone(zone).date()
    days = [today + timedelta(days=each) for each in range(-DAYS, DAYS + 1)]
    edges = sorted({_begins(day, start, zone) for day in days for start in starts})
    begin = max(edge for edge in edges if edge <= moment)
    return Shift(begin, min(edge for edge in edges if edge > moment))


def newest_at(moment: datetime, start: str, zone: tzinfo | None = None) -> datetime:
    """Return the last time that a wall clock showed a time of day, in UTC; raises ValueError."""
    return shift_at(moment, (start,), zone).begin


def time_of_day(text: str) -> time:
    """Return a time of day such as ``06:00``; raises ValueError."""
    if (found := _TIME.fullmatch(text.strip())) is None:
        raise ValueError(f"{text[:20]!r} is no time of day such as 06:00")
    return time(int(found[1]), int(found[2]))


def _begins(day: date, start: time, zone: tzinfo | None) -> datetime:
    """Return when a wall clock shows a time on a day: the first time of two.

    A time that is left out when the clocks are put forward is that much later.
    """
    local = datetime.combine(day, start, zone)
    return local.astimezone(UTC)
