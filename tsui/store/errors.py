"""What can go wrong with the files we remember in.

::

    StoreError
    ├── NewerStore      the file was written by a newer version
    ├── BrokenStore     the file is damaged or no database at all
    ├── DiskFull        no room, or a quota is used up
    ├── StoreBusy       another process held the file for too long
    ├── StoreClosed     it was closed while somebody still asked it
    └── StoreUnusable   no permission, read-only, or the disk fails
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import apsw


class StoreError(Exception):
    """Any failure of the store; its text is a sentence for people and ends in the next step."""


class NewerStore(StoreError):
    """The file was written by a newer version of the program."""


class BrokenStore(StoreError):
    """The file is damaged or no database at all."""


class DiskFull(StoreError):
    """There is no room left for what should be remembered."""


class StoreBusy(StoreError):
    """Another process held the file for too long."""


class StoreClosed(StoreError):
    """The file was closed while somebody still asked it, e.g. after a change of environment."""


class StoreUnusable(StoreError):
    """The file cannot be opened, read or written."""


def no_room(path: Path) -> DiskFull:
    """Return the error that says that the disk, or what one may use of it, is full."""
    return DiskFull(f"No room left for {path}. Free some space and try again.")


def unusable(path: Path, error: Exception) -> StoreUnusable:
    """Return the error that says that the system does not let us use a file."""
    reason = (error.strerror if isinstance(error, OSError) else None) or str(error)
    return StoreUnusable(
        f"{path} cannot be used ({reason}). Check the folder's permissions and the disk."
    )


@contextmanager
def translated(path: Path) -> Iterator[None]:
    """Turn SQLite's errors about a file into ours."""
    try:
        yield
    except apsw.FullError as error:
        raise no_room(path) from error
    except (apsw.BusyError, apsw.LockedError, apsw.ProtocolError) as error:
        raise StoreBusy(f"Another process holds {path}. Wait a moment and try again.") from error
    except (apsw.CorruptError, apsw.NotADBError) as error:
        raise BrokenStore(
            f"{path} is damaged or no database. Move it away to start anew."
        ) from error
    except (apsw.CantOpenError, apsw.ReadOnlyError, apsw.PermissionsError, apsw.IOError) as error:
        raise unusable(path, error) from error
