"""Commands of notices: taking note of them, muting them, and where else to look."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, cast

from tsui.ui.commands.base import Command

if TYPE_CHECKING:
    from tsui.ui.heeding import HasNotices
    from tsui.ui.screens.place import Place


class NoticeCommand(Command):
    """Something one can do about a notice."""

    group = "On a notice"


class Heed(NoticeCommand):
    """Take note of the notice, or of the marked ones, with a note; again, it can be taken back."""

    title = "Acknowledge"
    keys = "K"
    hint = 12

    async def run(self, place: Place, argument: str = "") -> None:
        """Ask for the note."""
        from tsui.ui import heeding

        await heeding.acknowledge(place.shell, cast("HasNotices", place))


class MuteNotices(NoticeCommand):
    """Hide, silence or mark notices like this one until a time: a device, a kind, a group."""

    title = "Mute"
    keys = "M"
    hint = 14

    async def run(self, place: Place, argument: str = "") -> None:
        """Ask what and for how long."""
        from tsui.ui import heeding

        await heeding.mute(place.shell, cast("HasNotices", place))


class DiagnoseNotice(NoticeCommand):
    """Open the device of the notice: why is it offline?"""

    title = "Diagnose"
    keys = "d"
    hint = 15

    async def run(self, place: Place, argument: str = "") -> None:
        """Open it."""
        from tsui.ui import heeding

        notices = cast("HasNotices", place)
        if (notice := notices.notice_in_view) is not None:
            await heeding.open_its_device(place.shell, notice, "diagnose")


class ProblemNotices(NoticeCommand):
    """Show warnings and alarms only, or everything again."""

    title = "Only problems"
    keys = "p"
    hint = 16

    async def run(self, place: Place, argument: str = "") -> None:
        """Switch."""
        from tsui.ui.screens.events import EventsScreen

        await place.as_a(EventsScreen).switch_problems()


class ShowMutes(Command):
    """Show what is muted, by whom and until when; E ends a mute."""

    title = "Mutes"
    names: ClassVar[tuple[str, ...]] = ("mutes",)

    async def run(self, place: Place, argument: str = "") -> None:
        """Open the list."""
        from tsui.ui.screens.mutes import MutesScreen

        await place.shell.push_screen(MutesScreen())


class OpenMutes(ShowMutes):
    """Show what is muted, by whom and until when."""

    keys = "u"
    names = ()
    group = "On a notice"


class EndMute(Command):
    """End the mute under the cursor: its notices are heard again; asks first."""

    title = "End mute"
    keys = "E"
    group = "On a mute"
    hint = 10

    async def run(self, place: Place, argument: str = "") -> None:
        """Ask."""
        from tsui.ui.screens.mutes import MutesScreen

        await place.as_a(MutesScreen).end()


class ShowAudit(Command):
    """Show what was done from here, step by step: the audit."""

    title = "Audit"
    names: ClassVar[tuple[str, ...]] = ("audit",)

    async def run(self, place: Place, argument: str = "") -> None:
        """Open the audit."""
        from tsui.ui.screens.audit import AuditScreen

        await place.shell.push_screen(AuditScreen())


class OpenAudit(ShowAudit):
    """Show what was done from here, step by step."""

    keys = "a"
    names = ()
    group = "On a notice"
    hint = 42


NOTICES: tuple[type[Command], ...] = (Heed, MuteNotices, DiagnoseNotice)
"""Commands of a notice."""

STREAM: tuple[type[Command], ...] = (ProblemNotices, OpenMutes, OpenAudit)
"""Commands of the stream of notices."""
