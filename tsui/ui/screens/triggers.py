"""Triggers: the bounds that ThingSpace watches, and their forms."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from tsui.service.failures import ReadFailed
from tsui.service.triggers import COLUMNS, LIST, WatchedBound, values_of
from tsui.service.views import Topic
from tsui.text import sanitize
from tsui.ui import words
from tsui.ui.commands.base import Command
from tsui.ui.commands.lists import LAYOUT, MOVES, Copy, CopyRow, Export, Filter, Open
from tsui.ui.commands.triggers import TRIGGERS
from tsui.ui.list_state import Nothing
from tsui.ui.painted import Line, Run
from tsui.ui.rows import Rows, place_of
from tsui.ui.screens.filtered import Filtered
from tsui.ui.widgets.table import Column, Table

if TYPE_CHECKING:
    from tsui.service.export_formats import Exports

Row = tuple[int, WatchedBound]


class TriggersScreen(Filtered):
    """The triggers of the account, by name."""

    TOPICS = frozenset({Topic.READINGS})
    COMMANDS_HERE: ClassVar[tuple[type[Command], ...]] = (
        *MOVES, Open, Filter, *LAYOUT, Copy, CopyRow, Export, *TRIGGERS,
    )  # fmt: skip

    def __init__(self) -> None:
        self._all: list[WatchedBound] = []
        self._shown: list[WatchedBound] = []
        self._read_at: float | None = None
        self._is_reading = False
        self._trouble = ""
        super().__init__()

    def make_table(self) -> Table[Row]:
        """Make the list of triggers."""
        return Table(Rows[WatchedBound](), self.columns(), key=place_of, id="triggers")

    def columns(self) -> list[Column[Row]]:
        """Return the columns; the name and the bound stay longest."""
        return [
            Column("NAME", 18, lambda row: (sanitize(row[1].name, 60), "strong"), 0, grows=True),
            Column("BOUND", 12, lambda row: _known(row[1].bound, "text"), 1),
            Column("PER", 8, lambda row: _known(row[1].cycle, "text"), 4),
            Column("GROUP", 16, lambda row: _known(row[1].group, "text"), 2, grows=True),
            Column("WATCHES", 16, lambda row: _known(row[1].category, "dim"), 3),
            Column("CHANGED", 20, lambda row: _known(row[1].changed, "dim"), 5),
        ]

    def title_text(self) -> Line:
        """Say how many triggers there are, and how old that is."""
        runs: list[Run] = [(" Triggers ", "title"), (f" {self.table.total:,} ", "strong")]
        if self._read_at is not None:
            now = self.shell.workspace.clock.now().timestamp()
            runs.append((f" read {words.age(now - self._read_at)} ago", "dim"))
        return [*runs, self.filter_run()]

    def nothing(self) -> Nothing:
        """Say how triggers come."""
        if self._read_at is None:
            reading = "the triggers" if self._is_reading else ""
            return Nothing(
                "The triggers were not read yet.", ("r", "reads them"), reading=reading,
                trouble=self._trouble, offline=self.shell.connection.offline_reason,
            )  # fmt: skip
        return Nothing("ThingSpace watches nothing yet.", ("n", "makes a trigger"),
                       filter=self.filter)  # fmt: skip

    def on_screen_resume(self) -> None:
        """Read again: whoever comes back from a form may have changed one."""
        super().on_screen_resume()
        if not self.shell.connection.offline_reason:
            self._begin_to_read()

    async def workspace_changed(self) -> None:
        """Show the triggers as they were read last."""
        self._all, self._read_at = await self.shell.workspace.desks.triggers.triggers()
        await self.show_filtered()

    async def show_news(self, topics: frozenset[Topic]) -> None:
        """Read the rows again."""
        await self.workspace_changed()

    async def show_filtered(self) -> None:
        """Show the triggers that hold the words."""
        self._shown = [each for each in self._all if self.fits(" ".join(each[:-1]))]
        await self.table.use(Rows(self._shown))
        self.show_lines()

    def refresh_now(self) -> None:
        """Read the triggers again."""
        if reason := self.shell.connection.offline_reason:
            self.shell.flash(reason, "warn")
            return
        self.shell.flash("Triggers: reading …", "info")
        self._begin_to_read()

    async def open_current(self) -> None:
        """Show all that was told of the trigger."""
        if (trigger := self._current) is not None:
            from tsui.ui.screens.answer import AnswerScreen

            title = f"Trigger {sanitize(trigger.name, 60)}"
            await self.app.push_screen(AnswerScreen(title, dict(trigger.told)))

    async def make(self) -> None:
        """Open the form of a new trigger."""
        await self.shell.operations.open_form("CreateTrigger")

    async def edit(self) -> None:
        """Open the form that changes the trigger under the cursor."""
        if (trigger := self._current) is None:
            self.shell.flash("There is no trigger here.", "warn")
            return
        await self.shell.operations.open_form("UpdateTrigger", values=values_of(trigger))

    async def delete(self) -> None:
        """Ask whether the trigger under the cursor shall go."""
        if (trigger := self._current) is None:
            self.shell.flash("There is no trigger here.", "warn")
            return
        from tsui.service.operations import info_of

        operation = self.shell.workspace.desks.triggers.deleting(trigger)
        await self.shell.operations.run(info_of("DeleteTrigger"), operation)

    def exports(self) -> Exports:
        """Return what the triggers in view can be exported as."""
        from tsui.service.export_formats import exports_of_rows

        return exports_of_rows("triggers", "trigger", self._shown, COLUMNS)

    def copy_identifier(self) -> None:
        """Copy the trigger's id."""
        if (trigger := self._current) is not None:
            self.shell.copy(sanitize(trigger.id))

    def copy_row(self) -> None:
        """Copy the whole line."""
        if (trigger := self._current) is not None:
            self.shell.copy("\t".join(sanitize(each) for each in trigger[:-1]))

    @property
    def _current(self) -> WatchedBound | None:
        row: Row | None = self.table.current
        return None if row is None else row[1]

    def _begin_to_read(self) -> None:
        self.shell.background(self._read(), name=LIST, group="triggers")

    async def _read(self) -> None:
        self._is_reading = True
        try:
            await self.shell.workspace.desks.triggers.read()
            self._trouble = ""
        except ReadFailed as error:
            self._trouble = str(error)
            self.shell.flash(f"Triggers: {error}", "bad")
        finally:
            self._is_reading = False
        await self.workspace_changed()


def _known(text: str, look: str) -> Run:
    return (sanitize(text, 60), look) if text else ("not told", "dim")
