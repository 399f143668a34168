"""Incidents as lines: what was lost together, what it shares, and how sure that is."""

from __future__ import annotations

from collections.abc import Iterator

from tsui.service.blast.model import Incident, Radius, Shared, Trait
from tsui.text import sanitize
from tsui.ui import words
from tsui.ui.painted import Line, Run, wrap
from tsui.ui.screens.device_text import View

_TRAITS = {
    Trait.GROUP: "group",
    Trait.PLACE: "place",
    Trait.PLAN: "plan",
    Trait.MODEL: "model (IMEI)",
}

_MOST_LIFT = 999


def what(incident: Incident) -> Run:
    """Say in a word what was hit, and whether that is sure."""
    if not incident.late:
        return f"{incident.reach}?", "dim"
    return incident.reach, "bad" if incident.note is None else "dim"


def shared_by(incident: Incident) -> Run:
    """Say what the devices share."""
    if incident.shared is None:
        return "nothing in particular", "text"
    return f"{incident.shared.trait} {sanitize(incident.shared.value, 60)}", "strong"


def lost(incident: Incident) -> Run:
    """Say how many of how many that were lost in that time are meant."""
    shared = incident.shared
    here = len(incident.devices)
    return (f"{here:,} of {shared.of_here:,}" if shared else f"{here:,}"), "text"


def in_fleet(incident: Incident) -> Run:
    """Say which share of the fleet has what they share."""
    return (percent(incident.shared.fleet_share) if incident.shared else words.UNKNOWN), "text"


def sure(incident: Incident) -> Run:
    """Say how many of them are surely overdue."""
    if not incident.late:
        return "not known", "dim"
    if incident.unknown:
        return f"{incident.late:,} of {len(incident.devices):,}", "warn"
    return "all", "bad"


def seen(incident: Incident) -> Run:
    """Say who has seen it, and what was said of it."""
    note = incident.note
    if note is None:
        return ("open", "warn") if incident.late else ("", "dim")
    return f"✓ {sanitize(note.operator, 20)}: {sanitize(note.note, 200)}", "good"


def summary(radius: Radius) -> Line:
    """Say what was looked at."""
    runs: list[Run] = [(f" {len(radius.incidents):,} ", "strong")]
    if radius.single:
        runs.append((f" {radius.single:,} more overdue on their own ", "text"))
    known = radius.learned + radius.seen
    runs.append((f" {radius.looked_at:,} silent compared, {known:,} rhythms known ", "dim"))
    if radius.is_cut:
        runs.append((" only the newest losses ", "warn"))
    return runs


def with_others(incident: Incident) -> str:
    """Say to whom wants to change one of them that it was not lost alone."""
    others = words.number(len(incident.devices) - 1, "other")
    shared = incident.shared
    where = f" in {_TRAITS[shared.trait]} {sanitize(shared.value, 40)}" if shared else ""
    doubt = "" if incident.late else ", if they are not asleep"
    return f"Lost together with {others}{where}{doubt}: esc, then n shows them."


def alone(radius: Radius) -> str:
    """Say that no incident holds a device, and what that means."""
    if not radius.learned + radius.seen:
        said = "no rhythm is known yet, so that nobody can tell who is asleep"
    else:
        said = "others may be lost with it that are not more than chance has it"
    return f"No incident holds this device; {said}."


def detail(incident: Incident, view: View, width: int) -> Iterator[Line]:
    """Tell all of an incident, as lines that fit."""
    yield from wrap([(f" {_sentence(incident, view)}", "text")], width, 1)
    for shared in incident.also:
        yield [(f" Also: {shared.here:,} are of {_like(shared)}.", "dim")]
    if incident.unknown:
        text, look = _doubt(incident), "warn" if incident.late else "info"
        yield from wrap([(f" {text}", look)], width, 1)
    yield from wrap([(" Do nothing to one of them alone: ", "strong"), (_advice(incident), "text")],
                    width, 1)  # fmt: skip
    if (note := incident.note) is not None:
        said = f" ✓ {sanitize(note.operator, 40)}, {view.at(note.at)}: {sanitize(note.note, 400)}"
        grown = len(incident.devices) - note.devices
        more = f" ({grown:,} more since)" if grown > 0 else ""
        yield from wrap([(said, "good"), (more, "warn")], width, 1)


def percent(share: float) -> str:
    """Say a share of the fleet."""
    hundred = 100 * share
    if 0 < hundred < 0.1:
        return "<0.1 %"
    return f"{hundred:.1f} %" if hundred < 10 else f"{hundred:.0f} %"


def _sentence(incident: Incident, view: View) -> str:
    span = f"lost between {view.at(incident.began)} and {view.at(incident.ended)}"
    shared = incident.shared
    if shared is None:
        devices = words.number(len(incident.devices), "device")
        return f"{devices} {span} have nothing in common: the network?"
    times = min(_MOST_LIFT, round(shared.lift))
    return (
        f"{shared.here:,} of the {words.number(shared.of_here, 'device')} {span} are of "
        f"{_like(shared)}: {times:,} times chance."
    )


def _like(shared: Shared) -> str:
    return (
        f"{_TRAITS[shared.trait]} {sanitize(shared.value, 60)}, like "
        f"{percent(shared.fleet_share)} of the fleet"
    )


def _doubt(incident: Incident) -> str:
    whom = "None of them is" if not incident.late else f"{incident.unknown:,} of them are not"
    return (
        f"{whom} known to be overdue: no rhythm is known, so they may be asleep. r reads some of "
        "their histories."
    )


_ADVICE = {
    "site": "power, coverage or backhaul where they are.",
    "plan": "the plan, its APN, its pool or its data limit.",
    "model": "its firmware, or a setting that was rolled out.",
    "network": "the carrier's status, your APN's gateway, your own network's edge.",
}


def _advice(incident: Incident) -> str:
    return f"look at {_ADVICE[incident.reach]}"
