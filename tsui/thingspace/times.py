"""Timestamps: every form that ThingSpace is known to use, read to aware UTC."""

import re
from datetime import UTC, datetime, timedelta, timezone

_ISO = re.compile(
    r"""(\d{4})-(\d\d)-(\d\d)
        (?:[T ](\d\d):(\d\d)(?::(\d\d)(?:[.,](\d{1,9}))?(?:\.\d+)?)?)?
        \s*(?:(Z|UTC)|([+-])(\d\d):?([0-5]\d)?)?
        \s*(?:Z|UTC)?""",
    re.VERBOSE,
)
_PLAIN = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z")
"""The usual form, which Python itself reads four times as fast as we do."""

_COMPACT = re.compile(r"(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)")
_US = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4}) (0?\d|1[0-2]):(\d\d):(\d\d) ([AP]M)")
_US_DAY = re.compile(r"(\d\d)-(\d\d)-(\d{4})")
_LONGEST = 64
"""Characters of the longest form and some more; a hostile text would keep the patterns busy."""

_NOTHING = frozenset({"", "n/a", "na", "null", "none"})


def parse_time(text: str) -> datetime | None:
    """Read a timestamp as aware UTC; None for N/A and the empty string.

    A form without a zone is UTC, as the documents say of all answers. Raises ValueError for text
    that is no known form, so that the caller can show it as it is.
    """
    if _PLAIN.fullmatch(text):
        return datetime.fromisoformat(text)
    text = text.strip()
    if text.lower() in _NOTHING:
        return None
    if len(text) <= _LONGEST:
        for pattern, build in _FORMS:
            if match := pattern.fullmatch(text):
                return build(match)
    raise ValueError(f"not a known form of time: {text[:40]!r}")


def format_time(moment: datetime) -> str:
    """Write a time as requests carry it: whole seconds, UTC, ``Z``."""
    return moment.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="seconds") + "Z"


def _iso(match: re.Match[str]) -> datetime:
    year, month, day, hour, minute, second, fraction = match.group(1, 2, 3, 4, 5, 6, 7)
    sign, zone_hours, zone_minutes = match.group(9, 10, 11)
    zone = UTC
    if sign:
        offset = timedelta(hours=int(zone_hours), minutes=int(zone_minutes or 0))
        zone = timezone(-offset if sign == "-" else offset)
    moment = datetime(
        int(year),
        int(month),
        int(day),
        int(hour or 0),
        int(minute or 0),
        int(second or 0),
        int((fraction or "0").ljust(6, "0")[:6]),
        tzinfo=zone,
    )
    try:
        return moment.astimezone(UTC)
    except OverflowError:
        raise ValueError("the offset leads out of the calendar") from None


def _compact(match: re.Match[str]) -> datetime:
    year, month, day, hour, minute, second = map(int, match.groups())
    return datetime(year, month, day, hour, minute, second, tzinfo=UTC)


def _us(match: re.Match[str]) -> datetime:
    month, day, year, hour, minute, second = map(int, match.group(1, 2, 3, 4, 5, 6))
    return datetime(
        year, month, day, hour % 12 + (12 if match[7] == "PM" else 0), minute, second, tzinfo=UTC
    )


def _us_day(match: re.Match[str]) -> datetime:
    month, day, year = map(int, match.groups())
    return datetime(year, month, day, tzinfo=UTC)


_FORMS = ((_ISO, _iso), (_COMPACT, _compact), (_US, _us), (_US_DAY, _us_day))
