"""Monitors: what is watched, until when, what its last sign was and what comes next."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from typing import TYPE_CHECKING, ClassVar

from tsui.service.monitors.model import ALIVE, Monitor, Summary
from tsui.service.views import Topic
from tsui.text import sanitize
from tsui.ui import monitor_text, words
from tsui.ui.commands.base import Command
from tsui.ui.commands.callbacks import OpenListeners
from tsui.ui.commands.lists import LAYOUT, MOVES, Copy, CopyRow, Export, Filter, Open
from tsui.ui.commands.monitors import MONITORS
from tsui.ui.list_state import Nothing
from tsui.ui.painted import Line, Run
from tsui.ui.screens.filtered import Filtered
from tsui.ui.widgets.table import Column, Table

if TYPE_CHECKING:
    from tsui.service.export_formats import Exports

Row = tuple[int, Monitor]

ASKED_AT_ONCE = 100
"""Devices whose monitors are asked for together: each answers by a callback of its own."""


class MonitorsScreen(Filtered):
    """The monitors of the account, live."""

    AREA = "monitors"
    TOPICS = frozenset({Topic.MONITORS, Topic.REQUESTS, Topic.READINGS})
    COMMANDS_HERE: ClassVar[tuple[type[Command], ...]] = (
        *MOVES, Open, Filter, *LAYOUT, Copy, CopyRow, Export, *MONITORS, OpenListeners,
    )  # fmt: skip

    def __init__(self) -> None:
        self._all: Sequence[Monitor] = ()
        self._summary: Summary | None = None
        self._hears: bool | None = None
        self._next_end = 0.0
        super().__init__()

    def make_table(self) -> Table[Monitor]:
        """Make the list of monitors."""
        return Table(Monitors(()), self.columns(), key=lambda each: each.id, id="monitors")

    def columns(self) -> list[Column[Monitor]]:
        """Return the columns; how a monitor stands stays longest on a narrow screen."""
        return [
            Column("STATE", 12, lambda each: monitor_text.STATES[each.state], 0),
            Column("DEVICES", 20, lambda each: (monitor_text.devices(each), "strong"), 0),
            Column("WATCHES", 10, lambda each: (monitor_text.watched(each.watch), "text"), 2),
            Column("UNTIL", 11, self._at(lambda each: each.ends), 1),
            Column("LAST SIGN", 11, self._at(lambda each: each.told_at), 3),
            Column("NEXT", 22, self._next, 4, grows=True),
            Column("SET", 11, self._at(lambda each: each.set_at), 5),
            Column("WHO", 10, lambda each: (sanitize(each.operator, 30), "dim"), 6),
        ]

    def title_text(self) -> Line:
        """Say how the monitors stand, and whether their callbacks can come."""
        runs: list[Run] = [(" Monitors ", "title")]
        if self._summary is not None:
            runs += monitor_text.summary(self._summary)
        if self._hears is False:
            runs += [("  nobody listens: ", "warn"), ("l", "key")]
        return [*runs, self.filter_run()]

    def nothing(self) -> Nothing:
        """Say how a monitor is set."""
        more = "It tells when a sleeping device wakes, and until when it can be reached."
        step = ("n", "sets a monitor; m does so from the devices")
        return Nothing("No device is watched from here.", step, more, filter=self.filter)

    async def workspace_changed(self) -> None:
        """Show the monitors of the account that is shown now."""
        desk = self.shell.workspace.desks.monitors
        self._all, self._hears = await desk.newest(), await desk.hears()
        self._summary = await desk.summary()
        ends = [each.ends for each in self._all if each.state in ALIVE and each.ends]
        self._next_end = min(ends, default=0.0)
        await self.show_filtered()

    async def show_news(self, topics: frozenset[Topic]) -> None:
        """Read the rows again."""
        await self.workspace_changed()

    def show_lines(self) -> None:
        """Show the lines around the list; what ended by the clock is read again first."""
        if 0 < self._next_end <= self.shell.workspace.desks.monitors.now:
            self._next_end = 0.0
            self.run_worker(self.told(self.workspace_changed()), exclusive=True, group="ends")
        super().show_lines()

    async def show_filtered(self) -> None:
        """Show the monitors that hold the words."""
        await self.table.use(Monitors(self._shown()))
        self.show_lines()

    async def open_current(self) -> None:
        """Open the monitor under the cursor."""
        from tsui.ui.screens.monitor import MonitorScreen

        if (current := self.current) is not None:
            await self.app.push_screen(MonitorScreen(current))

    @property
    def current(self) -> Monitor | None:
        """The monitor under the cursor."""
        return self.table.current

    @property
    def no_stop_reason(self) -> str:
        """Why the monitor under the cursor cannot be stopped; empty when it can."""
        return no_stop_reason(self.current)

    async def stop(self) -> None:
        """Ask, then end the monitor under the cursor on all its devices."""
        from tsui.ui.monitoring import stop_monitors

        if (current := self.current) is not None:
            ids = await self.shell.workspace.desks.monitors.ids(current)
            await stop_monitors(self.shell, ids)

    def refresh_now(self) -> None:
        """Ask ThingSpace which monitors the devices have that are watched here."""
        if reason := self.shell.connection.offline_reason:
            self.shell.flash(reason, "warn")
            return
        self.shell.background(self.told(self._ask_list()), name="ask for monitors")

    def selected_ids(self) -> Collection[int]:
        """Return the devices that are marked in the list of devices."""
        from tsui.ui.monitoring import marked_devices

        return marked_devices(self.shell)

    def exports(self) -> Exports:
        """Return what the monitors in view can be exported as."""
        from tsui.service.export_formats import exports_of_rows
        from tsui.service.monitors.columns import COLUMNS

        return exports_of_rows("monitors", "monitor", self._shown(), COLUMNS)

    def copy_identifier(self) -> None:
        """Copy the platform's id of the monitor, or of its request."""
        if (current := self.current) is not None:
            self.shell.copy(sanitize(current.name or current.request_id or current.device))

    def copy_row(self) -> None:
        """Copy the whole line."""
        if (current := self.current) is not None:
            self.shell.copy("\t".join(column.cell(current)[0] for column in self.columns()))

    async def _ask_list(self) -> None:
        from tsui.ui.monitoring import ask_list

        desk = self.shell.workspace.desks.monitors
        keys: dict[str, None] = {}
        for monitor in self._all:
            if monitor.state in ALIVE and len(keys) < ASKED_AT_ONCE:
                keys |= dict.fromkeys(each.device for each in await desk.members(monitor))
        await ask_list(self.shell, list(keys)[:ASKED_AT_ONCE], self.selected_ids())

    def _shown(self) -> list[Monitor]:
        return [each for each in self._all if self.fits(_text(each))]

    def _at(self, value: Callable[[Monitor], float]) -> Callable[[Monitor], Run]:
        def cell(monitor: Monitor) -> Run:
            now = self.shell.workspace.clock.now().timestamp()
            return words.short_moment(value(monitor), now, utc=self.shell.use_utc), "dim"

        return cell

    def _next(self, monitor: Monitor) -> Run:
        now = self.shell.workspace.desks.monitors.now
        return monitor_text.next_of(monitor, now, hears=self._hears)


class Monitors:
    """Monitors by their own numbers, for the table."""

    def __init__(self, monitors: Sequence[Monitor]) -> None:
        self._monitors = monitors

    async def count(self) -> int:
        """Count the rows."""
        return len(self._monitors)

    async def window(self, offset: int, limit: int) -> Sequence[Monitor]:
        """Return rows from a place on."""
        return self._monitors[offset : offset + limit]

    async def position(self, key: int) -> int | None:
        """Return the place of a monitor."""
        return next((at for at, each in enumerate(self._monitors) if each.id == key), None)


def no_stop_reason(monitor: Monitor | None) -> str:
    """Return why a monitor cannot be stopped; empty when it can."""
    if monitor is None:
        return "There is no monitor here."
    if monitor.state not in ALIVE:
        return f"This monitor is {monitor.state}."
    return "" if monitor.alive else "No callback told its id, which ThingSpace needs to stop it."


def _text(monitor: Monitor) -> str:
    said = (
        monitor.state, monitor.device, monitor_text.watched(monitor.watch), monitor.operator,
        monitor.note, monitor.name, monitor.request_id, monitor.problem,
    )  # fmt: skip
    return " ".join(said)
