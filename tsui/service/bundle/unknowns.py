"""What a bundle cannot tell, and why: said, so that nobody takes silence for an answer."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from tsui.service.export import moment_text
from tsui.service.verdict.evidence import Piece, Standing
from tsui.service.verdict.model import Verdict
from tsui.service.verdict.telling import why
from tsui.store.changes import OPEN, DeviceChange

Unknown = dict[str, str]
"""Something that is not known, as the shape has it."""

ALWAYS: Sequence[Unknown] = (
    {
        "what": "usage of the last hours",
        "why": "data is told within 15 minutes of a session's end, SMS up to 3 days late",
    },
    {
        "what": "callback messages that another listener got",
        "why": "only those that came to the receiver of this machine are known here",
    },
)
"""What nobody can know from here."""


def unknowns(
    verdict: Verdict | None, changes: Iterable[DeviceChange], since: float
) -> list[Unknown]:
    """Return what is not known of a device and of what was changed on it."""
    found: list[Unknown] = []
    if verdict is not None:
        found += _pieces(verdict.evidence.pieces.values())
        found += ({"what": each.rule.cause, "why": why(each)} for each in verdict.gaps)
    found += _outcomes(changes)
    if verdict is not None and since < verdict.evidence.now:
        found += ALWAYS
    return found


def holes(windows: Sequence[Mapping[str, Any]], since: float) -> list[Unknown]:
    """Return the spans in which the connection history is not known."""
    found = []
    for each in windows:
        if each["until"] <= since or (each["whole"] and not each["trouble"]):
            continue
        found.append(
            {
                "what": f"connections from {moment_text(max(since, each['since']))} "
                f"to {moment_text(each['until'])}",
                "why": each["trouble"] or "there are more than were read",
            }
        )
    return found


def _pieces(pieces: Iterable[Piece]) -> Iterator[Unknown]:
    for piece in pieces:
        if piece.standing is not Standing.KNOWN:
            said = ": ".join(filter(None, (piece.standing.value, piece.trouble)))
            yield {"what": piece.source.value, "why": said}
        elif piece.trouble:
            read = moment_text(piece.read_at) or "an unknown time"
            yield {"what": f"{piece.source} since {read}", "why": piece.trouble}


def _outcomes(changes: Iterable[DeviceChange]) -> Iterator[Unknown]:
    for each in changes:
        if each.state in OPEN:
            number = f" ({each.request_id})" if each.request_id else ""
            yield {
                "what": f"outcome of request {each.request}{number}, {each.title}",
                "why": f"it is {each.state}",
            }
