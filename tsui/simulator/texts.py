"""Text messages: the queue of those from devices, and the log of all."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from tsui.simulator.clock import iso
from tsui.simulator.device import SimDevice
from tsui.simulator.draw import Draw
from tsui.simulator.ground import Ground
from tsui.simulator.jobs import SUCCESS
from tsui.simulator.patterns import DAY, Span
from tsui.simulator.reach import is_reached

SERVICE = "EnhancedConnectivityService"
"""Callback service of messages that devices send."""

KEPT = 92 * DAY
"""Seconds the log goes back: three months (documented)."""

_TRIES = 8
"""Devices that are drawn before a turn to send passes."""

_PAUSE = 60.0
"""Seconds until it is looked again whether devices send by themselves, while they do not."""


@dataclass(frozen=True, slots=True)
class TextEvent:
    """A message in the log of a device."""

    at: float
    direction: str
    """``MO`` from the device, ``MT`` to it."""
    text: str
    status: str

    def view(self) -> dict[str, str]:
        """Return it as the log shows it; the names are not documented."""
        return {
            "timestamp": iso(self.at),
            "direction": self.direction,
            "message": self.text,
            "status": self.status,
        }


@dataclass(frozen=True, slots=True)
class Received:
    """A message that a device sent."""

    number: int
    """Its place in the order of arrival; the token of a block is that of its last message."""
    at: float
    ids: list[dict[str, str]]
    text: str

    def view(self) -> dict[str, Any]:
        """Return it as the queue shows it."""
        return {"deviceIds": self.ids, "message": self.text, "timestamp": iso(self.at)}


class Texts:
    """The messages of every account."""

    def __init__(self, ground: Ground) -> None:
        self._ground = ground
        self._began = ground.clock.timestamp()
        self._count = 0
        self._queues: dict[str, list[Received]] = {}
        self._until: dict[str, float] = {}
        """Until when devices of an account have sent what they send by themselves."""
        self._log: dict[tuple[str, str], list[TextEvent]] = {}
        """Messages by account and ICCID."""
        self._watched: set[str] = set()

    def queue(self, account: str) -> list[Received]:
        """Return the messages that no listener took, up to now."""
        self._catch_up(account)
        return self._queues[account]

    def acknowledge(self, account: str, number: int) -> None:
        """Remove the messages up to a number from the queue."""
        queue = self.queue(account)
        queue[:] = [each for each in queue if each.number > number]

    def push_queue(self, account: str) -> None:
        """Let the listener have what is queued; without one it stays."""
        queue = self.queue(account)
        if self._ground.postman.listens(account, SERVICE):
            waiting, queue[:] = list(queue), []
            for each in waiting:
                self._ground.spawn(self._push(account, each))

    def watch(self, account: str) -> None:
        """Let what devices send from now on go to the listener by itself."""
        self._catch_up(account)
        if account not in self._watched:
            self._watched.add(account)
            self._ground.spawn(self._watch(account))

    def receive(self, account: str, device: SimDevice, text: str, at: float) -> None:
        """Take a message of a device: for the listener, for the queue where there is none."""
        self._catch_up(account)
        self._receive(account, device, text, at)

    def note(self, account: str, device: SimDevice, event: TextEvent) -> None:
        """Add a message to the log of its device."""
        self._log.setdefault((account, device.iccid), []).append(event)

    def events(self, account: str, device: SimDevice, window: Span) -> list[TextEvent]:
        """Return the log of a device in a window, oldest first."""
        self._catch_up(account)
        kept = Span(max(window.start, self._ground.clock.timestamp() - KEPT), window.end)
        noted = self._log.get((account, device.iccid), [])
        found = [*self._past(device, kept), *noted]
        return sorted(
            (event for event in found if kept.start <= int(event.at) <= kept.end),
            key=lambda event: event.at,
        )

    # -- what devices send by themselves ------------------------------------------------------

    def _catch_up(self, account: str) -> None:
        """Let devices send what they have sent by themselves since this was asked last."""
        if account not in self._until:
            self._queues[account] = []
            self._until[account] = self._began
            self._begin(account)
        now, every = self._ground.clock.timestamp(), self._ground.settings.sms_every
        if every > 0:
            since = self._until[account]
            for turn in range(int(since // every) + 1, int(now // every) + 1):
                self._take_turn(account, turn)
        self._until[account] = now

    def _begin(self, account: str) -> None:
        """Queue what was sent before the simulation began."""
        every = self._ground.settings.sms_every or _PAUSE
        last, most = int(self._began // every), self._ground.settings.sms_backlog
        for turn in range(last - most + 1, last + 1):
            self._take_turn(account, turn)

    def _take_turn(self, account: str, turn: int) -> None:
        fleet = self._ground.fleets[account]
        at = turn * (self._ground.settings.sms_every or _PAUSE)
        draw = Draw(self._ground.settings.seed, 81, fleet.account, turn)
        for _ in range(_TRIES if fleet.size else 0):
            device = fleet.get(draw.below(fleet.size))
            known = fleet.find("iccid", device.iccid) is not None
            if known and device.mdn and is_reached(device, self._ground.settings.seed, at):
                self._receive(account, device, _words(draw), at)
                return

    def _past(self, device: SimDevice, window: Span) -> Iterator[TextEvent]:
        """Yield what a device sent before the simulation began, as its usage counts it."""
        day = window.start // DAY * DAY
        while day < min(window.end, self._began):
            if int(day // DAY) % 7 == 0:
                draw = Draw(self._ground.settings.seed, 82, device.account, device.number, int(day))
                for _ in range(device.model.rhythm.sms_a_week):
                    at = day + draw.unit() * DAY
                    if at < self._began and any(
                        span.start <= at < span.end for span in device.served
                    ):
                        yield TextEvent(at, "MO", _words(draw), "Received")
            day += DAY

    def _receive(self, account: str, device: SimDevice, text: str, at: float) -> None:
        self.note(account, device, TextEvent(at, "MO", text, "Received"))
        ids = [{"id": device.iccid, "kind": "iccid"}, {"id": device.mdn, "kind": "mdn"}]
        message = Received(0, at, ids, text)
        if self._ground.postman.listens(account, SERVICE):
            self._ground.spawn(self._push(account, message))
        else:
            self._enqueue(account, message)

    # -- to the listener ----------------------------------------------------------------------

    async def _watch(self, account: str) -> None:
        while self._ground.postman.listens(account, SERVICE):
            now, every = self._ground.clock.timestamp(), self._ground.settings.sms_every
            await self._ground.clock.sleep_until(
                (now // every + 1) * every if every > 0 else now + _PAUSE
            )
            self._catch_up(account)
        self._watched.discard(account)

    async def _push(self, account: str, message: Received) -> None:
        body = {"requestId": self._ground.jobs.new_id(), "status": SUCCESS, **message.view()}
        if not await self._ground.postman.hand_over(account, SERVICE, body):
            self._enqueue(account, message)

    def _enqueue(self, account: str, message: Received) -> None:
        self._count += 1
        queued = Received(self._count, message.at, message.ids, message.text)
        self._queues.setdefault(account, []).append(queued)


def _words(draw: Draw) -> str:
    return draw.pick(
        (
            f"temp={draw.below(40)}",
            f"batt={20 + draw.below(80)}%",
            "door open",
            f"uptime {draw.below(2000)} h",
            "low signal",
        )
    )
