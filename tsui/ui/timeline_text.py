"""A timeline as lines: a strip of what happened when, and a ruler below it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from tsui.service.timeline.model import Lane, Moment, Unknown
from tsui.service.timeline.strip import Slice, odd_slices, slices
from tsui.service.timeline.view import View
from tsui.text import sanitize
from tsui.ui import words
from tsui.ui.painted import Line, Run

HEAD = 11
"""Cells before the strip."""

EVERY_LANE: Sequence[tuple[str, tuple[Lane, ...]]] = tuple((lane.value, (lane,)) for lane in Lane)
"""Rows of a strip that has room for each lane."""

FEW: Sequence[tuple[str, tuple[Lane, ...]]] = (
    ("sessions", (Lane.SESSIONS,)),
    ("usage", (Lane.USAGE,)),
    ("changes", (Lane.LINE, Lane.REQUESTS, Lane.IDENTITY)),
    ("messages", (Lane.SMS, Lane.REACH, Lane.CALLBACKS)),
)
"""Rows of a strip with little room; the first lane of a row says what of it is known."""

ONE: Sequence[tuple[str, tuple[Lane, ...]]] = (("all", tuple(Lane)),)
"""The row of a strip with hardly any room."""

ROOMY, LOW = 30, 14
"""Lines of a screen from which on every lane has a row, and below which all of them share one."""

_LEFT = (0x00, 0x40, 0x44, 0x46, 0x47)
_RIGHT = (0x00, 0x80, 0xA0, 0xB0, 0xB8)
"""Dots of the left and the right column of a braille cell, by level."""

HIDDEN = "hidden by the filter"
"""Stands in rows whose lanes are not wanted: they are not empty."""

ODD = "▲"
"""Stands where something is out of the ordinary."""

NOT_KNOWN = "░"
"""Fills what is not known."""

_STEPS = (
    300, 900, 1800, 3600, 2 * 3600, 3 * 3600, 6 * 3600, 12 * 3600, 86_400,
    2 * 86_400, 7 * 86_400, 14 * 86_400, 31 * 86_400, 61 * 86_400,
)  # fmt: skip
"""Seconds there may be between two marks of the ruler."""

APART = 12
"""Cells there are at least between two marks of the ruler."""

_DAY = 86_400


class Strip(NamedTuple):
    """A strip that was worked out; the cursor is put on it anew each time it moves."""

    rows: Sequence[tuple[str, tuple[Lane, ...], str]]
    """Name, lanes and text of each row."""
    odd: Sequence[bool]
    """Whether something in a cell is out of the ordinary, in any lane."""
    row_odd: Sequence[Sequence[bool]]
    """The same by row."""
    ruler: str
    """Times below the strip."""


def strip_of(view: View, width: int, height: int, *, utc: bool) -> Strip:
    """Work out the strip of what is looked at, for a screen of so many cells and lines."""
    names = EVERY_LANE if height >= ROOMY else FEW if height >= LOW else ONE
    cells = max(8, width - HEAD - 1)
    rows, row_odd = [], []
    for name, lanes in names:
        found = slices(view.timeline, view.by_lane, lanes, view.since, view.until, 2 * cells)
        unknown = view.timeline.unknown.get(lanes[0], ())
        is_hidden = view.wanted.lanes.isdisjoint(lanes)
        text = HIDDEN.ljust(cells) if is_hidden else _row(found, unknown, view)
        rows.append((name, lanes, text))
        row_odd.append([left.is_odd or right.is_odd for left, right in _pairs(found)])
    odd = odd_slices(view.fitting, view.since, view.until, cells)
    return Strip(rows, odd, row_odd, _ruler(view.since, view.until, cells, utc=utc))


def strip_lines(strip: Strip, view: View) -> list[Line]:
    """Return a strip as lines, with the cursor on it."""
    cursor = view.cursor
    cells = len(strip.odd)
    place = _place(cursor, view, cells) if cursor is not None else -1
    lines: list[Line] = [
        [
            (f" {'anomalies':<{HEAD - 1}}", "dim"),
            *_runs("".join(ODD if odd else " " for odd in strip.odd), strip.odd, -1),
        ]
    ]
    for (name, lanes, text), odd in zip(strip.rows, strip.row_odd, strict=True):
        is_here = cursor is not None and cursor.lane in lanes
        lines.append(
            [
                (f" {name:<{HEAD - 1}}", "strong" if is_here else "dim"),
                *_runs(text, odd, place if is_here else -1),
            ]
        )
    ruler: list[Run] = [(f" {view.span:<{HEAD - 1}}", "key")]
    if place < 0:
        return [*lines, [*ruler, (strip.ruler, "dim")]]
    before, after = strip.ruler[:place], strip.ruler[place + 1 :]
    return [*lines, [*ruler, (before, "dim"), ("↑", "cursor"), (after, "dim")]]


def head_line(view: View, *, utc: bool) -> Line:
    """Say what is looked at, how much of it is out of the ordinary, and how fresh it is."""
    timeline = view.timeline
    odd = sum(1 for each in view.shown if each.is_anomaly)
    until = "now" if view.until >= timeline.latest else _moment(view.until, timeline.now, utc=utc)
    former, zone = (_zoned(at, utc=utc).strftime("%Z") for at in (view.since, view.until))
    since = _moment(view.since, timeline.now, utc=utc)
    if former != zone:  # the clocks were changed in between
        since = f"{since} {former}"
    runs: list[Run] = [
        (f" {since} to {until} {zone} ", "title"),
        (f" {words.number(len(view.shown), 'moment')}", "strong"),
        (f", {_anomalies(odd)}", "warn" if odd else "dim"),
    ]
    if view.wanted.text:
        runs.append((f"  /{sanitize(view.wanted.text, 40)}", "key"))
    if timeline.read_at is None:
        runs.append(("  histories not read yet", "info"))
    else:
        runs.append((f"  read {words.age(timeline.now - timeline.read_at)} ago", "dim"))
    for trouble in timeline.troubles[:1]:
        runs.append((f"  {sanitize(trouble, 200)}", "bad"))
    return runs


def sentence(moment: Moment) -> str:
    """Say what happened, and why that is out of the ordinary."""
    told = f"{moment.sentence}: {moment.reason}" if moment.reason else moment.sentence
    return sanitize(told, 400)


def _moment(at: float, now: float, *, utc: bool) -> str:
    zoned = _zoned(at, utc=utc)
    is_this_year = zoned.year == _zoned(now, utc=utc).year
    return zoned.strftime("%m-%d %H:%M" if is_this_year else "%Y-%m-%d %H:%M")


def _anomalies(count: int) -> str:
    return f"{count:,} anomaly" if count == 1 else f"{count or 'no'} anomalies"


def _place(moment: Moment, view: View, cells: int) -> int:
    share = (moment.at - view.since) / view.seconds
    return max(0, min(int(share * cells), cells - 1))


def _pairs(found: Sequence[Slice]) -> Iterator[tuple[Slice, Slice]]:
    return zip(found[::2], found[1::2], strict=True)


def _row(found: Sequence[Slice], unknown: Sequence[Unknown], view: View) -> str:
    """Return a row of braille; what is not known says so where there is room."""
    text = "".join(
        NOT_KNOWN if _is_blank(left) and _is_blank(right) else _braille(left.level, right.level)
        for left, right in _pairs(found)
    )
    hole = max(re.finditer(f"{NOT_KNOWN}+", text), key=lambda each: len(each[0]), default=None)
    if hole is None:
        return text
    middle = view.since + sum(hole.span()) / 2 / len(text) * view.seconds
    why = next((each.why for each in unknown if each.since <= middle < each.until), "")
    for said in (f" not known: {sanitize(why, 200)} ", " not known ", " ? "):
        # A row is counted by its characters, so that each of them has to be one cell.
        if said.isascii() and len(said) + 4 <= len(hole[0]):
            return text[: hole.start()] + said.center(len(hole[0]), NOT_KNOWN) + text[hole.end() :]
    return text


def _is_blank(each: Slice) -> bool:
    return not each.is_known and not each.level


def _braille(left: int, right: int) -> str:
    dots = _LEFT[left] | _RIGHT[right]
    return chr(0x2800 + dots) if dots else " "


def _runs(text: str, odd: Sequence[bool], cursor: int) -> Iterator[Run]:
    for place, char in enumerate(text):
        if place == cursor:
            yield char, "cursor"
        elif _is_dots(char):
            yield char, "warn" if odd[place] else "info"
        else:
            yield char, _SIGNS.get(char, "dim")


_SIGNS = {ODD: "warn", NOT_KNOWN: "quiet"}


def _is_dots(char: str) -> bool:
    return "\u2800" <= char <= "\u28ff"


def _ruler(since: float, until: float, cells: int, *, utc: bool) -> str:
    """Return a line with the time at some marks, on round times of the zone."""
    step = next((each for each in _STEPS if (until - since) / each * APART <= cells), _STEPS[-1])
    ruler = "─" * cells
    for at in _marks(since, until, step, utc=utc):
        place = int((at - since) / (until - since) * cells)
        zoned = _zoned(at, utc=utc)
        form = "%m-%d" if step >= _DAY or not (zoned.hour or zoned.minute) else "%H:%M"
        mark = "│" + zoned.strftime(form if step < _STEPS[-3] else "%Y-%m-%d")
        if place + len(mark) <= cells:
            ruler = ruler[:place] + mark + ruler[place + len(mark) :]
    return ruler


def _marks(since: float, until: float, step: int, *, utc: bool) -> Iterator[float]:
    first = _zoned(since, utc=utc).replace(hour=0, minute=0, second=0, microsecond=0, tzinfo=None)
    days = max(1, step // _DAY)
    day = first - timedelta(days=first.toordinal() % days)
    while (midnight := _unix(day, utc=utc)) < until:
        # A day has as many hours as the zone gives it; marks begin anew at each midnight.
        for at in range(0, _DAY, min(step, _DAY)):
            if since <= midnight + at < until:
                yield midnight + at
        day += timedelta(days=days)


def _zoned(at: float, *, utc: bool) -> datetime:
    zoned = datetime.fromtimestamp(at, UTC)
    return zoned if utc else zoned.astimezone()


def _unix(day: datetime, *, utc: bool) -> float:
    return (day.replace(tzinfo=UTC) if utc else day.astimezone()).timestamp()
