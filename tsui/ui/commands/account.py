"""Commands of the account: its sections, and what can be done in them."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from tsui.ui.commands.base import Command

if TYPE_CHECKING:
    from tsui.service.accounts.model import Entry
    from tsui.ui.app import TsuiApp
    from tsui.ui.screens.account import AccountScreen
    from tsui.ui.screens.place import Place


class AccountCommand(Command):
    """Something one can do on the account's screen."""

    group = "On the account"

    async def run(self, place: Place, argument: str = "") -> None:
        """Do it."""
        from tsui.ui.screens.account import AccountScreen

        await self.run_on(place.as_a(AccountScreen), argument)

    async def run_on(self, screen: AccountScreen, argument: str) -> None:
        """Do it on this screen."""
        raise NotImplementedError


class NextSection(AccountCommand):
    """Show the next section."""

    title = "Next section"
    keys = "tab,right"
    shown = "tab →"
    hint = 15

    async def run_on(self, screen: AccountScreen, argument: str) -> None:
        """Go one on."""
        await screen.step_tab(1)


class PreviousSection(AccountCommand):
    """Show the section before."""

    title = "Section before"
    keys = "shift+tab,left"
    shown = "shift+tab ←"

    async def run_on(self, screen: AccountScreen, argument: str) -> None:
        """Go one back."""
        await screen.step_tab(-1)


class ShowSection(AccountCommand):
    """Show a section by its name."""

    title = "Section"
    names = ("section",)
    argument = "NAME"

    def completions(self, place: Place) -> list[str]:
        """Return the names of the sections."""
        from tsui.service.accounts.model import BY_NAME

        return list(BY_NAME)

    async def run_on(self, screen: AccountScreen, argument: str) -> None:
        """Show it, or say which there are."""
        from tsui.service.accounts.model import BY_NAME

        found = [name for name in BY_NAME if name.startswith(argument.lower())]
        if argument and found:
            await screen.show_section(found[0])
        else:
            screen.shell.flash(f"The sections are {', '.join(BY_NAME)}.", "info")


class SectionOperations(AccountCommand):
    """Choose one of the operations that belong to the section, e.g. to make something new."""

    title = "Operations"
    keys = "n"
    hint = 30

    async def run_on(self, screen: AccountScreen, argument: str) -> None:
        """Let choose."""
        await screen.offer_operations()


class SectionCommand(AccountCommand):
    """Something one can do in one section."""

    section: ClassVar[str]
    """The section."""
    needs_record: ClassVar[bool] = False
    """Whether it is done with the record under the cursor."""

    def applies(self, place: Place) -> bool:
        """Apply in its section."""
        return super().applies(place) and section_of(place) == self.section

    def reason(self, place: Place) -> str:
        """Need somebody signed in who may change something, and maybe a record."""
        from tsui.ui.screens.account import AccountScreen

        if reason := place.shell.connection.no_change_reason:
            return reason
        lacking = self.needs_record and place.as_a(AccountScreen).current is None
        return "There is nothing under the cursor." if lacking else ""


class ResetPassword(SectionCommand):
    """Have the password replaced by one that ThingSpace chooses; asks, keeps it, shows it once."""

    title = "Reset password"
    keys = "P"
    hint = 20
    section = "access"

    async def run_on(self, screen: AccountScreen, argument: str) -> None:
        """Ask."""
        from tsui.ui.resetting import reset_password

        await reset_password(screen.shell)


class CreateGroup(SectionCommand):
    """Make a group; the form asks for its name and what it is for."""

    title = "New group"
    keys = "C"
    hint = 22
    section = "groups"

    async def run_on(self, screen: AccountScreen, argument: str) -> None:
        """Open the form."""
        await screen.shell.operations.open_form("CreateGroup")


class GroupCommand(SectionCommand):
    """Something one can do with the group under the cursor."""

    section = "groups"
    needs_record = True

    async def run_on(self, screen: AccountScreen, argument: str) -> None:
        """Do it with the group."""
        if (group := screen.current) is not None:
            await self.run_with(screen.shell, group)

    async def run_with(self, shell: TsuiApp, group: Entry) -> None:
        """Do it with this group."""
        raise NotImplementedError


class EditGroup(GroupCommand):
    """Rename or describe the group; asks before it is sent."""

    title = "Edit group"
    keys = "E"
    hint = 23

    async def run_with(self, shell: TsuiApp, group: Entry) -> None:
        """Open the form."""
        from tsui.ui import account_actions

        await account_actions.edit_group(shell, group)


class GroupMembers(GroupCommand):
    """Read page by page which devices ThingSpace has in the group; enter shows those known here."""

    title = "Members"
    keys = "m"

    def reason(self, place: Place) -> str:
        """Need a group; what was read before is shown in any case."""
        from tsui.ui.screens.account import AccountScreen

        lacking = place.as_a(AccountScreen).current is None
        return "There is nothing under the cursor." if lacking else ""

    async def run_with(self, shell: TsuiApp, group: Entry) -> None:
        """Show them."""
        from tsui.ui import account_actions

        await account_actions.show_members(shell, group)


class PutInGroup(GroupCommand):
    """Put the marked devices into the group; they leave the one they were in."""

    title = "Put marked in"
    keys = "A"
    hint = 24

    async def run_with(self, shell: TsuiApp, group: Entry) -> None:
        """Ask."""
        from tsui.ui import account_actions

        await account_actions.change_members(shell, group, putting_in=True)


class TakeOutOfGroup(GroupCommand):
    """Take the marked devices out of the group; they go to the default group."""

    title = "Take marked out"
    keys = "T"

    async def run_with(self, shell: TsuiApp, group: Entry) -> None:
        """Ask."""
        from tsui.ui import account_actions

        await account_actions.change_members(shell, group, putting_in=False)


class DeleteGroup(GroupCommand):
    """Delete the group; its devices go to the default group."""

    title = "Delete group"
    keys = "D"

    async def run_with(self, shell: TsuiApp, group: Entry) -> None:
        """Ask."""
        from tsui.ui import account_actions

        await account_actions.delete_group(shell, group)


class AskUsage(SectionCommand):
    """Ask for usage in sum by a form, for the marked devices, a group or all; comes by callback."""

    title = "Ask"
    keys = "a"
    hint = 20
    section = "usage"

    def reason(self, place: Place) -> str:
        """Need somebody signed in."""
        return place.shell.connection.offline_reason

    async def run_on(self, screen: AccountScreen, argument: str) -> None:
        """Open the form."""
        from tsui.ui import account_actions

        await account_actions.ask_usage(screen.shell)


class AskBilled(AskUsage):
    """Ask what was billed for labels, devices or the whole account; it comes by callback."""

    title = "Ask for billed usage"
    section = "billing"

    async def run_on(self, screen: AccountScreen, argument: str) -> None:
        """Open the form."""
        from tsui.ui import account_actions

        await account_actions.ask_billed(screen.shell)


class SetLabel(SectionCommand):
    """Give the marked devices a label that their usage is billed by; asks first."""

    title = "Set label"
    keys = "B"
    hint = 22
    section = "billing"

    async def run_on(self, screen: AccountScreen, argument: str) -> None:
        """Ask for the label."""
        from tsui.ui import account_actions

        await account_actions.label_marked(screen.shell, setting=True)


class RemoveLabel(SectionCommand):
    """Take a label off the marked devices; asks first."""

    title = "Remove label"
    keys = "U"
    section = "billing"

    async def run_on(self, screen: AccountScreen, argument: str) -> None:
        """Ask for the label."""
        from tsui.ui import account_actions

        await account_actions.label_marked(screen.shell, setting=False)


class LocateMarked(AskUsage):
    """Locate the marked devices by a form: up to 20 at once, more in a report."""

    title = "Locate marked"
    keys = "l"
    section = "reports"

    async def run_on(self, screen: AccountScreen, argument: str) -> None:
        """Open the form."""
        from tsui.ui import account_actions

        await account_actions.locate_marked(screen.shell)


class GiveUpReport(SectionCommand):
    """Give up a report that is still queued; asks first."""

    title = "Give up"
    keys = "X"
    hint = 22
    section = "reports"
    needs_record = True

    async def run_on(self, screen: AccountScreen, argument: str) -> None:
        """Ask."""
        from tsui.ui import account_actions

        if (report := screen.current) is not None:
            await account_actions.give_up_report(screen.shell, report)


def section_of(place: Place) -> str:
    """Return the section of the account that is in view."""
    from tsui.ui.screens.account import AccountScreen

    return place.as_a(AccountScreen).section.name


ACCOUNT: tuple[type[Command], ...] = (
    NextSection, PreviousSection, ShowSection, SectionOperations, CreateGroup, EditGroup,
    GroupMembers, PutInGroup, TakeOutOfGroup, DeleteGroup, SetLabel, RemoveLabel, AskBilled,
    AskUsage, LocateMarked, GiveUpReport, ResetPassword,
)  # fmt: skip
"""Commands of the account's screen."""

COMMON: tuple[type[Command], ...] = (
    NextSection, PreviousSection, ShowSection, SectionOperations,
)  # fmt: skip
"""Commands of every section."""


def commands_of(section: str) -> tuple[type[Command], ...]:
    """Return what one can do in a section; other sections may have other uses for its keys."""
    own = (each for each in ACCOUNT if issubclass(each, SectionCommand))
    return (*COMMON, *(each for each in own if each.section == section))
