"""What tests of messages share."""

import hashlib
import json
from typing import Any

from tests.support.listener import Inbox as Listener
from tsui.service.workspace import Workspace
from tsui.simulator.server import Running
from tsui.store.changes import ChangeState, DeviceChange
from tsui.store.devices import DeviceRow
from tsui.store.inbox import Arrival
from tsui.thingspace.callbacks import RegisterListener

SENT = "EnhancedConnectivityService"
RECEIPT = "SMSDeliveryConfirmation"


def change(operation: str = "SendSms", state: str = "accepted", **more: Any) -> DeviceChange:
    known: dict[str, Any] = {
        "id": 1, "request": 7, "batch": "b", "account": "a", "operator": "me",
        "operation": operation, "title": "Send SMS", "fields": {"smsMessage": "hello"},
        "owner": "me", "created_at": 100.0, "sending_at": 100.0, "answered_at": 101.0,
        "request_id": "r", "devices": 1, "device_key": "iccid:1", "kind": "iccid",
        "identifier": "1", "before": {}, "state": ChangeState(state), "changed_at": 101.0,
        "problem": "", "evidence": "", "exclusive": False, "answer": "",
    }  # fmt: skip
    return DeviceChange(**known | more)


def device(number: str = "8914800000000000017", **more: Any) -> DeviceRow:
    made = DeviceRow(
        1, f"iccid:{number}", number, "", "5551234567", "", *("",) * 9, None, 0.0, 0.0, 0.0
    )
    return made._replace(state="active", **more)


async def deliver(made: Workspace, service: str, *bodies: dict[str, Any]) -> None:
    """Put callback messages into the inbox, as the receiver would."""
    await made._store.inbox.keep(
        [
            Arrival(
                hashlib.sha256(f"{service} {json.dumps(each, sort_keys=True)}".encode()).digest(),
                1.0, service, "192.0.2.1", str(each.get("requestId", "")),
                json.dumps(each).encode(),
            )
            for each in bodies
        ]
    )  # fmt: skip


async def listen(made: Workspace, told: Listener, *services: str) -> None:
    assert made.online is not None
    for service in services:
        await made.online.client.send(
            RegisterListener(account_name=made.account, name=service, url=told.url)
        )
    await made.online.gatherer.read_listeners()


async def pass_on(made: Workspace, told: Listener) -> None:
    """Put what came to a listener into the inbox; only receipts hold nothing of their own."""
    while told.messages:
        body = told.messages.pop(0)
        is_sms = "deviceResponse" in body or "message" in body
        await deliver(made, SENT if is_sms else RECEIPT, body)


def write_from(simulator: Running, row: DeviceRow, *texts: str) -> None:
    """Let a device of the simulator send texts."""
    world, account = simulator.world, simulator.accounts[0]
    found = world.fleets[account].find("iccid", row.iccid)
    assert found is not None
    for text in texts:
        world.texts.receive(account, found, text, world.clock.timestamp())
