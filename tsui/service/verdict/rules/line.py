"""Rules about the line: its state, what was done to it, and how its life as a device began."""

from tsui.service.states import LineState, is_pending
from tsui.service.verdict.evidence import Evidence, Provisioned, Source
from tsui.service.verdict.model import Confidence, Fact, Layer, Rival, Rule, Sign, Status
from tsui.service.verdict.say import moment, span

DAY = 86_400.0

SETTLES = 3600.0
"""Seconds after its first activation within which a 4G device may not attach yet (documented)."""

ACTIVATES = 24 * 3600.0
"""Longest time an activation is pending (documented)."""

NUMBER_KEPT = 50 * DAY
"""Seconds the number of a deactive line is reserved (documented)."""

PENDING_ACTIVATION = "pending activation"


def _state(evidence: Evidence) -> Fact:
    return Fact("state", evidence.line.state, Source.LINE)


def _newest(evidence: Evidence, *beginnings: str) -> Provisioned | None:
    """Return the newest change of a kind that was done; for details only."""
    done = [
        each
        for each in evidence.glimpse(Source.PROVISIONING) or ()
        if each.succeeded and each.what.lower().startswith(beginnings)
    ]
    return done[-1] if done else None


def _told(event: Provisioned | None) -> list[Fact]:
    if event is None:
        return []
    said = f"{event.what}, {moment(event.at)}, by {event.by}"
    return [Fact("eventType, eventBy", said, Source.PROVISIONING)]


def never_activated(evidence: Evidence) -> Sign | None:
    """The line was added to the platform and not activated."""
    if evidence.line.state != LineState.PRE_ACTIVE:
        return None
    return Sign("The line was never activated.", [_state(evidence)])


def activating(evidence: Evidence) -> Sign | None:
    """An activation is under way."""
    if evidence.line.state != PENDING_ACTIVATION:
        return None
    ours = [
        each.sending_at
        for each in evidence.glimpse(Source.REQUESTS) or ()
        if each.operation == "ActivateDevices" and each.sending_at
    ]
    if not ours:
        since = "since when is not told; up to 24 h are documented"
    elif (waited := evidence.now - ours[0]) > ACTIVATES:
        since = f"for {span(waited)}: longer than the documented 24 h, so it is stuck"
    else:
        since = f"for {span(waited)}; minutes are usual, up to 24 h are documented"
    return Sign(f"The activation is under way, {since}.", [_state(evidence)])


def changing(evidence: Evidence) -> Sign | None:
    """Another change of the line is under way."""
    state = evidence.line.state
    if not is_pending(state) or state == PENDING_ACTIVATION:
        return None
    open_here = [
        each for each in evidence.glimpse(Source.REQUESTS) or () if each.state == "accepted"
    ]
    whose = f"request {open_here[0].request} from here" if open_here else "not ours, as it seems"
    return Sign(f"The line is {state}: a change is under way, {whose}.", [_state(evidence)])


def suspended(evidence: Evidence) -> Sign | None:
    """The line is suspended."""
    if evidence.line.state != LineState.SUSPEND:
        return None
    event = _newest(evidence, "suspen")
    values = evidence.glimpse(Source.DIAGNOSTICS) or {}
    facts = [_state(evidence), *_told(event)]
    for name in ("LastDateSuspended", "ResumeDate"):
        if value := values.get(name.lower()):
            facts.append(Fact(name, value, Source.DIAGNOSTICS))
    by = f", by {event.by}, {moment(event.at)}" if event else ""
    return Sign(f"The line is suspended{by}.", facts)


def deactive(evidence: Evidence) -> Sign | None:
    """The line is deactive."""
    if evidence.line.state != LineState.DEACTIVE:
        return None
    event = _newest(evidence, "deactivat")
    said = "whether its number can be kept depends on when that was"
    if event is not None:
        left = NUMBER_KEPT - (evidence.now - event.at)
        said = (
            f"its number is held for {span(left)} yet, its static address is gone"
            if left > 0
            else "its number and static address are gone"
        )
    by = f", by {event.by}, {moment(event.at)}" if event else ""
    return Sign(f"The line is deactive{by}; {said}.", [_state(evidence), *_told(event)])


def profile_off(evidence: Evidence) -> Sign | None:
    """The eUICC's profile was downloaded and not enabled, disabled or deleted."""
    line = evidence.line
    if not line.eid or line.state != LineState.ACTIVE:
        return None
    events = [each for each in evidence.provisioning if each.what.lower().startswith("profile ")]
    if not events:
        return None
    newest = events[-1]
    words = newest.what.lower()
    is_on = "enable" in words and (newest.succeeded or newest.status == "EXECUTED_SUCCESS")
    if is_on:
        return None
    return Sign(
        f"The SIM's profile is not enabled: {newest.what}, {newest.status}, {moment(newest.at)}.",
        [
            Fact("eventType", newest.what, Source.PROVISIONING),
            Fact("status", newest.status, Source.PROVISIONING),
        ],
    )


def change_failed(evidence: Evidence) -> Sign | None:
    """The last change of the line was not done."""
    if not evidence.line.is_listed or not evidence.provisioning:
        return None
    newest = evidence.provisioning[-1]
    if newest.succeeded or newest.status.startswith("EXECUTED_"):
        return None
    return Sign(
        f"The last change failed: {newest.what}, {moment(newest.at)}: {newest.status}",
        [
            Fact("status", newest.status, Source.PROVISIONING),
            Fact("eventBy", newest.by, Source.PROVISIONING),
        ],
    )


def settling(evidence: Evidence) -> Sign | None:
    """The line was activated a moment ago and has not connected yet."""
    line = evidence.line
    if line.state != LineState.ACTIVE or not line.activated:
        return None
    age = evidence.now - line.activated
    if age >= SETTLES or any(
        each.at >= line.activated and each.is_start
        for window in evidence.connections.windows
        for each in window.events
    ):
        return None
    return Sign(
        f"Activated {span(age)} ago: the network may take an hour until it lets a new device in.",
        [
            Fact("lastActivationDate", moment(line.activated), Source.LINE),
            Fact("connectionHistory", "no start since", Source.CONNECTIONS),
        ],
    )


def never_connected(evidence: Evidence) -> Sign | None:
    """The line is active for long and has never connected."""
    line = evidence.line
    is_candidate = line.state == LineState.ACTIVE and not line.last_connection
    if not is_candidate or evidence.now - line.activated < SETTLES:
        return None
    if evidence.connections.newest or sum(each.bytes for each in evidence.usage):
        return None
    return Sign(
        f"Active since {moment(line.activated)}, and it has never connected.",
        [
            Fact("lastConnectionDate", "none", Source.LINE),
            Fact("connectionHistory", "empty", Source.CONNECTIONS),
            Fact("bytesUsed", "0", Source.USAGE),
        ],
    )


_ON_SITE = (
    Rival("not powered, or the SIM is not seated", "the lights of the device on site"),
    Rival("wrong APN in the device", "its configuration against a healthy twin's"),
    Rival("its IMEI is not in the carrier's database", "the availability check (by callback)"),
)

NEVER_ACTIVATED = Rule(
    "2.1", "pre-active", Layer.LINE, Status.STOP, Confidence.HIGH,
    "never activated", never_activated, "Activate the line.", "A",
)  # fmt: skip

ACTIVATING = Rule(
    "2.2", "pending-activation", Layer.LINE, Status.STOP, Confidence.HIGH,
    "the activation is not over", activating,
    "Wait and watch; after 24 h give support the request id.", "3",
    (Rival("the network is busy", "time: up to 24 h"), Rival("it is stuck", "support")),
)  # fmt: skip

CHANGING = Rule(
    "2.3", "pending-change", Layer.LINE, Status.STOP, Confidence.HIGH,
    "a change of the line is under way", changing,
    "Change nothing until it is over; the history tells who began it.", "h",
)  # fmt: skip

SUSPENDED = Rule(
    "2.4", "suspended", Layer.LINE, Status.STOP, Confidence.HIGH,
    "suspended", suspended, "Find out why, then restore it.", "R",
)  # fmt: skip

DEACTIVE = Rule(
    "2.5", "deactive", Layer.LINE, Status.STOP, Confidence.HIGH,
    "deactivated", deactive,
    "Ask support to keep the number within 50 days; activating gives a new one.", "A",
)  # fmt: skip

CHANGE_FAILED = Rule(
    "2.6", "change-failed", Layer.LINE, Status.WARN, Confidence.HIGH,
    "the last change of the line failed", change_failed,
    "Read why, and remove that cause before trying again.", "h",
    (Rival("the failed change has nothing to do with it", "whether it was online after it"),),
)  # fmt: skip

SETTLING = Rule(
    "2.7", "just-activated", Layer.LINE, Status.WARN, Confidence.HIGH,
    "activated a moment ago", settling,
    "Wait until the hour is over, then switch the device off and on.", "r",
    _ON_SITE,
)  # fmt: skip

NEVER_CONNECTED = Rule(
    "2.8", "never-connected", Layer.LINE, Status.WARN, Confidence.MEDIUM,
    "never connected", never_connected, "Check power, SIM, antenna and APN on site.", "",
    _ON_SITE,
)  # fmt: skip

PROFILE_OFF = Rule(
    "2.9", "profile-disabled", Layer.LINE, Status.STOP, Confidence.HIGH,
    "the eUICC's profile is not enabled", profile_off,
    "Enable the profile.", ":op EnableProfile",
    (Rival("the device uses another profile on purpose", "who disabled it"),),
)  # fmt: skip
