"""Commands about which account is shown."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tsui.ui.commands.base import Command

if TYPE_CHECKING:
    from tsui.ui.screens.place import Place


class SwitchAccount(Command):
    """Show another account that your login reaches; what was read of each stays remembered."""

    title = "Switch account"
    names = ("switch",)
    argument = "[ACCOUNT]"

    def reason(self, place: Place) -> str:
        """Need somebody signed in, and nothing on its way out."""
        if place.shell.workspace.is_sending:
            return "A change is still being sent; another account has to wait for it."
        return place.shell.connection.offline_reason

    async def run(self, place: Place, argument: str = "") -> None:
        """Switch to it; without a name, let choose one."""
        from tsui.ui.accounts import ask_account, use_account

        if argument:
            use_account(place.shell, argument)
        else:
            await ask_account(place.shell)
