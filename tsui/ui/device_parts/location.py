"""Location: where the network saw the device last."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from tsui.service.device_answers import Asked
from tsui.service.failures import NOT_ENTITLED
from tsui.service.located import Fix, fixes
from tsui.service.views import DeviceRow, Topic
from tsui.text import sanitize
from tsui.ui import words
from tsui.ui.device_parts.base import PanePart
from tsui.ui.painted import Line, wrap
from tsui.ui.screens.device_text import View, facts

if TYPE_CHECKING:
    from tsui.ui.screens.device import DeviceScreen

_LOCATE: Line = [("  l", "key"), (" locates it: a form, nothing is sent before you agree", "dim")]


class Location(PanePart):
    """Where the network saw the device last."""

    name = "location"
    title = "Location"
    TOPICS = frozenset({Topic.READINGS, Topic.INBOX})

    def __init__(self, place: DeviceScreen) -> None:
        super().__init__(place)
        self._asked: Asked | None = None
        self._fixes: Sequence[Fix] = ()
        self._has_number = True

    async def load(self, device: DeviceRow) -> None:
        """Take up the last places."""
        answers = self.shell.workspace.desks.answers
        asked = self._asked = await answers.of(device, "FindLocations")
        body, at = (asked.body, asked.asked_at or 0.0) if asked else (None, 0.0)
        self._fixes = fixes(body, at, await answers.messages(device), device.mdn)
        self._has_number = bool(device.imei and device.mdn)

    def lines(self) -> list[Line]:
        """Return what is known."""
        return [
            [(" Last location", "title"), *_LOCATE],
            [],
            *trouble_lines(self._asked, self.view, self.width),
            *place_lines(self._fixes, self.view),
            *(
                []
                if self._has_number
                else [[(" Locating needs IMEI and MDN; one is missing.", "warn")]]
            ),
        ]

    def begin(self, device: DeviceRow) -> None:
        """Read nothing: locating is asked for on purpose, and may be billed."""

    def read_again(self, device: DeviceRow) -> None:
        """Begin to read the device's line; locating has a key of its own."""
        self.place.asked.read(device, ())


def trouble_lines(asked: Asked | None, view: View, width: int) -> list[Line]:
    """Say why the last try brought nothing."""
    if asked is None or not asked.trouble:
        return []
    age = words.age(view.now - asked.tried_at)
    why = sanitize(asked.trouble.removeprefix(NOT_ENTITLED), 300)
    if asked.trouble.startswith(NOT_ENTITLED):
        return [*wrap([(" Not entitled to locations. ", "warn"), (why, "dim")], width, 3), []]
    return [*wrap([(f" ✗ Locating failed {age} ago: ", "bad"), (why, "text")], width, 3), []]


def place_lines(found: Sequence[Fix], view: View) -> list[Line]:
    """Say where the device was seen, how exactly and when; then what was told before."""
    if not found:
        return [[(" Nobody located it from here yet.", "text")]]
    newest, *older = found
    lines = _place(newest, view)
    if older:
        lines += [[], [(" Told before", "head")]]
        lines += [
            [(f"   {view.at(each.told_at)}  ", "dim"), (_where(each), "text")] for each in older
        ]
    return lines


def _place(fix: Fix, view: View) -> list[Line]:
    told = f"{view.at(fix.told_at)}, {words.age(view.now - fix.told_at)} ago"
    if fix.latitude is None:
        return [
            [(" ✗ The network did not find it: ", "bad"), (sanitize(fix.trouble, 200), "text")],
            *facts([("Asked", told, "dim")]),
        ]
    seen = f"{view.at(fix.seen_at)}, {words.age(view.now - fix.seen_at)} ago" if fix.seen_at else ""
    return facts(
        [
            ("Latitude", f"{fix.latitude:.5f}°", "strong"),
            ("Longitude", f"{fix.longitude:.5f}°", "strong"),
            ("Accuracy", f"within {fix.radius} m" if fix.radius else "", "text"),
            ("Seen there", seen, "text"),
            ("Told", told, "dim"),
        ]
    )


def _where(fix: Fix) -> str:
    if fix.latitude is None:
        return f"not found: {sanitize(fix.trouble, 120)}"
    radius = f", within {sanitize(fix.radius, 12)} m" if fix.radius else ""
    return f"{fix.latitude:.5f}°, {fix.longitude:.5f}°{radius}"
