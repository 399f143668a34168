"""What scrolls, whatever it shows."""

from typing import Protocol


class Scrolled(Protocol):
    """Something that scrolls."""

    @property
    def height(self) -> int:
        """Rows on the screen."""
        ...

    @property
    def total(self) -> int:
        """Rows there are."""
        ...

    async def move_by(self, rows: int) -> None:
        """Move down, or up."""
        ...

    async def move_to(self, place: int) -> None:
        """Move to a row."""
        ...
