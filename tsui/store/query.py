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


IS_LATE = "rhythm.expected_at > 0 AND rhythm.expected_at <= ?"
"""Whether a device's usual gap is over at a moment."""


class Order(StrEnum):
    """What a list of devices can be sorted by: columns with an index, and how overdue they are."""

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
    OVERDUE = "overdue"


_TIMES = (
    "coalesce((SELECT ({now} - silent_since) / usual_gap FROM rhythm WHERE rhythm.id = device.id "
    "AND expected_at > 0 AND expected_at <= {now}), 0)"
)
"""How overdue a device is, for those that read all of a list in its order."""


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
    """The moment it is asked at; only what compares times needs it."""

    def condition(self, device: str = "device", *, each: bool = False) -> tuple[str, list[Value]]:
        """Return a WHERE condition on a device by its alias, and its parameters.

        It is quicker for a few devices that are looked at one by one if ``each`` says so.
        """
        account = storable(self.account)
        where = f"{device}.account = {NUMBER}"
        if self.filter == EVERYTHING:
            return where, [account]
        test, values = condition(self.filter, Asked(device, NUMBER, account, self.now, each))
        return f"{where} AND {test}", [account, *values]

    @property
    def moment(self) -> float:
        """The moment it is asked at, in Unix time; raises ValueError where nobody said."""
        if self.now is None:
            raise ValueError("an order that goes by the time needs to know what time it is")
        return float(self.now.at)

    def ordering(self) -> str:
        """Return the ORDER BY terms; the id makes every place unique."""
        way, back = ("DESC", "ASC") if self.descending else ("ASC", "DESC")
        if self.order is Order.OVERDUE:
            times = _TIMES.format(now=repr(self.moment))
            iccid = f"CASE WHEN {times} = 0 THEN device.iccid END"
            return f"{times} {back}, {iccid} {way}, device.id {way}"
        return f"{self.order} {way}, id {way}"
