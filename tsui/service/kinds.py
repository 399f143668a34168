"""The kinds of change an operator can make, as data: what each does, needs and cannot undo."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from tsui.service.states import LineState


@dataclass(frozen=True, slots=True)
class ChangeKind:
    """One kind of change of a line."""

    operation: str
    """Class name of the ThingSpace operation."""
    title: str
    """The change as a command says it."""
    done: str
    """The change as history says it."""
    effect: str
    """What will happen, in a sentence."""
    lost: str = ""
    """What cannot come back; empty where the change can be undone."""
    allowed: frozenset[str] = frozenset()
    """States a line may be in (documented state table)."""
    becomes: str = ""
    """The state a line has afterwards; empty where the state stays."""
    history: tuple[str, ...] = ()
    """How the provisioning history names it: beginnings of event types, in lower case."""
    polled: bool = True
    """Whether the status of a single-device request can be asked for."""
    exclusive: bool = True
    """Whether a line takes no other such change before this one is over."""
    needs: tuple[str, ...] = field(default=())
    """Names of values the operator has to give."""

    @property
    def reversible(self) -> bool:
        """Whether another change brings everything back."""
        return not self.lost

    def named(self, values: Mapping[str, str]) -> str:
        """Return the change with what the operator gave for it, as the journal says it."""
        return f"{self.title} {said(self, values)}".strip()


ACTIVATE = ChangeKind(
    operation="ActivateDevices",
    title="Activate",
    done="activated",
    effect="A new number, an address and a plan are given, and billing starts.",
    allowed=frozenset({LineState.DEACTIVE, LineState.PRE_ACTIVE}),
    becomes=LineState.ACTIVE,
    history=("activat",),
    lost="A contract term may begin; ending it early can cost a fee.",
    needs=("service_plan", "mdn_zip_code"),
)
SUSPEND = ChangeKind(
    operation="SuspendDevices",
    title="Suspend",
    done="suspended",
    effect="No connection until it is restored; number, address and plan stay. "
    "After 90 days service resumes by itself.",
    allowed=frozenset({LineState.ACTIVE}),
    becomes=LineState.SUSPEND,
    history=("suspen",),
)
RESTORE = ChangeKind(
    operation="RestoreDevices",
    title="Restore",
    done="restored",
    effect="Connections work again, and billing is in full.",
    allowed=frozenset({LineState.SUSPEND}),
    becomes=LineState.ACTIVE,
    history=("restor", "resum"),
)
DEACTIVATE = ChangeKind(
    operation="DeactivateDevices",
    title="Deactivate",
    done="deactivated",
    effect="Service ends; number, address and plan are lost.",
    lost="The number (held 50 days, but activating through this API gives a new one) and a static "
    "address. An early termination fee may be billed.",
    allowed=frozenset({LineState.ACTIVE, LineState.SUSPEND}),
    becomes=LineState.DEACTIVE,
    history=("deactivat",),
)
CHANGE_PLAN = ChangeKind(
    operation="ChangePlan",
    title="Change plan",
    done="put on another plan",
    effect="Billing is by the new plan; what shows here may lag up to 24 hours.",
    allowed=frozenset({LineState.ACTIVE}),
    history=("plan", "change service plan", "service plan", "change plan"),
    polled=False,
    needs=("service_plan",),
)

CHANGE_CUSTOM_FIELDS = ChangeKind(
    operation="ChangeCustomFields",
    title="Change custom fields",
    done="given other custom fields",
    effect="What is noted in these fields now is replaced; other fields stay.",
    polled=False,
)
CHANGE_COST_CENTER = ChangeKind(
    operation="ChangeCostCenter",
    title="Change cost center",
    done="given another cost center",
    effect="Costs are booked there from now on.",
)
PUT_IN_GROUP = ChangeKind(
    operation="UpdateGroup",
    title="Put in group",
    done="put in another group",
    effect="They leave the group they were in.",
    polled=False,
    exclusive=False,
)
TAKE_OUT_OF_GROUP = replace(
    PUT_IN_GROUP,
    title="Take out of group",
    done="taken out of a group",
    effect="They go to the default group.",
)

KINDS: Mapping[str, ChangeKind] = {
    kind.operation: kind
    for kind in (
        ACTIVATE, SUSPEND, RESTORE, DEACTIVATE, CHANGE_PLAN, CHANGE_CUSTOM_FIELDS,
        CHANGE_COST_CENTER, PUT_IN_GROUP,
    )
}  # fmt: skip
"""Kinds by operation, as the journal names them."""

SEND_SMS = ChangeKind(
    operation="SendSms",
    title="Send SMS",
    done="sent a text",
    effect="It goes out at once and cannot be called back; the network tries for five days.",
    allowed=frozenset({LineState.ACTIVE}),
    polled=False,
    exclusive=False,
)
SEND_NIDD = replace(
    SEND_SMS,
    operation="SendNidd",
    title="Send bytes",
    done="sent bytes",
    effect="They go out at once and cannot be called back; the line needs a plan with NIDD.",
)

MESSAGES: Mapping[str, ChangeKind] = {kind.operation: kind for kind in (SEND_SMS, SEND_NIDD)}
"""Kinds that change no line: what they send is all there is to them."""

NOT_SHOWN = frozenset({CHANGE_COST_CENTER.operation})
"""Operations of which no read shows what became of them; a status may be told, or a callback."""

ACCOUNT = "account"
"""Kind of target of a change that names no device."""

_OTHERS: Mapping[str, tuple[frozenset[str], str]] = {
    "DeleteDevices": (
        frozenset({LineState.DEACTIVE}),
        "The device with all its history.",
    ),
    "MoveDevices": (frozenset({LineState.ACTIVE}), ""),
}
"""States a line may be in for operations that are sent by their forms, and what they destroy."""


def kind_of(operation: str, title: str) -> ChangeKind:
    """Return the kind of any operation; one without a documented state table allows all states."""
    if known := KINDS.get(operation):
        return known
    allowed, lost = _OTHERS.get(operation, (frozenset(), ""))
    return ChangeKind(operation, title, done="", effect="", lost=lost, allowed=allowed)


def is_read_back(operation: str, target: str) -> bool:
    """Tell whether the device shows what became of an operation, by the kind of its target."""
    return operation in KINDS and operation not in NOT_SHOWN and target != ACCOUNT


def said(kind: ChangeKind, values: Mapping[str, str]) -> str:
    """Say what the operator gave for a change; empty where its title tells all of it."""
    if kind.operation == CHANGE_CUSTOM_FIELDS.operation:
        return ", ".join(f"{name}={value or '(empty)'}" for name, value in sorted(values.items()))
    if kind.operation == CHANGE_COST_CENTER.operation:
        return values.get("cost_center") or "(none)"
    if kind.operation == SEND_NIDD.operation and "payload" in values:
        return f"{values['payload']}, within {values['seconds']} s"
    return values.get("service_plan") or values.get("group") or values.get("text", "")
