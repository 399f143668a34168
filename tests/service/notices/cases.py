"""What tests of notices share."""

import hashlib
import json
from datetime import UTC, datetime
from typing import Any

from tests.support.clock import FakeClock
from tsui.service.inbox import InboxReader
from tsui.store.inbox import Arrival
from tsui.store.notices import Notice, NoticeQuery
from tsui.store.store import Store

ACCOUNT = "0742000123-00001"
ICCID = "89148000000000000001"
EVERYTHING = NoticeQuery(ACCOUNT)


async def deliver(store: Store, service: str, *bodies: Any) -> None:
    arrivals = []
    for body in bodies:
        raw = body if isinstance(body, bytes) else json.dumps(body).encode()
        digest = hashlib.sha256(service.encode() + raw).digest()
        arrivals.append(Arrival(digest, 5.0, service, "192.0.2.1", "", raw))
    await store.inbox.keep(arrivals)


async def read(store: Store) -> list[Notice]:
    await InboxReader(store, FakeClock(datetime.fromtimestamp(9.0, UTC)), lambda _: None).round()
    return await store.notices.window(EVERYTHING, 0, 100)


def about(**more: Any) -> dict[str, Any]:
    return {"deviceIds": [{"id": ICCID, "kind": "iccid"}], "status": "Success", **more}
