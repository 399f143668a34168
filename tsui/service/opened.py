"""Changes that are not over, counted by what they wait for."""

from collections.abc import Sequence
from typing import NamedTuple

from tsui.store.changes import ChangeState
from tsui.store.journal import Journal
from tsui.store.opened import OpenPart


class InFlight(NamedTuple):
    """Changes that are not over, by what they wait for."""

    sending: int = 0
    """On their way out."""
    waiting: int = 0
    """Accepted, outcome awaited."""
    unknown: int = 0
    """Fate not known."""


class OpenChanges:
    """An account's changes that were not over when that was last read."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal
        self.parts: Sequence[OpenPart] = ()
        """Their numbers, by what was confirmed at once and by their state."""

    async def refresh(self, account: str) -> None:
        """Read again which changes are not over."""
        self.parts = await self._journal.open_parts(account)

    def in_flight(self) -> InFlight:
        """Count them."""
        return InFlight(
            self._count(ChangeState.INTENDED, ChangeState.SENDING),
            self._count(ChangeState.ACCEPTED),
            self._count(ChangeState.UNKNOWN),
        )

    def _count(self, *states: ChangeState) -> int:
        return sum(len(part.ids) for part in self.parts if part.state in states)
