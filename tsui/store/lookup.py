"""Looking many identifiers up at once: exactly, or by how they begin or end."""

import json
from collections.abc import Iterable, Sequence
from typing import Literal, NamedTuple

import apsw

from tsui.ident import Kind
from tsui.store.query import NUMBER, Value
from tsui.store.text import storable

COLUMNS = (Kind.ICCID, Kind.IMEI, Kind.MDN, Kind.EID)
"""Identifiers that are columns of a device."""

KEYS = tuple(kind for kind in Kind if kind not in COLUMNS)
"""Identifiers by which a device is found only where it is named by them."""

MOST = 3
"""Devices that are told of a beginning or an ending; two are too many already."""

Where = Literal["iccid", "imei", "mdn", "iccid_reversed", "imei_reversed", "mdn_reversed"]
"""Columns whose beginnings can be looked up; reversed ones tell how an identifier ends."""


class Hit(NamedTuple):
    """A device that has an identifier."""

    value: str
    """The identifier."""
    kind: Kind
    """What it is to the device."""
    device: int
    """The device."""
    account: str
    """The account it belongs to."""


class Span(NamedTuple):
    """Identifiers between two texts, the second excluded."""

    where: Where
    """The column."""
    low: str
    """The first of them."""
    high: str
    """What comes behind the last."""
    length: int = 0
    """Digits that they have; 0 where any number will do."""


def look_up(
    connection: apsw.Connection, accounts: Sequence[str], values: Iterable[str]
) -> list[Hit]:
    """Return the devices of some accounts that have one of these identifiers."""
    parts = [
        f"SELECT value, '{kind}', device.id, name FROM wanted CROSS JOIN whose "
        f"CROSS JOIN device ON account = whose.number AND {kind} = value"
        for kind in COLUMNS[:-1]
    ]
    parts.append(
        "SELECT value, 'eid', device.id, name FROM wanted CROSS JOIN whose "
        "CROSS JOIN device ON account = whose.number AND eid = value AND eid <> ''"
    )
    parts += [
        f"SELECT value, '{kind}', device.id, name FROM wanted CROSS JOIN whose "
        f"CROSS JOIN device ON account = whose.number AND key = '{kind}:' || value"
        for kind in KEYS
    ]
    sql = (
        "WITH wanted (value) AS MATERIALIZED (SELECT value FROM json_each(?)), "
        "whose (number, name) AS MATERIALIZED "
        "(SELECT number, name FROM account WHERE name IN (SELECT value FROM json_each(?))) "
        + " UNION ALL ".join(parts)
    )
    given = (
        json.dumps([storable(value) for value in values if value]),
        json.dumps([storable(account) for account in accounts]),
    )
    return [
        Hit(value, Kind(kind), device, account)
        for value, kind, device, account in connection.execute(sql, given)
    ]


def look_between(connection: apsw.Connection, account: str, span: Span) -> list[int]:
    """Return the first few devices of an account with an identifier in a span."""
    sql = (
        f"SELECT id FROM device WHERE account = {NUMBER} "
        f"AND {span.where} >= ? AND {span.where} < ? AND (? OR length({span.where}) = ?) LIMIT ?"
    )
    values: list[Value] = [
        storable(account), span.low, span.high, not span.length, span.length, MOST,
    ]  # fmt: skip
    return [int(row[0]) for row in connection.execute(sql, values)]


def other_accounts(connection: apsw.Connection, account: str) -> list[str]:
    """Return the other accounts whose devices were read here."""
    sql = "SELECT account FROM sync WHERE account <> ?"
    return [str(row[0]) for row in connection.execute(sql, (storable(account),))]
