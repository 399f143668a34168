"""The overview: how everything stands, on a wall for days or for a moment in the hand."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from textual.app import ComposeResult

from tsui.service.views import Topic
from tsui.ui import status, words
from tsui.ui.commands.base import Command
from tsui.ui.commands.lists import MOVES, Copy, CopyRow
from tsui.ui.commands.wall import WALL
from tsui.ui.list_state import TRY_AGAIN, Nothing
from tsui.ui.painted import Line, Run, plain
from tsui.ui.screens.device_text import View
from tsui.ui.screens.place import TICK, Place
from tsui.ui.screens.wall_big import big_page
from tsui.ui.screens.wall_items import Around, Block, Item, blocks, only_problems
from tsui.ui.screens.wall_text import Page, page
from tsui.ui.scrolled import Scrolled
from tsui.ui.widgets.wall_pane import WallPane

if TYPE_CHECKING:
    from tsui.service.export_formats import Exports
    from tsui.service.wall.model import Wall

MEMORY = "wall"
"""Name under which the place on it is remembered."""

SLEPT = 3600.0
"""Seconds for which a sleep of the machine is told."""


class WallScreen(Place):
    """The numbers of the account, live."""

    AREA = "overview"
    TOPICS = frozenset(
        {Topic.DEVICES, Topic.READINGS, Topic.SYNC, Topic.REQUESTS, Topic.NOTICES, Topic.INBOX}
    )
    COMMANDS_HERE: ClassVar[tuple[type[Command], ...]] = (*MOVES, *WALL, Copy, CopyRow)

    def __init__(self) -> None:
        super().__init__()
        self.pane = WallPane(self._moved, id="wall")
        """The numbers."""
        self._wall: Wall | None = None
        self._blocks: list[Block] = []
        self._wide = False
        self._problems = False

    def compose_body(self) -> ComposeResult:
        """Lay out the numbers."""
        yield self.pane

    async def on_mount(self) -> None:
        """Show how things stand, as it was looked at last time."""
        self.set_focus(self.pane)
        await self.told(self._begin())
        self.set_interval(TICK, self._tick)

    def on_resize(self) -> None:
        """Fit the numbers to the screen."""
        super().on_resize()
        self.call_after_refresh(self._show)

    def on_screen_resume(self) -> None:
        """Show what changed while another screen was in front."""
        super().on_screen_resume()
        self.note_all()

    async def _begin(self) -> None:
        kept = await self.shell.workspace.recall(MEMORY, {})
        self._wide, self._problems = bool(kept.get("wide")), bool(kept.get("problems"))
        self.pane.at = str(kept.get("at", ""))
        await self.workspace_changed()
        self.call_after_refresh(self._show)

    def _tick(self) -> None:
        """Follow what time alone changes; nothing is sent unless words change."""
        if self.is_current and not self.shell.frozen:
            self.run_worker(self.told(self.workspace_changed()), exclusive=True, group="tick")

    async def workspace_changed(self) -> None:
        """Show how the account stands that is shown now."""
        shifts = self.shell.profiles.settings.shifts
        self._wall = await self.shell.workspace.desks.wall.picture(shifts)
        self._show()

    async def show_news(self, topics: frozenset[Topic]) -> None:
        """Show how things stand now; where that is as before, the next news need not wait."""
        before = self._wall
        await self.workspace_changed()
        if before and self._wall and before.news == self._wall.news:
            self.catching_up.hurry()

    async def save_place(self) -> None:
        """Remember what is looked at."""
        kept = {"wide": self._wide, "problems": self._problems, "at": self.pane.at}
        await self.shell.workspace.remember(MEMORY, kept)

    # -- what is shown ------------------------------------------------------------------------

    @property
    def focus_target(self) -> Any:
        """The numbers."""
        return self.pane

    @property
    def scrolled(self) -> Scrolled | None:
        """The numbers."""
        return self.pane

    def title_text(self) -> Line:
        """Say how old all of this is, and what is left out."""
        runs: list[Run] = [(" Overview ", "title")]
        if self._wall is not None:
            runs.append((f" {words.number(self._wall.devices.now, 'device')}  ", "strong"))
        runs += self.shell.age_of_fleet()
        if self._problems:
            runs.append(("  ONLY PROBLEMS, p shows all", "warn"))
        if self.shell.frozen:
            runs.append(("  FROZEN, f goes on", "warn"))
        return runs

    def _show(self) -> None:
        if self._wall is None or not self.is_mounted:
            return
        made = blocks(self._wall, self._around(self._wall))
        self._blocks = only_problems(made) if self._problems else made
        if (nothing := self._nothing()) is not None:
            self.pane.hold(())
            self.pane.show([(), *nothing.lines()])
            return
        shown = self._page()
        if self.pane.hold(shown.columns):
            shown = self._page()
        self.pane.show(shown.lines)
        self.show_lines()

    def _page(self) -> Page:
        size = self.pane.size.width, self.pane.size.height
        if self._wide:
            ascii_only = self.shell.only_ascii.enabled
            return big_page(self._blocks, size, self.pane.at, only_ascii=ascii_only)
        newest = self._wall.newest if self._wall else ()
        return page(self._blocks, newest, self._view(), size, self.pane.at)

    def _nothing(self) -> Nothing | None:
        """Say why there are no numbers, where there are none."""
        workspace = self.shell.workspace
        progress = workspace.progress
        if workspace.read_at is None and not (self._wall and self._wall.devices.now):
            return Nothing(
                "The fleet was not read yet.", TRY_AGAIN,
                reading="the fleet" if progress and progress.running else "",
                trouble=progress.trouble if progress else "",
                offline=self.shell.connection.offline_reason,
            )  # fmt: skip
        if not self._blocks:
            return Nothing("Nothing here calls for anybody.", ("p", "shows all numbers"))
        return None

    def _around(self, wall: Wall) -> Around:
        link = status.link(self.shell)[0]
        age = self.shell.age_of_fleet()
        return Around(
            self._view(),
            self.shell.profiles.settings.calls_per_minute,
            link,
            (plain(age), age[0][1] if age else "warn"),
            self._slept(wall.at),
        )

    def _slept(self, now: float) -> str:
        online = self.shell.workspace.online
        keeping = online.keeping if online else None
        jump = keeping.awake.last if keeping else None
        if jump is None or not 0 <= now - jump.at < SLEPT:
            return ""
        what = "slept" if jump.seconds > 0 else "clock back"
        return f"{what} {words.age(abs(jump.seconds))}"

    def _view(self) -> View:
        return View(self.shell.workspace.clock.now().timestamp(), self.shell.use_utc)

    def _moved(self) -> None:
        self._show()

    # -- what commands ask --------------------------------------------------------------------

    @property
    def current(self) -> Item | None:
        """The number under the cursor."""
        items = (item for block in self._blocks for item in block.items)
        return next((item for item in items if item.key == self.pane.at), None)

    async def open_number(self) -> None:
        """Open the list behind the number under the cursor."""
        if (item := self.current) is None:
            return
        area, filter_words = item.target
        if area.startswith(":"):
            await self.shell.run_line(self, f"{area[1:]} {filter_words}".strip())
            return
        await self.shell.go(area)
        await self.shell.place.set_filter(filter_words)

    async def switch_wide(self) -> None:
        """Show few large numbers, or all."""
        self._wide = not self._wide
        self._show()

    async def switch_problems(self) -> None:
        """Show only what somebody should look at, or all."""
        self._problems = not self._problems
        self._show()
        self.show_lines()

    def exports(self) -> Exports:
        """Return what all numbers can be exported as."""
        from tsui.service.export_formats import exports_of_rows

        rows = [(block.title, item) for block in self._blocks for item in block.items]
        return exports_of_rows("overview", "number", rows, _COLUMNS)

    def copy_identifier(self) -> None:
        """Copy the number."""
        if (item := self.current) is not None:
            self.shell.copy(item.value)

    def copy_row(self) -> None:
        """Copy the number and what it is."""
        if (item := self.current) is not None:
            self.shell.copy(f"{item.label}\t{item.value}")


_COLUMNS = {
    "group": lambda row: row[0],
    "number": lambda row: row[1].label,
    "value": lambda row: row[1].value,
    "change": lambda row: row[1].change,
    "problem": lambda row: row[1].is_problem,
}
"""What an export says of a number."""
