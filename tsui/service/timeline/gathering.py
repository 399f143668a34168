"""From everything that is remembered about a device to its timeline; asks nobody."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from tsui.service.parts import SPANS, Part
from tsui.service.timeline import line, traces
from tsui.service.timeline.messages import messages
from tsui.service.timeline.model import (
    ALWAYS,
    DAY,
    FOREVER,
    Lane,
    Moment,
    Timeline,
    Unknown,
    in_order,
)
from tsui.service.timeline.session_moments import session_moments
from tsui.service.timeline.sessions import Log, log_of
from tsui.service.timeline.usage import unknown_usage, usage
from tsui.service.usage.days import Read
from tsui.service.usage.remembered import reads_of
from tsui.service.verdict.evidence import Evidence, Piece, Source, Standing
from tsui.store.changes import DeviceChange
from tsui.store.readings import Reading

MOST_REQUESTS = 100
"""Requests of a device that the evidence holds."""

_READ = (Source.CONNECTIONS, Source.USAGE, Source.PROVISIONING)
"""What is read anew for a timeline; the others come by themselves or change seldom."""


class Remembered(NamedTuple):
    """What a timeline is made of."""

    evidence: Evidence
    """The evidence that a verdict rests on."""
    week: Reading | None = None
    """Sessions of a week, as the device's screen reads them."""
    older_usage: Reading | None = None
    """Usage of the months before the last one, as far as it was read."""
    heard_since: float | None = None
    """Unix time of the oldest callback message that was looked at; None when there is none."""


def timeline_of(remembered: Remembered) -> Timeline:
    """Put together the timeline of a device."""
    evidence = remembered.evidence
    log = log_of(_raw(evidence, Source.CONNECTIONS), remembered.week)
    reads = _usage_reads(remembered)
    found = [*_moments(evidence, log), *usage(reads, evidence.now), *_failures(evidence)]
    raw = evidence.piece(Source.LINE).raw
    found += traces.listed(raw if isinstance(raw, Mapping) else {}, found)
    read = [at for each in _READ if (at := evidence.piece(each).read_at)]
    return Timeline(
        evidence.now,
        in_order(found, evidence.now),
        _unknown(remembered, log, reads),
        min(read, default=None),
        [f"{each}: {piece.trouble}" for each in _READ if (piece := evidence.piece(each)).trouble],
    )


def _raw(evidence: Evidence, source: Source) -> Sequence[Any]:
    raw = evidence.piece(source).raw
    return raw if isinstance(raw, list) else ()


def _moments(evidence: Evidence, log: Log) -> list[Moment]:
    changes = evidence.glimpse(Source.REQUESTS) or ()
    told = evidence.glimpse(Source.MESSAGES) or ()
    place = evidence.piece(Source.LOCATION)
    found = [
        *session_moments(log),
        *line.provisioning(_raw(evidence, Source.PROVISIONING), changes, evidence.now),
        *line.requests(changes),
        *messages(told, {each.request_id for each in changes}, evidence.now),
        *traces.addresses(_raw(evidence, Source.ADDRESSES)),
        *traces.swaps(_raw(evidence, Source.MISMATCHES)),
    ]
    if place.body is not None and place.read_at is not None:
        found.append(traces.location(place.body, place.raw, place.read_at))
    return found


_LANES: Mapping[Source, Lane] = {
    Source.CONNECTIONS: Lane.SESSIONS,
    Source.USAGE: Lane.USAGE,
    Source.PROVISIONING: Lane.LINE,
    Source.MISMATCHES: Lane.IDENTITY,
}
"""Sources that are asked as a whole, and the lanes they fill."""


def _failures(evidence: Evidence) -> list[Moment]:
    """Return the sources that told nothing when they were asked."""
    pieces = [(evidence.piece(source), lane) for source, lane in _LANES.items()]
    return [
        Moment(
            piece.read_at, lane, piece.source, f"The {piece.source} is not known",
            {"source": piece.source.value, "trouble": piece.trouble}, _why(piece), name="failure",
        )
        for piece, lane in pieces
        if piece.standing in (Standing.FAILED, Standing.NOT_ENTITLED) and piece.read_at
    ]  # fmt: skip


def _why(piece: Piece) -> str:
    return f"{piece.standing}: {piece.trouble}" if piece.trouble else str(piece.standing)


def _unknown(remembered: Remembered, log: Log, reads: Sequence[Read]) -> dict[Lane, list[Unknown]]:
    evidence, heard = remembered.evidence, remembered.heard_since
    why = "no callback was kept here before" if heard else "no callback was ever kept here"
    silent = [Unknown(ALWAYS, heard or FOREVER, why)]
    connections, spent = evidence.piece(Source.CONNECTIONS), evidence.piece(Source.USAGE)
    return {
        Lane.SESSIONS: log.unknown or [Unknown(ALWAYS, FOREVER, _why(connections))],
        Lane.USAGE: unknown_usage(reads, evidence.now, spent.trouble)
        if reads
        else [Unknown(ALWAYS, FOREVER, _why(spent))],
        Lane.LINE: _outside(
            evidence, Source.PROVISIONING, SPANS[Part.PROVISIONING].total_seconds()
        ),
        Lane.IDENTITY: _outside(evidence, Source.MISMATCHES, 90 * DAY),
        Lane.REQUESTS: _older_requests(evidence),
        Lane.SMS: silent,
        Lane.REACH: silent,
        Lane.CALLBACKS: silent,
    }


def _usage_reads(remembered: Remembered) -> list[Read]:
    piece = remembered.evidence.piece(Source.USAGE)
    recent = Reading(piece.raw, piece.read_at, piece.read_at or 0.0, piece.trouble)
    return reads_of(recent, remembered.older_usage)


def _outside(evidence: Evidence, source: Source, span: float) -> list[Unknown]:
    """Return what is not known of a source that is read as a whole, so far back."""
    piece = evidence.piece(source)
    if piece.standing is not Standing.KNOWN or piece.read_at is None:
        return [Unknown(ALWAYS, FOREVER, _why(piece))]
    since = piece.trouble or "it was not read since"
    return [
        Unknown(ALWAYS, piece.read_at - span, "it was not asked for"),
        Unknown(piece.read_at, FOREVER, since),
    ]


def _older_requests(evidence: Evidence) -> list[Unknown]:
    changes: Sequence[DeviceChange] = evidence.glimpse(Source.REQUESTS) or ()
    if len(changes) < MOST_REQUESTS:
        return []
    return [Unknown(ALWAYS, changes[-1].created_at, "older ones are in the list of requests")]
