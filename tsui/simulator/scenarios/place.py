"""Situations of a device that is not where it should be."""

from dataclasses import replace

from tsui.simulator.catalogue import COORDINATES, SITES
from tsui.simulator.scenarios.stage import Scenario, Stage


def _roaming(stage: Stage) -> None:
    stage.disconnect()
    stage.device.is_roaming = True


def _retired_network(stage: Stage) -> None:
    stage.disconnect()
    stage.device.model = replace(stage.device.model, technology="CDMA 1xRTT")


def _away_from_site(stage: Stage) -> None:
    stage.disconnect()
    here = SITES.index(stage.device.site)
    stage.device.carried_to = COORDINATES[(here + 1) % len(COORDINATES)]


SCENARIOS = (
    Scenario("roaming", "it is abroad", _roaming),
    Scenario("retired-network", "it is made for a network that is gone", _retired_network),
    Scenario("away-from-site", "somebody carried it to another town", _away_from_site),
)
"""The situations."""
