"""Commands of messages: writing to devices, conversations, and the queue."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from tsui.ui.commands.base import Command
from tsui.ui.commands.lists import TableCommand

if TYPE_CHECKING:
    from tsui.ui.screens.compose import ComposeScreen
    from tsui.ui.screens.conversation import ConversationScreen
    from tsui.ui.screens.list_place import ListPlace
    from tsui.ui.screens.place import Place
    from tsui.ui.screens.sms_queue import QueueScreen


class ComposeSms(Command):
    """Write a text, or bytes without IP, to the devices; nothing is sent before you agree."""

    title = "SMS"
    keys = "s"
    names: ClassVar[tuple[str, ...]] = ("sms",)
    argument = "[FILTER]"
    group = "On a device, or on the marked devices"

    async def run(self, place: Place, argument: str = "") -> None:
        """Open the letter for the devices in view, or for those that a filter finds now."""
        from tsui.ui.composing import compose, compose_to

        if argument:
            await compose_to(place.shell, argument)
        elif reason := place.no_device_reason:
            place.shell.flash(f"{reason} :sms FILTER writes to what a filter finds.", "warn")
        else:
            await compose(place.shell, place.selected_ids(), await place.hidden_marks())


class WriteHere(ComposeSms):
    """Write to the device of the conversation; nothing is sent before you agree."""

    title = "Write"
    names = ()
    argument = ""
    group = "In messages"
    hint = 12


class LetterCommand(Command):
    """Something one can do with a letter while nothing is typed into it."""

    group = "On a letter"

    async def run(self, place: Place, argument: str = "") -> None:
        """Do it."""
        await self.run_on(_letter(place))

    async def run_on(self, letter: ComposeScreen) -> None:
        """Do it with this letter."""
        raise NotImplementedError


class WriteText(LetterCommand):
    """Write; esc ends writing, and what was written stays."""

    title = "Write"
    keys = "enter"
    hint = 10

    async def run_on(self, letter: ComposeScreen) -> None:
        """Take keys as text."""
        letter.begin_to_write()


class EndWriting(LetterCommand):
    """End writing; then the keys are commands again."""

    title = "End writing"
    keys = "escape"

    def applies(self, place: Place) -> bool:
        """Need somebody who writes."""
        from tsui.ui.screens.compose import ComposeScreen

        return isinstance(place, ComposeScreen) and place.is_writing

    async def run_on(self, letter: ComposeScreen) -> None:
        """Take keys as commands."""
        letter.end_writing()


class SendLetter(LetterCommand):
    """Show whom it goes to and what it says, and send it when you agree."""

    title = "Send"
    keys = "S"
    hint = 12

    def reason(self, place: Place) -> str:
        """Need somebody signed in who may change, and something that can be sent."""
        return place.shell.connection.no_change_reason or _letter(place).no_send_reason

    async def run_on(self, letter: ComposeScreen) -> None:
        """Ask."""
        await letter.propose()


class UseTemplate(LetterCommand):
    """Take one of the templates of the settings as the text."""

    title = "Template"
    keys = "t"
    hint = 14

    async def run_on(self, letter: ComposeScreen) -> None:
        """Let choose."""
        await letter.choose_template()


class SwitchBytes(LetterCommand):
    """Write bytes without IP (NIDD) instead of a text, or a text again."""

    title = "Text / bytes"
    keys = "b"
    hint = 16

    async def run_on(self, letter: ComposeScreen) -> None:
        """Switch."""
        await letter.switch_bytes()


class AskLifetime(LetterCommand):
    """Write for how many seconds the network may try to deliver bytes."""

    title = "Time to try"
    keys = "l"
    hint = 18

    def reason(self, place: Place) -> str:
        """Need bytes; a text is always tried for five days."""
        return "" if _letter(place).is_bytes else "A text is tried for five days, always."

    async def run_on(self, letter: ComposeScreen) -> None:
        """Let write."""
        await letter.ask_seconds()


def _letter(place: Place) -> ComposeScreen:
    from tsui.ui.screens.compose import ComposeScreen

    return place.as_a(ComposeScreen)


LETTER: tuple[type[Command], ...] = (
    EndWriting, WriteText, SendLetter, UseTemplate, SwitchBytes, AskLifetime,
)  # fmt: skip
"""Commands of a letter."""


class AskLog(TableCommand):
    """Ask ThingSpace for its log of texts, 500 of the last three months; it comes by callback."""

    title = "Ask for the log"
    keys = "a"
    group = "In messages"
    hint = 30

    def reason(self, place: Place) -> str:
        """Need somebody signed in, and a device that is known."""
        return place.shell.connection.offline_reason or place.no_device_reason

    async def run_in(self, place: ListPlace) -> None:
        """Ask."""
        _conversation(place).ask_log()


class ShowQueue(Command):
    """Show the queue of messages that no listener took; looking removes nothing."""

    title = "Queue"
    keys = "p"
    names: ClassVar[tuple[str, ...]] = ("queue",)
    group = "In messages"
    hint = 24

    async def run(self, place: Place, argument: str = "") -> None:
        """Open it."""
        from tsui.ui.screens.sms_queue import QueueScreen

        await place.shell.push_screen(QueueScreen())


class QueueCommand(TableCommand):
    """Something that changes the queue."""

    group = "On the queue of messages"

    def reason(self, place: Place) -> str:
        """Need somebody signed in who may change something."""
        return place.shell.connection.no_change_reason

    async def run_in(self, place: ListPlace) -> None:
        """Do it."""
        await self.run_on(_queue(place))

    async def run_on(self, queue: QueueScreen) -> None:
        """Do it on this screen."""
        raise NotImplementedError


class PushQueue(QueueCommand):
    """Have ThingSpace push the queue to the registered listener; asks first."""

    title = "Push to listener"
    keys = "B"
    hint = 20

    async def run_on(self, queue: QueueScreen) -> None:
        """Ask."""
        await queue.ask_push()


class DrainQueue(QueueCommand):
    """Take all messages out of the queue, away from the customer's applications; asks first."""

    title = "Drain"
    keys = "D"
    hint = 30

    async def run_on(self, queue: QueueScreen) -> None:
        """Ask."""
        await queue.ask_drain()


def _conversation(place: Place) -> ConversationScreen:
    from tsui.ui.screens.conversation import ConversationScreen

    return place.as_a(ConversationScreen)


def _queue(place: Place) -> QueueScreen:
    from tsui.ui.screens.sms_queue import QueueScreen

    return place.as_a(QueueScreen)


MESSAGES: tuple[type[Command], ...] = (WriteHere, AskLog, ShowQueue)
"""Commands of conversations."""

QUEUE: tuple[type[Command], ...] = (PushQueue, DrainQueue)
"""Commands of the queue."""
