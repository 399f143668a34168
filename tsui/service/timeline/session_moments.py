"""Sessions as moments, with odd silences and with windows that could not be read."""

from collections.abc import Iterator
from itertools import chain

from tsui.service.timeline.model import Lane, Moment, Unknown
from tsui.service.timeline.odd_sessions import Odd, bursts, odd_silences, runs_without_a_byte
from tsui.service.timeline.sessions import Log, Session, sessions_of
from tsui.service.verdict.evidence import Source
from tsui.service.verdict.say import size, span


def session_moments(log: Log) -> Iterator[Moment]:
    """Yield sessions, what is out of the ordinary about them, and windows that did not come."""
    sessions = list(sessions_of(log))
    for place, session in enumerate(sessions):
        is_newest = place == len(sessions) - 1
        yield Moment(
            session.at,
            Lane.SESSIONS,
            Source.CONNECTIONS,
            _sentence(session, is_newest=is_newest),
            [dict(event) for event in session.events],
            lasts=_length(session, log, is_newest=is_newest),
            amount=session.bytes or 0,
            name="session" if session.start is not None else "end",
        )
    found = (odd_silences(sessions, log.known), bursts(sessions), runs_without_a_byte(sessions))
    for odd in chain(*found):
        yield _moment(odd, log)
    for hole in log.holes:
        yield _hole(hole)


def _moment(odd: Odd, log: Log) -> Moment:
    near = [dict(event) for event in log.events if odd.since <= event["at"] <= odd.until]
    return Moment(
        odd.since, Lane.SESSIONS, Source.CONNECTIONS, odd.sentence, near, odd.reason,
        odd.until - odd.since, name=odd.name,
    )  # fmt: skip


def _hole(hole: Unknown) -> Moment:
    length = hole.until - hole.since
    return Moment(
        hole.since,
        Lane.SESSIONS,
        Source.CONNECTIONS,
        f"Not known for {span(length)}",
        {"since": hole.since, "until": hole.until, "trouble": hole.why},
        f"could not be read: {hole.why}",
        length,
        name="hole",
    )


def _sentence(session: Session, *, is_newest: bool) -> str:
    if session.start is None:
        return f"Session ended, {_used(session)}; its start is not known"
    if session.end is None:
        return "Session began" if is_newest else "Session began; its end was not told"
    return f"Session of {span(session.end - session.start)}, {_used(session)}"


def _used(session: Session) -> str:
    return "bytes not told" if session.bytes is None else size(session.bytes)


def _length(session: Session, log: Log, *, is_newest: bool) -> float:
    if session.start is None:
        return 0.0
    if session.end is not None:
        return session.end - session.start
    # The newest one lasts, as far as that was read.
    last = next((each.until for each in log.known if each.since <= session.start <= each.until), 0)
    return max(0.0, last - session.start) if is_newest else 0.0
