"""Outcomes: what an answer that speaks of several devices says of each of them."""

from typing import Any, NamedTuple

from tsui.service.forms import devices_named
from tsui.store.changes import ChangeState
from tsui.thingspace.inventory import AddDevices, AddedDevice, DeletedDevice, DeleteDevices
from tsui.thingspace.operation import Operation

UNTOLD = "ThingSpace did not say what became of it."
"""Why the fate of a device is unknown that an answer is silent about."""

_SUCCESS = "success"


class Outcome(NamedTuple):
    """What became of one device."""

    state: ChangeState
    """Succeeded, failed or unknown."""
    problem: str = ""
    """Why, where it did not go well; may hold words from outside."""


def device_outcomes(operation: Operation[Any], reply: Any) -> dict[str, Outcome]:
    """Return what became of each device of a request by the identifier the request names it by.

    Empty for operations whose answer stands for the request as a whole.
    """
    if not isinstance(operation, AddDevices | DeleteDevices):
        return {}
    told = {each.id: _outcome(part) for part in reply for each in part.device_ids or ()}
    unknown = Outcome(ChangeState.UNKNOWN, UNTOLD)
    return {number: told.get(number, unknown) for _, number in devices_named(operation)}


def as_one(outcomes: dict[str, Outcome]) -> Outcome:
    """Return what can be said of all devices together: no better than of the worst."""
    for state in (ChangeState.UNKNOWN, ChangeState.FAILED):
        bad = [each for each in outcomes.values() if each.state is state]
        if bad:
            said = f"{len(bad)} of {len(outcomes)} devices: {bad[0].problem}"
            return Outcome(state, said if len(outcomes) > 1 else bad[0].problem)
    return Outcome(ChangeState.SUCCEEDED)


def _outcome(part: AddedDevice | DeletedDevice) -> Outcome:
    if isinstance(part, AddedDevice):
        word, reason = part.response, part.response
    else:
        word, reason = part.status, part.message or part.status
    if word.strip().lower() == _SUCCESS:
        return Outcome(ChangeState.SUCCEEDED)
    if not word.strip():
        return Outcome(ChangeState.UNKNOWN, UNTOLD)
    return Outcome(ChangeState.FAILED, reason)
