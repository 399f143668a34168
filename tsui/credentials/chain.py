"""The order in which credentials are looked for, and the places that keep them."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Literal, NamedTuple, assert_never

from tsui.credentials import command, ring, sealed
from tsui.credentials.errors import (
    CredentialsError,
    CredentialsMissing,
    PassphraseNeeded,
    without_frames,
)
from tsui.credentials.files import read_private, shown
from tsui.credentials.given import VARIABLES, given, given_passphrase
from tsui.credentials.model import Credentials, Found, decode, encode
from tsui.credentials.rescue import noted, renewed
from tsui.settings import Profile, is_profile_name
from tsui.settings.private import write_private
from tsui.text import sanitize

NAMELESS = "(none is named)"
"""How a profile is called where none was chosen."""

Store = Literal["keyring", "encrypted", "plaintext"]
"""The places that can keep credentials."""


class Place(NamedTuple):
    """A store that works on this machine."""

    store: Store
    """Its name in the settings."""
    sentence: str
    """What it is, for whoever has to choose."""


class Kept(NamedTuple):
    """What became of credentials that were saved."""

    sentence: str
    """Where they are now."""
    warning: str | None
    """What is unsafe about that place; None if nothing is."""


@without_frames
def find(
    profile_name: str,
    profile: Profile,
    folder: Path,
    passphrase: str | None = None,
    environ: Mapping[str, str] = os.environ,
) -> Found:
    """Return the credentials of a profile.

    What this process was started with comes first: variables, a descriptor, a systemd credential.
    Then the one place that the profile names is asked, and no other: falling back to a second
    store would use credentials that nobody chose.

    Args:
        profile_name: The name of the profile.
        profile: Its settings, of which ``secrets`` and ``credential_command`` count.
        folder: Where the files of credentials are kept.
        passphrase: Opens the encrypted file; else that of the environment is used.
        environ: The environment variables.

    Raises:
        CredentialsMissing: Nothing is given or stored; ask for them.
        PassphraseNeeded: They are encrypted, and there is no passphrase.
        WrongPassphrase: They are encrypted with another passphrase.
        CredentialsError: The place cannot be used; the text says why and what to do.
    """
    try:
        found = given(environ) or _find_kept(profile_name, profile, folder, passphrase, environ)
    except CredentialsMissing:
        if (new := renewed(None, profile_name, folder)) is None:
            raise
        return new
    return renewed(found, profile_name, folder) or found


def find_stored(
    profile_name: str, profile: Profile, folder: Path, passphrase: str | None = None
) -> Found:
    """Return what the store of a profile holds; raises as ``find``."""
    return _find_kept(profile_name, profile, folder, passphrase, os.environ)


def _find_kept(
    profile_name: str, profile: Profile, folder: Path, passphrase: str | None,
    environ: Mapping[str, str],
) -> Found:  # fmt: skip
    match profile.secrets:
        case "ask":
            raise _missing(profile_name, "stores no credentials")
        case "environment":
            raise _missing(profile_name, f"takes its credentials from {', '.join(VARIABLES)}")
        case "command":
            return _from_command(profile, environ)
        case "keyring":
            return _from_keyring(profile_name)
        case "encrypted":
            return _from_encrypted(profile_name, folder, passphrase, environ)
        case "plaintext":
            return _from_plaintext(profile_name, folder)
        case _:
            assert_never(profile.secrets)


@without_frames
def save(
    profile_name: str,
    credentials: Credentials,
    where: Store,
    folder: Path,
    passphrase: str | None = None,
    *,
    allow_plaintext: bool = False,
) -> Kept:
    """Keep the credentials of a profile; on failure what was kept before is unchanged.

    Raises:
        PassphraseNeeded: The encrypted file needs a passphrase.
        CredentialsError: The place cannot keep them; the text says why and what to do.
    """
    kept = _save(profile_name, credentials, where, folder, passphrase, allow_plaintext)
    noted(profile_name, folder)  # what is kept now is newer than a password that waits
    return kept


def _save(
    profile_name: str, credentials: Credentials, where: Store, folder: Path,
    passphrase: str | None, allow_plaintext: bool,
) -> Kept:  # fmt: skip
    path = _file(profile_name, where, folder)
    if where == "keyring":
        name = ring.backend()
        ring.write(profile_name, encode(credentials).decode())
        return Kept(f"The credentials are kept in the keyring {name}.", None)
    if where == "encrypted":
        if not passphrase:
            raise PassphraseNeeded("The encrypted file needs a passphrase.", "Choose one.")
        _write(path, sealed.seal(profile_name, encode(credentials), passphrase))
        return Kept(f"The credentials are kept encrypted in {shown(path)}.", None)
    if not allow_plaintext:
        raise CredentialsError(
            "Credentials are not stored unencrypted unless you insist.",
            "Choose another place, or allow it with --insecure-storage.",
        )
    _write(path, encode(credentials))
    return Kept(f"The credentials are kept in {shown(path)}.", _plaintext_warning(path))


@without_frames
def forget(profile_name: str, where: Store, folder: Path) -> bool:
    """Remove the credentials of a profile from a store; tell whether there were any.

    Raises:
        CredentialsError: They cannot be removed; the text says why.
    """
    path = _file(profile_name, where, folder)
    if where == "keyring":
        return ring.erase(profile_name)
    try:
        path.unlink()
    except FileNotFoundError:
        return False
    except OSError as error:
        raise CredentialsError(f"{shown(path)} cannot be removed: {error.strerror}.") from None
    return True


def available() -> list[Place]:
    """Return the stores that work on this machine, the best one first."""
    places = [
        Place("encrypted", "A file under a passphrase that you will be asked for."),
        Place("plaintext", "A file that anybody who gets at your files or backups can read."),
    ]
    try:
        name = ring.backend()
    except CredentialsError:
        return places
    return [Place("keyring", f"The keyring of this machine ({name})."), *places]


def _from_command(profile: Profile, environ: Mapping[str, str]) -> Found:
    if not profile.credential_command:
        raise CredentialsError("There is no credential_command to run.", "Set it in the settings.")
    program = sanitize(profile.credential_command[0], 80)
    return Found(
        command.run(profile.credential_command, environ),
        f"The credentials are printed by {program} (credential_command).",
    )


def _from_keyring(profile_name: str) -> Found:
    text = ring.read(profile_name)
    if text is None:
        raise _missing(profile_name, "has nothing in the keyring")
    return Found(decode(text, "The keyring"), "The credentials come from the keyring.")


def _from_encrypted(
    profile_name: str, folder: Path, passphrase: str | None, environ: Mapping[str, str]
) -> Found:
    path = _file(profile_name, "encrypted", folder)
    content = read_private(path)
    if content is None:
        raise _missing(profile_name, f"has no encrypted file {shown(path)}")
    passphrase = passphrase or given_passphrase(environ)
    if not passphrase:
        raise PassphraseNeeded(
            f"The credentials in {shown(path)} are encrypted.",
            "Type the passphrase, or set TSUI_PASSPHRASE or TSUI_PASSPHRASE_FD.",
        )
    opened = sealed.unseal(profile_name, content, passphrase, shown(path))
    return Found(
        decode(opened, shown(path)), f"The credentials come from the encrypted file {shown(path)}."
    )


def _from_plaintext(profile_name: str, folder: Path) -> Found:
    path = _file(profile_name, "plaintext", folder)
    content = read_private(path)
    if content is None:
        raise _missing(profile_name, f"has no file {shown(path)}")
    return Found(
        decode(content, shown(path)),
        f"The credentials come from the file {shown(path)}.",
        _plaintext_warning(path),
    )


def _missing(profile_name: str, problem: str) -> CredentialsMissing:
    return CredentialsMissing(
        f"The profile {sanitize(profile_name, 80) or NAMELESS} {problem}.",
        f'Type them, run "tsui login", or set {", ".join(VARIABLES)}.',
    )


def _plaintext_warning(path: Path) -> str:
    return f"{shown(path)} is not encrypted: whoever gets at it or at a backup can read it."


def file_of(profile_name: str, encrypted: bool, folder: Path) -> Path:
    """Return the file that keeps the credentials of a profile."""
    return _file(profile_name, "encrypted" if encrypted else "plaintext", folder)


def _file(profile_name: str, store: Store, folder: Path) -> Path:
    if not is_profile_name(profile_name):
        raise CredentialsError(f"{sanitize(profile_name, 80)} is no name for a profile.")
    return folder / f"{profile_name}.credentials{'.json' if store == 'plaintext' else ''}"


def _write(path: Path, content: bytes) -> None:
    try:
        write_private(path, content)
    except OSError as error:
        raise CredentialsError(
            f"{shown(path)} cannot be written: {error.strerror}.",
            "Nothing is lost: the credentials stay in use until tsui ends.",
        ) from None
