"""What the wall tells: a picture of an account, and what its numbers were when the shift began."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from tsui.service.calls.summary import Standing, Summary
from tsui.service.monitors.model import Summary as Monitors
from tsui.service.opened import InFlight
from tsui.store.notice import Notice


class Count(NamedTuple):
    """A number, now and when the shift began."""

    now: int
    before: int | None = None
    """None where nobody knows."""

    @property
    def change(self) -> int | None:
        """How many more they are; None where nobody knows."""
        return None if self.before is None else self.now - self.before


class Share(NamedTuple):
    """The devices that have something in common."""

    value: str
    """What it is; hostile until sanitised."""
    number: Count


class Shift(NamedTuple):
    """The shift, and what its numbers are compared with."""

    began: float
    """Unix time at which it began."""
    known_since: float | None
    """Unix time of the first picture within it; None while there is none."""


class Receiving(NamedTuple):
    """How callbacks come."""

    seen_at: float | None
    """Unix time at which the receiver last said that it runs; None where it never did."""
    is_running: bool
    """Whether that is recent."""
    heard_at: float | None
    """Unix time at which a message came last; None where none did."""


@dataclass(frozen=True, slots=True)
class Wall:
    """One picture of an account."""

    at: float
    """Unix time it was taken at."""
    shift: Shift
    devices: Count
    connected: Count
    late: Count
    """Silent devices whose usual gap is over."""
    states: Sequence[Share]
    """By state, the most frequent first."""
    plans: Sequence[Share]
    groups: Sequence[Share]
    in_flight: InFlight
    bad: int
    """Device changes that failed or were refused since the shift began."""
    alarms: int
    """Alarms that nobody took note of."""
    newest: Sequence[Notice]
    """The newest notices."""
    monitors: Monitors
    """Monitors in a few numbers."""
    lost: int
    """Devices that callbacks told to be lost within a day, and not reachable since."""
    calls: Summary
    standing: Standing | None
    """What the client may do; None while nobody is signed in."""
    receiving: Receiving

    @property
    def news(self) -> tuple[object, ...]:
        """What somebody may wait for, without what every call and every minute changes."""
        return (
            self.devices, self.connected, self.late, self.states, self.plans, self.groups,
            self.in_flight, self.bad, self.alarms, self.newest, self.monitors, self.lost,
        )  # fmt: skip
