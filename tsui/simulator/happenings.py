"""What happens by itself: looked for again and again, on the simulator's clock.

Nothing is looked for that nobody listens to, so that a large fleet costs nothing meanwhile.
"""

from collections.abc import Iterator

from tsui.simulator import alerts
from tsui.simulator.catalogue import PLANS
from tsui.simulator.device import ACTIVE, SUSPEND, SimDevice
from tsui.simulator.draw import Draw, mix
from tsui.simulator.notices import (
    PROMOTIONS,
    RESUME,
    THRESHOLDS,
    resume_of,
    tell_promo,
    tell_resume,
    tell_threshold,
)
from tsui.simulator.pace import gently
from tsui.simulator.patterns import BILLING_CYCLE, DAY, Span
from tsui.simulator.rules import SUSPENDING
from tsui.simulator.usage import usage_of
from tsui.simulator.world import World

NOTICE = 7 * DAY
"""How long before an automatic resume it is told of (documented)."""

STEP = 5.0
"""Seconds after which a changed interval is noticed."""

SAMPLE = 20
"""Lines of an account whose usage is looked at each time; any line has its turn."""

LEVELS = (100, 90, 75)
"""Percent of a plan that are told of."""

PROMOTED = 50
"""One line of this many loses a promotional code at the end of a billing cycle."""

_SIZES = {plan.code: plan.size_kb * 1024 for plan in PLANS}


class Happenings:
    """Looks for what is to happen, and lets it."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._draw = Draw(world.settings.seed, 101)
        self._told: set[tuple[str, int, float]] = set()
        self._last = world.clock.timestamp()

    async def run(self) -> None:
        """Look again and again, for as long as the world lasts."""
        clock, settings = self._world.clock, self._world.settings
        while True:
            due = self._last + settings.look_interval
            if settings.look_interval > 0 and clock.timestamp() >= due:
                await self.look()
            else:
                soon = clock.timestamp() + STEP
                await clock.sleep_until(min(due, soon) if settings.look_interval > 0 else soon)

    async def look(self) -> None:
        """Look once, for what happened since the last time."""
        last, now = self._last, self._world.clock.timestamp()
        self._last = now
        for account in self._listening(RESUME):
            await self._resumes(account, now)
        for account in self._listening(PROMOTIONS):
            await self._promotions(account, last, now)
        for account in self._listening(THRESHOLDS):
            self._thresholds(account, now)
        for account in self._listening(alerts.SERVICE):
            for trigger in self._world.triggers:
                if trigger.account == account:
                    await alerts.look(self._world, trigger)
        for account in self._world.fleets:
            self._elsewhere(account, now - last)

    def _listening(self, service: str) -> Iterator[str]:
        postman = self._world.postman
        return (name for name in self._world.fleets if postman.listens(name, service))

    async def _resumes(self, account: str, now: float) -> None:
        fleet = self._world.fleets[account]
        async for number in gently(fleet.numbers()):
            device = fleet.get(number)
            due = resume_of(self._world, device) - NOTICE
            if device.state == SUSPEND and due <= now and self._is_new(RESUME, number, due):
                tell_resume(self._world, account, device)

    async def _promotions(self, account: str, last: float, now: float) -> None:
        end = now // BILLING_CYCLE * BILLING_CYCLE
        if end <= last:
            return
        fleet, seed = self._world.fleets[account], self._world.settings.seed
        async for number in gently(fleet.numbers()):
            device = fleet.get(number)
            if device.state == ACTIVE and mix(seed, 103, number, int(end)) % PROMOTED == 0:
                tell_promo(self._world, account, device, end)

    def _thresholds(self, account: str, now: float) -> None:
        begun = now // BILLING_CYCLE * BILLING_CYCLE
        for device in self._some(account):
            size = _SIZES.get(device.plan)
            if not size:
                continue
            used = usage_of(self._world, device, Span(begun, now))["dataUsage"]
            level = next((level for level in LEVELS if used * 100 >= size * level), 0)
            if level and self._is_new(f"{account} {level}", device.number, begun):
                tell_threshold(self._world, account, device, level, used)

    def _elsewhere(self, account: str, seconds: float) -> None:
        expected = self._world.settings.elsewhere_a_day * seconds / DAY
        count = int(expected) + (self._draw.unit() < expected % 1)
        if not count:
            return
        for device in list(self._some(account))[:count]:
            fleet = self._world.fleets[account]
            if not device.pending:
                self._world.engine.change_elsewhere(fleet, account, SUSPENDING, device)

    def _some(self, account: str) -> Iterator[SimDevice]:
        """Yield some active lines, drawn anew each time."""
        fleet = self._world.fleets[account]
        numbers = list(fleet.numbers())
        for _ in range(min(SAMPLE, len(numbers))):
            device = fleet.get(self._draw.pick(numbers))
            if device.state == ACTIVE:
                yield device

    def _is_new(self, what: str, number: int, at: float) -> bool:
        key = (what, number, at)
        if key in self._told:
            return False
        self._told.add(key)
        return True
