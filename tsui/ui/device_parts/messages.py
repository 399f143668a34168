"""Messages: texts and bytes to and from the device, and what became of each."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from tsui.service.device_messages import LOG, Exchanged, Way, exchanged, logged
from tsui.service.views import DeviceRow, Topic
from tsui.text import sanitize
from tsui.ui import words
from tsui.ui.device_parts.asking import AskingPart
from tsui.ui.outcomes import outcome
from tsui.ui.painted import Line, Run, wrap
from tsui.ui.screens.device_text import View

if TYPE_CHECKING:
    from tsui.ui.screens.device import DeviceScreen

INDENT = 28
"""Cells before a text."""

LONGEST = 300
"""Characters of a message that are shown."""


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
        self._exchanged: Sequence[Exchanged] = ()
        self._logged: Sequence[Exchanged] = ()
        self._has_more = False

    async def load(self, device: DeviceRow) -> None:
        """Take up what was sent, received and logged."""
        await super().load(device)
        workspace = self.shell.workspace
        told = await workspace.desks.answers.messages(device)
        self._exchanged = exchanged(await workspace.changes_of(device.key), told)
        self._logged, self._has_more = logged(self.asked.answers if self.asked else ())

    def lines(self) -> list[Line]:
        """Return what is known."""
        return [
            [
                (" Sent from here, and received by callback", "head"),
                ("  s", "key"),
                (" sends", "dim"),
            ],
            *message_lines(self._exchanged, self.view, self.width),
            [],
            [(" Log of ThingSpace: texts of the last three months", "head")],
            *self.state(),
            *self._log_lines(),
        ]

    def _log_lines(self) -> Iterator[Line]:
        if self.asked is not None and self.asked.answers:
            yield from message_lines(self._logged, self.view, self.width)
        if self._has_more:
            yield [("   and more: ThingSpace tells 500 at once", "warn")]


def message_lines(found: Sequence[Exchanged], view: View, width: int) -> Iterator[Line]:
    """Say when each message was, which way it went, what became of it, and what it says."""
    if not found:
        yield [("   none", "dim")]
    for each in found:
        text = sanitize(each.text, LONGEST)
        said = f"{len(each.text)} characters of base64: {text}" if each.is_bytes else text
        head: list[Run] = [
            (f" {words.short_moment(each.at, view.now, utc=view.utc):<11} ", "dim"),
            ("→ to   " if each.way is Way.TO_DEVICE else "← from ", "info"),
        ]
        yield from wrap([*head, _fate(each), ("  ", "text"), (said, "text")], width, INDENT)


def _fate(message: Exchanged) -> Run:
    if message.fate:
        is_good = message.fate.lower() in ("delivered", "received", "success")
        look = "good" if is_good else "warn" if message.fate.lower() == "queued" else "bad"
        return f"{'✓' if is_good else '!'} {sanitize(message.fate, 60)}", look
    return outcome(message.change) if message.change is not None else ("? not told", "info")
