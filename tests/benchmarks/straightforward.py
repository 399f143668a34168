"""The design our sync is compared with: a model a device, its JSON in the row, all indexes kept."""

import apsw

from tsui.service.device_record import device_record
from tsui.store.device import DeviceRecord
from tsui.thingspace.devices import DevicePage

COLUMNS = ("iccid", "imei", "mdn", "state", "plan", "groups", "ip", "custom1")
INDEXED = ("imei", "mdn", "state", "plan", "custom1")
_NAMES = ", ".join(COLUMNS)


def create(connection: apsw.Connection) -> None:
    """Create the table, its indexes, and the search that triggers keep."""
    connection.execute(f"CREATE TABLE device (iccid TEXT PRIMARY KEY, {_NAMES[7:]}, raw TEXT)")
    for name in INDEXED:
        connection.execute(f"CREATE INDEX by_{name} ON device ({name})")
    new = ", ".join(f"new.{name}" for name in COLUMNS)
    old = ", ".join(f"old.{name}" for name in COLUMNS)
    connection.execute(f"""
        CREATE VIRTUAL TABLE search USING fts5 (
            {_NAMES}, content = 'device', content_rowid = 'rowid', tokenize = 'trigram'
        );
        CREATE TRIGGER added AFTER INSERT ON device BEGIN
            INSERT INTO search (rowid, {_NAMES}) VALUES (new.rowid, {new});
        END;
        CREATE TRIGGER changed AFTER UPDATE ON device BEGIN
            INSERT INTO search (search, rowid, {_NAMES}) VALUES ('delete', old.rowid, {old});
            INSERT INTO search (rowid, {_NAMES}) VALUES (new.rowid, {new});
        END;
    """)


def put(connection: apsw.Connection, body: bytes) -> None:
    """Write a page of the device list."""
    page = DevicePage.model_validate_json(body)
    records = [device_record(device.received) for device in page.devices or ()]
    updates = ", ".join(f"{name} = excluded.{name}" for name in (*COLUMNS[1:], "raw"))
    connection.executemany(
        f"INSERT INTO device ({_NAMES}, raw) VALUES ({', '.join('?' * (len(COLUMNS) + 1))}) "
        f"ON CONFLICT DO UPDATE SET {updates}",
        [_row(record) for record in records if record],
    )


def _row(record: DeviceRecord) -> tuple[str, ...]:
    return (
        record.iccid, record.imei, record.mdn, record.state, record.plan, record.groups,
        record.ip, record.custom[0], record.raw.decode(),
    )  # fmt: skip
