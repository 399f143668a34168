"""What tests of monitors share: a store, requests in its journal, and messages about them."""

import hashlib
import json
from datetime import UTC, datetime
from typing import Any

from tests.support.clock import FakeClock
from tsui.clock import Clock
from tsui.service.account import AccountService
from tsui.service.environment import Environment
from tsui.service.inbox import InboxReader
from tsui.service.monitors.desk import MonitorDesk
from tsui.store.changes import ChangeState, Intent, Target
from tsui.store.inbox import Arrival
from tsui.store.store import Store

ACCOUNT = "0742000123-00001"
FIRST, SECOND = "89148000000000000001", "89148000000000000002"
SETS, STOPS = "11111111-0000-4000-8000-000000000001", "22222222-0000-4000-8000-000000000002"
MONITOR = "aaaaaaaa-0000-4000-8000-00000000000a"
NOW = 1000.0
LATER = "1970-01-01T01:00:00Z"
"""An hour after the beginning of time, when monitors of these tests end."""


class Shown:
    """What is shown: an account, and a clock that stands."""

    account = ACCOUNT
    environment = Environment("simulator", "http://127.0.0.1:1", "test")
    online: AccountService | None = None

    def __init__(self, now: float = NOW) -> None:
        self.clock: Clock = FakeClock(datetime.fromtimestamp(now, UTC))


def desk(store: Store, now: float = NOW) -> MonitorDesk:
    return MonitorDesk(store, Shown(now))


async def ask(
    store: Store, operation: str, fields: dict[str, Any], *iccids: str, answer: str = ""
) -> int:
    """Write down a request that is on its way, or accepted."""
    targets = [Target(f"iccid:{each}", "iccid", each, {}) for each in iccids] or [
        Target(f"account:{ACCOUNT}", "account", ACCOUNT, {})
    ]
    intent = Intent("b", "https://h", ACCOUNT, "ann", operation, operation, fields, targets)
    number = await store.journal.intend(intent, owner="me", at=1.0)
    await store.journal.mark_sending(number, 2.0)
    if answer:
        await accept(store, number, answer)
    return number


async def accept(store: Store, number: int, request_id: str) -> None:
    await store.journal.mark_answered(number, ChangeState.ACCEPTED, 3.0, request_id=request_id)


async def watch(store: Store, *iccids: str, request_id: str = SETS, ends: str = LATER) -> int:
    """Write down a request that sets monitors."""
    fields = {"requestType": "REACHABLE_FOR_DATA", "monitorExpirationTime": ends}
    return await ask(store, "MonitorReachability", fields, *iccids, answer=request_id)


def about(iccid: str = FIRST, request: str = SETS, **more: Any) -> dict[str, Any]:
    """Return a message about a device."""
    named = [{"id": iccid, "kind": "iccid"}] if iccid else []
    body = {"requestId": request, "deviceIds": named, "status": "Success"}
    return body | {"requestType": "REACHABLE_FOR_DATA"} | more


def awake(until: str = LATER, **more: Any) -> dict[str, Any]:
    """Return a message that a device can be reached."""
    told = {"reachabilityStatus": "REACHABLE", "MaxUEAvailabilityTime": until}
    return about(**({"monitorId": MONITOR} | told | more))


async def deliver(store: Store, *bodies: Any, at: float = 5.0) -> None:
    """Let messages come."""
    arrivals = []
    for body in bodies:
        raw = body if isinstance(body, bytes) else json.dumps(body).encode()
        request = str(body.get("requestId", "")) if isinstance(body, dict) else ""
        digest = hashlib.sha256(raw).digest()
        arrivals.append(Arrival(digest, at, "DiagnosticsService", "192.0.2.1", request, raw))
    await store.inbox.keep(arrivals)


async def tell(store: Store, *bodies: Any, at: float = 5.0) -> None:
    """Let messages come and be read."""
    await deliver(store, *bodies, at=at)
    await reader(store).round()


def reader(store: Store) -> InboxReader:
    return InboxReader(store, FakeClock(datetime.fromtimestamp(9.0, UTC)), lambda _: None)
