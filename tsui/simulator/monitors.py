"""Reachability monitors: devices that are watched until a time, and what is told of them."""

import asyncio
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from tsui.simulator.clock import iso
from tsui.simulator.device import SimDevice
from tsui.simulator.draw import mix
from tsui.simulator.ground import Ground
from tsui.simulator.jobs import SUCCESS, Target
from tsui.simulator.patterns import FOREVER
from tsui.simulator.reach import LOOKS_AGAIN, is_reached, next_look

SERVICE = "DiagnosticsService"

REACHED, LOST = "REACHABLE", "NOT_REACHABLE"
"""What a message says of a device (the words are unverified)."""

AVAILABLE = 3600.0
"""Seconds a device that does not sleep is said to stay reachable."""

_MOMENT = 0.001
"""Seconds after a change at which it can be seen."""


@dataclass(frozen=True, slots=True)
class Monitor:
    """A device that is watched."""

    id: str
    account: str
    target: Target
    watch: str
    """What is watched: the type its request named."""
    expires: float
    """Unix time it ends."""
    request_id: str
    """The request that began it; every message of it carries this id."""

    @property
    def tells_reached(self) -> bool:
        """Whether it tells that the device can be reached."""
        return "REACHABLE" in self.watch

    @property
    def tells_lost(self) -> bool:
        """Whether it tells that the device cannot be reached any more."""
        return "LOSS" in self.watch


class Monitors:
    """Every monitor that is active."""

    def __init__(self, ground: Ground) -> None:
        self._ground = ground
        self._count = 0
        self._active: dict[str, Monitor] = {}

    def begin(
        self, account: str, target: Target, watch: str, expires: float, request_id: str
    ) -> Monitor:
        """Watch a device from now on."""
        self._count += 1
        number = uuid.UUID(
            int=mix(self._ground.settings.seed, 83, self._count) << 64 | mix(self._count)
        )
        monitor = Monitor(str(number), account, target, watch, expires, request_id)
        self._active[monitor.id] = monitor
        self._ground.spawn(self._follow(monitor))
        return monitor

    def stop(self, account: str, monitor_id: str) -> Monitor | None:
        """End a monitor; returns it, or None where the account has no such monitor."""
        found = self._active.get(monitor_id)
        if found is None or found.account != account:
            return None
        return self._active.pop(monitor_id)

    def of(self, account: str, device: SimDevice, watch: str = "") -> Iterator[Monitor]:
        """Yield the active monitors of a device; with a type, only those of that type."""
        for monitor in self._active.values():
            mine = monitor.account == account and monitor.target.device.number == device.number
            if mine and watch in ("", monitor.watch):
                yield monitor

    def knows(self, account: str, monitor_id: str) -> bool:
        """Tell whether an account has a monitor that is active."""
        found = self._active.get(monitor_id)
        return found is not None and found.account == account

    def state(self, account: str, device: SimDevice) -> dict[str, Any]:
        """Return what a message says of a device now; nothing while it cannot be reached."""
        now = self._ground.clock.timestamp()
        device = self._ground.fleets[account].get(device.number)
        if not is_reached(device, self._ground.settings.seed, now):
            return {}
        return self._reached(device, now)

    def wake(self, account: str, device: SimDevice) -> int:
        """Tell that a device woke this moment; returns how many monitors heard of it."""
        now = self._ground.clock.timestamp()
        heard = [each for each in self.of(account, device) if each.tells_reached]
        for monitor in heard:
            self._tell(monitor, self._reached(device, now))
        return len(heard)

    async def _follow(self, monitor: Monitor) -> None:
        at, reached = (
            self._ground.clock.timestamp(),
            self._is_reached(monitor, self._ground.clock.timestamp()),
        )
        while at < monitor.expires and monitor.id in self._active:
            at = min(self._next_look(monitor, at, reached=reached), monitor.expires)
            await self._ground.clock.sleep_until(at)
            # A clock that was put forward makes many looks due at once: others get their turn.
            await asyncio.sleep(0)
            if at < monitor.expires and self._is_reached(monitor, at) != reached:
                reached = not reached
                self._tell_change(monitor, at, reached=reached)
        self._active.pop(monitor.id, None)

    def _is_reached(self, monitor: Monitor, at: float) -> bool:
        return is_reached(self._device(monitor), self._ground.settings.seed, at)

    def _next_look(self, monitor: Monitor, at: float, *, reached: bool) -> float:
        """Return when to look again: at the next change, or soon, for the line may change, too."""
        device, seed = self._device(monitor), self._ground.settings.seed
        change = _end(device, seed, at) if reached else next_look(device, seed, at)
        return min(change + _MOMENT, max(at + LOOKS_AGAIN, self._ground.clock.timestamp()))

    def _tell_change(self, monitor: Monitor, at: float, *, reached: bool) -> None:
        if monitor.id not in self._active:
            return
        if reached and monitor.tells_reached:
            self._tell(monitor, self._reached(self._device(monitor), at))
        if not reached and monitor.tells_lost:
            self._tell(monitor, {"reachabilityStatus": LOST})

    def _reached(self, device: SimDevice, at: float) -> dict[str, Any]:
        end = _end(device, self._ground.settings.seed, at)
        until = at + AVAILABLE if end == FOREVER else end
        return {"reachabilityStatus": REACHED, "MaxUEAvailabilityTime": iso(until)}

    def _tell(self, monitor: Monitor, body: dict[str, Any]) -> None:
        self._ground.postman.post(
            monitor.account,
            SERVICE,
            {
                "requestId": monitor.request_id,
                "deviceIds": monitor.target.named,
                "status": SUCCESS,
                **view(monitor),
                **body,
            },
        )

    def _device(self, monitor: Monitor) -> SimDevice:
        return self._ground.fleets[monitor.account].get(monitor.target.device.number)


def view(monitor: Monitor) -> dict[str, Any]:
    """Return a monitor as messages name it."""
    return {"monitorId": monitor.id, "requestType": monitor.watch}


def _end(device: SimDevice, seed: int, at: float) -> float:
    """Return when the session ends that lasts at a time; FOREVER where none does."""
    newest = device.newest_session(seed, at)
    return newest.end if newest is not None and newest.is_open(at) else FOREVER
