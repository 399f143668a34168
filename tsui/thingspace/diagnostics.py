"""Further looks at devices: suspension, mismatched hardware, diagnostics of old."""

from datetime import timedelta
from typing import Annotated, Self

from pydantic import Field, model_validator

from tsui.thingspace.account import AccountName
from tsui.thingspace.operation import Effect, Operation
from tsui.thingspace.parts import ARRAY_OR_OBJECT, SeenIds, at_most_one
from tsui.thingspace.provisioning import Accepted
from tsui.thingspace.wire import (
    DeviceId,
    KeyValue,
    KnownDevice,
    Moment,
    Reply,
    RequestPart,
    RequestText,
    RequestTime,
)

LONGEST_SPAN = timedelta(days=92)
"""Three months, the longest three; what a month is, is not documented."""


class Span(RequestPart):
    """A span of at most three months."""

    earliest: RequestTime
    """Its start."""
    latest: RequestTime
    """Its end."""

    @model_validator(mode="after")
    def _short_enough(self) -> Self:
        if self.latest - self.earliest > LONGEST_SPAN:
            raise ValueError("the span is longer than three months")
        return self


class Mismatch(Reply):
    """A SIM that was found in other hardware than before; one moved often comes often."""

    account_name: str = ""
    """The account."""
    mdn: str | None = None
    """The line's number."""
    activation_date: Moment = None
    """When the line was activated."""
    iccid: str | None = None
    """The SIM."""
    pre_imei: str | None = None
    """The hardware before."""
    post_imei: str | None = None
    """The hardware it is in."""
    sim_ota_date: Moment = None
    """When the network noticed."""


class MismatchList(Reply):
    """The SIMs that were found in other hardware."""

    devices: list[Mismatch] | None = None
    """One entry for each move."""


class FindMismatches(Operation[MismatchList]):
    """Read which SIMs moved to other hardware; a span holds at most three months."""

    title = "Find Mismatched Hardware"
    method = "POST"
    path = "/devices/actions/list/imeiiccidmismatch"
    effect = Effect.READ

    account_name: AccountName | None = None
    """The account; needed when the user can reach several."""
    filter: Span
    """When they moved."""
    group_name: RequestText | None = None
    """Selector: every device of this group."""
    devices: list[KnownDevice] | None = None
    """The devices, by iccid or mdn."""

    @model_validator(mode="after")
    def _named_or_selected(self) -> Self:
        at_most_one(self, "devices", "group_name")
        return self


class DiagnosticAttributes(Reply):
    """What the old diagnostics tell of a device; further fields are in ``unknown``."""

    account_name: str | None = None
    """The account."""
    group_name: str | None = None
    """The group."""
    mcc: str | None = None
    """Country code of the network."""
    mnc: str | None = None
    """Code of the network in its country."""


class DeviceDiagnostics(Reply):
    """The old diagnostics of one device."""

    device_ids: SeenIds | None = None
    """Its identifiers."""
    attributes: DiagnosticAttributes | None = None
    """What is known."""


class GetDiagnostics(Operation[Annotated[list[DeviceDiagnostics], ARRAY_OR_OBJECT]]):
    """Read the old diagnostics of one device; GetExtendedDiagnostics replaced it."""

    title = "Get Device Diagnostics Information"
    method = "POST"
    path = "/devices/diagnostics/actions/list"
    effect = Effect.READ
    deprecated = True

    account_name: AccountName
    """The account of the device."""
    device_list: Annotated[list[DeviceId], Field(min_length=1, max_length=1)]
    """The device."""


class SuspensionFilter(RequestPart):
    """Which devices a request is about, instead of a list."""

    group_name: RequestText | None = None
    """Only devices of this group."""
    service_plan: RequestText | None = None
    """Only devices on this plan."""
    custom_fields: list[KeyValue] | None = None
    """Only devices with these custom fields."""


class GetSuspensionStatus(Operation[Accepted]):
    """Ask how long lines were and will be suspended; the answers come by callback."""

    title = "Retrieve Device Suspension Status"
    method = "POST"
    path = "/devices/suspension/status"
    effect = Effect.READ
    callback = "DeviceSuspensionStatus"

    device_ids: list[DeviceId] | None = None
    """One identifier of each device."""
    filter: SuspensionFilter | None = None
    """Selector instead of devices."""
    account_name: AccountName | None = None
    """The account; needed when the user can reach several."""


class GetRoamingLists(Operation[Accepted]):
    """Ask for the preferred roaming lists of 3G devices; the answers come by callback."""

    title = "Retrieve Device PRL Information"
    method = "POST"
    path = "/devices/prl/actions/list"
    effect = Effect.READ
    callback = "DevicePRLInformation"

    device_ids: list[DeviceId] | None = None
    """One identifier of each device."""
    account_name: AccountName | None = None
    """The account; needed when the user can reach several."""
    group_name: RequestText | None = None
    """Selector: every device of this group."""
    service_plan: RequestText | None = None
    """Selector: every device on this plan."""
    custom_fields: list[KeyValue] | None = None
    """Selector: every device with these custom fields."""
