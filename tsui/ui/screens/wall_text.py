"""The wall as lines: blocks of numbers side by side, and the newest events below them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from rich.cells import cell_len, set_cell_size

from tsui.service.views import Notice, Severity
from tsui.text import sanitize
from tsui.ui import words
from tsui.ui.painted import Line, Run
from tsui.ui.screens.device_text import View
from tsui.ui.screens.wall_items import Block, Item

GAP = 2
"""Cells between two columns."""

THREE = 114
"""Cells from which on there is room for three columns."""

CHANGE = 9
"""Cells of how much it changed, with the space before it."""

FEWEST_EVENTS = 4
"""Lines of the newest events at least, with their heading."""

COLUMNS = {
    2: (("fleet", "plans", "groups"), ("wanted", "health")),
    3: (("fleet",), ("plans", "groups"), ("wanted", "health")),
}
"""Which blocks stand in which column."""

SHRINKS = ("plans", "groups")
"""Blocks of which only as much is shown as there is room for."""

SEVERITIES = {
    Severity.INFO: ("·", "dim"),
    Severity.WARNING: ("▲", "warn"),
    Severity.ALARM: ("■", "bad"),
}
"""Signs and looks of severities."""


class Page(NamedTuple):
    """What is shown, and the numbers on it by column."""

    lines: Sequence[Line]
    columns: Sequence[Sequence[str]]
    """Keys of the numbers from top to bottom."""


def page(
    blocks: Sequence[Block], newest: Sequence[Notice], view: View,
    size: tuple[int, int], at: str,
) -> Page:  # fmt: skip
    """Return the wall in so many cells and rows, with the cursor on a number."""
    width, height = size
    number = 3 if width >= THREE else 2
    cells = (width - GAP * (number - 1)) // number
    named = {block.name: block for block in blocks}
    columns = [[named[name] for name in names if name in named] for names in COLUMNS[number]]
    room = height - FEWEST_EVENTS
    drawn = [_column(fitted(column, room), cells, at) for column in columns]
    keys = [[item.key for block in fitted(column, room) for item in block.items]
            for column in columns]  # fmt: skip
    rows = max(map(len, drawn), default=0)
    lines = [_beside([each[row] if row < len(each) else () for each in drawn], cells)
             for row in range(min(rows, height))]  # fmt: skip
    return Page([*lines, *events(newest, view, width, height - len(lines))], keys)


def fitted(column: Sequence[Block], room: int) -> list[Block]:
    """Return blocks with as many numbers as there is room for; what can shrink does."""
    fixed = sum(len(block.items) + 1 for block in column if block.name not in SHRINKS)
    elastic = [block for block in column if block.name in SHRINKS]
    left = max(2 * len(elastic), room - fixed)
    made = []
    for block in column:
        if block.name in SHRINKS:
            share = max(1, left // len(elastic) - 1)
            # What one leaves over is the next one's.
            elastic = elastic[1:]
            shown = _cut(block, share)
            left -= len(shown.items) + 1
            made.append(shown)
        else:
            made.append(block)
    return made


def events(newest: Sequence[Notice], view: View, width: int, height: int) -> list[Line]:
    """Return the newest events in so many rows."""
    if height < 2:
        return []
    heading: list[Run] = [(" Newest", "head"), ("  6 shows all", "dim")]
    if not newest:
        return [heading, [("   Nothing was told or noticed yet.", "dim")]]
    return [heading, *(_event(each, view, width) for each in newest[: height - 1])]


def change(number: int | None) -> str:
    """Say how much something changed; nothing where that is not known."""
    return "" if number is None else f"{number:+,}" if number else "="


def _event(notice: Notice, view: View, width: int) -> Line:
    sign, look = SEVERITIES[notice.severity]
    when = words.short_moment(notice.at, view.now, utc=view.utc)
    subject = notice.subject or notice.device.partition(":")[2]
    told = f"{sanitize(notice.kind, 16)}  {sanitize(subject, 22)}  {sanitize(notice.sentence, 200)}"
    rest = width - 16
    return [
        (f"   {sign} ", look),
        (f"{when[:8]:<9}", "dim"),
        (set_cell_size(told, max(0, rest)), "text" if notice.acked_at is None else "dim"),
    ]


def _cut(block: Block, most: int) -> Block:
    if len(block.items) <= most:
        return block
    more = len(block.items) - most
    return block._replace(items=block.items[:most], note=f"{more:,} more")


def _column(blocks: Sequence[Block], cells: int, at: str) -> list[Line]:
    lines: list[Line] = []
    for block in blocks:
        note = f"  {block.note}" if block.note else ""
        lines.append([(f" {block.title}", "head"), (note, "dim")])
        lines += [item_line(item, cells, is_current=item.key == at) for item in block.items]
    return lines


def item_line(item: Item, cells: int, *, is_current: bool) -> Line:
    """Return a number in a line of so many cells."""
    sign = "→" if is_current else " "
    changed = change(item.change)
    tail = f"{changed:>{CHANGE}}" if item.big and item.change is not None else ""
    room = cells - 3
    value = item.value
    label_cells = max(6, room - cell_len(value) - cell_len(tail) - 1)
    label = set_cell_size(item.label, label_cells)
    pad = max(1, room - label_cells - cell_len(value) - cell_len(tail))
    if is_current:
        return [(f" {sign} {label}{' ' * pad}{value}{tail}", "cursor")]
    moved = "dim" if not item.change else "info"
    return [
        ("   ", "text"),
        (label, item.look if item.is_problem or item.key.startswith("state") else "text"),
        (" " * pad, "text"),
        (value, item.look),
        (tail, moved),
    ]


def _beside(lines: Sequence[Line], cells: int) -> Line:
    runs: list[Run] = []
    for place, line in enumerate(lines):
        if place:
            runs.append((" " * GAP, "text"))
        used = 0
        for text, look in line:
            text = set_cell_size(text, min(cell_len(text), max(0, cells - used)))
            used += cell_len(text)
            runs.append((text, look))
        runs.append((" " * (cells - used), "text"))
    return runs
