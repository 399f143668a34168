"""Gathering: everything a verdict needs, read in one round of parallel calls, each with its fate.

The connection history is asked for in windows that grow into the past, because the platform gives
up on a query after 30 seconds: a window that fails spoils nothing but itself.
"""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

from tsui.clock import Clock
from tsui.ident import guess
from tsui.service.failures import ReadFailed
from tsui.service.flatten import connection_event
from tsui.service.parts import LAST_ANSWER, Part
from tsui.service.problems import explain, is_locked_out, is_stranger, took_too_long
from tsui.service.reader import DeviceReader, identifier
from tsui.service.verdict.connections import connections_of
from tsui.service.verdict.rhythm import learn
from tsui.store.devices import DeviceRow
from tsui.store.store import Store
from tsui.thingspace.callbacks import ListListeners
from tsui.thingspace.diagnostics import FindMismatches, Span
from tsui.thingspace.errors import ThingSpaceError
from tsui.thingspace.history import GetConnectionHistory
from tsui.thingspace.operation import Operation
from tsui.thingspace.paging import Sender
from tsui.thingspace.wire import KnownDevice

WINDOWS = (timedelta(0), timedelta(days=1), timedelta(days=7), timedelta(days=31))
"""How far back the windows begin and end, the newest first."""

MOST_PAGES = 10
"""Pages of a window that are read: 5,000 events."""

MISMATCH_SPAN = timedelta(days=90)
"""How far back moves of the SIM are asked for; three months are the most (documented)."""

PLANS_LAST = 3600.0
"""Seconds for which the plans of the account are not read again."""

LISTENERS_LAST = 600.0
"""Seconds for which the listeners of the account are not read again."""

MOST_ADDRESSES = 10
"""Addresses of a device that are kept."""

Read = Callable[[Operation[Any]], Awaitable[Any]]
"""Sends a read and remembers its answer; raises ReadFailed."""

_READ = (Part.DIAGNOSTICS, Part.PROVISIONING, Part.USAGE)


class Gatherer:
    """Reads what a verdict needs, into the store."""

    def __init__(
        self,
        sender: Sender,
        reader: DeviceReader,
        read: Read,
        store: Store,
        account: str,
        clock: Clock,
    ) -> None:
        self._read = read
        self._sender = sender
        self._reader = reader
        self._store = store
        self._account = account
        self._clock = clock

    async def gather(self, device: DeviceRow) -> None:
        """Read everything about a device in parallel; what goes wrong is remembered with it."""
        await asyncio.gather(
            self._access(device),
            self._reader.refresh_parts(device, _READ),
            self._plans(),
            self.read_listeners(),
            self._remember(device, Part.CONNECTIONS, self._connections),
            self._remember(device, Part.MISMATCHES, self._mismatches),
        )

    async def gather_signs(self, device: DeviceRow) -> None:
        """Read whether a device connects and moves data; a verdict needs far more than that."""
        await asyncio.gather(
            self._access(device),
            self._reader.refresh_parts(device, (Part.USAGE,)),
            self.read_listeners(),
            self._remember(device, Part.CONNECTIONS, self._connections),
        )

    async def _plans(self) -> None:
        """Read the account's plans, unless that was done a moment ago: they seldom change."""
        known = await self._store.readings.get(self._account, 0, Part.PLANS)
        if known is None or known.trouble or self._now() - (known.read_at or 0.0) > PLANS_LAST:
            await self._reader.refresh_plans()

    async def read_listeners(self) -> None:
        """Read who listens, unless that was done a moment ago."""
        kind = f"{LAST_ANSWER}{ListListeners.__name__}"
        known = await self._store.readings.get(self._account, 0, kind)
        if known is None or known.trouble or self._now() - (known.read_at or 0.0) > LISTENERS_LAST:
            with suppress(ReadFailed):  # why is remembered with it
                await self._read(ListListeners(account_name=self._account))

    async def look_up(self, number: str) -> str | None:
        """Read the line with a number of unknown kind; returns its name, None if there is none.

        Raises ReadFailed where that could not be told.
        """
        for kind, value in guess(number):
            try:
                if await self._reader.read_line(f"{kind}:{value}"):
                    found = await self._store.devices.find(self._account, value)
                    return found[0].key if found else None
            except ThingSpaceError as error:
                if not is_stranger(error):
                    raise ReadFailed(str(explain(error)), error.fate) from error
        return None

    async def _access(self, device: DeviceRow) -> None:
        error = await self._reader.refresh_line(device)
        refused = error is not None and is_locked_out(error)
        code = error.code or type(error).__name__ if error is not None and refused else ""
        body = {"refused": refused, "code": code}
        await self._store.readings.put(self._account, device.id, Part.ACCESS, body, self._now())
        if error is None:
            await self._note_address(device)

    async def _note_address(self, device: DeviceRow) -> None:
        """Keep the addresses a device had: the platform tells only the present one."""
        readings, now = self._store.readings, self._now()
        known = await readings.get(self._account, device.id, Part.ADDRESSES)
        had = list(known.body) if known and known.body else []
        if not had and device.ip:
            had = [[device.read_at, device.ip]]
        for row in await self._store.devices.rows([device.id]):
            if row.ip and (not had or had[-1][1] != row.ip):
                had.append([now, row.ip])
        await readings.put(self._account, device.id, Part.ADDRESSES, had[-MOST_ADDRESSES:], now)

    async def _remember(
        self, device: DeviceRow, part: Part, fetch: Callable[[DeviceRow], Awaitable[Any]]
    ) -> None:
        readings = self._store.readings
        try:
            body = await fetch(device)
        except ThingSpaceError as error:
            trouble = str(explain(error))
            await readings.put_trouble(self._account, device.id, part, trouble, self._now())
            return
        await readings.put(self._account, device.id, part, body, self._now())

    async def _mismatches(self, device: DeviceRow) -> list[dict[str, Any]]:
        now = self._clock.now()
        named = KnownDevice(device_ids=[identifier(device.key)])
        reply = await self._sender.send(
            FindMismatches(
                account_name=self._account,
                filter=Span(earliest=now - MISMATCH_SPAN, latest=now),
                devices=[named],
            )
        )
        return [dict(each.received) for each in reply.devices or ()]

    # -- the connection history ---------------------------------------------------------------

    async def _connections(self, device: DeviceRow) -> list[dict[str, Any]]:
        """Read all windows at once, one page of each; raises what failed where all did.

        The newest window that has events is read to its end: the newest event counts most.
        """
        now = self._clock.now()
        windows = await asyncio.gather(
            *(
                self._window(device, now - start, now - end, pages=1)
                for end, start in pairwise(WINDOWS)
            )
        )
        for place, window in enumerate(windows):
            if window["events"] and not window["whole"] and not window["trouble"]:
                end, start = WINDOWS[place], WINDOWS[place + 1]
                windows[place] = await self._window(
                    device, now - start, now - end, pages=MOST_PAGES
                )
            if window["events"] or window["trouble"]:
                break
        await learn(self._store, device.id, connections_of(windows), self._now())
        return list(windows)

    async def _window(
        self, device: DeviceRow, since: datetime, until: datetime, *, pages: int
    ) -> dict[str, Any]:
        events: list[dict[str, Any]] = []
        told: dict[str, Any] = {
            "since": since.timestamp(), "until": until.timestamp(), "events": events,
            "whole": False, "trouble": "", "too_long": False,
        }  # fmt: skip
        earliest = since
        try:
            for _ in range(pages):
                reply = await self._sender.send(
                    GetConnectionHistory(
                        device_id=identifier(device.key), earliest=earliest, latest=until
                    )
                )
                fresh = [connection_event(each) for each in reply.connection_history or ()]
                events += [each for each in fresh if each not in events[-len(fresh) :]]
                if not reply.has_more_data:
                    told["whole"] = True
                    break
                newest = events[-1]["at"] if events else None
                if newest is None or newest <= earliest.timestamp():
                    break
                earliest = datetime.fromtimestamp(newest, since.tzinfo)
        except ThingSpaceError as error:
            if not took_too_long(error):
                raise
            told |= {"trouble": str(explain(error)), "too_long": True}
        return told

    def _now(self) -> float:
        return self._clock.now().timestamp()
