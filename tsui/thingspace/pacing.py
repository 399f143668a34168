"""Pacing: what keeps us from being a burden to the platform, each part small and alone."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from tsui.clock import Clock
from tsui.thingspace.errors import CircuitOpen, LanePaused
from tsui.thingspace.operation import Effect
from tsui.thingspace.policy import Policy


class TokenBucket:
    """Lets requests through at a rate; callers are served in the order they came.

    Being throttled cuts the rate to 0.7 of itself; it grows back along a cubic curve, slowly near
    the rate that was too much and faster once that is behind (as TCP CUBIC does).
    """

    CUT = 0.7
    GROWTH = 0.05
    FLOOR = 0.2
    """Requests a second that no cut goes below; nothing would recover."""

    def __init__(self, rate: float, burst: int, clock: Clock) -> None:
        self._limit = rate
        self._peak = rate
        self._cut_at: float | None = None
        self._burst = burst
        self._tokens = float(burst)
        self._clock = clock
        self._seen = clock.monotonic()

    @property
    def rate(self) -> float:
        """Requests a second that go through now."""
        if self._cut_at is None:
            return self._limit
        since = self._clock.monotonic() - self._cut_at
        plateau: float = (self._peak * (1 - self.CUT) / self.GROWTH) ** (1 / 3)
        grown: float = self._peak + self.GROWTH * (since - plateau) ** 3
        return min(self._limit, max(self.FLOOR, grown))

    def slow_down(self) -> None:
        """Cut the rate after the platform throttled us."""
        self._refill()
        self._peak = self.rate
        self._cut_at = self._clock.monotonic()

    async def take(self) -> None:
        """Wait until one more request may go."""
        self._refill()
        self._tokens -= 1
        if self._tokens < 0:
            await self._clock.sleep(-self._tokens / self.rate)

    def _refill(self) -> None:
        now = self._clock.monotonic()
        self._tokens = min(float(self._burst), self._tokens + (now - self._seen) * self.rate)
        self._seen = now


class RetryQuota:
    """Retries that are left; a success gives back what its retries cost."""

    def __init__(self, size: int) -> None:
        self._size = size
        self.left = size
        """Tokens left."""

    def spend(self, cost: int) -> bool:
        """Take the cost of one retry; False if there is not enough left."""
        if cost > self.left:
            return False
        self.left -= cost
        return True

    def refund(self, spent: int) -> None:
        """Give back what a call that succeeded in the end had spent; at least one token."""
        self.left = min(self._size, self.left + max(1, spent))


class Pass:
    """One request that the circuit let through."""


class Circuit:
    """Stops trying when connections keep failing, and probes at growing intervals."""

    def __init__(self, policy: Policy, clock: Clock) -> None:
        self._policy = policy
        self._clock = clock
        self._failures: deque[float] = deque(maxlen=policy.circuit_failures)
        self._probes_made = 0
        self._opens_again: float | None = None
        self._probe: Pass | None = None

    @property
    def is_open(self) -> bool:
        """Whether connections are held back."""
        return self._opens_again is not None

    def admit(self) -> Pass:
        """Let a request pass, or raise CircuitOpen; one probe passes when its time has come."""
        admitted = Pass()
        if self._opens_again is None:
            return admitted
        wait = self._opens_again - self._clock.monotonic()
        if wait > 0 or self._probe is not None:
            raise CircuitOpen(
                "The last connections to ThingSpace all failed, so none is tried right now.",
                retry_in=max(wait, 1.0),
            )
        self._probe = admitted
        return admitted

    def withdraw(self, admitted: Pass) -> None:
        """Forget a request that ended without telling anything about the connection."""
        if admitted is self._probe:
            self._probe = None

    def failed(self, admitted: Pass) -> None:
        """Note a connection that failed; while the circuit is open only its probe counts."""
        if self.is_open:
            if admitted is self._probe:
                self._open()
            return
        now = self._clock.monotonic()
        self._failures.append(now)
        full = len(self._failures) == self._policy.circuit_failures
        if full and now - self._failures[0] <= self._policy.circuit_window:
            self._open()

    def succeeded(self) -> None:
        """Note an answer, whatever it says: the connection stands."""
        self._failures.clear()
        self._probes_made = 0
        self._opens_again = None
        self._probe = None

    def _open(self) -> None:
        waits = self._policy.circuit_probes
        wait = waits[min(self._probes_made, len(waits) - 1)]
        self._opens_again = self._clock.monotonic() + wait
        self._probes_made += 1
        self._probe = None


class Lane:
    """The way of all requests: rate, concurrency, retry quota and pauses."""

    def __init__(self, policy: Policy, clock: Clock) -> None:
        self._clock = clock
        changes = asyncio.Semaphore(1)
        self._places = {
            Effect.READ: asyncio.Semaphore(policy.concurrent_reads),
            Effect.CHANGE: changes,
            Effect.CALLBACK_ADMIN: changes,
            Effect.AUTH: asyncio.Semaphore(1),
        }
        self._silent_until = float("-inf")
        self._longest_wait = policy.wait_in_place * 1.1
        self.bucket = TokenBucket(policy.rate, policy.burst, clock)
        """The rate."""
        self.quota = RetryQuota(policy.quota)
        """The retries."""

    @property
    def silent_for(self) -> float:
        """Seconds of silence the platform asked for and that are left; 0 when there are none."""
        return max(0.0, self._silent_until - self._clock.monotonic())

    def pause(self, seconds: float) -> None:
        """Send nothing for that long."""
        self._silent_until = max(self._silent_until, self._clock.monotonic() + seconds)

    @asynccontextmanager
    async def turn(self, effect: Effect) -> AsyncIterator[None]:
        """Hold a place in the lane: four for reads, one for changes, one for authentication.

        Sits a short pause out; raises LanePaused for one longer than a call waits in place.
        """
        async with self._places[effect]:
            await self._sit_out()
            await self.bucket.take()
            while self.silent_for:
                # Asked for while we waited for the rate, which starts anew behind a pause.
                await self._sit_out()
                await self.bucket.take()
            yield

    async def _sit_out(self) -> None:
        while silent := self.silent_for:
            if silent > self._longest_wait:
                raise LanePaused(
                    "ThingSpace asked for a pause; nothing is sent until it is over.",
                    retry_in=silent,
                )
            await self._clock.sleep(silent)
