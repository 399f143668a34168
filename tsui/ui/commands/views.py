"""Commands of saved views, and of the preview."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from tsui.ui.commands.base import Command

if TYPE_CHECKING:
    from tsui.ui.screens.devices import DevicesScreen
    from tsui.ui.screens.place import Place

SAVE = "save "
"""What stands before the name of a view to save."""


def _fleet(place: Place) -> DevicesScreen:
    from tsui.ui.screens.devices import DevicesScreen

    return place.as_a(DevicesScreen)


class UseView(Command):
    """Show devices as a saved view says; :view save NAME saves what is shown."""

    title = "View"
    names = ("view",)
    argument = "[save] NAME"

    def completions(self, place: Place) -> list[str]:
        """Return the views there are."""
        return list(place.shell.profiles.settings.views)

    async def run(self, place: Place, argument: str = "") -> None:
        """Show it, or save it; without a name, let type one."""
        if not argument:
            await place.ask_command("view ")
            return
        await place.shell.go("devices")
        if argument.startswith(SAVE):
            await _fleet(place.shell.place).views.save(argument.removeprefix(SAVE).strip())
        else:
            await _fleet(place.shell.place).views.use(argument)


class StepView(Command):
    """Step through the saved views."""

    group = "In a list"
    step: ClassVar[int]
    """Views to step."""

    async def run(self, place: Place, argument: str = "") -> None:
        """Step."""
        await _fleet(place).views.step(self.step)


class NextView(StepView):
    """Show the next saved view."""

    title = "Next view"
    keys = "tab"
    step = 1


class PreviousView(StepView):
    """Show the saved view before."""

    title = "View before"
    keys = "shift+tab"
    step = -1


class SwitchPreview(Command):
    """Show the device under the cursor beside the list, or only the list; needs 120 columns."""

    title = "Preview"
    keys = "a"
    group = "In a list"

    async def run(self, place: Place, argument: str = "") -> None:
        """Switch."""
        await _fleet(place).preview.switch()


VIEWS: tuple[type[Command], ...] = (NextView, PreviousView)
"""Commands of the list that has views."""
