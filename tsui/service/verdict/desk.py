"""The desk: evidence put together from what is remembered, and read anew on demand."""

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Protocol

from tsui.clock import Clock
from tsui.service.device_record import unix_time
from tsui.service.failures import NOT_ENTITLED
from tsui.service.parts import LINE, Part
from tsui.service.verdict.connections import connections_of
from tsui.service.verdict.engine import judge
from tsui.service.verdict.evidence import (
    Access,
    Day,
    Evidence,
    Line,
    Piece,
    Provisioned,
    Source,
    Standing,
    Swap,
)
from tsui.service.verdict.model import Verdict
from tsui.store.devices import DeviceRow
from tsui.store.readings import Reading
from tsui.store.store import Store

if TYPE_CHECKING:
    from tsui.service.account import AccountService

ACCOUNT = 0
"""Stands for the account itself where a reading is of no device."""


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

    async def of(self, identifier: str) -> Verdict:
        """Come to a verdict on the device with an identifier, read anew where that is possible.

        Raises NotOneDevice, or StoreError.
        """
        found = await self._store.devices.find(self._shown.account, identifier)
        exact = [each for each in found if _is_named(each, identifier)]
        if len(exact or found) > 1:
            raise NotOneDevice(identifier, tuple(each.iccid for each in exact or found))
        online = self._shown.online
        if not found and online is not None:
            key = await online.gatherer.look_up(identifier)
            if key is None:
                return self._on_stranger()
            found = list((await self._store.devices.by_key(self._shown.account, [key])).values())
        if not found:
            raise NotOneDevice(identifier, ())
        device = (exact or found)[0]
        await self.read(device)
        return await self.on(next(iter(await self._store.devices.rows([device.id])), device))

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
        pieces = {Source.LINE: await self._line(device)}
        for source, (part, understand) in _READINGS.items():
            number = ACCOUNT if source is Source.PLANS else device.id
            reading = await self._store.readings.get(self._shown.account, number, part)
            pieces[source] = _piece(source, reading, understand)
        changes = await self._store.journal.for_device(device.key)
        now = self._shown.clock.now().timestamp()
        raw = [
            {"request": each.request, "title": each.title, "state": each.state.value,
             "created": each.created_at, "request_id": each.request_id, "problem": each.problem}
            for each in changes
        ]  # fmt: skip
        pieces[Source.REQUESTS] = Piece(Source.REQUESTS, Standing.KNOWN, changes, raw, now)
        return Evidence(now, pieces)

    async def _line(self, device: DeviceRow) -> Piece:
        account = self._shown.account
        told = await self._store.readings.get(account, device.id, LINE)
        raw = await self._store.devices.raw(device.id)
        if told is not None and told.body is False:
            return Piece(
                Source.LINE, Standing.KNOWN, Line(is_listed=False), raw, told.read_at, told.trouble
            )
        return Piece(
            Source.LINE,
            Standing.KNOWN,
            _listed(device, raw or {}),
            raw,
            device.read_at,
            told.trouble if told else "",
        )


def _is_named(device: DeviceRow, identifier: str) -> bool:
    key = device.key.partition(":")[2]
    return identifier in (key, device.iccid, device.imei, device.mdn, device.eid)


def _listed(device: DeviceRow, raw: Mapping[str, Any]) -> Line:
    return Line(
        is_listed=True,
        state=device.state,
        plan=device.plan,
        connected=None if device.connected is None else bool(device.connected),
        last_connection=device.last_connection,
        activated=unix_time(raw.get("lastActivationDate")),
        cycle_end=unix_time(raw.get("billingCycleEndDate")),
        imei=device.imei,
        eid=device.eid,
    )


def _piece(source: Source, reading: Reading | None, understand: Callable[[Any], Any]) -> Piece:
    if reading is None:
        return Piece(source)
    if reading.body is not None:
        return Piece(
            source,
            Standing.KNOWN,
            understand(reading.body),
            reading.body,
            reading.read_at,
            reading.trouble,
        )
    is_lack = reading.trouble.startswith(NOT_ENTITLED)
    standing = Standing.NOT_ENTITLED if is_lack else Standing.FAILED
    return Piece(source, standing, trouble=reading.trouble, read_at=reading.tried_at)


def _access(body: Any) -> Access:
    return Access(bool(body["refused"]), str(body["code"]))


def _diagnostics(body: Any) -> Mapping[str, str]:
    return {
        str(name).lower(): str(value) for part in body for name, value in part["values"].items()
    }


def _provisioning(body: Any) -> tuple[Provisioned, ...]:
    return tuple(
        Provisioned(float(each["at"]), each["event"], each["status"], each["by"], each["plan"])
        for each in body
        if each["at"]
    )


def _usage(body: Any) -> tuple[Day, ...]:
    return tuple(Day(float(each["at"]), each["bytes"] or 0) for each in body if each["at"])


def _swaps(body: Any) -> tuple[Swap, ...]:
    found = (
        Swap(unix_time(each.get("simOtaDate")), str(each.get("preImei")), str(each.get("postImei")))
        for each in body
    )
    return tuple(sorted(each for each in found if each.before != each.after))


def _plans(body: Any) -> Mapping[str, int]:
    return {str(each["code"]): (each["size_kb"] or 0) * 1024 for each in body}


_READINGS: Mapping[Source, tuple[Part, Callable[[Any], Any]]] = {
    Source.ACCESS: (Part.ACCESS, _access),
    Source.DIAGNOSTICS: (Part.DIAGNOSTICS, _diagnostics),
    Source.PROVISIONING: (Part.PROVISIONING, _provisioning),
    Source.CONNECTIONS: (Part.CONNECTIONS, connections_of),
    Source.USAGE: (Part.USAGE, _usage),
    Source.MISMATCHES: (Part.MISMATCHES, _swaps),
    Source.PLANS: (Part.PLANS, _plans),
}
"""Where each source is remembered, and how it is understood."""
