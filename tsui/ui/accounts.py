"""Going from one account of a login to another."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tsui.service.failures import SignInFailed
from tsui.service.views import StoreError
from tsui.text import sanitize

if TYPE_CHECKING:
    from tsui.ui.app import TsuiApp

NAME = r"\S.{0,63}"
"""An account's name; the documented form is lenient, and the platform says what it has."""


async def ask_account(shell: TsuiApp) -> None:
    """Let choose an account whose devices were read here, or type the name of another."""
    from tsui.ui.screens.choose import Ask, Choice, Choose

    workspace = shell.workspace
    others = [each for each in await workspace.accounts() if each != workspace.account]

    async def chosen(account: str | None) -> None:
        if account:
            use_account(shell, account)
        elif account is not None:
            await shell.push_screen(
                Ask("Switch account", [[("Name of the account", "text")]], NAME, "Type a name."),
                chosen,
            )

    if not others:
        await chosen("")
        return
    choices = [*(Choice(each, each) for each in others), Choice("", "another one …")]
    await shell.push_screen(Choose("Switch account", choices, current=others[0]), chosen)


def use_account(shell: TsuiApp, account: str) -> None:
    """Begin to sign in for another account; the screens keep what they show until it has worked."""
    if account == shell.workspace.account:
        shell.flash(f"{sanitize(account, 64)} is shown already.", "info")
        return
    shell.flash(f"Signing in for {sanitize(account, 64)} …", "info")
    shell.background(_use(shell, account), name="switch the account", group="switch")


async def _use(shell: TsuiApp, account: str) -> None:
    try:
        await shell.connection.use_account(account)
    except (SignInFailed, StoreError) as error:
        shell.flash(f"Still showing {shell.workspace.account}: {error}", "bad")
        return
    shell.flash(f"Now showing {sanitize(account, 64)}.", "good")
