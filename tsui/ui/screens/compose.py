"""A letter: a text, or bytes without IP, to devices that are named; nothing goes out unasked."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar

from textual.app import ComposeResult
from textual.timer import Timer
from textual.widgets import TextArea

from tsui.service.messages.composing import (
    Filled,
    bytes_trouble,
    bytes_wanted,
    filled,
    has_places,
    trouble,
)
from tsui.service.messages.sending import LONGEST_TIME, SHORTEST_TIME
from tsui.ui.commands.base import Command
from tsui.ui.commands.lists import MOVES
from tsui.ui.commands.messages import LETTER, EndWriting
from tsui.ui.painted import Line, wrap
from tsui.ui.screens.compose_text import bytes_lines, text_lines, to_whom
from tsui.ui.screens.place import Place
from tsui.ui.scrolled import Scrolled
from tsui.ui.widgets.pane import Pane

if TYPE_CHECKING:
    from tsui.service.views import DeviceRow

KEPT_AFTER = 0.3
"""Seconds after the last key until what was written is on the disk."""

MANY = 500
"""Devices whose own texts are filled in and counted beside the screen, not before the next key."""

AN_HOUR = 3600
"""Seconds for which bytes are tried, as long as nobody says otherwise."""

SEVERAL = "several"
"""Whom the draft is for that is not for one device."""


class ComposeScreen(Place):
    """One letter; the devices are those that were chosen when it was opened."""

    AREA = "messages"
    COMMANDS_HERE: ClassVar[tuple[type[Command], ...]] = (*LETTER, *MOVES)

    def __init__(self, devices: Sequence[DeviceRow], *, whom: str = "", hidden: int = 0) -> None:
        super().__init__()
        self._devices = devices
        self._whom = whom
        self._hidden = hidden
        self._seconds = AN_HOUR
        self._filled = Filled({})
        self._late: Timer | None = None
        self.is_bytes = False
        """Whether bytes are written, and not a text."""
        self._to = Pane(id="whom")
        self._to.can_focus = False
        self._text = TextArea(id="letter", soft_wrap=True, show_line_numbers=False)
        self._text.cursor_blink = False
        self._about = Pane(id="about-letter")

    def compose_body(self) -> ComposeResult:
        """Lay out whom it is for, the letter, and what is to be known of it."""
        yield self._to
        yield self._text
        yield self._about

    async def on_mount(self) -> None:
        """Go on with what was written before."""
        await self._take_up()
        self.begin_to_write()
        self.call_after_refresh(self._show)

    def on_resize(self) -> None:
        """Fit the lines to the screen."""
        self.call_after_refresh(self._show)

    # -- writing ------------------------------------------------------------------------------

    @property
    def is_writing(self) -> bool:
        """Whether keys are text."""
        return self._text.has_focus

    def begin_to_write(self) -> None:
        """Take keys as text."""
        self.set_focus(self._text)
        self.call_after_refresh(self.show_lines)

    def end_writing(self) -> None:
        """Take keys as commands."""
        self.set_focus(self._about)
        self.call_after_refresh(self.show_lines)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Leave all keys but one to the text while it is written."""
        if action == "command" and self.is_writing:
            return parameters[0] == EndWriting.id()
        return super().check_action(action, parameters)

    async def on_text_area_changed(self) -> None:
        """Count what was written, and keep it a moment later."""
        await self._fill()
        if self._late is not None:
            self._late.stop()
        self._late = self.set_timer(KEPT_AFTER, self._keep)

    async def save_place(self) -> None:
        """Keep what was written."""
        await self._keep()

    async def go_back(self) -> None:
        """Leave; what was written is kept."""
        await self._keep()
        if self._text.text:
            self.shell.flash("Kept as a draft; s goes on with it.", "info")
        await self.shell.back()

    async def _take_up(self) -> None:
        self._text.load_text(await self.shell.workspace.desks.messages.draft(self._draft))
        self._text.move_cursor(self._text.document.end)
        await self._fill()

    async def _keep(self) -> None:
        desk = self.shell.workspace.desks.messages
        await self.told(desk.keep_draft(self._draft, self._text.text))

    @property
    def _draft(self) -> str:
        """Name what is written: one draft for each device, and one for several."""
        what = "bytes" if self.is_bytes else "text"
        whom = self._devices[0].key if len(self._devices) == 1 else SEVERAL
        return f"{what} {whom}"

    async def _fill(self) -> None:
        text = self._text.text
        if len(self._devices) <= MANY or not has_places(text):
            self._filled = filled(text, self._devices)
            self._show()
            return
        self.run_worker(self._fill_many(text), exclusive=True, group="fill")

    async def _fill_many(self, text: str) -> None:
        self._filled = await asyncio.to_thread(filled, text, self._devices)
        self._show()

    # -- what is shown ------------------------------------------------------------------------

    @property
    def focus_target(self) -> Any:
        """What is to be known of the letter."""
        return self._about

    @property
    def scrolled(self) -> Scrolled | None:
        """What is to be known of the letter."""
        return self._about

    def title_text(self) -> Line:
        """Say what is written."""
        what = "Bytes without IP (NIDD)" if self.is_bytes else "Text message"
        return [(f" {what} ", "title"), (" nothing is sent before you agree", "dim")]

    def hint_text(self, width: int) -> Line:
        """Say how writing ends, while somebody writes."""
        if not self.is_writing:
            return super().hint_text(width)
        return [(" esc", "key"), (" ends writing; then ", "dim"), ("S", "key"), (" sends", "dim")]

    def _heading(self, width: int) -> list[Line]:
        said = to_whom(self._devices, self._whom, self._hidden)
        return [line for each in said for line in wrap(each, width, 3)]

    def _show(self) -> None:
        if not self.is_mounted:
            return
        heading = self._heading(max(20, self._to.size.width))
        self._to.styles.height = len(heading)
        self._to.show(heading)
        text = self._text.text
        said = bytes_lines(text, self._seconds) if self.is_bytes else text_lines(text, self._filled)
        width = max(20, self._about.size.width)
        self._about.show([line for each in said for line in wrap(each, width, 3)])
        self.show_lines()

    # -- what commands ask --------------------------------------------------------------------

    @property
    def no_device_reason(self) -> str:
        """There are always devices."""
        return ""

    def selected_ids(self) -> Collection[int]:
        """Return the devices it is for."""
        return [each.id for each in self._devices]

    @property
    def no_send_reason(self) -> str:
        """Why it cannot be sent as it is; empty where it can."""
        text = self._text.text
        if self.is_bytes:
            return bytes_trouble(text)
        return "" if text and self._filled.wanted else trouble(self._filled.longest)

    async def propose(self) -> None:
        """Show what would be sent and let agree."""
        await self._keep()
        if self.is_bytes:
            wanted = bytes_wanted(self._text.text, self._seconds, self._devices)
            await self.shell.changes.propose_all(wanted, "Send bytes", (), self._sent)
            return
        found = filled(self._text.text, self._devices)
        await self.shell.changes.propose_all(found.wanted, "Send SMS", found.left_out, self._sent)

    async def _sent(self) -> None:
        """Forget what was sent, and leave."""
        if self._late is not None:
            self._late.stop()
        await self.shell.workspace.desks.messages.keep_draft(self._draft, "")
        if self.shell.place is self:
            await self.shell.back()

    async def choose_template(self) -> None:
        """Let choose a text of the settings."""
        from tsui.ui.screens.choose import Choice, Choose

        templates = self.shell.profiles.settings.messages.templates
        if self.is_bytes or not templates:
            none = 'There is none yet: [messages.templates] in the settings takes NAME = "text".'
            said = "Templates are for texts." if self.is_bytes else none
            self.shell.flash(said, "warn")
            return
        width = max(map(len, templates))
        choices = [Choice(name, f"{name:<{width}}  {text}") for name, text in templates.items()]
        await self.shell.push_screen(Choose("Which template?", choices), self._template_chosen)

    async def _template_chosen(self, name: str | None) -> None:
        if name is not None:
            self._text.load_text(self.shell.profiles.settings.messages.templates[name])
            await self.on_text_area_changed()

    async def switch_bytes(self) -> None:
        """Write bytes instead of a text, or a text again; each has its own draft."""
        await self._keep()
        self.is_bytes = not self.is_bytes
        await self._take_up()
        self._show()

    async def ask_seconds(self) -> None:
        """Let write for how long the network may try."""
        from tsui.ui.screens.choose import Ask

        complaint = f"A whole number from {SHORTEST_TIME} to {LONGEST_TIME:,}."
        question: Line = [("Seconds for which the network may try to deliver.", "text")]
        await self.shell.push_screen(
            Ask("Time to try", [question], r"\d{1,7}", complaint, value=str(self._seconds)),
            partial(self._seconds_written, complaint),
        )

    async def _seconds_written(self, complaint: str, written: str | None) -> None:
        if written is None:
            return
        if SHORTEST_TIME <= int(written) <= LONGEST_TIME:
            self._seconds = int(written)
            self._show()
        else:
            self.shell.flash(complaint, "warn")
