"""Events of the audit as they are shown and handed out."""

import json
from collections.abc import AsyncGenerator, Sequence
from datetime import UTC, datetime
from operator import attrgetter
from typing import Any

from tsui.service.export import Columns, json_text, record_of
from tsui.store.audit import Audit, AuditRow

AT_ONCE = 2000
"""Events that are read and exported together."""


async def pages(audit: Audit, words: Sequence[str]) -> AsyncGenerator[list[AuditRow], None]:
    """Yield the whole events that hold some words, oldest first, a few at a time."""
    last = 0
    while rows := await audit.after(last, AT_ONCE, words=words):
        yield rows
        last = rows[-1].id


def exported(row: AuditRow) -> str:
    """Return an event as a line of JSON."""
    return json_text(record_of(row, COLUMNS), ascii_only=True)


def told(row: AuditRow) -> dict[str, Any]:
    """Return all that is known of an event, without what is empty, and its time in words."""
    known = {name: value for name, value in row._asdict().items() if value not in ("", None)}
    known["at"] = _moment(row)
    if row.fields:
        known["fields"] = json.loads(row.fields)
    return known


def _moment(row: AuditRow) -> str:
    return datetime.fromtimestamp(row.at, UTC).isoformat(timespec="milliseconds")


COLUMNS: Columns[AuditRow] = {
    "time": _moment,
    **{name: attrgetter(name) for name in AuditRow._fields},
}
"""What an export says of an event; everything but its time in words is what the hash is made of."""


def subject(row: AuditRow) -> str:
    """Say in a few words what an event is about."""
    request = f"request {row.request}" if row.request else ""
    return " ".join(filter(None, (request, row.device)))


def detail(row: AuditRow) -> str:
    """Say in one line why, what came of it and what that rests on."""
    return "; ".join(filter(None, (row.note, row.problem, row.evidence, row.request_id)))
