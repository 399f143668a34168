"""Asynchronous requests: accepted at once, worked off after a while, told by callback."""

import uuid
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from tsui.simulator.clock import SimClock
from tsui.simulator.device import SimDevice
from tsui.simulator.draw import Draw, mix
from tsui.simulator.errors import SERVICE
from tsui.simulator.listeners import Postman
from tsui.simulator.pace import gently
from tsui.simulator.rules import POLLED, Failure
from tsui.simulator.settings import SimulatorSettings

PENDING, SUCCESS, FAILED = "Pending", "Success", "Failed"


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
    """A device's part in a request, or all of it where no device has a part of its own."""

    target: Target | None
    due: float
    status: str = PENDING


@dataclass(slots=True)
class SimRequest:
    """A request that was accepted."""

    id: str
    account: str
    name: str
    """Name of the action."""
    changes: bool
    """Whether it changes devices."""
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
        """Whether its status can be asked for one by one."""
        return len(self.tasks) == 1 and self.name in POLLED


class Notice(NamedTuple):
    """A callback message in the making."""

    service: str
    body: dict[str, Any]
    """What it says besides the request's id, and what it says otherwise."""


class Denied(Exception):
    """A device's part in a request fails."""

    def __init__(self, code: str, text: str) -> None:
        super().__init__(text)
        self.failure = Failure(code, text)
        """Why."""


class Postponed(Exception):
    """A device's part in a request is not over: more is to be tried later."""

    def __init__(self, until: float, *notices: Notice) -> None:
        super().__init__(until)
        self.until = until
        """Unix time to try again."""
        self.notices = notices
        """What is told meanwhile."""


Perform = Callable[[Target], Sequence[Notice]]
Work = Callable[[], Awaitable[Sequence[Notice]]]


class Jobs:
    """Accepts requests and works them off."""

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
        self._draw = Draw(settings.seed, 78)
        self._count = 0
        self.requests: dict[str, SimRequest] = {}
        """Every request by its id."""
        self.executions: list[Execution] = []
        """Every change of a device, in order."""

    def new_id(self) -> str:
        """Return a UUID that was never given before."""
        self._count += 1
        return str(uuid.UUID(int=mix(self._settings.seed, self._count) << 64 | mix(self._count)))

    def submit(
        self,
        account: str,
        name: str,
        service: str,
        targets: Iterable[Target],
        perform: Perform,
        *,
        changes: bool = False,
        earliest: float = 0.0,
    ) -> SimRequest:
        """Accept a request that does something to each of its devices, from a time on."""
        request = SimRequest(self.new_id(), account, name, changes)
        now = max(earliest, self._clock.timestamp())
        request.tasks += [Task(target, self._due(target.device, now)) for target in targets]
        self.requests[request.id] = request
        self._spawn(self._work_off(request, service, perform))
        return request

    def submit_whole(self, account: str, name: str, service: str, work: Work) -> SimRequest:
        """Accept a request that is answered in one go."""
        task = Task(None, self._clock.timestamp() + self._settings.delay)
        request = SimRequest(self.new_id(), account, name, changes=False, tasks=[task])
        self.requests[request.id] = request
        self._spawn(self._do_whole(request, task, service, work))
        return request

    def refuse_some(self) -> None:
        """Deny the share of changes that is to fail."""
        if self._draw.unit() < self._settings.failure_rate:
            raise Denied("REQUEST_FAILED.UnexpectedError", "The network refused it.")

    def done(self, request: SimRequest, device: SimDevice, *, success: bool) -> None:
        """Note that a device was changed, or that it was tried."""
        at = self._clock.timestamp()
        name = request.name
        self.executions.append(
            Execution(at, request.id, request.account, name, device.iccid, success)
        )

    def tell(self, account: str, request_id: str, target: Target | None, notice: Notice) -> None:
        """Send a callback message of a request."""
        message: dict[str, Any] = {
            "requestId": request_id,
            "deviceIds": target.named if target else [],
            "status": SUCCESS,
            **notice.body,
        }
        self._postman.post(account, notice.service, message)

    # -- working off --------------------------------------------------------------------------

    def _due(self, device: SimDevice, now: float) -> float:
        share = mix(self._settings.seed, device.number, self._count) / 2**64
        return now + self._settings.delay * (0.8 + 0.4 * share)

    async def _work_off(self, request: SimRequest, service: str, perform: Perform) -> None:
        async for task in gently(sorted(request.tasks, key=lambda each: each.due)):
            await self._clock.sleep_until(task.due)
            if task.target is not None:
                self._try(request, service, perform, task, task.target)

    def _try(
        self, request: SimRequest, service: str, perform: Perform, task: Task, target: Target
    ) -> None:
        notices: Sequence[Notice]
        try:
            notices = perform(target)
            task.status = SUCCESS
        except Denied as denied:
            notices = [failure_notice(service, denied.failure)]
            task.status = FAILED
        except Postponed as postponed:
            for notice in postponed.notices:
                self.tell(request.account, request.id, target, notice)
            task.due = postponed.until
            self._spawn(self._try_later(request, service, perform, task, target))
            return
        self._finish(request, task, notices)

    async def _try_later(
        self, request: SimRequest, service: str, perform: Perform, task: Task, target: Target
    ) -> None:
        await self._clock.sleep_until(task.due)
        self._try(request, service, perform, task, target)

    async def _do_whole(self, request: SimRequest, task: Task, service: str, work: Work) -> None:
        await self._clock.sleep_until(task.due)
        try:
            notices = await work()
            task.status = SUCCESS
        except Denied as denied:
            notices = [failure_notice(service, denied.failure)]
            task.status = FAILED
        self._finish(request, task, notices)

    def _finish(self, request: SimRequest, task: Task, notices: Sequence[Notice]) -> None:
        if request.changes and task.target is not None:
            self.done(request, task.target.device, success=task.status == SUCCESS)
        for notice in notices:
            self.tell(request.account, request.id, task.target, notice)


def failure_notice(service: str, failure: Failure) -> Notice:
    """Return the message of a failure."""
    code = f"{SERVICE}.{failure.code}"
    fault = {"faultcode": code, "faultstring": failure.text}
    return Notice(service, {"status": FAILED, "faultResponse": fault})


def response(service: str, name: str, body: Any = None) -> Notice:
    """Return the message of a success: a part of deviceResponse that is named for the action."""
    return Notice(service, {"deviceResponse": {name: {} if body is None else body}})
