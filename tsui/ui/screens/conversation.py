"""A conversation: what was sent to one device and what it sent, the oldest first."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING, Any, ClassVar

from textual.app import ComposeResult

from tsui.service.device_answers import Asked
from tsui.service.messages.desk import Message
from tsui.service.messages.export import MESSAGE_COLUMNS
from tsui.service.messages.log import LOG, logged
from tsui.service.views import DeviceRow, Topic
from tsui.text import sanitize
from tsui.ui import words
from tsui.ui.commands.base import Command
from tsui.ui.commands.callbacks import OpenListeners
from tsui.ui.commands.device import Diagnose, ShowTimeline
from tsui.ui.commands.lists import LAYOUT, MOVES, Copy, CopyRow, Export, Filter, Open
from tsui.ui.commands.messages import MESSAGES
from tsui.ui.device_parts.asked_text import asked
from tsui.ui.list_state import Nothing
from tsui.ui.painted import Line, Run
from tsui.ui.rows import Named
from tsui.ui.screens import messages_text
from tsui.ui.screens.device_text import View
from tsui.ui.screens.filtered import Filtered
from tsui.ui.widgets.pane import Pane
from tsui.ui.widgets.table import Column, Table

if TYPE_CHECKING:
    from tsui.service.export_formats import Exports

DETAIL = 7
"""Lines below the list: how far the log is, and all of one message."""

THE_LOG = "ThingSpace's log of texts"


class ConversationScreen(Filtered):
    """The messages with one device, live."""

    AREA = "messages"
    TOPICS = frozenset({Topic.INBOX, Topic.REQUESTS, Topic.DEVICES, Topic.READINGS})
    COMMANDS_HERE: ClassVar[tuple[type[Command], ...]] = (
        *MOVES, Open, Filter, *LAYOUT, Copy, CopyRow, Export, *MESSAGES, Diagnose,
        ShowTimeline, OpenListeners,
    )  # fmt: skip

    def __init__(self, peer: str, device: DeviceRow | None) -> None:
        self._peer = peer
        self._device = device
        self._all: Sequence[Message] = ()
        self._asked: Asked | None = None
        self._hears: bool | None = None
        self._log_has_more = False
        super().__init__()
        self._detail = Pane(id="message")
        self._detail.can_focus = False
        self._detail.styles.height = DETAIL

    def make_table(self) -> Table[Message]:
        """Make the list of messages."""
        return Table(Named[Message]((), _key), self.columns(), key=_key, id="conversation")

    def compose_body(self) -> ComposeResult:
        """Lay out the messages, and all of one below them."""
        yield from super().compose_body()
        yield self._detail

    def columns(self) -> list[Column[Message]]:
        """Return the columns; what was said stays longest on a narrow screen."""
        return [
            Column("WHEN", 11, self._when, 2),
            Column("STATE", 14, lambda row: messages_text.fate(row.fate), 0),
            Column("TEXT", 30, lambda row: (messages_text.says(row), "text"), 1, grows=True),
            Column("SOURCE", 12, lambda row: (sanitize(row.source, 30), "dim"), 3),
        ]

    def title_text(self) -> Line:
        """Name the device, and say how many messages there are."""
        name = sanitize(self._device.custom1, 24) if self._device else "not known here"
        return [
            (f" Messages with {sanitize(self._peer.partition(':')[2], 40)} ", "title"),
            (f" {name} ", "strong"),
            (f" {self.table.total:,}", "text"),
            self.filter_run(),
        ]

    def nothing(self) -> Nothing:
        """Say how messages come."""
        return Nothing("No message with this device yet.", ("s", "writes one"), filter=self.filter)

    async def workspace_changed(self) -> None:
        """Show the messages; begin at the newest."""
        self.shell.workspace.desks.answers.read_listeners()
        await self._read()
        await self.table.move_to(self.table.total - 1)

    async def show_news(self, topics: frozenset[Topic]) -> None:
        """Read them again; whoever looks at the newest wants to see the next one."""
        at_end = self.table.cursor >= self.table.total - 1
        await self._read()
        if at_end:
            await self.table.move_to(self.table.total - 1)

    async def show_filtered(self) -> None:
        """Show the messages that hold the words."""
        await self.table.use(Named(self._shown(), _key))
        self._show_detail()
        self.show_lines()

    def on_table_moved(self) -> None:
        """Tell all of the message under the cursor."""
        super().on_table_moved()
        self._show_detail()

    def on_resize(self) -> None:
        """Fit the lines to the width."""
        super().on_resize()
        self.call_after_refresh(self._show_detail)

    async def open_current(self) -> None:
        """Show all that is known of the message."""
        if (row := self.table.current) is None:
            return
        if row.change is not None:
            from tsui.ui.screens.request import RequestScreen

            await self.app.push_screen(RequestScreen(row.change))
            return
        from tsui.ui.screens.answer import AnswerScreen

        told: dict[str, Any] = {name: tell(row) for name, tell in MESSAGE_COLUMNS.items()}
        await self.app.push_screen(AnswerScreen("Message", told))

    def ask_log(self) -> None:
        """Begin to ask for the log; how far that is stands below the list."""
        if self._device is None:
            return
        try:
            self.shell.workspace.desks.messages.ask_log(self._device)
        except LookupError as error:
            self.shell.flash(str(error), "warn")
        else:
            self.shell.flash(f"Asking for {THE_LOG} …", "info")

    def refresh_now(self) -> None:
        """Begin to read who listens; the rest follows by itself."""
        self.shell.workspace.desks.answers.read_listeners()
        self.shell.flash("This list follows by itself; a asks for the log.", "info")

    @property
    def no_device_reason(self) -> str:
        """Need a device that is known."""
        return "" if self._device is not None else "This device is not known here."

    @property
    def device_in_view(self) -> DeviceRow | None:
        """The device."""
        return self._device

    def selected_ids(self) -> Collection[int]:
        """Return the device."""
        return (self._device.id,) if self._device is not None else ()

    def exports(self) -> Exports:
        """Return what the messages that are shown can be exported as."""
        from tsui.service.export_formats import exports_of_rows

        name = f"messages {self._peer.partition(':')[2]}"
        return exports_of_rows(name, "message", self._shown(), MESSAGE_COLUMNS)

    def copy_identifier(self) -> None:
        """Copy what the message says."""
        if (row := self.table.current) is not None:
            self.shell.copy(messages_text.says(row))

    def copy_row(self) -> None:
        """Copy the whole line."""
        if (row := self.table.current) is not None:
            at = words.moment(row.at, utc=self.shell.use_utc)
            self.shell.copy("\t".join((at, row.fate.delivery, messages_text.says(row))))

    async def _read(self) -> None:
        desk = self.shell.workspace.desks.messages
        self._device = await desk.find(self._peer) or self._device
        self._hears = await desk.log_is_heard()
        self._asked = await desk.log_of(self._device) if self._device is not None else None
        log = self._asked.answers if self._asked is not None else ()
        self._all = await desk.with_device(self._peer, log)
        _, self._log_has_more = logged(log)
        await desk.mark_read(self._peer)
        await self.show_filtered()

    def _shown(self) -> list[Message]:
        return [
            each for each in self._all if self.fits(f"{messages_text.says(each)} {each.fate[0]}")
        ]

    def _show_detail(self) -> None:
        if not self.is_mounted:
            return
        view = View(self.shell.workspace.clock.now().timestamp(), self.shell.use_utc)
        width = max(20, self._detail.size.width)
        lines: list[Line] = []
        if (row := self.table.current) is not None:
            lines += messages_text.whole(row, view, width)
        if self._device is not None:
            lines += asked(self._asked, THE_LOG, view.now, width, service=LOG, hears=self._hears)
        if self._log_has_more:
            lines.append([(" ThingSpace told 500 of the log, and has more.", "warn")])
        self._detail.show(lines)

    def _when(self, row: Message) -> Run:
        now = self.shell.workspace.clock.now().timestamp()
        return words.short_moment(row.at, now, utc=self.shell.use_utc), "dim"


def _key(row: Message) -> int:
    return row.key
