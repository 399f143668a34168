"""What a line may do in which state, and what is left of its limits (provisioning rules)."""

from dataclasses import dataclass

from tsui.simulator.device import (
    ACTIVE,
    DEACTIVE,
    PENDING_ACTIVATION,
    PRE_ACTIVE,
    SUSPEND,
    SimDevice,
)
from tsui.simulator.patterns import DAY
from tsui.simulator.settings import SimulatorSettings


@dataclass(frozen=True, slots=True)
class Action:
    """A kind of change."""

    name: str
    """Its name in callback payloads, e.g. ``suspendResponse``."""
    pending: str
    """State a line shows meanwhile; empty where the state does not change."""
    event: str
    """How the provisioning history calls it."""
    becomes: str
    """State afterwards; empty where it stays."""


ACTIVATE = Action("activate", PENDING_ACTIVATION, "Activation Confirmed", ACTIVE)
SUSPENDING = Action("suspend", "pending suspend", "Suspension Confirmed", SUSPEND)
RESTORE = Action("restore", "pending resume", "Restore Confirmed", ACTIVE)
DEACTIVATE = Action("deactivate", "pending deactivation", "Deactivation Confirmed", DEACTIVE)
CHANGE_PLAN = Action("changeServicePlan", "", "Service Plan Change Confirmed", "")

POLLED = frozenset({ACTIVATE.name, SUSPENDING.name, RESTORE.name, DEACTIVATE.name})
"""Actions whose request status can be asked for (documented)."""


@dataclass(frozen=True, slots=True)
class Failure:
    """Why a change of a line fails, as a callback tells it."""

    code: str
    text: str


def objection(
    action: Action, device: SimDevice, settings: SimulatorSettings, now: float, plan: str
) -> Failure | None:
    """Return why an action cannot be done on a line; None when it can."""
    if device.pending:
        return Failure("REQUEST_FAILED.UnexpectedError", "Another request is in progress.")
    if failure := state_objection(action, device, settings):
        return failure
    if action is CHANGE_PLAN:
        month = [each for each in device.plan_changes if now - each < 30 * DAY]
        if len(month) >= settings.plan_changes_per_month:
            return Failure("REQUEST_FAILED.UnexpectedError", "Too many plan changes this month.")
        if device.plan == plan:
            return Failure("REQUEST_FAILED.UnexpectedError", "The device is on this plan.")
        return None
    today = [each for each in device.actions if now - each < DAY]
    if len(today) >= settings.actions_per_day:
        return Failure("REQUEST_FAILED.UnexpectedError", "Too many provisioning actions today.")
    return None


def state_objection(
    action: Action, device: SimDevice, settings: SimulatorSettings
) -> Failure | None:
    """Return why a line's state does not allow an action; None when it does."""
    if device.state in _allowed(action, settings):
        return None
    if action is ACTIVATE and device.state == ACTIVE:
        return Failure("REQUEST_FAILED.DeviceAlreadyActive", "The device is already active.")
    return Failure("INPUT_INVALID.DeviceState.Invalid", f"The device is {device.state}.")


def _allowed(action: Action, settings: SimulatorSettings) -> frozenset[str]:
    if action is ACTIVATE:
        return frozenset({DEACTIVE, PRE_ACTIVE})
    if action is RESTORE:
        return frozenset({SUSPEND})
    if action is DEACTIVATE and settings.deactivate_suspended:
        return frozenset({ACTIVE, SUSPEND})
    return frozenset({ACTIVE})
