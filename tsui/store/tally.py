"""How many devices are in which state, plan and groups, and connected: counted as they are written.

Counting a million of them takes longer than a screen may wait that shows the numbers all day.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import NamedTuple, Protocol

import apsw

from tsui.store.query import IS_LATE, NUMBER

TRAITS = ("state", "plan", "groups", "connected")
"""What devices are counted by."""

_ADD = (
    "INSERT INTO tally (fleet, trait, value, devices) VALUES (?, ?, ?, ?) "
    "ON CONFLICT DO UPDATE SET devices = devices + excluded.devices"
)
_EMPTY = "DELETE FROM tally WHERE fleet = ? AND devices = 0"
_COUNT = (
    "SELECT account, state, plan, groups, connected, count(*) FROM device GROUP BY 1, 2, 3, 4, 5"
)


class Tally(NamedTuple):
    """What a fleet comes to."""

    devices: int
    """How many there are."""
    late: int
    """Silent ones whose usual gap is over."""
    traits: Mapping[str, Mapping[str, int]]
    """How many have which value, by what they are counted by; values are hostile."""


class Counted(Protocol):
    """A device, by what it is counted by."""

    @property
    def state(self) -> str:
        """Its state."""
        ...

    @property
    def plan(self) -> str:
        """Its service plan."""
        ...

    @property
    def groups(self) -> str:
        """Its groups, joined by commas."""
        ...

    @property
    def connected(self) -> int | None:
        """Whether a session was open; None where that is not told."""
        ...


def create_tally(connection: apsw.Connection) -> None:
    """Create the table, and count what is there."""
    connection.execute("""
        CREATE TABLE tally (
            fleet INTEGER NOT NULL,
            trait TEXT NOT NULL,
            value TEXT NOT NULL,
            devices INTEGER NOT NULL,
            PRIMARY KEY (fleet, trait, value)
        ) STRICT, WITHOUT ROWID;
    """)
    found: Counter[tuple[int, str, str]] = Counter()
    for fleet, state, plan, groups, connected, devices in connection.execute(_COUNT):
        for trait, value in zip(TRAITS, (state, plan, groups, _word(connected)), strict=True):
            found[fleet, trait, value] += devices
    connection.executemany(_ADD, [(*key, devices) for key, devices in found.items()])


def note_counts(
    connection: apsw.Connection,
    fleet: int,
    *,
    came: Iterable[Counted] = (),
    went: Iterable[Counted] = (),
) -> None:
    """Count devices as they are now, and no longer as they were."""
    difference = Counter(trait for each in came for trait in _traits(each))
    difference.subtract(trait for each in went for trait in _traits(each))
    rows = [(fleet, *trait, more) for trait, more in difference.items() if more]
    connection.executemany(_ADD, rows)
    if any(more < 0 for *_, more in rows):
        connection.execute(_EMPTY, (fleet,))


def counts_of(connection: apsw.Connection, account: str, trait: str) -> list[tuple[str, int]]:
    """Return how many devices of an account have which value, the most frequent first."""
    sql = (
        f"SELECT value, devices FROM tally WHERE fleet = {NUMBER} AND trait = ? "
        "ORDER BY devices DESC, value"
    )
    return [(row[0], row[1]) for row in connection.execute(sql, (account, trait))]


def tally_of(connection: apsw.Connection, account: str, now: float) -> Tally:
    """Return all counts of an account at a Unix time."""
    devices = connection.execute("SELECT devices FROM account WHERE name = ?", (account,)).get
    late = connection.execute(
        f"SELECT count(*) FROM rhythm WHERE rhythm.fleet = {NUMBER} AND {IS_LATE}", (account, now)
    ).get
    traits = {trait: dict(counts_of(connection, account, trait)) for trait in TRAITS}
    return Tally(devices or 0, late or 0, traits)


def _traits(device: Counted) -> Iterable[tuple[str, str]]:
    values = (device.state, device.plan, device.groups, _word(device.connected))
    return zip(TRAITS, values, strict=True)


def _word(connected: int | None) -> str:
    return "unknown" if connected is None else "yes" if connected else "no"
