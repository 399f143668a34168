"""Values of a filter that are no texts: ages, days, sizes and multiples."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum


class Comparison(StrEnum):
    """How a value is compared."""

    LESS = "<"
    AT_MOST = "<="
    EQUAL = ":"
    AT_LEAST = ">="
    MORE = ">"


@dataclass(frozen=True, slots=True)
class Now:
    """The moment a filter is asked at."""

    at: float
    """Unix time."""
    utc: bool = True
    """Whether days begin at midnight in UTC, or in the machine's own zone."""


@dataclass(frozen=True, slots=True)
class Age:
    """How long ago something is."""

    number: int
    """How many."""
    unit: str
    """Of what: ``s``, ``m``, ``h``, ``d`` or ``w``."""

    def __str__(self) -> str:
        return f"{self.number}{self.unit}"

    @property
    def seconds(self) -> int:
        """The same in seconds."""
        return self.number * _SECONDS[self.unit]


@dataclass(frozen=True, slots=True)
class Day:
    """A stretch of the calendar: a month, a day, or a minute of it."""

    text: str
    """As it is written: ``today``, ``2026-01``, ``2026-01-31``, ``2026-01-31T14:05``."""

    def __str__(self) -> str:
        return self.text

    def span(self, now: Now) -> tuple[float, float]:
        """Return when it begins and when the time after it begins, in Unix time."""
        zone = UTC if now.utc else None
        if self.text in _NAMED:
            today = datetime.fromtimestamp(now.at, UTC).astimezone(zone)
            start = today.replace(hour=0, minute=0, second=0, microsecond=0, tzinfo=UTC)
            start -= timedelta(days=_NAMED[self.text])
            end = start + timedelta(days=1)
        else:
            start, end = _written(self.text)
        return _unix(start, now), _unix(end, now)


@dataclass(frozen=True, slots=True)
class Size:
    """A number of bytes."""

    count: int
    """Bytes."""

    def __str__(self) -> str:
        fitting = [unit for unit, size in _SIZES.items() if not self.count % size]
        unit = max(fitting, key=_SIZES.__getitem__) if self.count else "B"
        return f"{self.count // _SIZES[unit]}{unit}"


@dataclass(frozen=True, slots=True)
class Times:
    """So many times something."""

    thousandths: int
    """Thousandths of a time."""

    def __str__(self) -> str:
        return f"{self.count:.3f}".rstrip("0").rstrip(".")

    @property
    def count(self) -> float:
        """How many times."""
        return self.thousandths / 1000


_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400, "w": 7 * 86400}
_SIZES = {"B": 1, "kB": 10**3, "MB": 10**6, "GB": 10**9, "TB": 10**12}
_BINARY = {"KiB": 2**10, "MiB": 2**20, "GiB": 2**30, "TiB": 2**40}
_BY_UNIT = {unit.lower(): size for unit, size in (_SIZES | _BINARY).items()}
_BY_UNIT |= {"": 1, "k": 10**3, "m": 10**6, "g": 10**9, "t": 10**12}
_NAMED = {"today": 0, "yesterday": 1}
_AGE = re.compile(r"([0-9]{1,5})([smhdw])")
_DAY = re.compile(r"([0-9]{4})-([0-9]{2})(?:-([0-9]{2})(?:T([0-9]{2}):([0-9]{2}))?)?")
_TIMES = re.compile(r"([0-9]{1,6})(?:\.([0-9]{1,3}))?x?")
_SIZE = re.compile(r"([0-9]{1,12})(?:\.([0-9]{1,6}))?([a-z]*)")


def read_time(text: str) -> Age | Day:
    """Read an age or a day; raises ValueError for anything else."""
    if age := _AGE.fullmatch(text.lower()):
        return Age(int(age[1]), age[2])
    if text.lower() in _NAMED:
        return Day(text.lower())
    _written(text.upper())
    return Day(text.upper())


def read_size(text: str) -> Size:
    """Read a number of bytes, e.g. ``5MB``; raises ValueError for anything else."""
    size = _SIZE.fullmatch(text.lower())
    if size is None or size[3] not in _BY_UNIT:
        raise ValueError(text)
    whole, fraction = int(size[1]), size[2] or "0"
    unit = _BY_UNIT[size[3]]
    return Size(whole * unit + int(fraction) * unit // 10 ** len(fraction))


def read_times(text: str) -> Times:
    """Read how many times, e.g. ``2.5``; raises ValueError for anything else."""
    times = _TIMES.fullmatch(text.lower())
    if times is None:
        raise ValueError(text)
    return Times(int(times[1]) * 1000 + int((times[2] or "0").ljust(3, "0")))


def _written(text: str) -> tuple[datetime, datetime]:
    """Return the first moment of a stretch and the first one after it, as if they were UTC."""
    found = _DAY.fullmatch(text)
    if found is None:
        raise ValueError(text)
    year, month, day, hour, minute = (int(each) if each else None for each in found.groups())
    start = datetime(year or 0, month or 0, day or 1, hour or 0, minute or 0, tzinfo=UTC)
    if not 1970 <= start.year < 9999:
        raise ValueError(text)
    if day is None:
        return start, (start + timedelta(days=31)).replace(day=1)
    return start, start + (timedelta(days=1) if hour is None else timedelta(minutes=1))


def _unix(moment: datetime, now: Now) -> float:
    """Return the Unix time of a moment whose zone is that of ``now``, whatever it says."""
    return (moment if now.utc else moment.replace(tzinfo=None).astimezone()).timestamp()
