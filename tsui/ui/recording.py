"""Recording from the dashboard: beginning, ending, and what is said of it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from tsui.service.failures import RecordingFailed
from tsui.text import sanitize
from tsui.ui import words
from tsui.ui.painted import Run

if TYPE_CHECKING:
    from tsui.ui.app import TsuiApp

MOST_READ = 20_000
"""Devices that are read again so that a recording has them; more are left to :sync."""


async def begin(shell: TsuiApp, name: str, *, masked: bool) -> None:
    """Begin to record, and read what the recording would lack."""
    path = Path(name)
    calls = shell.workspace.desks.calls
    try:
        await calls.record(path, masked=masked, on_end=lambda: ended_by_itself(shell))
    except RecordingFailed as error:
        shell.flash(str(error), "bad")
        return
    workspace = shell.workspace
    more = ""
    if workspace.online is not None:
        known = workspace.online.sync.progress.expected or 0
        if known <= MOST_READ:
            workspace.online.spawn(workspace.online.read_all(), name="read for the recording")
            more = " The fleet is read again for it."
        else:
            more = " :sync reads the fleet into it."
    shell.flash(f"Recording; :record ends it.{more}", "good")


async def end(shell: TsuiApp) -> None:
    """End the recording and say what it is."""
    recording = await shell.workspace.desks.calls.end_recording()
    if recording is None:
        return
    count, size = words.number(recording.exchanges, "call"), words.size(recording.size)
    shell.flash(f"Recorded {count}, {size}: tsui replay {sanitize(str(recording.path))}", "good")


def state(shell: TsuiApp) -> list[Run]:
    """Say in the header that what is seen is being recorded, or that it ended by itself."""
    recording = shell.workspace.desks.recording
    if recording is None:
        return []
    return [("● REC  ", "bad")] if recording.is_on else [("■ REC ended  ", "warn")]


def ended_by_itself(shell: TsuiApp) -> None:
    """Say why a recording has ended that nobody ended."""
    recording = shell.workspace.desks.recording
    if recording is not None and not shell.is_leaving:
        shell.flash(f"The recording has ended: {sanitize(recording.trouble, 200)}.", "bad")
