"""What is known of one device, field by field, with its source and age; asks nobody."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from statistics import median
from typing import Any

from tsui.service import replies
from tsui.service.export import moment_text
from tsui.service.states import say
from tsui.service.twin.model import Group, Key, Told
from tsui.service.verdict.connections import Connections
from tsui.service.verdict.evidence import Day, Piece, Provisioned, Source, Standing
from tsui.service.verdict.model import TITLES, Status, Verdict
from tsui.service.verdict.rhythm import rhythm_of
from tsui.service.verdict.say import size, span
from tsui.service.verdict.telling import headline
from tsui.store.devices import DeviceRow

LAST = 3
"""Events of the provisioning history that are compared."""

MODEL = 8
"""Digits of an IMEI that tell the model."""

Tell = Callable[[Any], Iterable[tuple[str, str, float | None]]]
"""Names, values and amounts of what one source told."""


def fields_of(device: DeviceRow, verdict: Verdict) -> dict[Key, Told]:
    """Return everything that is known of a device."""
    evidence = verdict.evidence
    told = dict(_verdict(verdict))
    told |= _from(Group.LINE, evidence.piece(Source.LINE), lambda _: _line(device, evidence.now))
    plans = evidence.piece(Source.PLANS)
    told |= _from(Group.PLAN, plans, lambda body: _plan(device, body), _PLAN)
    told |= _from(Group.SESSIONS, evidence.piece(Source.CONNECTIONS), _sessions, _SESSIONS)
    told |= _from(Group.USAGE, evidence.piece(Source.USAGE), _usage, _USAGE)
    history = evidence.piece(Source.PROVISIONING)
    diagnostics = evidence.piece(Source.DIAGNOSTICS)
    told |= _from(Group.PROVISIONING, history, _provisioning, _PROVISIONING)
    told |= _from(Group.DIAGNOSTICS, diagnostics, lambda _: _diagnostics(diagnostics.raw))
    line = evidence.piece(Source.LINE)
    told |= _from(Group.DETAILS, line, lambda _: _details(line.raw))
    return told


def _from(
    group: Group, piece: Piece, tell: Tell, names: Iterable[str] = ()
) -> Iterator[tuple[Key, Told]]:
    """Yield what a source told under its names; those, if it told nothing, with why."""
    if piece.standing is Standing.KNOWN:
        for name, text, amount in tell(piece.body):
            yield Key(group, name), Told(text, piece.standing, piece.read_at, "", amount)
    else:
        for name in names:
            yield Key(group, name), Told("", piece.standing, piece.read_at, piece.trouble)


def _verdict(verdict: Verdict) -> Iterator[tuple[Key, Told]]:
    now = verdict.evidence.now
    key = Key(Group.VERDICT, "Why offline")
    if verdict.status is Status.UNKNOWN:
        yield key, Told("", Standing.UNREAD, trouble=headline(verdict))
    else:
        yield key, Told(headline(verdict), Standing.KNOWN, now)
    for report in verdict.layers:
        key = Key(Group.VERDICT, TITLES[report.layer])
        if report.status is Status.UNKNOWN:
            piece = next((gap.piece for gap in report.gaps), None)
            standing = piece.standing if piece else Standing.UNREAD
            unread = f"{piece.source} was not read yet" if piece else ""
            why = report.note or (piece.trouble if piece else "") or unread
            yield key, Told("", standing, trouble=why)
        else:
            causes = ", ".join(each.rule.cause for each in report.findings)
            yield key, Told(" ".join(filter(None, (report.status, causes))), Standing.KNOWN, now)


def _line(device: DeviceRow, now: float) -> Iterator[tuple[str, str, float | None]]:
    connected = {None: "", 0: "no", 1: "yes"}[device.connected]
    yield "State", say(device.state), None
    yield "Connected", connected, None
    began = device.last_connection
    yield "Last session began", moment_text(began) or "", max(1.0, now - began) if began else None
    yield "Service plan", device.plan, None
    yield "Groups", device.groups, None
    yield "Model by IMEI", device.imei[:MODEL], None
    yield "eUICC", "yes" if device.eid else "no", None


_PLAN = ("Data included",)


def _plan(device: DeviceRow, plans: Mapping[str, int]) -> Iterator[tuple[str, str, float | None]]:
    included = plans.get(device.plan)
    text = "no such plan in the account" if included is None else size(included) if included else ""
    yield "Data included", text, None


_SESSIONS = ("Sessions", "Median gap", "Longest gap", "Median data", "Without data")


def _sessions(connections: Connections) -> Iterator[tuple[str, str, float | None]]:
    rhythm = rhythm_of(connections)
    events = [event for run in connections.runs for event in run]
    sizes = [event.bytes for event in events if not event.is_start]
    starts = sum(event.is_start for event in events)
    yield "Sessions", f"{starts:,}", starts
    yield "Median gap", span(rhythm.usual) if rhythm.is_known else "", rhythm.usual or None
    yield "Longest gap", span(rhythm.longest) if rhythm.longest else "", rhythm.longest or None
    yield "Median data", size(median(sizes)) if sizes else "", median(sizes) if sizes else None
    empty = sum(each == 0 for each in sizes)
    yield "Without data", f"{empty:,} of {len(sizes):,}", empty / len(sizes) if sizes else None


_USAGE = ("Median of a day", "Days with data", "SMS", "Abroad")


def _usage(days: Iterable[Day]) -> Iterator[tuple[str, str, float | None]]:
    known = list(days)
    sizes = [each.bytes for each in known]
    usual = median(sizes) if sizes else 0.0
    used, texts = sum(each > 0 for each in sizes), sum(each.sms for each in known)
    yield "Median of a day", size(usual), usual
    yield "Days with data", f"{used:,}", used
    yield "SMS", f"{texts:,}", texts
    yield "Abroad", "yes" if any(each.abroad for each in known) else "no", None


_PROVISIONING = ("Last change", "Change before that", "Change before those", "Failed changes")


def _provisioning(events: Iterable[Provisioned]) -> Iterator[tuple[str, str, float | None]]:
    newest = sorted(events, key=lambda each: each.at, reverse=True)
    for place, name in enumerate(_PROVISIONING[:LAST]):
        event = newest[place] if place < len(newest) else None
        yield name, f"{event.what}, {event.status}" if event else "none in a year", None
    failed = sum(not each.succeeded for each in newest)
    yield "Failed changes", f"{failed:,}", None


def _diagnostics(raw: Any) -> Iterator[tuple[str, str, float | None]]:
    for part in raw if isinstance(raw, list) else []:
        for name, value in part["values"].items():
            yield name, str(value), None


def _details(raw: Any) -> Iterator[tuple[str, str, float | None]]:
    for flat in replies.records([raw])[:1] if isinstance(raw, dict) else []:
        for name, value in flat.items():
            yield name, value, None
