"""Commands of the account: its sections, and what can be done in them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tsui.ui.commands.base import Command

if TYPE_CHECKING:
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


class ResetPassword(AccountCommand):
    """Have the password replaced by one that ThingSpace chooses; asks, keeps it, shows it once."""

    title = "Reset password"
    keys = "P"
    hint = 20

    def applies(self, place: Place) -> bool:
        """Apply where the way in is shown."""
        return super().applies(place) and section_of(place) == "access"

    def reason(self, place: Place) -> str:
        """Need somebody signed in who may change something."""
        return place.shell.connection.no_change_reason

    async def run_on(self, screen: AccountScreen, argument: str) -> None:
        """Ask."""
        from tsui.ui.resetting import reset_password

        await reset_password(screen.shell)


def section_of(place: Place) -> str:
    """Return the section of the account that is in view."""
    from tsui.ui.screens.account import AccountScreen

    return place.as_a(AccountScreen).section.name


ACCOUNT: tuple[type[Command], ...] = (
    NextSection, PreviousSection, ShowSection, SectionOperations, ResetPassword,
)  # fmt: skip
"""Commands of the account's screen."""
