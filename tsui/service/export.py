"""Exports: records as CSV that no spreadsheet takes for formulas, and as exact JSON."""

import csv
import io
import json
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from functools import partial
from typing import Any, TypeVar

from tsui.store.device import DeviceRow
from tsui.text import csv_guard

Value = str | float | bool | None
"""What an export says of a record; None where the platform did not tell."""

RowT = TypeVar("RowT")

Columns = Mapping[str, Callable[[RowT], Value]]
"""What can be said of a record, by the name it has in heads and keys."""


def _text(name: str) -> Callable[[DeviceRow], Value]:
    return lambda row: str(getattr(row, name))


def moment_text(at: float | None) -> str | None:
    """Return a Unix time as exports have it: ISO 8601 in UTC, to the second."""
    return datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%dT%H:%M:%SZ") if at else None


def _moment(name: str, row: DeviceRow) -> Value:
    return moment_text(getattr(row, name))


def _connected(row: DeviceRow) -> Value:
    return None if row.connected is None else bool(row.connected)


_TEXTS = (
    "iccid", "imei", "mdn", "eid", "state", "plan", "groups", "ip",
    "custom1", "custom2", "custom3", "custom4", "custom5",
)  # fmt: skip

DEVICE_COLUMNS: Columns[DeviceRow] = {
    **{name: _text(name) for name in _TEXTS},
    "connected": _connected,
    "last_connection_utc": partial(_moment, "last_connection"),
    "created_utc": partial(_moment, "created"),
    "read_utc": partial(_moment, "read_at"),
    "usual_gap_seconds": lambda row: row.usual_gap or None,
    "expected_utc": partial(_moment, "expected_at"),
}
"""What can be exported of a device at any time."""

OVERDUE = "overdue"
"""The column of how many times its usual gap a device is silent."""


def device_columns(now: float) -> Columns[DeviceRow]:
    """Return what can be exported of a device at a time."""
    return {**DEVICE_COLUMNS, OVERDUE: partial(_overdue, now)}


def _overdue(now: float, row: DeviceRow) -> Value:
    times = row.overdue(now)
    return None if times is None else round(times, 2)


_CALLED = {
    "group": "groups",
    "last seen": "last_connection_utc",
    "last connection": "last_connection_utc",
    "added": "created_utc",
    "created": "created_utc",
    "read": "read_utc",
    **{f"custom {number}": f"custom{number}" for number in range(1, 6)},
}
"""Columns that the screens call otherwise."""


def column_called(name: str) -> str:
    """Return the column that somebody means; raises ValueError with a sentence."""
    wanted = " ".join(name.lower().replace("_", " ").replace("-", " ").split())
    wanted = _CALLED.get(wanted, wanted.replace(" ", "_"))
    known = (*DEVICE_COLUMNS, OVERDUE)
    if wanted not in known:
        raise ValueError(f"There is no column {name}; there are: {', '.join(known)}.")
    return wanted


def record_of(row: RowT, columns: Columns[RowT]) -> dict[str, Value]:
    """Return what some columns say of a record, exactly."""
    return {name: tell(row) for name, tell in columns.items()}


def cells_of(row: RowT, columns: Columns[RowT]) -> list[str]:
    """Return what some columns say of a record, as text; nothing stands for what is not known."""
    return [_cell(tell(row)) for tell in columns.values()]


def csv_text(rows: Iterable[Iterable[str]], *, guarded: bool = True) -> str:
    """Return rows as CSV; guarded, an apostrophe goes before what a spreadsheet would compute."""
    text = io.StringIO(newline="")
    table = csv.writer(text)
    if guarded:
        table.writerows([csv_guard(cell) for cell in row] for row in rows)
    else:
        table.writerows(rows)
    return text.getvalue()


def rows_csv(rows: Iterable[RowT], columns: Columns[RowT], *, guarded: bool = True) -> str:
    """Return records as lines of CSV, without their head."""
    return csv_text((cells_of(row, columns) for row in rows), guarded=guarded)


def rows_jsonl(rows: Iterable[RowT], columns: Columns[RowT], *, ascii_only: bool = False) -> str:
    """Return records as lines of JSON, one each."""
    return "".join(f"{json_text(record_of(row, columns), ascii_only=ascii_only)}\n" for row in rows)


def json_text(record: Mapping[str, Any], *, ascii_only: bool = False) -> str:
    """Return a record as one line of JSON."""
    return json.dumps(record, ensure_ascii=ascii_only)


def _cell(value: Value) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "" if value is None else str(value)
