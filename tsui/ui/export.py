"""Exports: rows in view to a file, without holding them all, safe to open in a spreadsheet."""

from __future__ import annotations

import asyncio
import json
import os
import re
import threading
import time
from collections.abc import AsyncGenerator, Callable, Coroutine, Mapping, Sequence
from contextlib import aclosing
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

from tsui.service.export import DEVICE_COLUMNS, csv_text, rows_csv
from tsui.service.views import DeviceQuery
from tsui.ui import words

if TYPE_CHECKING:
    from tsui.ui.app import TsuiApp

AT_ONCE = 2000
"""Events that are read and written together."""

PATIENCE = 1.0
"""Seconds until it is said how far an export is, and between two times it is said."""

GROUP = "export"
"""Group of the work that exports; there is one at a time."""

Pieces = AsyncGenerator[tuple[str, int], None]
"""Texts for a file, and the number of records in each."""


def export_or_stop(shell: TsuiApp, export: Callable[[], Coroutine[Any, Any, None]]) -> None:
    """Begin an export, or stop the one that is under way."""
    running = [each for each in shell.workers if each.group == GROUP and not each.is_finished]
    for worker in running:
        worker.cancel()
    if not running:
        shell.background(export(), name="export", group=GROUP)


async def export_devices(shell: TsuiApp, query: DeviceQuery, total: int) -> None:
    """Write all devices of a query to a CSV file and say where it is."""

    async def pieces() -> Pieces:
        yield csv_text([list(DEVICE_COLUMNS)]), 0
        async with aclosing(shell.workspace.stream_devices(query)) as pages:
            async for rows in pages:
                yield rows_csv(rows, DEVICE_COLUMNS), len(rows)

    await _write(shell, "devices", "csv", pieces(), "device", total)


async def export_events(shell: TsuiApp, wanted: Sequence[str], total: int) -> None:
    """Write the events that hold some words to a file of JSON lines and say where it is."""
    from tsui.service.events import exported

    async def pieces() -> Pieces:
        last = 0
        while rows := await shell.workspace.audit.after(last, AT_ONCE, words=wanted):
            yield "".join(f"{exported(row)}\n" for row in rows), len(rows)
            last = rows[-1].id

    await _write(shell, "events", "jsonl", pieces(), "event", total)


async def _write(
    shell: TsuiApp, name: str, suffix: str, pieces: Pieces, what: str, total: int
) -> None:
    """Write a file piece by piece; it has its name only once it is whole."""
    path = shell.download_folder / f"tsui-{name}-{_now(shell)}.{suffix}"
    written = 0
    said = time.monotonic()
    try:
        draft = await asyncio.to_thread(_Draft, path)
        try:
            async with aclosing(pieces):
                async for text, count in pieces:
                    await asyncio.to_thread(draft.write, text)
                    written += count
                    if time.monotonic() - said > PATIENCE:
                        said = time.monotonic()
                        shell.flash(f"Exporting {written:,} of {total:,}; x stops it.", "info")
            await asyncio.to_thread(draft.keep)
        finally:
            await asyncio.shield(asyncio.to_thread(draft.discard))
    except OSError as error:
        shell.flash(f"The export failed: {path}: {error.strerror}.", "bad")
    except asyncio.CancelledError:
        shell.flash("The export was stopped; no file is left of it.", "warn")
        raise
    else:
        shell.flash(f"Exported {words.number(written, what)} to {path}", "good")


class _Draft:
    """A file that is being written."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._path = path
        self._draft = path.with_name(f"{path.name}.part")
        self._file = _created(self._draft)
        # Whoever stops an export does so while a thread may be writing.
        self._one_at_a_time = threading.Lock()

    def write(self, text: str) -> None:
        """Write on."""
        with self._one_at_a_time:
            self._file.write(text)

    def keep(self) -> None:
        """Give the file its name."""
        with self._one_at_a_time:
            self._file.close()
            self._draft.rename(self._path)

    def discard(self) -> None:
        """Leave nothing of a file that was not kept."""
        with self._one_at_a_time:
            self._file.close()
            self._draft.unlink(missing_ok=True)


def _now(shell: TsuiApp) -> str:
    return f"{shell.workspace.clock.now():%Y%m%d-%H%M%S}"


def _created(path: Path) -> TextIO:
    return open(path, "x", newline="", encoding="utf-8", opener=_private)


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


async def export_answer(shell: TsuiApp, name: str, body: Any) -> None:
    """Write an answer to a JSON file, and its records to a CSV file where it is a list."""
    stem = re.sub(r"[^A-Za-z0-9]+", "-", name).strip("-").lower()[:60] or "answer"
    path = shell.download_folder / f"tsui-{stem}-{_now(shell)}.json"
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
            records = ([row.get(name, "") for name in names] for row in rows)
            file.write(csv_text([names]))
            file.write(csv_text(records))
    return len(rows)
