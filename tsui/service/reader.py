"""Reading one device, or what an account offers: every part at once, each with its own fate."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from datetime import datetime, timedelta
from typing import Any

from tsui.clock import Clock
from tsui.service.device_record import device_record
from tsui.service.flatten import (
    connection_event,
    provisioning_event,
    usage_of,
    usage_record,
)
from tsui.service.parts import DEVICE_PARTS, LINE, MOST_RECORDS, SPANS, Part
from tsui.service.problems import explain, is_stranger
from tsui.service.verdict.rhythm import learn_from_events
from tsui.store.devices import DeviceRow
from tsui.store.store import Store
from tsui.thingspace.account import GetAccount, ListPlans
from tsui.thingspace.devices import GetExtendedDiagnostics, ListDevices
from tsui.thingspace.errors import ThingSpaceError
from tsui.thingspace.groups import ListGroups
from tsui.thingspace.history import (
    GetConnectionHistory,
    GetProvisioningHistory,
    GetUsageHistory,
)
from tsui.thingspace.paging import Sender, history_records
from tsui.thingspace.wire import DeviceId, attributes

NOT_LISTED = "ThingSpace does not list this device any more."
"""What is wrong with a line that a good answer leaves out."""


def identifier(key: str) -> DeviceId:
    """Return the identifier a device's key is made of."""
    kind, _, value = key.partition(":")
    return DeviceId(id=value, kind=kind)


class DeviceReader:
    """Reads devices of an account into the store."""

    def __init__(self, sender: Sender, store: Store, account: str, clock: Clock) -> None:
        self._sender = sender
        self._store = store
        self._account = account
        self._clock = clock
        self._fetch: dict[Part, Callable[[str], Awaitable[Any]]] = {
            Part.DIAGNOSTICS: self._diagnostics,
            Part.USAGE: self._usage,
            Part.SESSIONS: self._sessions,
            Part.PROVISIONING: self._provisioning,
        }

    async def refresh(self, device: DeviceRow, parts: Iterable[Part] = DEVICE_PARTS) -> None:
        """Read a device's line and the given parts in parallel; failures are remembered too."""
        await asyncio.gather(self.refresh_line(device), self.refresh_parts(device, parts))

    async def refresh_parts(self, device: DeviceRow, parts: Iterable[Part]) -> None:
        """Read parts of a device in parallel; failures are remembered too."""
        await asyncio.gather(*(self._part(device, part) for part in parts))

    async def read_line(self, key: str) -> bool:
        """Read the line of one device into the store; False if the platform has none such.

        Raises a ThingSpaceError when it could not be read.
        """
        operation = ListDevices(account_name=self._account, device_id=identifier(key))
        return await self._read_list(operation) > 0

    async def read_lines(self, keys: Iterable[str]) -> int:
        """Read the lines of several devices with one request; returns how many came.

        Raises a ThingSpaceError when they could not be read. A device that does not come is as it
        was: the list may tell only of devices on its first page.
        """
        named = [identifier(key) for key in keys]
        return await self._read_list(ListDevices(account_name=self._account, device_list=named))

    async def _read_list(self, operation: ListDevices) -> int:
        page = await self._sender.send(operation)
        told = [each.received for each in page.devices or ()]
        records = [record for each in told if (record := device_record(each))]
        await self._store.devices.put(self._account, records, read_at=self._clock.now().timestamp())
        return len(records)

    async def provisioning(self, key: str) -> list[dict[str, Any]]:
        """Read the provisioning history of a device, oldest first."""
        return await self._provisioning(key)

    async def refresh_catalogue(self) -> None:
        """Read what the account is and offers: its information, plans and groups."""
        await asyncio.gather(
            self._catalogue(Part.ACCOUNT, self._account_information),
            self.refresh_plans(),
            self._catalogue(Part.GROUPS, self._groups),
        )

    async def refresh_plans(self) -> None:
        """Read the service plans of the account."""
        await self._catalogue(Part.PLANS, self._plans)

    async def refresh_line(self, device: DeviceRow) -> ThingSpaceError | None:
        """Read a device's line; what went wrong is remembered and returned.

        What is remembered tells whether the platform has such a device.
        """
        now = self._clock.now().timestamp()
        try:
            known = await self.read_line(device.key)
        except ThingSpaceError as error:
            trouble = str(explain(error))
            if is_stranger(error):
                await self._put_line(device, known=False, at=now, trouble=trouble)
            else:
                await self._note(device.id, LINE, trouble)
            return error
        await self._put_line(device, known=known, at=now, trouble="" if known else NOT_LISTED)
        return None

    async def _put_line(self, device: DeviceRow, *, known: bool, at: float, trouble: str) -> None:
        await self._store.readings.put(self._account, device.id, LINE, known, at, trouble=trouble)

    async def _part(self, device: DeviceRow, part: Part) -> None:
        try:
            body = await self._fetch[part](device.key)
        except ThingSpaceError as error:
            await self._note(device.id, part, str(explain(error)))
            return
        now = self._clock.now().timestamp()
        amount = usage_of(body) if part is Part.USAGE else None
        await self._store.readings.put(self._account, device.id, part, body, now, amount)
        if part is Part.SESSIONS:
            since = now - SPANS[part].total_seconds()
            await learn_from_events(self._store, device.id, body, since, now)

    async def _catalogue(self, part: Part, fetch: Callable[[], Awaitable[Any]]) -> None:
        try:
            body = await fetch()
        except ThingSpaceError as error:
            await self._note(0, part, str(explain(error)))
            return
        now = self._clock.now().timestamp()
        await self._store.readings.put(self._account, 0, part, body, now)

    async def _note(self, device: int, kind: str, trouble: str) -> None:
        now = self._clock.now().timestamp()
        await self._store.readings.put_trouble(self._account, device, kind, trouble, now)

    async def _diagnostics(self, key: str) -> list[dict[str, Any]]:
        reply = await self._sender.send(
            GetExtendedDiagnostics(account_name=self._account, device_list=[identifier(key)])
        )
        return [
            {"name": part.category_name, "values": attributes(part.extended_attributes)}
            for part in reply.categories or ()
        ]

    async def _usage(self, key: str) -> list[dict[str, Any]]:
        now = self._clock.now()
        return await self.usage_between(key, now - SPANS[Part.USAGE], now)

    async def usage_between(
        self, key: str, since: datetime, until: datetime
    ) -> list[dict[str, Any]]:
        """Read the usage of a device by day, oldest first; raises a ThingSpaceError."""

        async def page(earliest: datetime) -> tuple[list[dict[str, Any]], bool]:
            reply = await self._sender.send(
                GetUsageHistory(device_id=identifier(key), earliest=earliest, latest=until)
            )
            records = [usage_record(each) for each in reply.usage_history or ()]
            return records, bool(reply.has_more_data)

        return await self._history(page, since)

    async def _sessions(self, key: str) -> list[dict[str, Any]]:
        now = self._clock.now()

        async def page(earliest: datetime) -> tuple[list[dict[str, Any]], bool]:
            reply = await self._sender.send(
                GetConnectionHistory(device_id=identifier(key), earliest=earliest, latest=now)
            )
            records = [connection_event(each) for each in reply.connection_history or ()]
            return records, bool(reply.has_more_data)

        return await self._history(page, now - SPANS[Part.SESSIONS])

    async def _provisioning(self, key: str) -> list[dict[str, Any]]:
        now = self._clock.now()

        async def page(earliest: datetime) -> tuple[list[dict[str, Any]], bool]:
            # The newest change counts most, and our clock may be behind the platform's.
            latest = now + timedelta(hours=1)
            reply = await self._sender.send(
                GetProvisioningHistory(device_id=identifier(key), earliest=earliest, latest=latest)
            )
            records = [provisioning_event(each) for each in reply.provisioning_history or ()]
            return records, bool(reply.has_more_data)

        return await self._history(page, now - SPANS[Part.PROVISIONING])

    async def _history(
        self,
        page: Callable[[datetime], Awaitable[tuple[list[dict[str, Any]], bool]]],
        earliest: datetime,
    ) -> list[dict[str, Any]]:
        zone = self._clock.now().tzinfo
        records: list[dict[str, Any]] = []
        pages = history_records(
            page,
            earliest,
            moment=lambda each: datetime.fromtimestamp(each["at"], zone) if each["at"] else None,
            identity=repr,
        )
        async for fresh in pages:
            records += fresh
            if len(records) >= MOST_RECORDS:
                break
        return records[-MOST_RECORDS:]

    async def _account_information(self) -> Any:
        return dict((await self._sender.send(GetAccount(account_name=self._account))).received)

    async def _plans(self) -> Any:
        plans = await self._sender.send(ListPlans(account_name=self._account))
        return [{"code": plan.code, "name": plan.name, "size_kb": plan.size_kb} for plan in plans]

    async def _groups(self) -> Any:
        groups = await self._sender.send(ListGroups(account_name=self._account))
        return [
            {
                "name": group.name,
                "description": group.description or "",
                "is_default": bool(group.is_default_group),
            }
            for group in groups
        ]
