"""Saved views: what a list of devices shows, and how the settings write it."""

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Literal, NamedTuple

SortName = Literal[
    "",
    "iccid",
    "state",
    "last seen",
    "custom 1",
    "plan",
    "group",
    "imei",
    "mdn",
    "ip",
    "added",
    "overdue",
]
"""Columns that devices can be sorted by; empty leaves it to the list."""

COLUMNS = (
    "iccid", "state", "last seen", "overdue", "custom 1", "plan", "group", "imei", "mdn", "ip",
    "eid",
    "custom 2", "custom 3", "custom 4", "custom 5", "added", "read",
)  # fmt: skip
"""Columns of devices."""

OWN = 0
"""Width of a column that keeps its own."""

FIT = -1
"""Width of a column that is as wide as what it shows."""

WIDEST = 120
"""Cells of the widest column."""

LONGEST_NAME = 30
"""Characters a view's name may have, so that several fit beside each other."""


class Chosen(NamedTuple):
    """A column that is to be shown."""

    name: str
    """The column's name."""
    width: int = OWN
    """Cells, ``OWN`` or ``FIT``."""

    def __str__(self) -> str:
        """Write it as the settings do, e.g. ``plan``, ``plan:20`` or ``plan:fit``."""
        if self.width == OWN:
            return self.name
        return f"{self.name}:{'fit' if self.width == FIT else self.width}"


def understood(text: str) -> Chosen:
    """Return what a text says of a column; raises ValueError with what is wrong with it."""
    name, colon, width = (part.strip().lower() for part in text.partition(":"))
    if not colon:
        return Chosen(name)
    if width == "fit":
        return Chosen(name, FIT)
    if not (width.isascii() and width.isdecimal() and 1 <= int(width) <= WIDEST):
        raise ValueError(f"a width is fit or a number from 1 to {WIDEST}")
    return Chosen(name, int(width))


class View(NamedTuple):
    """What a list of devices shows."""

    filter: str = ""
    """What the devices must be, as one types it; empty shows all."""
    columns: tuple[str, ...] = ()
    """Columns from left to right, e.g. ``plan``, ``plan:20`` or ``plan:fit``; empty: as they come.
    """
    sort: SortName = ""
    """The column to sort by."""
    descending: bool = False
    """Whether the order is turned round."""


NO_VIEWS: Mapping[str, View] = MappingProxyType({})
"""What a file without views has."""


def is_view_name(name: str) -> bool:
    """Tell whether a view may have this name, which is typed and shown as a tab."""
    return 0 < len(name) <= LONGEST_NAME and name.isprintable() and name == name.strip()


def columns_trouble(columns: Iterable[str]) -> tuple[str, str]:
    """Return what is wrong with the columns of a view and the name it has; empty where nothing."""
    for text in columns:
        try:
            chosen = understood(text)
        except ValueError as error:
            return f'must not hold "{text}": {error}', ""
        if chosen.name not in COLUMNS:
            return f'names no column "{chosen.name}"', chosen.name
    return "", ""
