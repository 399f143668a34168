"""What a list can be exported as: its name, its size, and its text in every format it has."""

import asyncio
import json
from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from contextlib import aclosing
from functools import partial
from typing import Any, NamedTuple, TypeVar

from tsui.service import replies
from tsui.service.export import (
    Columns,
    csv_text,
    device_columns,
    json_text,
    rows_csv,
    rows_jsonl,
)
from tsui.store.device import DeviceRow

CSV, JSONL, JSON, ICS = "csv", "jsonl", "json", "ics"
"""Formats, by the endings of their files."""

RowT = TypeVar("RowT")

Pages = AsyncGenerator[Sequence[RowT], None]
"""Records, a few at a time."""

Pieces = AsyncGenerator[tuple[str, int], None]
"""Texts for a file, and the number of records in each."""

Texts = Mapping[str, Callable[[], Pieces]]
"""How the text of each format is made."""


class Exports(NamedTuple):
    """What a list can be exported as."""

    name: str
    """What the file is called after."""
    what: str
    """What one record is, e.g. ``device``."""
    total: int
    """Number of records."""
    texts: Texts
    """Its formats."""


def exports_of_devices(pages: Callable[[], Pages[DeviceRow]], total: int, now: float) -> Exports:
    """Return what devices can be exported as at a time."""
    return Exports("devices", "device", total, texts_of(device_columns(now), pages))


def exports_of_rows(name: str, what: str, rows: Sequence[RowT], columns: Columns[RowT]) -> Exports:
    """Return what records that are held anyway can be exported as."""
    return Exports(name, what, len(rows), texts_of(columns, partial(_all_at_once, rows)))


def texts_of(columns: Columns[RowT], pages: Callable[[], Pages[RowT]]) -> Texts:
    """Return the formats that every list of records has."""
    return {CSV: partial(_csv, columns, pages), JSONL: partial(_jsonl, columns, pages)}


def exports_of_answer(name: str, body: Any) -> Exports:
    """Return what an answer can be exported as: as it came, and record by record if it has any."""
    records = replies.listed(body)
    count = len(records) or 1
    whole = {JSON: partial(_made, partial(_json_of, body), count)}
    if not records:
        return Exports(name, "answer", count, whole)
    table = partial(_made, partial(_csv_of, records), count)
    lines = partial(_made, partial(_jsonl_of, records), count)
    return Exports(name, "record", count, {CSV: table, JSONL: lines, **whole})


def _json_of(body: Any) -> str:
    return f"{json.dumps(body, indent=2, ensure_ascii=False)}\n"


def _csv_of(records: Sequence[Mapping[str, Any]]) -> str:
    rows = replies.records(records)
    names = replies.columns(rows)
    return csv_text([names, *([row.get(name, "") for name in names] for row in rows)])


def _jsonl_of(records: Sequence[Mapping[str, Any]]) -> str:
    return "".join(f"{json_text(each)}\n" for each in records)


async def _csv(columns: Columns[RowT], pages: Callable[[], Pages[RowT]]) -> Pieces:
    yield csv_text([columns]), 0
    async with aclosing(pages()) as each:
        async for rows in each:
            yield rows_csv(rows, columns), len(rows)


async def _jsonl(columns: Columns[RowT], pages: Callable[[], Pages[RowT]]) -> Pieces:
    async with aclosing(pages()) as each:
        async for rows in each:
            yield rows_jsonl(rows, columns), len(rows)


async def _all_at_once(rows: Sequence[RowT]) -> Pages[RowT]:
    yield rows


async def _made(make: Callable[[], str], count: int) -> Pieces:
    yield await asyncio.to_thread(make), count
