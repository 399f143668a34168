"""The way to a letter: for devices in view, for those that a filter finds, for one by its name."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

from tsui.service.views import DeviceQuery, FilterError, parse
from tsui.text import sanitize
from tsui.ui import words

if TYPE_CHECKING:
    from tsui.ui.app import TsuiApp


async def compose(shell: TsuiApp, ids: Collection[int], hidden: int = 0, whom: str = "") -> None:
    """Open a letter for some devices; who they are is settled now."""
    from tsui.ui.screens.compose import ComposeScreen

    devices = await shell.workspace.devices(ids)
    if not devices:
        shell.flash("There is no device to write to.", "warn")
        return
    await shell.push_screen(ComposeScreen(devices, whom=whom, hidden=hidden))


async def compose_to(shell: TsuiApp, typed: str) -> None:
    """Open a letter for what a filter finds at this moment, e.g. ``group:Pumps``."""
    workspace = shell.workspace
    try:
        wanted = parse(typed)
    except FilterError as error:
        shell.flash(error.sentence, "warn")
        return
    found = await workspace.selections.every(DeviceQuery(workspace.account, filter=wanted))
    if not found:
        shell.flash(f"No device fits {sanitize(typed, 60)}.", "warn")
        return
    said = f"{sanitize(typed, 60)}, resolved to {words.number(len(found), 'device')}"
    await compose(shell, found, whom=said)
