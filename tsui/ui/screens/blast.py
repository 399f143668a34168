"""Blast radius: which devices were lost together, and what they share."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult
from textual.timer import Timer

from tsui.service.blast.model import Incident, Radius
from tsui.service.views import Topic
from tsui.text import sanitize
from tsui.ui import words
from tsui.ui.commands.base import Command
from tsui.ui.commands.blast import INCIDENTS
from tsui.ui.commands.lists import LAYOUT, MOVES, Copy, CopyRow, Export, Filter, Open
from tsui.ui.list_state import Nothing
from tsui.ui.marking import mark_devices
from tsui.ui.painted import Line, Run, plain
from tsui.ui.rows import Rows, place_of
from tsui.ui.screens import blast_text
from tsui.ui.screens.device_text import View
from tsui.ui.screens.filtered import Filtered
from tsui.ui.widgets.pane import Pane
from tsui.ui.widgets.table import Column, Table

if TYPE_CHECKING:
    from tsui.service.export_formats import Exports

Row = tuple[int, Incident]

DETAIL = 7
"""Lines below the list that tell all of one incident."""

QUICK = 0.5
"""Seconds up to which incidents are worked out at each piece of news."""

REST = 30.0
"""Seconds between two times where that takes longer."""

NAMED = 100
"""Devices up to which a filter names each; it stays readable, and takes 500 terms at most."""


class BlastScreen(Filtered):
    """Incidents: devices that were lost together, the gravest first."""

    AREA = "devices"
    TOPICS = frozenset({Topic.DEVICES, Topic.READINGS, Topic.REQUESTS})
    COMMANDS_HERE: ClassVar[tuple[type[Command], ...]] = (
        *MOVES, Open, Filter, *LAYOUT, Copy, CopyRow, Export, *INCIDENTS,
    )  # fmt: skip

    def __init__(self, device: int | None = None) -> None:
        self._radius: Radius | None = None
        self._shown: list[Incident] = []
        self._device = device
        self._due = 0.0
        self._later: Timer | None = None
        super().__init__()
        self._detail = Pane(id="incident")
        self._detail.can_focus = False
        self._detail.styles.height = DETAIL

    def compose_body(self) -> ComposeResult:
        """Lay out the list, and all of one incident below it."""
        yield from super().compose_body()
        yield self._detail

    def make_table(self) -> Table[Row]:
        """Make the list of incidents."""
        return Table(Rows[Incident](), self.columns(), key=place_of, id="blast")

    def columns(self) -> list[Column[Row]]:
        """Return the columns; what was hit stays longest on a narrow screen."""
        return [
            Column("LOST", 11, self._when, 2),
            Column("HIT", 8, _of(blast_text.what), 0),
            Column("SHARED", 18, _of(blast_text.shared_by), 1, grows=True),
            Column("DEVICES", 11, _of(blast_text.lost), 3),
            Column("FLEET", 7, _of(blast_text.in_fleet), 4),
            Column("OVERDUE", 9, _of(blast_text.sure), 5),
            Column("SEEN BY", 14, _of(blast_text.seen), 6, grows=True),
        ]

    def title_text(self) -> Line:
        """Say how much was lost together, and what was looked at."""
        runs: list[Run] = [(" Lost together ", "title")]
        if self._radius is not None:
            runs += blast_text.summary(self._radius)
        return [*runs, self.filter_run()]

    def nothing(self) -> Nothing:
        """Say that nothing was lost together."""
        reading = "what is remembered" if self._radius is None else ""
        empty = "No devices were lost together within the last 7 days."
        return Nothing(empty, ("esc", "goes back"), filter=self.filter, reading=reading)

    async def workspace_changed(self) -> None:
        """Work out what was lost together."""
        await self._read()
        if self._device is not None and self._radius is not None:
            found = self._radius.of_device(self._device)
            if found in self._shown:
                await self.table.find(self._shown.index(found))
            else:
                self.shell.flash(blast_text.alone(self._radius), "info")

    async def show_news(self, topics: frozenset[Topic]) -> None:
        """Work it out again, not too often; the cursor stays on its incident."""
        if (wait := self._due - time.monotonic()) <= 0:
            await self._read()
        elif self._later is None:
            self._later = self.set_timer(wait, self._read_later)

    def _read_later(self) -> None:
        self._later = None
        self.run_worker(self.told(self._read()), group="incidents", exclusive=True)

    async def show_filtered(self) -> None:
        """Show the incidents that hold the words."""
        found = self._radius.incidents if self._radius else ()
        self._shown = [each for each in found if self.fits(_text(each))]
        await self.table.use(Rows(self._shown))
        self.show_lines()

    def show_lines(self) -> None:
        """Show all of the incident under the cursor, too."""
        super().show_lines()
        if not (self.is_mounted and self.is_current):
            return
        current = self._current
        view = View(self.shell.workspace.clock.now().timestamp(), self.shell.use_utc)
        width = max(20, self._detail.size.width)
        self._detail.show(list(blast_text.detail(current, view, width)) if current else [])

    def refresh_now(self) -> None:
        """Read histories of the incident's devices, to tell who is asleep and who is lost."""
        if (incident := self._current) is None:
            return
        if reason := self.shell.connection.offline_reason:
            self.shell.flash(reason, "warn")
            return
        count = self.shell.workspace.desks.blast_radius.learn(incident)
        histories = "history" if count == 1 else "histories"
        self.shell.flash(f"Reading up to {count} {histories} of its devices …", "info")

    async def open_current(self) -> None:
        """Show the devices of the incident in the list of devices."""
        if (incident := self._current) is None:
            return
        rows = await self.shell.workspace.devices(incident.devices)
        iccids = [row.iccid for row in rows if row.iccid]
        if len(iccids) < len(rows) or len(iccids) > NAMED:
            await mark_devices(self.shell, incident.devices)
            return
        await self.shell.go("devices")
        await self.shell.place.set_filter(f"iccid:{','.join(iccids)}")

    async def acknowledge(self) -> None:
        """Ask what is to be said of the incident, and keep it."""
        if (incident := self._current) is None:
            return
        from tsui.ui.screens.choose import Ask

        async def answered(note: str | None) -> None:
            if note is not None:
                await self.told(self._acknowledge(incident, note))

        question: list[Line] = [
            [(f"{plain([blast_text.shared_by(incident)])}: ", "strong"),
             (words.number(len(incident.devices), "device"), "text")],
            [("What is known of it? Whoever looks here later reads it.", "text")],
        ]  # fmt: skip
        ask = Ask("Acknowledge", question, r".{1,500}", "Up to 500 characters, please.")
        await self.app.push_screen(ask, answered)

    def exports(self) -> Exports:
        """Return what the incidents in view can be exported as."""
        from tsui.service.blast.telling import COLUMNS
        from tsui.service.export_formats import exports_of_rows

        return exports_of_rows("incidents", "incident", self._shown, COLUMNS)

    def copy_identifier(self) -> None:
        """Copy what the devices share."""
        if (incident := self._current) is not None:
            self.shell.copy(sanitize(incident.shared.value if incident.shared else "network"))

    def copy_row(self) -> None:
        """Copy all that is said of the incident."""
        if (incident := self._current) is not None:
            view = View(self.shell.workspace.clock.now().timestamp(), self.shell.use_utc)
            lines = blast_text.detail(incident, view, 400)
            self.shell.copy(" ".join(plain(line).strip() for line in lines))

    async def _acknowledge(self, incident: Incident, note: str) -> None:
        await self.shell.workspace.desks.blast_radius.acknowledge(incident, note)
        await self._read()
        self.shell.flash("Acknowledged; the note stays with the incident.", "good")

    async def _read(self) -> None:
        before, began = self._current, time.monotonic()
        self._radius = await self.shell.workspace.desks.blast_radius.radius(self._device)
        ended = time.monotonic()
        self._due = ended + (REST if ended - began > QUICK else 0.0)
        await self.show_filtered()
        same = [
            place for place, each in enumerate(self._shown) if before and _is_same(each, before)
        ]
        if same:
            await self.table.find(same[0])
            self.show_lines()

    @property
    def _current(self) -> Incident | None:
        row = self.table.current
        return row[1] if row is not None else None

    def _when(self, row: Row) -> Run:
        now = self.shell.workspace.clock.now().timestamp()
        return words.short_moment(row[1].began, now, utc=self.shell.use_utc), "dim"


def _of(say: Callable[[Incident], Run]) -> Callable[[Row], Run]:
    return lambda row: say(row[1])


def _text(incident: Incident) -> str:
    says = (blast_text.what, blast_text.shared_by, blast_text.seen)
    return " ".join(say(incident)[0] for say in says)


def _is_same(one: Incident, other: Incident) -> bool:
    return not set(one.devices).isdisjoint(other.devices)
