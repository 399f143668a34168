"""Reading of files that nobody else may read or have written."""

import os
import shlex
import stat
from collections.abc import Collection
from pathlib import Path

from tsui.credentials.errors import CredentialsError
from tsui.text import sanitize

LARGEST = 65_536
"""No credentials are longer; more is a mistake that should not fill the memory."""

OTHERS = stat.S_IRWXG | stat.S_IRWXO
"""The permission bits that let anybody but the owner in."""


def read_private(
    path: Path, *, closed_to: int = OTHERS, owners: Collection[int] | None = None
) -> bytes | None:
    """Return what a private file holds; None if there is no such file.

    Args:
        path: The file.
        closed_to: The permission bits that none may be set of.
        owners: The user ids whose file it may be; only ours if not given.

    Raises:
        CredentialsError: It cannot be read, or others can read it too.
    """
    try:
        # Without O_NONBLOCK, a pipe in the place of the file would hold us for ever.
        descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK)
        try:
            # The open file is judged, not its name: nobody can exchange it in between.
            _refuse(path, os.fstat(descriptor), closed_to, owners or {os.geteuid()})
            return os.read(descriptor, LARGEST)
        finally:
            os.close(descriptor)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise CredentialsError(f"{shown(path)} cannot be read: {error.strerror}.") from None


def shown(path: Path) -> str:
    """Return a path as it may be shown."""
    return sanitize(str(path))


def _refuse(path: Path, status: os.stat_result, closed_to: int, owners: Collection[int]) -> None:
    if not stat.S_ISREG(status.st_mode):
        raise CredentialsError(f"{shown(path)} is not a file.")
    if status.st_uid not in owners:
        raise CredentialsError(
            f"{shown(path)} belongs to another user, who could have written it.",
            f"If you trust it, run: sudo chown {os.geteuid()} {shlex.quote(shown(path))}",
        )
    if mode := stat.S_IMODE(status.st_mode) & closed_to:
        raise CredentialsError(
            f"{shown(path)} is open to others than its owner (mode bits {mode:03o}).",
            f"Run: chmod 600 {shlex.quote(shown(path))}",
        )
