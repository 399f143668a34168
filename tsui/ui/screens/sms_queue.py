"""The queue: what devices sent and no listener took; looked at on purpose, drained with a word."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import Any, ClassVar

from tsui.service.failures import ChangeFailed, ReadFailed
from tsui.service.messages.queue import Drained, Queued
from tsui.service.operations import info_of
from tsui.service.views import ChangeState
from tsui.text import sanitize
from tsui.ui import words
from tsui.ui.commands.base import Command
from tsui.ui.commands.callbacks import OpenListeners
from tsui.ui.commands.lists import LAYOUT, MOVES, Copy, CopyRow, Filter
from tsui.ui.commands.messages import QUEUE
from tsui.ui.list_state import TRY_AGAIN, Nothing
from tsui.ui.painted import Line, Run, plain
from tsui.ui.rows import Rows, place_of
from tsui.ui.screens import messages_text
from tsui.ui.screens.confirm import ConfirmOperation
from tsui.ui.screens.filtered import Filtered
from tsui.ui.widgets.table import Column, Table

Row = tuple[int, Queued]

Act = Callable[[str], Awaitable[None]]
"""Does what somebody agreed to, with the note that says why."""

DRAIN = "drain"
"""What has to be typed before the queue is drained."""

HELP = "\n".join(plain(line) for line in messages_text.QUEUE_HELP)


class ConfirmQueue(ConfirmOperation):
    """Says what becomes of the queue before somebody agrees to it."""

    warning: Sequence[Line] = ()
    """What becomes of it."""
    typed = ""
    """What has to be typed; what the operation needs where it is empty."""

    @property
    def word(self) -> str:
        """What has to be typed; empty where nothing may be sent."""
        needed = super().word
        return self.typed if needed == "yes" and self.typed else needed

    def _lines(self) -> list[Line]:
        first, where, *rest = super()._lines()
        return [first, where, [], *self.warning, *rest]


class QueueScreen(Filtered):
    """The first block of the queue as it was when somebody looked."""

    AREA = "messages"
    COMMANDS_HERE: ClassVar[tuple[type[Command], ...]] = (
        *MOVES, Filter, *LAYOUT, Copy, CopyRow, *QUEUE, OpenListeners,
    )  # fmt: skip

    def __init__(self) -> None:
        self._trouble = ""
        super().__init__()

    def make_table(self) -> Table[Row]:
        """Make the list of messages that wait."""
        return Table(Rows[Queued](), self.columns(), key=place_of, id="queue")

    def columns(self) -> list[Column[Row]]:
        """Return the columns."""
        return [
            Column("SENT", 11, self._when, 2),
            Column("DEVICE", 20, lambda row: (sanitize(row[1].device, 40), "strong"), 0),
            Column("TEXT", 20, lambda row: (sanitize(row[1].text, 300), "text"), 1, grows=True),
        ]

    def title_text(self) -> Line:
        """Say how much waits, and how old that is."""
        queue = self.shell.workspace.desks.sms_queue
        now = self.shell.workspace.clock.now().timestamp()
        told = messages_text.queue_title(queue.peeked, now)
        state: Line = [(" reading …", "info")] if queue.is_busy else told
        return [(" Queue at ThingSpace ", "title"), *state, self.filter_run()]

    def nothing(self) -> Nothing:
        """Say what the queue is, or that it is empty."""
        queue = self.shell.workspace.desks.sms_queue
        reading = "the queue" if queue.is_busy else ""
        offline = self.shell.connection.offline_reason
        if queue.peeked is not None and not self._trouble:
            return Nothing("The queue is empty.", TRY_AGAIN, filter=self.filter, reading=reading)
        return Nothing(
            "The queue was not looked at yet.", ("r", "looks"), HELP, filter=self.filter,
            reading=reading, trouble=self._trouble, offline=offline,
        )  # fmt: skip

    async def workspace_changed(self) -> None:
        """Show what was seen last."""
        await self.show_filtered()

    async def show_filtered(self) -> None:
        """Show the messages that hold the words."""
        peeked = self.shell.workspace.desks.sms_queue.peeked
        rows = peeked.messages if peeked else ()
        shown = [each for each in rows if self.fits(f"{each.device} {each.text}")]
        await self.table.use(Rows(shown))
        self.show_lines()

    def refresh_now(self) -> None:
        """Begin to look at the first block."""
        if reason := self.shell.connection.offline_reason:
            self.shell.flash(reason, "warn")
        elif not self.shell.workspace.desks.sms_queue.is_busy:
            self.shell.background(self._peek(), name="look at the queue", group="queue")

    async def _peek(self) -> None:
        self.call_after_refresh(self.show_lines)
        self._trouble = ""
        try:
            await self.shell.workspace.desks.sms_queue.peek()
        except ReadFailed as error:
            self._trouble = str(error)
            self.shell.flash(f"The queue was not read. {sanitize(self._trouble, 300)}", "bad")
        await self.told(self.show_filtered())

    # -- what changes the queue ---------------------------------------------------------------

    async def ask_drain(self) -> None:
        """Say what draining does, and let agree."""
        operation = self.shell.workspace.desks.sms_queue.draining()
        await self._ask(operation, messages_text.DRAIN_WARNING, DRAIN, self._drain)

    async def ask_push(self) -> None:
        """Say what starting the delivery does, and let agree."""
        operation = self.shell.workspace.desks.sms_queue.pushing()
        await self._ask(operation, messages_text.PUSH_WARNING, "", self._push)

    async def _ask(self, operation: Any, warning: Sequence[Line], typed: str, act: Act) -> None:
        workspace = self.shell.workspace
        if workspace.desks.sms_queue.is_busy:
            self.shell.flash("The queue is being read; wait for the end of it.", "warn")
            return
        try:
            report = await workspace.judge(operation)
        except ChangeFailed as error:
            self.shell.flash(str(error), "bad")
            return
        info = info_of(type(operation).__name__)
        dialog = ConfirmQueue(
            info, workspace.environment, workspace.account, operation.body(), (), report
        )
        dialog.warning, dialog.typed = warning, typed

        async def answered(agreed: bool | None) -> None:
            if agreed:
                work = self.told(act(dialog.note))
                self.shell.background(work, name=f"run {info.name}", group="queue")
            else:
                self.shell.flash("Nothing was done.", "dim")

        await self.shell.push_screen(dialog, answered)

    async def _drain(self, note: str) -> None:
        try:
            told = await self.shell.workspace.desks.sms_queue.drain(note, self._tell)
        except (ReadFailed, ChangeFailed) as error:
            self.shell.flash(f"Nothing was drained. {sanitize(str(error), 300)}", "bad")
        else:
            self.shell.flash(*messages_text.drained(told))
        await self.show_filtered()

    def _tell(self, told: Drained) -> None:
        self.shell.flash(f"Draining: {words.number(told.messages, 'message')} kept …", "info")
        self.show_lines()

    async def _push(self, note: str) -> None:
        try:
            sent = await self.shell.workspace.desks.sms_queue.start_delivery(note)
        except ChangeFailed as error:
            self.shell.flash(str(error), "bad")
            return
        if sent.state is ChangeState.SUCCEEDED:
            said = "ThingSpace pushes the queue now; what comes to us shows in Messages (5)."
            self.shell.flash(said, "good")
        else:
            self.shell.flash(f"{sent.state}: {sanitize(sent.problem, 300)}", "bad")

    # -- what is shown ------------------------------------------------------------------------

    def copy_identifier(self) -> None:
        """Copy the device's number."""
        if (row := self.table.current) is not None:
            self.shell.copy(sanitize(row[1].device))

    def copy_row(self) -> None:
        """Copy the whole line."""
        if (row := self.table.current) is not None:
            self.shell.copy("\t".join((sanitize(row[1].device), sanitize(row[1].text, 300))))

    def _when(self, row: Row) -> Run:
        now = self.shell.workspace.clock.now().timestamp()
        return words.short_moment(row[1].at, now, utc=self.shell.use_utc), "dim"
