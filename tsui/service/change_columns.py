"""What an export says of a change of one device."""

from collections.abc import Callable

from tsui.service.export import Columns, Value, moment_text
from tsui.service.kinds import ACCOUNT
from tsui.store.changes import OPEN, DeviceChange


def _plain(name: str) -> Callable[[DeviceChange], Value]:
    return lambda change: getattr(change, name) or None


CHANGE_COLUMNS: Columns[DeviceChange] = {
    "request": lambda change: change.request,
    "created_utc": lambda change: moment_text(change.created_at),
    "sent_utc": lambda change: moment_text(change.sending_at),
    "state": lambda change: change.state.value,
    "state_since_utc": lambda change: moment_text(change.changed_at),
    "open": lambda change: change.state in OPEN,
    "operation": _plain("operation"),
    "change": _plain("title"),
    "kind": _plain("kind"),
    "id": _plain("identifier"),
    "devices": lambda change: None if change.kind == ACCOUNT else change.devices,
    "problem": _plain("problem"),
    "evidence": _plain("evidence"),
    "contradiction": _plain("contradiction"),
    "request_id": _plain("request_id"),
    "account": _plain("account"),
    "operator": _plain("operator"),
    "profile": _plain("profile"),
    "note": _plain("note"),
}
"""What can be exported of a change; ``request`` is its number here, ``request_id`` ThingSpace's."""
