"""The handover: what happened since the shift began and what the next one has to do, as a mail."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from typing import Any, ClassVar

from textual.app import ComposeResult

from tsui.service.bundle.files import kept
from tsui.service.handover.desk import since_of
from tsui.service.handover.model import Handover
from tsui.service.shifts import shift_at
from tsui.service.views import Topic
from tsui.text import sanitize
from tsui.ui import words
from tsui.ui.clipboard import MOST
from tsui.ui.commands.base import Command
from tsui.ui.commands.lists import MOVES
from tsui.ui.commands.shift import HANDOVER
from tsui.ui.painted import Line
from tsui.ui.screens import handover_text
from tsui.ui.screens.place import Place
from tsui.ui.scrolled import Scrolled
from tsui.ui.widgets.pane import Pane


class HandoverScreen(Place):
    """What the next shift has to know."""

    TOPICS = frozenset({Topic.REQUESTS, Topic.NOTICES})
    COMMANDS_HERE: ClassVar[tuple[type[Command], ...]] = (*MOVES, *HANDOVER)

    def __init__(self, since: str = "") -> None:
        super().__init__()
        self._since = since_of(since, self._now, self._shifts)
        self._handover: Handover | None = None
        self._text = ""
        self._pane = Pane(id="handover")

    def compose_body(self) -> ComposeResult:
        """Lay out the text."""
        yield self._pane

    async def on_mount(self) -> None:
        """Put it together."""
        self.set_focus(self._pane)
        await self.told(self.workspace_changed())

    @property
    def focus_target(self) -> Any:
        """The text."""
        return self._pane

    @property
    def scrolled(self) -> Scrolled | None:
        """The text."""
        return self._pane

    def title_text(self) -> Line:
        """Say since when it tells, and until when obligations are told."""
        since = words.moment(self._since.timestamp(), utc=self.shell.use_utc)
        said: list[tuple[str, str]] = [(" Handover ", "title"), (f" since {since} ", "strong")]
        if self._handover is not None:
            until = words.moment(self._handover.until, utc=self.shell.use_utc)
            said.append((f" due until {until}", "dim"))
        return said

    async def workspace_changed(self) -> None:
        """Put it together from what is remembered."""
        desk = self.shell.workspace.desks.handover
        self._handover = await desk.handover(self._since, self._shifts)
        self._say()

    async def show_news(self, topics: frozenset[Topic]) -> None:
        """Put it together again; the place in it stays."""
        await self.workspace_changed()

    def note_all(self) -> None:
        """Say the times anew, e.g. in another zone."""
        self._say()

    def refresh_now(self) -> None:
        """Put it together again."""
        self.run_worker(self.told(self.workspace_changed()), group="handover", exclusive=True)
        self.shell.flash("Put together again from what is remembered.", "info")

    async def go_to_shift(self, step: int) -> None:
        """Begin with the shift before, or with the one after."""
        shift = shift_at(self._since, self._shifts)
        before = shift_at(shift.begin - (shift.end - shift.begin) / 2, self._shifts).begin
        wanted = before if step < 0 else shift.end
        if wanted > self._now:
            self.shell.flash("That shift has not begun.", "warn")
            return
        self._since = wanted
        await self.workspace_changed()

    async def copy_or_keep(self) -> None:
        """Copy the text; where it does not fit the clipboard of a terminal, write a file."""
        if len(self._text.encode()) > MOST:
            await self.keep()
            return
        self.shell.copy(self._text)
        self.shell.flash(f"Copied the handover, {words.size(len(self._text.encode()))}.", "good")

    async def keep(self) -> None:
        """Write the text into a file that only its owner may read."""
        name = f"tsui-handover-{self._now:%Y%m%d-%H%M%S}.txt"
        path = self.shell.download_folder / name
        try:
            await asyncio.to_thread(kept, path, self._text)
        except OSError as error:
            self.shell.flash(f"Nothing was written: {path}: {error.strerror}.", "bad")
            return
        self.shell.flash(f"Wrote the handover to {sanitize(str(path), 300)}", "good")

    def _say(self) -> None:
        if self._handover is None:
            return
        zone = UTC if self.shell.use_utc else None
        self._text = self.shell.workspace.desks.handover.text(self._handover, zone)
        self._pane.show(handover_text.lines(self._text))
        self.show_lines()

    @property
    def _now(self) -> datetime:
        return self.shell.workspace.clock.now()

    @property
    def _shifts(self) -> tuple[str, ...]:
        return self.shell.profiles.settings.shifts
