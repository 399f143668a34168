"""The beginning: the view and the device that the command line asks for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tsui.text import sanitize
from tsui.ui import words

if TYPE_CHECKING:
    from tsui.service.launch import Launch
    from tsui.ui.app import TsuiApp


class Beginning:
    """Opens what the command line asks for, as soon as it is known."""

    def __init__(self, shell: TsuiApp, launch: Launch) -> None:
        self._shell = shell
        self._view = launch.view
        self._device = launch.device
        self._has_told = False

    def take_view(self) -> str:
        """Return the view to begin with, once."""
        view, self._view = self._view, ""
        return view

    async def tell_open_runs(self) -> None:
        """Say once which runs were left open, e.g. by a lost connection."""
        if self._has_told:
            return
        self._has_told = True
        if count := await self._shell.workspace.desks.count_open_runs():
            said = (
                f"{words.number(count, 'commissioning run')} open: :commissions shows and goes on."
            )
            self._shell.flash(said, "info")

    async def open_device(self) -> None:
        """Open the device to begin with; one that is not known may come with the fleet."""
        workspace, device = self._shell.workspace, self._device
        if not device:
            return
        progress = workspace.progress
        if await workspace.find_devices(device):
            self._device = ""
            await self._shell.attention.free()
            await self._open(device)
        elif progress and progress.finished_at and not progress.running:
            self._device = ""
            self._shell.flash(f"No device known here ends with {sanitize(device, 40)}.", "warn")

    async def _open(self, device: str) -> None:
        shell = self._shell
        if shell.current_mode == "devices" and len(shell.screen_stack) == 1:
            await shell.open_device_by_identifier(device)
        else:
            # Whoever went elsewhere meanwhile is not fetched back.
            name = sanitize(device, 40)
            shell.flash(f"{name} is known now; :device {name} opens it.", "info")
