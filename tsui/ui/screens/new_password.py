"""The dialogs of a password reset: the question before it, and the new password, shown once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.widget import Widget
from textual.widgets import Input

from tsui.credentials.renewal import Keeper, Renewed
from tsui.service.environment import Environment
from tsui.service.operations import info_of
from tsui.service.preflight import Report
from tsui.text import sanitize
from tsui.ui.painted import Line, wrap
from tsui.ui.screens.confirm import ConfirmOperation
from tsui.ui.screens.dialog import Dialog, Text

NOTED = "noted"
"""What has to be typed where a new password is kept nowhere else."""


class ConfirmReset(ConfirmOperation):
    """Asks before the password is reset; says where the new one will be kept."""

    def __init__(
        self, ready: Keeper, environment: Environment, account: str, body: object, report: Report
    ) -> None:
        super().__init__(info_of("ResetPassword"), environment, account, body, (), report)
        self._ready = ready

    @property
    def word(self) -> str:
        """The user whose password it is, unless nothing may be sent."""
        return self._ready.credentials.username if super().word else ""

    def _lines(self) -> list[Line]:
        lines = super()._lines()
        user = sanitize(self._ready.credentials.username, 60)
        kept: Line = [(f"{self._ready.where} Then it is shown once.", "good")]
        if not self._ready.where:
            file = sanitize(str(self._ready.rescue), 200)
            kept = [
                ("tsui keeps no password here: note the new one when it is shown. ", "warn"),
                (f"Until you say that you did, it lies in {file}.", "text"),
            ]
        lines[4:4] = [
            [("ThingSpace chooses the new one, and it is valid at once: ", "text"),
             (f"every other program of {user} is locked out until it has it.", "bad")],
            kept,
        ]  # fmt: skip
        return lines


class NewPassword(Dialog[bool]):
    """Shows a new password; ends with True when it was noted by hand."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("enter", "enter", priority=True)]

    def __init__(self, renewed: Renewed) -> None:
        super().__init__()
        self._renewed = renewed
        self._text = Text(id="heading")
        self._input = Input(compact=True, id="answer")
        self._input.cursor_blink = False
        self._keys = Text(id="keys")

    @property
    def _must_be_noted(self) -> bool:
        return self._renewed.place != "store"

    def content(self) -> Sequence[Widget]:
        """Show the password, the input and the keys."""
        return (self._text, self._input, self._keys)

    def on_mount(self) -> None:
        """Show the password and take the keys."""
        self._input.display = self._must_be_noted
        if self._must_be_noted:
            self.set_focus(self._input)
        self.call_after_refresh(self._show, "")

    def on_resize(self) -> None:
        """Fit the lines to the box."""
        self.call_after_refresh(self._show, "")

    def action_enter(self) -> None:
        """Close it; where nothing else keeps it, only once it was noted."""
        if not self._must_be_noted:
            self.dismiss(None)
        elif self._input.value.strip().casefold() == NOTED:
            self.dismiss(True)
        else:
            self._show(f"Type {NOTED} once you have written it down.")

    def action_cancel(self) -> None:
        """Close it, unless it would be lost."""
        if self._renewed.place == "nowhere":
            self._show("It would be lost: it is kept nowhere.")
        else:
            self.dismiss(None)

    def _show(self, complaint: str) -> None:
        width = max(20, self._text.size.width)
        look = "good" if not self._must_be_noted else "warn"
        lines: list[Line] = [
            [("The new password", "title")], [],
            [(f"  {sanitize(self._renewed.password)}", "strong")], [],
            [(sanitize(self._renewed.sentence, 400), look)],
            [("It is in use here already.", "text")], [],
        ]  # fmt: skip
        self._text.show([part for line in lines for part in wrap(line, width)])
        if not self._must_be_noted:
            self._keys.show([[("enter", "key"), (" hides it", "dim")]])
            return
        later: Line = [("   esc", "key"), (" later", "dim")]
        self._keys.show([
            [(complaint, "bad")],
            [("Write it down, type ", "text"), (NOTED, "strong"), (" and ", "dim"),
             ("enter", "key"), *(later if self._renewed.place == "file" else ())],
        ])  # fmt: skip
