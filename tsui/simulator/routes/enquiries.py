"""Questions about devices that are answered by callback."""

from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from tsui.simulator.call import M2M, Body, Call, accepted
from tsui.simulator.clock import iso
from tsui.simulator.device import DEACTIVE, PRE_ACTIVE, SUSPEND
from tsui.simulator.errors import rejected
from tsui.simulator.fields import items, moment, part, text
from tsui.simulator.jobs import Notice, Target, response
from tsui.simulator.labels import with_label
from tsui.simulator.pace import gently
from tsui.simulator.patterns import DAY, Span
from tsui.simulator.schema import (
    ACCOUNT,
    FLAT_IDS,
    NEEDED_ACCOUNT,
    REQUEST_ID,
    SELECTORS,
    Field,
    devices,
    listed,
    needed,
    nested,
)
from tsui.simulator.selection import (
    account_of,
    flat_or_matching,
    fleet_of,
    identifiers,
    known,
    named,
)
from tsui.simulator.usage import usage_of
from tsui.simulator.views import state_of
from tsui.simulator.world import World

MOST_CHECKED = 2000
"""Devices one availability check may name (documented)."""

OLDEST_START, LONGEST_SPAN = 184 * DAY, 31 * DAY
"""Limits of aggregate usage: six months back, one month long (documented)."""

_PER_HOUR = 40
"""Cancel Location requests of all customers that are worked off in an hour (documented)."""


def calls(world: World) -> list[Call]:
    """Return the calls of this area."""
    area = _Enquiries(world)
    return [
        _post(
            "availability/actions/list",
            "Check Device Availability",
            area.availability,
            (NEEDED_ACCOUNT, devices(most=MOST_CHECKED)),
            "DeviceService",
        ),
        _post(
            "requests/status",
            "Check Order Status",
            area.order_status,
            (NEEDED_ACCOUNT, Field("orderRequestId"), devices()),
            "DeviceService",
            aliases=(f"{M2M}/devices/request/status",),
        ),
        _post(
            "suspension/status",
            "Retrieve Device Suspension Status",
            area.suspension,
            (FLAT_IDS, nested("filter", *SELECTORS[1:]), ACCOUNT),
            "DeviceSuspensionStatus",
        ),
        _post(
            "prl/actions/list",
            "Retrieve Device PRL Information",
            area.prl,
            (FLAT_IDS, *SELECTORS),
            "DevicePRLInformation",
        ),
        _post(
            "usage/actions/list/aggregate",
            "Retrieve Aggregate Device Usage History",
            area.usage,
            (
                FLAT_IDS,
                listed("label", Field("name", longest=20), Field("value", longest=50)),
                ACCOUNT,
                Field("groupName"),
                needed("startTime"),
                needed("endTime"),
            ),
            "DeviceUsage",
        ),
        _post(
            "actions/cancellocation",
            "Cancel Location",
            area.cancel_location,
            (NEEDED_ACCOUNT, devices()),
            "CarrierService",
        ),
    ]


def _post(
    path: str,
    title: str,
    handler: Any,
    body: tuple[Field, ...],
    service: str,
    aliases: tuple[str, ...] = (),
) -> Call:
    where = f"{M2M}/devices/{path}"
    return Call("POST", where, title, handler, body, REQUEST_ID, aliases, service=service)


class _Enquiries:
    def __init__(self, world: World) -> None:
        self._world = world

    async def availability(self, _: Request, body: Body) -> Response:
        account = text(body, "accountName")
        fleet_of(self._world, account)
        asked = [(each["deviceIds"], identifiers(each)) for each in body["devices"]]

        async def work() -> list[Notice]:
            found = [self._available(account, ids, pairs) async for ids, pairs in gently(asked)]
            return [response("DeviceService", "deviceAvailabilityResponse", {"devices": found})]

        return accepted(
            self._world.jobs.submit_whole(account, "availability", "DeviceService", work)
        )

    def _available(
        self, account: str, ids: list[Any], pairs: list[tuple[str, str]]
    ) -> dict[str, Any]:
        fleet = self._world.fleets[account]
        device = known(fleet, pairs)
        if device is None:
            uploaded = any(pair in self._world.uploads for pair in pairs)
            return {"deviceIds": ids, "exists": uploaded, "available": uploaded}
        return {
            "deviceIds": ids,
            "exists": True,
            "available": device.state in (DEACTIVE, PRE_ACTIVE),
            "productType": device.model.technology,
            "paired": all(device.has(kind, value) for kind, value in pairs),
            "lineStatus": state_of(device),
        }

    async def order_status(self, _: Request, body: Body) -> Response:
        account = text(body, "accountName")
        fleet_of(self._world, account)
        target = await self._only(account, body)
        if len(target.named) != 1:
            raise rejected("DeserializationFailed", "The device needs exactly one identifier.")
        order = text(body, "orderRequestId")

        def perform(target: Target) -> list[Notice]:
            found = self._world.jobs.requests.get(order)
            status = found.status if found else state_of(target.device)
            answer = {"orderRequestId": order, "status": status}
            return [response("DeviceService", "orderStatusResponse", answer)]

        return accepted(
            self._world.jobs.submit(account, "orderStatus", "DeviceService", [target], perform)
        )

    async def _only(self, account: str, body: Body) -> Target:
        if len(body["devices"]) != 1:
            raise rejected("DeserializationFailed", "devices needs exactly one device.")
        return (await named(self._world, account, body["devices"]))[0]

    async def suspension(self, _: Request, body: Body) -> Response:
        account = account_of(self._world, body)
        targets = await flat_or_matching(self._world, account, body, part(body, "filter"))
        service = "DeviceSuspensionStatus"

        def perform(target: Target) -> list[Notice]:
            device = self._world.fleets[account].get(target.device.number)
            answer: dict[str, Any] = {"state": state_of(device)}
            if device.state == SUSPEND:
                most = self._world.settings.suspend_days_in_a_row
                days = int((self._world.clock.timestamp() - device.suspended_at) // DAY)
                answer |= {
                    "suspendDate": iso(device.suspended_at),
                    "expectedResumeDate": iso(device.suspended_at + most * DAY),
                    "suspendDaysForReason": days,
                    "daysSuspendedLast12Months": days,
                    "daysRemaining": most - days,
                }
            return [response(service, "deviceSuspensionStatusResponse", answer)]

        return accepted(
            self._world.jobs.submit(account, "suspensionStatus", service, targets, perform)
        )

    async def prl(self, _: Request, body: Body) -> Response:
        account = account_of(self._world, body)
        targets = await flat_or_matching(self._world, account, body, body)
        service = "DevicePRLInformation"

        def perform(_: Target) -> list[Notice]:
            # Only 2G and 3G devices had a preferred roaming list; the fleet has none of them.
            return [response(service, "prlResponse", {"prl": ""})]

        return accepted(self._world.jobs.submit(account, "prl", service, targets, perform))

    async def usage(self, _: Request, body: Body) -> Response:
        world = self._world
        window = Span(moment(body, "startTime"), moment(body, "endTime"))
        if (
            window.start < world.clock.timestamp() - OLDEST_START
            or not 0 <= window.end - window.start <= LONGEST_SPAN
        ):
            raise rejected("REQUEST_FAILED.UnexpectedError", "The times are out of range.")
        account = account_of(world, body)
        if labels := items(body, "label"):
            targets = [
                Target(device, device.ids()[:1])
                for label in labels
                for device in with_label(world, label)
                if world.fleets[account].account == device.account
            ]
        else:
            targets = await flat_or_matching(world, account, body, body)

        def perform(target: Target) -> list[Notice]:
            device = world.fleets[account].get(target.device.number)
            return [response("DeviceUsage", "usageResponse", usage_of(world, device, window))]

        return accepted(
            world.jobs.submit(account, "aggregateUsage", "DeviceUsage", targets, perform)
        )

    async def cancel_location(self, _: Request, body: Body) -> Response:
        world, service = self._world, "CarrierService"
        account = text(body, "accountName")
        fleet = fleet_of(world, account)
        target = await self._only(account, body)

        def perform(target: Target) -> list[Notice]:
            world.jobs.refuse_some()
            device = fleet.touch(target.device)
            now = world.clock.timestamp()
            if device.mdn:
                device.leave_service(now)
                device.enter_service(now)
            return [response(service, "cancelLocationResponse")]

        request = world.jobs.submit(
            account,
            "cancelLocation",
            service,
            [target],
            perform,
            changes=True,
            earliest=self._next_turn(),
        )
        return accepted(request)

    def _next_turn(self) -> float:
        """Return when a Cancel Location request is worked off; the rest waits for its hour."""
        turns, now = self._world.cancel_turns, self._world.clock.timestamp()
        turn = max(now, turns[-_PER_HOUR] + 3600) if len(turns) >= _PER_HOUR else now
        turns.append(turn)
        return turn
