"""Messages: one line for each device that was written to or wrote, the newest first."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING, ClassVar

from tsui.service.messages.desk import Conversation
from tsui.service.messages.export import CONVERSATION_COLUMNS
from tsui.service.messages.log import Way
from tsui.service.views import DeviceRow, Topic
from tsui.text import sanitize
from tsui.ui import words
from tsui.ui.commands.base import Command
from tsui.ui.commands.callbacks import OpenListeners
from tsui.ui.commands.device import Diagnose, ShowTimeline
from tsui.ui.commands.lists import LAYOUT, MOVES, Copy, CopyRow, Export, Filter, Open
from tsui.ui.commands.messages import ShowQueue, WriteHere
from tsui.ui.list_state import Nothing
from tsui.ui.painted import Line, Run
from tsui.ui.rows import Named
from tsui.ui.screens import messages_text
from tsui.ui.screens.filtered import Filtered
from tsui.ui.widgets.table import Column, Table

if TYPE_CHECKING:
    from tsui.service.export_formats import Exports

NOTHING = "No message was sent from here or heard of yet."
"""What the empty list says."""

HOW = """
Texts of devices come by callback, to a listener that is ours (:listeners),
or wait in a queue at ThingSpace (p).
On a device, or on the marked ones, s writes a text or bytes."""
"""How messages come here."""


class MessagesScreen(Filtered):
    """Conversations with devices, live."""

    AREA = "messages"
    TOPICS = frozenset({Topic.INBOX, Topic.REQUESTS, Topic.DEVICES, Topic.READINGS})
    COMMANDS_HERE: ClassVar[tuple[type[Command], ...]] = (
        *MOVES, Open, Filter, *LAYOUT, Copy, CopyRow, Export, WriteHere, ShowQueue, Diagnose,
        ShowTimeline, OpenListeners,
    )  # fmt: skip

    def __init__(self) -> None:
        self._all: Sequence[Conversation] = ()
        self._has_more = False
        super().__init__()

    def make_table(self) -> Table[Conversation]:
        """Make the list of conversations."""
        return Table(Named[Conversation]((), _key), self.columns(), key=_key, id="conversations")

    def columns(self) -> list[Column[Conversation]]:
        """Return the columns; who and how far stay longest on a narrow screen."""
        return [
            Column("WHEN", 11, self._when, 3),
            Column("DEVICE", 18, lambda row: (messages_text.name_of(row), "strong"), 0),
            Column("NEW", 6, lambda row: messages_text.unread(row.unread), 1),
            Column("LAST", 14, lambda row: messages_text.fate(row.last.fate), 0),
            Column("TEXT", 14, lambda row: (messages_text.says(row.last), "text"), 2, grows=True),
            Column("SENT", 5, lambda row: (f"{row.sent:,}", "dim"), 5),
            Column("CAME", 5, lambda row: (f"{row.received:,}", "dim"), 5),
            Column("NUMBER", 20, lambda row: (sanitize(_number(row)), "dim"), 4),
        ]

    def title_text(self) -> Line:
        """Say how many there are, and how much nobody has opened."""
        runs: list[Run] = [(" Messages ", "title"), (f" {self.table.total:,} ", "strong")]
        if self._has_more:
            runs.append(("the newest; there are older ones ", "dim"))
        if new := sum(each.unread for each in self._all):
            runs.append((f" {new:,} new", "mark"))
        return [*runs, self.filter_run()]

    def nothing(self) -> Nothing:
        """Say how messages come."""
        return Nothing(NOTHING, ("2", "goes to the devices"), HOW, filter=self.filter)

    async def workspace_changed(self) -> None:
        """Show the conversations of the account that is shown now; who listens decides on some."""
        self.shell.workspace.desks.answers.read_listeners()
        await self._read()

    async def show_news(self, topics: frozenset[Topic]) -> None:
        """Read them again; the cursor stays with its device."""
        await self._read()

    async def show_filtered(self) -> None:
        """Show the conversations that hold the words."""
        await self.table.use(Named(self._shown(), _key))
        self.show_lines()

    async def open_current(self) -> None:
        """Open the conversation."""
        if (row := self.table.current) is not None:
            from tsui.ui.screens.conversation import ConversationScreen

            await self.app.push_screen(ConversationScreen(row.peer, row.device))

    def refresh_now(self) -> None:
        """Begin to read who listens; the rest follows by itself."""
        self.shell.workspace.desks.answers.read_listeners()
        self.shell.flash("This list follows by itself; p looks at the queue.", "info")

    @property
    def no_device_reason(self) -> str:
        """Need a conversation with a device that is known."""
        if self.device_in_view is not None:
            return ""
        known = "This device is not known here." if self.table.current else ""
        return known or "There is no device here."

    @property
    def device_in_view(self) -> DeviceRow | None:
        """The device of the conversation under the cursor."""
        row = self.table.current
        return row.device if row is not None else None

    def selected_ids(self) -> Collection[int]:
        """Return the device of the conversation under the cursor."""
        device = self.device_in_view
        return (device.id,) if device is not None else ()

    def exports(self) -> Exports:
        """Return what the conversations that are shown can be exported as."""
        from tsui.service.export_formats import exports_of_rows

        shown = self._shown()
        return exports_of_rows("conversations", "conversation", shown, CONVERSATION_COLUMNS)

    def copy_identifier(self) -> None:
        """Copy the device's number."""
        if (row := self.table.current) is not None:
            self.shell.copy(sanitize(_number(row)))

    def copy_row(self) -> None:
        """Copy the whole line."""
        if (row := self.table.current) is not None:
            said = (_number(row), row.last.fate.delivery, messages_text.says(row.last))
            self.shell.copy("\t".join(sanitize(each, 2000) for each in said))

    async def _read(self) -> None:
        self._all, self._has_more = await self.shell.workspace.desks.messages.conversations()
        await self.show_filtered()

    def _shown(self) -> list[Conversation]:
        return [each for each in self._all if self.fits(_text(each))]

    def _when(self, row: Conversation) -> Run:
        now = self.shell.workspace.clock.now().timestamp()
        return words.short_moment(row.last.at, now, utc=self.shell.use_utc), "dim"


def _key(row: Conversation) -> int:
    return row.key


def _number(row: Conversation) -> str:
    return row.peer.partition(":")[2]


def _text(row: Conversation) -> str:
    device = row.device
    known = (device.iccid, device.imei, device.mdn, device.custom1) if device else ()
    way = "to" if row.last.way is Way.TO_DEVICE else "from"
    new = "new" if row.unread else ""
    said = messages_text.says(row.last)
    return " ".join((row.peer, *known, row.last.fate.delivery, way, new, said))
