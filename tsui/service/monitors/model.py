"""Monitors, windows and what waits for them, as the screens see them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from tsui.store.changes import OPEN, ChangeState
from tsui.store.devices import DeviceRow
from tsui.store.reach import Sign, Sum, Told
from tsui.store.registrations import Registration
from tsui.store.wakes import Wake

UNTOLD = 60.0
"""Seconds a window counts as open whose end nobody told: a device that sleeps is soon gone."""

_SAID_NO = frozenset({ChangeState.REFUSED, ChangeState.FAILED, ChangeState.NOT_SENT})


class MonitorState(StrEnum):
    """How a monitor stands."""

    ASKED = "asked"
    """ThingSpace took the request, or will; a callback has to confirm it."""
    ACTIVE = "active"
    REFUSED = "refused"
    UNKNOWN = "unknown"
    """It may have been set."""
    STOPPING = "stopping"
    STOPPED = "stopped"
    EXPIRED = "expired"
    """Its time is over; nobody tells that, the clock does."""
    GONE = "not listed"
    """ThingSpace does not list it any more."""
    ELSEWHERE = "elsewhere"
    """It is active and was not set from here."""


ALIVE = frozenset({MonitorState.ACTIVE, MonitorState.ELSEWHERE, MonitorState.STOPPING})
"""States in which callbacks may come."""


@dataclass(frozen=True, slots=True)
class Monitor:
    """What one request watches, on however many devices."""

    id: int
    """Its number in the list; below zero where it was not set from here."""
    state: MonitorState
    watch: str
    """What is watched, in the platform's word."""
    devices: int
    """How many devices it watches, or was to watch."""
    device: str
    """The name of the first device in the account."""
    alive: int
    """On how many it is confirmed and not stopped."""
    set_at: float
    """Unix time; of the first sign where it was not set from here."""
    ends: float
    """Unix time; 0 where not told."""
    told_at: float
    """Unix time of its last sign; 0 where there was none."""
    request: int | None = None
    """Number of its request in the journal."""
    request_id: str = ""
    """The platform's id of the request that set it."""
    name: str = ""
    """The platform's id of the monitor; empty where it has several, or none yet."""
    operator: str = ""
    note: str = ""
    problem: str = ""
    """Why it did not go well; hostile until sanitised."""

    @property
    def is_ours(self) -> bool:
        """Whether it was set from here."""
        return self.request is not None


class Member(NamedTuple):
    """One device of a monitor."""

    device: str
    """Its name in the account."""
    row: DeviceRow | None
    """The device, where it is known."""
    name: str
    """The platform's id of its monitor; empty until a callback told."""
    state: MonitorState
    told_at: float
    """Unix time of the last sign; 0 where there was none."""
    word: Sign | None
    """The newest word on whether it can be reached."""
    problem: str = ""
    """Why it did not go well; hostile until sanitised."""


class Window(NamedTuple):
    """A device that can be reached now, as far as was told."""

    device: str
    """Its name in the account."""
    since: float
    """Unix time at which that was told."""
    until: float
    """Unix time at which it ends; 0 where not told."""
    message: int
    """The callback message that told."""

    @property
    def end(self) -> float:
        """Unix time at which it counts as over."""
        return self.until or self.since + UNTOLD

    def is_open(self, now: float) -> bool:
        """Tell whether it is open at a time of the platform's clock."""
        return now < self.end


class Sleeper(NamedTuple):
    """A line of the board: a device, its window or when one is expected, and what waits for it."""

    id: int
    """Its number in the list."""
    device: str
    row: DeviceRow | None
    window: Window | None
    """The window that is open."""
    last: Sign | None
    """The newest word on it."""
    expected: float
    """Unix time by which it usually connects; 0 where that is not known."""
    wakes: Sequence[Wake]
    """What waits for it, oldest first."""


class Summary(NamedTuple):
    """Monitors in a few numbers."""

    active: int
    """Monitors that are confirmed, those set elsewhere among them."""
    asked: int
    """Those that wait for their confirmation."""
    troubled: int
    """Those that were refused, or of unknown fate, within the last day."""
    windows: int
    """Devices that can be reached now."""
    waiting: int
    """Messages and reminders that wait for a window."""
    signs: int
    """Devices that woke or were lost within the last hour, each time counted."""


def window_of(sign: Sign) -> Window:
    """Return the window that a sign tells of."""
    return Window(sign.device, sign.at, sign.until, sign.message)


def monitor_of(registration: Registration, told: Sum | None, ends: float, now: float) -> Monitor:
    """Return what a request watches."""
    return Monitor(
        registration.request,
        _state(registration.states, told, ends, now),
        registration.watch,
        registration.devices,
        registration.device,
        told.alive if told else 0,
        registration.created_at,
        ends,
        told.told_at if told else 0.0,
        request=registration.request,
        request_id=registration.request_id,
        operator=registration.operator,
        note=registration.note,
        problem=registration.problem,
    )


def strangers(told: Sequence[Told]) -> list[Monitor]:
    """Return monitors that were not set from here; those of one request, or of one id, as one."""
    groups: dict[str, list[Told]] = {}
    for each in told:
        groups.setdefault(each.request_id or each.name, []).append(each)
    return [_stranger(group) for group in groups.values()]


def state_of_member(told: Told | None, state: ChangeState, ends: float, now: float) -> MonitorState:
    """Return how the monitor of one device stands."""
    sum_of_one = None
    if told is not None:
        is_stopped = told.stopped_at is not None
        sum_of_one = Sum(1, int(not told.is_over), int(is_stopped), told.told_at, 0)
    return _state({state: 1}, sum_of_one, ends, now)


def _stranger(group: Sequence[Told]) -> Monitor:
    alive = [each for each in group if not each.is_over]
    first = min(group, key=lambda each: each.id)
    over = MonitorState.STOPPED if any(each.stopped_at for each in group) else MonitorState.GONE
    names = {each.name for each in group}
    return Monitor(
        -first.id, MonitorState.ELSEWHERE if alive else over, first.watch,
        len({each.device for each in group}), first.device, len(alive), 0.0, 0.0,
        max(each.told_at for each in group), request_id=first.request_id,
        name=first.name if len(names) == 1 else "",
    )  # fmt: skip


def _state(
    states: Mapping[ChangeState, int], told: Sum | None, ends: float, now: float
) -> MonitorState:
    if told is not None and not told.alive:
        return MonitorState.STOPPED if told.stopped else MonitorState.GONE
    is_no = bool(states) and states.keys() <= _SAID_NO
    if 0 < ends <= now and not is_no:
        return MonitorState.EXPIRED
    if told is not None:
        return MonitorState.STOPPING if told.stopping == told.alive else MonitorState.ACTIVE
    if is_no:
        return MonitorState.REFUSED
    if states.keys() & {ChangeState.UNKNOWN}:
        return MonitorState.UNKNOWN
    # One that was confirmed without an id that reached us watches all the same.
    return MonitorState.ASKED if states.keys() & OPEN else MonitorState.ACTIVE
