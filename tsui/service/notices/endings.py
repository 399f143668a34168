"""How our own changes ended where somebody has to look at it, in words."""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from tsui.store.audit import AuditRow
from tsui.store.changes import CONTRADICTED, ChangeState, DeviceChange
from tsui.store.notice import Draft, Severity

SOURCE = "our change"
"""Who says so."""


class _Ending(NamedTuple):
    severity: Severity
    kind: str
    sentence: str


_ENDINGS: Mapping[str, _Ending] = {
    ChangeState.FAILED: _Ending(Severity.WARNING, "change failed", "{}: failed."),
    ChangeState.REFUSED: _Ending(Severity.WARNING, "change failed", "{}: refused."),
    ChangeState.UNKNOWN: _Ending(
        Severity.WARNING, "change unknown", "{}: nobody knows yet whether it was done."
    ),
    ChangeState.NOT_SENT: _Ending(Severity.INFO, "change failed", "{}: it was not sent."),
    CONTRADICTED: _Ending(Severity.ALARM, "change unknown", "{}: ThingSpace contradicts itself."),
}

EVENTS = tuple(str(event) for event in _ENDINGS)
"""Events of the audit that are told of."""


def drafts_of(rows: Iterable[AuditRow], changes: Iterable[DeviceChange]) -> list[Draft]:
    """Return what is to be told of events, given the changes of their requests."""
    of_request: dict[int, list[DeviceChange]] = {}
    for change in changes:
        of_request.setdefault(change.request, []).append(change)
    return [_draft(row, of_request.get(row.request or 0, [])) for row in rows]


def _draft(row: AuditRow, changes: list[DeviceChange]) -> Draft:
    ending = _ENDINGS[row.event]
    mine = [each for each in changes if row.device in (each.identifier, "")]
    one = mine[0] if len(mine) == 1 else None
    why = (row.evidence if row.event == CONTRADICTED else row.problem).strip()
    batch = changes[0].batch if changes else ""
    return Draft(
        f"audit:{row.id}", row.at, ending.severity, ending.kind,
        f"{ending.sentence.format(row.title)} {why}".strip(), SOURCE,
        account=row.account, device=one.device_key if one else "",
        subject=one.identifier if one else row.device,
        change=one.id if one else (changes[0].id if changes else None),
        body={"request": row.request, "event": row.event, "evidence": row.evidence},
        fold=f"{batch or row.request}:{row.event}",
        devices=1 if row.device else max(1, row.devices),
    )  # fmt: skip
