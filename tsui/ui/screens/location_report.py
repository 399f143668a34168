"""A location report: read page by page, kept, and one place or one problem a line."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from tsui.service.accounts.model import Entry, Heading, Listing
from tsui.service.accounts.reports import PLACES
from tsui.service.views import Topic
from tsui.text import sanitize
from tsui.ui.commands.base import Command
from tsui.ui.commands.lists import LAYOUT, MOVES, Copy, CopyRow, Export, Filter, Open
from tsui.ui.list_state import Nothing
from tsui.ui.painted import Line
from tsui.ui.screens import account_text
from tsui.ui.screens.entries import EntriesPlace

if TYPE_CHECKING:
    from collections.abc import Sequence


class LocationReportScreen(EntriesPlace):
    """The places of one report; leaving it while it is read stops the reading."""

    AREA = "account"
    TOPICS = frozenset({Topic.CATALOGUE})
    COMMANDS_HERE: ClassVar[tuple[type[Command], ...]] = (
        *MOVES, Open, Filter, *LAYOUT, Copy, CopyRow, Export,
    )  # fmt: skip

    def __init__(self, txid: str) -> None:
        self._txid = txid
        self._listing = Listing()
        self._is_reading = False
        self._so_far = 0
        self._trouble = ""
        super().__init__()

    @property
    def entries(self) -> Sequence[Entry]:
        """The places."""
        return self._listing.entries

    @property
    def headings(self) -> Sequence[Heading]:
        """The columns of a report."""
        return PLACES

    @property
    def when(self) -> str:
        """When the network saw the device there."""
        return "SEEN"

    @property
    def record(self) -> tuple[str, str]:
        """The report, and a place."""
        return f"locations {self._txid}", "place"

    async def workspace_changed(self) -> None:
        """Show what was read of the report."""
        self._listing = await self.shell.workspace.desks.account.report(self._txid)
        await self.show_filtered()
        if self._listing.read_at is None and not self._is_reading and not self._trouble:
            self.refresh_now()

    async def show_news(self, topics: frozenset[Topic]) -> None:
        """Show what is read of it by now."""
        await self.workspace_changed()

    def title_text(self) -> Line:
        """Name the report, and say how many devices it found."""
        now = self.shell.workspace.clock.now().timestamp()
        lost = sum(bool(each.cells[-1]) for each in self.entries)
        return [
            (" Locations ", "title"),
            (f" {self.table.total:,} of {len(self.entries):,}", "dim"),
            (f"  {lost:,} without a place" if lost else "", "warn"),
            self.filter_run(),
            *account_text.age(self._listing, now, is_reading=self._is_reading),
            (f" {self._so_far:,} so far, esc stops" if self._is_reading else "", "info"),
        ]

    def nothing(self) -> Nothing:
        """Say why there are no places."""
        return Nothing(
            "The report names no device.",
            ("r", "reads it again"),
            filter=self.filter if self.entries else "",
            reading="the report" if self._is_reading else "",
            trouble=self._trouble,
            offline=self.shell.connection.offline_reason,
        )

    def refresh_now(self) -> None:
        """Read the report from its first page."""
        if reason := self.shell.connection.offline_reason:
            self.shell.flash(reason, "warn")
            return
        self._is_reading, self._so_far = True, 0
        self.run_worker(self._read(), exclusive=True, group="report", exit_on_error=False)

    async def _read(self) -> None:
        def tell(places: int) -> None:
            self._so_far = places
            self.show_lines()

        try:
            desk = self.shell.workspace.desks.account
            self._trouble = await desk.read_report(self._txid, tell)
        finally:
            self._is_reading = False
        if self._trouble:
            self.shell.flash(f"Locations: {self._trouble}", "bad")
        await self.told(self.workspace_changed())

    async def open_current(self) -> None:
        """Open the device of the line."""
        if (entry := self.current) is not None:
            await self.shell.open_device_by_identifier(sanitize(entry.name))
