"""The desk of monitors: what is watched, who can be reached now, and what waits for that.

Like all that screens read from, it stays clear of the network's own modules until it asks.
"""

from collections.abc import Iterable, Sequence
from contextlib import suppress
from functools import cached_property
from typing import TYPE_CHECKING, Any, Protocol

from tsui.clock import Clock
from tsui.service.device_record import unix_time
from tsui.service.environment import Environment
from tsui.service.failures import ReadFailed
from tsui.service.monitors.model import (
    ALIVE,
    UNTOLD,
    Member,
    Monitor,
    MonitorState,
    Sleeper,
    Summary,
    Window,
    monitor_of,
    state_of_member,
    strangers,
    window_of,
)
from tsui.service.parts import LAST_ANSWER
from tsui.store.devices import DeviceRow
from tsui.store.reach import Sign, What
from tsui.store.store import Store

if TYPE_CHECKING:
    from tsui.service.account import AccountService
    from tsui.service.monitors.queue import WakeQueue
    from tsui.thingspace.operation import Operation

MOST = 500
"""Monitors that are listed, and sleepers on the board."""

RECENTLY = 86400.0
"""Seconds for which a monitor that could not be set counts as trouble."""

HOUR = 3600.0

_TROUBLED = frozenset({MonitorState.REFUSED, MonitorState.UNKNOWN})


class Shown(Protocol):
    """What is shown at the moment."""

    account: str
    clock: Clock
    environment: Environment
    online: "AccountService | None"


class MonitorDesk:
    """The monitors of the account that is shown."""

    def __init__(self, store: Store, shown: Shown) -> None:
        self._store = store
        self._shown = shown

    @cached_property
    def queue(self) -> "WakeQueue":
        """What waits until devices wake."""
        from tsui.service.monitors.queue import WakeQueue

        return WakeQueue(self._store, self._shown)

    @property
    def now(self) -> float:
        """Unix time by the platform's clock, as far as its answers tell."""
        online = self._shown.online
        ahead = online.client.health.clock_ahead if online else 0.0
        return self._shown.clock.now().timestamp() + ahead

    async def newest(self) -> list[Monitor]:
        """Return the monitors of the account, newest first, then those set elsewhere."""
        account, now = self._shown.account, self.now
        registered = await self._store.registrations.newest(account, MOST)
        stopping = await self._store.registrations.stopping(account)
        sums = await self._store.reach.sums([each.request_id for each in registered], stopping)
        ours = [
            monitor_of(each, sums.get(each.request_id), unix_time(each.expires), now)
            for each in registered
        ]
        return ours + strangers(await self._store.reach.elsewhere(account, MOST))

    async def get(self, monitor: int) -> Monitor | None:
        """Return a monitor by its number in the list."""
        return next((each for each in await self.newest() if each.id == monitor), None)

    async def members(self, monitor: Monitor) -> list[Member]:
        """Return the devices of a monitor."""
        if monitor.request is None:
            return await self._strangers(monitor)
        now = self.now
        changes = await self._store.journal.by_request(monitor.request)
        told = await self._store.reach.of_request(monitor.request_id) if monitor.request_id else []
        by_device = {each.device: each for each in told}
        keys = [each.device_key for each in changes]
        rows = await self._store.devices.by_key(self._shown.account, keys)
        words = await self._store.reach.last_words(self._shown.account, keys)
        return [
            Member(
                key, rows.get(key), mine.name if (mine := by_device.get(key)) else "",
                state_of_member(mine, each.state, monitor.ends, now),
                mine.told_at if mine else 0.0, words.get(key), each.problem,
            )
            for each, key in zip(changes, keys, strict=True)
        ]  # fmt: skip

    async def ids(self, monitor: Monitor) -> list[str]:
        """Return the platform's ids by which a monitor can be stopped."""
        members = await self.members(monitor)
        names = {each.name for each in members if each.name and each.state in ALIVE}
        return sorted(names)

    async def signs(self, devices: Iterable[str], limit: int) -> list[Sign]:
        """Return what was told last of devices, newest first."""
        keys = list(devices)
        return await self._store.reach.newest(self._shown.account, limit, keys) if keys else []

    async def windows(self) -> list[Window]:
        """Return the devices that can be reached now, the first to sleep first."""
        now = self.now
        found = await self._store.reach.windows(self._shown.account, now - UNTOLD)
        windows = [window_of(each) for each in found]
        return sorted((each for each in windows if each.is_open(now)), key=lambda each: each.end)

    async def board(self) -> list[Sleeper]:
        """Return who can be reached now, then who is expected next, then who is not known of."""
        account = self._shown.account
        windows = {each.device: each for each in await self.windows()}
        alive = [each.request_id for each in await self.newest() if each.state in ALIVE]
        watched = await self._store.reach.watched(account, alive, MOST)
        waiting = await self._store.wakes.open_ones(account)
        keys = list(dict.fromkeys([*windows, *(each.device for each in waiting), *watched]))
        rows = await self._store.devices.by_key(account, keys)
        words = await self._store.reach.last_words(account, keys)
        sleepers = [
            Sleeper(
                0, key, rows.get(key), windows.get(key), words.get(key),
                (rows[key].expected_at or 0.0) if key in rows else 0.0,
                [each for each in waiting if each.device == key],
            )
            for key in keys
        ]  # fmt: skip
        ranked = sorted(sleepers, key=_rank)
        return [each._replace(id=_number(each, place)) for place, each in enumerate(ranked)]

    async def summary(self) -> Summary:
        """Return the monitors in a few numbers."""
        account, now = self._shown.account, self.now
        monitors = await self.newest()
        signs = await self._store.reach.count_since(account, now - HOUR)
        return Summary(
            sum(1 for each in monitors if each.state in ALIVE),
            sum(1 for each in monitors if each.state is MonitorState.ASKED),
            sum(
                1
                for each in monitors
                if each.state in _TROUBLED and each.set_at > now - RECENTLY
            ),
            len(await self.windows()),
            len(await self._store.wakes.open_ones(account)),
            signs.get(What.REACHABLE, 0) + signs.get(What.LOST, 0),
        )  # fmt: skip

    async def hears(self) -> bool | None:
        """Tell whether somebody listens to what monitors tell; None when that is not known."""
        reading = await self._store.readings.get(
            self._shown.account, 0, f"{LAST_ANSWER}ListListeners"
        )
        if reading is None or not isinstance(reading.body, list):
            return None
        names = {each.get("serviceName") for each in reading.body if isinstance(each, dict)}
        return "DiagnosticsService" in names

    def ask_list(self, devices: Sequence[DeviceRow]) -> None:
        """Begin to ask which monitors devices have; the answers come by callback.

        Raises CannotAsk.
        """
        from tsui.service.monitors.asking import to_list

        self._ask(to_list(self._shown.account, devices))

    def ask_status(self, device: DeviceRow) -> None:
        """Begin to ask whether a device can be reached; raises CannotAsk."""
        from tsui.service.monitors.asking import to_ask

        self._ask(to_ask(self._shown.account, device))

    def _ask(self, operation: "Operation[Any]") -> None:
        online = self._shown.online
        if online is None:
            return
        runner = online.runner

        async def send() -> None:
            with suppress(ReadFailed):  # why is remembered with it
                await runner.read(operation)

        online.spawn(send(), name=f"ask {type(operation).__name__}")

    async def _strangers(self, monitor: Monitor) -> list[Member]:
        account = self._shown.account
        told = await self._store.reach.elsewhere(account, MOST)
        mine = [
            each
            for each in told
            if -each.id == monitor.id
            or (monitor.request_id and each.request_id == monitor.request_id)
        ]
        keys = [each.device for each in mine]
        rows = await self._store.devices.by_key(account, keys)
        words = await self._store.reach.last_words(account, keys)
        return [
            Member(
                each.device, rows.get(each.device), each.name,
                MonitorState.ELSEWHERE if not each.is_over
                else MonitorState.STOPPED if each.stopped_at else MonitorState.GONE,
                each.told_at, words.get(each.device),
            )
            for each in mine
        ]  # fmt: skip


def _rank(sleeper: Sleeper) -> tuple[int, float, str]:
    """Those that are open come first, by their end; then those that are expected, by when."""
    if sleeper.window is not None:
        return 0, sleeper.window.end, sleeper.device
    has_none = not sleeper.wakes
    if sleeper.expected:
        return 1 + has_none, sleeper.expected, sleeper.device
    return 3 + has_none, 0.0, sleeper.device


def _number(sleeper: Sleeper, place: int) -> int:
    """Return a number that stays a device's own while the board changes, where it is known."""
    return sleeper.row.id if sleeper.row is not None else -1 - place
