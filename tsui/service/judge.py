"""The judge: the rules of a change, asked of any operation that a form or a script makes."""

import asyncio
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from typing import Any

from tsui.clock import Clock
from tsui.service.examiner import PAIRED, Examiner, judged
from tsui.service.failures import ChangeFailed
from tsui.service.forms import chooses_devices, devices_named
from tsui.service.freshness import is_old
from tsui.service.guards import Guards
from tsui.service.kinds import kind_of
from tsui.service.preflight import Report
from tsui.service.problems import explain
from tsui.service.reader import DeviceReader
from tsui.service.rules import Circumstances, Known
from tsui.service.rules.request import LOOKED_AT
from tsui.store.devices import DeviceRow
from tsui.store.errors import StoreError
from tsui.store.store import Store
from tsui.thingspace.errors import Rejected, ThingSpaceError
from tsui.thingspace.operation import Operation

ONE_AT_A_TIME = frozenset(
    {"CarrierService", "StateService", "DeviceProfileService", "DeviceService"}
)
"""Callback services of changes that a device takes one after the other; messages are not among
them."""

Named = tuple[str, str]


class OperationJudge:
    """Judges operations of one account before they are sent."""

    def __init__(
        self, store: Store, examiner: Examiner, reader: DeviceReader, clock: Clock, account: str
    ) -> None:
        self._store = store
        self._examiner = examiner
        self._reader = reader
        self._clock = clock
        self._account = account

    async def report(self, operation: Operation[Any]) -> Report:
        """Say what speaks for and against an operation, from what is remembered."""
        name = type(operation).__name__
        kind = kind_of(name, operation.title)
        named = devices_named(operation)
        known = await self._rows(named)
        rows = list(
            {row.key: row for row in (known.get(n) or _stranger(*n) for n in named)}.values()
        )
        circumstances = await self._examiner.circumstances(kind, rows, _values(operation))
        if operation.callback not in ONE_AT_A_TIME:
            circumstances = replace(circumstances, under_way={})
        circumstances = replace(
            circumstances,
            known=await self._with_partners(operation, rows, circumstances),
            strangers=frozenset(each.key for each in rows if not each.id),
            most_devices=operation.max_devices,
            at_large=chooses_devices(operation),
            group=_group(operation),
            members=await self._protected_members(operation, circumstances.guards),
            callback=operation.callback or "",
            twin=await self._examiner.twin(name, operation.fields()),
        )
        return await judged(rows, circumstances)

    async def approve(self, operation: Operation[Any], names: frozenset[str]) -> None:
        """Raise ChangeFailed unless a fresh look shows that an operation may be sent."""
        try:
            await self._look(operation)
            report = replace(await self.report(operation), named=names)
        except StoreError as error:
            raise ChangeFailed(f"Nothing was sent. {error}") from error
        if report.refused:
            raise ChangeFailed(f"Nothing was sent. {report.refused.sentence}")
        for each in report.excluded:
            if each.blocked:
                number = each.device.key.partition(":")[2]
                said = f"{each.blocked.sentence} {each.blocked.detail}".strip()
                raise ChangeFailed(f"Nothing was sent because of {number}. {said}")
        if report.names_needed:
            raise ChangeFailed(
                f"Nothing was sent: {', '.join(report.names_needed)} is protected and not named."
            )

    async def _look(self, operation: Operation[Any]) -> None:
        """Read the devices again whose state decides and is not fresh."""
        named = devices_named(operation)
        if not kind_of(type(operation).__name__, "").allowed or len(named) > LOOKED_AT:
            return
        known, now = await self._rows(named), self._clock.now().timestamp()
        old = [
            f"{kind}:{number}" for kind, number in named if is_old(known.get((kind, number)), now)
        ]
        try:
            await asyncio.gather(*(self._read(key) for key in old))
        except ThingSpaceError as error:
            raise ChangeFailed(f"Nothing was sent. {explain(error)}") from error

    async def _read(self, key: str) -> None:
        with suppress(Rejected):  # a device that the account does not have may yet be activated
            await self._reader.read_line(key)

    async def _rows(self, named: Sequence[Named]) -> dict[Named, DeviceRow]:
        """Return the devices that are known by just these identifiers."""
        hits = await self._store.devices.look_up(self._account, [number for _, number in named])
        found = await self._store.devices.rows({hit.device for hit in hits})
        rows = {each.id: each for each in found}
        return {(hit.kind.value, hit.value): rows[hit.device] for hit in hits if hit.device in rows}

    async def _protected_members(
        self, operation: Operation[Any], guards: Guards
    ) -> Sequence[DeviceRow]:
        """Return the protected devices that lose their group; it is deleted under them."""
        if type(operation).__name__ != "DeleteGroup":
            return ()
        name = _group(operation).casefold()
        hits = await self._store.devices.look_up(self._account, guards.identifiers)
        found = await self._store.devices.rows({hit.device for hit in hits})
        return [
            each
            for each in found
            if name in (group.strip().casefold() for group in each.groups.split(","))
        ]

    async def _with_partners(
        self, operation: Operation[Any], rows: Sequence[DeviceRow], circumstances: Circumstances
    ) -> Mapping[str, Known]:
        """Add the lines that have what an operation wants to put together with a device."""
        if type(operation).__name__ not in PAIRED:
            return circumstances.known
        known = dict(circumstances.known)
        for ids in _pairs(operation):
            found = await self._rows(ids)
            mine = found.get(ids[0]) or _stranger(*ids[0])
            rivals = {each.key: each for each in circumstances.of(mine).rivals}
            rivals |= {each.key: each for each in found.values() if each.key != mine.key}
            known[mine.key] = replace(circumstances.of(mine), rivals=tuple(rivals.values()))
        return known


def _group(operation: Operation[Any]) -> str:
    """Return the group of devices that an operation names; empty where it names none."""
    return str(operation.fields().get("groupName", "")).strip()


def _pairs(operation: Operation[Any]) -> list[list[Named]]:
    """Return the identifiers that belong together after an operation, the device's own first."""
    fields = operation.fields()
    if "deviceIds" in fields:
        return [_ids([*fields["deviceIds"], *fields.get("deviceIdsTo", ())])]
    return [_ids(each["deviceIds"]) for each in fields.get("devices", ())]


def _ids(parts: Sequence[Mapping[str, Any]]) -> list[Named]:
    return [(str(part["kind"]).lower(), str(part["id"])) for part in parts]


def _values(operation: Operation[Any]) -> dict[str, str]:
    fields = operation.fields()
    values = {
        "service_plan": str(fields.get("servicePlan", "")),
        "waiver": "spend" if fields.get("etfWaiver") else "",
        "swap": str(fields.get("change4gOption") or ""),
        "delete": "yes" if fields.get("deleteAfterDeactivation") else "",
    }
    return {name: value for name, value in values.items() if value}


def _stranger(kind: str, number: str) -> DeviceRow:
    """Return a row for a device of which nothing is known but an identifier."""
    iccid, imei, mdn, eid = (number * (kind == name) for name in ("iccid", "imei", "mdn", "eid"))
    unknown = ("",) * 9
    return DeviceRow(0, f"{kind}:{number}", iccid, imei, mdn, eid, *unknown, None, 0.0, 0.0, 0.0)
