"""A bare app for single painted widgets."""

from typing import ClassVar

from textual.screen import Screen

from tsui.ui.display import ThinApp
from tsui.ui.painted import LOOK_CLASSES


class Blank(Screen[None]):
    """A screen with the looks and nothing on it."""

    COMPONENT_CLASSES: ClassVar[set[str]] = LOOK_CLASSES


class BareApp(ThinApp[None]):
    """An app that shows what a test composes."""

    def get_default_screen(self) -> Screen[None]:
        return Blank()
