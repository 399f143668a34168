"""The file in which new credentials lie until they are kept elsewhere, or somebody noted them."""

from pathlib import Path

from tsui.credentials.errors import CredentialsError
from tsui.credentials.files import read_private, shown
from tsui.credentials.model import Credentials, Found, decode

UNSAVED = "unsaved"
"""Stands for the name of a profile that is not saved."""


def rescue_file(profile_name: str, folder: Path) -> Path:
    """Return where the new credentials of a profile lie."""
    return folder / f"{profile_name or UNSAVED}.new-password.json"


def waiting(profile_name: str, folder: Path) -> Credentials | None:
    """Return new credentials that nobody has noted yet; raises CredentialsError."""
    path = rescue_file(profile_name, folder)
    content = read_private(path)
    return None if content is None else decode(content, shown(path))


def noted(profile_name: str, folder: Path) -> None:
    """Remove what has been kept elsewhere or noted; raises CredentialsError."""
    path = rescue_file(profile_name, folder)
    try:
        path.unlink(missing_ok=True)
    except OSError as error:
        raise CredentialsError(f"{shown(path)} cannot be removed: {error.strerror}.") from None


def renewed(found: Found | None, profile_name: str, folder: Path) -> Found | None:
    """Return newer credentials of the same user, if they wait to be noted, instead of those found.

    Those that were found meanwhile with the new password are kept elsewhere by now.
    """
    new = waiting(profile_name, folder)
    if new is None:
        return found
    if found is not None:
        old = found.credentials
        if (old.key, old.username) != (new.key, new.username):
            return found
        if old.password == new.password:
            noted(profile_name, folder)
            return found
    path = shown(rescue_file(profile_name, folder))
    return Found(
        new,
        f"The credentials come from {path}, where a new password waits to be noted.",
        "The password was reset and nobody noted the new one yet: account (7), Access, shows it.",
    )
