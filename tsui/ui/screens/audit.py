"""The audit: what was done from here, step by step, newest first."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from tsui.service import audit_rows
from tsui.service.views import AuditRow, Topic
from tsui.text import sanitize
from tsui.ui import words
from tsui.ui.commands.base import Command
from tsui.ui.commands.lists import LAYOUT, MOVES, Copy, CopyRow, Export, Filter, Open
from tsui.ui.list_state import Nothing
from tsui.ui.painted import Line, Run
from tsui.ui.screens.filtered import Filtered
from tsui.ui.widgets.table import Column, Table

if TYPE_CHECKING:
    from tsui.service.export_formats import Exports
    from tsui.ui.app import TsuiApp

NOTHING = "Nothing was changed from here yet."
"""What the empty list says."""


class AuditSource:
    """The events that hold some words, for the table."""

    def __init__(self, shell: TsuiApp, wanted: Sequence[str]) -> None:
        self._shell = shell
        self._wanted = wanted

    async def count(self) -> int:
        """Count the rows."""
        return await self._shell.workspace.audit.count(self._wanted)

    async def window(self, offset: int, limit: int) -> Sequence[AuditRow]:
        """Return rows from a place on."""
        return await self._shell.workspace.audit.window(self._wanted, offset, limit)

    async def position(self, key: int) -> int | None:
        """Return the place of an event."""
        return await self._shell.workspace.audit.position(self._wanted, key)


class AuditScreen(Filtered):
    """The audit: every step of every change, newest first, live."""

    TOPICS = frozenset({Topic.REQUESTS})
    COMMANDS_HERE: ClassVar[tuple[type[Command], ...]] = (
        *MOVES, Open, Filter, *LAYOUT, Copy, CopyRow, Export,
    )  # fmt: skip

    def make_table(self) -> Table[AuditRow]:
        """Make the list of events."""
        return Table(
            AuditSource(self.shell, ()), self.columns(), key=lambda each: each.id, id="audit"
        )

    def columns(self) -> list[Column[AuditRow]]:
        """Return the columns; what happened stays longest on a narrow screen."""
        return [
            Column("WHEN", 11, self._when, 3),
            Column("EVENT", 12, lambda each: (sanitize(each.event, 30), "strong"), 0),
            Column("CHANGE", 16, lambda each: (sanitize(each.title, 60), "text"), 1),
            Column("SUBJECT", 22, lambda each: (sanitize(audit_rows.subject(each)), "text"), 2),
            Column("WHO", 10, lambda each: (sanitize(each.operator, 30), "dim"), 4),
            Column(
                "DETAIL",
                16,
                lambda each: (sanitize(audit_rows.detail(each), 300), "dim"),
                3,
                grows=True,
            ),
        ]

    def title_text(self) -> Line:
        """Say how many events there are."""
        runs: list[Run] = [(" Audit ", "title"), (f" {self.table.total:,} ", "strong")]
        runs.append(self.filter_run())
        if self.shell.frozen:
            runs.append(("  FROZEN, f goes on", "warn"))
        return runs

    async def workspace_changed(self) -> None:
        """Show the events of this environment."""
        await self.show_filtered()

    async def show_news(self, topics: frozenset[Topic]) -> None:
        """Read the rows again; whoever watches the newest event wants to see the next one."""
        await self.table.reload(keep=self.table.cursor != 0)

    def refresh_now(self) -> None:
        """Say that nobody needs to ask for events."""
        self.shell.flash("This list follows by itself.", "info")

    async def open_current(self) -> None:
        """Show all that is known of the event."""
        if (row := self.table.current) is None:
            return
        from tsui.ui.screens.answer import AnswerScreen

        if (whole := await self.shell.workspace.audit.get(row.id)) is not None:
            title = f"Event {row.id}: {row.event} {audit_rows.subject(row)}"
            await self.app.push_screen(AnswerScreen(title, audit_rows.told(whole)))

    def nothing(self) -> Nothing:
        """Say how events come."""
        return Nothing(NOTHING, ("2", "goes to the devices"), filter=self.filter)

    async def show_filtered(self) -> None:
        """Show the events that hold the words."""
        await self.table.use(AuditSource(self.shell, self.wanted))
        self.show_lines()

    def exports(self) -> Exports:
        """Return what the events that are shown can be exported as, oldest first."""
        from tsui.service.export_formats import Exports, texts_of

        pages = partial(audit_rows.pages, self.shell.workspace.audit, self.wanted)
        return Exports("audit", "event", self.table.total, texts_of(audit_rows.COLUMNS, pages))

    def copy_identifier(self) -> None:
        """Copy the platform's request id, or what the event is about where there is none."""
        if (row := self.table.current) is not None:
            self.shell.copy(sanitize(row.request_id or row.device or row.title))

    def copy_row(self) -> None:
        """Copy the whole line."""
        if (row := self.table.current) is not None:
            known = (
                row.event,
                row.title,
                audit_rows.subject(row),
                row.operator,
                audit_rows.detail(row),
            )
            self.shell.copy("\t".join(sanitize(each) for each in known))

    def _when(self, row: AuditRow) -> Run:
        now = self.shell.workspace.clock.now().timestamp()
        return words.short_moment(row.at, now, utc=self.shell.use_utc), "dim"
