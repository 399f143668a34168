"""The wake board: who is awake now and for how long, who is expected next, what waits for them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.timer import Timer

from tsui.service.monitors.model import Sleeper
from tsui.service.views import DeviceRow, Topic, Wake
from tsui.text import sanitize
from tsui.ui import monitor_text, words
from tsui.ui.commands.base import Command
from tsui.ui.commands.callbacks import OpenListeners
from tsui.ui.commands.lists import LAYOUT, MOVES, Copy, CopyRow, Filter, Open
from tsui.ui.commands.messages import ComposeSms
from tsui.ui.commands.monitors import BOARD
from tsui.ui.commands.operations import SetMonitor
from tsui.ui.list_state import Nothing
from tsui.ui.painted import Line, Run
from tsui.ui.screens.device_text import View
from tsui.ui.screens.filtered import Filtered
from tsui.ui.screens.monitor import open_reach
from tsui.ui.widgets.pane import Pane
from tsui.ui.widgets.table import Column, Table

TICK, THIN_TICK = 1.0, 10.0
"""Seconds between two looks at the countdowns, and over a thin link."""

DETAIL = 6
"""Lines below the list that tell what waits for one device."""


class WakeBoardScreen(Filtered):
    """Devices that sleep, live; it ticks only while it is in front and a window is open."""

    AREA = "monitors"
    TOPICS = frozenset({Topic.MONITORS, Topic.DEVICES})
    COMMANDS_HERE: ClassVar[tuple[type[Command], ...]] = (
        *MOVES, Open, Filter, *LAYOUT, Copy, CopyRow, *BOARD, ComposeSms, SetMonitor,
        OpenListeners,
    )  # fmt: skip

    def __init__(self) -> None:
        self._all: Sequence[Sleeper] = ()
        self._hears: bool | None = None
        self._history: Sequence[Wake] = ()
        self._history_of = ""
        self._timer: Timer | None = None
        super().__init__()
        self._detail = Pane(id="waiting")
        self._detail.can_focus = False
        self._detail.styles.height = DETAIL

    def compose_body(self) -> ComposeResult:
        """Lay out the board, and what waits for one device below it."""
        yield from super().compose_body()
        yield self._detail

    def make_table(self) -> Table[Sleeper]:
        """Make the board."""
        return Table(Sleepers(()), self.columns(), key=lambda each: each.id, id="sleepers")

    def columns(self) -> list[Column[Sleeper]]:
        """Return the columns; how long a device stays awake stays longest."""
        return [
            Column("DEVICE", 20, lambda each: (_name(each), "strong"), 0),
            Column("NOW", 10, monitor_text.awake, 1),
            Column("LEFT", 8, self._left, 0),
            Column("EXPECTED", 14, self._expected, 2),
            Column("WAITS", 14, monitor_text.waits, 1, grows=True),
            Column("LAST WORD", 11, self._last, 3),
            Column("PLAN", 10, lambda each: (_plan(each), "dim"), 4),
        ]

    def title_text(self) -> Line:
        """Say how many are awake, and for how many something waits."""
        awake = sum(1 for each in self._all if each.window is not None)
        waiting = sum(len(each.wakes) for each in self._all)
        runs: list[Run] = [
            (" Wake board ", "title"), (f" {awake:,} awake", "good" if awake else "dim"),
            (f" of {len(self._all):,} that are watched or waited for", "dim"),
        ]  # fmt: skip
        if waiting:
            runs.append((f"  {waiting:,} waiting", "info"))
        if self._hears is False:
            runs += [("  nobody listens: ", "warn"), ("l", "key")]
        if self.shell.frozen:
            runs.append(("  FROZEN, f goes on", "warn"))
        return [*runs, self.filter_run()]

    def nothing(self) -> Nothing:
        """Say how devices come here."""
        more = "A monitor's callback tells that a device is awake, and until when."
        step = ("n", "on Monitors (4) watches devices; W on a device queues for it")
        return Nothing("No device is watched or waited for.", step, more, filter=self.filter)

    async def workspace_changed(self) -> None:
        """Show the devices of the account that is shown now."""
        desk = self.shell.workspace.desks.monitors
        self._all, self._hears = await desk.board(), await desk.hears()
        await self.show_filtered()
        await self._read_history()

    async def show_news(self, topics: frozenset[Topic]) -> None:
        """Read the rows again."""
        await self.workspace_changed()

    async def show_filtered(self) -> None:
        """Show the devices that hold the words."""
        shown = [each for each in self._all if self.fits(_text(each))]
        await self.table.use(Sleepers(shown))
        self.show_lines()

    def on_table_moved(self) -> None:
        """Tell of the device under the cursor."""
        super().on_table_moved()
        self.run_worker(self.told(self._read_history()), exclusive=True, group="history")

    def show_lines(self) -> None:
        """Show what waits for the device under the cursor, too, and go on counting down."""
        super().show_lines()
        if not (self.is_mounted and self.is_current):
            return
        current = self.current
        known = self._history if current and current.device == self._history_of else ()
        self._detail.show(monitor_text.wake_lines(known, self._view) if current else [])
        self._count_down()

    def on_screen_suspend(self) -> None:
        """Count down no more while nobody sees it."""
        self._stop_counting()

    async def open_current(self) -> None:
        """Open the device under the cursor where it tells of reachability."""
        await open_reach(self, self.device_in_view)

    @property
    def current(self) -> Sleeper | None:
        """The line under the cursor."""
        return self.table.current

    @property
    def device_in_view(self) -> DeviceRow | None:
        """The device under the cursor."""
        return self.current.row if self.current else None

    @property
    def no_device_reason(self) -> str:
        """Why there is no device to act on; empty when there is one."""
        return "" if self.device_in_view else "There is no device here that was read."

    def selected_ids(self) -> Collection[int]:
        """Return the device under the cursor."""
        return () if self.device_in_view is None else (self.device_in_view.id,)

    def refresh_now(self) -> None:
        """Say that nobody needs to ask."""
        self.shell.flash("This board follows by itself; a asks about one device.", "info")

    def copy_identifier(self) -> None:
        """Copy the device's number."""
        if (current := self.current) is not None:
            self.shell.copy(_name(current))

    def copy_row(self) -> None:
        """Copy the whole line."""
        if (current := self.current) is not None:
            self.shell.copy("\t".join(column.cell(current)[0] for column in self.columns()))

    def _count_down(self) -> None:
        """Tick while there is something to count."""
        if self._timer is None and any(each.window is not None for each in self._all):
            every = THIN_TICK if self.shell.launch.thin else TICK
            self._timer = self.set_timer(every, self._tick)

    def _stop_counting(self) -> None:
        if self._timer is not None:
            self._timer.stop()
            self._timer = None

    async def _tick(self) -> None:
        self._timer = None
        if not self.is_current or self.shell.is_leaving:
            return
        if not self.shell.frozen:
            now = self.shell.workspace.desks.monitors.now
            windows = [each.window for each in self._all if each.window is not None]
            if any(not each.is_open(now) for each in windows):
                await self.told(self.workspace_changed())
            else:
                self.table.show_columns(self.columns())
        self._count_down()

    async def _read_history(self) -> None:
        if (current := self.current) is None:
            return
        queue = self.shell.workspace.desks.monitors.queue
        self._history = (await queue.newest(current.device))[:DETAIL]
        self._history_of = current.device
        self.show_lines()

    @property
    def _view(self) -> View:
        return View(self.shell.workspace.clock.now().timestamp(), self.shell.use_utc)

    def _left(self, sleeper: Sleeper) -> Run:
        return monitor_text.left(sleeper.window, self.shell.workspace.desks.monitors.now)

    def _expected(self, sleeper: Sleeper) -> Run:
        view = self._view
        return monitor_text.expected(sleeper, view.now, utc=view.utc)

    def _last(self, sleeper: Sleeper) -> Run:
        view = self._view
        at = sleeper.last.at if sleeper.last else None
        return words.short_moment(at, view.now, utc=view.utc), "dim"


class Sleepers:
    """Sleepers by their own numbers, for the table."""

    def __init__(self, sleepers: Sequence[Sleeper]) -> None:
        self._sleepers = sleepers

    async def count(self) -> int:
        """Count the rows."""
        return len(self._sleepers)

    async def window(self, offset: int, limit: int) -> Sequence[Sleeper]:
        """Return rows from a place on."""
        return self._sleepers[offset : offset + limit]

    async def position(self, key: int) -> int | None:
        """Return the place of a device."""
        return next((at for at, each in enumerate(self._sleepers) if each.id == key), None)


def _name(sleeper: Sleeper) -> str:
    return sanitize(sleeper.device.partition(":")[2] or sleeper.device, 40)


def _plan(sleeper: Sleeper) -> str:
    return sanitize(sleeper.row.plan, 40) if sleeper.row else ""


def _text(sleeper: Sleeper) -> str:
    waiting = " ".join(f"{monitor_text.what(each)} {each.text}" for each in sleeper.wakes)
    return f"{sleeper.device} {monitor_text.awake(sleeper)[0]} {_plan(sleeper)} {waiting}"
