"""Paging by what the answer before told: a token, an index, the last device seen.

As with paging by id and time, a page that brings nothing new is asked for again a few times.
"""

from collections.abc import AsyncGenerator, Awaitable, Callable
from typing import Literal, TypeVar

from tsui.thingspace.groups import GetGroup, GroupMember
from tsui.thingspace.leads import Lead, ListLeads
from tsui.thingspace.location import DeviceLocation, GetLocationReport
from tsui.thingspace.paging import Sender, once_more, stuck
from tsui.thingspace.sms import ReadSmsQueue, ReceivedSms
from tsui.thingspace.software import (
    ListSoftwareDevices,
    ListSoftwareDevicesByImei,
    SoftwareDevice,
    SoftwarePage,
)

RecordT = TypeVar("RecordT")
KeyT = TypeVar("KeyT", int, str, str | None)

Protocol = Literal["LWM2M", "OMADM", "HTTP"]
"""How software management talks to a device."""


def group_members(
    sender: Sender, account: str, group: str
) -> AsyncGenerator[list[GroupMember], None]:
    """Yield the devices of a group block by block."""

    async def fetch(token: str | None) -> tuple[list[GroupMember], str | None, bool]:
        page = await sender.send(GetGroup(account_name=account, group_name=group, next_token=token))
        return page.devices or [], page.next_token or token, page.goes_on()

    return _followed(fetch, None, what="group")


def leads(sender: Sender, account: str) -> AsyncGenerator[list[Lead], None]:
    """Yield the leads of an account block by block."""

    async def fetch(token: str | None) -> tuple[list[Lead], str | None, bool]:
        page = await sender.send(ListLeads(account_name=account, next_token=token))
        return page.leads or [], page.next_token or token, page.goes_on()

    return _followed(fetch, None, what="list of leads")


def queued_sms(sender: Sender, account: str) -> AsyncGenerator[list[ReceivedSms], None]:
    """Take the queue of messages block by block; asking for more removes the block before.

    So keep each block before going on. A repeated block is given again: it may be news.
    """

    async def fetch(token: str | None) -> tuple[list[ReceivedSms], str | None, bool]:
        page = await sender.send(ReadSmsQueue(account_name=account, next_token=token))
        return page.messages or [], page.next_token or token, page.goes_on()

    return _followed(fetch, None, what="queue of messages", with_repeats=True)


def location_report(
    sender: Sender, account: str, txid: str
) -> AsyncGenerator[list[DeviceLocation], None]:
    """Yield the devices of a complete report page by page."""
    before: list[DeviceLocation] = []

    async def fetch(index: int) -> tuple[list[DeviceLocation], int, bool]:
        nonlocal before
        page = await sender.send(
            GetLocationReport(account_name=account, txid=txid, start_index=index)
        )
        places = page.dev_location_list or []
        if places == before:
            places = []  # counting a repeat would step over devices
        before = places or before
        return places, index + len(places), bool(page.has_more_data)

    return _followed(fetch, 0, what="report")


def software_devices(
    sender: Sender, account: str, *, protocol: Protocol | None = None
) -> AsyncGenerator[list[SoftwareDevice], None]:
    """Yield what the devices of an account run, page by page."""

    async def fetch(last_seen: str) -> tuple[list[SoftwareDevice], str, bool]:
        return _software(
            await sender.send(
                ListSoftwareDevices(
                    account_name=account, last_seen_device_id=last_seen, protocol=protocol
                )
            ),
            last_seen,
        )

    return _followed(fetch, "0", what="device list")


def software_of(
    sender: Sender, account: str, imeis: list[str], *, protocol: Protocol | None = None
) -> AsyncGenerator[list[SoftwareDevice], None]:
    """Yield what some devices run, page by page."""

    async def fetch(last_seen: str) -> tuple[list[SoftwareDevice], str, bool]:
        return _software(
            await sender.send(
                ListSoftwareDevicesByImei(
                    account_name=account,
                    device_list=imeis,
                    last_seen_device_id=last_seen,
                    protocol=protocol,
                )
            ),
            last_seen,
        )

    return _followed(fetch, "0", what="device list")


def _software(page: SoftwarePage, last_seen: str) -> tuple[list[SoftwareDevice], str, bool]:
    return page.device_list or [], page.last_seen_device_id or last_seen, bool(page.has_more_data)


async def _followed(
    fetch: Callable[[KeyT], Awaitable[tuple[list[RecordT], KeyT, bool]]],
    key: KeyT,
    *,
    what: str,
    with_repeats: bool = False,
) -> AsyncGenerator[list[RecordT], None]:
    """Yield pages; ``fetch`` returns records, what to ask for next, and whether more follow."""
    before: list[RecordT] | None = None
    asked = {key}
    barren = 0
    while True:
        records, then, more = await fetch(key)
        news = bool(records) and records != before
        if records and (news or with_repeats):
            yield records
        if not more:
            return
        barren = 0 if news else once_more(barren, what)
        if news:
            before = records
        if then != key and then in asked:
            raise stuck(what)
        asked.add(then)
        key = then
