"""The billing cycle: ThingSpace tells only when it ends; the rest is inferred."""

from calendar import monthrange
from datetime import UTC, datetime
from enum import StrEnum
from typing import NamedTuple


class Basis(StrEnum):
    """What the bounds of a cycle rest on."""

    TOLD = "its end is told; that it lasts a month is inferred"
    MOVED = "inferred from another end that was told, by whole months"
    CALENDAR = "no cycle end is told: this is the calendar month, not a bill"


class Cycle(NamedTuple):
    """A billing cycle, or what stands for it."""

    begin: float
    """Unix time of its beginning."""
    end: float
    """Unix time of its end, which belongs to the next one."""
    basis: Basis
    """What this rests on."""

    def holds(self, at: float) -> bool:
        """Tell whether a time is in the cycle."""
        return self.begin <= at < self.end


def cycle_of(end: float, now: float) -> Cycle:
    """Return the cycle that a time is in, by an end that was told; 0 or before 1970 for none."""
    if end <= 0:
        today = datetime.fromtimestamp(now, UTC)
        first = datetime(today.year, today.month, 1, tzinfo=UTC)
        return Cycle(first.timestamp(), _months_on(first, 1), Basis.CALENDAR)
    told = datetime.fromtimestamp(end, UTC)
    today = datetime.fromtimestamp(now, UTC)
    step = (today.year - told.year) * 12 + today.month - told.month
    while _months_on(told, step) > now:
        step -= 1
    while _months_on(told, step + 1) <= now:
        step += 1
    basis = Basis.TOLD if step == -1 else Basis.MOVED
    return Cycle(_months_on(told, step), _months_on(told, step + 1), basis)


def _months_on(moment: datetime, months: int) -> float:
    """Return a time some months on, on the same day or on the last one of a shorter month."""
    count = moment.year * 12 + moment.month - 1 + months
    year, month = count // 12, count % 12 + 1
    day = min(moment.day, monthrange(year, month)[1])
    return moment.replace(year=year, month=month, day=day).timestamp()
