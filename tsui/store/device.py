"""One device: as it is handed in, as a list shows it, and how it is written."""

import json
import zlib
from collections.abc import Sequence
from hashlib import blake2b
from typing import Any, NamedTuple

import apsw

from tsui.store.query import Value
from tsui.store.text import searchable, storable


class DeviceRecord(NamedTuple):
    """A device as it is handed in: searchable values flat, everything else in ``raw``."""

    key: str
    """The identifier that lasts longest, as ``kind:value``; the record's name in this account."""
    platform_id: int | None
    """The platform's numeric id, which its paging goes by."""
    iccid: str
    imei: str
    mdn: str
    eid: str
    state: str
    plan: str
    groups: str
    """Group names, joined by commas."""
    ip: str
    custom: tuple[str, str, str, str, str]
    """CustomField1 to CustomField5."""
    connected: bool | None
    """Whether a data session was open; None when the platform did not tell."""
    last_connection: float
    """Unix time; 0 when unknown."""
    created: float
    """Unix time; 0 when unknown."""
    more: tuple[str, ...]
    """Further text to search in, e.g. other identifiers."""
    raw: dict[str, Any]
    """The device as the platform told it."""


class DeviceRow(NamedTuple):
    """A device as a list shows it; text from outside, hostile until sanitised."""

    id: int
    key: str
    iccid: str
    imei: str
    mdn: str
    eid: str
    state: str
    plan: str
    groups: str
    ip: str
    custom1: str
    custom2: str
    custom3: str
    custom4: str
    custom5: str
    connected: int | None
    last_connection: float
    created: float
    read_at: float


_COLUMNS = (
    "account", "key", "platform_id", "iccid", "imei", "mdn", "eid", "iccid_reversed",
    "imei_reversed", "mdn_reversed", "state", "plan", "groups", "ip", "custom1", "custom2",
    "custom3", "custom4", "custom5", "connected", "last_connection", "created", "fingerprint",
    "read_at", "sync_run",
)  # fmt: skip
_KNOWN = "SELECT id, fingerprint FROM device WHERE account = ? AND key = ?"
_TOUCH = "UPDATE device SET read_at = ?, sync_run = max(sync_run, ?) WHERE id = ?"
_PUT = (
    f"INSERT INTO device ({', '.join(_COLUMNS)}) VALUES ({', '.join('?' * len(_COLUMNS))}) "
    "ON CONFLICT (account, key) DO UPDATE SET sync_run = max(sync_run, excluded.sync_run), "
    + ", ".join(f"{name} = excluded.{name}" for name in _COLUMNS[2:-1])
    + " RETURNING id"
)
_PUT_RAW = (
    "INSERT INTO device_raw (id, body) VALUES (?, ?) ON CONFLICT DO UPDATE SET body = excluded.body"
)
_PUT_TEXT = (
    "INSERT INTO device_text (id, account, search) VALUES (?, ?, ?) "
    "ON CONFLICT DO UPDATE SET search = excluded.search"
)


def put_devices(
    connection: apsw.Connection,
    account: str,
    records: Sequence[DeviceRecord],
    read_at: float,
    run: int,
) -> list[int]:
    """Write devices as just read and return the ids of those that differ from what was there."""
    account = storable(account)
    if not run:
        under_way = connection.execute("SELECT run FROM sync WHERE account = ?", (account,)).get
        run = under_way or 0
    changed: list[int] = []
    for record in records:
        body = json.dumps(record.raw, separators=(",", ":")).encode()
        values, text = _values(account, record), _text(record)
        fingerprint = _fingerprint(values, text, body)
        known = connection.execute(_KNOWN, values[:2]).fetchone()
        if known and known[1] == fingerprint:
            connection.execute(_TOUCH, (read_at, run, known[0]))
            continue
        device = int(connection.execute(_PUT, (*values, fingerprint, read_at, run)).get)
        connection.execute(_PUT_RAW, (device, zlib.compress(body, 1)))
        connection.execute(_PUT_TEXT, (device, account, text))
        changed.append(device)
    return changed


def _values(account: str, record: DeviceRecord) -> tuple[Value | None, ...]:
    """Return what the table has of a device, up to what tells how and when it was read."""
    iccid, imei, mdn = storable(record.iccid), storable(record.imei), storable(record.mdn)
    return (
        account, storable(record.key), record.platform_id, iccid, imei, mdn, storable(record.eid),
        iccid[::-1], imei[::-1], mdn[::-1], storable(record.state), storable(record.plan),
        storable(record.groups), storable(record.ip), *map(storable, record.custom),
        None if record.connected is None else int(record.connected),
        record.last_connection, record.created,
    )  # fmt: skip


def _text(record: DeviceRecord) -> str:
    known = (
        record.iccid, record.imei, record.mdn, record.eid, record.state, record.plan,
        record.groups, record.ip, *record.custom, *record.more,
    )  # fmt: skip
    return searchable("\n".join(filter(None, known)))


def _fingerprint(values: tuple[Value | None, ...], text: str, body: bytes) -> int:
    """Return a number that differs when anything does that is stored of a device."""
    digest = blake2b(repr((values, text)).encode(), digest_size=8)
    digest.update(body)
    return int.from_bytes(digest.digest(), signed=True)
