"""Software management: what firmware devices run (FOTA, version 3)."""

from typing import Annotated, Any, Literal

from pydantic import AliasChoices, Field

from tsui.thingspace.account import AccountName
from tsui.thingspace.operation import SOFTWARE, Effect, Operation
from tsui.thingspace.wire import Moment, Reply, RequestPart, RequestText


class SoftwareVersion(Reply):
    """A piece of software on a device."""

    name: str = ""
    """Its name."""
    version: str = ""
    """Its version."""
    upgrade_time: Moment = None
    """When it came."""


class SoftwareDevice(Reply):
    """A device as software management sees it."""

    device_id: str = ""
    """The IMEI."""
    mdn: str | None = None
    """The line's number."""
    model: str | None = None
    """The model."""
    make: str | None = None
    """The maker."""
    firmware: str | None = None
    """The firmware's version."""
    fota_eligible: bool | None = None
    """Whether its firmware can be upgraded from here."""
    license_assigned: bool | None = None
    """Whether it has a licence for that."""
    status: str | None = None
    """``Active`` and others; no list is documented."""
    protocol: str | None = None
    """``LWM2M``, ``OMADM`` (the SDK writes OMDADM), ``HTTP`` or ``NONE``."""
    software_list: list[SoftwareVersion] | None = None
    """What it runs."""
    files_list: list[Any] | None = Field(
        None,
        validation_alias=AliasChoices("filesList", "fileList"),
        serialization_alias="filesList",
    )
    """Files on it; their form is not documented."""
    create_time: Moment = None
    """When the service first knew it."""
    upgrade_time: Moment = None
    """When it was upgraded last."""
    status_time: Moment = None
    """When its status changed last."""
    update_time: Moment = None
    """When the record changed last."""
    refresh_time: Moment = None
    """When the record was refreshed last."""
    last_connection_time: Moment = None
    """When it connected last; None where the platform says N/A."""
    request_status: str | None = None
    """Known from the SDK only."""
    result_reason: str | None = None
    """Known from the SDK only."""


class SoftwarePage(Reply):
    """A page of devices."""

    account_name: str = ""
    """The account."""
    device_count: int | None = None
    """Devices, when they were asked for by IMEI."""
    has_more_data: bool | None = None
    """Whether another page follows."""
    max_page_size: int | None = None
    """Devices on a page at most."""
    last_seen_device_id: str | None = None
    """What to ask for the next page with."""
    device_list: list[SoftwareDevice] | None = None
    """The devices of this page."""


class SoftwareQuery(RequestPart):
    """What every question about devices says."""

    account_name: AccountName
    """The account."""
    last_seen_device_id: RequestText | None = None
    """What the page before told; 0 for the first."""
    protocol: Literal["LWM2M", "OMADM", "HTTP"] | None = None
    """Only devices managed this way; the SDK asks for LWM2M."""


class ListSoftwareDevicesByImei(SoftwareQuery, Operation[SoftwarePage]):
    """Read what some devices run."""

    title = "List Account Devices by IMEI (FOTA v3)"
    method = "POST"
    base = SOFTWARE
    path = "/devices/{account_name}"
    effect = Effect.READ
    query = frozenset({"last_seen_device_id", "protocol"})

    device_list: Annotated[list[RequestText], Field(min_length=1)]
    """IMEIs; no limit is documented."""


class ListSoftwareDevices(SoftwareQuery, Operation[SoftwarePage]):
    """Read what the devices of an account run."""

    title = "Get Account Device Information (FOTA v3)"
    method = "GET"
    base = SOFTWARE
    path = "/devices/{account_name}"
    effect = Effect.READ
    query = frozenset({"last_seen_device_id", "protocol"})
