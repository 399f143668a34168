"""Segmentation: labels that usage is billed by, e.g. the VIN of a car."""

from typing import Annotated, Any, Self

from pydantic import Field, model_validator

from tsui.thingspace.account import AccountName
from tsui.thingspace.history import UsageLabel
from tsui.thingspace.operation import Effect, Operation
from tsui.thingspace.parts import at_most_one
from tsui.thingspace.provisioning import Accepted
from tsui.thingspace.wire import DeviceId, Reply, RequestPart, RequestText

MAX_LABELS = 2000
"""Labels one request may name."""


class DeviceLabel(RequestPart):
    """A device and its label."""

    device_ids: list[DeviceId]
    """The device, by eid."""
    label: UsageLabel
    """The label."""


class LabelOperation(Operation[Accepted]):
    """A change of labels."""

    path = "/devices/actions/usagesegmentationlabels"
    callback = "CarrierService"
    max_devices = MAX_LABELS

    account_name: AccountName
    """The account of the devices."""
    labels: Annotated[list[DeviceLabel], Field(min_length=1, max_length=MAX_LABELS)]
    """The devices and their labels; the SDK's other form is not taken."""


class SetLabels(LabelOperation):
    """Label devices."""

    title = "Set Usage Segmentation Labels"
    method = "POST"


class RemoveLabels(LabelOperation):
    """Take labels off devices; sent as a body, as the documents have it, not in the query."""

    title = "Remove Usage Segmentation Labels"
    method = "DELETE"


class BillingCycle(RequestPart):
    """A billing cycle, named by the month it ends in."""

    year: Annotated[RequestText, Field(pattern=r"^[0-9]{4}$")]
    """Four digits."""
    month: Annotated[RequestText, Field(pattern=r"^(0?[1-9]|1[0-2])$")]
    """1 to 12."""


class SeenBillingCycle(Reply):
    """A billing cycle as an answer tells it."""

    year: str = ""
    """Four digits."""
    month: str = ""
    """1 to 12."""


class BilledUsage(Reply):
    """Billed usage; its form is not documented, so look into ``unknown`` too."""

    account_name: str = ""
    """The account."""
    billing_cycle: SeenBillingCycle | None = None
    """The cycle."""
    usage: list[Any] | None = None
    """The figures."""


class GetBilledUsage(Operation[BilledUsage]):
    """Read what was billed for a label or a device."""

    title = "Retrieve Billed Usage"
    method = "POST"
    path = "/devices/usage/actions/billedusage"
    effect = Effect.READ

    account_name: AccountName
    """The account."""
    labels: Annotated[list[UsageLabel] | None, Field(max_length=MAX_LABELS)] = None
    """Labels; or a device, not both."""
    device_id: DeviceId | None = None
    """The device, by eid."""
    billing_cycle: BillingCycle | None = None
    """The cycle; the latest complete one when omitted."""

    @model_validator(mode="after")
    def _labels_or_device(self) -> Self:
        at_most_one(self, "labels", "device_id")
        return self


class ListBilledUsage(Operation[Accepted]):
    """Ask what was billed for labels, devices or the whole account; it comes by callback."""

    title = "Retrieve Billed Usage List"
    method = "POST"
    path = "/devices/usage/actions/billedusage/list"
    effect = Effect.READ
    callback = "DeviceService"
    max_devices = MAX_LABELS

    account_name: AccountName
    """The account."""
    labels: Annotated[list[UsageLabel] | None, Field(max_length=MAX_LABELS)] = None
    """Labels; or devices, not both."""
    device_id: DeviceId | Annotated[list[DeviceId], Field(max_length=MAX_LABELS)] | None = None
    """One device or several, by eid; the SDK calls it deviceIds."""
    billing_cycle: BillingCycle | None = None
    """The cycle; the latest complete one when omitted."""

    @model_validator(mode="after")
    def _labels_or_device(self) -> Self:
        at_most_one(self, "labels", "device_id")
        return self
