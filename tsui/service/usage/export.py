"""What is exported of days of usage."""

from collections.abc import Sequence
from typing import NamedTuple

from tsui.service.export import Columns, moment_text
from tsui.service.usage.days import UsageDay
from tsui.service.usage.report import UsageReport


class Row(NamedTuple):
    """A day, and what the group used on it."""

    day: UsageDay
    """The day."""
    median: float | None
    """Bytes of the median member; None where too few were read."""
    is_spike: bool
    """Whether it is far more than a usual day."""


def rows_of(report: UsageReport) -> Sequence[Row]:
    """Return the days that are shown, newest first."""
    medians = report.known.group.medians
    return [
        Row(day, medians.get(day.start), day.start in report.spikes)
        for day in reversed(report.days)
    ]


COLUMNS: Columns[Row] = {
    "day_utc": lambda row: (moment_text(row.day.start) or "")[:10],
    "known": lambda row: row.day.standing.value,
    "whole_day": lambda row: row.day.is_whole,
    "bytes": lambda row: row.day.bytes,
    "sms": lambda row: row.day.sms,
    "sms_sent": lambda row: row.day.sent,
    "sms_received": lambda row: row.day.received,
    "abroad": lambda row: row.day.is_abroad,
    "bytes_abroad": lambda row: row.day.abroad,
    "bytes_home": lambda row: row.day.home,
    "plan": lambda row: row.day.plan,
    "source": lambda row: row.day.source,
    "told_instead": lambda row: row.day.raw,
    "group_median_bytes": lambda row: None if row.median is None else round(row.median),
    "spike": lambda row: row.is_spike,
}
"""What can be exported of a day."""
