"""The way of a password reset through the screens: passphrase, question, new password."""

from __future__ import annotations

import asyncio
import os
from typing import TYPE_CHECKING

from tsui.credentials import CredentialsError
from tsui.credentials.renewal import Renewed
from tsui.credentials.rescue import noted, rescue_file, waiting
from tsui.service.failures import ChangeFailed

if TYPE_CHECKING:
    from tsui.credentials.renewal import Keeper
    from tsui.service.accounts.password import PasswordReset
    from tsui.ui.app import TsuiApp


async def reset_password(shell: TsuiApp) -> None:
    """Begin to reset the password; what the new one is kept with is asked for first."""
    if reason := shell.connection.no_change_reason:
        shell.flash(reason, "warn")
        return
    from tsui.service.accounts.password import PasswordReset

    profile = shell.connection.profile
    reset = PasswordReset(shell.workspace, profile, shell.profiles.credentials_folder)
    if profile.secrets != "encrypted" or os.environ.get("TSUI_PASSPHRASE"):
        shell.background(_ask(shell, reset, None), name="prepare a reset")
        return
    from tsui.ui.screens.choose import Ask

    async def typed(passphrase: str | None) -> None:
        if passphrase is not None:
            shell.background(_ask(shell, reset, passphrase), name="prepare a reset")

    question = "The new password is kept encrypted. Type the passphrase of this profile."
    await shell.push_screen(
        Ask("Passphrase", [[(question, "text")]], r".+", "It is needed.", secret=True), typed
    )


async def waits_to_be_noted(shell: TsuiApp) -> Renewed | None:
    """Return a new password that nobody has noted yet; raises CredentialsError."""
    name, folder = shell.workspace.environment.profile, shell.profiles.credentials_folder
    found = await asyncio.to_thread(waiting, name, folder)
    if found is None:
        return None
    where = f"Until it is noted it lies in {rescue_file(name, folder)}, for you alone."
    return Renewed(found.password, "file", where)


async def show_password(shell: TsuiApp, renewed: Renewed) -> None:
    """Show a new password once; where it is kept nowhere else, it has to be noted."""
    from tsui.ui.screens.new_password import NewPassword

    async def closed(was_noted: bool | None) -> None:
        if renewed.place == "store":
            shell.flash("The new password is kept and in use; it is not shown again.", "good")
        elif was_noted:
            await _forget(shell)
        else:
            shell.flash("The new password still waits to be noted: Account (7), Access.", "warn")
        shell.place.note_all()

    await shell.push_screen(NewPassword(renewed), closed)


async def _forget(shell: TsuiApp) -> None:
    name = shell.workspace.environment.profile
    try:
        await asyncio.to_thread(noted, name, shell.profiles.credentials_folder)
    except CredentialsError as error:
        shell.flash(str(error), "bad")
    else:
        shell.flash("Noted by you; it is kept nowhere here and not shown again.", "good")


async def _ask(shell: TsuiApp, reset: PasswordReset, passphrase: str | None) -> None:
    from tsui.ui.screens.new_password import ConfirmReset

    workspace = shell.workspace
    try:
        ready = await reset.prepare(passphrase)
        operation = reset.operation()
        report = await workspace.judge(operation)
    except (ChangeFailed, CredentialsError) as error:
        shell.flash(f"The password stays as it is. {error}", "bad")
        return
    where = workspace.environment, workspace.account
    dialog = ConfirmReset(ready, *where, operation.body(), report)

    async def answered(agreed: bool | None) -> None:
        if agreed:
            shell.flash("Resetting the password …", "info")
            shell.background(_run(shell, reset, ready, dialog.note), name="reset the password")
        else:
            shell.flash("Nothing was sent.", "dim")

    await shell.push_screen(dialog, answered)


async def _run(shell: TsuiApp, reset: PasswordReset, ready: Keeper, note: str) -> None:
    try:
        renewed = await reset.run(ready, note)
    except ChangeFailed as error:
        shell.flash(str(error), "bad")
        return
    await show_password(shell, renewed)
