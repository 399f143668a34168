"""Commands that change lines: a capital letter each, and each asks first."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, ClassVar

from tsui.service import kinds
from tsui.ui.commands.base import Command

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from tsui.ui.screens.place import Place


class ChangeCommand(Command):
    """A change of the marked devices, or of the one under the cursor."""

    kind: ClassVar[kinds.ChangeKind]
    """What it changes."""
    group = "On a device, or on the marked devices"

    def reason(self, place: Place) -> str:
        """Need somebody signed in who may change, and a device."""
        return place.shell.connection.no_change_reason or place.no_device_reason

    async def run(self, place: Place, argument: str = "") -> None:
        """Ask for what is missing, then show what would happen to the devices of this moment."""
        ids = place.selected_ids()
        hidden = await place.hidden_marks()
        await self._ask(place, ids, hidden, {})

    async def _ask(
        self, place: Place, ids: Collection[int], hidden: int, values: Mapping[str, str]
    ) -> None:
        missing = [name for name in self.kind.needs if name not in values]
        if not missing:
            await place.shell.changes.propose(self.kind, ids, values, hidden=hidden)
            return
        then = partial(self._answered, place, ids, hidden, values, missing[0])
        await place.shell.changes.ask_value(self.kind, missing[0], then)

    async def _answered(
        self,
        place: Place,
        ids: Collection[int],
        hidden: int,
        values: Mapping[str, str],
        name: str,
        answer: str | None,
    ) -> None:
        if answer is not None:
            await self._ask(place, ids, hidden, {**values, name: answer})


class Activate(ChangeCommand):
    """Activate service: a new number, an address, a plan, and billing."""

    title = "Activate"
    keys = "A"
    kind = kinds.ACTIVATE
    names = ("activate",)
    hint = 24


class Suspend(ChangeCommand):
    """Suspend service: the line keeps number and plan but cannot connect."""

    title = "Suspend"
    keys = "S"
    kind = kinds.SUSPEND
    names = ("suspend",)
    hint = 20


class Restore(ChangeCommand):
    """Restore service of a suspended line."""

    title = "Restore"
    keys = "R"
    kind = kinds.RESTORE
    names = ("restore",)
    hint = 22


class Deactivate(ChangeCommand):
    """End service: number, address and plan are lost."""

    title = "Deactivate"
    keys = "D"
    kind = kinds.DEACTIVATE
    names = ("deactivate",)


class ChangePlan(ChangeCommand):
    """Put the line on another service plan."""

    title = "Change plan"
    keys = "P"
    kind = kinds.CHANGE_PLAN
    names = ("plan",)
    hint = 26


CHANGES: tuple[type[Command], ...] = (Suspend, Restore, Activate, ChangePlan, Deactivate)
"""Commands that change lines."""
