"""What tests of single operations share."""

from typing import Any

from tests.service.cases import changes
from tsui.service.forms import from_json
from tsui.service.outbox import Sent
from tsui.service.workspace import Workspace
from tsui.store.changes import DeviceChange


async def perform(made: Workspace, name: str, **fields: Any) -> Sent:
    """Run an operation that changes something, for the account."""
    return await made.perform(from_json(name, {"accountName": made.account, **fields}))


async def newest(made: Workspace) -> DeviceChange:
    return (await changes(made))[0]


def ids(*numbers: str) -> list[dict[str, Any]]:
    """Return devices as requests name them, by ICCID."""
    return [{"deviceIds": [{"id": number, "kind": "iccid"}]} for number in numbers]
