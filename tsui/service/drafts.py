"""Drafts: what was confirmed, cut into requests that are ready to be written down and sent."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from tsui.service.evidence import CLOCK_AHEAD
from tsui.service.former import former_values
from tsui.service.kinds import ACTIVATE, CHANGE_PLAN, DEACTIVATE, KINDS, SUSPEND, ChangeKind
from tsui.service.preflight import Report
from tsui.service.reader import identifier
from tsui.store.audit import Actor
from tsui.store.changes import Intent, Target
from tsui.store.devices import DeviceRow
from tsui.thingspace.catalog import OPERATIONS
from tsui.thingspace.client import Client
from tsui.thingspace.operation import Operation
from tsui.thingspace.wire import DeviceId, DeviceIds

SINGLY = 25
"""Up to so many devices get a request each: only single-device requests tell their status."""

BATCH = 500
"""Devices of a request beyond that; a request of unknown fate then concerns no more."""


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

    def cut(self, report: Report, batch: str, note: str, most: int) -> list[Draft]:
        """Cut a report into requests of at most so many devices; raises ValidationError."""
        devices = [each.device for each in report.eligible]
        size = 1 if len(devices) <= SINGLY else most
        return [
            self._draft(report.kind, report.values, part, batch, note)
            for part in _parts(devices, size)
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
    ) -> Draft:
        operation = self._operation(kind, values, devices)
        intent = self._intent(kind, values, operation, devices)
        return Draft(kind, values, devices, operation, replace(intent, batch=batch, note=note))

    def _operation(
        self, kind: ChangeKind, values: Mapping[str, str], devices: Sequence[DeviceRow]
    ) -> Operation[Any]:
        fields: dict[str, Any] = {
            "account_name": self._account,
            "devices": [_device_ids(kind, device) for device in devices],
        }
        if kind in (ACTIVATE, CHANGE_PLAN):
            fields |= {name: values[name] for name in kind.needs}
        if kind is SUSPEND and values.get("billing"):
            fields["with_billing"] = values["billing"] == "with"
        if kind is DEACTIVATE:
            fields["etf_waiver"] = values.get("waiver") == "spend"
        return OPERATIONS[kind.operation](**fields)

    def _intent(
        self,
        kind: ChangeKind,
        values: Mapping[str, str],
        operation: Operation[Any],
        devices: Sequence[DeviceRow],
    ) -> Intent:
        ahead = self._client.health.clock_ahead
        plan = values.get("service_plan", "")
        return Intent(
            batch="",
            environment=self._environment,
            account=self._account,
            operator=self._actor.operator,
            profile=self._actor.profile,
            operation=kind.operation,
            title=f"{kind.title} {plan}".strip(),
            fields=operation.fields(),
            targets=[
                Target(
                    key=device.key,
                    kind=identifier(device.key).kind,
                    identifier=identifier(device.key).id,
                    before=former_values(device) | {CLOCK_AHEAD: ahead},
                )
                for device in devices
            ],
        )


def values_of(operation: str, fields: Mapping[str, Any]) -> tuple[ChangeKind, dict[str, str]]:
    """Return the change that a request made, and what the operator gave for it."""
    kind = KINDS[operation]
    wire = {"service_plan": "servicePlan", "mdn_zip_code": "mdnZipCode"}
    values = {name: str(fields[wire[name]]) for name in kind.needs}
    if "withBilling" in fields:
        values["billing"] = "with" if fields["withBilling"] else "without"
    if fields.get("etfWaiver"):
        values["waiver"] = "spend"
    return kind, values


def _parts(devices: Sequence[DeviceRow], size: int) -> list[Sequence[DeviceRow]]:
    return [devices[start : start + size] for start in range(0, len(devices), size)]


def _device_ids(kind: ChangeKind, device: DeviceRow) -> DeviceIds:
    if kind is ACTIVATE and device.imei and device.iccid:
        return DeviceIds(
            device_ids=[
                DeviceId(id=device.imei, kind="imei"),
                DeviceId(id=device.iccid, kind="iccid"),
            ]
        )
    return DeviceIds(device_ids=[identifier(device.key)])
