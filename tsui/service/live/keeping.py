"""Keeping an account live: everything that reads by itself, in rounds and within one budget."""

from collections.abc import Callable, Coroutine
from typing import Any

from tsui.clock import Clock
from tsui.service.learner import RhythmLearner
from tsui.service.live.awake import Awake, Jump
from tsui.service.live.budget import Budget
from tsui.service.live.rounds import Rounds
from tsui.service.live.terms import Terms
from tsui.service.looking import Looking
from tsui.service.sync import FleetSync

Spawn = Callable[[Coroutine[Any, Any, None], str], object]
"""Begins work that goes on, under a name."""


class Keeping:
    """What keeps the picture of an account fresh."""

    def __init__(
        self, sync: FleetSync, looking: Looking, learner: RhythmLearner, budget: Budget,
        clock: Clock, terms: Terms, refresh_seconds: float,
    ) -> None:  # fmt: skip
        self._sync = sync
        self._looking = looking
        self._learner = learner
        self._terms = terms
        self.budget = budget
        """What is read by itself."""
        self.awake = Awake(clock)
        """Notices that the machine slept."""
        self.awake.on_jump.append(self._jumped)
        self._fleet = Rounds(refresh_seconds, clock)
        self._view = Rounds(terms.look_seconds, clock)

    def begin(self, spawn: Spawn) -> None:
        """Begin to read."""
        spawn(self._keep_fleet(), "sync the fleet")
        spawn(self._keep_view(), "read the devices in view")
        spawn(self._learner.run(self._terms.learn_per_hour), "learn rhythms")
        spawn(self.awake.run(), "notice a sleep")

    def look_again(self) -> None:
        """Read what is in view at once, where nobody looked when it was to be read."""
        if self._looking.missed_a_round:
            self._view.wake()

    async def _keep_fleet(self) -> None:
        while True:
            await self._sync.run(whole=False)
            self._fleet.ended(well=not self._sync.progress.trouble)
            await self._fleet.wait()
            await self.budget.room()

    async def _keep_view(self) -> None:
        while True:
            await self._view.wait()
            await self.budget.room()
            was_failing = self._view.is_failing
            self._view.ended(well=await self._looking.look())
            if was_failing and not self._view.is_failing and self._fleet.is_failing:
                # ThingSpace answers again: whatever waits for its turn need not.
                self._fleet.wake()

    def _jumped(self, jump: Jump) -> None:
        if jump.seconds > 0:
            self._fleet.wake()
            self._view.wake()
