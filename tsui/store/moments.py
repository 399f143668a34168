"""Moments: when devices connected, as the device list tells it from one reading to the next.

Only the last connection of a device is told. Those that were seen one after the other make for a
rhythm, which is rougher than one that is learned from a connection history: what happened between
two readings was not seen, so its gaps are rather too long than too short.
"""

import json
import struct
from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from statistics import median
from typing import NamedTuple

import apsw

from tsui.store.device import DeviceRecord

KEPT = 9
"""Connections that are kept, which make for eight gaps."""

FEWEST = 3
"""Gaps from which on there is something usual."""

LONGEST = 3
"""The longest gap that ended by itself was no loss, so it is taken for so many usual ones."""

SHORTEST = 60
"""Seconds a usual gap has at least: nobody waits for less."""

_ACTIVE = "active"

_MOMENT = struct.Struct("<I")

_FIELDS = (
    "id", "fleet", "moments", "silent_since", "usual_gap", "gaps", "expected_at", "learned_at",
    "session", "session_bytes", "hours",
)  # fmt: skip
_READ = f"SELECT {', '.join(_FIELDS)} FROM rhythm WHERE id IN (SELECT value FROM json_each(?))"
_PUT = (
    f"INSERT INTO rhythm VALUES ({', '.join('?' * len(_FIELDS))}) ON CONFLICT DO UPDATE SET "
    f"{', '.join(f'{name} = excluded.{name}' for name in _FIELDS[2:])}"
)


class Before(NamedTuple):
    """A device as it was before it was read again."""

    last_connection: float
    connected: int | None
    state: str
    plan: str = ""
    groups: str = ""
    imei: str = ""
    read_at: float = 0.0


class Kept(NamedTuple):
    """A row of the table."""

    id: int
    fleet: int
    moments: bytes = b""
    silent_since: int = 0
    usual_gap: int = 0
    gaps: int = 0
    expected_at: int = 0
    learned_at: int | None = None
    session: int | None = None
    session_bytes: int | None = None
    hours: int | None = None


def usual(gaps: Sequence[float]) -> int:
    """Return the seconds by which a silence is measured; 0 where nothing is usual.

    That is the median gap. One that ended by itself was no loss, so that a device that is busy by
    day is not missed each night.
    """
    if len(gaps) < FEWEST:
        return 0
    return max(SHORTEST, round(max(median(gaps), max(gaps) / LONGEST)))


def is_silent(connected: int | None, state: str) -> bool:
    """Tell whether a device may connect and does not."""
    return connected is not None and not connected and state == _ACTIVE


def expected(kept: Kept, *, silent: bool) -> Kept:
    """Return a row with the moment at which the device is expected, if it is at all."""
    if not silent:
        return kept._replace(silent_since=0, expected_at=0)
    at = kept.silent_since + kept.usual_gap if kept.usual_gap else 0
    return kept._replace(expected_at=at)


def note_moments(
    connection: apsw.Connection,
    fleet: int,
    before: Mapping[int, Before],
    records: Mapping[int, DeviceRecord],
    read_at: float,
) -> None:
    """Note the connections of devices that were known before and are told otherwise now."""
    met = [id for id, was in before.items() if _differs(was, records[id])]
    if not met:
        return
    rows = read(connection, met)
    put(
        connection,
        (
            _after(rows.get(id, Kept(id, fleet)), before[id], records[id], read_at)
            for id in met
            if id in rows or _has_news(before[id], records[id])
        ),
    )


def read(connection: apsw.Connection, ids: Iterable[int]) -> dict[int, Kept]:
    """Return the rows of some devices."""
    rows = connection.execute(_READ, (json.dumps(list(ids)),))
    return {row[0]: Kept(*row) for row in rows}


def put(connection: apsw.Connection, rows: Iterable[Kept]) -> None:
    """Write rows."""
    connection.executemany(_PUT, rows)


def _moved(was: Before, record: DeviceRecord) -> bool:
    return record.last_connection > was.last_connection > 0


def _fell_silent(was: Before, record: DeviceRecord) -> bool:
    before, now = is_silent(was.connected, was.state), is_silent(record.connected, record.state)
    return now and not before


def _has_news(was: Before, record: DeviceRecord) -> bool:
    return _moved(was, record) or _fell_silent(was, record)


def _differs(was: Before, record: DeviceRecord) -> bool:
    before, now = is_silent(was.connected, was.state), is_silent(record.connected, record.state)
    return _moved(was, record) or before != now


def _after(kept: Kept, was: Before, record: DeviceRecord, read_at: float) -> Kept:
    moved, silent = _moved(was, record), is_silent(record.connected, record.state)
    moments, gap, gaps = kept.moments, kept.usual_gap, kept.gaps
    if moved:
        told = moments or _MOMENT.pack(int(was.last_connection))
        moments = (told + _MOMENT.pack(int(record.last_connection)))[-KEPT * _MOMENT.size :]
        if kept.session is None:
            times = [each for (each,) in _MOMENT.iter_unpack(moments)]
            between = [after - each for each, after in pairwise(times)]
            gap, gaps = usual(between), len(between)
    since = int(record.last_connection) + (kept.session or 0)
    if not moved and _fell_silent(was, record):
        # It was in a session, or was not to connect, when it was read before.
        since = int(read_at)
    since = max(since, kept.silent_since) if silent else 0
    until = since + gap if silent and gap else 0
    return Kept(kept.id, kept.fleet, moments, since, gap, gaps, until, *kept[7:])
