"""Dialogs: small screens in front of another one that end with an answer."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar, Generic, TypeVar, cast

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widget import Widget

from tsui.ui.painted import LOOK_CLASSES, Line, Painted

if TYPE_CHECKING:
    from tsui.ui.app import TsuiApp

AnswerT = TypeVar("AnswerT")


class Text(Painted):
    """Lines that take exactly the room they need."""

    def show(self, lines: Sequence[Line]) -> None:
        """Show these lines."""
        self.styles.height = len(lines)
        self.paint(lines)


class Dialog(ModalScreen["AnswerT | None"], Generic[AnswerT]):
    """A box that asks something; escape leaves it without an answer."""

    COMPONENT_CLASSES: ClassVar[set[str]] = LOOK_CLASSES
    AUTO_FOCUS = ""
    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "cancel", "Cancel", priority=True)]

    @property
    def shell(self) -> TsuiApp:
        """The app, by what dialogs need of it."""
        return cast("TsuiApp", self.app)

    def compose(self) -> ComposeResult:
        """Lay out the box."""
        with Vertical(id="box"):
            yield from self.content()

    def content(self) -> Sequence[Widget]:
        """Return what is in the box."""
        raise NotImplementedError

    def action_cancel(self) -> None:
        """Leave without an answer."""
        self.dismiss(None)
