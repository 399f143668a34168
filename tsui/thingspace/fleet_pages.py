"""The pages of a whole fleet, fetched one after the other and read by somebody else.

A page of 2,000 devices takes a tenth of a second to read, which no key should have to wait for.
"""

from collections.abc import AsyncGenerator, Awaitable, Callable
from typing import Annotated, Protocol, TypeVar

from pydantic import Field

from tsui.thingspace.account import AccountName
from tsui.thingspace.devices import LARGEST_ID, ListDevices
from tsui.thingspace.errors import Unreadable
from tsui.thingspace.operation import Effect, Operation
from tsui.thingspace.paging import DEVICES_PER_PAGE, Sender, once_more


class FetchDevices(Operation[bytes]):
    """Read a page of an account's devices in the bytes it comes in."""

    title = ListDevices.title
    method = ListDevices.method
    path = ListDevices.path
    effect = Effect.READ
    same_as = ListDevices.__name__
    raw = True

    account_name: AccountName
    """The account."""
    max_number_of_devices: Annotated[int, Field(ge=1, le=DEVICES_PER_PAGE)]
    """Devices on a page."""
    largest_device_id_seen: Annotated[int, Field(ge=0, le=LARGEST_ID)]
    """Continue after this numeric device id."""


class NoPagingKey(Exception):
    """The platform does not tell numeric ids in its list, so that they cannot be paged by."""


class PageRead(Protocol):
    """What a page turned out to hold."""

    @property
    def count(self) -> int:
        """Devices on it."""
        ...

    @property
    def listed(self) -> bool:
        """Whether it has a list at all."""
        ...

    @property
    def more(self) -> bool:
        """Whether another page follows."""
        ...

    @property
    def largest(self) -> int | None:
        """The largest platform id on it; None when it tells none."""
        ...


PageReadT = TypeVar("PageReadT", bound=PageRead)


async def fleet_pages(
    sender: Sender,
    account: str,
    read: Callable[[bytes], Awaitable[PageReadT]],
    *,
    after: int = 0,
    page_size: int = DEVICES_PER_PAGE,
) -> AsyncGenerator[PageReadT, None]:
    """Fetch an account's devices page by page, in the order of their numeric id, and read them.

    ``after`` continues behind the id a former run has seen last. Raises NoPagingKey when the first
    page tells no ids.
    """
    first, barren = True, 0
    while True:
        body = await sender.send(
            FetchDevices(
                account_name=account, max_number_of_devices=page_size, largest_device_id_seen=after
            )
        )
        page = await read(body)
        if not page.listed:
            raise Unreadable("ThingSpace answered the device list without a list of devices.")
        if first and page.count and page.largest is None:
            raise NoPagingKey
        if page.more and (page.largest is None or page.largest <= after):
            barren = once_more(barren, "device list")
            continue
        yield page
        if not page.more or page.largest is None:
            return
        after, first, barren = page.largest, False, 0
