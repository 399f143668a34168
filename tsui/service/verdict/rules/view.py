"""Rules about what we see: whether our calls are let in, and how old the picture is."""

from tsui.service.verdict.evidence import Evidence, Source
from tsui.service.verdict.model import Confidence, Fact, Layer, Rival, Rule, Sign, Status
from tsui.service.verdict.say import moment, span

STALE = 15 * 60.0
"""Seconds after which a record is no ground for saying what is so now."""


def blind(evidence: Evidence) -> Sign | None:
    """Our calls are refused, so nothing is known of the device as it is now."""
    access = evidence.access
    if not access.is_refused:
        return None
    return Sign(
        "ThingSpace does not let our calls in; the device may be fine.",
        [Fact("error", access.code, Source.ACCESS)],
    )


def stale(evidence: Evidence) -> Sign | None:
    """The record of the device is old."""
    piece = evidence.piece(Source.LINE)
    line = evidence.line
    age = evidence.now - (piece.read_at or 0.0)
    if not line.is_listed or age <= STALE:
        return None
    read_at = moment(piece.read_at) if piece.read_at else "never"
    return Sign(
        f"The record is {span(age)} old; the device may have changed since.",
        [Fact("read", read_at, Source.LINE)],
    )


def history_refused(evidence: Evidence) -> Sign | None:
    """The connection history took the platform too long."""
    failed = [each for each in evidence.windows.windows if each.is_too_long]
    if not failed:
        return None
    newest = failed[0]
    return Sign(
        f"The connection history of {span(newest.until - newest.since)} could not be read in the "
        "platform's 30 s; that is not an empty history.",
        [Fact("connectionHistory", newest.trouble, Source.CONNECTIONS)],
    )


BLIND = Rule(
    "0.1", "blind", Layer.VIEW, Status.STOP, Confidence.HIGH,
    "our session or token is not accepted", blind,
    "Sign in again, once: five refused logins lock the contact.",
)  # fmt: skip

STALE_RECORD = Rule(
    "0.2", "stale", Layer.VIEW, Status.WARN, Confidence.HIGH,
    "what is shown is old", stale, "Read the device again.", "r",
    (Rival("the device is as shown", "a fresh reading"),),
)  # fmt: skip

HISTORY_REFUSED = Rule(
    "4.8", "history-refused", Layer.SESSIONS, Status.WARN, Confidence.HIGH,
    "the connection history cannot be read", history_refused,
    "Read it again for shorter spans: days, then hours.", "r",
    (Rival("the device never connected", "a history of a shorter span that can be read"),),
)  # fmt: skip
