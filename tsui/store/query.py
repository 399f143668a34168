"""What a list of devices asks for, and the SQL that answers it."""

from dataclasses import dataclass
from enum import StrEnum

from tsui.store.filtering import EVERYTHING, Filter, Now
from tsui.store.filtering.sql import Asked, condition
from tsui.store.text import storable

Value = str | int | float
"""A bound parameter."""

NUMBER = "(SELECT number FROM account WHERE name = ?)"
"""The number of an account, which devices have instead of its name."""


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
    filter: Filter = EVERYTHING
    """What they must be."""
    order: Order = Order.ICCID
    """The column sorted by."""
    descending: bool = False
    """Whether the order is turned round."""

    now: Now | None = None
    """The moment it is asked at; only filters that compare times need it."""

    def condition(self, device: str = "device") -> tuple[str, list[Value]]:
        """Return a WHERE condition on a device by its alias, and its parameters."""
        account = storable(self.account)
        where = f"{device}.account = {NUMBER}"
        if self.filter == EVERYTHING:
            return where, [account]
        test, values = condition(self.filter, Asked(device, NUMBER, account, self.now))
        return f"{where} AND {test}", [account, *values]

    def ordering(self) -> str:
        """Return the ORDER BY terms; the id makes every place unique."""
        way = "DESC" if self.descending else "ASC"
        return f"{self.order} {way}, id {way}"
