"""What the tests of timelines share: readings as they are remembered, and what is made of them."""

from collections.abc import Sequence
from typing import Any

from tsui.service.timeline.gathering import Remembered, timeline_of
from tsui.service.timeline.model import DAY, HOUR, Lane, Moment, Timeline
from tsui.service.verdict.evidence import Evidence, Piece, Source, Standing, Told
from tsui.store.changes import ChangeState, DeviceChange
from tsui.store.readings import Reading

NOW = 20_000 * DAY + 10 * HOUR


def event(at: float, what: str, used: object = 0) -> dict[str, Any]:
    return {"at": at, "event": what, "bytes": str(used), "more": {"Msisdn": "1555"}}


def sessions(first: float, period: float, count: int, used: object = 10) -> list[dict[str, Any]]:
    """Return the events of sessions of a minute, one in every period."""
    made = []
    for at in (first + number * period for number in range(count)):
        made += [event(at, "Start"), event(at + 60, "Stop", used)]
    return made


def window(
    days: tuple[float, float], events: Sequence[Any] = (), *, trouble: str = "", whole: bool = True
) -> dict[str, Any]:
    """Return a window of the history that ended and began so many days ago."""
    return {
        "since": NOW - days[1] * DAY, "until": NOW - days[0] * DAY, "events": list(events),
        "whole": whole and not trouble, "trouble": trouble, "too_long": bool(trouble),
    }  # fmt: skip


def day(ago: int, used: int | None, **more: Any) -> dict[str, Any]:
    at = NOW // DAY * DAY - ago * DAY
    known = {"at": at, "bytes": used, "bytes_raw": "", "sms": 0, "plan": "", "source": "m2m"}
    return known | more


def tried(at: float, what: str, status: str = "Success", by: str = "portal") -> dict[str, Any]:
    return {"at": at, "event": what, "status": status, "by": by, "plan": "P1"}


def change(state: ChangeState, **more: Any) -> DeviceChange:
    """Return a suspension that was sent an hour ago."""
    at = NOW - HOUR
    known: dict[str, Any] = {
        "id": 1, "request": 7, "batch": "b", "account": "a", "operator": "op",
        "operation": "SuspendDevices", "title": "Suspend", "fields": {}, "owner": "o",
        "created_at": at, "sending_at": at, "answered_at": at + 1, "request_id": "r-7",
        "devices": 1, "device_key": "iccid:1", "kind": "iccid", "identifier": "1", "before": {},
        "state": state, "changed_at": at + 5, "problem": "", "evidence": "", "exclusive": True,
        "answer": "",
    }  # fmt: skip
    return DeviceChange(**(known | more))


def told(service: str, *, ago: float = HOUR, request_id: str = "", **body: Any) -> Told:
    return Told(NOW - ago, service, request_id, body)


def timeline(
    windows: Sequence[Any] | None = None,
    *,
    week: Reading | None = None,
    older_usage: Reading | None = None,
    heard_since: float | None = None,
    read_at: float = NOW,
    changes: Sequence[DeviceChange] = (),
    messages: Sequence[Told] = (),
    pieces: Sequence[Piece] = (),
    **raw: Any,
) -> Timeline:
    """Return the timeline of a device of which this is remembered."""
    known: dict[Source, tuple[Any, Any]] = {
        Source[name.upper()]: (body, body) for name, body in raw.items()
    }
    if windows is not None:
        known[Source.CONNECTIONS] = (windows, windows)
    known[Source.REQUESTS] = (tuple(changes), [])
    known[Source.MESSAGES] = (tuple(messages), [])
    made = {
        source: Piece(source, Standing.KNOWN, body, told_so, read_at)
        for source, (body, told_so) in known.items()
    }
    made |= {piece.source: piece for piece in pieces}
    return timeline_of(Remembered(Evidence(NOW, made), week, older_usage, heard_since))


def lane(made: Timeline, wanted: Lane) -> list[Moment]:
    return [each for each in made.moments if each.lane is wanted]


def odd(made: Timeline) -> list[tuple[str, str]]:
    """Return sentence and reason of each anomaly, oldest first."""
    return [(each.sentence, each.reason) for each in made.moments if each.is_anomaly]


def is_known(made: Timeline, wanted: Lane, at: float) -> bool:
    return not any(each.since <= at < each.until for each in made.unknown.get(wanted, ()))
