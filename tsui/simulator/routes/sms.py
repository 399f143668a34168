"""Text messages to devices, and from them."""

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from tsui.simulator.call import M2M, Body, Call, accepted
from tsui.simulator.device import ACTIVE, SUSPEND
from tsui.simulator.errors import rejected
from tsui.simulator.fields import items, moment, text
from tsui.simulator.jobs import Notice, Target, failure_notice, response
from tsui.simulator.paging import answer, offset
from tsui.simulator.patterns import Span
from tsui.simulator.reach import wait_for
from tsui.simulator.rules import Failure
from tsui.simulator.schema import (
    DEVICE_ID,
    FLAT_IDS,
    NEEDED_ACCOUNT,
    REQUEST_ID,
    SELECTORS,
    SUCCEEDED,
    Field,
    listed,
    needed,
    nested,
)
from tsui.simulator.selection import find_device, flat, fleet_of, matching
from tsui.simulator.texts import KEPT, SERVICE, TextEvent
from tsui.simulator.world import World

RECEIPT = "SMSDeliveryConfirmation"
"""Callback service that tells whether a message came."""

LONGEST_7BIT, LONGEST_8BIT = 160, 140
"""Characters of a message by its encoding (documented)."""

LONGEST_LOG = 500
"""Messages the log of a device tells at once (documented)."""

_TOO_LONG = "INPUT_INVALID.SmsMessage.TooLong"
_UTF8 = "8-bit-UTF-8"
_ENCODINGS = ("7-bit", "8-bit-ASCII", _UTF8, "8-bit-DATA")


def calls(world: World) -> list[Call]:
    """Return the calls of this area."""
    area = _Sms(world)
    queue = f"{M2M}/sms/{{account}}/history"
    return [
        Call(
            "POST",
            f"{M2M}/sms",
            "Send SMS Messages to Devices",
            area.send,
            (
                NEEDED_ACCOUNT,
                FLAT_IDS,
                *SELECTORS[1:],
                needed(
                    "smsMessage",
                    missing="INPUT_INVALID.SmsMessage.Null",
                    longest=LONGEST_7BIT,
                    beyond=_TOO_LONG,
                ),
                Field("dataEncoding", choices=_ENCODINGS),
                Field("timeToLive"),
            ),
            REQUEST_ID,
            service=f"{SERVICE} {RECEIPT}",
        ),
        Call(
            "GET",
            queue,
            "Retrieve SMS Messages sent by Devices",
            area.queue,
            answer=(
                Field("hasMoreData", "boolean"),
                listed(
                    "messages",
                    listed("deviceIds", *DEVICE_ID),
                    Field("message"),
                    Field("timestamp"),
                ),
            ),
            aliases=(f"{queue}/",),
            query=(Field("next"),),
        ),
        Call(
            "POST",
            f"{M2M}/devices/sms/history/actions/list",
            "Retrieve SMS Event History",
            area.log,
            (nested("deviceId", *DEVICE_ID), Field("earliest"), Field("latest")),
            REQUEST_ID,
            service="DeviceService",
        ),
        Call(
            "PUT",
            f"{M2M}/sms/{{account}}/startCallbacks",
            "Start Delivery of Queued SMS Messages",
            area.start,
            answer=SUCCEEDED,
            aliases=(f"{M2M}/sms/{{account}}/startcallbacks",),
        ),
    ]


class _Sms:
    def __init__(self, world: World) -> None:
        self._world = world

    async def send(self, _: Request, body: Body) -> Response:
        world, message = self._world, text(body, "smsMessage")
        account = text(body, "accountName")
        fleet_of(world, account)
        self._check_length(message, text(body, "dataEncoding"))
        targets = await self._targets(account, body)

        def perform(target: Target) -> list[Notice]:
            world.jobs.refuse_some()
            world.spawn(self._follow(account, request.id, target, message))
            return [response(SERVICE, "smsResponse")]

        request = world.jobs.submit(account, "sendSms", SERVICE, targets, perform, changes=True)
        return accepted(request)

    def _check_length(self, message: str, encoding: str) -> None:
        if not encoding or encoding.lower() == _ENCODINGS[0]:
            return
        in_bytes = self._world.settings.sms_counts_bytes and encoding.lower() == _UTF8.lower()
        if len(message.encode() if in_bytes else message) > LONGEST_8BIT:
            raise rejected(_TOO_LONG, f"smsMessage exceeds {LONGEST_8BIT}.")

    async def _targets(self, account: str, body: Body) -> list[Target]:
        world = self._world
        if named := items(body, "deviceIds"):
            if len(named) > world.settings.sms_devices:
                raise rejected(
                    "INPUT_INVALID.NumberofDevices",
                    f"The number of devices exceeds {world.settings.sms_devices}.",
                )
            targets = await flat(world, account, named)
            if not all(self._takes(target) for target in targets):
                raise rejected("INPUT_INVALID.DeviceState.Invalid", "The device is not active.")
            return targets
        found = await matching(world.fleets[account], body)
        targets = [target for target in found if self._takes(target)]
        if not targets:
            raise rejected("REQUEST_FAILED.DeviceNotFound", "No device was found on the account.")
        return targets

    def _takes(self, target: Target) -> bool:
        suspended = target.device.state == SUSPEND
        return target.device.state == ACTIVE or (
            suspended and not self._world.settings.sms_refuses_suspended
        )

    async def _follow(self, account: str, request_id: str, target: Target, message: str) -> None:
        """Try to deliver a message until it expires, and tell how that ended."""
        world = self._world
        ends = world.clock.timestamp() + world.settings.sms_lifetime
        reached = await wait_for(
            world.clock, world.fleets[account], target.device.number, world.settings.seed, ends
        )
        if reached is None:
            failure = Failure(world.settings.sms_expired_code, "The message expired.")
            notice, at, status = failure_notice(RECEIPT, failure), ends, "Expired"
        else:
            notice, at, status = Notice(RECEIPT, {}), reached, "Delivered"
        world.texts.note(account, target.device, TextEvent(at, "MT", message, status))
        world.jobs.tell(account, request_id, target, notice)
        if reached is not None and target.device.echoes:
            world.texts.receive(account, target.device, f"echo: {message}", at)

    async def queue(self, request: Request, _: Body) -> Response:
        world, account = self._world, request.path_params["account"]
        fleet_of(world, account)
        if "next" in request.query_params:
            world.texts.acknowledge(account, offset(request))
        waiting = world.texts.queue(account)
        block, more = waiting[: world.settings.sms_block], len(waiting) > world.settings.sms_block
        if block and not more and not world.settings.sms_keeps_last_block:
            world.texts.acknowledge(account, block[-1].number)
        found = {"messages": [each.view() for each in block]}
        return answer(request, found, str(block[-1].number) if more else "")

    async def log(self, _: Request, body: Body) -> Response:
        world, now = self._world, self._world.clock.timestamp()
        if body.get("deviceId") is None:
            raise rejected("REQUEST_FAILED.UnexpectedError", "No device is named.")
        account, device = find_device(world, "", body["deviceId"])
        window = Span(moment(body, "earliest", now - KEPT), moment(body, "latest", now))

        def perform(target: Target) -> list[Notice]:
            events = world.texts.events(account, target.device, window)
            found = {
                "smsEvents": [event.view() for event in events[:LONGEST_LOG]],
                "hasMoreData": len(events) > LONGEST_LOG,
            }
            return [response("DeviceService", "smsEventHistoryResponse", found)]

        target = Target(device, [body["deviceId"]])
        return accepted(
            world.jobs.submit(account, "smsHistory", "DeviceService", [target], perform)
        )

    async def start(self, request: Request, _: Body) -> Response:
        account = request.path_params["account"]
        fleet_of(self._world, account)
        self._world.texts.push_queue(account)
        return JSONResponse({"success": True})
