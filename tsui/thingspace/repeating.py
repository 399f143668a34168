"""Repeating: whether a call that failed is attempted again, after how long, and why not."""

from collections.abc import Callable
from typing import NamedTuple

from tsui.clock import Clock
from tsui.thingspace.errors import Refused, ThingSpaceError, Throttled, TlsFailure
from tsui.thingspace.operation import Effect
from tsui.thingspace.pacing import Lane
from tsui.thingspace.policy import Policy, asked_wait, attempts, backoff, worth_repeating


class Decision(NamedTuple):
    """What comes after a failed attempt."""

    wait: float | None
    """Seconds to wait for another attempt; None when there must not be one."""
    why: str
    """The reason, in a sentence."""


class Repeating:
    """Decides about further attempts; each costs something, and a success gives it back."""

    def __init__(self, policy: Policy, clock: Clock, lane: Lane, draw: Callable[[], float]) -> None:
        self._policy = policy
        self._clock = clock
        self._lane = lane
        self._draw = draw

    def decide(
        self, effect: Effect, error: ThingSpaceError, number: int, give_up_at: float, barred: str
    ) -> Decision:
        """Decide what comes after the given attempt (from 1) ended with an error.

        ``barred`` says why there must be no other whatever the policy says; empty for nothing.
        """
        policy = self._policy
        asked = asked_wait(policy, error)
        wait = backoff(policy, error, number, self._draw)
        if isinstance(error, Throttled):
            self._lane.bucket.slow_down()
        if asked:
            self._lane.pause(wait)
        against = barred or self._against(effect, error, number, asked)
        if not against and self._clock.monotonic() + wait > give_up_at:
            against = f"the {policy.budget:.0f} s that a call may take would be over"
        if not against and not self._lane.quota.spend(self.cost(error)):
            against = "too many calls had to be repeated lately"
        if against:
            return Decision(None, f"Not tried again: {against}.")
        asked_for = ", as ThingSpace asks" if asked else ""
        return Decision(wait, f"Tried again after {wait:.1f} s{asked_for}.")

    def cost(self, error: ThingSpaceError) -> int:
        """Return the retry tokens that another attempt after this error costs."""
        if isinstance(error, Throttled):
            return self._policy.quota_throttled
        return self._policy.quota_transient

    def _against(self, effect: Effect, error: ThingSpaceError, number: int, asked: float) -> str:
        policy = self._policy
        if not worth_repeating(effect, error):
            return _final(effect, error)
        if number >= attempts(policy, effect):
            return f"{number} attempts are the most that are made"
        if asked > policy.wait_in_place:
            return f"ThingSpace asks for {asked:.0f} s of silence, which is too long to wait for"
        return ""


def _final(effect: Effect, error: ThingSpaceError) -> str:
    if isinstance(error, Refused):
        return "the answer is final"
    if isinstance(error, TlsFailure):
        return "the other side would prove itself no better"
    if effect in (Effect.CHANGE, Effect.CALLBACK_ADMIN):
        return "it may have been done, and a change is never sent twice blindly"
    return "the same would come again"
