"""Looks at the steps of a run: what shows that each is done, and what it waits for otherwise."""

from tsui.service.commissioning.model import Case, Look, StepName, StepState
from tsui.service.states import LineState, is_pending, say
from tsui.service.verdict.evidence import Missing, Source
from tsui.service.verdict.rules.line import PENDING_ACTIVATION, SETTLES
from tsui.service.verdict.say import moment, size
from tsui.store.changes import ChangeState, DeviceChange

DAY = 86_400.0

ACTIVATES = 600.0
"""Seconds an activation usually takes at most; up to 24 h are documented."""

_NO = frozenset({ChangeState.FAILED, ChangeState.REFUSED, ChangeState.NOT_SENT})

_REQUESTED = {
    ChangeState.INTENDED: "confirmed, about to be sent",
    ChangeState.SENDING: "on its way",
    ChangeState.ACCEPTED: "taken; the outcome is awaited",
    ChangeState.UNKNOWN: "of unknown fate: the line is read until it shows, nothing is sent again",
    ChangeState.SUCCEEDED: "confirmed; the device list does not show it yet",
    ChangeState.INFERRED: "done as it seems; the device list does not show it yet",
    ChangeState.DECIDED: "closed by the operator's judgement",
}


def line_known(case: Case) -> Look:
    """ThingSpace lists the line."""
    line, at = case.line, case.read_at(Source.LINE)
    if not line.is_listed:
        return Look(StepState.FAILED, "ThingSpace lists no such line.", Source.LINE)
    return Look(StepState.SEEN, f"listed, {say(line.state)}", Source.LINE, at)


def activation(case: Case) -> Look:
    """The line is active; the only way there is the one road for changes."""
    line, request = case.line, case.newest_request("ActivateDevices")
    if line.state == LineState.ACTIVE:
        return _active(case, request)
    if line.state == LineState.SUSPEND:
        return Look(StepState.FAILED, "The line is suspended; restore it first.", Source.LINE)
    if request is not None:
        return _requested(request)
    if line.state == PENDING_ACTIVATION:
        return Look(StepState.WAITING, "under way, not from here", Source.LINE)
    if is_pending(line.state):
        return Look(StepState.WAITING, f"another change is under way: {line.state}", Source.LINE)
    return Look(StepState.WAITING, f"{say(line.state)}: A activates it, and asks first")


def _active(case: Case, request: DeviceChange | None) -> Look:
    line = case.line
    plan = f", plan {line.plan}" if line.plan else ""
    if line.activated and line.activated < case.run.began_at and request is None:
        said = f"active already, since {moment(line.activated)}{plan}"
        return Look(StepState.SEEN, said, Source.LINE, line.activated)
    if request is not None and request.state in (ChangeState.SUCCEEDED, ChangeState.INFERRED):
        evidence = f"request {request.request}: {request.evidence}"
        return Look(StepState.SEEN, f"active{plan}", evidence, request.changed_at)
    return Look(StepState.SEEN, f"active{plan}", Source.LINE, line.activated or None)


def _requested(request: DeviceChange) -> Look:
    evidence = f"request {request.request}"
    if request.state in _NO:
        why = request.problem or "no reason was given"
        return Look(StepState.FAILED, f"{request.state}: {why}", evidence)
    due = request.sending_at + ACTIVATES if request.sending_at else None
    return Look(StepState.WAITING, _REQUESTED[request.state], evidence, due_at=due)


def apn_delivered(case: Case) -> Look:
    """The network lets the device in; nobody tells, only a connection proves it."""
    if (connected := _connection(case)) is not None:
        return Look(
            StepState.SEEN, "it connected, so it has one", "inferred from the connection",
            connected.at,
        )  # fmt: skip
    activated = case.line.activated or case.run.step(StepName.ACTIVATION).ended_at or case.since
    due = activated + SETTLES
    if case.now < due:
        said = "up to an hour after the first activation; nobody tells, only a connection proves it"
        return Look(StepState.WAITING, said, "the time since the activation", due_at=due)
    said = "its usual hour is over; only a connection proves it"
    return Look(StepState.NOT_KNOWABLE, said, "the time since the activation", due)


def first_connection(case: Case) -> Look:
    """The device has a data session, or had one since the run began."""
    if (connected := _connection(case)) is not None:
        return connected
    if case.line.state != LineState.ACTIVE:
        said = f"the line is {say(case.line.state)} now, so it cannot connect"
        return Look(StepState.WAITING, said, Source.LINE)
    case.fresh(Source.CONNECTIONS)
    return Look(StepState.WAITING, "no session since the run began", Source.CONNECTIONS)


def _connection(case: Case) -> Look | None:
    """Return the first session since the run began, or one that lasts; the list names the last."""
    line, began = case.line, case.run.began_at
    try:
        events = case.fresh(Source.CONNECTIONS).between(began, float("inf"))
    except Missing:
        events = ()
    if starts := [each.at for each in events if each.is_start]:
        at = min(starts)
        return Look(StepState.SEEN, f"a session began {moment(at)}", Source.CONNECTIONS, at)
    last = line.last_connection
    if line.connected:
        said = f"connected since {moment(last)}" if last else "connected"
        return Look(StepState.SEEN, said, Source.LINE, last or None)
    if last >= began:
        return Look(StepState.SEEN, f"its last session began {moment(last)}", Source.LINE, last)
    return None


def first_bytes(case: Case) -> Look:
    """A session that ended since the run began moved bytes, or the usage history grew."""
    try:
        events = case.fresh(Source.CONNECTIONS).between(case.run.began_at, float("inf"))
    except Missing:
        events = ()
    moved = [each for each in events if each.bytes and not each.is_start]
    if moved:
        first = min(moved)
        said = f"{size(first.bytes)} in a session that ended {moment(first.at)}"
        return Look(StepState.SEEN, said, Source.CONNECTIONS, first.at)
    used, baseline = used_since(case), case.run.baseline
    if baseline is not None and used > baseline:
        said, at = f"{size(used - baseline)} used", case.read_at(Source.USAGE)
        return Look(StepState.SEEN, said, Source.USAGE, at)
    said = "told when a session ends, or up to a quarter of an hour later"
    return Look(StepState.WAITING, said, f"{Source.CONNECTIONS}, {Source.USAGE}")


def used_since(case: Case) -> int:
    """Return the bytes of the days since that on which the run began; raises Missing."""
    midnight = case.run.began_at // DAY * DAY
    return sum(each.bytes for each in case.fresh(Source.USAGE) if each.at >= midnight)
