"""The chart of usage: by day, or added up over the cycle."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from enum import StrEnum

from tsui.service.usage.days import DAY, Standing, UsageDay, midnight
from tsui.service.usage.report import UsageReport
from tsui.ui import charts, words
from tsui.ui.charts import Column
from tsui.ui.painted import Line, Run

SPIKE, ABROAD, UNREADABLE, TODAY = "!", "A", "?", "^"
"""Signs below the axis."""


class Mode(StrEnum):
    """What the columns are."""

    DAYS = "by day"
    CYCLE = "added up over the cycle"


PLAN_LINE = {Mode.DAYS: "plan a day", Mode.CYCLE: "plan"}
"""What the line across is."""


def chart(
    report: UsageReport, mode: Mode, width: int, height: int, *, ascii_only: bool
) -> list[Line]:
    """Return the chart and what its signs mean, as lines."""
    columns = _days(report) if mode is Mode.DAYS else _added_up(report)
    level = level_of(report, mode)
    below = _legend(columns, level, mode, width, ascii_only=ascii_only)
    rows = height - len(below)
    drawn = charts.draw(columns, width, rows, _size, level=level, ascii_only=ascii_only)
    return [*drawn, *below]


def level_of(report: UsageReport, mode: Mode) -> float | None:
    """Return the height of the plan's line: the whole allowance, or a day's even share of it."""
    if not report.allowance.bytes:
        return None
    if mode is Mode.CYCLE:
        return float(report.allowance.bytes)
    return report.allowance.bytes / max(1.0, (report.cycle.end - report.cycle.begin) / DAY)


def day_label(at: float) -> str:
    """Say a day of UTC in five cells."""
    return datetime.fromtimestamp(at, UTC).strftime("%m-%d")


def _days(report: UsageReport) -> list[Column]:
    medians = report.known.group.medians
    past = [
        Column(
            day_label(day.start),
            day.bytes if day.standing is Standing.TOLD else None,
            mark=medians.get(day.start),
            sign=_sign(day, report),
        )
        for day in report.days
    ]
    if report.outlook is None:
        return past
    rate = report.outlook.rate
    return past + [Column(day_label(at), rate, is_projected=True) for at in report.days_to_come]


def _added_up(report: UsageReport) -> list[Column]:
    """Return the cycle's days, each with all that was used until its end."""
    columns: list[Column] = []
    total = 0.0
    for day in (each for each in report.days if report.cycle.holds(each.start)):
        is_told = day.standing is Standing.TOLD
        total += day.bytes or 0 if is_told else 0
        value = total if is_told else None
        columns.append(Column(day_label(day.start), value, sign=_sign(day, report)))
    if report.outlook is None:
        return columns
    total += report.outlook.rate * (1 - (report.now - midnight(report.now)) / DAY)
    for at in report.days_to_come:
        total += report.outlook.rate * min(1.0, (report.cycle.end - at) / DAY)
        columns.append(Column(day_label(at), total, is_projected=True))
    return columns


def _sign(day: UsageDay, report: UsageReport) -> str:
    if day.standing is Standing.UNREADABLE:
        return UNREADABLE
    if day.is_abroad:
        return ABROAD
    if day.start in report.spikes:
        return SPIKE
    return TODAY if day.start == midnight(report.now) else " "


def _legend(
    columns: Sequence[Column], level: float | None, mode: Mode, width: int, *, ascii_only: bool
) -> list[Line]:
    glyphs = charts.PLAIN if ascii_only else charts.DOTS
    signs = {column.sign for column in columns}
    told: list[tuple[str, str]] = []
    if any(column.value and not column.is_projected for column in columns):
        told.append(("#" if ascii_only else "⣿", "used"))
    if any(column.value and column.is_projected for column in columns):
        told.append((":" if ascii_only else "⡂", "projected"))
    if any(column.mark is not None for column in columns):
        told.append((glyphs.mark, "group"))
    if level is not None and level <= charts.top_of(columns, level):
        told.append((glyphs.level * 2, PLAN_LINE[mode]))
    elif level is not None:
        told.append((_size(level), f"{PLAN_LINE[mode]}, above the chart"))
    if any(column.value is None for column in columns):
        told.append(("axis gap", "not told"))
    told += [each for each in _SIGNS if each[0] in signs]
    _, size = charts.merged(columns, width - charts.GUTTER)
    if size > 1:
        told.append(("column", f"most of {size} days"))
    return _pairs(told, width)


_SIGNS = ((TODAY, "so far"), (SPIKE, "spike"), (ABROAD, "abroad"), (UNREADABLE, "no number"))


def _pairs(told: Iterable[tuple[str, str]], width: int) -> list[Line]:
    """Return signs and their meanings, as many in a line as fit."""
    lines: list[list[Run]] = [[]]
    left = width
    for sign, meaning in told:
        cells = len(sign) + len(meaning) + 3
        if cells > left and lines[-1]:
            lines.append([])
            left = width
        lines[-1] += [(f" {sign}", "strong"), (f" {meaning} ", "dim")]
        left -= cells
    return [tuple(line) for line in lines]


def _size(value: float) -> str:
    return words.size(round(value))
