"""A new password: kept the moment it is known, in a place that was proven before it was asked for.

The platform chooses it and it is valid at once, so whoever loses it is locked out. Files are
replaced in one step and need nothing more. Where the store is slow (a keyring) or there is none,
the credentials lie in a file of their own, for its owner alone, until they are kept or noted.
"""

import os
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Literal

from tsui.credentials import ring, sealed
from tsui.credentials.chain import file_of, find_stored
from tsui.credentials.errors import (
    CredentialsError,
    CredentialsMissing,
    PassphraseNeeded,
    without_frames,
)
from tsui.credentials.files import shown
from tsui.credentials.given import is_given
from tsui.credentials.model import Credentials, encode
from tsui.credentials.rescue import rescue_file
from tsui.settings import Profile
from tsui.settings.private import write_private

Write = Callable[[bytes], None]
"""Writes encoded credentials into a store; raises CredentialsError or OSError."""


@dataclass(frozen=True, slots=True)
class Renewed:
    """A new password and what became of it."""

    password: str = field(repr=False)
    """The password."""
    place: Literal["store", "file", "nowhere"]
    """Where it is: where the profile keeps its secrets, in a file until it is noted, or lost when
    it is not shown any more."""
    sentence: str
    """Where it is now."""


@dataclass(frozen=True, slots=True)
class Keeper:
    """Keeps a new password; made and proven before the old one is given up."""

    credentials: Credentials = field(repr=False)
    """The credentials until now."""
    rescue: Path
    """Where they lie until they are kept or noted."""
    where: str
    """Where the new one will be kept, in a sentence; empty where no store can."""
    write: Write | None = field(default=None, repr=False)
    """Writes them into the store of the profile."""
    is_file: bool = False
    """Whether that is a file, replaced in one step."""

    @without_frames
    def keep(self, password: str) -> Renewed:
        """Keep the new password; never fails, but tells what became of it."""
        content = encode(replace(self.credentials, password=password))
        waits = Renewed(password, "nowhere", "It is nowhere but here.")
        if not self.is_file:
            waits = self._to_rescue(content, password)
        if self.write is None:
            return waits
        try:
            self.write(content)
        except (CredentialsError, OSError) as error:
            why = f"{error.strerror}." if isinstance(error, OSError) else str(error)
            return replace(waits, sentence=f"It could not be kept: {why} {waits.sentence}")
        with suppress(OSError):
            self.rescue.unlink(missing_ok=True)
        return Renewed(password, "store", self.where)

    def _to_rescue(self, content: bytes, password: str) -> Renewed:
        path = shown(self.rescue)
        try:
            write_private(self.rescue, content)
        except OSError as error:
            said = f"It is nowhere but here: {path} cannot be written: {error.strerror}."
            return Renewed(password, "nowhere", said)
        return Renewed(password, "file", f"Until it is noted it lies in {path}, for you alone.")


@without_frames
def keeper(
    profile_name: str, profile: Profile, folder: Path, credentials: Credentials,
    passphrase: str | None = None, environ: Mapping[str, str] = os.environ,
) -> Keeper:  # fmt: skip
    """Make ready to keep a new password for these credentials, and prove that it can be.

    Raises:
        PassphraseNeeded: The encrypted file needs its passphrase.
        WrongPassphrase: It needs another one.
        CredentialsError: Nothing can be written, so the password should stay as it is.
    """
    rescue = rescue_file(profile_name, folder)
    _prove(folder)
    if profile.secrets == "encrypted" and not (
        passphrase := passphrase or environ.get("TSUI_PASSPHRASE")
    ):
        raise PassphraseNeeded("The new password is encrypted with your passphrase.", "Type it.")
    plain = Keeper(credentials, rescue, "")
    if is_given(environ) or not _is_of(credentials, profile_name, profile, folder, passphrase):
        return plain
    if profile.secrets == "keyring":

        def into_the_ring(content: bytes) -> None:
            ring.write(profile_name, content.decode())

        where = f"It is kept in the keyring {ring.backend()}."
        return replace(plain, where=where, write=into_the_ring)
    path = file_of(profile_name, profile.secrets == "encrypted", folder)
    if profile.secrets == "encrypted":
        seal = sealed.sealer(profile_name, passphrase or "")
        where = f"It is kept encrypted in {shown(path)}."
        return replace(
            plain, where=where, write=lambda each: write_private(path, seal(each)), is_file=True
        )
    where = f"It is kept in {shown(path)}."
    return replace(plain, where=where, write=lambda each: write_private(path, each), is_file=True)


def _is_of(
    credentials: Credentials, name: str, profile: Profile, folder: Path, passphrase: str | None
) -> bool:
    """Tell whether the store of a profile holds credentials of just this user."""
    if profile.secrets not in ("keyring", "encrypted", "plaintext"):
        return False
    try:
        stored = find_stored(name, profile, folder, passphrase).credentials
    except CredentialsMissing:
        return False
    return (stored.key, stored.username) == (credentials.key, credentials.username)


def _prove(folder: Path) -> None:
    """Write a file as large as credentials, and remove it."""
    probe = folder / ".probe"
    try:
        write_private(probe, bytes(4096))
        probe.unlink()
    except OSError as error:
        raise CredentialsError(
            f"Nothing can be written into {shown(folder)}: {error.strerror}.",
            "The password stays as it is: a new one could be lost.",
        ) from None
