"""Monitors, windows and what waits for them in words: a glyph, a word and a look each."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from tsui.service.monitors.model import Member, Monitor, MonitorState, Sleeper, Summary, Window
from tsui.service.views import Sign, Wake, WakeKind, WakeState, What
from tsui.text import sanitize
from tsui.ui import words
from tsui.ui.painted import Line, Run
from tsui.ui.screens.device_text import View

STATES: dict[MonitorState, Run] = {
    MonitorState.ASKED: ("◌ asked", "info"),
    MonitorState.ACTIVE: ("● active", "good"),
    MonitorState.REFUSED: ("✗ refused", "bad"),
    MonitorState.UNKNOWN: ("? unknown", "bad"),
    MonitorState.STOPPING: ("◌ stopping", "info"),
    MonitorState.STOPPED: ("■ stopped", "dim"),
    MonitorState.EXPIRED: ("■ expired", "dim"),
    MonitorState.GONE: ("■ not listed", "warn"),
    MonitorState.ELSEWHERE: ("● elsewhere", "info"),
}
"""How each state of a monitor is said."""

WAKE_STATES: dict[WakeState, Run] = {
    WakeState.WAITING: ("◌ waits", "info"),
    WakeState.SENDING: ("◌ sending", "info"),
    WakeState.SENT: ("✓ sent", "good"),
    WakeState.REMINDED: ("✓ reminded", "good"),
    WakeState.REFUSED: ("✗ refused", "bad"),
    WakeState.UNKNOWN: ("? may have left", "bad"),
    WakeState.CANCELLED: ("■ taken back", "dim"),
    WakeState.EXPIRED: ("■ expired", "warn"),
}
"""How each state of what waits is said."""

_SIGNS: dict[What, Run] = {
    What.REACHABLE: ("● awake", "good"),
    What.LOST: ("■ not reachable", "warn"),
    What.SET: ("· monitor set", "dim"),
    What.STOPPED: ("· monitor stopped", "dim"),
    What.LISTED: ("· monitor listed", "dim"),
    What.NONE: ("· no monitor listed", "dim"),
    What.ASLEEP: ("○ no status yet", "info"),
    What.FAILED: ("✗ failed", "bad"),
    What.OTHER: ("? not understood", "dim"),
}

NOT_HEARD = "Nobody listens to DiagnosticsService: no answer can reach us."
"""What is said where no callback can come."""

_MINUTE, _HOUR = 60.0, 3600.0


def watched(watch: str) -> str:
    """Say what is watched in a few cells."""
    known = watch.upper()
    parts = [
        name for name, sign in (("data", "DATA"), ("SMS", "SMS"), ("loss", "LOSS")) if sign in known
    ]
    return " + ".join(parts) or sanitize(watch, 30) or "not told"


def devices(monitor: Monitor) -> str:
    """Name the device of a monitor, or say how many it has."""
    if monitor.devices == 1:
        return sanitize(monitor.device.partition(":")[2] or monitor.device, 30)
    on = f", {monitor.alive:,} active" if monitor.alive not in (0, monitor.devices) else ""
    return f"{words.number(monitor.devices, 'device')}{on}"


def next_of(monitor: Monitor, now: float, *, hears: bool | None) -> Run:
    """Say what comes next of a monitor."""
    state = monitor.state
    if state in (MonitorState.ASKED, MonitorState.STOPPING):
        if hears is False:
            return "asked; no answer can reach us (l)", "warn"
        return "waits for its callback", "info"
    if state in (MonitorState.REFUSED, MonitorState.UNKNOWN):
        return sanitize(monitor.problem, 200) or "3 shows its request", "text"
    if state is MonitorState.ELSEWHERE:
        return "its end is not told", "dim"
    if state is MonitorState.ACTIVE:
        if hears is False:
            return "nobody listens: it tells nobody (l)", "warn"
        if not monitor.alive:
            return "confirmed, but its id was not told", "warn"
        return f"ends in {words.age(monitor.ends - now)}", "dim"
    if state is MonitorState.EXPIRED:
        return "m on its devices sets another", "dim"
    return "", "dim"


def left(window: Window | None, now: float) -> Run:
    """Say how much of a window is left, in steps of seconds only while it is short."""
    if window is None:
        return "", "dim"
    seconds = max(0.0, window.end - now)
    about = "" if window.until else "~"
    look = "good" if seconds > _MINUTE else "warn"
    if seconds >= _HOUR:
        return f"{about}{int(seconds // _HOUR)}h {int(seconds % _HOUR // _MINUTE):02}m", look
    return f"{about}{int(seconds // _MINUTE):02}:{int(seconds % _MINUTE):02}", look


def awake(sleeper: Sleeper) -> Run:
    """Say whether a device can be reached, as far as was told."""
    if sleeper.window is not None:
        return "● awake", "good"
    return reach(sleeper.last)


def reach(word: Sign | None) -> Run:
    """Say whether a device can be reached by the last word on it, whose window is over."""
    if word is None:
        return "? not told", "dim"
    return ("■ lost", "warn") if word.what is What.LOST else ("○ asleep", "text")


def expected(sleeper: Sleeper, now: float, *, utc: bool) -> Run:
    """Say when a device usually connects next."""
    if sleeper.window is not None:
        return "now", "good"
    if not sleeper.expected:
        return "not known", "dim"
    if sleeper.expected < now:
        return f"overdue {words.age(now - sleeper.expected)}", "warn"
    return f"by {words.short_moment(sleeper.expected, now, utc=utc)}", "text"


def waits(sleeper: Sleeper) -> Run:
    """Say what waits for a device."""
    if not sleeper.wakes:
        return "", "dim"
    first, more = sleeper.wakes[0], len(sleeper.wakes) - 1
    others = f" (+{more})" if more else ""
    return f"{what(first)}{others}: {sanitize(first.text, 160)}", "strong"


def what(wake: Wake) -> str:
    """Name what waits."""
    return "SMS" if wake.kind is WakeKind.SMS else "reminder"


def summary(told: Summary) -> Iterator[Run]:
    """Say how monitors stand in a line."""
    yield f" {told.active:,} active", "strong"
    if told.asked:
        yield f" · {told.asked:,} asked", "info"
    if told.troubled:
        yield f" · {told.troubled:,} not set", "bad"
    yield f" · {told.windows:,} awake now", "good" if told.windows else "dim"
    if told.waiting:
        yield f" · {told.waiting:,} waiting for a window", "info"


def sign_line(sign: Sign, view: View) -> Line:
    """Say what one message told."""
    text, look = _SIGNS[sign.what]
    until = f"until {view.at(sign.until)}  " if sign.until else ""
    return [
        (f" {words.moment(sign.at, utc=view.utc, seconds=True)}  ", "dim"),
        (f"{text:<19}", look),
        (f"{until}{watched(sign.watch)}  ", "text"),
        (sanitize(sign.said, 200), "dim"),
    ]


def sign_lines(signs: Sequence[Sign], member: Member | None, view: View) -> list[Line]:
    """Say what was told of a device, the newest first."""
    if member is None:
        return []
    name = sanitize(member.device.partition(":")[2] or member.device, 40)
    lines: list[Line] = [[(f" Told of {name}", "head")]]
    if member.problem:
        lines.append([(f" {sanitize(member.problem, 300)}", "bad")])
    if not signs:
        lines.append([(" No callback told anything of it yet.", "dim")])
    return lines + [sign_line(each, view) for each in signs]


def wake_lines(wakes: Sequence[Wake], view: View) -> list[Line]:
    """Say what waits for a device, and what became of what did."""
    if not wakes:
        return [
            [
                (" Nothing waits for it.  ", "dim"),
                ("W", "key"),
                (" queues an SMS or a reminder", "dim"),
            ]
        ]
    return [line for each in wakes for line in _wake(each, view)]


def _wake(wake: Wake, view: View) -> Iterator[Line]:
    text, look = WAKE_STATES[wake.state]
    when = f"valid until {view.at(wake.valid_until)}" if wake.is_open else view.at(wake.changed_at)
    yield [
        (f" {text:<15} ", look),
        (f"{what(wake)} ", "dim"),
        (sanitize(wake.text, 160), "strong"),
        (f"  {when}, by {sanitize(wake.operator, 30)}", "dim"),
    ]
    if wake.said:
        yield [(f"    {sanitize(wake.said, 300)}", "text")]
