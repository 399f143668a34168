"""Undo: which change brings back what a finished one altered, and what never comes back.

An undo is a change of its own and goes the same road: it is looked at, confirmed, written down and
followed like every other. Here it is only worked out.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from tsui.service.former import custom_values
from tsui.service.kinds import (
    CHANGE_COST_CENTER,
    CHANGE_CUSTOM_FIELDS,
    CHANGE_PLAN,
    DEACTIVATE,
    PUT_IN_GROUP,
    RESTORE,
    SUSPEND,
    TAKE_OUT_OF_GROUP,
    ChangeKind,
)
from tsui.service.proposal import Wanted
from tsui.store.changes import ChangeState, DeviceChange
from tsui.store.devices import DeviceRow

DONE = frozenset({ChangeState.SUCCEEDED, ChangeState.INFERRED})
"""States in which a change is proven to have been done."""


class Back(NamedTuple):
    """What brings one device back; equal ones go into one request."""

    title: str
    """What it does, without the devices."""
    kind: ChangeKind
    """The kind of change."""
    values: tuple[tuple[str, str], ...] = ()
    """What that kind needs."""


@dataclass(frozen=True, slots=True)
class Step:
    """What can be proposed at once: one batch, however many changes it takes."""

    title: str
    """What it does, in a line."""
    wanted: tuple[Wanted, ...] = ()
    """The changes of devices."""
    operation: str = ""
    """The operation instead, where it names no device."""
    fields: Mapping[str, Any] = field(default_factory=dict)
    """That operation's fields under wire names."""


@dataclass(frozen=True, slots=True)
class Card:
    """What can be brought back of a change, and what cannot."""

    reason: str = ""
    """Why nothing is offered; empty when something is."""
    lost: str = ""
    """What does not come back."""
    is_undo: bool = True
    """Whether the steps undo the change; otherwise they are another change."""
    steps: tuple[Step, ...] = ()
    """What can be proposed, the whole batch first."""
    left_out: tuple[tuple[str, int], ...] = ()
    """Why devices of the batch are left out, and how many."""


Inverse = Callable[[DeviceChange, DeviceRow], Back | str]
"""Works out what brings a device back, or says why nothing does."""

HISTORY = "The history keeps both changes"

LOST = {
    "SuspendDevices": f"{HISTORY}; the suspended days and the provisioning actions are spent.",
    "RestoreDevices": f"{HISTORY}; a new row of 90 suspended days begins, and what was used since "
    "is billed.",
    "ChangePlan": f"{HISTORY}; each counts against four plan changes a month, and fees and the "
    "time between are billed by the plan there was.",
    "ActivateDevices": DEACTIVATE.lost,
    "ChangeCostCenter": f"{HISTORY}; a place of use that was written with it stays.",
}
"""What does not come back, by operation."""

LOST_WITH_NAME = f"{HISTORY}; a description that was written with the name stays."
"""What does not come back of the renaming of a group."""

NEVER = {
    "DeactivateDevices": "A deactivation has no undo: activating gives a new number and address.",
    "DeleteDevices": "Deleting has no undo: the history of the device is gone.",
    "MoveDevices": "A move is not undone from here: the line is in another account now.",
    "SendSms": "A message that was sent cannot be called back.",
}
"""Why there is no undo, for operations that people may look for one."""


def never(change: DeviceChange) -> str:
    """Say why a change of this kind has no undo; empty when it has one, or another way."""
    if change.operation in _INVERSES:
        return ""
    return NEVER.get(change.operation, f"{change.title} has no undo.")


def card_of(
    change: DeviceChange, batch: Sequence[DeviceChange], devices: Mapping[str, DeviceRow]
) -> Card:
    """Work out the undo of a change and of the batch it was confirmed with."""
    if reason := never(change):
        return Card(reason)
    if change.kind == "account" and change.state in DONE and (renamed := _former_name(change)):
        return Card(lost=LOST_WITH_NAME, steps=(renamed,))
    left_out: dict[str, int] = {}
    backs: dict[Back, list[DeviceRow]] = {}
    mine: list[tuple[Back, list[DeviceRow]]] = []
    for each in batch:
        device = devices.get(each.device_key)
        back = _back_of(each, device)
        if isinstance(back, str) or device is None:
            left_out[str(back)] = left_out.get(str(back), 0) + 1
            continue
        backs.setdefault(back, []).append(device)
        if each.id == change.id:
            mine = [(back, [device])]
    if not backs:
        own = _back_of(change, devices.get(change.device_key))
        return Card(f"{own}", left_out=_most_first(left_out))
    steps = [_step(backs.items())]
    if sum(map(len, backs.values())) > 1 and mine:
        steps.append(_step(mine))
    if renamed := _former_name(change):
        steps.append(renamed)
    return Card(
        lost=" ".join(
            dict.fromkeys(LOST.get(each.operation, f"{HISTORY}.") for each in (change, *batch))
        ),
        is_undo=change.operation != "ActivateDevices",
        steps=tuple(steps),
        left_out=_most_first(left_out),
    )


def _step(backs: Iterable[tuple[Back, list[DeviceRow]]]) -> Step:
    parts = list(backs)
    devices = list({device.id: device for _, some in parts for device in some}.values())
    titles = list(dict.fromkeys(back.title for back, _ in parts))
    kinds = list(dict.fromkeys(back.kind.title.lower() for back, _ in parts))
    what = titles[0] if len(titles) == 1 else f"All of it back ({', '.join(kinds)})"
    number = devices[0].key.partition(":")[2] if len(devices) == 1 else f"{len(devices):,} devices"
    return Step(
        f"{what}: {number}",
        tuple(Wanted(back.kind, dict(back.values), [row.id for row in some])
              for back, some in parts),
    )  # fmt: skip


def _former_name(change: DeviceChange) -> Step | None:
    """Return what gives a group its former name back."""
    former, name = change.fields.get("groupName"), change.fields.get("newGroupName")
    if change.operation != PUT_IN_GROUP.operation or not former or not name or former == name:
        return None
    fields = {"accountName": change.account, "groupName": name, "newGroupName": former}
    return Step(f"The group's name back to {former}", (), PUT_IN_GROUP.operation, fields)


def _most_first(counts: Mapping[str, int]) -> tuple[tuple[str, int], ...]:
    return tuple(sorted(counts.items(), key=lambda item: -item[1]))


def _back_of(change: DeviceChange, device: DeviceRow | None) -> Back | str:
    if change.state not in DONE:
        return f"It is {change.state}, not proven done, so there is nothing to undo."
    if change.contradiction:
        return "ThingSpace contradicts itself about it, so it is not proven done."
    if change.kind == "account":
        return "It named no device, so what it changed is not known."
    if device is None:
        return "The device is not in the fleet any more."
    return never(change) or _INVERSES[change.operation](change, device)


def _restore(_: DeviceChange, __: DeviceRow) -> Back | str:
    return Back("Restore", RESTORE)


def _suspend(_: DeviceChange, __: DeviceRow) -> Back | str:
    return Back("Suspend again", SUSPEND)


def _deactivate(_: DeviceChange, __: DeviceRow) -> Back | str:
    return Back("Deactivate", DEACTIVATE)


def _former_plan(change: DeviceChange, device: DeviceRow) -> Back | str:
    former, given = str(change.before.get("plan") or ""), str(change.fields.get("servicePlan", ""))
    if not former:
        return "Which plan it had before is not known."
    if device.plan not in (former, given):
        return f"It is on plan {device.plan} by now, which this change did not give."
    return Back(f"Back to plan {former}", CHANGE_PLAN, (("service_plan", former),))


def _former_custom(change: DeviceChange, device: DeviceRow) -> Back | str:
    former, now = change.before.get("custom"), custom_values(device)
    pairs = change.fields.get("customFieldsToUpdate", ())
    given = {str(each.get("key")): str(each.get("value", "")) for each in pairs}
    if not isinstance(former, Mapping) or not set(given) <= set(former):
        return "What its custom fields were before is not known."
    if any(now[name] not in (former[name], value) for name, value in given.items()):
        return "Its custom fields hold something else by now, which this change did not write."
    told = ", ".join(f"{name} {former[name] or 'empty'}" for name in sorted(given))
    back = tuple((name, str(former[name])) for name in sorted(given))
    return Back(f"Back to {told}", CHANGE_CUSTOM_FIELDS, back)


def _former_cost_center(change: DeviceChange, _: DeviceRow) -> Back | str:
    former = change.before.get("cost_center")
    if former is None:
        return "Which cost center it had before is not known."
    back = (("cost_center", str(former)),)
    return Back(f"Back to cost center {former or 'none'}", CHANGE_COST_CENTER, back)


def _former_group(change: DeviceChange, device: DeviceRow) -> Back | str:
    fields, former = change.fields, str(change.before.get("groups", ""))
    name = str(fields.get("newGroupName") or fields.get("groupName", ""))
    joined = any(
        isinstance(each, Mapping) and each.get("id") == change.identifier
        for each in fields.get("devicesToAdd", ())
    )
    if "groups" not in change.before or ", " in former:
        return "Which group it was in before is not known for sure."
    if joined and former == name:
        return "It was in this group before already."
    if joined and device.groups not in (former, name):
        return f"It is in {device.groups or 'no group'} by now, where this change did not put it."
    if joined and not former:
        return Back(f"Out of {name}", TAKE_OUT_OF_GROUP, (("group", name),))
    back = former if joined else name
    return Back(f"Back to group {back}", PUT_IN_GROUP, (("group", back),))


_INVERSES: Mapping[str, Inverse] = {
    "SuspendDevices": _restore,
    "RestoreDevices": _suspend,
    "ActivateDevices": _deactivate,
    "ChangePlan": _former_plan,
    "ChangeCustomFields": _former_custom,
    "ChangeCostCenter": _former_cost_center,
    "UpdateGroup": _former_group,
    "CreateGroup": _former_group,
}
