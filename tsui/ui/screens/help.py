"""The help: the keys of the screen it was asked on, and why a dimmed one is dimmed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.widget import Widget

from tsui.ui.commands.catalog import commands_of
from tsui.ui.painted import Line, wrap
from tsui.ui.screens.dialog import Dialog, Text
from tsui.ui.screens.place import Place
from tsui.ui.widgets.pane import Pane

INDENT = 28
"""Cells before the sentence of a command."""


AROUND = 7
"""Lines of the dialog around the commands."""


class HelpScreen(Dialog[None]):
    """Lists what one can do on a screen."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("question_mark,q,enter", "cancel", priority=True),
        Binding("down,j", "scroll_lines(1)", priority=True),
        Binding("up,k", "scroll_lines(-1)", priority=True),
        Binding("pagedown,space", "scroll_lines(15)", priority=True),
        Binding("pageup", "scroll_lines(-15)", priority=True),
    ]

    def __init__(self, place: Place) -> None:
        super().__init__()
        self._lines = help_lines(place)
        self._heading = Text(id="heading")
        self._pane = Pane(id="help")
        self._keys = Text(id="keys")

    def content(self) -> Sequence[Widget]:
        """Show a heading, the commands and the keys of the help itself."""
        return (self._heading, self._pane, self._keys)

    def on_mount(self) -> None:
        """Show the help."""
        self.call_after_refresh(self._show)

    def on_resize(self) -> None:
        """Fit the lines to the box."""
        self.call_after_refresh(self._show)

    async def action_scroll_lines(self, rows: int) -> None:
        """Scroll."""
        await self._pane.move_by(rows)

    def _show(self) -> None:
        self._heading.show([[("What you can do here", "title")], []])
        width = self._pane.size.width
        lines = [line for each in self._lines for line in wrap(each, width, INDENT)]
        self._pane.styles.height = min(len(lines), self.size.height - AROUND)
        self._pane.show(lines)
        self._keys.show(
            [[], [("↑ ↓", "key"), (" scroll   ", "dim"), ("esc", "key"), (" close", "dim")]]
        )


def help_lines(place: Place) -> list[Line]:
    """Return the commands of a screen under their headings, each with its keys and its sentence."""
    groups: dict[str, list[Line]] = {}
    taken = {key for each in place.commands_here for key in place.shell.keys.of(each)}
    for command in commands_of(place):
        name = f":{command.names[0]}" if command.names else "no key"
        keys = place.shell.keys.shown(type(command)) or name
        if command.yields and not taken.isdisjoint(place.shell.keys.of(type(command))):
            keys = name
        lines = groups.setdefault(command.group, [])
        reason = command.reason(place)
        lines.append(
            [
                (f" {keys:<14}", "quiet" if reason else "key"),
                (f"{command.title:<13}", "dim" if reason else "strong"),
                (command.help(), "dim"),
            ]
        )
        if reason:
            lines.append([(" " * INDENT, "text"), (f"not now: {reason}", "warn")])
    shown = [line for group, lines in groups.items() for line in ([(group, "head")], *lines, [])]
    return [*shown, *place.more_help()]
