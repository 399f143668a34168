"""A part of what is known of a device: a tab with its own age, its own failure and its own keys."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar

from textual.widget import Widget

from tsui.service.views import DeviceRow, Topic
from tsui.ui.commands.base import Command
from tsui.ui.painted import Line
from tsui.ui.screens.device_text import View
from tsui.ui.scrolled import Scrolled
from tsui.ui.widgets.pane import Pane

if TYPE_CHECKING:
    from tsui.ui.app import TsuiApp
    from tsui.ui.screens.device import DeviceScreen


class DevicePart(ABC):
    """One part; it is made when it is first shown and lives as long as the screen."""

    name: ClassVar[str]
    """What commands know it by."""
    title: ClassVar[str]
    """What its tab is called: short, there are many of them."""
    TOPICS: ClassVar[frozenset[Topic]] = frozenset({Topic.READINGS})
    """News it shows something of."""
    COMMANDS: ClassVar[tuple[type[Command], ...]] = ()
    """What one can do while it is shown, beside what one can do on every part."""
    is_wide: ClassVar[bool] = False
    """Whether it needs the whole width: the summary does not stay beside it."""

    def __init__(self, place: DeviceScreen) -> None:
        self.place = place
        """The screen it is on."""

    @property
    def shell(self) -> TsuiApp:
        """The app."""
        return self.place.shell

    @property
    def view(self) -> View:
        """How times are shown right now."""
        shell = self.shell
        return View(shell.workspace.clock.now().timestamp(), shell.use_utc)

    @property
    @abstractmethod
    def widget(self) -> Widget:
        """What is put on the screen."""

    @property
    @abstractmethod
    def scrolled(self) -> Scrolled:
        """What moves with the arrow keys; most often the same."""

    @property
    def copied(self) -> str:
        """What is copied of it as a whole; empty for the identifiers of the device."""
        return ""

    @property
    def copied_name(self) -> str:
        """What names the record under the cursor; empty for the device itself."""
        return ""

    @abstractmethod
    async def load(self, device: DeviceRow) -> None:
        """Take up what is remembered of a device; asks nobody."""

    @abstractmethod
    def show_part(self) -> None:
        """Show what was taken up."""

    def footing(self) -> Line:
        """Return what the title says of this part while it is shown."""
        return ()

    async def from_the_start(self) -> None:
        """Go to its beginning; it is shown after another one."""
        await self.scrolled.move_to(0)

    def begin(self, device: DeviceRow) -> None:
        """Begin to read when it is first shown, what no other part has read already."""
        self.read_again(device)

    @abstractmethod
    def read_again(self, device: DeviceRow) -> None:
        """Begin to read all of this part; what comes is announced."""

    async def clear(self) -> bool:
        """Clear what hides some of it; False when nothing does."""
        return False

    async def prompt_closed(self, sign: str, text: str | None) -> None:
        """Use what was typed into a prompt of its own; None undoes what typing did."""
        del sign, text


class PanePart(DevicePart):
    """A part that is lines of text."""

    def __init__(self, place: DeviceScreen) -> None:
        super().__init__(place)
        self.pane = Pane(id=f"part-{self.name}")
        """Where they are shown."""

    @property
    def widget(self) -> Pane:
        """The lines."""
        return self.pane

    @property
    def scrolled(self) -> Pane:
        """The lines."""
        return self.pane

    @property
    def width(self) -> int:
        """Cells of a line."""
        return self.pane.size.width

    @abstractmethod
    def lines(self) -> Sequence[Line]:
        """Return what was taken up."""

    def show_part(self) -> None:
        """Show the lines."""
        self.pane.show(self.lines())
