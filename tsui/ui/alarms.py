"""Alarms: the bell and the window's title, for whoever looks at another window."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from tsui.service.views import StoreError
from tsui.ui import words

if TYPE_CHECKING:
    from tsui.ui.app import TsuiApp


class Alarms:
    """Calls when an alarm comes; what was there at the first look is no news."""

    def __init__(self, shell: TsuiApp) -> None:
        self._shell = shell
        settings = shell.launch.profiles.settings
        self._rings = settings.alarm_bell
        self._names = settings.alarm_title and not shell.launch.thin
        self._whose: tuple[object, str] = (None, "")
        self._newest = 0
        self._count = 0
        self._looking = False
        self._again = False

    def look(self) -> None:
        """Begin to look for alarms."""
        if not (self._rings or self._names):
            return
        self._again = True
        if not self._looking:
            self._looking = True
            self._shell.background(self._while_there_is_news(), name="watch alarms", group="alarms")

    async def _while_there_is_news(self) -> None:
        try:
            while self._again:
                self._again = False
                await self._look()
                await asyncio.sleep(self._shell.catch_up_every)
        except StoreError as error:
            # Whoever leaves, or goes to another account, closes what was being read.
            if not self._shell.is_leaving:
                self._shell.flash(str(error), "bad")
        finally:
            self._looking = False

    async def _look(self) -> None:
        workspace = self._shell.workspace
        desk = workspace.desks.notices
        newest, count = await desk.newest_alarm(), await desk.alarms()
        whose, self._whose = self._whose, (workspace, workspace.account)
        is_new = newest > self._newest and whose == self._whose
        # One that was taken note of may be followed by an older one: that is no new alarm.
        self._newest = max(self._newest, newest) if whose == self._whose else newest
        if is_new and self._rings:
            self._shell.bell()
        if self._names and count != self._count:
            self._shell.name_window(_title(count))
        self._count = count


def _title(count: int) -> str:
    return f"! {words.number(count, 'alarm')} - tsui" if count else "tsui"
