"""The SQL of windows of the device list: by their place, or beside a row that is known.

A place in the middle of a million rows is counted up to, which takes 20 ms; a row that is known is
found at once in the index that sorts them.
"""

from tsui.store.device import DeviceRow
from tsui.store.query import DeviceQuery, Value

Sql = tuple[str, list[Value]]
"""A statement, and the values bound in it."""

DEEP = 20_000
"""Rows that are passed over one by one rather than told all at once."""

COLUMNS = ", ".join(DeviceRow._fields)
"""What is read of a device."""

ROWS = f"SELECT {COLUMNS} FROM device JOIN device_seen USING (id) LEFT JOIN rhythm USING (id)"
"""Begins what reads whole rows."""


def of(name: str, found: str | None) -> Sql:
    """Return where devices come from under a name: the table, or those found already."""
    if found is None:
        return f"device AS {name}", []
    # A cross join keeps this order: few devices are found, and each is looked up by its id.
    return f"json_each(?) AS hit CROSS JOIN device AS {name} ON {name}.id = hit.value", [found]


def counting(query: DeviceQuery, found: str | None, at_most: int | None) -> Sql:
    """Return what counts devices; the count ends where there are so many of them."""
    source, given = of("device", found)
    where, values = query.condition(each=found is not None or at_most is not None)
    limit = "" if at_most is None else f" LIMIT {at_most:d}"
    sql = f"SELECT count(*) FROM (SELECT 1 FROM {source} WHERE {where}{limit})"
    return sql, [*given, *values]


def placing(query: DeviceQuery, found: str | None, device: int) -> Sql:
    """Return what tells the place of a device; no row, or NULL, when it is left out."""
    source, given = of("other", found)
    before, values = query.condition("other", each=found is not None)
    here, same_values = query.condition("me", each=True)
    compare = ">" if query.descending else "<"
    sql = (
        f"SELECT (SELECT count(*) FROM {source} WHERE {before} AND "
        f"(other.{query.order}, other.id) {compare} (me.{query.order}, me.id)) "
        f"FROM device AS me WHERE me.id = ? AND {here}"
    )
    return sql, [*given, *values, device, *same_values]


def one(device: int) -> Sql:
    """Return what reads one row."""
    return f"{ROWS} WHERE id = ?", [device]


def at_place(query: DeviceQuery, found: str | None, offset: int, limit: int) -> Sql:
    """Return what reads rows from a place on."""
    source, given = of("device", found)
    where, values = query.condition(each=found is not None or offset < DEEP)
    # The inner SELECT is answered by an index alone; whole rows are read for the window only.
    sql = (
        f"{ROWS} WHERE id IN (SELECT device.id FROM {source} WHERE {where} "
        f"ORDER BY {_order(query)} LIMIT ? OFFSET ?) ORDER BY {_order(query)}"
    )
    return sql, [*given, *values, limit, offset]


def from_end(query: DeviceQuery, left: int, limit: int) -> Sql:
    """Return what reads rows behind which some are left."""
    where, values = query.condition(each=True)
    sql = (
        f"{ROWS} WHERE id IN (SELECT device.id FROM device WHERE {where} "
        f"ORDER BY {_order(query, back=True)} LIMIT ? OFFSET ?) ORDER BY {_order(query)}"
    )
    return sql, [*values, limit, left]


def beside(
    query: DeviceQuery, found: str | None, row: DeviceRow, skip: int, limit: int, *, back: bool
) -> Sql:
    """Return what reads rows behind a row that is known, or before it, some of them skipped."""
    source, given = of("device", found)
    where, values = query.condition(each=True)
    column, known = query.order, getattr(row, query.order)
    compare = "<" if query.descending != back else ">"
    order = _order(query, back=back)
    # Rows of the same value come first; together with the others they would be sorted anew.
    tied = (
        f"SELECT device.id, device.{column} FROM {source} WHERE {where} "
        f"AND device.{column} = ? AND device.id {compare} ? ORDER BY {order} LIMIT ?"
    )
    others = (
        f"SELECT device.id, device.{column} FROM {source} WHERE {where} "
        f"AND device.{column} {compare} ? ORDER BY {order} LIMIT ?"
    )
    sql = (
        f"{ROWS} WHERE id IN (SELECT id FROM (SELECT * FROM ({tied}) UNION ALL "
        f"SELECT * FROM ({others})) AS device ORDER BY {order} LIMIT ? OFFSET ?) "
        f"ORDER BY {_order(query)}"
    )
    most = skip + limit
    first = [*given, *values, known, row.id, most]
    return sql, [*first, *given, *values, known, most, limit, skip]


def _order(query: DeviceQuery, *, back: bool = False) -> str:
    way = "DESC" if query.descending != back else "ASC"
    return f"device.{query.order} {way}, device.id {way}"
