"""Requests: every change that was made here, per device, and what became of it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar

from tsui.service import undo
from tsui.service.deadlines import USUALLY
from tsui.service.views import OPEN, ChangeState, DeviceChange, Topic
from tsui.text import sanitize
from tsui.ui import words
from tsui.ui.commands.base import Command
from tsui.ui.commands.bundle import RequestEvidence
from tsui.ui.commands.device import REQUEST
from tsui.ui.commands.lists import LAYOUT, MOVES, Copy, CopyRow, Open
from tsui.ui.list_state import Nothing
from tsui.ui.outcomes import outcome
from tsui.ui.painted import Line, Run
from tsui.ui.screens.list_place import ListPlace
from tsui.ui.undoing import offer_undo
from tsui.ui.widgets.table import Column, Table

if TYPE_CHECKING:
    from tsui.ui.app import TsuiApp


class ChangeSource:
    """All changes, newest first, for the table."""

    def __init__(self, shell: TsuiApp) -> None:
        self._shell = shell

    async def count(self) -> int:
        """Count the rows."""
        return await self._shell.workspace.count_changes()

    async def window(self, offset: int, limit: int) -> Sequence[DeviceChange]:
        """Return rows from a place on."""
        return await self._shell.workspace.change_window(offset, limit)

    async def position(self, key: int) -> int | None:
        """Return the place of a change."""
        return await self._shell.workspace.change_position(key)


class RequestsScreen(ListPlace):
    """Every change and what became of it, newest first, live."""

    AREA = "requests"
    TOPICS = frozenset({Topic.REQUESTS})
    COMMANDS_HERE: ClassVar[tuple[type[Command], ...]] = (
        *MOVES, Open, *LAYOUT, Copy, CopyRow, *REQUEST, RequestEvidence,
    )  # fmt: skip

    def make_table(self) -> Table[DeviceChange]:
        """Make the list of changes."""
        return Table(
            ChangeSource(self.shell), self.columns(), key=lambda change: change.id, id="requests"
        )

    def columns(self) -> list[Column[DeviceChange]]:
        """Return the columns; what became of it stays longest on a narrow screen."""
        return [
            Column("SENT", 11, self._sent, 3),
            Column("CHANGE", 16, lambda each: (sanitize(each.title, 60), "text"), 1, grows=True),
            Column("DEVICE", 20, lambda each: (sanitize(each.identifier), "text"), 2),
            Column("OUTCOME", 16, self._outcome, 0),
            Column("WHY", 8, _why, 4, grows=True),
        ]

    def title_text(self) -> Line:
        """Say how many changes there are and how many wait."""
        waiting = sum(self.shell.workspace.opened.in_flight())
        runs: list[Run] = [(" Requests ", "title"), (f" {self.table.total:,} ", "strong")]
        runs.append(
            (f" {waiting:,} not over" if waiting else " all are over", "info" if waiting else "dim")
        )
        if self.shell.frozen:
            runs.append(("  FROZEN, f goes on", "warn"))
        return runs

    def nothing(self) -> Nothing:
        """Say where changes are made."""
        return Nothing(
            "Nothing was changed from here yet; S in Devices suspends a line.",
            ("2", "goes to the devices"),
        )

    async def workspace_changed(self) -> None:
        """Show the changes that were made in this environment."""
        await self.table.use(ChangeSource(self.shell))
        self.show_lines()

    async def show_news(self, topics: frozenset[Topic]) -> None:
        """Read the rows again."""
        # Somebody who watches the newest change wants to see the one that comes after it.
        at_top = self.table.cursor == 0
        await self.table.reload(keep=not at_top)

    def refresh_now(self) -> None:
        """Begin to look after the changes at once; they are looked after anyway."""
        self.shell.flash("Changes that are not over are looked after by themselves.", "info")

    async def open_current(self) -> None:
        """Show all that is known of the change."""
        if (change := self.table.current) is not None:
            from tsui.ui.screens.request import RequestScreen

            await self.app.push_screen(RequestScreen(change))

    async def open_by_name(self, name: str) -> None:
        """Go to a request by its number here, or by ThingSpace's id."""
        newest = await self.shell.workspace.newest_of_request(name.strip())
        if newest is None or not await self.table.find(newest):
            self.shell.flash(f"There is no request {sanitize(name, 40)} here.", "warn")

    def copy_identifier(self) -> None:
        """Copy the platform's request id, or the device where there is none."""
        if (change := self.table.current) is not None:
            self.shell.copy(sanitize(change.request_id or change.identifier))

    def copy_row(self) -> None:
        """Copy what the list knows of the change."""
        if (change := self.table.current) is not None:
            known = [
                change.title,
                change.identifier,
                change.state,
                change.request_id,
                change.problem,
            ]
            self.shell.copy("\t".join(sanitize(value) for value in known))

    @property
    def change_in_view(self) -> DeviceChange | None:
        """The change under the cursor."""
        change: DeviceChange | None = self.table.current
        return change

    @property
    def no_decision_reason(self) -> str:
        """Need a change that waits for something."""
        change = self.table.current
        if change is None:
            return "There is no change under the cursor."
        if change.state not in (ChangeState.UNKNOWN, ChangeState.ACCEPTED):
            return f"This change is {change.state}; there is nothing to decide."
        return ""

    async def ask_decision(self) -> None:
        """Ask how the change under the cursor is to be closed."""
        if (change := self.table.current) is not None:
            await self.shell.changes.ask_decision(change)

    @property
    def no_undo_reason(self) -> str:
        """Need a change that has an undo."""
        change = self.table.current
        return undo.never(change) if change else "There is no change under the cursor."

    async def offer_undo(self) -> None:
        """Show what can be brought back of the change under the cursor."""
        if (change := self.table.current) is not None:
            await offer_undo(self.shell, change)

    async def open_its_device(self) -> None:
        """Open the device of the change."""
        if (change := self.table.current) is not None:
            await self.shell.open_device_by_identifier(change.identifier)

    def _sent(self, change: DeviceChange) -> Run:
        now = self.shell.workspace.clock.now().timestamp()
        return words.short_moment(change.created_at, now, utc=self.shell.use_utc), "dim"

    def _outcome(self, change: DeviceChange) -> Run:
        """Say what is known of a change, and for how long an outcome that is late was awaited."""
        text, look = outcome(change)
        waited = self.shell.workspace.clock.now().timestamp() - change.created_at
        if change.state is ChangeState.ACCEPTED and waited > USUALLY:
            return f"{text} {words.age(waited)}", "warn"
        return text, look


def _why(change: DeviceChange) -> Run:
    text = change.problem or change.evidence
    if change.contradiction:
        text = f"{change.state}, but then {change.contradiction}"
    if change.state in OPEN and not text:
        text = "waiting for the outcome" if change.state is ChangeState.ACCEPTED else ""
    return sanitize(text, 200), "dim"
