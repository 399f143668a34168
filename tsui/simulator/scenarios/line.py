"""Situations of the line: its state, what was done to it, and its first hours."""

from tsui.simulator import identity
from tsui.simulator.device import PENDING_ACTIVATION, PRE_ACTIVE
from tsui.simulator.patterns import DAY, FOREVER, Span
from tsui.simulator.profiles import DOWNLOAD_DISABLE
from tsui.simulator.rules import DEACTIVATE, SUSPENDING
from tsui.simulator.scenarios.stage import HOUR, PORTAL, Scenario, Stage


def pre_active(stage: Stage) -> None:
    """Let the device be one that was added and never activated."""
    device = stage.device
    device.state, device.served, device.history = PRE_ACTIVE, [], []
    device.plan = device.mdn = device.ip = device.activated_by = ""
    device.activated = 0.0


def _pending_activation(stage: Stage) -> None:
    pre_active(stage)
    stage.device.state = PENDING_ACTIVATION


def _pending_change(stage: Stage) -> None:
    stage.device.state = "pending MDN change"
    stage.lose(stage.now - HOUR)


def _suspended(stage: Stage) -> None:
    stage.world.engine.apply(stage.fleet, stage.device, SUSPENDING, {}, PORTAL, stage.now - 2 * DAY)


def _deactive(stage: Stage) -> None:
    stage.world.engine.apply(
        stage.fleet, stage.device, DEACTIVATE, {}, PORTAL, stage.now - 10 * DAY
    )


def _change_failed(stage: Stage) -> None:
    at = stage.now - HOUR
    stage.device.note(at, "Restore Confirmed", PORTAL, "The network refused it.")


def _just_activated(stage: Stage) -> None:
    device, at = stage.device, stage.now - HOUR / 3
    device.activated, device.history = at, []
    device.note(at, "Activation Confirmed", PORTAL)
    device.served = [Span(at + HOUR, FOREVER)]


def _never_connected(stage: Stage) -> None:
    stage.device.served = []


def _profile_disabled(stage: Stage) -> None:
    device, at = stage.device, stage.now - DAY
    if not device.eid:
        born = identity.make(device.account, device.number, device.model.tac, embedded=True)
        stage.fleet.identify(device, {"eid": born.eid})
    device.profile = DOWNLOAD_DISABLE
    device.note(at, "Profile Download Confirmed", PORTAL, "EXECUTED_WITHWARNING")
    stage.lose(at)


SCENARIOS = (
    Scenario("pre-active", "it was added and never activated", pre_active),
    Scenario("pending-activation", "its activation is under way", _pending_activation),
    Scenario("pending-change", "somebody changes its number right now", _pending_change),
    Scenario("suspended", "somebody suspended it two days ago", _suspended),
    Scenario("deactive", "somebody deactivated it ten days ago", _deactive),
    Scenario("change-failed", "the last change of the line failed an hour ago", _change_failed),
    Scenario("just-activated", "it was activated twenty minutes ago", _just_activated),
    Scenario("never-connected", "it is active for months and never connected", _never_connected),
    Scenario("profile-disabled", "its eUICC profile could not be enabled", _profile_disabled),
)
"""The situations."""
