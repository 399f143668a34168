"""What a list of devices asks for, and the SQL that answers it."""

import json
import re
from dataclasses import dataclass
from enum import StrEnum

from tsui.store.text import searchable, storable

Value = str | int | float
"""A bound parameter."""

NUMBER = "(SELECT number FROM account WHERE name = ?)"
"""The number of an account, which devices have instead of its name."""

SINGLE_WORDS = 100
"""Words that are conditions of their own: SQLite takes expressions up to a depth of 1,000."""


class Order(StrEnum):
    """Columns a list of devices can be sorted by; each has an index."""

    ICCID = "iccid"
    IMEI = "imei"
    MDN = "mdn"
    STATE = "state"
    PLAN = "plan"
    GROUPS = "groups"
    IP = "ip"
    CUSTOM1 = "custom1"
    LAST_CONNECTION = "last_connection"
    CREATED = "created"


@dataclass(frozen=True, slots=True)
class DeviceQuery:
    """Which devices of an account, in which order."""

    account: str
    """The account."""
    words: tuple[str, ...] = ()
    """Each must occur somewhere in the device's searchable text, whatever its case."""
    order: Order = Order.ICCID
    """The column sorted by."""
    descending: bool = False
    """Whether the order is turned round."""

    def counting(self) -> tuple[str, list[Value]]:
        """Return the SQL that counts the devices, and its parameters."""
        test, values = self._test()
        if not test:
            sql = f"SELECT count(*) FROM device WHERE account = {NUMBER}"
            return sql, [storable(self.account)]
        where, values = self.condition()
        return f"SELECT count(*) FROM device WHERE {where}", values

    def condition(self, device: str = "device") -> tuple[str, list[Value]]:
        """Return a WHERE condition on a device by its alias, and its parameters."""
        test, values = self._test()
        where = f"{device}.account = {NUMBER}"
        if test:
            # A scalar sub-select is asked row by row, so that a list ends with its last row.
            where += f" AND (SELECT {test} FROM device_text WHERE id = {device}.id)"
        return where, [storable(self.account), *values]

    def ordering(self) -> str:
        """Return the ORDER BY terms; the id makes every place unique."""
        way = "DESC" if self.descending else "ASC"
        return f"{self.order} {way}, id {way}"

    def _test(self) -> tuple[str, list[Value]]:
        """Return a condition on the searchable text; the longest words go first, they rule out."""
        words = sorted({searchable(word) for word in self.words}, key=len, reverse=True)
        parts = ["instr(search, ?)"] * len(words[:SINGLE_WORDS])
        values: list[Value] = [*words[:SINGLE_WORDS]]
        if rest := words[SINGLE_WORDS:]:
            parts.append("NOT EXISTS (SELECT 1 FROM json_each(?) WHERE NOT instr(search, value))")
            values.append(json.dumps(rest))
        return " AND ".join(parts), values


def split_words(text: str) -> tuple[str, ...]:
    """Split what somebody typed into words; quotes keep spaces inside one."""
    return tuple(quoted or bare for quoted, bare in re.findall(r'"([^"]+)"?|(\S+)', text))
