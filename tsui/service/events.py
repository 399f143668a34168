"""Events of the audit as they are shown and handed out."""

import json
from datetime import UTC, datetime
from typing import Any

from tsui.store.audit import AuditRow


def exported(row: AuditRow) -> str:
    """Return an event as a line of JSON: what the file has, and its time in words.

    Everything but ``time`` is what the hash is made of.
    """
    return json.dumps({"time": _moment(row), **row._asdict()})


def told(row: AuditRow) -> dict[str, Any]:
    """Return all that is known of an event, without what is empty, and its time in words."""
    known = {name: value for name, value in row._asdict().items() if value not in ("", None)}
    known["at"] = _moment(row)
    if row.fields:
        known["fields"] = json.loads(row.fields)
    return known


def _moment(row: AuditRow) -> str:
    return datetime.fromtimestamp(row.at, UTC).isoformat(timespec="milliseconds")


def subject(row: AuditRow) -> str:
    """Say in a few words what an event is about."""
    request = f"request {row.request}" if row.request else ""
    return " ".join(filter(None, (request, row.device)))


def detail(row: AuditRow) -> str:
    """Say in one line why, what came of it and what that rests on."""
    return "; ".join(filter(None, (row.note, row.problem, row.evidence, row.request_id)))
