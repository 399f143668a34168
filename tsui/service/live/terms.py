"""How live an account is kept beside the readings of its fleet: what the settings say about it."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

Shifts = Callable[[], Sequence[str]]
"""Tells when shifts begin, as the settings say now."""

NEVER = float("inf")


def one_a_day() -> Sequence[str]:
    """Begin a shift at midnight, where nobody says otherwise."""
    return ("00:00",)


class Terms(NamedTuple):
    """How often what is read by itself."""

    look_seconds: float = NEVER
    """Seconds between two readings of the devices in view."""
    learn_per_hour: int = 0
    """Connection histories an hour that are read to learn rhythms."""
    calls_per_minute: int = 500
    """Calls a minute from which on nothing is read by itself."""
    shifts: Shifts = one_a_day
    """When shifts begin."""


NEVER_BY_ITSELF = Terms()
"""Nothing but the fleet is read unless somebody asks."""
