"""The simulated world: everything there is, in one place."""

import asyncio
from collections.abc import Coroutine
from dataclasses import dataclass
from typing import Any

from tsui.simulator.access import Access, credentials_of
from tsui.simulator.catalogue import ACCOUNTS
from tsui.simulator.clock import SimClock, parse_iso
from tsui.simulator.draw import Draw
from tsui.simulator.engine import Engine
from tsui.simulator.faults import Fault
from tsui.simulator.fleet import Fleet
from tsui.simulator.ground import Ground
from tsui.simulator.jobs import Jobs
from tsui.simulator.leads import Leads
from tsui.simulator.listeners import Postman
from tsui.simulator.monitors import Monitors
from tsui.simulator.reports import Locations
from tsui.simulator.settings import SimulatorSettings
from tsui.simulator.texts import Texts
from tsui.simulator.triggers import Triggers

SECOND_FLEET = 20
"""The second account has this part of the devices of the first."""


MOST_LOGGED = 100_000
"""Requests that are remembered; a dashboard that is left open asks for days."""


@dataclass(slots=True)
class Seen:
    """A request that reached the simulator."""

    at: float
    method: str
    path: str
    body: str
    """The body, login passwords masked."""
    status: int = 0
    """What was answered; 0 as long as nothing is, and when the connection was cut."""


class World:
    """Fleets, tokens, requests, listeners, faults, and a log of all that was asked."""

    def __init__(self, settings: SimulatorSettings, clock: SimClock | None = None) -> None:
        self.settings = settings
        """Everything that can be set; may change while the simulator runs."""
        start = parse_iso(settings.now) if settings.now else None
        self.clock = clock or SimClock(start)
        """The time."""
        self.began = self.clock.timestamp()
        """Unix time the simulation began at."""
        self.access = Access(settings, self.clock, credentials_of(settings.seed))
        """Tokens and sessions."""
        self.fleets = {
            name: Fleet(
                index,
                settings.devices if index == 0 else max(3, settings.devices // SECOND_FLEET),
                settings,
                self.clock,
            )
            for index, name in enumerate(ACCOUNTS)
        }
        """Fleets by account."""
        self.postman = Postman(settings, self.clock, self.spawn)
        """Callback listeners and messages."""
        self.jobs = Jobs(settings, self.clock, self.postman, self.spawn)
        """Requests under way."""
        self.engine = Engine(settings, self.clock, self.postman, self.jobs)
        """Changes of lines."""
        ground = Ground(settings, self.clock, self.fleets, self.jobs, self.spawn, self.postman)
        self.texts = Texts(ground)
        """Text messages of every account."""
        self.locations = Locations(ground)
        """Location jobs of every account."""
        self.monitors = Monitors(ground)
        """Reachability monitors."""
        self.triggers = Triggers(settings.seed)
        """Triggers of every account."""
        self.leads = Leads()
        """Leads of every account."""
        self.uploads: set[tuple[str, str]] = set()
        """Kinds and values of identifiers that were uploaded."""
        self.cancel_turns: list[float] = []
        """Unix times at which Cancel Location requests are worked off, in order."""
        self.faults: list[Fault] = []
        """What is to go wrong."""
        self.log: list[Seen] = []
        """Every request in the order it came."""
        self.in_flight = 0
        """Requests being answered."""
        self.most_in_flight = 0
        """Most requests that were being answered at once."""
        self.chance = Draw(settings.seed, 99)
        """Draws for errors and latency."""
        self._tasks: set[asyncio.Task[Any]] = set()

    def spawn(self, work: Coroutine[Any, Any, None]) -> None:
        """Let something happen by itself."""
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def note(self, seen: Seen) -> None:
        """Remember a request; the older half goes when there are too many."""
        if len(self.log) >= MOST_LOGGED:
            del self.log[: MOST_LOGGED // 2]
        self.log.append(seen)

    async def aclose(self) -> None:
        """Stop everything that happens by itself."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self.postman.aclose()

    def fault_for(self, call: Seen) -> Fault | None:
        """Return the fault that a call meets."""
        taking = (each for each in self.faults if each.takes(call.method, call.path, call.body))
        return next(taking, None)
