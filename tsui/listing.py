"""How a list of devices is printed: CSV, JSON, or a table for people, piece by piece."""

import shutil
from collections.abc import AsyncIterator, Iterable, Sequence
from dataclasses import dataclass

from tsui.service.export import (
    DEVICE_COLUMNS,
    cells_of,
    csv_text,
    devices_csv,
    devices_jsonl,
    json_text,
    record_of,
)
from tsui.service.views import DeviceRow
from tsui.text import cells, sanitize

WIDEST = 40
"""Cells of a column of the table; longer values are cut."""

GAP = 2
"""Cells between two columns of the table."""

TABLE_COLUMNS = (
    "iccid", "state", "last_connection_utc", "custom1", "plan", "groups", "imei", "mdn", "ip",
)  # fmt: skip
"""What the table shows by itself, as far as there is room for it."""

Pages = AsyncIterator[list[DeviceRow]]
"""Devices, a few at a time."""


@dataclass(frozen=True, slots=True)
class Form:
    """How devices are printed."""

    kind: str
    """``json``, ``jsonl``, ``csv`` or ``table``."""
    columns: tuple[str, ...]
    """Their columns; none leaves it to the kind."""
    raw: bool
    """Whether CSV is exact, also where a spreadsheet would compute it."""
    is_shown: bool
    """Whether a terminal shows it, on which nothing from outside may act."""

    def texts(self, pages: Pages) -> AsyncIterator[str]:
        """Yield what is printed."""
        kinds = {"json": _array, "jsonl": _lines, "csv": _csv, "table": _table}
        return kinds[self.kind](pages, self)

    @property
    def all_columns(self) -> Sequence[str]:
        """The columns, or all there are."""
        return self.columns or tuple(DEVICE_COLUMNS)


async def _csv(pages: Pages, form: Form) -> AsyncIterator[str]:
    columns, guarded = form.all_columns, not form.raw
    yield csv_text([columns])
    async for rows in pages:
        if form.is_shown:
            safe = (map(sanitize, cells_of(row, columns)) for row in rows)
            yield csv_text(safe, guarded=guarded)
        else:
            yield devices_csv(rows, columns, guarded=guarded)


async def _lines(pages: Pages, form: Form) -> AsyncIterator[str]:
    async for rows in pages:
        yield devices_jsonl(rows, form.all_columns, ascii_only=form.is_shown)


async def _array(pages: Pages, form: Form) -> AsyncIterator[str]:
    begun = False
    async for rows in pages:
        records = (record_of(row, form.all_columns) for row in rows)
        texts = [json_text(record, ascii_only=form.is_shown) for record in records]
        if texts:
            yield (",\n" if begun else "[\n") + ",\n".join(texts)
            begun = True
    yield "\n]\n" if begun else "[]\n"


async def _table(pages: Pages, form: Form) -> AsyncIterator[str]:
    """Yield a table whose columns are as wide as the first rows need."""
    columns, widths = form.columns or TABLE_COLUMNS, list[int]()
    async for rows in pages:
        lines = [[sanitize(cell, WIDEST) for cell in cells_of(row, columns)] for row in rows]
        if not widths:
            heads = [name.upper() for name in columns]
            widths = [max(map(cells, column)) for column in zip(heads, *lines, strict=True)]
            widths = widths if form.columns else _fitting(widths)
            yield _line(heads, widths)
        yield "".join(_line(line, widths) for line in lines)


def _fitting(widths: Sequence[int]) -> list[int]:
    """Return the widths of the first columns, as many as fit beside each other."""
    room, fitting = shutil.get_terminal_size().columns, list[int]()
    for width in widths:
        if fitting and sum(fitting) + width + GAP * len(fitting) > room:
            break
        fitting.append(width)
    return fitting


def _line(texts: Iterable[str], widths: Sequence[int]) -> str:
    padded = [
        text + " " * (width - cells(text)) for text, width in zip(texts, widths, strict=False)
    ]
    return (" " * GAP).join(padded).rstrip() + "\n"
