"""Paging: the ways ThingSpace splits long answers, hidden behind async iterators.

``hasMoreData`` (with HTTP 202) says that more follows. A page that is empty or repeats the one
before although more was promised is asked for again a few times; then the loop ends with an error,
since without one it would be endless, or end as if all had been read.
"""

from collections import Counter
from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from datetime import datetime
from typing import Protocol, TypeVar

from tsui.thingspace.devices import Device, DevicePage, ListDevices
from tsui.thingspace.errors import Unreadable
from tsui.thingspace.operation import Operation, ReplyT

DEVICES_PER_PAGE = 2000
"""Devices the platform puts on a page at most."""

PATIENCE = 2
"""How often in a row a page that brings nothing new is passed over; a hiccup does not last."""

RecordT = TypeVar("RecordT")
StartT = TypeVar("StartT", datetime, datetime | None)


class Sender(Protocol):
    """Whatever sends operations; a Client, in practice."""

    async def send(self, operation: Operation[ReplyT]) -> ReplyT:
        """Send an operation and return its reply."""
        ...


def device_pages_by_time(
    sender: Sender, account: str, *, page_size: int = DEVICES_PER_PAGE
) -> AsyncGenerator[list[Device], None]:
    """Yield the account's devices page by page, in the order they were added; each comes once."""

    async def fetch(earliest: datetime | None) -> tuple[list[Device], bool]:
        page = await _device_page(
            sender,
            ListDevices(account_name=account, earliest=earliest, max_number_of_devices=page_size),
        )
        return page.devices or [], bool(page.has_more_data)

    return _by_time(
        fetch,
        None,
        moment=lambda device: device.created_at,
        identity=_identity,
        what="device list",
    )


def history_records(
    fetch: Callable[[datetime], Awaitable[tuple[list[RecordT], bool]]],
    earliest: datetime,
    *,
    moment: Callable[[RecordT], datetime | None],
    identity: Callable[[RecordT], str],
) -> AsyncGenerator[list[RecordT], None]:
    """Yield a history page by page, oldest first; the repeated boundary records come once.

    ``fetch`` gets the start of the span and returns records and whether more follow.
    """
    return _by_time(fetch, earliest, moment=moment, identity=identity, what="history")


async def _by_time(
    fetch: Callable[[StartT], Awaitable[tuple[list[RecordT], bool]]],
    start: StartT,
    *,
    moment: Callable[[RecordT], datetime | None],
    identity: Callable[[RecordT], str],
    what: str,
) -> AsyncGenerator[list[RecordT], None]:
    """Yield pages by moving the start to the newest record; requests carry whole seconds."""
    boundary: Counter[str] = Counter()
    first_page, barren = True, 0
    while True:
        records, more = await fetch(start)
        if not first_page:
            records = [each for each in records if not _before(moment(each), start)]
        fresh = _without(records, boundary, identity)
        if fresh:
            yield fresh
        if not more:
            return
        if not fresh:
            barren = once_more(barren, what)
            continue
        newest = max((time for record in records if (time := moment(record))), default=None)
        second = newest and newest.replace(microsecond=0)
        if second is None or (start is not None and second <= start):
            raise stuck(what)
        start, first_page, barren = second, False, 0
        boundary = Counter(
            identity(record) for record in records if (time := moment(record)) and time >= second
        )


def _before(time: datetime | None, start: datetime | None) -> bool:
    return time is not None and start is not None and time < start


def _without(
    records: Sequence[RecordT], boundary: Counter[str], identity: Callable[[RecordT], str]
) -> list[RecordT]:
    """Leave out what the page before had of the same second, each record as often as it had it."""
    left = boundary.copy()
    fresh: list[RecordT] = []
    for record in records:
        name = identity(record)
        if left[name] > 0:
            left[name] -= 1
        else:
            fresh.append(record)
    return fresh


async def _device_page(sender: Sender, operation: ListDevices) -> DevicePage:
    page = await sender.send(operation)
    if page.devices is None:
        raise Unreadable("ThingSpace answered the device list without a list of devices.")
    return page


def _identity(device: Device) -> str:
    return "|".join(sorted(f"{each.kind.lower()}:{each.id}" for each in device.device_ids or ()))


def once_more(barren: int, what: str) -> int:
    """Count a page that brought nothing new; raises Unreadable when there were too many."""
    if barren >= PATIENCE:
        raise stuck(what)
    return barren + 1


def stuck(what: str) -> Unreadable:
    """Return the error of a loop that could only go on for ever."""
    return Unreadable(f"ThingSpace promises more of the {what} but repeats what it gave before.")
