"""Writing the fleet as it was read: cheaply what is as it was, whole what is new or different.

A device is known again by the words in which it was told. Most of a fleet is told in the same
words each time, and then neither its JSON is decoded nor its row written.
"""

import json
from collections.abc import Iterable, Sequence
from hashlib import blake2b

import apsw

from tsui.store.device import DeviceRecord
from tsui.store.moments import Before, note_moments
from tsui.store.query import Value
from tsui.store.sightings import note_gone, note_sightings
from tsui.store.squeeze import Squeezer
from tsui.store.tally import note_counts
from tsui.store.text import is_storable, storable

FORM = b"1"
"""Form of the rows; rows of another form are written anew when their device is read again."""

_COLUMNS = (
    "account", "key", "platform_id", "iccid", "imei", "mdn", "eid", "iccid_reversed",
    "imei_reversed", "mdn_reversed", "state", "plan", "groups", "ip", "custom1", "custom2",
    "custom3", "custom4", "custom5", "connected", "last_connection", "created",
)  # fmt: skip
_INSERT = (
    f"INSERT INTO device ({', '.join(_COLUMNS)}, id) VALUES ({', '.join('?' * len(_COLUMNS))}, ?)"
)
_UPDATE = f"UPDATE device SET {', '.join(f'{name} = ?' for name in _COLUMNS)} WHERE id = ?"
_KNOWN = (
    "SELECT key, id, last_connection, connected, state, plan, groups, imei, "
    "(SELECT read_at FROM device_seen AS s WHERE s.id = device.id) FROM device "
    "WHERE account = ? AND key IN (SELECT value FROM json_each(?))"
)
_LAST = "SELECT seq FROM sqlite_sequence WHERE name = 'device'"
_COUNT = "UPDATE account SET devices = devices + ? WHERE number = ?"
_PUT_RAW = "INSERT OR REPLACE INTO device_raw (id, dictionary, body) VALUES (?, ?, ?)"
_PUT_TEXT = (
    "INSERT INTO device_text (id, search) VALUES (?, ?) ON CONFLICT DO UPDATE "
    "SET search = excluded.search WHERE search <> excluded.search"
)
_PUT_NEW = "INSERT OR IGNORE INTO device_text_new (id) VALUES (?)"
_PUT_SEEN = (
    "INSERT INTO device_seen (id, fleet, fingerprint, read_at, run) VALUES (?, ?, ?, ?, ?) "
    "ON CONFLICT DO UPDATE SET fingerprint = excluded.fingerprint, read_at = excluded.read_at, "
    "run = max(run, excluded.run)"
)
_TOUCH = (
    "UPDATE device_seen SET read_at = ?, run = max(run, ?) WHERE fleet = ? "
    "AND fingerprint IN (SELECT value FROM json_each(?)) RETURNING fingerprint"
)


def fingerprint(raw: bytes) -> int:
    """Return a number that two devices share only if they were told in the same words."""
    return int.from_bytes(blake2b(raw, digest_size=8, salt=FORM).digest(), signed=True)


def put_devices(
    connection: apsw.Connection,
    account: str,
    records: Sequence[DeviceRecord],
    read_at: float,
    run: int,
) -> list[int]:
    """Write devices as just read and return the ids of those that differ from what was there."""
    prints = [fingerprint(record.raw) for record in records]
    known = touch_devices(connection, account, prints, read_at, run)
    fresh = [each for each in zip(records, prints, strict=True) if each[1] not in known]
    return write_devices(connection, account, fresh, read_at, run)


def touch_devices(
    connection: apsw.Connection, account: str, prints: Iterable[int], read_at: float, run: int
) -> set[int]:
    """Note that devices were told again, and return the fingerprints of those that are known.

    Without a run they were read on their own, which is as good as being met by the run under way.
    """
    values = (read_at, run or _run_under_way(connection, account), number_of(connection, account))
    return {int(row[0]) for row in connection.execute(_TOUCH, (*values, json.dumps(list(prints))))}


def write_devices(
    connection: apsw.Connection,
    account: str,
    records: Sequence[tuple[DeviceRecord, int]],
    read_at: float,
    run: int,
) -> list[int]:
    """Write devices, each with its fingerprint, and return their ids."""
    if not records:
        return []
    number = number_of(connection, account)
    run = run or _run_under_way(connection, account)
    records = [(_storable(record), each) for record, each in records]
    ids = _put(connection, number, [record for record, _ in records], read_at)
    squeezer = Squeezer(connection, [record.raw for record, _ in records])
    rows = list(zip(ids, records, strict=True))
    connection.executemany(
        _PUT_RAW, ((id, squeezer.number, squeezer.squeeze(each.raw)) for id, (each, _) in rows)
    )
    connection.executemany(
        _PUT_TEXT,
        ((id, "\n".join(filter(None, _texts(each))).casefold()) for id, (each, _) in rows),
    )
    connection.executemany(_PUT_NEW, ((id,) for id in ids))
    connection.executemany(_PUT_SEEN, ((id, number, each, read_at, run) for id, (_, each) in rows))
    return ids


def _put(
    connection: apsw.Connection, account: int, records: Sequence[DeviceRecord], read_at: float
) -> list[int]:
    """Write rows and return their ids; ids are handed out here, so that rows go in at once."""
    keys = json.dumps([record.key for record in records])
    ids = dict[str, int]()
    before = dict[int, Before]()
    for key, id, *was in connection.execute(_KNOWN, (account, keys)):
        ids[key], before[id] = id, Before(*was)
    last = known = connection.execute(_LAST).get or 0
    for record in records:
        if record.key not in ids:
            ids[record.key] = last = last + 1
    rows = {ids[record.key]: (*_values(account, record), ids[record.key]) for record in records}
    connection.executemany(_INSERT, (row for id, row in rows.items() if id > known))
    connection.execute(_COUNT, (last - known, account))
    connection.executemany(_UPDATE, (row for id, row in rows.items() if id <= known))
    told = {ids[record.key]: record for record in records}
    note_moments(connection, account, before, told, read_at)
    note_counts(connection, account, came=told.values(), went=before.values())
    note_sightings(connection, account, before, told, read_at)
    return [ids[record.key] for record in records]


def drop_unseen(connection: apsw.Connection, account: str, run: int, at: float) -> list[int]:
    """Forget the devices that a complete run has not met, and return their ids."""
    sql = (
        "DELETE FROM device WHERE id IN (SELECT id FROM device_seen WHERE fleet = ? AND run < ?) "
        "RETURNING id, last_connection, connected, state, plan, groups, key"
    )
    number = number_of(connection, account)
    gone = list(connection.execute(sql, (number, run)))
    connection.execute(_COUNT, (-len(gone), number))
    note_counts(connection, number, went=[Before(*row[1:6]) for row in gone])
    note_gone(connection, number, ((row[6], row[3], row[5]) for row in gone), at)
    return [int(row[0]) for row in gone]


def number_of(connection: apsw.Connection, account: str) -> int:
    """Return the number of an account, which gets one if it has none."""
    name = (storable(account),)
    number = connection.execute("SELECT number FROM account WHERE name = ?", name).get
    if number is None:
        sql = "INSERT INTO account (name) VALUES (?) RETURNING number"
        number = connection.execute(sql, name).get
    return int(number)


def _run_under_way(connection: apsw.Connection, account: str) -> int:
    run = connection.execute("SELECT run FROM sync WHERE account = ?", (storable(account),)).get
    return int(run or 0)


def _storable(record: DeviceRecord) -> DeviceRecord:
    """Return the record with a stand-in for what cannot be stored, which next to none has."""
    # JSON tells such characters by their numbers only.
    if b"\\u" not in record.raw or is_storable("".join((record.key, *_texts(record)))):
        return record
    first, second, third, fourth, fifth = map(storable, record.custom)
    return record._replace(
        key=storable(record.key),
        iccid=storable(record.iccid),
        imei=storable(record.imei),
        mdn=storable(record.mdn),
        eid=storable(record.eid),
        state=storable(record.state),
        plan=storable(record.plan),
        groups=storable(record.groups),
        ip=storable(record.ip),
        custom=(first, second, third, fourth, fifth),
        more=tuple(map(storable, record.more)),
    )


def _values(account: int, record: DeviceRecord) -> tuple[Value | None, ...]:
    return (
        account, record.key, record.platform_id, record.iccid, record.imei, record.mdn, record.eid,
        record.iccid[::-1], record.imei[::-1], record.mdn[::-1], record.state, record.plan,
        record.groups, record.ip, *record.custom,
        None if record.connected is None else int(record.connected),
        record.last_connection, record.created,
    )  # fmt: skip


def _texts(record: DeviceRecord) -> tuple[str, ...]:
    """Return what is searched in."""
    return (
        record.iccid, record.imei, record.mdn, record.eid, record.state, record.plan,
        record.groups, record.ip, *record.custom, *record.more,
    )  # fmt: skip
