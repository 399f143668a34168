"""The end of the program: asked for by a key or a signal, and with everything remembered."""

from __future__ import annotations

import asyncio
import signal
from contextlib import suppress
from typing import TYPE_CHECKING

from tsui.service.views import StoreError
from tsui.ui.last_frame import keep_last_frame

if TYPE_CHECKING:
    from tsui.ui.app import TsuiApp


class Leaving:
    """Leaves; while a change is on its way, asks first."""

    def __init__(self, shell: TsuiApp) -> None:
        self._shell = shell

    def catch_signals(self) -> None:
        """Leave in order when the system says so."""
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT):
            with suppress(NotImplementedError, RuntimeError):
                loop.add_signal_handler(number, self._told_to_end, number)

    async def leave(self) -> None:
        """Leave, or ask."""
        if not self._shell.workspace.is_sending:
            await self._end(0)
            return
        from tsui.ui.screens.choose import Choice, Choose

        choices = [
            Choice("wait", "Wait until it is sent, then leave"),
            Choice("stay", "Stay"),
            Choice("leave", "Leave now; its fate will be looked up at the next start"),
        ]
        question = Choose("A change is being sent.", choices)
        await self._shell.push_screen(question, self._chosen)

    async def _chosen(self, answer: str | None) -> None:
        if answer == "wait":
            self._shell.flash("Leaving as soon as the change is sent …", "info")
            self._shell.background(self._wait_and_end(), name="leave")
        elif answer == "leave":
            await self._end(0)

    async def _wait_and_end(self) -> None:
        await self._shell.workspace.finish_sending()
        await self._end(0)

    def _told_to_end(self, number: int) -> None:
        self._shell.background(self._end(128 + number), name="leave")

    async def _end(self, code: int) -> None:
        if self._shell.is_leaving:
            return
        self._shell.is_leaving = True
        # Whatever goes wrong with what is kept, nobody may be kept in for it.
        try:
            with suppress(StoreError):
                for place in self._shell.places():
                    await place.save_place()
            await keep_last_frame(self._shell)
        finally:
            try:
                workspace = self._shell.workspace
                if workspace.desks.recording is not None:
                    self._shell.flash("Writing what is left of the recording …", "info")
                await workspace.close()
                await workspace.desks.close()
            finally:
                self._shell.exit(code, return_code=code)
