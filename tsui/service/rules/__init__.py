"""The rules of a change, each a small named object with its source."""

from tsui.service.kinds import ACTIVATE, CHANGE_PLAN, DEACTIVATE, PUT_IN_GROUP, SUSPEND
from tsui.service.rules import allowance, line, request
from tsui.service.rules.model import (
    ChangeRule,
    Circumstances,
    DeviceRule,
    Finding,
    Known,
    Listeners,
    Verdict,
)

__all__ = [
    "CHANGE_RULES",
    "DEVICE_RULES",
    "FRESH_LOOK",
    "UNCONDITIONAL",
    "ChangeRule",
    "Circumstances",
    "DeviceRule",
    "Finding",
    "Known",
    "Listeners",
    "Verdict",
]

_PROVISIONING = "ThingSpace: provisioning rules of a line"
_STATES = "ThingSpace: table of device states"
_LIMITS = "ThingSpace: batch and rate limits"
_OWN = "tsui: nothing is done twice or by accident"


FRESH_LOOK = "fresh-look"
"""The rule about changes before which the devices are not read again."""


def _only(*operations: str) -> frozenset[str]:
    return frozenset(operations)


DEVICE_RULES: tuple[DeviceRule, ...] = (
    DeviceRule("open-change", _OWN, line.no_open_change),
    DeviceRule("protected", "tsui: the profile's protect list", line.name_was_typed),
    DeviceRule("pending", _STATES, line.not_pending),
    DeviceRule("suspended-plan", _PROVISIONING, line.plan_may_change, _only(CHANGE_PLAN.operation)),
    DeviceRule("state", _STATES, line.state_allows),
    DeviceRule("same-plan", _PROVISIONING, line.plan_differs, _only(CHANGE_PLAN.operation)),
    DeviceRule("actions-per-day", _PROVISIONING, allowance.actions_left, allowance.PROVISIONING),
    DeviceRule("plan-changes", _PROVISIONING, allowance.plan_changes_left, allowance.PLAN_CHANGES),
    DeviceRule(
        "suspended-days", _PROVISIONING, allowance.suspended_days_left, _only(SUSPEND.operation)
    ),
    DeviceRule(
        "pairing",
        "ThingSpace: hardware and SIM swaps",
        line.pair_is_free,
        _only(ACTIVATE.operation, "ChangeIdentifier"),
    ),
    DeviceRule("duplicate", _OWN, line.not_sent_twice),
    DeviceRule("stale", _OWN, line.known_recently),
    DeviceRule(
        "loss",
        _PROVISIONING,
        line.what_is_lost,
        _only(ACTIVATE.operation, DEACTIVATE.operation, "DeleteDevices", "ChangeIdentifier"),
    ),
)
"""Rules about each device, in the order their findings are told."""

CHANGE_RULES: tuple[ChangeRule, ...] = (
    ChangeRule("unnamed", "tsui: the profile's protect list", request.names_its_devices),
    ChangeRule("protected", "tsui: the profile's protect list", request.group_was_typed),
    ChangeRule("batch-size", _LIMITS, request.fits_in_a_request),
    ChangeRule(FRESH_LOOK, _OWN, request.looks_again),
    ChangeRule("pace", _LIMITS, request.pace_is_kept, _only(ACTIVATE.operation)),
    ChangeRule("location-cancels", _LIMITS, request.cancels_are_few, _only("CancelLocationReport")),
    ChangeRule(
        "offered",
        "ThingSpace: the account's plans and groups",
        request.is_offered,
        _only(CHANGE_PLAN.operation, PUT_IN_GROUP.operation),
    ),
    ChangeRule("duplicate", _OWN, request.is_no_twin),
    ChangeRule("termination-fee", _PROVISIONING, request.fee_is_told, _only(DEACTIVATE.operation)),
    ChangeRule("listener", "ThingSpace: callback services", request.somebody_listens),
)
"""Rules about a change as a whole, in the order their findings are told."""

UNCONDITIONAL = frozenset({"open-change", "protected", "unnamed", FRESH_LOOK})
"""Rules that no setting switches off."""
