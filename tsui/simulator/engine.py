"""Changes of lines by the provisioning rules: pending for a while, then done or failed."""

import uuid
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from tsui.simulator.clock import SimClock, iso
from tsui.simulator.device import SimDevice
from tsui.simulator.draw import Draw, mix
from tsui.simulator.fleet import Fleet
from tsui.simulator.jobs import SUCCESS, Denied, Execution, Jobs, Notice, SimRequest, Target
from tsui.simulator.jobs import response as told
from tsui.simulator.listeners import Postman
from tsui.simulator.patterns import DAY
from tsui.simulator.rules import (
    ACTIVATE,
    CHANGE_PLAN,
    DEACTIVATE,
    RESTORE,
    SUSPENDING,
    Action,
    Failure,
    objection,
    state_objection,
)
from tsui.simulator.settings import SimulatorSettings

ATTACHES_AFTER = 3600.0
"""Seconds until a line that was activated can attach (documented: about an hour)."""

OTHER_USER = "portal.jwhitfield"
"""Who changes lines elsewhere."""


class Engine:
    """Changes lines."""

    def __init__(
        self, settings: SimulatorSettings, clock: SimClock, postman: Postman, jobs: Jobs
    ) -> None:
        self._settings = settings
        self._clock = clock
        self._postman = postman
        self._jobs = jobs
        self._draw = Draw(settings.seed, 77)

    @property
    def requests(self) -> dict[str, SimRequest]:
        """Every request that changes devices, by its id."""
        return {name: each for name, each in self._jobs.requests.items() if each.changes}

    @property
    def executions(self) -> list[Execution]:
        """Every change of a device, in order."""
        return self._jobs.executions

    def submit(
        self,
        fleet: Fleet,
        account: str,
        action: Action,
        targets: Iterable[Target],
        values: Mapping[str, Any],
        by: str,
        *,
        service: str = "CarrierService",
        after: Callable[[SimDevice], Sequence[Notice]] | None = None,
    ) -> SimRequest:
        """Accept a request: its lines become pending at once.

        ``after`` does what is left to do with a line that was changed, and returns what is told.
        """
        now = self._clock.timestamp()
        kept: list[Target] = []
        failures: dict[int, Failure] = {}
        held: set[int] = set()
        for target in targets:
            device = fleet.touch(target.device)
            kept.append(Target(device, target.named))
            failure = objection(action, device, self._settings, now, plan_of(values))
            if failure is None:
                held.add(device.number)
                failure = self._hold(device, action, now)
            if failure is not None:
                failures[device.number] = failure

        def perform(target: Target) -> Sequence[Notice]:
            device = fleet.get(target.device.number)
            if device.number in held:
                device.pending = ""
            at = self._clock.timestamp()
            # Somebody else may have changed the line, or its suspension have ended by itself.
            failure = failures.get(device.number) or state_objection(action, device, self._settings)
            if failure is not None:
                device.note(at, action.event, by, failure.text)
                raise Denied(failure.code, failure.text)
            self.apply(fleet, device, action, values, by, at)
            if after is not None:
                return after(device)
            return [told(service, f"{action.name}Response", self._result(action, device))]

        return self._jobs.submit(account, action.name, service, kept, perform, changes=True)

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
        self.apply(fleet, device, action, values, OTHER_USER, now)
        self.tell_elsewhere(account, device, action.name.capitalize(), "Portal")
        return None

    def tell_elsewhere(self, account: str, device: SimDevice, change: str, source: str) -> None:
        """Tell the account that a device was changed by others."""
        now = self._clock.timestamp()
        self._postman.post(
            account,
            "ExternalProvisioningChanges",
            {
                "requestId": str(uuid.UUID(int=mix(int(now * 1e6)) << 64)),
                "deviceIds": [{"id": device.iccid, "kind": "iccid"}],
                "status": SUCCESS,
                "externalProvisioningChange": {
                    "source": source,
                    "change": change,
                    "deviceInfo": {"accountName": account},
                },
            },
        )

    def apply(
        self,
        fleet: Fleet,
        device: SimDevice,
        action: Action,
        values: Mapping[str, Any],
        by: str,
        now: float,
    ) -> None:
        """Change a line now, whatever its state."""
        if action is CHANGE_PLAN:
            device.plan = plan_of(values)
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

    def _hold(self, device: SimDevice, action: Action, now: float) -> Failure | None:
        """Let a line be pending; returns why it is going to fail all the same."""
        device.pending = action.pending or action.name
        (device.plan_changes if action is CHANGE_PLAN else device.actions).append(now)
        if device.refusal:
            return Failure("REQUEST_FAILED.UnexpectedError", device.refusal)
        if self._draw.unit() < self._settings.failure_rate:
            return Failure("REQUEST_FAILED.UnexpectedError", "The network refused it.")
        return None

    def _activate(
        self, fleet: Fleet, device: SimDevice, values: Mapping[str, Any], by: str, now: float
    ) -> None:
        fleet.give_mdn(device)
        device.plan = plan_of(values)
        device.ip = (
            f"10.{60 + device.account}.{device.number // 250 % 256}.{device.number % 250 + 2}"
        )
        device.activated, device.activated_by = now, by
        device.group = str(values.get("groupName") or device.group)
        for index, value in (values.get("customFieldsByIndex") or {}).items():
            device.custom[index] = value
        wait = ATTACHES_AFTER if device.attaches_after is None else device.attaches_after
        device.enter_service(now + wait)

    def _result(self, action: Action, device: SimDevice) -> dict[str, Any]:
        if action is CHANGE_PLAN:
            return {"servicePlan": device.plan}
        body: dict[str, Any] = {"deviceIds": device.ids()}
        if action is DEACTIVATE:
            return {**body, "stateName": device.state}
        body["servicePlan"] = device.plan
        if action is ACTIVATE:
            body |= {"ipAddress": device.ip, "state": device.state}
        if action is SUSPENDING:
            days = self._settings.suspend_days_in_a_row
            body["expectedResumeDate"] = iso(device.suspended_at + days * DAY)
        return body


def plan_of(values: Mapping[str, Any]) -> str:
    """Return the plan a request asks for; empty for none."""
    return str(values.get("servicePlan") or "")
