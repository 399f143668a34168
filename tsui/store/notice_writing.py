"""Writing notices: each origin once, what was told and seen as one, and floods folded.

Each function works inside a transaction of its caller.
"""

import json
from typing import Any

import apsw

from tsui.store.notice import ANYTHING, Draft
from tsui.store.text import storable

SINGLE = 50
"""Notices that share a fold and are kept each for itself; those beyond are one that counts them."""

TOGETHER = 3600.0
"""Seconds within which what is told of a device and what is seen of it are the same happening."""

_PUT = (
    "INSERT INTO notice (origin, at, severity, kind, account, device, subject, sentence, source, "
    "message, change, body, groups, thing, fold, devices) "
    "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING id"
)
_SAME = (
    "SELECT id FROM notice WHERE account IN (:account, '') AND device = :device AND thing <> '' "
    f"AND (thing IN (:thing, '{ANYTHING}') OR :thing = '{ANYTHING}') AND devices = 1 "
)
_SEEN_BEFORE = f"{_SAME} AND message IS NULL AND at >= :at - {TOGETHER} ORDER BY id DESC LIMIT 1"
_TOLD_BEFORE = (
    f"{_SAME} AND message IS NOT NULL AND seen = '' AND at >= :since - {TOGETHER} "
    "ORDER BY id DESC LIMIT 1"
)


def put(connection: apsw.Connection, draft: Draft) -> int | None:
    """Write a notice down; returns the id of the row that changed, None where none did."""
    draft = _storable(draft)
    if _is_known(connection, draft.origin):
        return None
    if draft.thing and draft.device:
        values = draft._asdict()
        if draft.message is None and (told := connection.execute(_TOLD_BEFORE, values).get):
            return _seen_too(connection, int(told), draft)
        if draft.message is not None and (seen := connection.execute(_SEEN_BEFORE, values).get):
            return _told_too(connection, int(seen), draft)
    if draft.fold and _count(connection, draft.fold) >= SINGLE:
        return _fold(connection, draft)
    return _insert(connection, draft)


def _is_known(connection: apsw.Connection, origin: str) -> bool:
    sql = "SELECT EXISTS (SELECT 1 FROM notice WHERE origin = ?1 OR (seen = ?1 AND seen <> ''))"
    return bool(connection.execute(sql, (origin,)).get)


def _seen_too(connection: apsw.Connection, notice: int, draft: Draft) -> int:
    connection.execute(
        "UPDATE notice SET seen = ?, sentence = sentence || ' ' || ? WHERE id = ?",
        (draft.origin, draft.sentence, notice),
    )
    return notice


def _told_too(connection: apsw.Connection, notice: int, draft: Draft) -> int:
    connection.execute(
        "UPDATE notice SET seen = origin, origin = ?, severity = max(severity, ?), kind = ?, "
        "sentence = ? || ' ' || sentence, source = ?, message = ?, change = ? WHERE id = ?",
        (
            draft.origin, int(draft.severity), draft.kind, draft.sentence, draft.source,
            draft.message, draft.change, notice,
        ),
    )  # fmt: skip
    return notice


def _count(connection: apsw.Connection, fold: str) -> int:
    return int(connection.execute("SELECT count(*) FROM notice WHERE fold = ?", (fold,)).get)


def _fold(connection: apsw.Connection, draft: Draft) -> int:
    """Count a notice among those like it; who had taken note of fewer has to look again."""
    origin = f"fold:{draft.fold}"
    found = connection.execute(
        "UPDATE notice SET devices = devices + ?, at = max(at, ?), severity = max(severity, ?), "
        "acked_at = NULL, acked_by = '', ack_note = '' WHERE origin = ? RETURNING id",
        (draft.devices, draft.at, int(draft.severity), origin),
    ).get
    if found is not None:
        return int(found)
    alone: dict[str, Any] = {"device": "", "subject": "", "thing": "", "fold": ""}
    return _insert(connection, draft._replace(origin=origin, **alone))


def _insert(connection: apsw.Connection, draft: Draft) -> int:
    values = (
        draft.origin, draft.at, int(draft.severity), draft.kind, draft.account, draft.device,
        draft.subject, draft.sentence, draft.source, draft.message, draft.change,
        json.dumps(draft.body), draft.groups, draft.thing, draft.fold, draft.devices,
    )  # fmt: skip
    return int(connection.execute(_PUT, values).get)


def _storable(draft: Draft) -> Draft:
    values: list[Any] = [storable(each) if isinstance(each, str) else each for each in draft]
    return Draft(*values)
