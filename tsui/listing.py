"""How a list is printed for scripts and people: CSV, JSON, or a table, piece by piece."""

import asyncio
import os
import shutil
import sys
from collections.abc import AsyncIterator, Coroutine, Iterable, Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import Any, Generic, TypeVar

import click

from tsui.service.export import (
    Columns,
    cells_of,
    csv_text,
    json_text,
    record_of,
    rows_csv,
    rows_jsonl,
)
from tsui.text import cells, sanitize

WIDEST = 40
"""Cells of a column of the table; longer values are cut."""

GAP = 2
"""Cells between two columns of the table."""

RowT = TypeVar("RowT")

Pages = AsyncIterator[list[RowT]]
"""Records, a few at a time."""


class Exit(IntEnum):
    """What was printed."""

    DONE = 0
    """All that fit, which may be none."""
    NOTHING = 1
    """Nothing: nothing is remembered, nobody could sign in, or the reading failed."""
    USAGE = 2
    """Nothing: the call itself is wrong."""
    CUT_OFF = 3
    """Not all of them: reading what is remembered failed on the way."""
    INTERRUPTED = 130
    """Not all of them: it was interrupted."""
    READER_GONE = 141
    """Not all of them: whoever read them has closed the pipe."""


@dataclass(frozen=True, slots=True)
class Form(Generic[RowT]):
    """How records are printed."""

    kind: str
    """``json``, ``jsonl``, ``csv`` or ``table``."""
    columns: Columns[RowT]
    """Their columns."""
    fits: bool
    """Whether a table shows only the first columns, as many as there is room for."""
    raw: bool
    """Whether CSV is exact, also where a spreadsheet would compute it."""
    is_shown: bool
    """Whether a terminal shows it, on which nothing from outside may act."""

    def texts(self, pages: Pages[RowT]) -> AsyncIterator[str]:
        """Yield what is printed."""
        if self.kind == "table":
            return _table(pages, self)
        if self.kind == "csv":
            return _csv(pages, self)
        return _array(pages, self) if self.kind == "json" else _lines(pages, self)


def kind_asked_for(form: str) -> str:
    """Return the kind of list: what was asked for, a table on a terminal, CSV anywhere else."""
    return form or ("table" if sys.stdout.isatty() else "csv")


async def write(texts: AsyncIterator[str]) -> None:
    """Write texts to standard output as they come."""
    async for text in texts:
        sys.stdout.write(text)
    sys.stdout.flush()


async def limited(pages: Pages[RowT], limit: int | None) -> Pages[RowT]:
    """Yield so many records at most."""
    left = limit
    async for rows in pages:
        yield rows if left is None else rows[:left]
        if left is not None and (left := left - len(rows)) <= 0:
            return


def run_printing(work: Coroutine[Any, Any, int]) -> int:
    """Run what prints a list; returns the exit code, also when it does not come to its end."""
    try:
        return asyncio.run(work)
    except KeyboardInterrupt:
        return Exit.INTERRUPTED
    except BrokenPipeError:
        # Python flushes standard output once more at its end, to nobody.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return Exit.READER_GONE


def say(sentence: str, code: int) -> int:
    """Say something on standard error; returns the exit code."""
    click.echo(f"tsui: {sentence}", err=True)
    return code


async def _csv(pages: Pages[RowT], form: Form[RowT]) -> AsyncIterator[str]:
    columns, guarded = form.columns, not form.raw
    yield csv_text([columns])
    async for rows in pages:
        if form.is_shown:
            safe = (map(sanitize, cells_of(row, columns)) for row in rows)
            yield csv_text(safe, guarded=guarded)
        else:
            yield rows_csv(rows, columns, guarded=guarded)


async def _lines(pages: Pages[RowT], form: Form[RowT]) -> AsyncIterator[str]:
    async for rows in pages:
        yield rows_jsonl(rows, form.columns, ascii_only=form.is_shown)


async def _array(pages: Pages[RowT], form: Form[RowT]) -> AsyncIterator[str]:
    begun = False
    async for rows in pages:
        records = (record_of(row, form.columns) for row in rows)
        texts = [json_text(record, ascii_only=form.is_shown) for record in records]
        if texts:
            yield (",\n" if begun else "[\n") + ",\n".join(texts)
            begun = True
    yield "\n]\n" if begun else "[]\n"


async def _table(pages: Pages[RowT], form: Form[RowT]) -> AsyncIterator[str]:
    """Yield a table whose columns are as wide as the first rows need."""
    widths = list[int]()
    async for rows in pages:
        lines = [[sanitize(cell, WIDEST) for cell in cells_of(row, form.columns)] for row in rows]
        if not widths:
            heads = [name.upper() for name in form.columns]
            widths = [max(map(cells, column)) for column in zip(heads, *lines, strict=True)]
            widths = _fitting(widths) if form.fits else widths
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
