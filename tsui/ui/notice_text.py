"""What is said of notices: severity by a glyph, a word and a colour, and all of one in lines."""

from __future__ import annotations

from collections.abc import Iterator

from tsui.service.views import Message, Mute, Notice, Severity, Way
from tsui.text import sanitize
from tsui.ui import words
from tsui.ui.painted import Line, Run, wrap
from tsui.ui.screens.device_text import View

SEVERITIES: dict[Severity, Run] = {
    Severity.INFO: ("· info", "dim"),
    Severity.WARNING: ("▲ warning", "warn"),
    Severity.ALARM: ("■ alarm", "bad"),
}
"""How each severity is said."""

WAYS = {
    Way.HIDE: "Hide them; is:muted still finds them",
    Way.SILENCE: "Show them, but not as alarms: no bell, not counted",
    Way.MARK: "Show them as they are, marked as muted",
}
"""What each way of muting does."""

_MUTED = {Way.HIDE: "hidden", Way.SILENCE: "silent", Way.MARK: "muted"}


def severity(notice: Notice) -> Run:
    """Say how much it matters; less loud once somebody took note of it, or silenced it."""
    text, look = SEVERITIES[notice.severity]
    quiet = notice.acked_at is not None or notice.muted >= Way.SILENCE
    return text, "dim" if quiet else look


def sentence(notice: Notice) -> Run:
    """Say what happened, and to how many."""
    many = f"{words.number(notice.devices, 'device')}: " if notice.devices > 1 else ""
    look = "dim" if notice.acked_at is not None else "text"
    return f"{many}{sanitize(notice.sentence, 400)}", look


def status(notice: Notice) -> Run:
    """Say whether it is new, who took note of it, and whether it is muted."""
    muted = f"~ {_MUTED[notice.muted]}" if notice.muted else ""
    if notice.acked_at is not None:
        return f"✓ {sanitize(notice.acked_by, 20)} {muted}".rstrip(), "good"
    return (muted, "dim") if muted else ("new", "strong")


def device(notice: Notice) -> Run:
    """Name the device, by what the source called it."""
    if notice.devices > 1:
        return "several", "dim"
    named = sanitize(notice.subject or notice.device.partition(":")[2], 40)
    return (named, "text") if named else ("none", "dim")


def summary(counts: dict[Severity, int], *, known: bool) -> Line:
    """Say how much is new of what matters."""
    if not known:
        return []
    alarms, warnings = counts.get(Severity.ALARM, 0), counts.get(Severity.WARNING, 0)
    if not (alarms or warnings):
        return [(" no new problems", "good")]
    runs: list[Run] = [(" new:", "dim")]
    if alarms:
        runs.append((f" ■ {words.number(alarms, 'alarm')}", "bad"))
    if warnings:
        runs.append((f" ▲ {words.number(warnings, 'warning')}", "warn"))
    return runs


def detail(notice: Notice, view: View, width: int) -> Iterator[Line]:
    """Tell all that matters of a notice, as lines that fit."""
    glyph, look = severity(notice)
    yield from wrap([(f" {glyph} ", look), sentence(notice)], width, 1)
    named, groups = device(notice)[0], sanitize(notice.groups, 60)
    whose = f", device {named}{f' of group {groups}' if groups else ''}" if named != "none" else ""
    said = f" {view.at(notice.at)}, {sanitize(notice.source, 40)}{whose}"
    yield from wrap([(said, "dim")], width, 1)
    if notice.acked_at is not None:
        said = f" ✓ {sanitize(notice.acked_by, 40)}, {view.at(notice.acked_at)}: "
        yield from wrap([(said, "good"), (sanitize(notice.ack_note, 400), "text")], width, 1)


def whole(notice: Notice, message: Message | None, body: object, view: View) -> dict[str, object]:
    """Return all that is known of a notice, field by field, and the message as it came."""
    known: dict[str, object] = {
        "severity": SEVERITIES[notice.severity][0],
        "kind": notice.kind,
        "what": sentence(notice)[0],
        "when": view.at(notice.at),
        "said by": notice.source,
        "device": device(notice)[0],
        "groups": notice.groups or "none known",
        "account": notice.account or "not known",
        "status": status(notice)[0],
    }
    if notice.acked_at is not None:
        known["acknowledged"] = f"{notice.acked_by}, {view.at(notice.acked_at)}: {notice.ack_note}"
    if notice.change is not None:
        known["change"] = f"line {notice.change} of Requests"
    if notice.body:
        known["seen"] = notice.body
    if notice.message is not None:
        gone = "not kept any more"
        known["message as it came"] = gone if message is None else body
    return known


def muted_what(mute: Mute) -> Run:
    """Say what a mute is about."""
    from tsui.service.notices.desk import told

    return sanitize(told(mute), 120), "text"
