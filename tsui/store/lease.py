"""Leases: which process is alive, and which one does a job that only one should do.

A lease is a locked file. The kernel lets go of the lock when its process ends, also after SIGKILL,
so a lease never outlives its holder and no clock is needed to tell.
"""

import fcntl
import os
import uuid
from pathlib import Path


class Lease:
    """A named lock of this process; held until released or until the process is gone."""

    def __init__(self, folder: Path, name: str) -> None:
        self._path = folder / f"{name}.lease"
        self._file: int | None = None

    @property
    def held(self) -> bool:
        """Whether this process holds it."""
        return self._file is not None

    def take(self) -> bool:
        """Try to get it; True if this process holds it now."""
        if self._file is None:
            self._file = _lock(self._path)
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
        self.name = uuid.uuid4().hex
        """The name; never used twice."""
        self._lease = Lease(folder, self.name)
        self._lease.take()

    def is_alive(self, name: str) -> bool:
        """Tell whether the process that signs with this name is still running."""
        if name == self.name:
            return True
        probe = Lease(self._folder, name)
        alive = not probe.take()
        probe.release(remove=True)
        return alive

    def leave(self) -> None:
        """Say that this process is done."""
        self._lease.release(remove=True)


def _lock(path: Path) -> int | None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    file = os.open(path, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(file)
        return None
    return file
