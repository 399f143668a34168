"""Rules about reachability, which only callback messages tell; their words are not confirmed."""

from typing import Any

from tsui.service.device_record import unix_time
from tsui.service.verdict.evidence import Evidence, Source, Told
from tsui.service.verdict.model import Confidence, Fact, Layer, Rival, Rule, Sign, Status
from tsui.service.verdict.say import moment, span

SERVICE = "DiagnosticsService"


def _newest(evidence: Evidence) -> Told:
    return evidence.told(SERVICE)[0]


def reachable_until(body: Any) -> float:
    """Return until when the network reaches the device by a message; 0 where it does not say."""
    named = (value for name, value in body.items() if name.lower() == "maxueavailabilitytime")
    return unix_time(next(named, None))


def is_loss(told: Told) -> bool:
    """Tell whether a message says that the network lost the device."""
    status = str(told.body.get("reachabilityStatus", "")).upper().replace(" ", "_")
    return status in ("NOT_REACHABLE", "UNREACHABLE", "LOSS_OF_CONNECTIVITY")


def window_open(evidence: Evidence) -> Sign | None:
    """The network says until when it can be reached, and that is yet to come."""
    newest = _newest(evidence)
    until = reachable_until(newest.body)
    if until <= evidence.now:
        return None
    return Sign(
        f"The network reaches it until {moment(until)}, for {span(until - evidence.now)} yet.",
        [Fact("MaxUEAvailabilityTime", moment(until), Source.MESSAGES)],
    )


def reported_lost(evidence: Evidence) -> Sign | None:
    """The network says that it lost the device, and it has not connected since."""
    newest = _newest(evidence)
    line = evidence.line
    if not is_loss(newest) or line.connected or line.last_connection > newest.at:
        return None
    return Sign(
        f"The network lost it, {moment(newest.at)}, past the time it may sleep.",
        [Fact("reachabilityStatus", str(newest.body["reachabilityStatus"]), Source.MESSAGES)],
    )


def no_status(evidence: Evidence) -> Sign | None:
    """The first answer to the question whether it can be reached says neither yes nor no."""
    newest = _newest(evidence)
    is_silent = not is_loss(newest) and not reachable_until(newest.body)
    # Other messages of the service tell of monitors, or that there are none, or of a failure.
    if not is_silent or not {"monitorId", "comment", "faultResponse"}.isdisjoint(newest.body):
        return None
    return Sign(
        "Asked whether it can be reached, the network gave no status: asleep or off.",
        [Fact("status", str(newest.body.get("status", "none")), Source.MESSAGES)],
    )


def not_offered(evidence: Evidence) -> Sign | None:
    """Reachability by SMS was asked of a device for which the network does not offer it."""
    newest = _newest(evidence)
    fault = newest.body.get("faultResponse")
    said = str(fault.get("faultstring", "")) if isinstance(fault, dict) else ""
    if "SMS" not in f"{newest.body.get('requestType', '')} {said}".upper() or not said:
        return None
    return Sign(
        "Reachability by SMS is not told of LTE devices of the higher categories.",
        [Fact("faultstring", said, Source.MESSAGES)],
    )


WINDOW_OPEN = Rule(
    "5.1", "window-open", Layer.REACH, Status.OK, Confidence.HIGH,
    "awake and reachable right now", window_open, "Act now: send an SMS or data.", "s",
    (Rival("its application does not answer", "whether data arrives"),),
)  # fmt: skip

NO_STATUS = Rule(
    "5.2", "no-status", Layer.REACH, Status.UNKNOWN, Confidence.HIGH,
    "asleep or off, unknown which", no_status,
    "Keep waiting for the second answer; do not restart a device that sleeps.", "r",
    (Rival("off", "a missed session"), Rival("asleep", "its next session")),
)  # fmt: skip

REPORTED_LOST = Rule(
    "5.3", "reported-lost", Layer.REACH, Status.WARN, Confidence.HIGH,
    "the network lost it: power, antenna, coverage or hardware", reported_lost,
    "Look at its neighbours, then visit.", "",
    (Rival("no coverage", "its neighbours on the same site"),),
)  # fmt: skip

NOT_OFFERED = Rule(
    "5.4", "sms-reach-not-offered", Layer.REACH, Status.UNKNOWN, Confidence.HIGH,
    "reachability by SMS is not told of this device", not_offered,
    "Ask for reachability by data instead.", "m",
)  # fmt: skip
