"""Reading a whole fleet as the sync does, but into devices."""

import json
from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import dataclass
from typing import Any

from tsui.thingspace.devices import Device, DevicePage
from tsui.thingspace.fleet_pages import NoPagingKey, fleet_pages
from tsui.thingspace.operation import Operation
from tsui.thingspace.paging import Sender, device_pages_by_time


@dataclass
class Page:
    """A page, read by the model."""

    devices: list[Device]
    listed: bool
    more: bool

    @property
    def count(self) -> int:
        return len(self.devices)

    @property
    def largest(self) -> int | None:
        ids = [each.platform_id() for each in self.devices]
        return max((number for number in ids if number is not None), default=None)


async def read_page(body: bytes) -> Page:
    page = DevicePage.model_validate(json.loads(body))
    return Page(page.devices or [], page.devices is not None, bool(page.has_more_data))


async def device_pages(
    sender: Sender, account: str, *, after: int = 0, page_size: int = 2000
) -> AsyncGenerator[list[Device], None]:
    """Yield the pages of a fleet, by time where there are no numeric ids."""
    try:
        pages = fleet_pages(sender, account, read_page, after=after, page_size=page_size)
        async with aclosing(pages):
            async for page in pages:
                yield page.devices
    except NoPagingKey:
        async for devices in device_pages_by_time(sender, account, page_size=page_size):
            yield devices


def told(operation: Operation[Any], answer: dict[str, Any]) -> Any:
    """Return an answer as the client would: its bytes, or the reply made of it."""
    return json.dumps(answer).encode() if operation.raw else operation.read_reply(answer)
