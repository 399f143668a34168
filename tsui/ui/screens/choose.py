"""A dialog that lets choose one of several things, or type one value."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import ClassVar, NamedTuple

from textual.binding import Binding, BindingType
from textual.widget import Widget
from textual.widgets import Input

from tsui.text import sanitize
from tsui.ui.painted import Line, wrap
from tsui.ui.screens.dialog import Dialog, Text
from tsui.ui.widgets.pane import Pane


class Choice(NamedTuple):
    """Something to choose."""

    value: str
    """What is returned."""
    text: str
    """What is shown; sanitised here."""


class Choose(Dialog[str]):
    """Lets choose one of several things with the arrow keys and enter."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("down,j", "move(1)", priority=True),
        Binding("up,k", "move(-1)", priority=True),
        Binding("pagedown", "move(10)", priority=True),
        Binding("pageup", "move(-10)", priority=True),
        Binding("enter", "choose", priority=True),
    ]

    def __init__(
        self, title: str, choices: Sequence[Choice], *, current: str = "",
        lines: Sequence[Line] = (),
    ) -> None:  # fmt: skip
        super().__init__()
        self._title = title
        self._lines = lines
        self._choices = choices
        values = [choice.value for choice in choices]
        self._cursor = values.index(current) if current in values else 0
        self._heading = Text(id="heading")
        self._list = Pane(id="choices")
        self._keys = Text(id="keys")

    def content(self) -> Sequence[Widget]:
        """Show a heading, the choices and the keys."""
        self._list.styles.height = min(len(self._choices), 14)
        return (self._heading, self._list, self._keys)

    def on_mount(self) -> None:
        """Show the choices."""
        self.call_after_refresh(self._show)

    async def action_move(self, rows: int) -> None:
        """Move the cursor."""
        self._cursor = max(0, min(len(self._choices) - 1, self._cursor + rows))
        self._show()

    def action_choose(self) -> None:
        """Take what the cursor is on."""
        self.dismiss(self._choices[self._cursor].value)

    def _show(self) -> None:
        width = max(20, self._heading.size.width)
        said = [part for line in self._lines for part in wrap(line, width)]
        self._heading.show([[(self._title, "title")], *said, []])
        self._list.show(
            [
                [(f" {sanitize(choice.text)} ", "cursor" if place == self._cursor else "text")]
                for place, choice in enumerate(self._choices)
            ]
        )
        self._list.scroll_to_line(self._cursor)
        self._keys.show(
            [[], [("enter", "key"), (" choose   ", "dim"), ("esc", "key"), (" cancel", "dim")]]
        )


class Ask(Dialog[str]):
    """Lets type one value of a known form."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("enter", "accept", priority=True)]

    def __init__(
        self, title: str, question: Sequence[Line], pattern: str, complaint: str, *,
        value: str = "", secret: bool = False,
    ) -> None:  # fmt: skip
        super().__init__()
        self._title = title
        self._question = question
        self._pattern = re.compile(pattern)
        self._complaint = complaint
        self._text = Text(id="heading")
        self._input = Input(value, password=secret, compact=True, id="answer")
        self._input.cursor_blink = False
        self._keys = Text(id="keys")

    def content(self) -> Sequence[Widget]:
        """Show the question, the input and the keys."""
        return (self._text, self._input, self._keys)

    def on_mount(self) -> None:
        """Show the question and take the keys."""
        self.set_focus(self._input)
        self.call_after_refresh(self._show, "")

    def action_accept(self) -> None:
        """Take what was typed if it has the right form."""
        text = self._input.value.strip()
        if self._pattern.fullmatch(text):
            self.dismiss(text)
        else:
            self._show(self._complaint)

    def _show(self, complaint: str) -> None:
        self._text.show([[(self._title, "title")], [], *self._question])
        self._keys.show(
            [
                [(complaint, "bad")],
                [("enter", "key"), (" accept   ", "dim"), ("esc", "key"), (" cancel", "dim")],
            ]
        )
