"""What everything that goes on by itself in the simulated world stands on."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from tsui.simulator.clock import SimClock
from tsui.simulator.fleet import Fleet
from tsui.simulator.jobs import Jobs
from tsui.simulator.listeners import Postman
from tsui.simulator.settings import SimulatorSettings


@dataclass(frozen=True, slots=True)
class Ground:
    """The parts of the world that its goings-on work with."""

    settings: SimulatorSettings
    clock: SimClock
    fleets: Mapping[str, Fleet]
    jobs: Jobs
    spawn: Callable[[Any], object]
    """Lets something happen by itself."""
    postman: Postman
