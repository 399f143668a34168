"""The preview: the device under the cursor beside the list, from what is remembered alone."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from textual.timer import Timer

from tsui.service.parts import Part
from tsui.service.views import DeviceRow, StoreError
from tsui.text import sanitize
from tsui.ui import words
from tsui.ui.outcomes import outcome
from tsui.ui.painted import Line
from tsui.ui.rhythm_text import rhythm
from tsui.ui.screens import device_text
from tsui.ui.widgets.pane import Pane

if TYPE_CHECKING:
    from tsui.ui.app import TsuiApp

BESIDE = 120
"""Columns from which there is room beside the list."""

REST = 0.15
"""Seconds the cursor has to rest; a key that is held repeats faster."""

MEMORY = "preview"
"""Name under which is remembered whether it is shown."""

PARTS = (
    (Part.DIAGNOSTICS, "Diagnostics", 8),
    (Part.USAGE, "Usage", 1),
    (Part.SESSIONS, "Sessions", 1),
)
"""Parts of a device, how they are called, and lines of each that are shown."""


class Preview(Pane, can_focus=False):
    """Shows a device once the cursor rests on it; asks nobody."""

    def __init__(self, shell: TsuiApp) -> None:
        super().__init__(id="preview")
        self._shell = shell
        self._row: DeviceRow | None = None
        self._waiting: Timer | None = None
        self.is_wanted = not shell.launch.thin
        """Whether it is shown where there is room."""
        self.fit()

    async def on_mount(self) -> None:
        """Show it, or do not, as the last time."""
        with suppress(StoreError):  # losing it costs comfort only
            self.is_wanted = bool(await self._shell.workspace.recall(MEMORY, self.is_wanted))
        self.fit()

    async def switch(self) -> None:
        """Show it, or do not any more."""
        self.is_wanted = not self.is_wanted
        self.fit()
        await self._shell.workspace.remember(MEMORY, self.is_wanted)
        if self.is_wanted and self._shell.size.width < BESIDE:
            self._shell.flash(f"The preview needs {BESIDE} columns.", "warn")

    def fit(self) -> None:
        """Follow the width of the terminal."""
        self.display = self.is_wanted and self._shell.size.width >= BESIDE

    def follow(self, row: DeviceRow | None) -> None:
        """Show a device as soon as the cursor rests."""
        self._row = row
        if self._waiting is not None:
            self._waiting.stop()
            self._waiting = None
        if self.display:
            self._waiting = self.set_timer(REST, self._show_row)

    async def _show_row(self) -> None:
        self._waiting = None
        if (row := self._row) is None:
            self.show_nothing()
            return
        try:
            lines = await self._told_of(row)
        except StoreError:
            return  # the list beside it tells what is wrong with the store
        if self._row is row:
            self._show_beside(lines)

    def show_nothing(self) -> None:
        """Show no device, e.g. because its ages would not stay true."""
        self._show_beside([])

    def _show_beside(self, lines: list[Line]) -> None:
        blank: list[Line] = [()] * (self.height - len(lines))
        self.show([[("│", "quiet"), *line] for line in [*lines, *blank]])

    async def _told_of(self, row: DeviceRow) -> list[Line]:
        workspace = self._shell.workspace
        view = device_text.View(workspace.clock.now().timestamp(), self._shell.use_utc)
        text, look = words.state(row.state)
        lines: list[Line] = [
            [(f" {sanitize(row.key.partition(':')[2])}", "title")],
            [(f" {text}", look), (f"  read {words.age(view.now - row.read_at)} ago", "dim")],
            [],
            *device_text.facts([*_known(row, view), *rhythm(row, view.now, view.at)]),
        ]
        for part, title, most in PARTS:
            reading = await workspace.reading(row.id, part)
            lines.append([])
            if reading is None:
                lines.append([(f" {title}", "title"), (" not read yet; enter reads it", "dim")])
            else:
                told = device_text.part(part, title, reading, view, "")
                lines += [told[0], *[line for line in told[2:] if line][:most]]
        for change in (await workspace.changes_of(row.key))[:1]:
            text, look = outcome(change)
            lines += [[], [(f" {sanitize(change.title, 30)} ", "title"), (text, look)]]
        return lines


def _known(row: DeviceRow, view: device_text.View) -> list[tuple[str, str, str]]:
    pairs = [
        ("ICCID", row.iccid, "strong"),
        ("IMEI", row.imei, "strong"),
        ("MDN", row.mdn, "strong"),
        ("EID", row.eid, "text"),
        ("IP address", row.ip, "text"),
        ("Plan", row.plan, "text"),
        ("Groups", row.groups, "text"),
        *((f"Custom field {n}", str(getattr(row, f"custom{n}")), "text") for n in range(1, 6)),
        ("Last seen", "online" if row.connected else view.at(row.last_connection), "text"),
        ("Added", view.at(row.created), "text"),
    ]
    return [pair for pair in pairs if pair[1]]
