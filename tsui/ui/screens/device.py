"""One device: everything that is known of it, in parts, each with its age and its own failure."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, ClassVar

from textual.app import ComposeResult
from textual.containers import Horizontal

from tsui.service.parts import Part
from tsui.service.views import DeviceRow, Reading, Topic
from tsui.text import sanitize
from tsui.ui import words
from tsui.ui.commands.base import Command
from tsui.ui.commands.changes import CHANGES
from tsui.ui.commands.device import TABS
from tsui.ui.commands.lists import MOVES, Copy, CopyRow
from tsui.ui.commands.operations import DEVICE_FORMS
from tsui.ui.painted import Line, Painted, Run
from tsui.ui.screens import device_text
from tsui.ui.screens.diagnosis import Diagnosis
from tsui.ui.screens.place import Place
from tsui.ui.scrolled import Scrolled
from tsui.ui.widgets.pane import Pane

DIAGNOSE = "diagnose"
"""The part that is a verdict."""

TAB_NAMES = {
    "summary": "Summary",
    DIAGNOSE: "Why offline?",
    Part.DIAGNOSTICS.value: "Diagnostics",
    Part.USAGE.value: "Usage",
    Part.SESSIONS.value: "Sessions",
    Part.PROVISIONING.value: "Provisioning",
    "requests": "Requests",
}
"""Parts of a device and how they are called."""

BESIDE = 120
"""Columns from which the summary stays beside the other parts."""


class DeviceScreen(Place):
    """One device, opened from what is remembered at once and read again in the background."""

    AREA = "devices"
    TOPICS = frozenset({Topic.DEVICES, Topic.READINGS, Topic.REQUESTS})
    COMMANDS_HERE: ClassVar[tuple[type[Command], ...]] = (
        *MOVES,
        *TABS,
        Copy,
        CopyRow,
        *CHANGES,
        *DEVICE_FORMS,
    )

    def __init__(self, row: DeviceRow, tab: str) -> None:
        super().__init__()
        self._row = row
        self._gone = False
        self._tab = tab
        self._readings: dict[str, Reading | None] = {}
        self._strip = Painted(id="tabs")
        self._summary = Pane(id="summary")
        self._part = Pane(id="part")
        self._diagnosis = Diagnosis(self)

    def compose_body(self) -> ComposeResult:
        """Lay out the tabs, the summary and the part that is chosen."""
        yield self._strip
        with Horizontal(id="panes"):
            yield self._summary
            yield self._part
            yield self._diagnosis

    async def on_mount(self) -> None:
        """Show what is remembered, then read everything again."""
        self._arrange()
        await self.told(self._load())
        self.call_after_refresh(self._show)
        self._read_again()

    def on_resize(self) -> None:
        """Keep the summary beside the other parts where there is room for both."""
        self._arrange()
        self.call_after_refresh(self._show)

    @property
    def focus_target(self) -> Any:
        """The part that is chosen."""
        chosen = {"summary": self._summary, DIAGNOSE: self._diagnosis}
        return chosen.get(self._tab, self._part)

    @property
    def scrolled(self) -> Scrolled | None:
        """The part that is chosen."""
        pane: Pane = self.focus_target
        return pane

    @property
    def no_device_reason(self) -> str:
        """Need the device to be there still."""
        return "This device is not in the account any more." if self._gone else ""

    @property
    def device_in_view(self) -> DeviceRow | None:
        """This device."""
        return self._row

    def selected_ids(self) -> Collection[int]:
        """Return this device."""
        return (self._row.id,)

    def title_text(self) -> Line:
        """Name the device and say how fresh its line in the list is."""
        row = self._row
        text, look = words.state(row.state)
        now = self.shell.workspace.clock.now().timestamp()
        runs: list[Run] = [
            (f" {sanitize(row.key.partition(':')[2])} ", "title"),
            (f" {text} ", look),
            (f" {sanitize(row.custom1, 24)} ", "strong"),
            (f" read {words.age(now - row.read_at)} ago", "dim"),
        ]
        if self.shell.frozen:
            runs.append(("  FROZEN, f goes on", "warn"))
        if self._gone:
            runs.append(("  not in the account any more", "bad"))
        line = self._readings.get("line")
        if line and line.trouble:
            runs.append((f"  {sanitize(line.trouble, 120)}", "bad"))
        return runs

    async def show_news(self, topics: frozenset[Topic]) -> None:
        """Read again what is remembered of the device."""
        await self._load()
        self._show()

    def refresh_now(self) -> None:
        """Begin to read the device again."""
        self._read_again()
        self.shell.flash("Reading the device …", "info")

    def _read_again(self) -> None:
        workspace = self.shell.workspace
        if self._tab == DIAGNOSE:
            workspace.desks.verdicts.refresh(self._row)
        else:
            workspace.refresh_device(self._row)

    @property
    def no_evidence_reason(self) -> str:
        """Need a line of a verdict under the cursor."""
        has_some = self._tab == DIAGNOSE and self._diagnosis.current is not None
        return "" if has_some else super().no_evidence_reason

    async def open_evidence(self) -> None:
        """Open what the line under the cursor rests on."""
        await self._diagnosis.open_evidence()

    async def show_tab(self, tab: str) -> None:
        """Show a part, from its beginning when it is another one."""
        if tab != self._tab:
            await self._part.move_to(0)
        is_new = tab == DIAGNOSE != self._tab
        self._tab = tab
        self._arrange()
        if is_new:
            await self._diagnosis.judge(self._row)
            self.shell.workspace.desks.verdicts.refresh(self._row)
        elif self._readings.get(tab) is None and tab == Part.SESSIONS:
            # A verdict reads sessions in windows of its own.
            self.shell.workspace.refresh_device(self._row, (Part.SESSIONS,))
        self._show()
        self.show_lines()

    async def step_tab(self, step: int) -> None:
        """Show the next part, or the one before."""
        names = list(TAB_NAMES)
        await self.show_tab(names[(names.index(self._tab) + step) % len(names)])

    def copy_identifier(self) -> None:
        """Copy what names the device."""
        self.shell.copy(sanitize(self._row.key.partition(":")[2]))

    def copy_row(self) -> None:
        """Copy all identifiers."""
        row = self._row
        self.shell.copy(
            "\t".join(sanitize(each) for each in (row.iccid, row.imei, row.mdn, row.eid))
        )

    async def _load(self) -> None:
        workspace = self.shell.workspace
        rows = await workspace.devices([self._row.id])
        self._gone = not rows
        self._row = rows[0] if rows else self._row
        for kind in ("line", Part.DIAGNOSTICS, Part.USAGE, Part.SESSIONS, Part.PROVISIONING):
            self._readings[kind] = await workspace.reading(self._row.id, kind)
        self._raw = await workspace.raw_device(self._row.id) or {}
        self._changes = await workspace.changes_of(self._row.key)
        if self._tab == DIAGNOSE:
            await self._diagnosis.judge(self._row)

    def _arrange(self) -> None:
        beside = self.size.width >= BESIDE
        self._summary.display = beside or self._tab == "summary"
        self._diagnosis.display = self._tab == DIAGNOSE
        self._part.display = self._tab != DIAGNOSE and (beside or self._tab != "summary")
        self._summary.set_class(beside, "beside")
        self.set_focus(self.focus_target)

    def _show(self) -> None:
        if not hasattr(self, "_raw"):
            return
        view = device_text.View(self.shell.workspace.clock.now().timestamp(), self.shell.use_utc)
        self._strip.paint([self._tab_line()])
        self._summary.show(device_text.summary(self._row, self._raw, view))
        if self._tab == DIAGNOSE:
            self._diagnosis.show_verdict()
        else:
            self._part.show(self._part_lines(view))
        self.show_lines()

    def _tab_line(self) -> Line:
        runs: list[Run] = [(" ", "dim")]
        for name, title in TAB_NAMES.items():
            runs.append((f" {title} ", "cursor" if name == self._tab else "dim"))
        return runs

    def _part_lines(self, view: device_text.View) -> list[Line]:
        tab = Part.DIAGNOSTICS.value if self._tab == "summary" else self._tab
        if tab == "requests":
            return device_text.requests(self._changes, view)
        return device_text.part(
            tab, TAB_NAMES[tab], self._readings.get(tab), view, self.shell.connection.offline_reason
        )
