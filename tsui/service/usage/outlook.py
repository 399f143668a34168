"""The outlook: what the cycle will come to, as a range, from rates that are each said in words."""

from collections.abc import Iterable, Sequence
from statistics import fmean, median
from typing import NamedTuple

from tsui.service.usage.cycle import Cycle
from tsui.service.usage.days import DAY, Standing, UsageDay, midnight, whole_days

FEWEST = 3
"""Whole days that must be told before anything is projected."""

LOOKED_AT = 28
"""Days before today that rates are worked out from: four weeks, each weekday as often."""

RECENT = 7
"""Days of the recent week."""


class Rate(NamedTuple):
    """A way to tell what a day will come to."""

    method: str
    """The way, in words."""
    per_day: float
    """Bytes."""


class Used(NamedTuple):
    """What was used in the cycle so far."""

    bytes: int
    """Bytes of the days that were told; at least so many were used."""
    told: int
    """Days that were told."""
    missing: int
    """Days that are over and were not told."""
    sms: int
    """Messages that were told."""
    sent: int | None
    """Those the device sent; None where they were not told apart."""
    abroad: int | None
    """Bytes abroad; None where they were not told apart."""
    home: int | None
    """Bytes at home; None where they were not told apart."""
    days_abroad: int
    """Days with usage abroad."""


class Outlook(NamedTuple):
    """What the cycle will come to, inferred."""

    rates: tuple[Rate, ...]
    """What is projected with, the lowest first."""
    days_left: float
    """Days until the cycle ends."""
    low: int
    """Bytes at the end by the lowest rate."""
    likely: int
    """Bytes at the end by the middle rate."""
    high: int
    """Bytes at the end by the highest rate."""

    @property
    def rate(self) -> float:
        """Bytes a day by the middle rate."""
        return median(each.per_day for each in self.rates)


def used_in(days: Sequence[UsageDay], cycle: Cycle, now: float) -> Used:
    """Add up what was told of the days of a cycle."""
    here = [each for each in days if cycle.holds(each.start)]
    told = [each for each in here if each.standing is Standing.TOLD]
    past = [each for each in here if each.start < midnight(now)]
    first = -midnight(-cycle.begin)
    over = max(0, int((midnight(now) - first) // DAY))
    return Used(
        sum(each.bytes or 0 for each in told),
        len(told),
        over - sum(each.standing is Standing.TOLD for each in past),
        sum(each.sms or 0 for each in here),
        _sum(each.sent for each in here),
        _sum(each.abroad for each in told),
        _sum(each.home for each in told),
        sum(each.is_abroad for each in here),
    )


def _sum(amounts: Iterable[int | None]) -> int | None:
    told = [each for each in amounts if each is not None]
    return sum(told) if told else None


def rates_of(days: Sequence[UsageDay], now: float) -> tuple[Rate, ...]:
    """Return what a day comes to by several ways, the lowest first; none where too few are told."""
    today = midnight(now)
    span = [each for each in days if today - LOOKED_AT * DAY <= each.start < today]
    told = whole_days(span)
    if len(told) < FEWEST:
        return ()
    amounts = [float(each.bytes or 0) for each in told]
    rates = [
        Rate("median day", median(amounts)),
        Rate("mean day", fmean(amounts)),
    ]
    recent = [float(each.bytes or 0) for each in told if each.start >= today - RECENT * DAY]
    if recent:
        rates.append(Rate(f"last {RECENT} days", fmean(recent)))
    if untold := sum(each.standing is Standing.NOT_TOLD for each in span):
        share = sum(amounts) / (len(told) + untold)
        rates.append(Rate(f"{untold} untold days as 0", share))
    return tuple(sorted(rates, key=lambda each: each.per_day))


def outlook_of(days: Sequence[UsageDay], used: Used, cycle: Cycle, now: float) -> Outlook | None:
    """Project the cycle to its end; None where too little was told for that."""
    rates = rates_of(days, now)
    if not rates:
        return None
    left = max(0.0, (cycle.end - now) / DAY)
    middle = median(each.per_day for each in rates)
    low, likely, high = (
        int(used.bytes + left * rate) for rate in (rates[0].per_day, middle, rates[-1].per_day)
    )
    return Outlook(rates, left, low, likely, high)
