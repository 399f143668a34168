"""What a list of devices asks for, and the SQL that answers it."""

import re
from dataclasses import dataclass
from enum import StrEnum

Value = str | int | float
"""A bound parameter."""

TRIGRAM = 3
"""Shorter words cannot use the search index; they are looked for in every row."""

_GLOB_SPECIAL = re.compile(r"[*?\[]")


class Order(StrEnum):
    """Columns a list of devices can be sorted by."""

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

    def condition(self) -> tuple[str, list[Value]]:
        """Return a WHERE condition and its parameters."""
        parts = ["account = ?"]
        values: list[Value] = [self.account]
        for word in self.words:
            pattern = "*" + _GLOB_SPECIAL.sub(r"[\g<0>]", word.lower()) + "*"
            if len(word) >= TRIGRAM:
                parts.append("id IN (SELECT rowid FROM device_search WHERE search GLOB ?)")
            else:
                parts.append("search GLOB ?")
            values.append(pattern)
        return " AND ".join(parts), values

    def ordering(self) -> str:
        """Return the ORDER BY terms; the id makes every place unique."""
        way = "DESC" if self.descending else "ASC"
        return f"{self.order} {way}, id {way}"


def split_words(text: str) -> tuple[str, ...]:
    """Split what somebody typed into words; quotes keep spaces inside one."""
    return tuple(
        quoted or bare for quoted, bare in re.findall(r'"([^"]+)"?|(\S+)', text) if quoted or bare
    )
