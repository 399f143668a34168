"""The inbox: every callback message that came, newest first; enter shows one as it came."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar

from tsui.service.views import Message, Topic, Verdict
from tsui.text import sanitize
from tsui.ui import words
from tsui.ui.commands.base import Command
from tsui.ui.commands.callbacks import OpenListeners
from tsui.ui.commands.lists import LAYOUT, MOVES, Copy, CopyRow, Filter, Open
from tsui.ui.list_state import Nothing
from tsui.ui.painted import Line, Run
from tsui.ui.screens.filtered import Filtered
from tsui.ui.widgets.table import Column, Table

if TYPE_CHECKING:
    from tsui.ui.app import TsuiApp

_LOOKS = {
    Verdict.NEW: "info",
    Verdict.OUTCOME: "good",
    Verdict.ANSWER: "good",
    Verdict.NOTICE: "text",
    Verdict.FOREIGN: "warn",
    Verdict.UNREADABLE: "bad",
}


NOTHING = "No callback came yet; tsui receiver receives them."
"""What an empty list says."""


class Messages:
    """The messages that hold all of some words, newest first, for the table."""

    def __init__(self, shell: TsuiApp, wanted: Sequence[str]) -> None:
        self._shell = shell
        self._wanted = wanted

    async def count(self) -> int:
        """Count the rows."""
        return await self._shell.workspace.inbox.count(self._wanted)

    async def window(self, offset: int, limit: int) -> Sequence[Message]:
        """Return rows from a place on."""
        return await self._shell.workspace.inbox.newest(limit, offset, self._wanted)

    async def position(self, key: int) -> int | None:
        """Return the place of a message."""
        return await self._shell.workspace.inbox.position(key, self._wanted)


class InboxScreen(Filtered):
    """Callback messages, live."""

    TOPICS = frozenset({Topic.INBOX})
    COMMANDS_HERE: ClassVar[tuple[type[Command], ...]] = (
        *MOVES, Open, Filter, *LAYOUT, Copy, CopyRow, OpenListeners,
    )  # fmt: skip

    def make_table(self) -> Table[Message]:
        """Make the list of messages."""
        return Table(Messages(self.shell, ()), self.columns(), key=lambda each: each.id, id="inbox")

    def columns(self) -> list[Column[Message]]:
        """Return the columns; what a message was taken for stays longest."""
        return [
            Column("WHEN", 11, self._when, 3),
            Column(
                "SERVICE", 22, lambda each: (sanitize(each.service or "not named"), "strong"), 0
            ),
            Column("IS", 11, _verdict, 1),
            Column("REQUEST", 20, lambda each: (sanitize(each.request_id, 60), "dim"), 4),
            Column("TIMES", 6, lambda each: (f"{each.times}", "dim"), 6),
            Column("FROM", 15, lambda each: (sanitize(each.source, 45), "dim"), 5),
            Column("NOTE", 16, lambda each: (sanitize(each.note, 200), "dim"), 2, grows=True),
        ]

    def title_text(self) -> Line:
        """Say how many messages there are."""
        return [
            (" Callbacks ", "title"), (f" {self.table.total:,} ", "strong"), self.filter_run(),
        ]  # fmt: skip

    async def workspace_changed(self) -> None:
        """Show the messages of this environment."""
        await self.show_filtered()

    def nothing(self) -> Nothing:
        """Say how messages come."""
        return Nothing(NOTHING, ("l", "shows who hears of each service"), filter=self.filter)

    async def show_filtered(self) -> None:
        """Show the messages that hold the words, be it in what they say themselves."""
        await self.table.use(Messages(self.shell, self.wanted))
        self.show_lines()

    async def show_news(self, topics: frozenset[Topic]) -> None:
        """Read the rows again; whoever watches the newest message wants to see the next one."""
        await self.table.reload(keep=self.table.cursor != 0)
        self.show_lines()

    def refresh_now(self) -> None:
        """Say that nobody needs to ask for messages."""
        self.shell.flash("This list follows by itself.", "info")

    async def open_current(self) -> None:
        """Show the message as it came, but for its password."""
        if (row := self.table.current) is None:
            return
        from tsui.ui.screens.answer import AnswerScreen

        await self.app.push_screen(AnswerScreen(f"Callback {row.service}", body_of(row)))

    def copy_identifier(self) -> None:
        """Copy the request's id."""
        if (row := self.table.current) is not None:
            self.shell.copy(sanitize(row.request_id))

    def copy_row(self) -> None:
        """Copy the message as it came, but for its password."""
        if (row := self.table.current) is not None:
            self.shell.copy(sanitize(row.body.decode(errors="replace"), len(row.body)))

    def _when(self, row: Message) -> Run:
        now = self.shell.workspace.clock.now().timestamp()
        return words.short_moment(row.received_at, now, utc=self.shell.use_utc), "dim"


def _verdict(row: Message) -> Run:
    return row.verdict or "new", _LOOKS[row.verdict]


def body_of(row: Message) -> object:
    """Return a message as it came, read where it is JSON."""
    try:
        return json.loads(row.body)
    except (ValueError, RecursionError):
        return row.body.decode(errors="replace")
