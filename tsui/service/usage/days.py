"""Days of usage: what was told of each, and of which nothing was told."""

from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum
from statistics import median
from typing import Any, NamedTuple

DAY = 86_400.0
"""Seconds of a day; ThingSpace counts usage by days of UTC."""

LATENESS = 900.0
"""Seconds by which figures of data come after the end of a session (documented)."""

SPIKE = 3.0
"""A day is a spike from so many times the median day on."""

FEWEST = 7
"""Whole days that must be told before one of them is called a spike."""


class Standing(StrEnum):
    """What is known of a day."""

    TOLD = "told"
    NOT_TOLD = "not told"
    """It was asked for, and the answer has no record of it: that is not the same as nothing."""
    UNREADABLE = "no number"
    """A record came, but its amount is no number."""
    NOT_READ = "not read"
    """It was never asked for, or could not be read."""


class Read(NamedTuple):
    """An answer: a span that was asked for, and its records."""

    since: float
    """Unix time."""
    until: float
    """Unix time; the moment of the reading, at most."""
    records: Sequence[Mapping[str, Any]]
    """Records as the store has them."""
    read_at: float
    """Unix time of the reading."""


class UsageDay(NamedTuple):
    """A day."""

    start: float
    """Midnight UTC, as Unix time."""
    standing: Standing
    """What is known of it."""
    bytes: int | None = None
    """Data in both directions; None where no number was told."""
    is_whole: bool = False
    """Whether the day was over when it was read, and its last figures had time to come in."""
    sms: int | None = None
    """Messages in both directions."""
    sent: int | None = None
    """Messages the device sent."""
    received: int | None = None
    """Messages the device got."""
    abroad: int | None = None
    """Data abroad; None where it was not told apart."""
    home: int | None = None
    """Data at home; None where it was not told apart."""
    is_abroad: bool = False
    """Whether it was used abroad."""
    plan: str = ""
    """Service plan of the day, as told."""
    raw: str = ""
    """What came where a number should be."""
    source: str = ""
    """Where the figure comes from, as told."""


def days_of(reads: Sequence[Read], now: float) -> tuple[UsageDay, ...]:
    """Return every day from the first that was read until today, oldest first.

    Of a day that several answers tell, the last one counts.
    """
    if not reads:
        return ()
    told: dict[float, UsageDay] = {}
    asked: set[float] = set()
    for read in reads:
        asked |= _asked(read)
        told |= told_by(read)
    day, days = min(asked | set(told), default=midnight(now)), []
    while day <= now:
        standing = Standing.NOT_TOLD if day in asked else Standing.NOT_READ
        days.append(told.get(day) or UsageDay(day, standing))
        day += DAY
    return tuple(days)


def midnight(at: float) -> float:
    """Return the beginning of the day (UTC) of a time."""
    return at // DAY * DAY


def whole_days(days: Iterable[UsageDay]) -> list[UsageDay]:
    """Return the days that are told and over."""
    return [each for each in days if each.standing is Standing.TOLD and each.is_whole]


def spikes(days: Sequence[UsageDay]) -> frozenset[float]:
    """Return the beginnings of days with far more than a usual day."""
    amounts = [each.bytes or 0 for each in whole_days(days)]
    usual = median(amounts) if len(amounts) >= FEWEST else 0
    if not usual:
        return frozenset()
    return frozenset(each.start for each in days if (each.bytes or 0) >= SPIKE * usual)


def _asked(read: Read) -> set[float]:
    """Return the days whose midnight is in the span: only those are in the answer."""
    day = midnight(read.since)
    found = set()
    while day <= read.until:
        if day >= read.since:
            found.add(day)
        day += DAY
    return found


def told_by(read: Read) -> dict[float, UsageDay]:
    """Return the days of an answer by their beginnings; others than were asked for do not count."""
    by_day: dict[float, list[Mapping[str, Any]]] = {}
    for record in read.records:
        if midnight(read.since) <= float(record.get("at") or 0) <= read.until:
            by_day.setdefault(midnight(float(record["at"])), []).append(record)
    return {start: _day(start, records, read.read_at) for start, records in by_day.items()}


def _day(start: float, records: Sequence[Mapping[str, Any]], read_at: float) -> UsageDay:
    """Put the records of a day together; those of one source add up, sources never do."""
    source = str(records[0].get("source") or "")
    same = [each for each in records if str(each.get("source") or "") == source]
    amounts = [amount(each) for each in same]
    is_number = None not in amounts
    return UsageDay(
        start,
        Standing.TOLD if is_number else Standing.UNREADABLE,
        sum(filter(None, amounts)) if is_number else None,
        read_at >= start + DAY + LATENESS,
        _sum(same, "sms"),
        _sum(same, "sent"),
        _sum(same, "received"),
        _sum(same, "abroad_bytes"),
        _sum(same, "home_bytes"),
        any(each.get("abroad") for each in same),
        str(same[-1].get("plan") or ""),
        ", ".join(raw for each in same if (raw := str(each.get("bytes_raw") or ""))),
        source,
    )


def amount(record: Mapping[str, Any]) -> int | None:
    """Return the bytes of a record; also those that came as digits of a text."""
    if isinstance(record.get("bytes"), int):
        return int(record["bytes"])
    raw = str(record.get("bytes_raw") or "").strip()
    return int(raw) if raw.isascii() and raw.isdecimal() else None


def _sum(records: Iterable[Mapping[str, Any]], name: str) -> int | None:
    values = [each[name] for each in records if isinstance(each.get(name), int)]
    return sum(values) if values else None
