"""The standing of a client: how fast it may go, what is left to it, how long its tokens live."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Standing:
    """What a client may do at this moment; times are seconds."""

    rate: float
    """Requests a second that go through now."""
    full_rate: float
    """Requests a second that go through as long as nobody throttles us."""
    silent_for: float
    """Silence that ThingSpace asked for and that is left."""
    retries_left: int
    """Retry tokens that are left."""
    retries: int
    """Retry tokens there are at most."""
    is_cut_off: bool
    """Whether connections are held back because the last ones all failed."""
    token_ends_in: float
    """Until the OAuth token is over; negative when there is none."""
    session_ends_in: float
    """Until an unused session will be renewed; negative when there is none."""
