"""The one road for every change: look, write down, send, write down what came back.

Nothing is sent before the journal has it on disk, and nothing is ever sent again by itself.
"""

import asyncio
import uuid
from collections import deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any

from pydantic import ValidationError

from tsui.clock import Clock
from tsui.service.evidence import CLOCK_AHEAD
from tsui.service.failures import ChangeFailed, ReportChanged
from tsui.service.kinds import ACTIVATE, CHANGE_PLAN, DEACTIVATE, SUSPEND, ChangeKind
from tsui.service.outbox import Outbox
from tsui.service.preflight import Circumstances, Report, examine
from tsui.service.problems import explain
from tsui.service.reader import DeviceReader, identifier
from tsui.store.audit import Actor
from tsui.store.changes import ChangeState, Intent, OpenChange, Target
from tsui.store.devices import DeviceRow
from tsui.store.errors import StoreError
from tsui.store.store import Store
from tsui.thingspace.catalog import OPERATIONS
from tsui.thingspace.client import Client
from tsui.thingspace.errors import ThingSpaceError
from tsui.thingspace.operation import Operation
from tsui.thingspace.wire import DeviceId, DeviceIds

SINGLY = 25
"""Up to so many devices get a request each: only single-device requests tell their status."""

BATCH = 500
"""Devices of a request beyond that; a request of unknown fate then concerns no more."""

FRESH = 30.0
"""Seconds for which a device's state is good ground for a change; an older one is read again."""


@dataclass(frozen=True, slots=True)
class _Request:
    """A request that the journal holds and that is to be sent."""

    number: int
    operation: Operation[Any]


class ChangeRoad:
    """Sends changes of one account, one request at a time."""

    def __init__(
        self,
        client: Client,
        store: Store,
        reader: DeviceReader,
        outbox: Outbox,
        clock: Clock,
        *,
        environment: str,
        account: str,
        actor: Actor,
        spawn: Callable[..., asyncio.Task[None]],
    ) -> None:
        self._client = client
        self._store = store
        self._reader = reader
        self._outbox = outbox
        self._clock = clock
        self._environment = environment
        self._account = account
        self._actor = actor
        self._spawn = spawn
        self._sending: set[asyncio.Task[None]] = set()

    @property
    def is_sending(self) -> bool:
        """Whether requests are still on their way out."""
        return bool(self._sending)

    async def finish(self) -> None:
        """Wait until nothing is on its way out."""
        while self._sending:
            await asyncio.wait(self._sending)

    async def submit(self, report: Report, note: str = "") -> int:
        """Write a confirmed change down and begin to send it; returns the number of devices.

        The note says why it is done.

        Raises ReportChanged when a fresh look tells otherwise, and ChangeFailed when the look or
        the writing failed or a device has a change that is not over. In both cases nothing was
        sent.
        """
        try:
            report = await self._look_again(report)
            requests = await self._write_intents(report, note)
        except OpenChange as error:
            raise ChangeFailed(
                f"Nothing was sent: {error.device_key} has a change in request {error.request} "
                f"that is {error.state}. Look at it in Requests (3)."
            ) from error
        except StoreError as error:
            raise ChangeFailed(f"Nothing was sent. {error}") from error
        except ThingSpaceError as error:
            raise ChangeFailed(f"Nothing was sent. {explain(error)}") from error
        except ValidationError as error:
            first = error.errors(include_input=False, include_url=False)[0]
            name = " ".join(str(part) for part in first["loc"]).replace("_", " ")
            raise ChangeFailed(f"Nothing was sent. {name}: {first['msg']}.") from error
        task = self._spawn(self._send_all(requests), name=f"send {report.kind.title}")
        self._sending.add(task)
        task.add_done_callback(self._sending.discard)
        return len(report.eligible)

    async def _write_intents(self, report: Report, note: str) -> list[_Request]:
        batch = uuid.uuid4().hex
        requests: list[_Request] = []
        try:
            for devices in _chunks([each.device for each in report.eligible]):
                operation = self._operation(report.kind, report.values, devices)
                intent = replace(self._intent(batch, report, operation, devices), note=note)
                number = await self._store.journal.intend(
                    intent, owner=self._store.owner.name, at=self._now()
                )
                requests.append(_Request(number, operation))
        except BaseException:
            await self._call_off(requests, "The rest of the change could not be written down.")
            raise
        return requests

    async def _call_off(self, requests: Iterable[_Request], why: str) -> None:
        for request in requests:
            with suppress(StoreError):  # the next start closes what stays open
                await self._store.journal.mark_answered(
                    request.number, ChangeState.NOT_SENT, self._now(), problem=why
                )

    async def _look_again(self, report: Report) -> Report:
        devices = [each.device for each in report.eligible]
        old = [each for each in devices if self._now() - each.read_at > FRESH]
        if not old or len(devices) > SINGLY:
            return report
        await asyncio.gather(*(self._reader.read_line(each.key) for each in old))
        rows = await self._store.devices.by_key(self._account, [each.key for each in devices])
        opened = {
            each.device_key: each
            for each in await self._store.journal.open_changes()
            if each.exclusive
        }
        again = examine(
            [rows.get(each.key, each) for each in devices],
            Circumstances(report.kind, report.values, opened, self._now()),
        )
        if again.excluded:
            raise ReportChanged(again)
        return again

    def _operation(
        self, kind: ChangeKind, values: Mapping[str, str], devices: Sequence[DeviceRow]
    ) -> Operation[Any]:
        fields: dict[str, Any] = {
            "account_name": self._account,
            "devices": [_device_ids(kind, device) for device in devices],
        }
        if kind in (ACTIVATE, CHANGE_PLAN):
            fields |= {name: values[name] for name in kind.needs}
        if kind is SUSPEND and values.get("billing"):
            fields["with_billing"] = values["billing"] == "with"
        if kind is DEACTIVATE:
            fields["etf_waiver"] = values.get("waiver") == "spend"
        return OPERATIONS[kind.operation](**fields)

    def _intent(
        self, batch: str, report: Report, operation: Operation[Any], devices: Sequence[DeviceRow]
    ) -> Intent:
        ahead = self._client.health.clock_ahead
        plan = report.values.get("service_plan", "")
        return Intent(
            batch=batch,
            environment=self._environment,
            account=self._account,
            operator=self._actor.operator,
            profile=self._actor.profile,
            operation=report.kind.operation,
            title=f"{report.kind.title} {plan}".strip(),
            fields=operation.fields(),
            targets=[
                Target(
                    key=device.key,
                    kind=identifier(device.key).kind,
                    identifier=identifier(device.key).id,
                    before={"state": device.state, "plan": device.plan, CLOCK_AHEAD: ahead},
                )
                for device in devices
            ],
        )

    async def _send_all(self, requests: Sequence[_Request]) -> None:
        waiting = deque(requests)
        try:
            while waiting:
                request = waiting.popleft()
                await self._outbox.send(request.number, request.operation)
        finally:
            await self._call_off(waiting, "Sending broke off before it was its turn.")

    def _now(self) -> float:
        return self._clock.now().timestamp()


def _chunks(devices: Sequence[DeviceRow]) -> list[Sequence[DeviceRow]]:
    size = 1 if len(devices) <= SINGLY else BATCH
    return [devices[start : start + size] for start in range(0, len(devices), size)]


def _device_ids(kind: ChangeKind, device: DeviceRow) -> DeviceIds:
    if kind is ACTIVATE and device.imei and device.iccid:
        return DeviceIds(
            device_ids=[
                DeviceId(id=device.imei, kind="imei"),
                DeviceId(id=device.iccid, kind="iccid"),
            ]
        )
    return DeviceIds(device_ids=[identifier(device.key)])
