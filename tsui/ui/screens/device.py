"""One device: everything that is known of it, in parts, each with its age and its own failure."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, ClassVar

from textual.app import ComposeResult
from textual.containers import Horizontal

from tsui.service.parts import LINE
from tsui.service.views import DeviceRow, Reading, Topic
from tsui.text import sanitize
from tsui.ui import words
from tsui.ui.commands.base import Command
from tsui.ui.commands.device import TABS
from tsui.ui.commands.lists import MOVES, Copy, CopyRow
from tsui.ui.commands.on_devices import ON_A_DEVICE
from tsui.ui.device_parts.base import DevicePart
from tsui.ui.device_parts.diagnostics import Diagnostics
from tsui.ui.device_parts.reading import Asked
from tsui.ui.device_parts.registry import BY_NAME, PARTS
from tsui.ui.device_parts.strip import strip
from tsui.ui.device_parts.summary import Summary
from tsui.ui.painted import Line, Painted, Run
from tsui.ui.screens.place import TICK, Place
from tsui.ui.scrolled import Scrolled

BESIDE = 120
"""Columns from which the summary stays beside the other parts."""


class DeviceScreen(Place):
    """One device, opened from what is remembered at once and read again in the background."""

    AREA = "devices"
    TOPICS = frozenset({Topic.DEVICES, Topic.READINGS, *(t for each in PARTS for t in each.TOPICS)})
    COMMANDS_HERE: ClassVar[tuple[type[Command], ...]] = (
        *MOVES,
        *TABS,
        Copy,
        CopyRow,
        *ON_A_DEVICE,
    )

    def __init__(self, row: DeviceRow, tab: str) -> None:
        self._tab = tab
        super().__init__()
        self._row = row
        self._gone = False
        self._line: Reading | None = None
        self._parts: dict[str, DevicePart] = {}
        self._begun: set[str] = set()
        self._strip = Painted(id="tabs")
        self._panes = Horizontal(id="panes")
        self.asked = Asked(self.shell)
        """What was asked about the device since it was opened."""

    def compose_body(self) -> ComposeResult:
        """Lay out the tabs; parts come when they are shown."""
        yield self._strip
        yield self._panes

    async def on_mount(self) -> None:
        """Show what is remembered, then read everything again."""
        await self.told(self.show_tab(self._tab))
        self.set_interval(TICK, self._show)

    def on_resize(self) -> None:
        """Keep the summary beside the other parts where there is room for both."""
        if self._parts:
            self.call_next(self._follow_size)

    async def _follow_size(self) -> None:
        await self.told(self._arrange())

    async def workspace_changed(self) -> None:
        """Read what could not be read while nobody was signed in."""
        self._begun.clear()
        await self.show_tab(self._tab)

    # -- the parts ----------------------------------------------------------------------------

    @property
    def part(self) -> DevicePart | None:
        """The part that is chosen; None before the first is there."""
        return self._parts.get(self._tab)

    async def show_tab(self, tab: str) -> None:
        """Show a part, from its beginning when it is another one."""
        is_other = tab != self._tab
        self._tab = tab
        await self._arrange()
        part = self._parts[tab]
        if is_other:
            await part.from_the_start()
            self._bind_keys()
            self.refresh_bindings()
        if tab not in self._begun:
            self._begun.add(tab)
            part.begin(self._row)

    async def step_tab(self, step: int) -> None:
        """Show the next part, or the one before."""
        names = list(BY_NAME)
        await self.show_tab(names[(names.index(self._tab) + step) % len(names)])

    @property
    def commands_here(self) -> tuple[type[Command], ...]:
        """What one can do on every part, and on the chosen one."""
        return (*self.COMMANDS_HERE, *BY_NAME[self._tab].COMMANDS)

    @property
    def _in_view(self) -> list[DevicePart]:
        """The parts that are shown."""
        return [part for name, part in self._parts.items() if name in self._wanted()]

    def _wanted(self) -> tuple[str, ...]:
        """Return the names of the parts to be shown, from left to right."""
        if self.app.size.width < BESIDE or BY_NAME[self._tab].is_wide:
            return (self._tab,)
        beside = Diagnostics.name if self._tab == Summary.name else self._tab
        return (Summary.name, beside)

    async def _arrange(self) -> None:
        """Put the parts on the screen that are to be shown, and hide the others."""
        wanted = self._wanted()
        for name in wanted:
            if name not in self._parts:
                part = self._parts[name] = BY_NAME[name](self)
                first = 0 if name == Summary.name else None
                await self._panes.mount(part.widget, before=first if self._panes.children else None)
        for name, part in self._parts.items():
            part.widget.display = name in wanted
        self._parts[wanted[0]].widget.set_class(len(wanted) > 1, "beside")
        await self._load(self.TOPICS)
        self.call_after_refresh(self._show)

    async def _load(self, topics: frozenset[Topic]) -> None:
        workspace = self.shell.workspace
        rows = [each for each in await workspace.devices([self._row.id]) if self._is_it(each)]
        self._gone = not rows
        self._row = rows[0] if rows else self._row
        self._line = await workspace.reading(self._row.id, LINE)
        for part in self._in_view:
            if part.TOPICS & topics:
                await part.load(self._row)

    def _is_it(self, row: DeviceRow) -> bool:
        # After signing in elsewhere the number may be another device's.
        return row.key == self._row.key

    def _show(self) -> None:
        titles = [part.title for part in PARTS]
        chosen = list(BY_NAME).index(self._tab)
        self._strip.paint([strip(titles, chosen, self._strip.size.width)])
        for part in self._in_view:
            part.show_part()
        self.show_lines()

    # -- what commands ask for ----------------------------------------------------------------

    @property
    def focus_target(self) -> Any:
        """The part that is chosen."""
        return self.part.widget if self.part else None

    @property
    def scrolled(self) -> Scrolled | None:
        """The part that is chosen."""
        return self.part.scrolled if self.part else None

    @property
    def no_device_reason(self) -> str:
        """Need the device to be there still."""
        return "This device is not in the account any more." if self._gone else ""

    @property
    def device(self) -> DeviceRow:
        """This device."""
        return self._row

    @property
    def device_in_view(self) -> DeviceRow | None:
        """This device."""
        return self._row

    def selected_ids(self) -> Collection[int]:
        """Return this device."""
        return (self._row.id,)

    async def show_news(self, topics: frozenset[Topic]) -> None:
        """Read again what is remembered of the device."""
        await self._load(topics)
        self._show()

    def refresh_now(self) -> None:
        """Begin to read the chosen part again."""
        if reason := self.shell.connection.offline_reason:
            self.shell.flash(reason, "warn")
        elif self.part is not None:
            self.part.read_again(self._row)
            self.shell.flash("Reading the device …", "info")

    def copy_identifier(self) -> None:
        """Copy what names the record under the cursor, or the device."""
        named = sanitize(self._row.key.partition(":")[2])
        self.shell.copy((self.part.copied_name if self.part else "") or named)

    def copy_row(self) -> None:
        """Copy what the part has to be copied, or all identifiers."""
        row = self._row
        named = "\t".join(sanitize(each) for each in (row.iccid, row.imei, row.mdn, row.eid))
        self.shell.copy((self.part.copied if self.part else "") or named)

    async def prompt_accepted(self, sign: str, text: str) -> None:
        """Let the part use what was typed."""
        if self.part is not None:
            await self.part.prompt_closed(sign, text)

    async def prompt_left(self, sign: str) -> None:
        """Let the part undo what typing did."""
        if self.part is not None:
            await self.part.prompt_closed(sign, None)

    async def go_back(self) -> None:
        """Clear what the part hides, then go back."""
        if self.part is None or not await self.part.clear():
            await super().go_back()

    def title_text(self) -> Line:
        """Name the device and say how fresh its line in the list is."""
        row = self._row
        text, look = words.state(row.state)
        now = self.shell.workspace.clock.now().timestamp()
        runs: list[Run] = [
            (f" {sanitize(row.key.partition(':')[2])} ", "title"),
            (f" {text} ", look),
            *(self.part.footing() if self.part else ()),
            (f" {sanitize(row.custom1, 24)} ", "strong"),
            (f" read {words.age(now - row.read_at)} ago", "dim"),
        ]
        if self.shell.frozen:
            runs.append(("  FROZEN, f goes on", "warn"))
        if self._gone:
            runs.append(("  not in the account any more", "bad"))
        if self._line and self._line.trouble:
            runs.append((f"  {sanitize(self._line.trouble, 120)}", "bad"))
        return runs
