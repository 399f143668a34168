"""The examiner: gathers what the rules look at from what is remembered, and asks them."""

import asyncio
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from tsui.clock import Clock
from tsui.service.guards import Guards
from tsui.service.kinds import ACTIVATE, CHANGE_PLAN, PUT_IN_GROUP, ChangeKind
from tsui.service.parts import LAST_ANSWER, Part
from tsui.service.preflight import Report, examine
from tsui.service.rules import Circumstances, Known, Listeners
from tsui.service.rules.allowance import MONTH
from tsui.service.rules.request import LOOKED_AT
from tsui.store.devices import DeviceRow
from tsui.store.past import Past
from tsui.store.readings import Reading
from tsui.store.store import Store

IN_A_THREAD = 500
"""Devices beyond which the rules are asked in a thread, so that the screen stays alive."""

HOUR = 3600.0

PAIRED = frozenset({ACTIVATE.operation, "ChangeIdentifier"})
"""Operations that put a SIM and hardware together."""

_OFFERS: Mapping[str, tuple[str, str]] = {
    CHANGE_PLAN.operation: (Part.PLANS, "code"),
    PUT_IN_GROUP.operation: (Part.GROUPS, "name"),
}
"""Readings that tell what the account offers for a change, and the name it goes by there."""

_LISTS = ("ListListeners", "ListLocationListeners")
"""Operations whose answers tell who listens."""


class Examiner:
    """Judges changes of one account by what is remembered; asks nobody."""

    def __init__(self, store: Store, clock: Clock, account: str, guards: Guards) -> None:
        self._store = store
        self._clock = clock
        self._account = account
        self._guards = guards

    async def change(
        self, kind: ChangeKind, devices: Sequence[DeviceRow], values: Mapping[str, str],
        *, requests: int = 1,
    ) -> Report:  # fmt: skip
        """Say which devices may take part in a change that takes some requests."""
        circumstances = await self.circumstances(kind, devices, values)
        return await judged(devices, of_kind(circumstances, requests))

    async def circumstances(
        self, kind: ChangeKind, devices: Sequence[DeviceRow], values: Mapping[str, str]
    ) -> Circumstances:
        """Return what is known of some devices and a change of them."""
        now = self._clock.now().timestamp()
        keys = [each.key for each in devices]
        return Circumstances(
            kind,
            values,
            await self._store.journal.under_way(self._account, keys),
            now,
            guards=self._guards,
            known=await self._known(kind, devices, now),
            devices=len(devices),
            oldest=oldest_unread(devices),
            listeners=await self._listeners(),
            offered=await self._offered(kind),
            sent=await self._store.journal.sent_since(
                self._account, [kind.operation], now - HOUR
            ),
        )  # fmt: skip

    async def twin(self, operation: str, fields: Mapping[str, Any]) -> Past | None:
        """Return the same request if it was sent within the last hour."""
        since = self._clock.now().timestamp() - HOUR
        return await self._store.journal.twin_of(self._account, operation, fields, since)

    async def _known(
        self, kind: ChangeKind, devices: Sequence[DeviceRow], now: float
    ) -> Mapping[str, Known]:
        past: dict[str, list[Past]] = {}
        keys = [each.key for each in devices]
        for each in await self._store.journal.past_of(self._account, keys, now - MONTH):
            past.setdefault(each.device_key, []).append(each)
        histories = await self._store.readings.of_devices(
            self._account, [each.id for each in devices], Part.PROVISIONING
        )
        rivals = await self._rivals(devices) if kind.operation in PAIRED else {}
        return {
            each.key: _known(past.get(each.key, ()), histories.get(each.id), rivals.get(each.key))
            for each in devices
            if each.key in past or each.id in histories or each.key in rivals
        }

    async def _rivals(self, devices: Sequence[DeviceRow]) -> dict[str, list[DeviceRow]]:
        """Return other lines with a SIM or hardware of these, by the key of these."""
        wanted: dict[str, list[DeviceRow]] = {}
        for each in devices:
            for number in filter(None, (each.iccid, each.imei)):
                wanted.setdefault(number, []).append(each)
        hits = await self._store.devices.look_up(self._account, list(wanted))
        pairs = [
            (mine, hit.device)
            for hit in hits
            if hit.kind in ("iccid", "imei")
            for mine in wanted[hit.value]
            if mine.id != hit.device
        ]
        rows = {each.id: each for each in await self._store.devices.rows({id for _, id in pairs})}
        found: dict[str, list[DeviceRow]] = {}
        for mine, other in pairs:
            if other in rows and rows[other] not in found.setdefault(mine.key, []):
                found[mine.key].append(rows[other])
        return found

    async def _offered(self, kind: ChangeKind) -> frozenset[str] | None:
        part, name = _OFFERS.get(kind.operation, ("", ""))
        reading = await self._store.readings.get(self._account, 0, part) if part else None
        if reading is None or not isinstance(reading.body, list):
            return None
        return frozenset(str(each.get(name)) for each in reading.body)

    async def _listeners(self) -> Listeners | None:
        services: set[str] = set()
        read_at: list[float] = []
        for name in _LISTS:
            reading = await self._store.readings.get(self._account, 0, f"{LAST_ANSWER}{name}")
            if reading is None or reading.read_at is None:
                continue
            read_at.append(reading.read_at)
            services |= _services(reading.body)
        return Listeners(frozenset(services), min(read_at)) if read_at else None


def of_kind(circumstances: Circumstances, requests: int) -> Circumstances:
    """Return the circumstances of a change that is sent in some requests."""
    if not circumstances.kind.exclusive:
        return replace(circumstances, requests=requests, under_way={})
    return replace(circumstances, requests=requests, callback="CarrierService")


def oldest_unread(devices: Collection[DeviceRow]) -> float | None:
    """Return when the devices were last all known; None where they are read again anyway."""
    if len(devices) <= LOOKED_AT:
        return None
    return min((each.read_at for each in devices if each.id), default=None)


async def judged(devices: Sequence[DeviceRow], circumstances: Circumstances) -> Report:
    """Ask the rules, where the screen stays alive meanwhile."""
    (report,) = await judged_each([(devices, circumstances)])
    return report


async def judged_each(
    parts: Sequence[tuple[Sequence[DeviceRow], Circumstances]],
) -> list[Report]:
    """Ask the rules of devices under circumstances of their own."""
    if sum(len(devices) for devices, _ in parts) > IN_A_THREAD:
        return await asyncio.to_thread(_examined, parts)
    return _examined(parts)


def _examined(parts: Sequence[tuple[Sequence[DeviceRow], Circumstances]]) -> list[Report]:
    return [examine(devices, circumstances) for devices, circumstances in parts]


def _known(
    past: Sequence[Past], reading: Reading | None, rivals: Sequence[DeviceRow] | None
) -> Known:
    history = reading.body if reading and isinstance(reading.body, list) else None
    read_at = (reading.read_at if reading else None) or 0.0
    return Known(past, history, read_at, rivals or ())


def _services(body: Any) -> set[str]:
    listed: Iterable[Any] = body if isinstance(body, list) else ()
    names = (
        each.get("serviceName") or each.get("name") for each in listed if isinstance(each, dict)
    )
    return {str(name) for name in names if name}
