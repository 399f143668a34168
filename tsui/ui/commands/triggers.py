"""Commands of triggers: what ThingSpace watches by itself, and how that is changed."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from tsui.ui.commands.base import Command

if TYPE_CHECKING:
    from tsui.ui.screens.place import Place
    from tsui.ui.screens.triggers import TriggersScreen


class ShowTriggers(Command):
    """Show the triggers, by which ThingSpace raises alerts when usage leaves its bounds."""

    title = "Triggers"
    names: ClassVar[tuple[str, ...]] = ("triggers",)

    async def run(self, place: Place, argument: str = "") -> None:
        """Open the list."""
        from tsui.ui.screens.triggers import TriggersScreen

        await place.shell.push_screen(TriggersScreen())


class OpenTriggers(ShowTriggers):
    """Show the triggers, by which ThingSpace raises alerts when usage leaves its bounds."""

    keys = "t"
    names = ()
    group = "On a notice"
    hint = 46


class TriggerCommand(Command):
    """Something one can do with triggers."""

    group = "On a trigger"

    async def run(self, place: Place, argument: str = "") -> None:
        """Do it on this screen."""
        from tsui.ui.screens.triggers import TriggersScreen

        await self.run_on(place.as_a(TriggersScreen))

    async def run_on(self, triggers: TriggersScreen) -> None:
        """Do it."""
        raise NotImplementedError


class NewTrigger(TriggerCommand):
    """Open the form of a new trigger; nothing is sent until you agree."""

    title = "New"
    keys = "n"
    hint = 12

    async def run_on(self, triggers: TriggersScreen) -> None:
        """Open it."""
        await triggers.make()


class EditTrigger(TriggerCommand):
    """Open the trigger in a form, to change it; nothing is sent until you agree."""

    title = "Edit"
    keys = "e"
    hint = 14

    async def run_on(self, triggers: TriggersScreen) -> None:
        """Open it."""
        await triggers.edit()


class EndTrigger(TriggerCommand):
    """Delete the trigger: ThingSpace watches it no more; asks first."""

    title = "Delete"
    keys = "X"
    hint = 16

    def reason(self, place: Place) -> str:
        """Need somebody signed in who may change something."""
        return place.shell.connection.no_change_reason

    async def run_on(self, triggers: TriggersScreen) -> None:
        """Ask."""
        await triggers.delete()


TRIGGERS: tuple[type[Command], ...] = (NewTrigger, EditTrigger, EndTrigger)
"""Commands of the list of triggers."""
