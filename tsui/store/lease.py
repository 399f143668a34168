"""Leases: which process is alive, and which one does a job that only one should do.

A lease is a locked file. The kernel lets go of the lock when its process ends, also after SIGKILL,
so a lease never outlives its holder and no clock is needed to tell.
"""

import fcntl
import os
import uuid
from pathlib import Path
from urllib.parse import quote

from tsui.store.errors import unusable

_OWNER = "owner-"
"""What the names of owners' leases begin with."""


class Lease:
    """A named lock of this process; held until released or until the process is gone.

    Taking it raises StoreUnusable when the folder is not fit for it.
    """

    def __init__(self, folder: Path, name: str) -> None:
        self._path = folder / f"{quote(name, safe='')}.lease"
        self._file: int | None = None

    @property
    def held(self) -> bool:
        """Whether this process holds it."""
        return self._file is not None

    def take(self) -> bool:
        """Try to get it; True if this process holds it now."""
        if self._file is None:
            try:
                self._file = _lock(self._path)
            except OSError as error:
                raise unusable(self._path, error) from error
        return self.held

    def release(self, *, remove: bool = False) -> None:
        """Let go of it; ``remove`` also takes the file away, for names nobody uses again."""
        if self._file is not None:
            if remove:
                self._path.unlink(missing_ok=True)
            os.close(self._file)
            self._file = None


class Owner:
    """The name this process signs its journal rows with, and proof that it lives."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.name, self._lease = _sign_up(folder)
        """The name, never used twice, and its lease."""
        self._clear_away()

    def is_alive(self, name: str) -> bool:
        """Tell whether the process that signs with this name is still running."""
        if name == self.name:
            return True
        probe = Lease(self._folder, _OWNER + name)
        alive = not probe.take()
        probe.release(remove=True)
        return alive

    def leave(self) -> None:
        """Say that this process is done."""
        self._lease.release(remove=True)

    def _clear_away(self) -> None:
        """Take away what killed processes have left."""
        for path in self._folder.glob(f"{_OWNER}*.lease"):
            self.is_alive(path.stem.removeprefix(_OWNER))


def _sign_up(folder: Path) -> tuple[str, Lease]:
    while True:
        name = uuid.uuid4().hex
        lease = Lease(folder, _OWNER + name)
        # Another process that clears away may have got hold of the file before it was locked.
        if lease.take():
            return name, lease


def _lock(path: Path) -> int | None:
    """Return the locked file; None when another process, or another object, has locked it."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    while True:
        file = os.open(path, os.O_CREAT | os.O_RDWR, 0o600)
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(file)
            return None
        except BaseException:
            os.close(file)
            raise
        if _is_there(path, file):
            return file
        # It was taken away between opening and locking: a lock on it would tell nobody anything.
        os.close(file)


def _is_there(path: Path, file: int) -> bool:
    try:
        return path.stat().st_ino == os.fstat(file).st_ino
    except FileNotFoundError:
        return False
