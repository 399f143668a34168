"""Rules about what we see: whether our calls are let in, and how old the picture is."""

from tsui.service.verdict.evidence import NEARBY, Evidence, Neighbour, Source
from tsui.service.verdict.model import Confidence, Fact, Layer, Rival, Rule, Sign, Status
from tsui.service.verdict.rules.sessions import lost
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


TOGETHER = 3
"""Other devices that make a loss a shared one."""

ANSWERED_BY = {"MonitorReachability": "DiagnosticsService", "SendSms": "SMSDeliveryConfirmation"}
"""What only a callback answers, and the service of that."""


def shared(evidence: Evidence) -> Sign | None:
    """Other devices were lost together with this one and have something in common with it."""
    if lost(evidence) is None:
        return None
    line = evidence.line
    mine = Neighbour(line.group, line.plan, line.imei[:8])
    for place, what in enumerate(("group", "plan", "model")):
        alike = [each for each in evidence.neighbours if mine[place] and each[place] == mine[place]]
        if len(alike) >= TOGETHER:
            return Sign(
                f"{len(alike)} other devices of the same {what} fell silent within "
                f"{span(2 * NEARBY)} of it.",
                [Fact(what, mine[place], Source.LINE), Fact("lost", str(len(alike)), Source.FLEET)],
            )
    return None


def unheard(evidence: Evidence) -> Sign | None:
    """Something was asked whose answer has nobody to come to."""
    waiting = [
        (each, ANSWERED_BY[each.operation])
        for each in evidence.requests
        if each.operation in ANSWERED_BY and each.state in ("accepted", "unknown")
    ]
    for change, service in waiting:
        if service not in evidence.listeners:
            return Sign(
                f"{change.title} of request {change.request} is answered to {service}, and nobody "
                "listens there.",
                [Fact("serviceName", f"{service}: none", Source.LISTENERS)],
            )
    return None


SHARED = Rule(
    "0.3", "shared-loss", Layer.VIEW, Status.WARN, Confidence.LOW,
    "a cause that several devices share: power, coverage, plan or pool", shared,
    "Do nothing to this device alone: look at what they share.", "n",
    (Rival("chance", "whether those devices are on the same site"),),
)  # fmt: skip

UNHEARD = Rule(
    "0.4", "no-listener", Layer.VIEW, Status.UNKNOWN, Confidence.HIGH,
    "the answer can never arrive", unheard, "Give the service a listener.", ":listeners",
)  # fmt: skip

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
