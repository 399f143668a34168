"""Mutes: which notices are quieter for a while, who said so, and until when."""

from __future__ import annotations

from typing import ClassVar

from tsui.service.views import Mute, Topic
from tsui.text import sanitize
from tsui.ui import notice_text, words
from tsui.ui.commands.base import Command
from tsui.ui.commands.lists import LAYOUT, MOVES, CopyRow, Filter
from tsui.ui.commands.notices import EndMute
from tsui.ui.list_state import Nothing
from tsui.ui.painted import Line, Run
from tsui.ui.rows import Rows, place_of
from tsui.ui.screens.filtered import Filtered
from tsui.ui.widgets.table import Column, Table

Row = tuple[int, Mute]


class MutesScreen(Filtered):
    """The mutes in force; what ends first comes first."""

    TOPICS = frozenset({Topic.NOTICES})
    COMMANDS_HERE: ClassVar[tuple[type[Command], ...]] = (
        *MOVES, Filter, *LAYOUT, CopyRow, EndMute,
    )  # fmt: skip

    def make_table(self) -> Table[Row]:
        """Make the list of mutes."""
        return Table(Rows[Mute](), self.columns(), key=place_of, id="mutes")

    def columns(self) -> list[Column[Row]]:
        """Return the columns; what is muted stays longest on a narrow screen."""
        return [
            Column("UNTIL", 16, self._until, 1),
            Column("WAY", 8, lambda row: (row[1].way.name.lower(), "strong"), 2),
            Column("WHAT", 20, lambda row: notice_text.muted_what(row[1]), 0, grows=True),
            Column("BY", 10, lambda row: (sanitize(row[1].by, 30), "dim"), 4),
            Column("WHY", 12, lambda row: (sanitize(row[1].note, 200), "dim"), 3, grows=True),
        ]

    def title_text(self) -> Line:
        """Say how many mutes there are."""
        return [(" Mutes ", "title"), (f" {self.table.total:,} ", "strong"), self.filter_run()]

    def nothing(self) -> Nothing:
        """Say that nothing is muted."""
        return Nothing("Nothing is muted; M on an event mutes.", ("esc", "goes back"),
                       filter=self.filter)  # fmt: skip

    async def workspace_changed(self) -> None:
        """Show the mutes of this account."""
        await self.show_filtered()

    async def show_news(self, topics: frozenset[Topic]) -> None:
        """Read the mutes again."""
        await self.show_filtered()

    async def show_filtered(self) -> None:
        """Show the mutes that hold the words."""
        mutes = await self.shell.workspace.desks.notices.mutes()
        shown = [each for each in mutes if self.fits(f"{notice_text.muted_what(each)[0]} {each}")]
        await self.table.use(Rows(shown))
        self.show_lines()

    async def end(self) -> None:
        """Ask, then end the mute under the cursor."""
        from tsui.ui.screens.choose import Choice, Choose

        if (row := self.table.current) is None:
            self.shell.flash("There is no mute here.", "warn")
            return
        mute: Mute = row[1]

        async def chosen(answer: str | None) -> None:
            if answer:
                await self.told(self._end(mute))

        choices = (Choice("", "Leave it"), Choice("end", "End it: they are heard again"))
        dialog = Choose("End this mute?", choices, lines=[[notice_text.muted_what(mute)]])
        await self.app.push_screen(dialog, chosen)

    def copy_row(self) -> None:
        """Copy the whole line."""
        if (row := self.table.current) is not None:
            mute = row[1]
            known = (self._until(row)[0], mute.way.name.lower(), notice_text.muted_what(mute)[0])
            self.shell.copy("\t".join((*known, sanitize(mute.by), sanitize(mute.note))))

    async def _end(self, mute: Mute) -> None:
        ended = await self.shell.workspace.desks.notices.end_mute(mute)
        self.shell.flash("Ended." if ended else "Somebody ended it before.", "good")

    def _until(self, row: Row) -> Run:
        return words.moment(row[1].until, utc=self.shell.use_utc), "dim"
