"""Situations in which the device is not what it is taken for."""

from tsui.simulator.device import HardwareSwap
from tsui.simulator.draw import mix
from tsui.simulator.patterns import DAY
from tsui.simulator.scenarios.stage import HOUR, Scenario, Stage
from tsui.simulator.swaps import other_imei


def _not_listed(stage: Stage) -> None:
    stage.fleet.delete(stage.device)


def _sim_moved(stage: Stage) -> None:
    at, device = stage.now - 2 * DAY, stage.device
    before = device.imei
    after = other_imei(before, mix(stage.world.settings.seed, device.number))
    stage.lose(at)
    stage.fleet.identify(device, {"imei": after})
    device.swaps.append(HardwareSwap(at, before, after))
    device.note(at, "Device Detection", "network")


def _imei_differs(stage: Stage) -> None:
    stage.lose(stage.now - HOUR)


SCENARIOS = (
    Scenario("imei-differs", "its SIM is in other hardware that is still off", _imei_differs),
    Scenario("not-listed", "it was deleted", _not_listed),
    Scenario("sim-moved", "its SIM was found in other hardware two days ago", _sim_moved),
)
"""The situations."""
