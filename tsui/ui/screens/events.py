"""Events: all that was told or noticed, one stream, newest first, live."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult

from tsui.service.notices.filter import BadFilter, NoticeFilter, read
from tsui.service.views import Notice, NoticeQuery, Severity, Topic, Way
from tsui.text import sanitize
from tsui.ui import notice_text, words
from tsui.ui.commands.base import Command
from tsui.ui.commands.callbacks import CALLBACKS
from tsui.ui.commands.lists import LAYOUT, MARKS, MOVES, Copy, CopyRow, Export, Filter, Open
from tsui.ui.commands.notices import NOTICES, STREAM
from tsui.ui.commands.triggers import OpenTriggers
from tsui.ui.list_state import Nothing
from tsui.ui.painted import Line, Run
from tsui.ui.screens.device_text import View
from tsui.ui.screens.filtered import Filtered
from tsui.ui.widgets.pane import Pane
from tsui.ui.widgets.table import Column, Table

if TYPE_CHECKING:
    from tsui.service.export_formats import Exports
    from tsui.ui.app import TsuiApp

PLACE = "events"
"""Name under which the filter is remembered."""

DETAIL = 4
"""Lines below the list that tell all of one notice."""

NOTHING = "Nothing was told or noticed yet."
"""What the empty list says."""

MORE = "Here come callbacks that nobody asked for, changes of others, and trouble."
"""What it will hold."""


class NoticeSource:
    """The notices that a filter lets through, for the table."""

    def __init__(self, shell: TsuiApp, wanted: NoticeFilter, *, only_problems: bool) -> None:
        self._shell = shell
        self._wanted = wanted
        self._only_problems = only_problems

    def query(self) -> NoticeQuery:
        """Return the question at this moment: what is ``since`` and muted changes with time."""
        workspace = self._shell.workspace
        query = self._wanted.at(workspace.account, workspace.clock.now().timestamp())
        if self._only_problems and query.at_least < Severity.WARNING:
            return replace(query, at_least=Severity.WARNING)
        return query

    async def count(self) -> int:
        """Count the rows."""
        return await self._shell.workspace.desks.notices.count(self.query())

    async def window(self, offset: int, limit: int) -> Sequence[Notice]:
        """Return rows from a place on."""
        return await self._shell.workspace.desks.notices.window(self.query(), offset, limit)

    async def position(self, key: int) -> int | None:
        """Return the place of a notice."""
        return await self._shell.workspace.desks.notices.position(self.query(), key)


class EventsScreen(Filtered):
    """Notices of the account, newest first."""

    AREA = "events"
    TOPICS = frozenset({Topic.NOTICES})
    COMMANDS_HERE: ClassVar[tuple[type[Command], ...]] = (
        *MOVES, Open, Filter, *MARKS, *LAYOUT, Copy, CopyRow, Export, *NOTICES,
        *STREAM, OpenTriggers, *CALLBACKS,
    )  # fmt: skip

    def __init__(self, typed: str = "") -> None:
        self._only_problems = False
        self._recalled = ""
        self._bad_filter = ""
        self._counts: dict[Severity, int] | None = None
        self._source = NoticeSource(self.shell, NoticeFilter(), only_problems=False)
        super().__init__(typed)
        self._detail = Pane(id="notice")
        self._detail.can_focus = False
        self._detail.styles.height = DETAIL

    def compose_body(self) -> ComposeResult:
        """Lay out the list, and all of one notice below it."""
        yield from super().compose_body()
        yield self._detail

    def make_table(self) -> Table[Notice]:
        """Make the list of notices."""
        return Table(self._source, self.columns(), key=lambda each: each.id, id="notices")

    def columns(self) -> list[Column[Notice]]:
        """Return the columns; what happened stays longest on a narrow screen."""
        return [
            Column("WHEN", 11, self._when, 2),
            Column("SEVERITY", 9, notice_text.severity, 1),
            Column("KIND", 14, lambda each: (sanitize(each.kind, 30), "strong"), 5),
            Column("DEVICE", 20, notice_text.device, 3),
            Column("WHAT", 20, notice_text.sentence, 0, grows=True),
            Column("STATUS", 8, notice_text.status, 4),
            Column("SOURCE", 34, lambda each: (sanitize(each.source, 40), "dim"), 6),
        ]

    def title_text(self) -> Line:
        """Say how many notices there are, and how much of them matters and is new."""
        runs: list[Run] = [(" Events ", "title"), (f" {self.table.total:,} ", "strong")]
        runs += notice_text.summary(self._counts or {}, known=self._counts is not None)
        if self._only_problems:
            runs.append(("  only problems", "key"))
        if self.table.marks:
            runs.append((f"  {len(self.table.marks):,} marked", "mark"))
        runs += [self.filter_run(), (self._bad_filter, "warn")]
        if self.shell.frozen:
            runs.append(("  FROZEN, f goes on", "warn"))
        return runs

    async def workspace_changed(self) -> None:
        """Show the notices of this account, as they were looked at last."""
        account = self.shell.workspace.account
        if account != self._recalled:
            self._recalled = account
            place = await self.shell.workspace.recall(f"{PLACE} {account}", {})
            self.filter = str(place.get("filter", ""))
            self._only_problems = bool(place.get("only problems"))
        await self.show_filtered()
        await self._count()

    async def save_place(self) -> None:
        """Remember the filter for the next time."""
        place = {"filter": self.filter, "only problems": self._only_problems}
        await self.shell.workspace.remember(f"{PLACE} {self.shell.workspace.account}", place)

    async def show_news(self, topics: frozenset[Topic]) -> None:
        """Read the rows again; whoever watches the newest notice wants to see the next one."""
        await self.table.reload(keep=self.table.cursor != 0)
        await self._count()

    def show_lines(self) -> None:
        """Show all of the notice under the cursor, too."""
        super().show_lines()
        if not (self.is_mounted and self.is_current):
            return
        row: Notice | None = self.table.current
        width = max(20, self._detail.size.width)
        self._detail.show(list(notice_text.detail(row, self._view, width)) if row else [])

    def refresh_now(self) -> None:
        """Say that nobody needs to ask for events."""
        self.shell.flash("This list follows by itself.", "info")

    def nothing(self) -> Nothing:
        """Say how events come."""
        hidden = self.filter or ("only problems; p shows all" if self._only_problems else "")
        step = ("i", "shows the callbacks as they came")
        return Nothing(NOTHING, step, MORE, filter=hidden)

    async def show_filtered(self) -> None:
        """Show the notices that the filter lets through; a bad one leaves the rows as they are."""
        try:
            wanted = read(self.filter)
        except BadFilter as error:
            self._bad_filter = f"  {sanitize(str(error), 80)}"
            self.show_lines()
            return
        self._bad_filter = ""
        self._source = NoticeSource(self.shell, wanted, only_problems=self._only_problems)
        await self.table.use(self._source)
        self.show_lines()

    async def switch_problems(self) -> None:
        """Show warnings and alarms only, or everything again."""
        self._only_problems = not self._only_problems
        await self.show_filtered()

    async def open_current(self) -> None:
        """Show all that is known of the notice, and the message as it came."""
        if (row := self.table.current) is None:
            return
        from tsui.ui.screens.notice import NoticeScreen

        message = await self.shell.workspace.desks.notices.message(row)
        await self.app.push_screen(NoticeScreen(row, message, self._view))

    @property
    def notices_in_view(self) -> list[int]:
        """The marked notices, or the one under the cursor."""
        if self.table.marks:
            return list(self.table.marks)
        return [] if self.table.current is None else [self.table.current.id]

    @property
    def notice_in_view(self) -> Notice | None:
        """The notice under the cursor."""
        row: Notice | None = self.table.current
        return row

    def notices_done(self) -> None:
        """Take the marks away once something was done with them."""
        self.table.set_marks(set())
        self.marks_changed()

    async def mark_rows(self, first: int, count: int) -> None:
        """Mark so many notices from a place on."""
        rows = await self._source.window(first, count)
        self.table.set_marks({*self.table.marks, *(each.id for each in rows)})
        self.marks_changed()

    async def mark_all(self) -> None:
        """Mark every notice that the filter shows."""
        self.table.set_marks(await self.shell.workspace.desks.notices.ids(self._source.query()))
        self.marks_changed()

    def exports(self) -> Exports:
        """Return what the notices that are shown can be exported as, newest first."""
        from tsui.service.export_formats import Exports, texts_of
        from tsui.service.notices.export import COLUMNS

        pages = partial(self.shell.workspace.desks.notices.pages, self._source.query())
        return Exports("notices", "notice", self.table.total, texts_of(COLUMNS, pages))

    def copy_identifier(self) -> None:
        """Copy the device, or what happened where there is none."""
        if (row := self.notice_in_view) is not None:
            self.shell.copy(sanitize(row.subject or row.device.partition(":")[2] or row.sentence))

    def copy_row(self) -> None:
        """Copy the whole line."""
        if (row := self.notice_in_view) is not None:
            known = (
                self._view.at(row.at), row.severity.name.lower(), row.kind, row.subject,
                row.sentence, row.source, row.acked_by, row.ack_note,
            )  # fmt: skip
            self.shell.copy("\t".join(sanitize(each) for each in known))

    @property
    def _view(self) -> View:
        return View(self.shell.workspace.clock.now().timestamp(), self.shell.use_utc)

    async def _count(self) -> None:
        desk = self.shell.workspace.desks.notices
        heard = replace(desk.query(), is_acked=False, muted=(Way.NOT, Way.MARK))
        self._counts = await desk.severities(heard)
        self.show_lines()

    def _when(self, row: Notice) -> Run:
        return words.short_moment(row.at, self._view.now, utc=self.shell.use_utc), "dim"
