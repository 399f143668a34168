"""One call: what was sent, what came back, and why it was attempted again or not."""

from __future__ import annotations

from typing import Any, ClassVar

from textual.app import ComposeResult

from tsui.service.calls.listing import Attempted
from tsui.service.calls.told import row as row_of
from tsui.text import sanitize
from tsui.ui.commands.base import Command
from tsui.ui.commands.calls import CALLS
from tsui.ui.commands.lists import MOVES, CopyRow
from tsui.ui.painted import Line
from tsui.ui.screens import calls_text
from tsui.ui.screens.calls import copy_as_curl
from tsui.ui.screens.place import Place
from tsui.ui.scrolled import Scrolled
from tsui.ui.widgets.pane import Pane


class CallScreen(Place):
    """All that is kept of an attempt."""

    COMMANDS_HERE: ClassVar[tuple[type[Command], ...]] = (*MOVES, *CALLS, CopyRow)

    def __init__(self, each: Attempted) -> None:
        super().__init__()
        self._each = each
        self._pane = Pane(id="call")

    def compose_body(self) -> ComposeResult:
        """Lay out the text."""
        yield self._pane

    async def on_mount(self) -> None:
        """Show the text."""
        self.set_focus(self._pane)
        self.call_after_refresh(self._show)

    def on_resize(self) -> None:
        """Fit the lines to the screen."""
        self.call_after_refresh(self._show)

    def note_all(self) -> None:
        """Show the times anew."""
        self._show()

    @property
    def focus_target(self) -> Any:
        """The text."""
        return self._pane

    @property
    def scrolled(self) -> Scrolled | None:
        """The text."""
        return self._pane

    def title_text(self) -> Line:
        """Name the call and how it ended."""
        name = sanitize(self._each.call.name or self._each.call.operation, 40)
        return [(" HTTP ", "title"), (f" {name}  ", "strong"), calls_text.status(self._each)]

    def refresh_now(self) -> None:
        """Say that what is over does not change."""
        self.shell.flash("This call is over; esc goes back to the list.", "info")

    def copy_identifier(self) -> None:
        """Copy the call as a curl command."""
        copy_as_curl(self.shell, self._each)

    def copy_row(self) -> None:
        """Copy the call in one line."""
        self.shell.copy(sanitize(row_of(self._each.call).replace("\t", "  "), 2000))

    def _show(self) -> None:
        calls = self.shell.workspace.desks.calls.attempts()
        group = [each for each in calls if each.call.call == self._each.call.call]
        width = max(40, self._pane.size.width)
        self._pane.show(calls_text.call(self._each, group, width, utc=self.shell.use_utc))
