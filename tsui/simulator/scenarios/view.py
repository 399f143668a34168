"""Situations in which nobody sees the device as it is."""

from dataclasses import replace

from tsui.simulator.catalogue import Rhythm
from tsui.simulator.patterns import DAY
from tsui.simulator.scenarios.stage import Scenario, Stage

OTHERS_LOST = 5
"""Devices that are lost beside the one a scenario is about."""

_TALKATIVE = Rhythm(900, 0.3, (40, 100), (1, 2))


def _blind(stage: Stage) -> None:
    stage.fail("session-expired", "/devices/")


def _stale(stage: Stage) -> None:
    stage.fail("status", "/devices/actions/list$")


def _history_refused(stage: Stage) -> None:
    stage.fail("status", "/connections/actions/listHistory", status=400)


def _shared_loss(stage: Stage) -> None:
    fleet, device = stage.fleet, stage.device
    others = (fleet.get(number) for number in fleet.numbers())
    alike = [each for each in others if not each.is_staged][:OTHERS_LOST]
    stages = [replace(stage, device=fleet.touch(each)) for each in alike]
    for each in stages:
        each.begin_anew()
        each.device.group, each.device.plan = device.group, device.plan
    for each in (stage, *stages):
        each.connect_like(_TALKATIVE)
        each.lose(stage.now - DAY / 2)


SCENARIOS = (
    Scenario("shared-loss", "it and others of its group fell silent together", _shared_loss),
    Scenario("blind", "no session is accepted for calls about it", _blind),
    Scenario("stale", "its line cannot be read again, so what is known grows old", _stale),
    Scenario("history-refused", "its connection history takes too long", _history_refused),
)
"""The situations."""
