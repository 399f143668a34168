"""What can go wrong with the files we remember in.

::

    StoreError
    ├── NewerStore      the file was written by a newer version
    ├── BrokenStore     the file is damaged or no database at all
    ├── DiskFull        no room, or a quota is used up
    ├── StoreBusy       another process held the file for too long
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


class StoreUnusable(StoreError):
    """The file cannot be opened, read or written."""


@contextmanager
def translated(path: Path) -> Iterator[None]:
    """Turn SQLite's errors about a file into ours."""
    try:
        yield
    except apsw.FullError as error:
        raise DiskFull(
            f"No room left for {path}. Nothing was sent; free some space and try again."
        ) from error
    except (apsw.BusyError, apsw.LockedError) as error:
        raise StoreBusy(f"Another process holds {path}. Wait a moment and try again.") from error
    except (apsw.CorruptError, apsw.NotADBError) as error:
        raise BrokenStore(
            f"{path} is damaged or no database. Move it away to start anew."
        ) from error
    except (apsw.CantOpenError, apsw.ReadOnlyError, apsw.PermissionsError, apsw.IOError) as error:
        raise StoreUnusable(
            f"{path} cannot be used ({error}). Check the folder's permissions and the disk."
        ) from error
