"""Drafts: what was confirmed, cut into requests that are ready to be written down and sent."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from tsui.service.evidence import CLOCK_AHEAD
from tsui.service.former import former_values
from tsui.service.forms import ONE_DEVICE
from tsui.service.kinds import ChangeKind
from tsui.service.making import operation_of
from tsui.service.preflight import Report
from tsui.service.reader import identifier
from tsui.store.audit import Actor
from tsui.store.changes import Intent, Target
from tsui.store.devices import DeviceRow
from tsui.thingspace.catalog import OPERATIONS
from tsui.thingspace.client import Client
from tsui.thingspace.operation import Operation

SINGLY = 25
"""Up to so many devices get a request each, where only single-device requests tell their status."""

BATCH = 500
"""Devices of a request beyond that; a request of unknown fate then concerns no more."""


NOTHING: Mapping[int, Mapping[str, Any]] = {}
"""What is told of devices of which only the columns are needed."""


def size_of(kind: ChangeKind, devices: int, most: int = BATCH) -> int:
    """Return how many of some devices a request of a change names."""
    if kind.operation in ONE_DEVICE:
        return 1
    return 1 if kind.polled and devices <= SINGLY else most


@dataclass(frozen=True, slots=True)
class Draft:
    """A request in the making."""

    kind: ChangeKind
    """The change."""
    values: Mapping[str, str]
    """What the operator gave."""
    devices: Sequence[DeviceRow]
    """The devices."""
    operation: Operation[Any]
    """What is sent."""
    intent: Intent
    """What is written down before."""


class Drafts:
    """Makes the requests of one account and operator."""

    def __init__(self, client: Client, *, environment: str, account: str, actor: Actor) -> None:
        self._client = client
        self._environment = environment
        self._account = account
        self._actor = actor

    @staticmethod
    def documented_limit(operation: str) -> int:
        """Return the most devices that a request of an operation should name."""
        return min(BATCH, OPERATIONS[operation].max_devices or BATCH)

    def cut(
        self, report: Report, batch: str, note: str, most: int,
        raw: Mapping[int, Mapping[str, Any]] = NOTHING,
    ) -> list[Draft]:  # fmt: skip
        """Cut a report into requests of at most so many devices; raises ValidationError.

        Devices as the platform told them are needed where a change alters what no column has.
        """
        devices = [each.device for each in report.eligible]
        return [
            self._draft(report.kind, report.values, part, batch, note, raw)
            for part in _parts(devices, size_of(report.kind, len(devices), most))
        ]

    def cut_again(self, draft: Draft, most: int) -> list[Draft]:
        """Cut a request into smaller ones."""
        intent = draft.intent
        return [
            self._draft(draft.kind, draft.values, part, intent.batch, intent.note)
            for part in _parts(draft.devices, most)
        ]

    def _draft(
        self,
        kind: ChangeKind,
        values: Mapping[str, str],
        devices: Sequence[DeviceRow],
        batch: str,
        note: str,
        raw: Mapping[int, Mapping[str, Any]] = NOTHING,
    ) -> Draft:
        operation = operation_of(kind, values, self._account, devices)
        intent = self._intent(kind, values, operation, devices, raw)
        return Draft(kind, values, devices, operation, replace(intent, batch=batch, note=note))

    def _intent(
        self,
        kind: ChangeKind,
        values: Mapping[str, str],
        operation: Operation[Any],
        devices: Sequence[DeviceRow],
        raw: Mapping[int, Mapping[str, Any]],
    ) -> Intent:
        ahead = self._client.health.clock_ahead
        return Intent(
            batch="",
            environment=self._environment,
            account=self._account,
            operator=self._actor.operator,
            profile=self._actor.profile,
            operation=kind.operation,
            title=kind.named(values),
            fields=operation.fields(),
            targets=[
                Target(
                    key=device.key,
                    kind=identifier(device.key).kind,
                    identifier=identifier(device.key).id,
                    before=former_values(device, raw.get(device.id)) | {CLOCK_AHEAD: ahead},
                )
                for device in devices
            ],
            exclusive=kind.exclusive,
        )


def _parts(devices: Sequence[DeviceRow], size: int) -> list[Sequence[DeviceRow]]:
    return [devices[start : start + size] for start in range(0, len(devices), size)]
