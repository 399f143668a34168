"""Twin: two devices side by side, the sick one against one that should be like it."""

from __future__ import annotations

from typing import Any, ClassVar

from textual.app import ComposeResult

from tsui.service.twin.model import Comparison, Likeness
from tsui.service.views import DeviceRow, Topic
from tsui.text import sanitize
from tsui.ui import words
from tsui.ui.commands.base import Command
from tsui.ui.commands.bundle import DeviceEvidence
from tsui.ui.commands.lists import MOVES, Copy, CopyRow
from tsui.ui.commands.twin import TWIN
from tsui.ui.painted import Line, Run
from tsui.ui.screens import twin_text
from tsui.ui.screens.place import Place
from tsui.ui.scrolled import Scrolled
from tsui.ui.widgets.pane import Pane


class TwinScreen(Place):
    """Compares two devices by what is remembered at once, and again when they were read anew."""

    AREA = "devices"
    TOPICS = frozenset({Topic.DEVICES, Topic.READINGS, Topic.REQUESTS, Topic.CATALOGUE})
    COMMANDS_HERE: ClassVar[tuple[type[Command], ...]] = (
        *MOVES, *TWIN, Copy, CopyRow, DeviceEvidence,
    )  # fmt: skip

    def __init__(self, a: DeviceRow, b: DeviceRow) -> None:
        super().__init__()
        self._a = a
        self._b = b
        self._told: Comparison | None = None
        self._unfolded = False
        self._pane = Pane(id="twin")

    def compose_body(self) -> ComposeResult:
        """Lay out the text."""
        yield self._pane

    async def on_mount(self) -> None:
        """Compare what is remembered."""
        self.set_focus(self._pane)
        await self.told(self._compare())

    def on_resize(self) -> None:
        """Fit the columns to the screen."""
        self.call_after_refresh(self._show)

    @property
    def focus_target(self) -> Any:
        """The text."""
        return self._pane

    @property
    def scrolled(self) -> Scrolled | None:
        """The text."""
        return self._pane

    @property
    def device_in_view(self) -> DeviceRow | None:
        """The device it is about."""
        return self._a

    def title_text(self) -> Line:
        """Count the differences."""
        runs: list[Run] = [(" Twin ", "title")]
        if self._told is not None:
            differing, open_ones = (
                len(self._told.of(each)) for each in (Likeness.DIFFERENT, Likeness.UNKNOWN)
            )
            runs.append((f" {words.number(differing, 'difference')} ", "strong"))
            runs.append((f" {open_ones:,} not known ", "dim"))
        if self.shell.frozen:
            runs.append(("  FROZEN, f goes on", "warn"))
        return runs

    async def show_news(self, topics: frozenset[Topic]) -> None:
        """Compare again."""
        await self._compare()

    def refresh_now(self) -> None:
        """Begin to read both devices again."""
        self.shell.workspace.desks.twins.refresh(self._a, self._b)
        self.shell.flash("Reading both devices …", "info")

    def unfold(self) -> None:
        """Show what is alike as well, or only count it again."""
        self._unfolded = not self._unfolded
        self._show()

    def turn_round(self) -> None:
        """Let the two devices change sides."""
        self._a, self._b = self._b, self._a
        self.run_worker(self.told(self._compare()), group="compare", exclusive=True)

    def copy_identifier(self) -> None:
        """Copy what names the two devices."""
        names = (each.key.partition(":")[2] for each in (self._a, self._b))
        self.shell.copy(" ".join(sanitize(each) for each in names))

    def copy_row(self) -> None:
        """Copy all of the comparison."""
        if self._told is not None:
            self.shell.copy(twin_text.as_text(self._told))

    async def export(self) -> None:
        """Write all of the comparison to files and tell their path."""
        if self._told is None:
            return
        try:
            paths = await self.shell.workspace.desks.twins.keep(
                self._told, self.shell.download_folder
            )
        except OSError as error:
            self.shell.flash(f"Nothing was written: {error.filename}: {error.strerror}.", "bad")
            return
        self.shell.flash(f"Exported to {paths[0]} and .json", "good")

    async def _compare(self) -> None:
        self._told = await self.shell.workspace.desks.twins.compare(self._a, self._b)
        self._a, self._b = self._told.a.device, self._told.b.device
        self._show()

    def _show(self) -> None:
        if self._told is not None:
            width = max(60, self._pane.size.width)
            self._pane.show(twin_text.lines(self._told, width, unfolded=self._unfolded))
        self.show_lines()
