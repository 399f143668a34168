"""Scenarios: situations that a device can be put into, as they come up in the field."""

from tsui.simulator.device import SimDevice
from tsui.simulator.errors import rejected
from tsui.simulator.scenarios import (
    commissioning,
    hearing,
    identity,
    line,
    place,
    plan,
    sessions,
    view,
)
from tsui.simulator.scenarios.stage import Scenario, Stage
from tsui.simulator.world import World

__all__ = ["EVERY_SCENARIO", "SCENARIOS", "UnknownScenario", "play", "play_named"]

SCENARIOS: dict[str, Scenario] = {
    scenario.name: scenario
    for area in (view, identity, line, plan, sessions, hearing, place)
    for scenario in area.SCENARIOS
}
"""Every situation in which a device is offline, or seems to be, by its name."""

EVERY_SCENARIO = SCENARIOS | {scenario.name: scenario for scenario in commissioning.SCENARIOS}
"""Those, and devices that are about to be commissioned."""


class UnknownScenario(Exception):
    """There is no such scenario or device; the text says so."""


def play(world: World, account: str, device: SimDevice, name: str) -> None:
    """Put a device into a situation."""
    scenario = EVERY_SCENARIO.get(name)
    if scenario is None:
        raise rejected("DeserializationFailed", f"scenario is one of {sorted(EVERY_SCENARIO)}.")
    fleet = world.fleets[account]
    stage = Stage(world, account, fleet, fleet.touch(device), world.clock.timestamp())
    stage.begin_anew()
    scenario.act(stage)


def play_named(world: World, text: str) -> dict[str, str]:
    """Play ``NAME`` or ``NAME:ICCID`` in the first account; returns the name and the ICCID.

    Raises UnknownScenario. Without a number it is a device that no other scenario has taken.
    """
    name, _, iccid = text.partition(":")
    if name not in EVERY_SCENARIO:
        known = ", ".join(EVERY_SCENARIO)
        raise UnknownScenario(f"There is no scenario {name!r}. Known: {known}.")
    account, fleet = next(iter(world.fleets.items()))
    if iccid:
        device = fleet.find("iccid", iccid)
    else:
        untouched = (fleet.get(number) for number in fleet.numbers())
        device = next((each for each in untouched if not each.is_staged), None)
    if device is None:
        raise UnknownScenario(f"There is no device {iccid or 'left'} for the scenario {name}.")
    told = {"scenario": name, "iccid": device.iccid}
    play(world, account, device, name)
    return told
