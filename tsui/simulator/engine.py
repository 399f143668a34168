"""Changes of lines: accepted at once, pending for a while, then done or failed, and told."""

import uuid
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from tsui.simulator.clock import SimClock, iso
from tsui.simulator.device import SimDevice
from tsui.simulator.draw import Draw, mix
from tsui.simulator.fleet import Fleet
from tsui.simulator.listeners import Postman
from tsui.simulator.pace import gently
from tsui.simulator.patterns import DAY
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
    state_objection,
)
from tsui.simulator.settings import SimulatorSettings

PENDING, SUCCESS, FAILED = "Pending", "Success", "Failed"

ATTACHES_AFTER = 3600.0
"""Seconds until a line that was activated can attach (documented: about an hour)."""


@dataclass(frozen=True, slots=True)
class Execution:
    """One change of one device that was really done or tried: the oracle of tests."""

    at: float
    request_id: str
    account: str
    action: str
    iccid: str
    success: bool


@dataclass(frozen=True, slots=True)
class Target:
    """A device of a request."""

    device: SimDevice
    named: list[dict[str, str]]
    """The identifiers the request named it by, as it spelled them."""


@dataclass(slots=True)
class Task:
    """A device's part in a request."""

    target: Target
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
        targets: Iterable[Target],
        values: Mapping[str, Any],
        by: str,
    ) -> SimRequest:
        """Accept a request: its lines become pending at once."""
        self._count += 1
        name = str(uuid.UUID(int=mix(self._settings.seed, self._count) << 64 | mix(self._count)))
        request = SimRequest(name, account, action, values, by)
        now = self._clock.timestamp()
        for target in targets:
            device = fleet.touch(target.device)
            plan = str(values.get("servicePlan", ""))
            failure = objection(action, device, self._settings, now, plan)
            holds = failure is None
            if holds:
                device.pending = action.pending or action.name
                (device.plan_changes if action is CHANGE_PLAN else device.actions).append(now)
                if self._draw.unit() < self._settings.failure_rate:
                    failure = Failure("REQUEST_FAILED.UnexpectedError", "The network refused it.")
            kept = Target(device, target.named)
            request.tasks.append(Task(kept, self._due(device, now), failure, holds))
        self.requests[request.id] = request
        self._spawn(self._work_off(request, fleet))
        return request

    def change_elsewhere(
        self, fleet: Fleet, account: str, action: Action, device: SimDevice
    ) -> Failure | None:
        """Let somebody else change a line at once; the account hears of it by a notice.

        Returns why the line's state does not allow it; None when it was done.
        """
        device = fleet.touch(device)
        if failure := state_objection(action, device, self._settings):
            return failure
        now = self._clock.timestamp()
        values = {"servicePlan": device.plan or device.model.plans[0]}
        self._apply(fleet, device, action, values, "portal.jwhitfield", now)
        self._postman.post(
            account,
            "ExternalProvisioningChanges",
            {
                "requestId": str(uuid.UUID(int=mix(int(now * 1e6)) << 64)),
                "deviceIds": [{"id": device.iccid, "kind": "iccid"}],
                "status": SUCCESS,
                "externalProvisioningChange": {
                    "source": "Portal",
                    "change": action.name.capitalize(),
                    "deviceInfo": {"accountName": account},
                },
            },
        )
        return None

    # -- working off --------------------------------------------------------------------------

    def _due(self, device: SimDevice, now: float) -> float:
        share = mix(self._settings.seed, device.number, self._count) / 2**64
        return now + self._settings.delay * (0.8 + 0.4 * share)

    async def _work_off(self, request: SimRequest, fleet: Fleet) -> None:
        async for task in gently(sorted(request.tasks, key=lambda each: each.due)):
            await self._clock.sleep_until(task.due)
            self._finish(request, fleet, task)

    def _finish(self, request: SimRequest, fleet: Fleet, task: Task) -> None:
        now = self._clock.timestamp()
        device = fleet.get(task.target.device.number)
        # Somebody else may have changed the line, or its suspension may have ended by itself.
        failure = task.failure or state_objection(request.action, device, self._settings)
        if failure is None:
            self._apply(fleet, device, request.action, request.values, request.by, now)
        else:
            device.note(now, request.action.event, request.by, failure.text)
        task.status = SUCCESS if failure is None else FAILED
        if task.holds:
            device.pending = ""
        self.executions.append(
            Execution(
                now,
                request.id,
                request.account,
                request.action.name,
                device.iccid,
                failure is None,
            )
        )
        message = self._message(request, task.target, failure)
        self._postman.post(request.account, "CarrierService", message)

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
            device.leave_service(now)
        elif action is RESTORE:
            device.enter_service(now)
        device.note(now, action.event, by)
        if action is DEACTIVATE:
            device.leave_service(now)
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
        device.enter_service(now + ATTACHES_AFTER)

    def _message(
        self, request: SimRequest, target: Target, failure: Failure | None
    ) -> dict[str, Any]:
        device = target.device
        message: dict[str, Any] = {
            "requestId": request.id,
            "deviceIds": target.named,
            "status": SUCCESS if failure is None else FAILED,
        }
        if failure is not None:
            code = f"UnifiedWebService.{failure.code}"
            return {**message, "faultResponse": {"faultcode": code, "faultstring": failure.text}}
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
