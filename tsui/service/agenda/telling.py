"""The agenda as scripts, exports and plain text have it."""

from collections.abc import Sequence
from datetime import tzinfo
from typing import Any

from tsui.service.agenda.ics import calendar
from tsui.service.agenda.model import Agenda, Group, Obligation, group_of
from tsui.service.export import Columns, moment_text
from tsui.service.export_formats import ICS, Exports, Pieces, exports_of_rows

VERSION = 1
"""Version of the JSON."""


def columns(now: float, zone: tzinfo | None = None) -> Columns[Obligation]:
    """Return what an export says of an obligation at a time."""
    return {
        "due_utc": lambda each: moment_text(each.due),
        "group": lambda each: str(group_of(each.due, now, zone)),
        "kind": lambda each: str(each.kind),
        "subject": lambda each: each.subject,
        "sentence": lambda each: each.sentence,
        "certainty": lambda each: str(each.certainty),
        "source": lambda each: each.source,
        "request": lambda each: each.request,
        "devices": lambda each: len(each.devices),
    }


def as_data(agenda: Agenda, account: str, zone: tzinfo | None = None) -> dict[str, Any]:
    """Return it as JSON has it."""
    made = columns(agenda.at, zone)
    return {
        "version": VERSION,
        "account": account,
        "at_utc": moment_text(agenda.at),
        "due": [
            {**{name: say(each) for name, say in made.items()}, "devices": list(each.devices)}
            for each in agenda.due
        ],
        "unknown": [
            {
                "kind": gap.kind,
                "number": gap.number,
                "sentence": gap.sentence,
                "blind": gap.is_blind,
            }
            for gap in agenda.gaps
        ],
    }


def grouped(
    due: Sequence[Obligation], now: float, zone: tzinfo | None = None
) -> dict[Group, list[Obligation]]:
    """Return obligations by when they are due, in the order of the groups."""
    groups: dict[Group, list[Obligation]] = {group: [] for group in Group}
    for each in due:
        groups[group_of(each.due, now, zone)].append(each)
    return groups


def exports(agenda: Agenda, account: str) -> Exports:
    """Return what an agenda can be exported as, a calendar among it."""
    rows = exports_of_rows("agenda", "obligation", agenda.due, columns(agenda.at))

    async def as_calendar() -> Pieces:
        yield calendar(agenda, account), len(agenda.due)

    return rows._replace(texts={**rows.texts, ICS: as_calendar})
