"""The layout of a list: which columns, in which order and how wide, as somebody chose them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from tsui.settings import FIT, OWN, Chosen, understood

if TYPE_CHECKING:
    from tsui.ui.widgets.table import Column

WIDE = 50
"""Columns of this priority and beyond are shown in wide mode only, unless they are chosen."""

CHOSEN = 100
"""Columns of this priority and beyond are shown only when they are chosen."""

NARROWEST = 4
"""Cells of a squeezed column."""

GAP = 2
"""Cells between columns."""


Layout = tuple[Chosen, ...]
"""Chosen columns from left to right; empty leaves the choice to the list."""


def remembered(texts: object) -> Layout:
    """Return a layout that was remembered, as far as it can be read."""
    layout: list[Chosen] = []
    for text in texts if isinstance(texts, list) else ():
        try:
            layout.append(understood(str(text)))
        except ValueError:
            continue
    return tuple(layout)


def arranged(
    columns: Sequence[Column[Any]], layout: Iterable[Chosen], *, wide: bool
) -> list[Column[Any]]:
    """Return the columns to show; of chosen ones the leftmost stay longest on a narrow screen."""
    known = {column.name: column for column in columns}
    chosen = [each for each in layout if each.name in known]
    if not chosen:
        limit = CHOSEN if wide else WIDE
        return [column for column in columns if column.priority < limit]
    return [
        _sized(replace(known[each.name], priority=place), each.width)
        for place, each in enumerate(chosen)
    ]


def _sized(column: Column[Any], width: int) -> Column[Any]:
    if width == OWN:
        return column
    if width == FIT:
        return replace(column, fitted=True, grows=False)
    return replace(column, width=width, grows=False)


def squeezed(columns: Sequence[Column[Any]], room: int) -> list[tuple[Column[Any], int]]:
    """Return all columns with the cells each gets when they share some room."""
    whole = sum(column.width + GAP for column in columns)
    share = min(1.0, room / whole)
    return [(column, max(NARROWEST, int((column.width + GAP) * share) - GAP)) for column in columns]


def fitted(columns: Sequence[Column[Any]], room: int) -> list[tuple[Column[Any], int]]:
    """Return the columns that have room, by rank, and the cells each gets of what is left."""
    kept: list[Column[Any]] = []
    for column in sorted(columns, key=lambda each: each.priority):
        if kept and column.width + GAP > room:
            break
        kept.append(column)
        room -= column.width + GAP
    growing = [column for column in kept if column.grows]
    bonus, rest = divmod(max(0, room + GAP), max(1, len(growing)))
    widths = []
    for column in (each for each in columns if each in kept):
        width = column.width + bonus * column.grows
        if growing and column is growing[-1]:
            width += rest
        widths.append((column, width))
    return widths
