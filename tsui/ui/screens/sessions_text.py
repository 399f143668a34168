"""Sessions as lines: when each began, how long it lasted, what it used, the silence before it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from tsui.service.sessions import Session, others, sessions
from tsui.text import sanitize
from tsui.ui import words
from tsui.ui.painted import Line

MINUTE, HOUR, DAY = 60, 3600, 86400

_STEPS = ((DAY, "d", HOUR, "h"), (HOUR, "h", MINUTE, "min"), (MINUTE, "min", 1, "s"))


def span(seconds: float) -> str:
    """Say how long something took in at most ten cells, e.g. ``2 d 23 h``."""
    whole = max(0, round(seconds))
    for size, unit, part, part_unit in _STEPS:
        if whole >= size:
            rest = whole % size // part
            return (
                f"{whole // size} {unit} {rest} {part_unit}" if rest else f"{whole // size} {unit}"
            )
    return f"{whole} s"


def session_lines(body: Sequence[Mapping[str, Any]], now: float, *, utc: bool) -> list[Line]:
    """Say the sessions of a device, the newest first."""
    if not body:
        return [[(" No connection in the last 7 days.", "text")]]
    found = sessions(body)
    used = sum(each.bytes or 0 for each in found)
    head = f" {words.number(len(found), 'session')} in 7 days, {words.size(used)}"
    lines: list[Line] = [
        [(head, "strong"), (f"   times in {_zone(now, utc=utc)}", "dim")],
        [],
        [(f" {'BEGAN':<19}  {'LASTED':<12}{'USED':>10}  {'SILENT BEFORE':<14}  MORE", "dim")],
    ]
    lines += [_line(each, now, utc=utc) for each in reversed(found)]
    for event in others(body):
        at = words.moment(event.get("at"), utc=utc, seconds=True)
        lines.append([(f" {at}  ", "dim"), (sanitize(str(event.get("event", "")), 40), "warn")])
    return lines


def _line(session: Session, now: float, *, utc: bool) -> Line:
    lasted, look = _lasted(session, now)
    used = words.size(session.bytes) if session.bytes is not None else sanitize(session.told, 10)
    silent = span(session.silent) if session.silent is not None else words.UNKNOWN
    more = "  ".join(f"{name} {value}" for name, value in session.more.items())
    return [
        (f" {_began(session, utc=utc):<19}  ", "text"),
        (f"{lasted:<12}", look),
        (f"{used or words.UNKNOWN:>10}  ", "text"),
        (f"{silent:<14}  ", "dim"),
        (sanitize(more, 80), "dim"),
    ]


def _lasted(session: Session, now: float) -> tuple[str, str]:
    if session.lasted is not None:
        return span(session.lasted), "text"
    if session.began and session.is_newest:
        return f"● {span(now - session.began)}", "good"
    return ("? no stop", "warn") if session.began else ("? no start", "dim")


def _began(session: Session, *, utc: bool) -> str:
    if not session.began:
        return f"… {_plain(session.ended, utc=utc)[2:]}"
    return _plain(session.began, utc=utc)


def _plain(at: float, *, utc: bool) -> str:
    """Say a moment without its zone, which stands above."""
    return words.moment(at, utc=utc, seconds=True)[:19]


def _zone(now: float, *, utc: bool) -> str:
    moment = datetime.fromtimestamp(now, UTC)
    return (moment if utc else moment.astimezone()).strftime("%Z")
