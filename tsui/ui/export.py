"""Exports: rows in view to a file, without holding them all, safe to open in a spreadsheet."""

from __future__ import annotations

import asyncio
import csv
import json
import os
import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

from tsui.service.views import DeviceQuery, DeviceRow
from tsui.text import csv_guard
from tsui.ui import words

if TYPE_CHECKING:
    from tsui.ui.app import TsuiApp

AT_ONCE = 2000
"""Rows that are read and written together."""

COLUMNS = (
    "iccid", "imei", "mdn", "eid", "state", "plan", "groups", "ip", "custom1", "custom2", "custom3",
    "custom4", "custom5", "connected", "last_connection_utc", "read_utc",
)  # fmt: skip


async def export_devices(shell: TsuiApp, query: DeviceQuery) -> None:
    """Write all devices of a query to a CSV file and say where it is."""
    now = shell.workspace.clock.now()
    path = shell.download_folder / f"tsui-devices-{now:%Y%m%d-%H%M%S}.csv"
    written = 0
    try:
        await asyncio.to_thread(_begin, path)
        while rows := await shell.workspace.device_window(query, written, AT_ONCE):
            await asyncio.to_thread(_append, path, rows)
            written += len(rows)
            shell.flash(f"Exporting: {written:,} rows …", "info")
    except OSError as error:
        shell.flash(f"The export failed: {path}: {error.strerror}.", "bad")
        return
    shell.flash(f"Exported {words.number(written, 'device')} to {path}", "good")


def _begin(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with _created(path) as file:
        csv.writer(file).writerow(COLUMNS)


def _created(path: Path) -> TextIO:
    return open(path, "x", newline="", encoding="utf-8", opener=_private)


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def _append(path: Path, rows: Sequence[DeviceRow]) -> None:
    with path.open("a", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows(_cells(row) for row in rows)


def _cells(row: DeviceRow) -> list[str]:
    known = [str(getattr(row, name)) for name in COLUMNS[:13]]
    connected = "" if row.connected is None else ("yes" if row.connected else "no")
    return [
        csv_guard(each)
        for each in (*known, connected, _utc(row.last_connection), _utc(row.read_at))
    ]


def _utc(at: float) -> str:
    return datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%dT%H:%M:%SZ") if at else ""


async def export_events(shell: TsuiApp, wanted: Sequence[str]) -> None:
    """Write the events that hold some words to a file of JSON lines and say where it is."""
    from tsui.service.events import exported

    now = shell.workspace.clock.now()
    path = shell.download_folder / f"tsui-events-{now:%Y%m%d-%H%M%S}.jsonl"
    last = written = 0
    try:
        await asyncio.to_thread(_begin_text, path)
        while rows := await shell.workspace.audit.after(last, AT_ONCE, words=wanted):
            lines = "".join(f"{exported(row)}\n" for row in rows)
            await asyncio.to_thread(_append_text, path, lines)
            last, written = rows[-1].id, written + len(rows)
    except OSError as error:
        shell.flash(f"The export failed: {path}: {error.strerror}.", "bad")
        return
    shell.flash(f"Exported {words.number(written, 'event')} to {path}", "good")


def _begin_text(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    _created(path).close()


def _append_text(path: Path, text: str) -> None:
    with path.open("a", encoding="utf-8") as file:
        file.write(text)


async def export_answer(shell: TsuiApp, name: str, body: Any) -> None:
    """Write an answer to a JSON file, and its records to a CSV file where it is a list."""
    now = shell.workspace.clock.now()
    stem = re.sub(r"[^A-Za-z0-9]+", "-", name).strip("-").lower()[:60] or "answer"
    path = shell.download_folder / f"tsui-{stem}-{now:%Y%m%d-%H%M%S}.json"
    try:
        rows = await asyncio.to_thread(_write_answer, path, body)
    except OSError as error:
        shell.flash(f"The export failed: {path}: {error.strerror}.", "bad")
        return
    also = f", and {words.number(rows, 'record')} to the .csv beside it" if rows else ""
    shell.flash(f"Exported to {path}{also}", "good")


def _write_answer(path: Path, body: Any) -> int:
    from tsui.service import replies

    rows: Sequence[Mapping[str, str]] = replies.records(body)
    path.parent.mkdir(parents=True, exist_ok=True)
    with _created(path) as file:
        json.dump(body, file, indent=2, ensure_ascii=False)
    if rows:
        names = replies.columns(rows)
        with _created(path.with_suffix(".csv")) as file:
            table = csv.writer(file)
            table.writerow(csv_guard(name) for name in names)
            table.writerows([csv_guard(row.get(name, "")) for name in names] for row in rows)
    return len(rows)
