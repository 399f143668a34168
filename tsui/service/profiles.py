"""Profiles: which ThingSpace, as whom, and where the secrets are; the files behind that."""

import asyncio
import importlib
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from tsui.settings import HOSTS, Profile, Settings, View, load, save_view
from tsui.settings import Environment as EnvironmentKind

if TYPE_CHECKING:
    from tsui.credentials import Credentials, Kept
    from tsui.service.signin import Attempt


class Profiles:
    """The profiles of the settings file and their credentials."""

    def __init__(self, settings: Settings, settings_file: Path, credentials_folder: Path) -> None:
        self.settings = settings
        """The settings as they were read."""
        self._file = settings_file
        self._folder = credentials_folder
        self._known: dict[str, Profile] = dict(settings.profiles)
        self._seen = _state_of(settings_file)

    @property
    def credentials_folder(self) -> Path:
        """Where secrets are kept."""
        return self._folder

    @property
    def known(self) -> Mapping[str, Profile]:
        """Profiles by name."""
        return self._known

    async def read_again(self) -> bool:
        """Read the settings again if the file changed; returns whether they are others now.

        Raises SettingsError; what was read before stays in force then.
        """
        # A look costs microseconds, and a thread would be woken for it all day long.
        state = _state_of(self._file)
        if state == self._seen:
            return False
        self._seen = state
        settings = await asyncio.to_thread(load, self._file)
        if settings == self.settings:
            return False
        self.settings = settings
        self._known = dict(settings.profiles)
        return True

    async def keep_view(self, name: str, view: View) -> None:
        """Write a view into the settings; raises SettingsError."""
        await asyncio.to_thread(save_view, self._file, name, view)
        self.settings = self.settings._replace(views={**self.settings.views, name: view})

    async def attempt(
        self, name: str, profile: Profile, passphrase: str | None = None
    ) -> "Attempt":
        """Return how to sign in by a profile; raises a CredentialsError that says what is missing.

        What is read is not typed by anybody, so the attempt counts as unattended.
        """
        module = await asyncio.to_thread(importlib.import_module, "tsui.credentials")
        found = await asyncio.to_thread(module.find, name, profile, self._folder, passphrase)
        return await attempt_of(
            profile, found.credentials, by_operator=False, warning=found.warning or ""
        )

    async def keep(
        self,
        name: str,
        profile: Profile,
        credentials: "Credentials",
        passphrase: str | None = None,
        *,
        allow_plaintext: bool = False,
    ) -> "Kept | None":
        """Remember a profile, and its credentials where it says so.

        Raises SettingsError or CredentialsError; what was kept before stays then.
        """
        kept: Kept | None = None
        module = await asyncio.to_thread(importlib.import_module, "tsui.credentials")
        if profile.secrets in ("keyring", "encrypted", "plaintext"):
            kept = await asyncio.to_thread(
                module.save,
                name,
                credentials,
                profile.secrets,
                self._folder,
                passphrase,
                allow_plaintext=allow_plaintext,
            )
        settings = await asyncio.to_thread(importlib.import_module, "tsui.settings")
        await asyncio.to_thread(
            settings.save_profile, self._file, name, profile, make_default=not self._known
        )
        self._known[name] = profile
        return kept

    def forget(self, name: str) -> bool:
        """Forget the credentials that are kept for a profile; False when there were none."""
        profile = self._known.get(name)
        if profile is None or profile.secrets not in ("keyring", "encrypted", "plaintext"):
            return False
        forgotten: bool = importlib.import_module("tsui.credentials").forget(
            name, profile.secrets, self._folder
        )
        return forgotten


def _state_of(file: Path) -> tuple[int, int, int] | None:
    """Return what differs once a file was written or replaced; None when it is not there."""
    try:
        told = file.stat()
    except OSError:
        return None
    return told.st_mtime_ns, told.st_size, told.st_ino


async def attempt_of(
    profile: Profile, credentials: "Credentials", *, by_operator: bool, warning: str = ""
) -> "Attempt":
    """Return how to sign in with these credentials."""
    module = await asyncio.to_thread(importlib.import_module, "tsui.service.signin")
    attempt: Attempt = module.Attempt(
        keys=credentials,
        account=profile.account,
        by_operator=by_operator,
        ca_file=profile.ca_file,
        use_environment_proxy=profile.trust_env,
        warning=warning,
    )
    return attempt


def kind_of_url(url: str) -> EnvironmentKind:
    """Return which environment an address belongs to; an unknown one is custom, and careful."""
    for kind, host in HOSTS.items():
        if host == url.rstrip("/"):
            return "production" if kind == "production" else "staging"
    return "custom"
