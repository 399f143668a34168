"""Charts of columns in text: braille dots, or plain ASCII, and in neither colour is needed.

A column is as many whole cells wide as there is room for, so no cell ever stands for two columns.
"""

from collections.abc import Callable, Iterable, Sequence
from itertools import groupby
from math import ceil
from typing import NamedTuple

from tsui.ui.painted import Line

GUTTER = 10
"""Cells before the first column, for the scale."""

_NICE = (1.0, 1.2, 1.5, 2.0, 2.5, 3.0, 4.0, 5.0, 6.0, 8.0, 10.0)
_WIDEST = 4
"""Cells of a column at most: wider ones are no easier to read."""

_DOTS = ((0x40, 0x80), (0x04, 0x20), (0x02, 0x10), (0x01, 0x08))
"""Bits of a braille cell, from the lowest row of dots up, left and right."""

_TICK = 7
"""Cells from one label of the axis to the next, at least."""

Cell = tuple[str, str]
"""A character and its look."""


class Column(NamedTuple):
    """A column of a chart."""

    label: str
    """What it is, for the axis."""
    value: float | None
    """How high it is; None where that is not known: nothing is drawn, not even the axis."""
    is_projected: bool = False
    """Whether it is only inferred; it is dotted then."""
    mark: float | None = None
    """The height of a mark to compare with; None for none."""
    sign: str = " "
    """A character below the axis."""
    is_partly_known: bool = False
    """Whether it stands for several, of which some are not known."""


class Glyphs(NamedTuple):
    """What a chart is drawn with."""

    axis: str
    """Below what is known."""
    partly: str
    """Below what is known in part."""
    ahead: str
    """Below what is projected."""
    level: str
    """A line across."""
    mark: str
    """A height to compare with."""


PLAIN = Glyphs("-", "~", ".", "-", "o")
"""ASCII."""

DOTS = Glyphs("─", "╌", "·", "╌", "o")
"""For terminals with braille."""


class Scale(NamedTuple):
    """What heights mean."""

    top: float
    """The value at the upper edge; above 0."""
    rows: int
    """Lines of the plot."""

    def row_of(self, value: float) -> int:
        """Return the line a height falls on, 0 at the top."""
        share = min(max(value / self.top, 0.0), 1.0)
        return self.rows - max(1, ceil(share * self.rows - 1e-9))

    def steps(self, value: float, per_row: int) -> int:
        """Return a height in dots; what is more than nothing is seen."""
        if value <= 0:
            return 0
        return max(1, round(min(value / self.top, 1.0) * self.rows * per_row))


def merged(columns: Sequence[Column], room: int) -> tuple[list[Column], int]:
    """Join neighbours until each column has a cell; the highest of them stands for all.

    Returns the columns and how many of the former each stands for.
    """
    size = max(1, -(-len(columns) // max(1, room)))
    if size == 1:
        return list(columns), 1
    parts = [columns[at : at + size] for at in range(0, len(columns), size)]
    return [_joined(part) for part in parts], size


def draw(
    columns: Sequence[Column],
    width: int,
    height: int,
    say: Callable[[float], str],
    *,
    level: float | None = None,
    ascii_only: bool = False,
) -> list[Line]:
    """Return a chart as lines of some width: the plot, the axis, signs if there are any, labels.

    ``say`` says a value of the scale in a few cells; ``level`` is the height of a line across,
    which is left out where it lies above the chart.
    """
    glyphs = PLAIN if ascii_only else DOTS
    shown, _ = merged(columns, width - GUTTER)
    has_signs = any(column.sign != " " for column in shown)
    scale = Scale(top_of(shown, level), max(1, height - 2 - has_signs))
    # Without any room, e.g. before a screen is laid out, there is still something to divide by.
    cells = max(1, min(_WIDEST, (width - GUTTER) // max(1, len(shown))))
    across = None if level is None or level > scale.top else scale.row_of(level)
    lines: list[Line] = []
    for row in range(scale.rows):
        drawn = [_cell(each, row, scale, cells, ascii_only=ascii_only) for each in shown]
        plot = [cell for column in drawn for cell in column]
        if row == across:
            plot = [(glyphs.level, "warn") if char == " " else (char, look) for char, look in plot]
        for place, column in enumerate(shown):
            if column.mark is not None and scale.row_of(column.mark) == row:
                plot[place * cells] = (glyphs.mark, "mark")
        lines.append([(_gutter(row, across, scale, say, level), "dim"), *_runs(plot)])
    lines.append([(f"{say(0):>{GUTTER - 1}} ", "dim"), *_runs(_axis(shown, cells, glyphs))])
    if has_signs:
        signs = [(each.sign + " " * (cells - 1), "strong") for each in shown]
        lines.append([(" " * GUTTER, "dim"), *_runs(signs)])
    lines.append([(" " * GUTTER + _labels(shown, cells), "dim")])
    return lines


def _joined(part: Sequence[Column]) -> Column:
    known = [each.value for each in part if each.value is not None and not each.is_projected]
    ahead = [each.value for each in part if each.value is not None and each.is_projected]
    marks = [each.mark for each in part if each.mark is not None]
    values = known or ahead
    return Column(
        part[0].label,
        max(values, default=None),
        bool(ahead) and not known,
        max(marks, default=None),
        next((each.sign for each in part if each.sign != " "), " "),
        bool(known) and len(known) < len(part),
    )


def top_of(columns: Iterable[Column], level: float | None) -> float:
    """Return the upper edge of the scale; a line far above all columns does not count."""
    values = [each.value for each in columns if each.value is not None]
    marks = [each.mark for each in columns if each.mark is not None]
    most = max([*values, *marks], default=0.0)
    if level is not None and (not most or level <= 2 * most):
        most = max(most, level)
    if most <= 0:
        return 1.0
    power = 1.0
    while power * 10 <= most:
        power *= 10
    while power > most:
        power /= 10
    return next(step * power for step in _NICE if step * power >= most * (1 - 1e-9))


def _cell(column: Column, row: int, scale: Scale, cells: int, *, ascii_only: bool) -> list[Cell]:
    """Return the cells of a column on a line; between columns of several cells is a gap."""
    look = "dim" if column.is_projected else "info"
    value = column.value or 0.0
    above = scale.rows - 1 - row
    if ascii_only:
        char = ":" if column.is_projected else "#"
        bar = max(1, cells - 1)
        drawn = char if scale.steps(value, 1) > above else " "
        return [(drawn, look)] * bar + [(" ", look)] * (cells - bar)
    dots = scale.steps(value, 4) - 4 * above
    halves = 2 * cells if cells == 1 else 2 * cells - 1
    return [
        (_braille(dots, min(2, halves - 2 * place), is_dotted=column.is_projected), look)
        for place in range(cells)
    ]


def _braille(dots: int, halves: int, *, is_dotted: bool) -> str:
    bits = 0
    for height in range(max(0, min(4, dots))):
        if is_dotted and height % 2:
            continue
        bits |= _DOTS[height][0]
        if halves > 1 and not is_dotted:
            bits |= _DOTS[height][1]
    return chr(0x2800 + bits) if bits else " "


def _axis(columns: Iterable[Column], cells: int, glyphs: Glyphs) -> list[Cell]:
    def char(column: Column) -> str:
        if column.value is None:
            return " "
        if column.is_projected:
            return glyphs.ahead
        return glyphs.partly if column.is_partly_known else glyphs.axis

    return [(char(each) * cells, "text") for each in columns]


def _gutter(
    row: int, across: int | None, scale: Scale, say: Callable[[float], str], level: float | None
) -> str:
    text = ""
    if row == across and level is not None:
        text = say(level)
    elif row == 0:
        text = say(scale.top)
    elif row == scale.rows // 2 and scale.rows > 4:
        text = say(scale.top * (scale.rows - row) / scale.rows)
    return f"{text[: GUTTER - 1]:>{GUTTER - 1}} "


def _labels(columns: Sequence[Column], cells: int) -> str:
    step = -(-_TICK // cells)
    room = max(len(columns) * cells, _TICK)
    line = ""
    for place in range(0, len(columns), step):
        label = columns[place].label
        if place * cells + len(label) <= room:
            line = f"{line:<{place * cells}}{label}"
    return line


def _runs(cells: Iterable[Cell]) -> list[tuple[str, str]]:
    return [
        ("".join(char for char, _ in group), look)
        for look, group in groupby(cells, key=lambda cell: cell[1])
    ]
