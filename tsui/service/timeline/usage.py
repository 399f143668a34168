"""Usage by day as moments, and the days of which nothing was told."""

from collections.abc import Iterator, Mapping, Sequence
from statistics import median
from typing import Any

from tsui.service.timeline.model import ALWAYS, DAY, FOREVER, Lane, Moment, Unknown
from tsui.service.usage.days import Read, Standing, UsageDay, days_of, midnight, spikes, whole_days
from tsui.service.verdict.evidence import Source
from tsui.service.verdict.say import size

_TOLD = (Standing.TOLD, Standing.UNREADABLE)


def usage(reads: Sequence[Read], now: float) -> Iterator[Moment]:
    """Yield the usage of each day that was told, and the messages counted for it."""
    days = days_of(reads, now)
    usual = median([each.bytes or 0 for each in whole_days(days)] or [0])
    odd, raw = spikes(days), _records(reads)
    for day in days:
        if day.standing not in _TOLD:
            continue
        reason = ""
        if day.start in odd:
            reason = f"{(day.bytes or 0) / usual:.0f} times its usual {size(usual)} a day"
        told = raw.get(day.start, [])
        yield Moment(
            day.start, Lane.USAGE, Source.USAGE, _sentence(day), told, reason, DAY, day.bytes or 0,
            "day",
        )  # fmt: skip
        if day.sms:
            sentence = f"{day.sms} SMS that day (UTC)"
            yield Moment(day.start, Lane.SMS, Source.USAGE, sentence, told, lasts=DAY, name="day")


def _sentence(day: UsageDay) -> str:
    amount = day.raw if day.bytes is None else size(day.bytes)
    abroad = ", some of it abroad" if day.is_abroad else ""
    plan = f", plan {day.plan}" if day.plan else ""
    return f"{amount or 'Bytes not told'} that day (UTC){abroad}{plan}"


def _records(reads: Sequence[Read]) -> Mapping[float, list[Mapping[str, Any]]]:
    found: dict[float, list[Mapping[str, Any]]] = {}
    for read in reads:
        days: dict[float, list[Mapping[str, Any]]] = {}
        for record in read.records:
            if record.get("at"):
                days.setdefault(midnight(float(record["at"])), []).append(record)
        found |= days
    return found


def unknown_usage(reads: Sequence[Read], now: float, trouble: str) -> list[Unknown]:
    """Return of which days nothing is known, oldest first; at least one day must have been read."""
    days = days_of(reads, now)
    read_at = max(read.until for read in reads)
    found = [Unknown(ALWAYS, days[0].start, "it was not asked for")]
    for day in days:
        if day.standing in _TOLD or day.start >= read_at:
            continue
        is_left_out = day.standing is Standing.NOT_TOLD
        why = "ThingSpace has no record" if is_left_out else "it was not asked for"
        end = min(day.start + DAY, read_at)
        if found[-1].until == day.start and found[-1].why == why:
            found[-1] = found[-1]._replace(until=end)
        else:
            found.append(Unknown(day.start, end, why))
    return [*found, Unknown(read_at, FOREVER, trouble or "it was not read since")]
