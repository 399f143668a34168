"""Rows that are all in memory, for the table."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

RowT = TypeVar("RowT")


class Rows(Generic[RowT]):
    """A short list as a source of a table; the place of a row is its key."""

    def __init__(self, rows: Sequence[RowT] = ()) -> None:
        self._rows = list(enumerate(rows))

    async def count(self) -> int:
        """Count the rows."""
        return len(self._rows)

    async def window(self, offset: int, limit: int) -> Sequence[tuple[int, RowT]]:
        """Return rows from a place on."""
        return self._rows[offset : offset + limit]

    async def position(self, key: int) -> int | None:
        """Return the place of a row."""
        return key if key < len(self._rows) else None


def place_of(row: tuple[int, object]) -> int:
    """Return the key of a row."""
    return row[0]


class Named(Generic[RowT]):
    """A short list of records that have names of their own, which the cursor stays with."""

    def __init__(self, rows: Sequence[RowT], key: Callable[[RowT], int]) -> None:
        self._rows = rows
        self._places = {key(row): place for place, row in enumerate(rows)}

    async def count(self) -> int:
        """Count the rows."""
        return len(self._rows)

    async def window(self, offset: int, limit: int) -> Sequence[RowT]:
        """Return rows from a place on."""
        return self._rows[offset : offset + limit]

    async def position(self, key: int) -> int | None:
        """Return the place of a row."""
        return self._places.get(key)
