"""How often, how fast and how long: the numbers of the request policy, in one place."""

from collections.abc import Callable
from dataclasses import dataclass

from tsui.thingspace.errors import (
    ConnectionsBusy,
    Redirected,
    ServerFailed,
    ThingSpaceError,
    Throttled,
    TlsFailure,
    TooLarge,
    Unclear,
    Unreachable,
)
from tsui.thingspace.operation import Effect


@dataclass(frozen=True, slots=True)
class Policy:
    """Limits of one client; times in seconds."""

    pool_timeout: float = 2.0
    """Wait for a free connection."""
    connect_timeout: float = 5.0
    """Wait for a connection to stand."""
    write_timeout: float = 10.0
    """Wait for the request to leave."""
    attempt_timeout: float = 60.0
    """Whole of one attempt; a body that drips never trips a read time-out."""
    budget: float = 90.0
    """Whole of one call, with its waits; the last attempt gets what is left of it."""
    read_attempts: int = 4
    """Attempts of a read."""
    change_retries: int = 3
    """Further attempts of a change, each only after proof that the one before was not done."""
    auth_attempts: int = 2
    """Attempts to get a token; never after a refusal."""
    backoff_base: float = 0.5
    """First back-off; doubles each time, and the wait is drawn from zero to it (full jitter)."""
    throttle_base: float = 1.0
    """First back-off after being throttled."""
    backoff_cap: float = 20.0
    """Longest back-off of our own."""
    wait_in_place: float = 30.0
    """Longest Retry-After that a call waits for itself; a longer one pauses the account's lane."""
    retry_after_cap: float = 3600.0
    """Longest Retry-After that is believed; a longer one counts as this."""
    quota: int = 500
    """Retry tokens: a dead API sees hardly more load than a living one."""
    quota_transient: int = 14
    """Tokens that a retry after a failure costs; given back by success."""
    quota_throttled: int = 5
    """Tokens that a retry after throttling costs."""
    rate: float = 10.0
    """Requests a second; no limit is documented, so this is manners."""
    burst: int = 5
    """Requests that may go at once after a rest."""
    concurrent_reads: int = 4
    """Reads in flight; changes go one by one, and so does authentication."""
    circuit_failures: int = 5
    """Failed connections that open the circuit …"""
    circuit_window: float = 30.0
    """… when they fall within this span."""
    circuit_probes: tuple[float, ...] = (5.0, 10.0, 20.0, 40.0, 60.0)
    """Waits before each probe of an open circuit; the last one repeats."""
    body_cap: int = 64 * 1024 * 1024
    """Largest decoded answer in bytes."""
    session_idle: float = 17.5 * 60
    """Idle time after which a session is renewed before use; the platform ends it after 20 min."""


def attempts(policy: Policy, effect: Effect) -> int:
    """Return how many attempts a call of this effect may make at most."""
    match effect:
        case Effect.READ:
            return policy.read_attempts
        case Effect.AUTH:
            return policy.auth_attempts
        case _:
            return 1 + policy.change_retries


def worth_repeating(effect: Effect, error: ThingSpaceError) -> bool:
    """Tell whether a failed call may be made again by itself.

    A change is repeated only when the error proves that nothing was done: the platform knows no
    idempotency key.
    """
    if isinstance(error, TlsFailure):
        return False
    if isinstance(error, Unreachable | ConnectionsBusy | Throttled):
        return True
    return effect in (Effect.READ, Effect.AUTH) and _may_pass(error)


def asked_wait(policy: Policy, error: ThingSpaceError) -> float:
    """Return the seconds of silence an answer asked for; 0 for none."""
    if isinstance(error, Throttled | ServerFailed) and error.retry_after is not None:
        return min(policy.retry_after_cap, error.retry_after)
    return 0.0


def backoff(
    policy: Policy, error: ThingSpaceError, attempt: int, draw: Callable[[], float]
) -> float:
    """Return the seconds to wait after the given attempt (from 1); ``draw`` gives 0 to 1.

    A Retry-After is obeyed and lengthened by up to a tenth, so that waiting clients do not all
    come back at once.
    """
    if asked := asked_wait(policy, error):
        return asked * (1 + 0.1 * draw())
    base = policy.throttle_base if isinstance(error, Throttled) else policy.backoff_base
    return draw() * min(policy.backoff_cap, base * 2.0 ** (attempt - 1))


def _may_pass(error: ThingSpaceError) -> bool:
    """Tell whether an unclear end may not happen again at once."""
    if isinstance(error, ServerFailed):
        return error.status in (500, 502, 503, 504)
    return isinstance(error, Unclear) and not isinstance(error, Redirected | TooLarge)
