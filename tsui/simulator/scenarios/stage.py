"""What a scenario plays on: one device, made healthy first, so that only one thing is wrong."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from tsui.simulator.catalogue import OTHERS, Rhythm
from tsui.simulator.device import ACTIVE, SimDevice
from tsui.simulator.faults import Fault
from tsui.simulator.fleet import Fleet
from tsui.simulator.jobs import SUCCESS
from tsui.simulator.patterns import DAY, FOREVER, Span
from tsui.simulator.world import World

HOUR = 3600.0

BORN = 120 * DAY
"""Age of a line on the stage."""

LISTENS_SOON = 1.0
"""Seconds after which it is looked again whether somebody listens."""

METER = Rhythm(6 * HOUR, 0.05, (60, 120), (2, 4))
"""A device that sleeps for six hours at a time."""

PORTAL = OTHERS[0]
"""Somebody else who changes lines."""


@dataclass(slots=True)
class Stage:
    """One device and all around it."""

    world: World
    account: str
    fleet: Fleet
    device: SimDevice
    now: float
    """Unix time."""

    def begin_anew(self) -> None:
        """Make the device one that is active for long and connects every six hours."""
        device, born = self.device, self.now - BORN
        device.is_staged = True
        device.state, device.pending, device.half_open = ACTIVE, "", False
        device.plan = device.plan or device.model.plans[0]
        if not device.mdn:
            self.fleet.give_mdn(device)
        device.ip = device.ip or f"10.90.{device.number // 250 % 256}.{device.number % 250 + 2}"
        device.suspended_at, device.swaps, device.profile = 0.0, [], ""
        device.is_roaming, device.carried_to = False, None
        device.activated, device.activated_by, device.created = born, PORTAL, born - DAY
        device.history = []
        device.note(born, "Activation Confirmed", PORTAL)
        device.served = [Span(born, FOREVER)]
        self.connect_like(METER)

    def connect_like(self, rhythm: Rhythm) -> None:
        """Let the device have had another rhythm all its life."""
        self.device.model = replace(self.device.model, rhythm=rhythm)

    def lose(self, at: float) -> None:
        """Let the device connect no more from a time on, for a reason nobody tells."""
        self.device.leave_service(at)

    def disconnect(self) -> None:
        """End the session it may happen to be in."""
        self.device.leave_service(self.now)
        self.device.enter_service(self.now + 1)

    def text_weekly(self, messages: int) -> None:
        """Let the device send so many messages in a week."""
        self.connect_like(replace(self.device.model.rhythm, sms_a_week=messages))

    def silence(self, service: str) -> None:
        """Take the listener of a callback service away."""
        self.world.postman.listeners.get(self.account, {}).pop(service, None)

    def tell(self, service: str, body: dict[str, Any]) -> None:
        """Send a message about the device, as soon as somebody listens to the service."""
        message = {
            "requestId": self.world.jobs.new_id(),
            "deviceIds": [{"id": self.device.iccid, "kind": "iccid"}],
            "status": SUCCESS,
            **body,
        }
        self.world.spawn(self._tell_a_listener(service, message))

    async def _tell_a_listener(self, service: str, message: dict[str, Any]) -> None:
        postman, clock = self.world.postman, self.world.clock
        while not postman.listens(self.account, service):
            await clock.sleep_until(clock.timestamp() + LISTENS_SOON)
        postman.post(self.account, service, message)

    def fail(self, action: str, path: str, *, status: int = 500) -> None:
        """Let every call about the device whose path holds something go wrong from now on."""
        fault = Fault(action, path, times=-1, status=status, about=self.device.iccid)
        self.world.faults.append(fault)


@dataclass(frozen=True, slots=True)
class Scenario:
    """A situation."""

    name: str
    """Its name on the command line."""
    sentence: str
    """What it is."""
    act: Callable[[Stage], None]
    """Puts a healthy device into it."""
