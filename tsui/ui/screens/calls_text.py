"""Calls as lines: how each ended, and all that is known of one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rich.cells import cell_len

from tsui.service.calls.listing import Attempted
from tsui.service.calls.summary import Standing, Summary
from tsui.service.calls.told import pretty
from tsui.text import sanitize
from tsui.ui import words
from tsui.ui.painted import Line, Run, plain, wrap

if TYPE_CHECKING:
    from tsui.service.recording.writer import RecordingWriter

NAME = 10
"""Cells before a value."""

MOST_LINES = 2000
"""Lines that are shown of a body."""

_WORDS = {401: "denied", 403: "denied", 404: "not found", 408: "too late", 429: "slow down"}
"""What a status means where its class alone does not say it."""


def status(each: Attempted) -> Run:
    """Say how an attempt ended, by a sign, a word and a colour."""
    code = each.call.status
    if code is None:
        return "■ no answer", "bad"
    if code < 300:
        # An answer may be good by its status and still not be what was asked for.
        return (f"▲ {code} unclear", "warn") if each.call.error else (f"✓ {code} ok", "good")
    if code < 400:
        return f"▲ {code} elsewhere", "warn"
    return f"✗ {code} {_WORDS.get(code, 'failed' if code >= 500 else 'refused')}", "bad"


def operation(each: Attempted) -> Run:
    """Name the operation; earlier attempts stand below the last one of their call."""
    name = sanitize(each.call.name or each.call.operation, 40)
    return (name, "strong") if each.is_last else (f"└ {name}", "dim")


def tries(each: Attempted) -> Run:
    """Say which attempt of how many it was; nothing where there was one."""
    return (f"{each.number} of {each.of}" if each.of > 1 else "", "warn" if each.of > 1 else "dim")


def span(seconds: float | None) -> str:
    """Say how long something took."""
    if seconds is None:
        return words.UNKNOWN
    return f"{seconds * 1000:.0f} ms" if seconds < 1 else f"{seconds:.1f} s"


@dataclass(frozen=True, slots=True)
class Moment:
    """What the summary is made of."""

    told: Summary
    """The calls."""
    standing: Standing | None
    """What the client may do; None while nobody is signed in."""
    recording: RecordingWriter | None
    """The recording, if there is one."""
    now: float
    """Unix time."""
    utc: bool
    """Whether times are in UTC."""


def summary(moment: Moment, width: int) -> Line:
    """Say in one line how things go: how many, how quick, what is left, how long tokens live.

    What does not fit is left out whole, the least telling first.
    """
    told = moment.told
    runs: list[Run] = [
        (f" {told.lately}/min", "strong"),
        (f"  {words.number(told.failed, 'error')}", "bad" if told.failed else "dim"),
        (f"  p50 {span(told.median)} p95 {span(told.slow)}", "text"),
        *_recording(moment.recording),
    ]
    more: list[Run] = []
    if moment.standing is not None:
        more = [*_pace(moment.standing), *_tokens(moment.standing, moment.now, utc=moment.utc)]
    room = width - cell_len(plain(runs))
    for run in more:
        room -= cell_len(run[0])
        if room >= 0:
            runs.append(run)
    return runs


def _recording(recording: RecordingWriter | None) -> list[Run]:
    if recording is None:
        return []
    told = f"  REC {words.number(recording.exchanges, 'call')} {words.size(recording.size)}"
    if recording.trouble:
        told += f", ended: {sanitize(recording.trouble, 80)}"
    return [(told, "bad" if recording.is_on else "warn")]


def _pace(standing: Standing) -> list[Run]:
    """Say what holds calls back; nothing where nothing does but our own limit."""
    if standing.is_cut_off:
        return [("  cut off, probing", "bad")]
    if standing.silent_for:
        return [(f"  silent for {words.age(standing.silent_for)}, as asked", "bad")]
    slowed = standing.rate < standing.full_rate
    of = f" of {standing.full_rate:.0f}" if slowed else ""
    pace: Run = (f"  pace {standing.rate:.0f}{of}/s", "warn" if slowed else "dim")
    used = standing.retries - standing.retries_left
    return [pace, (f"  retries {used}/{standing.retries}", "warn")] if used else [pace]


def _tokens(standing: Standing, now: float, *, utc: bool) -> list[Run]:
    """Say until when the tokens live; a time of day stands still on the screen."""
    runs: list[Run] = []
    for name, left in (("session", standing.session_ends_in), ("token", standing.token_ends_in)):
        if left <= 0:
            runs.append((f"  no {name}", "warn"))
        else:
            runs.append((f"  {name} to {words.moment(now + left, utc=utc)[11:16]}", "dim"))
    return runs


def call(each: Attempted, group: Sequence[Attempted], width: int, *, utc: bool) -> list[Line]:
    """Say all that is known of an attempt, and what else became of its call."""
    told = each.call
    text, look = status(each)
    facts: list[tuple[str, str, str]] = [
        ("Ended", text, look),
        ("Why", told.error, "bad"),
        ("Then", told.why, "text"),
        ("Operation", f"{told.name or words.UNKNOWN}: {told.operation}", "text"),
        ("Request", f"{told.method} {told.path}", "strong"),
        ("Began", words.moment(told.at.timestamp(), utc=utc, seconds=True), "text"),
        ("Took", f"{span(told.seconds)}, {words.size(told.size)} came back", "text"),
        ("Headers", "are not kept; secrets are hidden", "dim"),
    ]
    lines = [
        part
        for name, value, how in facts
        if value
        for part in wrap([(f" {name:<{NAME}} ", "dim"), (sanitize(value, 600), how)], width, NAME)
    ]
    lines += _attempts(each, group, width)
    lines += [(), *_body("What was sent", told.sent, "Nothing but the address was sent.")]
    lines += [(), *_body("What came back", told.received, "No body came back.")]
    return lines


def _attempts(each: Attempted, group: Sequence[Attempted], width: int) -> Iterator[Line]:
    if len(group) < 2:
        return
    yield ()
    yield [(f" {words.number(len(group), 'attempt')} of this call", "head")]
    for other in sorted(group, key=lambda one: one.number):
        text, look = status(other)
        sign = "→" if other.number == each.number else " "
        line: Line = [
            (f" {sign} {other.number}. ", "key"),
            (f"{text:<16} ", look),
            (f"after {span(other.call.seconds)}  ", "dim"),
            (sanitize(other.call.why, 300), "text"),
        ]
        yield from wrap(line, width, 6)


def _body(title: str, text: str, nothing: str) -> Iterator[Line]:
    yield [(f" {title}", "head")]
    if not text:
        yield [(f"   {nothing}", "dim")]
        return
    lines = pretty(text).splitlines()
    for line in lines[:MOST_LINES]:
        yield [(f"   {sanitize(line, 400)}", "text")]
    if len(lines) > MOST_LINES:
        yield [(f"   … and {len(lines) - MOST_LINES:,} lines more", "dim")]
