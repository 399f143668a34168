"""Rules about sessions, judged by the device's own history; those about silence are inferences."""

from typing import Any

from tsui.service.states import LineState
from tsui.service.verdict.connections import Connection
from tsui.service.verdict.evidence import Evidence, Source
from tsui.service.verdict.model import Confidence, Fact, Layer, Rival, Rule, Sign, Status
from tsui.service.verdict.say import moment, size, span

HOUR, DAY = 3600.0, 86_400.0

LATE_USAGE = 6 * HOUR
"""Seconds after which usage of a session that lasts should have been told (documented)."""

ACCESSES = 4
"""Accesses to the network an hour that are a device's fair share (documented)."""

LOOPING = 3
"""Hours of too many accesses that are a loop."""

EMPTY = 5
"""Sessions in a row without a byte that are no accident."""

ASLEEP, LOST = 2.0, 3.0
"""Times its usual silence up to which a device sleeps, and from which on it is missing."""


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


def working(evidence: Evidence) -> Sign | None:
    """The device is connected and moves data."""
    line = evidence.line
    if line.state != LineState.ACTIVE or not line.connected:
        return None
    used = sum(each.bytes for each in evidence.usage if each.at >= evidence.now - 2 * DAY)
    if not used:
        return None
    return Sign(
        f"It is connected and moved {size(used)} since yesterday: the carrier's path works.",
        [
            Fact("connected", "true", Source.LINE),
            Fact("bytesUsed", size(used), Source.USAGE),
        ],
    )


def half_open(evidence: Evidence) -> Sign | None:
    """The platform shows an open session in which nothing moves."""
    line = evidence.line
    if line.state != LineState.ACTIVE or not line.connected:
        return None
    newest = evidence.connections.newest
    if newest is None or not newest.is_start:
        return None
    # On the day it began, other sessions may have moved something as well.
    midnight = (newest.at // DAY + 1) * DAY
    if evidence.now - midnight < LATE_USAGE:
        return None
    if sum(each.bytes for each in evidence.usage if each.at >= midnight):
        return None
    return Sign(
        f"Its session is open since {moment(newest.at)} and moved nothing: half-open, as after a "
        "loss of power.",
        [
            Fact("connected", "true", Source.LINE),
            Fact("Event", f"Start, {moment(newest.at)}", Source.CONNECTIONS),
            Fact("bytesUsed", "0 since then", Source.USAGE),
        ],
    )


def looping(evidence: Evidence) -> Sign | None:
    """The device connects again and again."""
    if evidence.line.state != LineState.ACTIVE:
        return None
    since = evidence.now - LOOPING * HOUR
    starts = [
        each.at for each in evidence.connections.between(since, evidence.now) if each.is_start
    ]
    hours = [
        sum(1 for at in starts if 0 <= (evidence.now - at) // HOUR == hour)
        for hour in range(LOOPING)
    ]
    if min(hours) <= ACCESSES:
        return None
    return Sign(
        f"It connected {len(starts)} times within {LOOPING} hours: a loop of reconnecting, and "
        f"more than the {ACCESSES} accesses an hour that Verizon asks for.",
        [Fact("Event", f"{len(starts)} Start", Source.CONNECTIONS)],
    )


def empty_sessions(evidence: Evidence) -> Sign | None:
    """The device connects and moves nothing."""
    if evidence.line.state != LineState.ACTIVE:
        return None
    stops = [
        event
        for run in evidence.connections.runs[:1]
        for event in run
        if not event.is_start and event.at >= evidence.now - 7 * DAY
    ][-EMPTY:]
    if len(stops) < EMPTY or any(event.bytes for event in stops):
        return None
    return Sign(
        f"Its last {EMPTY} sessions moved no byte: it attaches, but its data does not pass.",
        [Fact("BytesUsed", "0", Source.CONNECTIONS)],
    )


DISCONNECTS = {
    2: "the carrier was lost: radio or power",
    3: "service was lost: radio or power",
    9: "a node of the network failed",
    11: "a node of the network failed",
    19: "the device restarted: a loop of restarts, if it is not the first",
    20: "it had to prove who it is again and did not: SIM, hardware or credentials",
    22: "an administrator disabled it: a matter of policy",
}
"""What codes of disconnects mean (the codes are documented, the causes our reading)."""


def cut_off(evidence: Evidence) -> Sign | None:
    """An alert told why the network cut it off, and it has not come back."""
    if evidence.line.state != LineState.ACTIVE:
        return None
    alerts = [
        (each, code)
        for each in evidence.told("AlertService")
        if (code := disconnect_code(each.body))
    ]
    if not alerts or evidence.now - alerts[0][0].at > DAY:
        return None
    alert, code = alerts[0]
    line = evidence.line
    if code not in DISCONNECTS or line.connected or line.last_connection > alert.at:
        return None
    return Sign(
        f"Cut off {span(evidence.now - alert.at)} ago with code {code}: {DISCONNECTS[code]}.",
        [Fact("disconnect code", str(code), Source.MESSAGES)],
    )


def disconnect_code(body: Any) -> int | None:
    """Return the code of a disconnect; the form of an alert is not documented."""
    if isinstance(body, list):
        return next((code for each in body if (code := disconnect_code(each))), None)
    if not isinstance(body, dict):
        return None
    for name, value in body.items():
        if "disconnect" in name.lower() and str(value).isdecimal():
            return int(value)
    return disconnect_code(list(body.values()))


def _silence(evidence: Evidence) -> tuple[float, Connection | None] | None:
    """Return how long the device is silent, and its last event; None while it is connected."""
    line = evidence.line
    if line.state != LineState.ACTIVE or line.connected is not False:
        return None
    newest = evidence.connections.newest
    if newest is not None:
        return evidence.now - newest.at, newest
    return (evidence.now - line.last_connection, None) if line.last_connection else None


def asleep(evidence: Evidence) -> Sign | None:
    """The device is silent as it usually is."""
    silence = _silence(evidence)
    if silence is None or not evidence.rhythm.is_known:
        return None
    seconds, newest = silence
    rhythm = evidence.rhythm
    if newest is None or seconds > max(ASLEEP * rhythm.usual, rhythm.longest):
        return None
    expected = newest.at + rhythm.usual
    when = f"about {moment(expected)}" if expected > evidence.now else "any moment"
    return Sign(
        f"Silent for {span(seconds)}, as usual: its silences last {span(rhythm.usual)} as a rule, "
        f"{span(rhythm.longest)} at most; expected again {when}.",
        [
            Fact("connected", "false", Source.LINE),
            Fact("usual silence", span(rhythm.usual), Source.CONNECTIONS),
            Fact("Event", f"Stop, {moment(newest.at)}", Source.CONNECTIONS),
        ],
    )


def lost(evidence: Evidence) -> Sign | None:
    """The device is silent for far longer than it ever was."""
    silence = _silence(evidence)
    if silence is None:
        return None
    seconds, newest = silence
    if newest is None:
        return Sign(
            f"Silent for {span(seconds)}: longer than all of the history that was read.",
            [Fact("lastConnectionDate", moment(evidence.line.last_connection), Source.LINE)],
        )
    rhythm = evidence.rhythm
    if not rhythm.is_known or seconds <= max(LOST * rhythm.usual, rhythm.longest):
        return None
    times = f"{seconds / max(1.0, rhythm.usual):.0f} times its usual silence of"
    return Sign(
        f"Silent for {span(seconds)}, {times} {span(rhythm.usual)}.",
        [
            Fact("connected", "false", Source.LINE),
            Fact("usual silence", span(rhythm.usual), Source.CONNECTIONS),
            Fact("Event", f"Stop, {moment(newest.at)}", Source.CONNECTIONS),
        ],
    )


_OFFLINE = (
    Rival("no power, or the antenna", "the lights of the device on site"),
    Rival("no coverage", "its neighbours on the same site"),
    Rival("broken hardware", "another device with this SIM, or another SIM in it"),
)

WORKING = Rule(
    "4.1", "carrier-path-works", Layer.SESSIONS, Status.OK, Confidence.MEDIUM,
    "connected and moving data: look behind the carrier", working,
    "Hand over with this proof: application, broker, DNS, VPN, certificate.", "u",
    (Rival("only the device's operating system talks", "what the application's server received"),),
)  # fmt: skip

HALF_OPEN = Rule(
    "4.2", "half-open", Layer.SESSIONS, Status.WARN, Confidence.LOW,
    "a session left open by a device that is gone", half_open,
    "Ask whether the network reaches it; restart it by SMS if it understands that.", "m",
    (Rival("connected with nothing to say", "reachability now"),),
)  # fmt: skip

ASLEEP_AS_USUAL = Rule(
    "4.3", "asleep", Layer.SESSIONS, Status.OK, Confidence.LOW,
    "asleep as usual", asleep, "Nothing: wait for its next session.", "",
    (Rival("it was lost within this silence", "whether it misses its next session"),),
)  # fmt: skip

LOST_DEVICE = Rule(
    "4.4", "lost", Layer.SESSIONS, Status.WARN, Confidence.LOW,
    "power, antenna, coverage or hardware", lost,
    "Watch for it to come back; look at its neighbours, then visit.", "m",
    _OFFLINE,
)  # fmt: skip

CUT_OFF = Rule(
    "4.7", "abnormal-disconnect", Layer.SESSIONS, Status.WARN, Confidence.MEDIUM,
    "the network cut it off", cut_off,
    "By the code: the site, patience, the SIM's hardware, its power, or the account.", "",
    (Rival("it was switched off right then", "somebody on site"),),
)  # fmt: skip

LOOP = Rule(
    "4.5", "reconnect-loop", Layer.SESSIONS, Status.WARN, Confidence.MEDIUM,
    "reconnecting in a loop", looping,
    "Look at signal and power, and let the application wait longer between tries.", "",
    (
        Rival("bad signal", "signal history of the device"),
        Rival("an application that gives up too early", "sessions that moved bytes"),
    ),
)  # fmt: skip

EMPTY_SESSIONS = Rule(
    "4.6", "empty-sessions", Layer.SESSIONS, Status.WARN, Confidence.MEDIUM,
    "attaches but moves no data", empty_sessions,
    "Check the APN and the settings of the private network.", "",
    (
        Rival("wrong APN", "its configuration against a healthy twin's"),
        Rival("a firewall, or the application", "packets at the private network's edge"),
    ),
)  # fmt: skip

HISTORY_REFUSED = Rule(
    "4.8", "history-refused", Layer.SESSIONS, Status.WARN, Confidence.HIGH,
    "the connection history cannot be read", history_refused,
    "Read it again for shorter spans: days, then hours.", "r",
    (Rival("the device never connected", "a history of a shorter span that can be read"),),
)  # fmt: skip
