"""Undo: which change brings back what a finished one altered, and what never comes back.

An undo is a change of its own and goes the same road: it is looked at, confirmed, written down and
followed like every other. Here it is only worked out.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from tsui.service.former import custom_values
from tsui.service.kinds import CHANGE_PLAN, DEACTIVATE, RESTORE, SUSPEND, ChangeKind
from tsui.store.changes import ChangeState, DeviceChange
from tsui.store.devices import DeviceRow

DONE = frozenset({ChangeState.SUCCEEDED, ChangeState.INFERRED})
"""States in which a change is proven to have been done."""


class Back(NamedTuple):
    """What brings one device back; equal ones go into one request."""

    title: str
    """What it does, without the devices."""
    kind: ChangeKind | None
    """The kind of change, for those that have one."""
    values: tuple[tuple[str, str], ...] = ()
    """What that kind needs."""
    operation: str = ""
    """The operation, for changes without a kind."""
    fields: tuple[tuple[str, Any], ...] = ()
    """The operation's fields under wire names, without the devices."""
    devices_field: str = "devices"
    """The field that names the devices."""


@dataclass(frozen=True, slots=True)
class Step:
    """A change that can be proposed."""

    back: Back
    """What it does."""
    devices: tuple[DeviceRow, ...]
    """The devices it is for."""
    account: str
    """The account."""

    @property
    def title(self) -> str:
        """What it does, in a line."""
        if len(self.devices) == 1:
            return f"{self.back.title}: {self.devices[0].key.partition(':')[2]}"
        return f"{self.back.title}: {len(self.devices):,} devices"

    def fields(self) -> dict[str, Any]:
        """Return the operation's fields under wire names."""
        named: list[Any] = [_device_id(each) for each in self.devices]
        if self.back.devices_field == "devices":
            named = [{"deviceIds": [each]} for each in named]
        fields: dict[str, Any] = {"accountName": self.account, self.back.devices_field: named}
        for name, value in self.back.fields:
            fields[name] = [dict(each) for each in value] if isinstance(value, tuple) else value
        return fields


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
    steps = _steps(backs.items(), change.account)
    if sum(map(len, backs.values())) > 1:
        steps += _steps(mine, change.account)
    return Card(
        lost=LOST.get(change.operation, f"{HISTORY}."),
        is_undo=change.operation != "ActivateDevices",
        steps=steps,
        left_out=_most_first(left_out),
    )


def _steps(backs: Iterable[tuple[Back, list[DeviceRow]]], account: str) -> tuple[Step, ...]:
    return tuple(Step(back, tuple(devices), account) for back, devices in backs)


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
    return _INVERSES[change.operation](change, device)


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
    back = tuple((("key", name), ("value", str(former[name]))) for name in sorted(given))
    said = ", ".join(f"{name} {former[name] or 'empty'}" for name in sorted(given))
    return Back(
        f"Back to {said}", None, operation="ChangeCustomFields",
        fields=(("customFieldsToUpdate", back),),
    )  # fmt: skip


def _former_cost_center(change: DeviceChange, _: DeviceRow) -> Back | str:
    former = change.before.get("cost_center")
    if former is None:
        return "Which cost center it had before is not known."
    field = ("costCenter", str(former)) if former else ("removeCostCenter", True)
    return Back(
        f"Back to cost center {former or 'none'}", None, operation="ChangeCostCenter",
        fields=(field,),
    )  # fmt: skip


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
        return _regroup(f"Out of {name}", name, "devicesToRemove")
    back = former if joined else name
    return _regroup(f"Back to group {back}", back, "devicesToAdd")


def _regroup(title: str, group: str, devices_field: str) -> Back:
    return Back(
        title, None, operation="UpdateGroup", fields=(("groupName", group),),
        devices_field=devices_field,
    )  # fmt: skip


def _device_id(device: DeviceRow) -> dict[str, str]:
    kind, _, number = device.key.partition(":")
    return {"id": number, "kind": kind}


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
