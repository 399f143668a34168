"""One monitor: its devices, whether each can be reached, and what was told of them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import ClassVar

from textual.app import ComposeResult

from tsui.service.monitors.model import ALIVE, Member, Monitor, window_of
from tsui.service.views import DeviceRow, Sign, Topic, What
from tsui.text import sanitize
from tsui.ui import monitor_text, words
from tsui.ui.commands.base import Command
from tsui.ui.commands.lists import LAYOUT, MOVES, Copy, CopyRow, Filter, Open
from tsui.ui.commands.messages import ComposeSms
from tsui.ui.commands.monitors import MEMBERS
from tsui.ui.commands.operations import SetMonitor
from tsui.ui.list_state import Nothing
from tsui.ui.painted import Line, Run
from tsui.ui.rows import Rows, place_of
from tsui.ui.screens.device_text import View
from tsui.ui.screens.filtered import Filtered
from tsui.ui.widgets.pane import Pane
from tsui.ui.widgets.table import Column, Table

Row = tuple[int, Member]

DETAIL = 8
"""Lines below the list that tell what callbacks said of one device."""

MOST_TOLD = 20
"""Messages about a device that are read."""


class MonitorScreen(Filtered):
    """The devices of a monitor, live."""

    AREA = "monitors"
    TOPICS = frozenset({Topic.MONITORS, Topic.REQUESTS, Topic.DEVICES})
    COMMANDS_HERE: ClassVar[tuple[type[Command], ...]] = (
        *MOVES, Open, Filter, *LAYOUT, Copy, CopyRow, *MEMBERS, ComposeSms, SetMonitor,
    )  # fmt: skip

    def __init__(self, monitor: Monitor) -> None:
        self._monitor = monitor
        self._all: Sequence[Member] = ()
        self._signs: Sequence[Sign] = ()
        self._told_of = ""
        super().__init__()
        self._detail = Pane(id="told")
        self._detail.can_focus = False
        self._detail.styles.height = DETAIL

    def compose_body(self) -> ComposeResult:
        """Lay out the devices, and what was told of one below them."""
        yield from super().compose_body()
        yield self._detail

    def make_table(self) -> Table[Row]:
        """Make the list of devices."""
        return Table(Rows[Member](), self.columns(), key=place_of, id="members")

    def columns(self) -> list[Column[Row]]:
        """Return the columns; whether a device can be reached stays longest."""
        return [
            Column("DEVICE", 20, lambda row: (_name(row[1]), "strong"), 0),
            Column("REACH", 12, self._reach, 0),
            Column("STATE", 12, lambda row: monitor_text.STATES[row[1].state], 1),
            Column("LAST SIGN", 11, self._told_at, 2),
            Column("PLAN", 12, lambda row: (_plan(row[1]), "dim"), 4),
            Column("MONITOR ID", 14, _id, 3, grows=True),
        ]

    def title_text(self) -> Line:
        """Say what is watched, until when, and by whom it was set."""
        monitor, view = self._monitor, self._view
        runs: list[Run] = [
            (" Monitor ", "title"), monitor_text.STATES[monitor.state],
            (f"  {monitor_text.watched(monitor.watch)}", "strong"),
        ]  # fmt: skip
        if monitor.ends:
            runs.append((f"  until {view.at(monitor.ends)}", "text"))
        if monitor.operator:
            runs.append((f"  by {sanitize(monitor.operator, 20)}", "dim"))
        return [*runs, self.filter_run()]

    def nothing(self) -> Nothing:
        """Say that it has no devices."""
        return Nothing("No device of it is known.", ("esc", "goes back"), filter=self.filter)

    async def workspace_changed(self) -> None:
        """Show the devices."""
        desk = self.shell.workspace.desks.monitors
        self._monitor = await desk.get(self._monitor.id) or self._monitor
        self._all = await desk.members(self._monitor)
        await self.show_filtered()
        await self._read_signs()

    async def show_news(self, topics: frozenset[Topic]) -> None:
        """Read the rows again."""
        await self.workspace_changed()

    async def show_filtered(self) -> None:
        """Show the devices that hold the words."""
        shown = [each for each in self._all if self.fits(f"{each.device} {each.state} {each.name}")]
        await self.table.use(Rows(shown))
        self.show_lines()

    def on_table_moved(self) -> None:
        """Tell of the device under the cursor."""
        super().on_table_moved()
        self.run_worker(self.told(self._read_signs()), exclusive=True, group="signs")

    def show_lines(self) -> None:
        """Show what was told of the device under the cursor, too."""
        super().show_lines()
        if self.is_mounted and self.is_current:
            member = self._member
            signs = self._signs if member and member.device == self._told_of else ()
            self._detail.show(monitor_text.sign_lines(signs, member, self._view))

    async def open_current(self) -> None:
        """Open the device under the cursor where it tells of reachability."""
        await open_reach(self, self.device_in_view)

    @property
    def device_in_view(self) -> DeviceRow | None:
        """The device under the cursor."""
        return self._member.row if self._member else None

    @property
    def no_device_reason(self) -> str:
        """Why there is no device to act on; empty when there is one."""
        return "" if self.device_in_view else "This device was not read yet."

    def selected_ids(self) -> Collection[int]:
        """Return the device under the cursor."""
        return () if self.device_in_view is None else (self.device_in_view.id,)

    @property
    def no_stop_reason(self) -> str:
        """Why nothing can be stopped here; empty when the monitor of the device can."""
        member = self._member
        if member is None:
            return "There is no device here."
        if member.state not in ALIVE:
            return f"The monitor of this device is {member.state}."
        return "" if member.name else "No callback told its id, which ThingSpace needs to stop it."

    async def stop(self) -> None:
        """Ask, then end the monitor of the device under the cursor."""
        from tsui.ui.monitoring import stop_monitors

        if (member := self._member) is not None:
            await stop_monitors(self.shell, [member.name])

    def refresh_now(self) -> None:
        """Ask ThingSpace which monitors these devices have."""
        from tsui.ui.monitoring import ask_list
        from tsui.ui.screens.monitors import ASKED_AT_ONCE

        if reason := self.shell.connection.offline_reason:
            self.shell.flash(reason, "warn")
            return
        keys = [each.device for each in self._all][:ASKED_AT_ONCE]
        self.shell.background(self.told(ask_list(self.shell, keys, ())), name="ask for monitors")

    def copy_identifier(self) -> None:
        """Copy the platform's id of the monitor, or the device's number where none was told."""
        if (member := self._member) is not None:
            self.shell.copy(sanitize(member.name) or _name(member))

    def copy_row(self) -> None:
        """Copy the whole line."""
        if (row := self.table.current) is not None:
            self.shell.copy("\t".join(column.cell(row)[0] for column in self.columns()))

    async def _read_signs(self) -> None:
        if (member := self._member) is None:
            return
        desk = self.shell.workspace.desks.monitors
        signs = await desk.signs([member.device], MOST_TOLD)
        self._signs, self._told_of = signs, member.device
        self.show_lines()

    @property
    def _member(self) -> Member | None:
        row = self.table.current
        return row[1] if row is not None else None

    @property
    def _view(self) -> View:
        return View(self.shell.workspace.clock.now().timestamp(), self.shell.use_utc)

    def _reach(self, row: Row) -> Run:
        word = row[1].word
        now = self.shell.workspace.desks.monitors.now
        if word is not None and word.what is What.REACHABLE and window_of(word).is_open(now):
            return "● awake", "good"
        return monitor_text.reach(word)

    def _told_at(self, row: Row) -> Run:
        view = self._view
        return words.short_moment(row[1].told_at, view.now, utc=view.utc), "dim"


async def open_reach(place: Filtered, device: DeviceRow | None) -> None:
    """Open a device where it tells of reachability, or say why not."""
    if device is None:
        place.shell.flash("This device was not read yet; r in Devices (2) reads all.", "warn")
        return
    await place.shell.open_device(device, "reachability")


def _name(member: Member) -> str:
    return sanitize(member.device.partition(":")[2] or member.device, 40)


def _plan(member: Member) -> str:
    return sanitize(member.row.plan, 40) if member.row else ""


def _id(row: Row) -> Run:
    member = row[1]
    if member.name:
        return sanitize(member.name, 60), "dim"
    return sanitize(member.problem, 200) or "not told yet", "dim"
