"""One notice: all that is known of it, and the message as it came."""

from __future__ import annotations

from typing import ClassVar

from tsui.service.views import Message, Notice
from tsui.text import sanitize
from tsui.ui import heeding, notice_text
from tsui.ui.commands.base import Command
from tsui.ui.commands.device import OpenItsDevice
from tsui.ui.commands.notices import NOTICES
from tsui.ui.screens.answer import AnswerScreen
from tsui.ui.screens.device_text import View
from tsui.ui.screens.inbox import body_of


class NoticeScreen(AnswerScreen):
    """A notice, with what one can do about it."""

    COMMANDS_HERE: ClassVar[tuple[type[Command], ...]] = (
        *AnswerScreen.COMMANDS_HERE, *NOTICES, OpenItsDevice,
    )  # fmt: skip

    def __init__(self, notice: Notice, message: Message | None, view: View) -> None:
        self._notice = notice
        body = body_of(message) if message is not None else None
        title = f"Notice: {notice.kind} {notice_text.device(notice)[0]}"
        super().__init__(sanitize(title), notice_text.whole(notice, message, body, view))

    @property
    def notices_in_view(self) -> list[int]:
        """This one."""
        return [self._notice.id]

    @property
    def notice_in_view(self) -> Notice:
        """This one."""
        return self._notice

    def notices_done(self) -> None:
        """Go back to the list, which shows what became of it."""
        self.call_later(self.shell.back)

    async def open_its_device(self) -> None:
        """Open the device of the notice."""
        await heeding.open_its_device(self.shell, self._notice, "summary")
