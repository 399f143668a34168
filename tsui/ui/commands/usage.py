"""Commands of the usage of a device; all of them only read."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from tsui.ui.commands.base import Command

if TYPE_CHECKING:
    from tsui.ui.device_parts.usage import Usage
    from tsui.ui.screens.place import Place


class UsageCommand(Command):
    """Something one can do with the usage of a device."""

    group = "On a device's usage"

    def applies(self, place: Place) -> bool:
        """Need the part to be there; its screen takes keys a moment before."""
        return super().applies(place) and _usage_in(place) is not None

    def reason(self, place: Place) -> str:
        """Need nothing more, most of them."""
        usage = _usage_in(place)
        return "" if usage is None else self.reason_in(usage)

    async def run(self, place: Place, argument: str = "") -> None:
        """Do it with the usage in view."""
        if (usage := _usage_in(place)) is not None:
            await self.run_in(usage, argument)

    def reason_in(self, usage: Usage) -> str:
        """Return why it is not possible with this usage; empty when it is."""
        del usage
        return ""

    async def run_in(self, usage: Usage, argument: str) -> None:
        """Do it with this usage."""
        raise NotImplementedError


class LookLonger(UsageCommand):
    """Look at 3, 6 or 12 months of usage, reading what is missing, or at one month again."""

    title = "Longer"
    keys = "w"
    hint = 17

    async def run_in(self, usage: Usage, argument: str) -> None:
        """Go on to the next span."""
        await usage.look_longer()


class ReadGroup(UsageCommand):
    """Read the usage of up to 20 others in its group, to compare with; again, it stops."""

    title = "Compare"
    keys = "c"
    hint = 18

    def reason_in(self, usage: Usage) -> str:
        """Need somebody signed in."""
        return usage.shell.connection.offline_reason

    async def run_in(self, usage: Usage, argument: str) -> None:
        """Begin, or stop."""
        await usage.read_group()


class AddUp(UsageCommand):
    """Add the days up over the billing cycle, up to the plan's allowance; again, by day."""

    title = "Add up"
    keys = "a"
    hint = 19

    async def run_in(self, usage: Usage, argument: str) -> None:
        """Switch."""
        await usage.add_up()


class ExportUsage(UsageCommand):
    """Write the days in view to a file, CSV or JSON lines; again, while it is written, stops."""

    title = "Export"
    keys = "x"
    names = ("export",)
    argument = "[csv|jsonl]"
    hint = 21

    def completions(self, place: Place) -> list[str]:
        """Return the formats."""
        usage = _usage_in(place)
        exports = usage.exports() if usage else None
        return list(exports.texts) if exports else []

    def reason_in(self, usage: Usage) -> str:
        """Need days to export."""
        return "" if usage.exports() else "Nothing was read to be exported."

    async def run_in(self, usage: Usage, argument: str) -> None:
        """Begin to write, or stop it."""
        from tsui.ui.export import export_or_stop

        await export_or_stop(usage.shell, usage.exports(), argument)


def _usage_in(place: Place) -> Usage | None:
    from tsui.ui.screens.device import DeviceScreen

    return cast("Usage | None", place.as_a(DeviceScreen).part)


USAGE: tuple[type[Command], ...] = (LookLonger, ReadGroup, AddUp, ExportUsage)
"""Commands of the usage of a device."""
