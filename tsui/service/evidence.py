"""Evidence: what a read proves about a change, judged by pure functions, and what it settles.

Sources by rank: the callback (not read here), the request's status, the provisioning history, the
device's own state. The first two confirm this very request; the others only show that it, or
somebody else's same change, happened.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from tsui.service.former import custom_values
from tsui.service.kinds import CHANGE_CUSTOM_FIELDS, CHANGE_PLAN, PUT_IN_GROUP, ChangeKind
from tsui.service.states import is_pending, say
from tsui.store.changes import ChangeState, DeviceChange
from tsui.store.devices import DeviceRow
from tsui.store.journal import Journal

CLOCK_MARGIN = 5.0
"""Seconds by which the platform's clock may still be off after the correction by its answers."""

CLOCK_AHEAD = "clock_ahead"
"""Name under which a change keeps by how many seconds the platform's clock was ahead of ours."""

RANKED = ("callback ", "request status: ", "provisioning history: ", "the device shows ")
"""How evidence begins, the strongest first."""


class Finding(NamedTuple):
    """What the evidence says of a change."""

    state: ChangeState
    """The state it proves."""
    problem: str
    """Why, for a failure."""
    evidence: str
    """What it rests on, in words that stay readable later."""


def rank(evidence: str) -> int:
    """Return the place of a piece of evidence, 0 for the strongest kind."""
    return next((at for at, word in enumerate(RANKED) if evidence.startswith(word)), len(RANKED))


async def settle(journal: Journal, change: DeviceChange, finding: Finding, at: float) -> bool:
    """Move a change to where a finding leads; False where it may not go there.

    One that is over stays as it is. What contradicts it is kept beside it, unless it is of a weaker
    kind than what the change rests on.
    """
    if await journal.move(
        change.id, finding.state, at, problem=finding.problem, evidence=finding.evidence
    ):
        return True
    now = await journal.get(change.id)
    if now is not None and rank(finding.evidence) <= rank(now.evidence):
        told = ", ".join(filter(None, (finding.evidence, finding.problem)))
        await journal.contradict(change.id, finding.state, at, told)
    return False


def from_status(status: str) -> Finding | None:
    """Judge the platform's status of a request; None while it is pending or says nothing."""
    word = status.strip().lower()
    if word in ("success", "completed"):
        return Finding(ChangeState.SUCCEEDED, "", f"request status: {status}")
    if word in ("failed", "failure"):
        return Finding(
            ChangeState.FAILED, "ThingSpace reports failure.", f"request status: {status}"
        )
    return None


def from_device(kind: ChangeKind, change: DeviceChange, device: DeviceRow) -> Finding | None:
    """Judge a device that was read after the change was sent; None when it proves nothing."""
    if change.sending_at is None or device.read_at <= change.sending_at:
        return None
    if kind.operation in _SHOWN:
        shown, wanted, before = _SHOWN[kind.operation](change, device)
        if shown == wanted != before:
            return Finding(ChangeState.INFERRED, "", f"the device shows {wanted}")
        return None
    before = str(change.before.get("state", ""))
    if is_pending(before):
        return None  # another change was under way, and shows in the device just as ours would
    if kind.becomes and device.state == kind.becomes != before:
        return Finding(ChangeState.INFERRED, "", f"the device shows {say(device.state)}")
    if change.state is ChangeState.UNKNOWN and is_pending(device.state):
        return Finding(ChangeState.ACCEPTED, "", f"the device shows {device.state}")
    return None


def _plan(change: DeviceChange, device: DeviceRow) -> tuple[str, str, str]:
    wanted = str(change.fields.get("servicePlan", ""))
    return f"plan {device.plan}", f"plan {wanted}", f"plan {change.before.get('plan')}"


def _custom_fields(change: DeviceChange, device: DeviceRow) -> tuple[str, str, str]:
    wanted = {each["key"]: each["value"] for each in change.fields["customFieldsToUpdate"]}
    former = change.before.get("custom")
    before = former if isinstance(former, Mapping) else wanted  # what is not known proves nothing
    return (
        _words(custom_values(device), wanted), _words(wanted, wanted), _words(before, wanted)
    )  # fmt: skip


def _words(values: Mapping[str, str], names: Iterable[str]) -> str:
    return ", ".join(f"{name} {values.get(name) or 'empty'}" for name in sorted(names))


def _group(change: DeviceChange, device: DeviceRow) -> tuple[str, str, str]:
    name = str(change.fields.get("newGroupName") or change.fields.get("groupName", ""))
    former = change.before.get("groups")
    if any(each.get("id") == change.identifier for each in change.fields.get("devicesToAdd", ())):
        before = name if former is None else former  # what is not known proves nothing
        return f"group {device.groups}", f"group {name}", f"group {before}"
    outside = f"that it is not in group {name}"
    return (
        "" if device.groups == name else outside, outside, "" if former == name else outside
    )  # fmt: skip


_SHOWN: Mapping[str, Callable[[DeviceChange, DeviceRow], tuple[str, str, str]]] = {
    CHANGE_PLAN.operation: _plan,
    CHANGE_CUSTOM_FIELDS.operation: _custom_fields,
    PUT_IN_GROUP.operation: _group,
}
"""What the device shows, what was wanted and what was before, where that is no state of a line."""


def from_history(
    kind: ChangeKind, change: DeviceChange, events: Sequence[Mapping[str, Any]]
) -> Finding | None:
    """Judge the newest matching entry since the change was sent; only failures prove something.

    A success shows in the device's state as well, and there it cannot be mistaken for an older one.
    """
    ahead = float(change.before.get(CLOCK_AHEAD, 0.0))
    since = (change.sending_at or change.created_at) + ahead - CLOCK_MARGIN
    for event in reversed(events):
        at, what = event.get("at"), str(event.get("event", "")).lower()
        if at is None or at < since or not what.startswith(kind.history):
            continue
        status = str(event.get("status", ""))
        said = f"provisioning history: {event.get('event')}, {status or 'no status'}"
        if status.lower() == "success":
            return None
        return Finding(ChangeState.FAILED, status or "ThingSpace reports failure.", said)
    return None
