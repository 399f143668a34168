"""A long list of the account: read page by page to its end, and kept to be looked at again."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from tsui.service.accounts.model import Entry, Heading, Listing, Paged
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


class PagedScreen(EntriesPlace):
    """A long list; leaving it while it is read stops the reading."""

    AREA = "account"
    TOPICS = frozenset({Topic.CATALOGUE})
    COMMANDS_HERE: ClassVar[tuple[type[Command], ...]] = (
        *MOVES, Open, Filter, *LAYOUT, Copy, CopyRow, Export,
    )  # fmt: skip

    def __init__(self, paged: Paged) -> None:
        self._paged = paged
        self._listing = Listing()
        self._is_reading = False
        self._so_far = 0
        self._trouble = ""
        super().__init__()

    @property
    def entries(self) -> Sequence[Entry]:
        """The records."""
        return self._listing.entries

    @property
    def headings(self) -> Sequence[Heading]:
        """The columns."""
        return self._paged.headings

    @property
    def when(self) -> str:
        """The column with times."""
        return self._paged.when

    @property
    def record(self) -> tuple[str, str]:
        """The list, and one of its records."""
        return self._paged.title, self._paged.record

    async def workspace_changed(self) -> None:
        """Show what was read of it."""
        self._listing = await self._paged.shown()
        await self.show_filtered()
        if self._listing.read_at is None and not self._is_reading and not self._trouble:
            self.refresh_now()

    async def show_news(self, topics: frozenset[Topic]) -> None:
        """Show what is read of it by now."""
        await self.workspace_changed()

    def title_text(self) -> Line:
        """Name the list, and say how much is in it and what of that is doubtful."""
        now = self.shell.workspace.clock.now().timestamp()
        lost = sum(each.look == "warn" for each in self.entries)
        return [
            (f" {sanitize(self._paged.title, 60)} ", "title"),
            (f" {self.table.total:,} of {len(self.entries):,}", "dim"),
            (f"  {lost:,} with a problem" if lost else "", "warn"),
            self.filter_run(),
            *account_text.age(self._listing, now, is_reading=self._is_reading),
            (f" {self._so_far:,} so far, esc stops" if self._is_reading else "", "info"),
        ]

    def nothing(self) -> Nothing:
        """Say why there are no records."""
        return Nothing(
            self._paged.empty,
            ("r", "reads it again"),
            filter=self.filter if self.entries else "",
            reading="it page by page" if self._is_reading else "",
            trouble=self._trouble,
            offline=self.shell.connection.offline_reason,
        )

    def refresh_now(self) -> None:
        """Read it from its first page."""
        if reason := self.shell.connection.offline_reason:
            self.shell.flash(reason, "warn")
            return
        self._is_reading, self._so_far = True, 0
        self.run_worker(self._read(), exclusive=True, group="pages", exit_on_error=False)

    async def _read(self) -> None:
        def tell(records: int) -> None:
            self._so_far = records
            self.show_lines()

        try:
            self._trouble = await self._paged.read(tell)
        finally:
            self._is_reading = False
        if self._trouble:
            self.shell.flash(self._trouble, "bad")
        await self.told(self.workspace_changed())

    async def open_current(self) -> None:
        """Open the device of the line."""
        if (entry := self.current) is not None:
            await self.shell.open_device_by_identifier(sanitize(entry.name))
