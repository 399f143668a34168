"""Messages: texts and bytes to and from the device, and what became of each."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from tsui.service.messages.desk import Message
from tsui.service.messages.log import LOG, logged
from tsui.service.views import DeviceRow, Topic
from tsui.ui import words
from tsui.ui.device_parts.asking import AskingPart
from tsui.ui.painted import Line, Run, wrap
from tsui.ui.screens.device_text import View
from tsui.ui.screens.messages_text import fate, says

if TYPE_CHECKING:
    from tsui.ui.screens.device import DeviceScreen

INDENT = 29
"""Cells before a text."""


class Messages(AskingPart):
    """Texts and bytes to and from the device, and what became of each."""

    name = "messages"
    title = "Messages"
    TOPICS = AskingPart.TOPICS | {Topic.REQUESTS}
    question = "GetSmsHistory"
    what = "the log of texts"
    service = LOG

    def __init__(self, place: DeviceScreen) -> None:
        super().__init__(place)
        self._messages: Sequence[Message] = ()
        self._has_more = False

    async def load(self, device: DeviceRow) -> None:
        """Take up what was sent, received and logged."""
        await super().load(device)
        answers = self.asked.answers if self.asked else ()
        desk = self.shell.workspace.desks.messages
        self._messages = (await desk.with_device(device.key, answers))[::-1]
        _, self._has_more = logged(answers)

    def lines(self) -> list[Line]:
        """Return what is known."""
        return [
            [
                (" Sent, received, and in the log", "head"),
                ("  s", "key"),
                (" writes", "dim"),
            ],
            *message_lines(self._messages, self.view, self.width),
            [],
            [(" Log of ThingSpace: texts of the last three months", "head")],
            *self.state(),
            *([[("   and more: ThingSpace tells 500 at once", "warn")]] if self._has_more else []),
        ]


def message_lines(found: Sequence[Message], view: View, width: int) -> Iterator[Line]:
    """Say when each message was, how far it is, and what it says."""
    if not found:
        yield [("   none", "dim")]
    for each in found:
        sign, look = fate(each.fate)
        head: list[Run] = [
            (f" {words.short_moment(each.at, view.now, utc=view.utc):<11} ", "dim"),
            (f"{sign:<15} ", look),
        ]
        yield from wrap([*head, (says(each), "text")], width, INDENT)
