"""Exports: safe in a spreadsheet, exact in JSON."""

import csv
import io
import json

import pytest

from tsui.service.export import (
    DEVICE_COLUMNS,
    column_called,
    csv_text,
    rows_csv,
    rows_jsonl,
)
from tsui.store.device import DeviceRow

HOSTILE = ["=1+1", "+1", "-1", "@SUM(A1)", "\tx", "\rx", 'a"b', "a,b", "a\nb", "", "plain"]


def row(*, custom1: str = "", connected: int | None = None, at: float = 0.0) -> DeviceRow:
    return DeviceRow(
        1, "iccid:89", "89", "", "", "", "active", "", "", "",
        custom1, "", "", "", "", connected, at, at, at,
    )  # fmt: skip


def test_what_a_spreadsheet_would_compute_gets_an_apostrophe() -> None:
    (cells,) = csv.reader(io.StringIO(csv_text([HOSTILE]), newline=""))
    guarded = [f"'{each}" if each[:1] in "=+-@\t\r" and each else each for each in HOSTILE]
    assert cells == guarded
    (exact,) = csv.reader(io.StringIO(csv_text([HOSTILE], guarded=False), newline=""))
    assert exact == HOSTILE


@pytest.mark.parametrize("text", HOSTILE)
def test_json_is_exact(text: str) -> None:
    line = rows_jsonl([row(custom1=text)], DEVICE_COLUMNS)
    assert line.count("\n") == 1
    assert json.loads(line)["custom1"] == text


def test_what_is_not_known_is_null_and_empty_and_never_no() -> None:
    columns = {name: DEVICE_COLUMNS[name] for name in ("connected", "last_connection_utc")}
    unknown, no, yes = row(), row(connected=0, at=1.0), row(connected=1, at=1.0)
    assert rows_csv([unknown, no, yes], columns).split() == [
        ",",
        "no,1970-01-01T00:00:01Z",
        "yes,1970-01-01T00:00:01Z",
    ]
    told = [
        json.loads(line)["connected"]
        for line in rows_jsonl([unknown, no, yes], columns).splitlines()
    ]
    assert told == [None, False, True]


@pytest.mark.parametrize(
    ("called", "name"),
    [
        ("ICCID", "iccid"),
        ("last seen", "last_connection_utc"),
        ("LAST_SEEN", "last_connection_utc"),
        ("custom 2", "custom2"),
        ("Group", "groups"),
        ("read_utc", "read_utc"),
    ],
)
def test_columns_have_the_names_of_the_screens_too(called: str, name: str) -> None:
    assert column_called(called) == name


def test_an_unknown_column_is_told_with_those_there_are() -> None:
    with pytest.raises(ValueError, match="no column colour; there are: iccid, "):
        column_called("colour")
