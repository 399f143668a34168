"""The columns of the list of devices."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from tsui.service.views import ChangeState, DeviceRow, Order, UnderWay
from tsui.ui import words
from tsui.ui.layout import CHOSEN, WIDE
from tsui.ui.painted import Run
from tsui.ui.rhythm_text import overdue
from tsui.ui.widgets.table import Column

if TYPE_CHECKING:
    from tsui.ui.app import TsuiApp

SORTS = {
    Order.ICCID: "ICCID",
    Order.STATE: "State",
    Order.LAST_CONNECTION: "Last seen",
    Order.OVERDUE: "Overdue: the most times its usual gap first",
    Order.CUSTOM1: "Custom field 1",
    Order.PLAN: "Plan",
    Order.GROUPS: "Group",
    Order.IMEI: "IMEI",
    Order.MDN: "MDN",
    Order.IP: "IP address",
    Order.CREATED: "Added",
}
"""Orders, and how they are called."""

Cell = Callable[[DeviceRow], Run]


def device_columns(
    shell: TsuiApp, under_way: Mapping[str, UnderWay], order: Order
) -> list[Column[DeviceRow]]:
    """Return the columns; the most telling ones stay longest on a narrow screen."""
    overdue = 1 if order is Order.OVERDUE else 7
    return [
        Column("ICCID", 20, _value("iccid", "text"), 0, order=Order.ICCID),
        Column("STATE", 20, _state(under_way), 1, order=Order.STATE),
        Column("LAST SEEN", 11, _last_seen(shell), 2, order=Order.LAST_CONNECTION),
        Column("OVERDUE", 9, _overdue(shell), overdue, order=Order.OVERDUE),
        Column("CUSTOM 1", 13, _value("custom1", "text"), 3, grows=True, order=Order.CUSTOM1),
        Column("PLAN", 10, _value("plan"), 4, order=Order.PLAN),
        Column("GROUP", 14, _value("groups"), 5, grows=True, order=Order.GROUPS),
        Column("IMEI", 15, _value("imei"), 6, order=Order.IMEI),
        Column("MDN", 10, _value("mdn"), WIDE, order=Order.MDN),
        Column("IP", 15, _value("ip"), WIDE + 1, order=Order.IP),
        Column("EID", 32, _value("eid"), CHOSEN),
        *(Column(f"CUSTOM {n}", 20, _value(f"custom{n}"), CHOSEN) for n in range(2, 6)),
        Column("ADDED", 11, _added(shell), CHOSEN, order=Order.CREATED),
        Column("READ", 11, _read(shell), CHOSEN),
    ]


def _value(name: str, look: str = "dim") -> Cell:
    return lambda row: (words.field(getattr(row, name)), look)


def _state(under_way: Mapping[str, UnderWay]) -> Cell:
    def cell(row: DeviceRow) -> Run:
        change = under_way.get(row.key)
        text, look = words.state(row.state)
        if change is None or look == "info":
            return text, look
        if change.state is ChangeState.UNKNOWN:
            return f"? {change.title.lower()}: unknown", "bad"
        return f"◌ {change.title.lower()} sent", "info"

    return cell


def _last_seen(shell: TsuiApp) -> Cell:
    def cell(row: DeviceRow) -> Run:
        return ("online", "good") if row.connected else (_moment(shell, row.last_connection), "dim")

    return cell


def _overdue(shell: TsuiApp) -> Cell:
    return lambda row: overdue(row, shell.workspace.clock.now().timestamp())


def _added(shell: TsuiApp) -> Cell:
    return lambda row: (_moment(shell, row.created), "dim")


def _read(shell: TsuiApp) -> Cell:
    return lambda row: (_moment(shell, row.read_at), "dim")


def _moment(shell: TsuiApp, at: float) -> str:
    return words.short_moment(at, shell.workspace.clock.now().timestamp(), utc=shell.use_utc)
