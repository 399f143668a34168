"""The table of usage by day, newest first."""

from datetime import UTC, datetime

from tsui.service.usage.days import Standing, UsageDay, midnight
from tsui.service.usage.report import UsageReport
from tsui.text import sanitize
from tsui.ui import words
from tsui.ui.painted import Line

HEAD: Line = [(f" {'Day (UTC)':<10}  {'Data':>9}  {'Group':>9}  {'SMS':>3}  Note", "head")]
"""The names of the columns."""

WIDTH = 58
"""Cells in which a line is seen with a note of usual length."""


def table(report: UsageReport) -> list[Line]:
    """Return a line for each day."""
    return [_line(day, report) for day in reversed(report.days)]


def _line(day: UsageDay, report: UsageReport) -> Line:
    usual = report.known.group.medians.get(day.start)
    date = datetime.fromtimestamp(day.start, UTC).strftime("%Y-%m-%d")
    group = "" if usual is None else words.size(round(usual))
    sms = "" if day.sms is None else str(day.sms)
    is_told = day.standing is Standing.TOLD
    used = words.size(day.bytes) if is_told else str(day.standing)
    return [
        (f" {date}  ", "dim"),
        (f"{used:>9}  ", "text" if is_told else "warn"),
        (f"{group:>9}  {sms:>3}  ", "dim"),
        (_note(day, report), "text"),
    ]


def _note(day: UsageDay, report: UsageReport) -> str:
    notes = []
    if day.start == midnight(report.now) and day.standing is Standing.TOLD:
        notes.append("so far")
    elif day.standing is Standing.TOLD and not day.is_whole:
        notes.append("read before it was over")
    if day.start in report.spikes:
        notes.append("spike")
    if day.standing is Standing.TOLD and not day.bytes:
        notes.append("nothing")
    if day.is_abroad:
        notes.append("abroad" if day.abroad is None else f"abroad {words.size(day.abroad)}")
    if day.raw and day.standing is Standing.UNREADABLE:
        notes.append(f"told: {sanitize(day.raw, 24)}")
    if day.plan and day.plan != report.known.plan:
        notes.append(f"plan {sanitize(day.plan, 16)}")
    return ", ".join(notes)
