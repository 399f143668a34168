"""The wall for those who stand three metres away: few numbers, in large letters."""

from __future__ import annotations

from collections.abc import Sequence

from rich.cells import set_cell_size

from tsui.ui.block_letters import block_letters
from tsui.ui.painted import Line, Run
from tsui.ui.screens.wall_items import Block, Item
from tsui.ui.screens.wall_text import Page, change

GAP = 2
MOST_ACROSS = 4
LEAST = 24
"""Cells of a number at least: four letters and a point."""

HEIGHT = 6
"""Rows of a number: its name, and five of letters."""

FIRST = ("devices", "connected", "late", "alarms", "bad", "unknown", "lost", "signs", "windows")
"""Numbers that come first; each keeps its place, for that is what one knows it by from afar."""


def big_page(
    blocks: Sequence[Block], size: tuple[int, int], at: str, *, only_ascii: bool
) -> Page:  # fmt: skip
    """Return the numbers that have a large form, those at which somebody should look first."""
    width, height = size
    items = [item for block in blocks for item in block.items if item.big]
    items.sort(key=lambda item: FIRST.index(item.key) if item.key in FIRST else len(FIRST))
    across = max(1, min(MOST_ACROSS, (width + GAP) // (LEAST + GAP)))
    down = max(1, height // HEIGHT)
    shown = items[: across * down]
    cells = (width - GAP * (across - 1)) // across
    tall = min(HEIGHT + 2, max(HEIGHT, height // max(1, -(-len(shown) // across))))
    lines: list[Line] = []
    for begin in range(0, len(shown), across):
        drawn = [
            _tile(item, (cells, tall), is_current=item.key == at, only_ascii=only_ascii)
            for item in shown[begin : begin + across]
        ]
        lines += [_joined([each[y] for each in drawn]) for y in range(tall)]
    columns = [[item.key for item in shown[place::across]] for place in range(across)]
    return Page(lines[:height], columns)


def _tile(item: Item, size: tuple[int, int], *, is_current: bool, only_ascii: bool) -> list[Run]:
    cells, tall = size
    sign = "→" if is_current else " "
    moved = change(item.change)
    name = f" {sign} {item.label}  {moved}"
    letters = block_letters(item.big, cells - 4, HEIGHT - 1, only_ascii=only_ascii)
    look = item.look if item.look != "dim" else "quiet"
    rows = [(set_cell_size(name, cells), "cursor" if is_current else "text")]
    rows += [(set_cell_size(f"   {letter}", cells), look) for letter in letters]
    return [*rows, *[(" " * cells, "text")] * (tall - len(rows))]


def _joined(runs: Sequence[Run]) -> Line:
    line: list[Run] = []
    for place, run in enumerate(runs):
        if place:
            line.append((" " * GAP, "text"))
        line.append(run)
    return line
