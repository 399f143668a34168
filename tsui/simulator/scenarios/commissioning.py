"""Devices about to be commissioned: all goes well within a minute, or it stops at one step."""

from tsui.simulator.catalogue import Rhythm
from tsui.simulator.patterns import DAY
from tsui.simulator.scenarios.line import pre_active
from tsui.simulator.scenarios.stage import Scenario, Stage

SOON = 20.0
"""Seconds until a device on this stage can attach, instead of the usual hour."""

_NEVER = 3650 * DAY
_CHATTY = Rhythm(20.0, 0.0, (10.0, 12.0), (40, 80))
_MUTE = Rhythm(20.0, 0.0, (10.0, 12.0), (0, 0))
_REFUSED = "The IMEI is not in the device database."


def _goes_well(stage: Stage) -> None:
    pre_active(stage)
    stage.connect_like(_CHATTY)
    stage.device.attaches_after, stage.device.echoes = SOON, True


def _refused(stage: Stage) -> None:
    _goes_well(stage)
    stage.device.refusal = _REFUSED


def _never_attaches(stage: Stage) -> None:
    _goes_well(stage)
    stage.device.attaches_after = _NEVER


def _moves_nothing(stage: Stage) -> None:
    _goes_well(stage)
    stage.connect_like(_MUTE)


def _answers_nothing(stage: Stage) -> None:
    _goes_well(stage)
    stage.device.echoes = False
    for service in ("EnhancedConnectivityService", "SMSDeliveryConfirmation"):
        stage.silence(service)


SCENARIOS = (
    Scenario("commissioning", "it is new, and all goes well within a minute", _goes_well),
    Scenario("commissioning-refused", "it is new, and its activation is refused", _refused),
    Scenario("commissioning-no-attach", "it is new, and never attaches", _never_attaches),
    Scenario("commissioning-no-bytes", "it is new, and moves no data", _moves_nothing),
    Scenario("commissioning-no-echo", "it is new, and answers no message", _answers_nothing),
)
"""The situations."""
