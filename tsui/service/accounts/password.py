"""Resetting the password: the platform chooses the new one, and it is kept before anything else."""

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tsui.credentials import Credentials
from tsui.credentials.renewal import Keeper, Renewed, keeper
from tsui.service.failures import ChangeFailed
from tsui.service.views import ChangeState
from tsui.settings import Profile
from tsui.thingspace.session import NewPassword, ResetPassword

if TYPE_CHECKING:
    from tsui.service.account import AccountService
    from tsui.service.workspace import Workspace

UNCLEAR = (
    "Nobody knows whether the password changed, and a new one would be lost: {why} This session "
    "goes on. If the next login is refused, ask Verizon to reset it; do not try again and again."
)
"""What to say when no answer came."""


class PasswordReset:
    """Resets the password of who is signed in."""

    def __init__(self, workspace: "Workspace", profile: Profile, folder: Path) -> None:
        self._workspace = workspace
        self._profile = profile
        self._folder = folder

    async def prepare(self, passphrase: str | None = None) -> Keeper:
        """Make ready to keep the new password; raises ChangeFailed or a CredentialsError."""
        keys = self._online.client.keys
        credentials = Credentials(keys.key, keys.secret, keys.username, keys.password)
        name = self._workspace.environment.profile
        return await asyncio.to_thread(
            keeper, name, self._profile, self._folder, credentials, passphrase
        )

    def operation(self) -> ResetPassword:
        """Return the request; raises ChangeFailed."""
        return ResetPassword.model_validate({"oldPassword": self._online.client.keys.password})

    async def run(self, ready: Keeper, note: str = "") -> Renewed:
        """Reset the password and return the new one, which is kept by then; raises ChangeFailed."""
        online, renewed = self._online, list[Renewed]()

        async def keep(reply: Any) -> None:
            password = reply.new_password if isinstance(reply, NewPassword) else None
            if password is not None:
                new = password.get_secret_value()
                renewed.append(await asyncio.to_thread(ready.keep, new))
                online.client.use_password(new)

        sent = await self._workspace.perform(self.operation(), note, keep=keep)
        if renewed:
            return renewed[0]
        if sent.state in (ChangeState.UNKNOWN, ChangeState.SUCCEEDED):
            raise ChangeFailed(UNCLEAR.format(why=sent.problem or "the answer had none."))
        raise ChangeFailed(f"The password stays as it is. {sent.problem}")

    @property
    def _online(self) -> "AccountService":
        if self._workspace.online is None:
            raise ChangeFailed("Nobody is signed in, so nothing was sent.")
        return self._workspace.online
