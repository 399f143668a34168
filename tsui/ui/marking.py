"""Marks of devices: sets of ids as they were when a key was pressed, across pages and filters."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from tsui.idset import IdSet
from tsui.service.views import DeviceQuery, News, Topic
from tsui.ui import words

if TYPE_CHECKING:
    from tsui.ui.app import TsuiApp
    from tsui.ui.widgets.table import Table


class Marking:
    """Marks devices in a table, and takes the marks of those away that leave the account."""

    def __init__(self, shell: TsuiApp, table: Table[object]) -> None:
        self._shell = shell
        self._table = table
        self._doubtful = IdSet()

    async def mark_all(self, query: DeviceQuery) -> None:
        """Mark every device that a query finds now; none that comes later."""
        self._mark(await self._shell.workspace.selections.every(query))

    async def mark_rows(self, query: DeviceQuery, first: int, count: int) -> None:
        """Mark so many devices from a place in a query's order on."""
        self._mark(await self._shell.workspace.selections.span(query, first, count))

    async def hidden(self, query: DeviceQuery) -> int:
        """Count marked devices that a query leaves out."""
        marks = IdSet(self._table.marks)
        return len(marks) - len(await self._shell.workspace.selections.among(query, marks))

    def note(self, news: News) -> None:
        """Hear of a change; marked devices it is about may be gone."""
        if news.topic is Topic.DEVICES and (marks := self._table.marks):
            if news.keys is None:
                self._doubtful = IdSet(marks)
            else:
                self._doubtful |= marks & news.keys

    async def drop_gone(self) -> None:
        """Take the marks of devices away that have left the account, and say so."""
        doubtful, self._doubtful = self._doubtful, IdSet()
        if not doubtful:
            return
        account = DeviceQuery(self._shell.workspace.account)
        there = await self._shell.workspace.selections.among(account, doubtful)
        if gone := doubtful.without(there).common(self._table.marks):
            self._table.set_marks(self._table.marks.without(gone))
            said = words.number(len(gone), "marked device")
            self._shell.flash(f"{said} left the account; the mark is gone, too.", "warn")

    def _mark(self, devices: IdSet) -> None:
        self._table.set_marks(self._table.marks.union(devices))


async def mark_devices(shell: TsuiApp, devices: Iterable[int]) -> None:
    """Mark exactly these devices, in the list of devices."""
    marks = IdSet(devices)
    if not marks:
        shell.flash("No device was found that could be marked.", "warn")
        return
    await shell.go("devices")
    fleet = shell.place.as_list()
    fleet.table.set_marks(marks)
    fleet.marks_changed()
    shell.flash(f"{words.number(len(marks), 'device')} marked, and no other.", "info")
