"""Messages that answer no request: the platform sends them when something happens.

The forms of most are unverified, as the documents only give the names of the services.
"""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from tsui.simulator.alerts import tell_alert
from tsui.simulator.clock import iso
from tsui.simulator.device import SUSPEND, HardwareSwap, SimDevice
from tsui.simulator.draw import mix
from tsui.simulator.errors import rejected
from tsui.simulator.jobs import SUCCESS
from tsui.simulator.patterns import DAY
from tsui.simulator.swaps import other_imei
from tsui.simulator.world import World

RESUME, THRESHOLDS = "ResumeTrackingNotification", "SubscriptionNotificationService"
PROMOTIONS = "PromoChanges"

THROTTLED = 100
"""Percent of the plan from which on a line is slowed down."""


def resume_of(world: World, device: SimDevice) -> float:
    """Return when the suspension of a line ends by itself, as Unix time."""
    return device.suspended_at + world.settings.suspend_days_in_a_row * DAY


def tell_resume(world: World, account: str, device: SimDevice) -> None:
    """Tell that a suspension is about to end by itself."""
    moment = datetime.fromtimestamp(resume_of(world, device), UTC)
    when = f"{moment:%I:%M:%S %p}".removeprefix("0")
    text = f"Device will resume on - {moment.month}/{moment.day}/{moment.year} {when}"
    _tell(world, account, RESUME, device, {"comment": text})


def tell_threshold(world: World, account: str, device: SimDevice, percent: int, used: int) -> None:
    """Tell that a line used some percent of what its plan includes."""
    notice = {
        "type": "Throttled" if percent >= THROTTLED else "UsageThreshold",
        "percentage": percent,
        "servicePlan": device.plan,
        "bytesUsed": used,
    }
    _tell(world, account, THRESHOLDS, device, {"subscriptionNotification": notice})


def tell_promo(world: World, account: str, device: SimDevice, at: float) -> None:
    """Tell that a promotional code was taken off a line."""
    change = {"change": "PROMO-EX", "changeDate": iso(at)}
    _tell(world, account, PROMOTIONS, device, {"promoChange": change})


def detect(world: World, account: str, device: SimDevice) -> None:
    """Let the network find a SIM in other hardware, and tell of it in both ways."""
    fleet = world.fleets[account]
    device = fleet.touch(device)
    now, before = world.clock.timestamp(), device.imei
    after = other_imei(before, mix(world.settings.seed, device.number, len(device.swaps)))
    fleet.identify(device, {"imei": after})
    device.swaps.append(HardwareSwap(now, before, after))
    device.note(now, "Device Detection", "network")
    world.engine.tell_elsewhere(account, device, "Device Detection", "Network")
    alert = {
        "accountName": account,
        "previousImei": before,
        "currentImei": after,
        "occurredAt": iso(now),
    }
    tell_alert(world, account, device, alert)


def _tell(
    world: World, account: str, service: str, device: SimDevice, body: dict[str, Any]
) -> None:
    message = {
        "requestId": world.jobs.new_id(),
        "deviceIds": [{"id": device.iccid, "kind": "iccid"}],
        "status": SUCCESS,
        **body,
    }
    world.postman.post(account, service, message)


def _resume_now(world: World, account: str, device: SimDevice) -> None:
    if device.state != SUSPEND:
        raise rejected("INPUT_INVALID.DeviceState.Invalid", "The device is not suspended.")
    tell_resume(world, account, device)


def _exceed(world: World, account: str, device: SimDevice) -> None:
    tell_threshold(world, account, device, THROTTLED, 0)


def _promo_now(world: World, account: str, device: SimDevice) -> None:
    tell_promo(world, account, device, world.clock.timestamp())


def _wake(world: World, account: str, device: SimDevice) -> None:
    if not world.monitors.wake(account, device):
        raise rejected("REQUEST_FAILED.UnexpectedError", "The device has no monitor for that.")


HAPPENINGS: dict[str, Callable[[World, str, SimDevice], None]] = {
    "detection": detect,
    "promo": _promo_now,
    "resume-notice": _resume_now,
    "threshold": _exceed,
    "wake": _wake,
}
"""What can be made to happen to a device at once, by its name in the control API."""
