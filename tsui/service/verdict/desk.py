"""The desk: evidence put together from what is remembered, and read anew on demand."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Protocol

from tsui.clock import Clock
from tsui.service.parts import Part
from tsui.service.verdict.archive import Archive
from tsui.service.verdict.engine import judge
from tsui.service.verdict.evidence import Access, Evidence, Line, Piece, Source, Standing
from tsui.service.verdict.model import Verdict
from tsui.store.devices import DeviceRow
from tsui.store.store import Store

if TYPE_CHECKING:
    from tsui.service.account import AccountService


class Shown(Protocol):
    """What is shown at the moment."""

    account: str
    clock: Clock
    online: "AccountService | None"


class NotOneDevice(Exception):
    """An identifier is that of no device that is remembered, or of several; the text says so."""

    def __init__(self, identifier: str, found: Sequence[str]) -> None:
        said = (
            f"{len(found)} devices end with {identifier}: {', '.join(found[:5])}."
            if found
            else f"Nothing is remembered of {identifier}."
        )
        super().__init__(said)
        self.found = found
        """ICCIDs of those that fit."""


class Verdicts:
    """Verdicts on devices of the account that is shown."""

    def __init__(self, store: Store, shown: Shown) -> None:
        self._store = store
        self._shown = shown

    async def of(
        self, identifier: str, imei: str = "", place: tuple[float, float] | None = None
    ) -> Verdict:
        """Come to a verdict on the device with an identifier, read anew where that is possible.

        What somebody read on site is remembered with it. Raises NotOneDevice, ReadFailed where
        nothing was known and nothing came, or StoreError.
        """
        device = await self.known(identifier)
        online = self._shown.online
        if device is None and online is not None:
            key = await online.gatherer.look_up(identifier)
            if key is None:
                return self._on_stranger()
            device = (await self._store.devices.by_key(self._shown.account, [key])).get(key)
        if device is None:
            raise NotOneDevice(identifier, ())
        if imei or place:
            await self.note_site(device, imei, place)
        await self.read(device)
        return await self.on(next(iter(await self._store.devices.rows([device.id])), device))

    async def known(self, identifier: str) -> DeviceRow | None:
        """Return the device with an identifier, or with one that ends so; None if none is known.

        Raises NotOneDevice where it is that of several.
        """
        found = await self._store.devices.find(self._shown.account, identifier)
        exact = [each for each in found if _is_named(each, identifier)]
        if len(exact or found) > 1:
            raise NotOneDevice(identifier, tuple(each.iccid for each in exact or found))
        return next(iter(exact or found), None)

    def _on_stranger(self) -> Verdict:
        now = self._shown.clock.now().timestamp()
        access = Piece(Source.ACCESS, Standing.KNOWN, Access(is_refused=False, code=""))
        line = Piece(Source.LINE, Standing.KNOWN, Line(is_listed=False), [], now)
        return judge(Evidence(now, {Source.ACCESS: access, Source.LINE: line}))

    async def on(self, device: DeviceRow) -> Verdict:
        """Come to a verdict by what is remembered; asks nobody."""
        return judge(await self.evidence(device))

    def refresh(self, device: DeviceRow) -> None:
        """Begin to read everything about a device again; what comes is announced."""
        if (online := self._shown.online) is not None:
            online.spawn(online.gatherer.gather(device), name="diagnose a device")

    async def read(self, device: DeviceRow) -> None:
        """Read everything about a device again; without a way to ThingSpace nothing happens."""
        if (online := self._shown.online) is not None:
            await online.gatherer.gather(device)

    async def evidence(self, device: DeviceRow) -> Evidence:
        """Put together what is remembered of a device."""
        now = self._shown.clock.now().timestamp()
        return await Archive(self._store, self._shown.account).evidence(device, now)

    async def note_site(
        self, device: DeviceRow, imei: str, place: tuple[float, float] | None
    ) -> None:
        """Remember what somebody read on the device, or knows of where it should be."""
        now = self._shown.clock.now().timestamp()
        readings, account = self._store.readings, self._shown.account
        known = await readings.get(account, device.id, Part.SITE)
        body = dict(known.body) if known and known.body else {}
        body |= {"imei": imei} if imei else {}
        body |= {"place": list(place)} if place else {}
        await readings.put(account, device.id, Part.SITE, body, now)


def _is_named(device: DeviceRow, identifier: str) -> bool:
    key = device.key.partition(":")[2]
    return identifier in (key, device.iccid, device.imei, device.mdn, device.eid)
