"""The archive: all that is remembered of a device, as evidence; asks nobody."""

from typing import Any

from tsui.service.parts import LAST_ANSWER, LINE, Part
from tsui.service.verdict.evidence import (
    NEARBY,
    Evidence,
    Line,
    Neighbour,
    Piece,
    Site,
    Source,
    Standing,
)
from tsui.service.verdict.understanding import (
    OF_ACCOUNT,
    OF_DEVICE,
    line_of,
    messages_of,
    piece_of,
    place_of,
    site_of,
)
from tsui.store.devices import DeviceRow
from tsui.store.store import Store

ACCOUNT = 0
"""Stands for the account itself where a reading is of no device."""

LOOKED_AT = 5000
"""The newest callback messages among which those about a device are looked for."""


class Archive:
    """What is remembered of the devices of an account."""

    def __init__(self, store: Store, account: str) -> None:
        self._store = store
        self._account = account

    async def evidence(self, device: DeviceRow, now: float) -> Evidence:
        """Put together what is remembered of a device."""
        pieces = [
            await self._line(device),
            await self._site(device),
            await self._location(device),
            await self._requests(device, now),
            await self._messages(device, now),
            await self._fleet(device, now),
        ]
        for number, kinds in ((device.id, OF_DEVICE), (ACCOUNT, OF_ACCOUNT)):
            for source, (kind, understand) in kinds.items():
                reading = await self._store.readings.get(self._account, number, kind)
                pieces.append(piece_of(source, reading, understand))
        return Evidence(now, {piece.source: piece for piece in pieces})

    async def _line(self, device: DeviceRow) -> Piece:
        told = await self._store.readings.get(self._account, device.id, LINE)
        raw = await self._store.devices.raw(device.id) or {}
        trouble = told.trouble if told else ""
        if told is not None and told.body is False:
            gone = Line(is_listed=False)
            return Piece(Source.LINE, Standing.KNOWN, gone, raw, told.read_at, trouble)
        line = line_of(device, raw)
        return Piece(Source.LINE, Standing.KNOWN, line, raw, device.read_at, trouble)

    async def _site(self, device: DeviceRow) -> Piece:
        reading = await self._store.readings.get(self._account, device.id, Part.SITE)
        if reading is None:
            return Piece(Source.SITE, Standing.KNOWN, Site(), {})
        return piece_of(Source.SITE, reading, site_of)

    async def _location(self, device: DeviceRow) -> Piece:
        kind = f"{LAST_ANSWER}FindLocations"
        reading = await self._store.readings.get(self._account, device.id, kind)
        place = place_of(reading.body, device.mdn) if reading else None
        if reading is None or place is None:
            why = "nobody located it"
            return Piece(Source.LOCATION, Standing.UNKNOWABLE, trouble=why)
        return Piece(Source.LOCATION, Standing.KNOWN, place, reading.body, reading.read_at)

    async def _requests(self, device: DeviceRow, now: float) -> Piece:
        changes = await self._store.journal.for_device(device.key)
        raw = [
            {"request": each.request, "title": each.title, "state": each.state.value,
             "created": each.created_at, "request_id": each.request_id, "problem": each.problem}
            for each in changes
        ]  # fmt: skip
        return Piece(Source.REQUESTS, Standing.KNOWN, changes, raw, now)

    async def _messages(self, device: DeviceRow, now: float) -> Piece:
        numbers = (device.iccid, device.imei, device.mdn, device.eid)
        found = messages_of(await self._store.inbox.naming(numbers, LOOKED_AT))
        raw: list[dict[str, Any]] = [{"service": each.service, **each.body} for each in found]
        return Piece(Source.MESSAGES, Standing.KNOWN, found, raw, now)

    async def _fleet(self, device: DeviceRow, now: float) -> Piece:
        if await self._store.syncs.get(self._account) is None:
            why = "the other devices were never read here"
            return Piece(Source.FLEET, Standing.UNKNOWABLE, trouble=why)
        at = device.last_connection
        rows = await self._store.devices.silent_since(self._account, at - NEARBY, at + NEARBY)
        others = [row for row in rows if row.id != device.id] if at else []
        found = tuple(Neighbour(row.groups, row.plan, row.imei[:8]) for row in others)
        raw = [{"iccid": row.iccid, "group": row.groups, "plan": row.plan} for row in others]
        return Piece(Source.FLEET, Standing.KNOWN, found, raw, now)
