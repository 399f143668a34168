"""Paging: the ways ThingSpace splits long answers, hidden behind async iterators.

``hasMoreData`` (with HTTP 202) says that more follows. A page that brings nothing new while it
promises more would turn a loop endless, so it ends the iteration with an error instead.
"""

from collections.abc import AsyncGenerator, Awaitable, Callable
from datetime import datetime
from typing import Protocol, TypeVar

from tsui.thingspace.devices import Device, DevicePage, ListDevices
from tsui.thingspace.errors import Unreadable
from tsui.thingspace.operation import Operation, ReplyT

DEVICES_PER_PAGE = 2000
"""Devices the platform puts on a page at most."""

RecordT = TypeVar("RecordT")


class Sender(Protocol):
    """Whatever sends operations; a Client, in practice."""

    async def send(self, operation: Operation[ReplyT]) -> ReplyT:
        """Send an operation and return its reply."""
        ...


async def device_pages(
    sender: Sender, account: str, *, after: int = 0, page_size: int = DEVICES_PER_PAGE
) -> AsyncGenerator[list[Device], None]:
    """Yield the account's devices page by page, in the order of their numeric id.

    ``after`` continues behind the id a former run has seen last. Falls back to paging by time of
    addition when the platform does not tell numeric ids in lists; each device comes once.
    """
    page = await _device_page(sender, _by_id(account, after, page_size))
    if _devices(page) and _largest_id(page) is None:
        async for devices in device_pages_by_time(sender, account, page_size=page_size):
            yield devices
        return
    while True:
        devices = _devices(page)
        if devices:
            yield devices
        if not page.has_more_data:
            return
        largest = _largest_id(page)
        if largest is None or largest <= after:
            raise _stuck("device list")
        after = largest
        page = await _device_page(sender, _by_id(account, after, page_size))


async def device_pages_by_time(
    sender: Sender, account: str, *, page_size: int = DEVICES_PER_PAGE
) -> AsyncGenerator[list[Device], None]:
    """Yield the account's devices page by page, in the order they were added; each comes once."""
    earliest: datetime | None = None
    boundary: set[str] = set()
    while True:
        page = await _device_page(
            sender,
            ListDevices(account_name=account, earliest=earliest, max_number_of_devices=page_size),
        )
        devices = _devices(page)
        fresh = [device for device in devices if _identity(device) not in boundary]
        if fresh:
            yield fresh
        if not page.has_more_data:
            return
        times = [device.created_at for device in devices if device.created_at]
        if not times or not fresh:
            raise _stuck("device list")
        earliest = max(times)
        second = earliest.replace(microsecond=0)
        boundary = {
            _identity(device)
            for device in devices
            if device.created_at and device.created_at >= second
        }


async def history_records(
    fetch: Callable[[datetime], Awaitable[tuple[list[RecordT], bool]]],
    earliest: datetime,
    *,
    moment: Callable[[RecordT], datetime | None],
    identity: Callable[[RecordT], str],
) -> AsyncGenerator[list[RecordT], None]:
    """Yield a history page by page, oldest first; the repeated boundary records come once.

    ``fetch`` gets the start of the span and returns records and whether more follow.
    """
    boundary: set[str] = set()
    while True:
        records, more = await fetch(earliest)
        fresh = [record for record in records if identity(record) not in boundary]
        if fresh:
            yield fresh
        if not more:
            return
        times = [time for record in records if (time := moment(record))]
        if not times or not fresh:
            raise _stuck("history")
        earliest = max(times)
        second = earliest.replace(microsecond=0)
        boundary = {
            identity(record) for record in records if (time := moment(record)) and time >= second
        }


async def _device_page(sender: Sender, operation: ListDevices) -> DevicePage:
    page = await sender.send(operation)
    if page.devices is None:
        raise Unreadable("ThingSpace answered the device list without a list of devices.")
    return page


def _by_id(account: str, after: int, page_size: int) -> ListDevices:
    return ListDevices(
        account_name=account, largest_device_id_seen=after, max_number_of_devices=page_size
    )


def _devices(page: DevicePage) -> list[Device]:
    return page.devices or []


def _largest_id(page: DevicePage) -> int | None:
    ids = [number for device in _devices(page) if (number := device.platform_id()) is not None]
    return max(ids, default=None)


def _identity(device: Device) -> str:
    return "|".join(sorted(f"{each.kind.lower()}:{each.id}" for each in device.device_ids or ()))


def _stuck(what: str) -> Unreadable:
    return Unreadable(f"ThingSpace promises more of the {what} but repeats what it gave before.")
