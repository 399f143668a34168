"""Changes of lines: accepted at once, pending for a while, then done or failed, and told."""

import asyncio
import uuid
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from tsui.simulator.clock import SimClock, iso
from tsui.simulator.draw import Draw, mix
from tsui.simulator.fleet import Fleet, HistoryEvent, SimDevice
from tsui.simulator.listeners import Postman
from tsui.simulator.patterns import DAY, FOREVER, Span
from tsui.simulator.rules import (
    ACTIVATE,
    CHANGE_PLAN,
    DEACTIVATE,
    POLLED,
    RESTORE,
    SUSPENDING,
    Action,
    Failure,
    objection,
)
from tsui.simulator.settings import SimulatorSettings

PENDING, SUCCESS, FAILED = "Pending", "Success", "Failed"

YIELD_EVERY = 100
"""Devices that are worked off before others get their turn."""


@dataclass(frozen=True, slots=True)
class Execution:
    """One change of one device that was really done or tried: the oracle of tests."""

    at: float
    request_id: str
    account: str
    action: str
    iccid: str
    success: bool


@dataclass(slots=True)
class Task:
    """A device's part in a request."""

    device: SimDevice
    due: float
    failure: Failure | None
    holds: bool
    """Whether the device is pending because of it."""
    status: str = PENDING


@dataclass(slots=True)
class SimRequest:
    """A request that was accepted."""

    id: str
    account: str
    action: Action
    values: Mapping[str, Any]
    by: str
    tasks: list[Task] = field(default_factory=list)

    @property
    def status(self) -> str:
        """How far it is."""
        states = {task.status for task in self.tasks}
        if PENDING in states:
            return PENDING
        return FAILED if FAILED in states else SUCCESS

    @property
    def tells_status(self) -> bool:
        """Whether its status can be asked for."""
        return len(self.tasks) == 1 and self.action.name in POLLED


class Engine:
    """Works requests off."""

    def __init__(
        self,
        settings: SimulatorSettings,
        clock: SimClock,
        postman: Postman,
        spawn: Callable[[Any], object],
    ) -> None:
        self._settings = settings
        self._clock = clock
        self._postman = postman
        self._spawn = spawn
        self._draw = Draw(settings.seed, 77)
        self._count = 0
        self.requests: dict[str, SimRequest] = {}
        """Every request by its id."""
        self.executions: list[Execution] = []
        """Everything that was done, in order."""

    def submit(
        self,
        fleet: Fleet,
        account: str,
        action: Action,
        devices: Iterable[SimDevice],
        values: Mapping[str, Any],
        by: str,
    ) -> SimRequest:
        """Accept a request: its lines become pending at once."""
        self._count += 1
        name = str(uuid.UUID(int=mix(self._settings.seed, self._count) << 64 | mix(self._count)))
        request = SimRequest(name, account, action, values, by)
        now = self._clock.timestamp()
        for found in devices:
            device = fleet.touch(found)
            plan = str(values.get("servicePlan", ""))
            failure = objection(action, device, self._settings, now, plan)
            holds = failure is None
            if holds:
                device.pending = action.pending or action.name
                self._spend(device, action, now)
                if self._draw.unit() < self._settings.failure_rate:
                    failure = Failure("REQUEST_FAILED.UnexpectedError", "The network refused it.")
            request.tasks.append(Task(device, self._due(device, now), failure, holds))
        self.requests[request.id] = request
        self._spawn(self._work_off(request, fleet))
        return request

    def change_elsewhere(
        self, fleet: Fleet, account: str, action: Action, device: SimDevice
    ) -> None:
        """Let somebody else change a line at once; the account hears of it by a notice."""
        device = fleet.touch(device)
        now = self._clock.timestamp()
        self._apply(fleet, device, action, {"servicePlan": device.plan}, "portal.jwhitfield", now)
        self._postman.post(
            account,
            "ExternalProvisioningChanges",
            {
                "requestId": str(uuid.UUID(int=mix(int(now * 1e6)) << 64)),
                "deviceIds": [{"id": device.iccid, "kind": "iccid"}],
                "status": SUCCESS,
                "deviceResponse": {f"{action.name}Response": {"state": device.state}},
            },
        )

    # -- working off --------------------------------------------------------------------------

    def _due(self, device: SimDevice, now: float) -> float:
        share = mix(self._settings.seed, device.number, self._count) / 2**64
        return now + self._settings.delay * (0.8 + 0.4 * share)

    def _spend(self, device: SimDevice, action: Action, now: float) -> None:
        if action is CHANGE_PLAN:
            device.plan_changes.append(now)
        else:
            device.actions.append(now)

    async def _work_off(self, request: SimRequest, fleet: Fleet) -> None:
        for count, task in enumerate(sorted(request.tasks, key=lambda each: each.due)):
            await self._clock.sleep_until(task.due)
            self._finish(request, fleet, task)
            if count % YIELD_EVERY == YIELD_EVERY - 1:
                await asyncio.sleep(0)

    def _finish(self, request: SimRequest, fleet: Fleet, task: Task) -> None:
        device, now = task.device, self._clock.timestamp()
        if task.failure is None:
            self._apply(fleet, device, request.action, request.values, request.by, now)
            task.status = SUCCESS
        else:
            self._note(device, request.action, task.failure.text, request.by, now)
            task.status = FAILED
        if task.holds:
            device.pending = ""
        self.executions.append(
            Execution(
                now,
                request.id,
                request.account,
                request.action.name,
                device.iccid,
                task.failure is None,
            )
        )
        self._postman.post(request.account, "CarrierService", self._message(request, task))

    def _apply(
        self,
        fleet: Fleet,
        device: SimDevice,
        action: Action,
        values: Mapping[str, Any],
        by: str,
        now: float,
    ) -> None:
        if action is CHANGE_PLAN:
            device.plan = str(values["servicePlan"])
        elif action is ACTIVATE:
            self._activate(fleet, device, values, by, now)
        elif action is SUSPENDING:
            device.suspended_at = now
            self._out_of_service(device, now)
            self._spawn(self._resume_by_itself(fleet, device, now))
        elif action is RESTORE:
            device.served.append(Span(now, FOREVER))
        self._note(device, action, SUCCESS, by, now)
        if action is DEACTIVATE:
            self._out_of_service(device, now)
            device.plan = device.mdn = device.ip = ""
            if values.get("deleteAfterDeactivation"):
                fleet.delete(device)
        device.state = action.becomes or device.state

    def _activate(
        self, fleet: Fleet, device: SimDevice, values: Mapping[str, Any], by: str, now: float
    ) -> None:
        fleet.give_mdn(device)
        device.plan = str(values.get("servicePlan", ""))
        device.ip = (
            f"10.{60 + device.account}.{device.number // 250 % 256}.{device.number % 250 + 2}"
        )
        device.activated, device.activated_by = now, by
        device.group = str(values.get("groupName") or device.group)
        for index, value in (values.get("customFieldsByIndex") or {}).items():
            device.custom[index] = value
        # A new device needs about an hour after its first activation before it can attach.
        device.served.append(Span(now + 3600, FOREVER))

    async def _resume_by_itself(self, fleet: Fleet, device: SimDevice, since: float) -> None:
        await self._clock.sleep_until(since + self._settings.suspend_days_in_a_row * DAY)
        if device.suspended_at == since and device.state == SUSPENDING.becomes:
            now = self._clock.timestamp()
            self._apply(fleet, device, RESTORE, {}, "automatic resume", now)

    def _out_of_service(self, device: SimDevice, now: float) -> None:
        device.half_open = False
        device.served = [
            Span(span.start, min(span.end, now)) for span in device.served if span.start < now
        ]

    def _note(self, device: SimDevice, action: Action, status: str, by: str, now: float) -> None:
        device.history.append(HistoryEvent(now, action.event, status, by, device.plan, device.mdn))

    def _message(self, request: SimRequest, task: Task) -> dict[str, Any]:
        device = task.device
        message: dict[str, Any] = {
            "requestId": request.id,
            "deviceIds": [{"id": device.iccid, "kind": "iccid"}],
            "status": task.status,
        }
        if task.failure is not None:
            code = f"UnifiedWebService.{task.failure.code}"
            return {
                **message,
                "faultResponse": {"faultcode": code, "faultstring": task.failure.text},
            }
        body: dict[str, Any] = {
            "deviceIds": [{"id": value, "kind": kind} for kind, value in device.identifiers()],
            "servicePlan": device.plan,
            "state": device.state,
        }
        if request.action is ACTIVATE:
            body["ipAddress"] = device.ip
        if request.action is SUSPENDING:
            days = self._settings.suspend_days_in_a_row
            body["expectedResumeDate"] = iso(device.suspended_at + days * DAY)
        return {**message, "deviceResponse": {f"{request.action.name}Response": body}}
