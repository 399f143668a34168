"""Collecting: what is remembered of a device or a request, before it is cleaned and shaped."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tsui.service.inbox import read
from tsui.service.parts import Part
from tsui.service.verdict.evidence import Piece, Source
from tsui.service.verdict.model import Verdict
from tsui.store.changes import DeviceChange
from tsui.store.devices import DeviceRow
from tsui.store.inbox import Message
from tsui.store.store import Store
from tsui.thingspace.trace import Call

LOOKED_AT = 5000
"""The newest callback messages among which those about a device are looked for."""

MOST_CALLS = 100
"""Calls that are told, the newest ones."""


@dataclass(frozen=True, slots=True)
class Material:
    """All that a bundle is made of."""

    device: DeviceRow | None
    verdict: Verdict | None
    change: DeviceChange | None
    """The change it is about; None where it is about a device."""
    changes: Sequence[DeviceChange]
    """What was changed from here, newest first."""
    codes: Mapping[int, str]
    """Error codes by the number of a request."""
    messages: Sequence[Message]
    sessions: Sequence[Mapping[str, Any]]
    """The connection history as one list."""
    calls: Sequence[Call]

    def piece(self, source: Source) -> Piece:
        """Return what a source told."""
        return self.verdict.evidence.piece(source) if self.verdict else Piece(source)

    def rows(self, source: Source) -> Sequence[Any]:
        """Return what a source told, which is a list; nothing where it told nothing."""
        raw = self.piece(source).raw
        return raw if isinstance(raw, list) else ()

    @property
    def ids(self) -> dict[str, str]:
        """The device's identifiers by their kind."""
        told = self.piece(Source.LINE).raw
        listed = told.get("deviceIds") if isinstance(told, dict) else None
        ids = {
            str(each.get("kind", "")).lower(): str(each.get("id", ""))
            for each in (listed if isinstance(listed, list) else ())
            if isinstance(each, dict)
        }
        if self.device is not None:
            kind, _, value = self.device.key.partition(":")
            ids = {kind: value, **ids}
        return ids

    def told(self) -> Iterator[Any]:
        """Yield all in which there may be personal data or a secret under its own name."""
        yield self.piece(Source.LINE).raw
        yield self.piece(Source.DIAGNOSTICS).raw
        for part in self.rows(Source.DIAGNOSTICS):
            yield part.get("values")
        for change in self.changes:
            yield dict(change.fields)
            yield dict(change.before)
            yield json.loads(change.answer) if change.answer else None
        for message in self.messages:
            if (callback := read(message)) is not None:
                yield dict(callback.received)


class Collector:
    """Collects what is remembered in an account; asks nobody."""

    def __init__(self, store: Store, account: str, calls: Sequence[Call]) -> None:
        self._store = store
        self._account = account
        self._calls = calls

    async def of_device(
        self, device: DeviceRow, verdict: Verdict, change: DeviceChange | None
    ) -> Material:
        """Collect what is known of a device."""
        changes = [each for each in verdict.evidence.requests if each.account == self._account]
        if change is not None and all(each.id != change.id for each in changes):
            changes.append(change)
        sessions = await self._store.readings.get(self._account, device.id, Part.SESSIONS)
        numbers = tuple(filter(None, (device.iccid, device.imei, device.mdn, device.eid)))
        alone = [each for each in changes if each.devices == 1 and each.request_id]
        return Material(
            device,
            verdict,
            change,
            changes,
            await self._store.journal.codes(each.request for each in changes),
            await self._messages(numbers, alone),
            sessions.body if sessions and sessions.body else (),
            [each for each in self._calls if _names(each, numbers)][-MOST_CALLS:],
        )

    async def of_change(self, change: DeviceChange) -> Material:
        """Collect what is known of a change of no device that is known here."""
        numbers = tuple(filter(None, (change.identifier, change.request_id)))
        return Material(
            None,
            None,
            change,
            [change],
            await self._store.journal.codes([change.request]),
            await self._messages((), [change]),
            (),
            [each for each in self._calls if _names(each, numbers)][-MOST_CALLS:],
        )

    async def _messages(
        self, numbers: Sequence[str], changes: Sequence[DeviceChange]
    ) -> list[Message]:
        """Return messages that name the device, or answer a request about nothing else."""
        found = {each.id: each for each in await self._store.inbox.naming(numbers, LOOKED_AT)}
        for change in changes:
            if change.request_id:
                answers = await self._store.inbox.of_request(change.request_id)
                found |= {each.id: each for each in answers}
        return list(found.values())


def _names(call: Call, numbers: Sequence[str]) -> bool:
    return any(number in call.sent or number in call.path for number in numbers)
