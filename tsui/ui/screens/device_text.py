"""What is known of a device, as lines: four honest answers, never a blank."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from tsui.service.parts import Part
from tsui.service.views import DeviceChange, Reading
from tsui.text import sanitize
from tsui.ui import words
from tsui.ui.list_state import TRY_AGAIN, Nothing
from tsui.ui.outcomes import outcome
from tsui.ui.painted import Line, Run
from tsui.ui.screens.sessions_text import session_lines

NAME = 28
"""Cells a name may take before its value."""


@dataclass(frozen=True, slots=True)
class View:
    """How things are shown."""

    now: float
    """Unix time."""
    utc: bool
    """Whether times are in UTC."""

    def at(self, value: Any) -> str:
        """Say a time."""
        return words.moment(float(value), utc=self.utc) if value else words.UNKNOWN

    def when(self, text: Any) -> str:
        """Say a time of an answer; one that cannot be read stays as it is."""
        try:
            return self.at(datetime.fromisoformat(str(text)).timestamp())
        except ValueError:
            return str(text or "")


def facts(pairs: Iterable[tuple[str, str, str]]) -> list[Line]:
    """Return names, values and looks as aligned lines; both texts are sanitised here."""
    known = [(sanitize(name, NAME), value, look) for name, value, look in pairs]
    width = max((len(name) for name, _, _ in known), default=0)
    return [
        [(f" {name:<{width}}  ", "dim"), (sanitize(value) or words.UNKNOWN, look)]
        for name, value, look in known
    ]


def part(name: str, title: str, reading: Reading | None, view: View, offline: str) -> list[Line]:
    """Say what was read of a part, how old it is, and why it could not be read again."""
    lines: list[Line] = [[(f" {title}", "title"), *_freshness(reading, view)], []]
    if reading is not None and reading.body is not None:
        return [*lines, *_BODIES[name](reading.body, view)]
    return [*lines, *_nothing(reading, offline).lines()]


def _nothing(reading: Reading | None, offline: str) -> Nothing:
    trouble = reading.trouble if reading else ""
    is_asked = reading is None and not offline
    return Nothing(
        "ThingSpace told nothing.", TRY_AGAIN, reading="this" if is_asked else "",
        trouble=trouble, offline=offline,
    )  # fmt: skip


def requests(changes: Sequence[DeviceChange], view: View) -> list[Line]:
    """Say what was changed from here."""
    if not changes:
        return [[], [(" Nothing was changed on this device from here.", "dim")]]
    lines: list[Line] = []
    for change in changes:
        text, look = outcome(change)
        lines.append(
            [
                (f" {view.at(change.created_at)}  ", "dim"),
                (f"{sanitize(change.title, 30):<18} ", "text"),
                (f"{text:<16} ", look),
                (sanitize(change.problem or change.evidence, 200), "dim"),
            ]
        )
    return lines


def _freshness(reading: Reading | None, view: View) -> Line:
    runs: list[Run] = []
    if reading is None or reading.read_at is None:
        return runs
    runs.append((f" read {words.age(view.now - reading.read_at)} ago", "dim"))
    if reading.trouble:
        runs.append((f" {sanitize(reading.trouble, 300)}", "bad"))
    return runs


def _diagnostics(body: Any, _: View) -> list[Line]:
    lines: list[Line] = []
    for category in body:
        lines.append([(f" {sanitize(str(category.get('name', '')))}", "head")])
        values = category.get("values", {})
        lines += facts((key, value, "text") for key, value in values.items())
        lines.append([])
    return lines or [[(" ThingSpace told nothing.", "dim")]]


def _usage(body: Any, _: View) -> list[Line]:
    """Say in a line what the days come to; their part of the device shows them one by one."""
    amounts = [day["bytes"] for day in body if day["bytes"] is not None]
    told = f" {words.size(sum(amounts))} in {words.number(len(amounts), 'day')} that were told"
    return [[(told, "strong")]]


def _sessions(body: Any, view: View) -> list[Line]:
    return session_lines(body, view.now, utc=view.utc)


def _provisioning(body: Any, view: View) -> list[Line]:
    if not body:
        return [[(" Nothing was changed on this line in the last year.", "text")]]
    lines: list[Line] = []
    for event in reversed(body):
        good = str(event["status"]).lower() == "success"
        lines.append(
            [
                (f" {view.at(event['at'])}  ", "dim"),
                (f"{sanitize(event['event'], 30):<24} ", "text"),
                (f"{sanitize(event['status'], 60):<9} ", "good" if good else "bad"),
                (f"{sanitize(event['by'], 24):<14} ", "dim"),
                (sanitize(event["plan"], 20), "dim"),
            ]
        )
    return lines


_BODIES: Mapping[str, Callable[[Any, View], list[Line]]] = {
    Part.DIAGNOSTICS: _diagnostics,
    Part.USAGE: _usage,
    Part.SESSIONS: _sessions,
    Part.PROVISIONING: _provisioning,
}
