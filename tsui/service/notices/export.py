"""What an export says of a notice."""

from datetime import UTC, datetime
from operator import attrgetter

from tsui.service.export import Columns
from tsui.store.notice import Notice, Way


def _moment(at: float | None) -> str:
    return "" if at is None else datetime.fromtimestamp(at, UTC).isoformat(timespec="seconds")


COLUMNS: Columns[Notice] = {
    "time": lambda notice: _moment(notice.at),
    "severity": lambda notice: notice.severity.name.lower(),
    **{name: attrgetter(name) for name in ("kind", "sentence", "device", "subject", "devices")},
    **{name: attrgetter(name) for name in ("groups", "account", "source", "message", "change")},
    "acknowledged": lambda notice: _moment(notice.acked_at),
    "by": lambda notice: notice.acked_by,
    "note": lambda notice: notice.ack_note,
    "muted": lambda notice: "" if notice.muted is Way.NOT else notice.muted.name.lower(),
}
"""Columns by their names; times are in UTC."""
