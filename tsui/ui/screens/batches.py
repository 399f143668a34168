"""Batches: how far changes of several devices are, how fast they go, and what is left of them."""

from __future__ import annotations

from typing import ClassVar

from tsui.service.views import Batch, ChangeState, Topic
from tsui.ui import words
from tsui.ui.commands.base import Command
from tsui.ui.commands.batches import BATCH
from tsui.ui.commands.lists import LAYOUT, MOVES, Open
from tsui.ui.list_state import Nothing
from tsui.ui.painted import Line, Run
from tsui.ui.rows import Rows, place_of
from tsui.ui.screens.list_place import ListPlace
from tsui.ui.widgets.table import Column, Table

Row = tuple[int, Batch]

GOOD = (ChangeState.SUCCEEDED, ChangeState.INFERRED)
WAITING = (ChangeState.SENDING, ChangeState.ACCEPTED)
BAD = (ChangeState.FAILED, ChangeState.REFUSED)


class BatchesScreen(ListPlace):
    """The newest batches, live."""

    AREA = "requests"
    TOPICS = frozenset({Topic.REQUESTS})
    COMMANDS_HERE: ClassVar[tuple[type[Command], ...]] = (*MOVES, Open, *LAYOUT, *BATCH)

    def make_table(self) -> Table[Row]:
        """Make the list of batches."""
        return Table(Rows[Batch](), self.columns(), key=place_of, id="batches")

    def columns(self) -> list[Column[Row]]:
        """Return the columns; how far a batch is stays longest on a narrow screen."""
        return [
            Column("CONFIRMED", 11, self._confirmed, 3),
            Column("CHANGE", 14, lambda row: (words.batch_title(row[1]), "text"), 1, grows=True),
            Column("DEVICES", 8, lambda row: (f"{row[1].devices:,}", "text"), 2),
            Column("HOW FAR", 34, self._how_far, 0, grows=True),
            Column("DONE", 8, lambda row: _count(row, GOOD, "good"), 4),
            Column("WAITING", 8, lambda row: _count(row, WAITING, "info"), 5),
            Column("UNKNOWN", 8, lambda row: _count(row, (ChangeState.UNKNOWN,), "bad"), 6),
            Column("FAILED", 8, lambda row: _count(row, BAD, "bad"), 7),
        ]

    def title_text(self) -> Line:
        """Say how many batches there are and how far what is being sent is."""
        runs: list[Run] = [(" Batches ", "title"), (f" {self.table.total:,} ", "strong")]
        return [*runs, (words.batches_under_way(self.shell.workspace.batching.under_way()), "info")]

    def nothing(self) -> Nothing:
        """Say how a batch comes about."""
        return Nothing("Nothing was changed for several devices yet.", ("2", "goes to the devices"))

    async def workspace_changed(self) -> None:
        """Show the batches of the account."""
        await self._read()

    async def show_news(self, topics: frozenset[Topic]) -> None:
        """Read the rows again."""
        await self._read()

    def refresh_now(self) -> None:
        """Say that nobody needs to ask."""
        self.shell.flash("Batches show how far they are by themselves.", "info")

    async def open_current(self) -> None:
        """Go to the change of the batch that most needs somebody; O decides about it there."""
        if (row := self.table.current) is None:
            return
        change = await self.shell.workspace.batching.to_look_at(row[1].id)
        await self.shell.go("requests")
        if change is not None:
            await self.shell.place.as_list().table.find(change)

    def pause(self) -> None:
        """Send no more of the batch under the cursor for now."""
        if (row := self.table.current) is None:
            return
        if self.shell.workspace.batching.pause(row[1].id):
            self.shell.flash("Paused; R goes on with what was not sent.", "info")
        else:
            self.shell.flash("This batch is not being sent from here.", "warn")

    async def resume(self) -> None:
        """Ask whether to go on with what of the batch under the cursor never left."""
        if (row := self.table.current) is None:
            return
        if any(each.batch == row[1].id for each in self.shell.workspace.batching.under_way()):
            self.shell.flash("This batch is still being sent; p pauses it.", "info")
        else:
            await self.shell.changes.propose_rest(row[1].id)

    async def ask_cancel(self) -> None:
        """Ask whether to call off what of the batch never left."""
        if (row := self.table.current) is None:
            return
        from tsui.ui.screens.choose import Choice, Choose

        batch = row[1]

        async def answered(answer: str | None) -> None:
            if answer == "cancel":
                self.shell.background(self._cancel(batch.id), name="call a batch off")

        choices = [
            Choice("keep", "Leave it as it is"),
            Choice("cancel", "Call off for good what was not sent yet"),
        ]
        await self.shell.push_screen(
            Choose(f"{words.batch_title(batch)}: call it off?", choices), answered
        )

    async def _cancel(self, batch: str) -> None:
        devices = await self.shell.workspace.batching.cancel(batch)
        self.shell.flash(f"{words.number(devices, 'device')} called off; nothing was sent.", "info")

    async def _read(self) -> None:
        await self.table.use(Rows(await self.shell.workspace.batching.newest()))
        self.show_lines()

    def _confirmed(self, row: Row) -> Run:
        now = self.shell.workspace.clock.now().timestamp()
        return words.short_moment(row[1].created_at, now, utc=self.shell.use_utc), "dim"

    def _how_far(self, row: Row) -> Run:
        batch = row[1]
        for each in self.shell.workspace.batching.under_way():
            if each.batch != batch.id:
                continue
            if each.is_held and (unknown := batch.counts.get(ChangeState.UNKNOWN)):
                return f"waits: {unknown:,} unknown; enter, then O", "warn"
            return words.how_far(each), "info"
        if batch.counts.get(ChangeState.INTENDED):
            return "being sent by another tsui", "info"
        if batch.left:
            return f"stopped at {words.so_far(batch)}: R goes on", "warn"
        return f"done sending: {words.by_state(batch)}", "dim"


def _count(row: Row, states: tuple[ChangeState, ...], look: str) -> Run:
    number = sum(row[1].counts.get(state, 0) for state in states)
    return (f"{number:,}", look) if number else ("", "dim")
