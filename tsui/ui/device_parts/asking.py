"""Parts that are the answer to a question somebody asks on purpose."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from tsui.service.device_answers import Asked
from tsui.service.views import DeviceRow, Topic
from tsui.ui.commands.device_parts import AskNow
from tsui.ui.device_parts.asked_text import asked
from tsui.ui.device_parts.base import PanePart
from tsui.ui.painted import Line

if TYPE_CHECKING:
    from tsui.ui.screens.device import DeviceScreen


class AskingPart(PanePart):
    """What a question brought, most often by callback."""

    TOPICS = frozenset({Topic.DEVICES, Topic.READINGS, Topic.INBOX, Topic.CATALOGUE})
    COMMANDS = (AskNow,)

    question: ClassVar[str]
    """The operation that asks."""
    what: ClassVar[str]
    """What is asked for, as a sentence says it."""
    service: ClassVar[str]
    """The callback service that brings the answer."""

    def __init__(self, place: DeviceScreen) -> None:
        super().__init__(place)
        self.device: DeviceRow | None = None
        """The device, as it was taken up last."""
        self.asked: Asked | None = None
        """The last question."""
        self._hears: bool | None = None
        self._began = 0.0

    @property
    def no_ask_reason(self) -> str:
        """Why nothing can be asked right now; empty when it can."""
        return self.shell.connection.offline_reason

    async def load(self, device: DeviceRow) -> None:
        """Take up the last question and its answers."""
        answers = self.shell.workspace.desks.answers
        self.device = device
        self.asked = await answers.of(device, self.question)
        self._hears = await answers.hears(self.service)

    def state(self) -> list[Line]:
        """Return how far the question is."""
        now = self.view.now
        if self._is_asking:
            return [[(f" ◌ Asking for {self.what} …", "info")]]
        return asked(
            self.asked, self.what, now, self.width, service=self.service, hears=self._hears
        )

    @property
    def _is_asking(self) -> bool:
        """Whether a question is on its way: over a thin link that takes a while."""
        return self._began > (self.asked.tried_at if self.asked else 0.0)

    def ask(self) -> None:
        """Begin to ask."""
        if self.device is None:
            return
        try:
            self.shell.workspace.desks.answers.ask(self.device, self.question)
        except LookupError as error:
            self.shell.flash(str(error), "warn")
            return
        self._began = self.view.now
        self.show_part()

    def begin(self, device: DeviceRow) -> None:
        """Begin to read who listens: without a listener no answer comes."""
        self.shell.workspace.desks.answers.read_listeners()

    def read_again(self, device: DeviceRow) -> None:
        """Begin to read the device's line and who listens; asking has a key of its own."""
        self.place.asked.read(device, ())
        self.shell.workspace.desks.answers.read_listeners()
