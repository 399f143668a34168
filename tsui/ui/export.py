"""Exports: rows in view to a file, without holding them all, safe to open in a spreadsheet."""

from __future__ import annotations

import asyncio
import os
import re
import threading
import time
from contextlib import aclosing
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from tsui.service.export_formats import CSV, ICS, JSON, JSONL, Exports
from tsui.text import sanitize
from tsui.ui import words

if TYPE_CHECKING:
    from tsui.ui.app import TsuiApp

PATIENCE = 1.0
"""Seconds until it is said how far an export is, and between two times it is said."""

GROUP = "export"
"""Group of the work that exports; there is one at a time."""

LAST_FORMAT = "export format"
"""Name under which the format that was chosen last is remembered."""

FORMATS = {
    CSV: "CSV          for a spreadsheet; nothing in it is a formula",
    JSONL: "JSON lines   for scripts: exact, one record a line",
    JSON: "JSON         all of it, exactly as it came",
    ICS: "iCalendar    for a calendar that reminds of it",
}
"""What is said of each format."""


async def export_or_stop(shell: TsuiApp, exports: Exports | None, form: str) -> None:
    """Stop the export that is under way; if there is none, begin one, in a format to be chosen."""
    running = [each for each in shell.workers if each.group == GROUP and not each.is_finished]
    for worker in running:
        worker.cancel()
    if running:
        return
    if exports is None:
        shell.flash("This list cannot be exported.", "warn")
    elif form and form not in exports.texts:
        known = " or ".join(exports.texts)
        shell.flash(f"This list is exported as {known}, not as {sanitize(form, 30)}.", "warn")
    elif form or len(exports.texts) == 1:
        _begin(shell, exports, form or next(iter(exports.texts)))
    else:
        await _ask(shell, exports)


async def _ask(shell: TsuiApp, exports: Exports) -> None:
    """Let choose the format, beginning at the one that was chosen last."""
    from tsui.ui.screens.choose import Choice, Choose

    async def chosen(form: str | None) -> None:
        if form is not None:
            await shell.workspace.remember(LAST_FORMAT, form)
            _begin(shell, exports, form)

    title = f"Export {words.number(exports.total, exports.what)} as"
    choices = [Choice(form, FORMATS[form]) for form in exports.texts]
    last = await shell.workspace.recall(LAST_FORMAT, CSV)
    await shell.push_screen(Choose(title, choices, current=last), chosen)


def _begin(shell: TsuiApp, exports: Exports, form: str) -> None:
    shell.background(_write(shell, exports, form), name="export", group=GROUP)


async def _write(shell: TsuiApp, exports: Exports, form: str) -> None:
    """Write a file piece by piece; it has its name only once it is whole."""
    path = shell.download_folder / f"tsui-{_stem(exports.name)}-{_now(shell)}.{form}"
    written = 0
    said = time.monotonic()
    try:
        draft = await asyncio.to_thread(_Draft, path)
        try:
            async with aclosing(exports.texts[form]()) as pieces:
                async for text, count in pieces:
                    await asyncio.to_thread(draft.write, text)
                    written += count
                    if time.monotonic() - said > PATIENCE:
                        said = time.monotonic()
                        shell.flash(f"Exporting {written:,} of {exports.total:,}; x stops it.")
            await asyncio.to_thread(draft.keep)
        finally:
            await asyncio.shield(asyncio.to_thread(draft.discard))
    except OSError as error:
        shell.flash(f"The export failed: {path}: {error.strerror}.", "bad")
    except asyncio.CancelledError:
        shell.flash("The export was stopped; no file is left of it.", "warn")
        raise
    else:
        shell.flash(f"Exported {words.number(written, exports.what)} to {path}", "good")


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


def _stem(name: str) -> str:
    return re.sub(r"[^A-Za-z0-9]+", "-", name).strip("-").lower()[:60] or "answer"


def _now(shell: TsuiApp) -> str:
    return f"{shell.workspace.clock.now():%Y%m%d-%H%M%S}"


def _created(path: Path) -> TextIO:
    return open(path, "x", newline="", encoding="utf-8", opener=_private)


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)
