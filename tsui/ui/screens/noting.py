"""Dialogs before a change that take a note which says why."""

from __future__ import annotations

from typing import ClassVar

from textual.binding import Binding, BindingType

from tsui.service.environment import Environment
from tsui.text import sanitize
from tsui.ui.painted import Line
from tsui.ui.screens.choose import Ask
from tsui.ui.screens.dialog import AnswerT, Dialog

QUESTION = "Why is it done? The audit keeps what you write here."


class NotedDialog(Dialog[AnswerT]):
    """A dialog with a note; where one is demanded, it is asked for before the answer counts."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("tab", "note", priority=True)]

    def __init__(self, environment: Environment, note: str = "") -> None:
        super().__init__()
        self._environment = environment
        self.note = note
        """Why it is done; empty where nobody said."""

    def action_note(self) -> None:
        """Let write the note."""
        self.app.push_screen(_ask(), self._take)

    def finish(self, answer: AnswerT) -> None:
        """End with an answer, after the note where one is demanded."""
        if self.note or not self._environment.note_required:
            self.dismiss(answer)
            return

        def noted(text: str | None) -> None:
            self._take(text)
            if text is not None:
                self.dismiss(answer)

        self.app.push_screen(_ask(), noted)

    def note_line(self) -> Line:
        """Show the note, or how to write one."""
        if self.note:
            return [("tab ", "key"), ("Why: ", "dim"), (sanitize(self.note, 200), "text")]
        said = "a note that says why is needed" if self._environment.note_required else "say why"
        return [("tab ", "key"), (said, "dim")]

    def note_changed(self) -> None:
        """Show the note."""

    def _take(self, text: str | None) -> None:
        if text is not None:
            self.note = text
            self.note_changed()


def _ask() -> Ask:
    return Ask("Note", [[(QUESTION, "text")]], r".{1,500}", "Up to 500 characters, please.")
