"""Reachability: whether the network can reach the device now, and until when."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from tsui.service.device_answers import Asked
from tsui.service.reachability import (
    SERVICE,
    Monitor,
    Reach,
    listed,
    monitors,
    told_of_reach,
)
from tsui.service.views import ChangeState, DeviceRow, Topic, Wake
from tsui.text import sanitize
from tsui.ui import words
from tsui.ui.device_parts.asking import AskingPart
from tsui.ui.monitor_text import wake_lines
from tsui.ui.outcomes import outcome
from tsui.ui.painted import Line, Run
from tsui.ui.screens.device_text import View

if TYPE_CHECKING:
    from tsui.ui.screens.device import DeviceScreen

LISTING = "ListMonitors"
"""The operation that asks which monitors there are."""

MOST_TOLD = 20
"""Messages that are shown."""

MOST_WAKES = 4
"""Things that wait for it, or did, that are shown."""


class Reachability(AskingPart):
    """Whether the network can reach the device now, and until when."""

    name = "reachability"
    title = "Reach"
    TOPICS = AskingPart.TOPICS | {Topic.REQUESTS, Topic.MONITORS}
    question = "GetReachability"
    what = "reachability"
    service = SERVICE

    def __init__(self, place: DeviceScreen) -> None:
        super().__init__(place)
        self._reached: Sequence[Reach] = ()
        self._monitors: Sequence[Monitor] = ()
        self._listing: Asked | None = None
        self._wakes: Sequence[Wake] = ()

    async def load(self, device: DeviceRow) -> None:
        """Take up what was asked, told and set."""
        await super().load(device)
        workspace = self.shell.workspace
        told = await workspace.desks.answers.messages(device)
        changes = await workspace.changes_of(device.key)
        self._listing = await workspace.desks.answers.of(device, LISTING)
        self._reached, self._monitors = told_of_reach(told), monitors(changes, told)
        self._wakes = (await workspace.desks.monitors.queue.newest(device.key))[:MOST_WAKES]

    def ask(self) -> None:
        """Begin to ask whether it can be reached, and which monitors it has."""
        super().ask()
        if self.device is not None and not self.no_ask_reason:
            self.shell.workspace.desks.answers.ask(self.device, LISTING)

    def lines(self) -> list[Line]:
        """Return what is known."""
        return [
            *now_lines(self._reached, self.view),
            *self.state(),
            [],
            *monitor_lines(self._monitors, self.view),
            *listed_lines(self._listing, self._monitors, self.view),
            [],
            [(" When it wakes", "head")],
            *wake_lines(self._wakes, self.view),
            [],
            *told_lines(self._reached, self.view),
        ]


def now_lines(reached: Sequence[Reach], view: View) -> list[Line]:
    """Say whether the device can be reached, by the newest word on it."""
    if not reached:
        return [[(" ? Not known: no callback has told whether it can be reached.", "info")]]
    newest = reached[0]
    age = words.age(view.now - newest.at)
    look = _look(newest, view)
    lines: list[Line] = [
        [(f" {_word(newest)}", look), (f"  told {age} ago, {view.at(newest.at)}", "dim")]
    ]
    if newest.until:
        left = newest.until - view.now
        said = f"{words.age(left)} left" if left > 0 else f"that was {words.age(-left)} ago"
        lines.append(
            [
                ("   should stay so until ", "dim"),
                (view.at(newest.until), "strong"),
                (f"  {said}", "good" if left > 0 else "warn"),
            ]
        )
    elif not newest.status:
        said = "   Asleep or off: another callback follows when it can be reached."
        lines.append([(said, "text")])
    if newest.comment:
        lines.append([(f"   {sanitize(newest.comment, 200)}", "text")])
    return lines


def monitor_lines(found: Sequence[Monitor], view: View) -> Iterator[Line]:
    """Say which monitors were set from here."""
    yield [(" Monitors set from here", "head"), ("  m", "key"), (" sets one", "dim")]
    if not found:
        yield [("   none", "dim")]
    for each in found:
        text, look = _standing(each, view)
        yield [
            (f"   {view.at(each.set_at)}  ", "dim"),
            (f"{sanitize(each.watch.replace('_', ' ').lower(), 40)}  ", "text"),
            (f"{text}  ", look),
            (sanitize(each.id or each.change.problem, 200), "dim"),
        ]


def listed_lines(told: Asked | None, known: Sequence[Monitor], view: View) -> Iterator[Line]:
    """Say which monitors ThingSpace lists that others have set."""
    if told is None or told.asked_at is None:
        yield [("   set elsewhere: nobody asked yet", "dim"), ("  a", "key"), (" asks", "dim")]
        return
    age = words.age(view.now - told.asked_at)
    if not told.answers:
        yield [(f"   ◌ set elsewhere: asked {age} ago, waiting for a callback", "info")]
        return
    found = listed(told.answers, known)
    if not found:
        yield [(f"   none was set elsewhere, as told {age} ago", "dim")]
    for name, watch in found:
        yield [
            ("   set elsewhere  ", "dim"),
            (f"{sanitize(watch.replace('_', ' ').lower(), 40)}  ", "text"),
            (sanitize(name, 60), "dim"),
        ]


def told_lines(reached: Sequence[Reach], view: View) -> Iterator[Line]:
    """Say what callbacks told, the newest first."""
    yield [(f" Callbacks of {SERVICE}", "head")]
    if not reached:
        yield [("   none has come about this device", "dim")]
    for each in reached[:MOST_TOLD]:
        until = f"until {view.at(each.until)}  " if each.until else ""
        yield [
            (f"   {words.moment(each.at, utc=view.utc, seconds=True)}  ", "dim"),
            (f"{_word(each)}  ", _look(each, view)),
            (f"{until}{sanitize(each.watch.replace('_', ' ').lower(), 40)}", "dim"),
        ]
    if len(reached) > MOST_TOLD:
        yield [(f"   and {len(reached) - MOST_TOLD} more in :inbox", "dim")]


def _standing(monitor: Monitor, view: View) -> Run:
    if monitor.is_stopped:
        return "· stopped", "dim"
    if monitor.change.state is not ChangeState.SUCCEEDED:
        return outcome(monitor.change)
    if monitor.ends and monitor.ends <= view.now:
        return "· ended", "dim"
    return f"✓ until {view.at(monitor.ends)}", "good"


def _word(reach: Reach) -> str:
    if not reach.status and not reach.until:
        return "? no status yet"
    glyph = "●" if _is_good(reach) else "✗" if reach.status == "Failed" else "■"
    said = reach.status or "reachable"
    return f"{glyph} {sanitize(said.replace('_', ' ').lower(), 60)}"


def _look(reach: Reach, view: View) -> str:
    if not _is_good(reach):
        return "bad" if reach.status == "Failed" else "warn"
    return "good" if not reach.until or reach.until > view.now else "dim"


def _is_good(reach: Reach) -> bool:
    return reach.status.upper().startswith("REACHABLE") or (not reach.status and reach.until > 0)
