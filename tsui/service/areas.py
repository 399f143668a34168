"""Areas: what belongs together of what is remembered, as plain lists."""

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from tsui.service.export import Columns, moment_text
from tsui.service.replies import records, text
from tsui.service.workspace import Workspace
from tsui.store.readings import Reading

MOST = 1000
"""Rows of one kind that an area shows, newest first."""


UNREAD = "could not be read"
"""Subject of a line that tells why something was not read again."""


class AreaRow(NamedTuple):
    """A line of an area."""

    at: float | None
    """Unix time; None for what has none."""
    what: str
    """What it is."""
    subject: str
    """What it is about."""
    detail: str
    """The rest, in one line."""
    body: Any
    """All that is known of it."""


COLUMNS: Columns[AreaRow] = {
    "at_utc": lambda row: moment_text(row.at),
    "what": lambda row: row.what,
    "subject": lambda row: row.subject,
    "detail": lambda row: row.detail,
}
"""What an export says of a line."""


class Area(NamedTuple):
    """One area of the program."""

    name: str
    """Its name on the command line."""
    title: str
    """Its title."""
    empty: str
    """What to say when there is nothing to show."""
    operations: tuple[str, ...] = ()
    """Operations that belong to it."""
    reads: tuple[str, ...] = ()
    """Reads that need nothing but the account; refreshing the area runs them."""
    answers: tuple[str, ...] = ()
    """Operations whose last answers are shown."""
    changes: tuple[str, ...] = ()
    """Operations whose requests are shown."""


MONITORS = Area(
    "monitors",
    "Monitors",
    "No monitor was set from here yet; n offers what can be done.",
    operations=("MonitorReachability", "ListMonitors", "StopMonitors", "GetReachability"),
    answers=("ListMonitors",),
    changes=("MonitorReachability", "StopMonitors"),
)

AREAS = {each.name: each for each in (MONITORS,)}
"""Areas that are plain lists, by name."""


async def rows_of(area: Area, workspace: Workspace) -> list[AreaRow]:
    """Return the lines of an area from what is remembered."""
    rows = await _requests(workspace, area.changes)
    for name in area.answers:
        rows += await _answer(workspace, name)
    return rows


async def _requests(workspace: Workspace, names: Iterable[str]) -> list[AreaRow]:
    return [
        AreaRow(
            each.created_at, each.state, each.identifier,
            f"{each.title} {each.problem}".strip(),
            {"operation": each.operation, "state": each.state, "device": each.identifier,
             "fields": dict(each.fields), "answer": each.answer, "problem": each.problem,
             "requestId": each.request_id},
        )
        for each in await workspace.changes_by_operation(names, MOST)
    ]  # fmt: skip


async def _answer(workspace: Workspace, name: str) -> list[AreaRow]:
    reading = await workspace.last_answer(name)
    return _rows_of_reading(name, reading, records(reading.body) if reading else None)


def _rows_of_reading(
    what: str, reading: Reading | None, bodies: Sequence[Any] | None
) -> list[AreaRow]:
    """Return a line for each body of what was read last, or for the whole of it.

    Before them stands that reading it again failed.
    """
    if reading is None:
        return []
    rows: list[AreaRow] = []
    if reading.trouble:
        kept = "" if reading.read_at is None else " What follows is older."
        rows.append(
            AreaRow(
                reading.tried_at, what, UNREAD, f"{reading.trouble}{kept}",
                {"problem": reading.trouble, "answeredBefore": reading.read_at is not None},
            )
        )  # fmt: skip
    if reading.read_at is not None and not reading.body:
        rows.append(AreaRow(reading.read_at, what, "none", "", reading.body))
    elif reading.body:
        rows += [_row(reading.read_at, what, each) for each in bodies or [reading.body]]
    return rows


def _row(at: float | None, what: str, body: Any) -> AreaRow:
    values = list(records([body])[0].values()) if isinstance(body, dict) else [text(body)]
    return AreaRow(at, what, values[0] if values else "", "  ".join(values[1:]), body)
