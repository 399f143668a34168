"""Commands of the prompt; they have their keys only while it is open."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from tsui.ui.commands.base import Command

if TYPE_CHECKING:
    from tsui.ui.screens.place import Place


class PromptCommand(Command):
    """Something one can do while typing."""

    group = "While typing"

    def applies(self, place: Place) -> bool:
        """Need an open prompt."""
        return bool(place.prompt_sign)


class AcceptPrompt(PromptCommand):
    """Take what was typed."""

    title = "Accept"
    keys = "enter"
    hint = 10

    async def run(self, place: Place, argument: str = "") -> None:
        """Take it."""
        await place.accept_prompt()


class LeavePrompt(PromptCommand):
    """Leave without taking it."""

    title = "Leave"
    keys = "escape"
    hint = 20

    async def run(self, place: Place, argument: str = "") -> None:
        """Leave."""
        await place.leave_prompt()


class HistoryCommand(PromptCommand):
    """Step through older lines."""

    step: ClassVar[int]
    """Lines to step."""

    def applies(self, place: Place) -> bool:
        """Need the command line; only that has a history."""
        return place.prompt_sign == ":"

    async def run(self, place: Place, argument: str = "") -> None:
        """Step."""
        place.in_prompt().step_history(self.step)


class OlderLine(HistoryCommand):
    """Bring back an older line."""

    title = "Older"
    keys = "up"
    hint = 40
    step = -1


class NewerLine(HistoryCommand):
    """Go back to a newer line."""

    title = "Newer"
    keys = "down"
    step = 1


class CompleteLine(PromptCommand):
    """Complete the name or the value."""

    title = "Complete"
    keys = "tab"
    hint = 30

    def applies(self, place: Place) -> bool:
        """Need a prompt that knows names."""
        return bool(place.prompt_sign) and place.in_prompt().completes

    async def run(self, place: Place, argument: str = "") -> None:
        """Complete it."""
        place.in_prompt().complete()


PROMPT: tuple[type[Command], ...] = (AcceptPrompt, LeavePrompt, OlderLine, NewerLine, CompleteLine)
"""Commands of the prompt."""
