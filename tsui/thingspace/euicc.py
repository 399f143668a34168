"""eUICC: profiles on embedded SIMs, and devices of the Global IoT service."""

from typing import Annotated, ClassVar, Literal

from pydantic import AliasChoices, Field

from tsui.thingspace.account import AccountName
from tsui.thingspace.operation import M2M_V2, Effect, Method, Operation
from tsui.thingspace.parts import SeenIds, ZipCode
from tsui.thingspace.provisioning import MAX_DEVICES, Accepted, PlaceOfUse
from tsui.thingspace.wire import DeviceId, KnownDevice, Reply, RequestPart, RequestText, RequestTime


class DeviceWithProfile(RequestPart):
    """A device and a profile on it."""

    device_ids: Annotated[list[DeviceId], Field(min_length=2)]
    """Both the device's eid and the profile's iccid."""


class ProfileOperation(Operation[Accepted]):
    """A change of a profile; a device that is out of reach brings a warning first."""

    method: ClassVar[Method] = "POST"
    callback = "DeviceProfileService"

    devices: Annotated[list[DeviceWithProfile], Field(min_length=1)]
    """The devices."""
    account_name: AccountName
    """The account."""
    smsr_oid: RequestText
    """Object id of the subscription manager (SM-SR)."""


class DownloadAndEnableProfile(ProfileOperation):
    """Load a profile onto the SIM and switch to it."""

    title = "Download and Enable Device Profile"
    path = "/devices/profile/actions/download_enable"


class DownloadAndDisableProfile(ProfileOperation):
    """Load a profile onto the SIM for later."""

    title = "Download and Disable Device Profile"
    path = "/devices/profile/actions/download_disable"


class EnableProfile(ProfileOperation):
    """Switch to a profile that is on the SIM."""

    title = "Enable Device Profile"
    path = "/devices/profile/actions/enable"


class DisableProfile(ProfileOperation):
    """Switch back to the boot profile: the device roams."""

    title = "Disable Device Profile"
    path = "/devices/profile/actions/disable"


class DeleteProfile(ProfileOperation):
    """Take a profile off the SIM; the boot profile takes over."""

    title = "Delete Device Profile"
    path = "/devices/profile/actions/delete"


class SwapEid(Operation[Accepted]):
    """Move a line with number, plan and usage to another eUICC.

    Three callbacks tell the outcome. The names of the fields are not confirmed by anybody.
    """

    title = "EID Device Swap"
    method = "POST"
    path = "/devices/actions/eidDeviceSwap"
    callback = "CarrierService"
    more_callbacks = ("StateService",)

    device_ids: Annotated[list[DeviceId], Field(min_length=1)]
    """The device that is replaced."""
    device_ids_to: Annotated[list[DeviceId], Field(min_length=1)]
    """The device that replaces it; an active one is deactivated first."""
    account_name: AccountName | None = None
    """The account; needed when the user can reach several."""
    smsr_oid: RequestText | None = None
    """Object id of the subscription manager (SM-SR)."""
    service_plan: RequestText | None = None
    """A new plan."""


class GlobalOperation(Operation[Accepted]):
    """A change of devices of the Global IoT service; one callback for each profile."""

    method: ClassVar[Method] = "POST"
    callback = "DeviceProfileService"

    account_name: AccountName
    """The account."""


class ActivateAndEnableProfile(GlobalOperation):
    """Activate a line for a profile and switch to it; billing starts."""

    title = "Activate and Enable a Device for a Profile"
    path = "/devices/profile/actions/activate_enable"
    max_devices = MAX_DEVICES

    devices: Annotated[list[KnownDevice], Field(min_length=1, max_length=MAX_DEVICES)]
    """The devices, by eid and imei; by iccid to activate again."""
    service_plan: RequestText | None = None
    """The plan's code."""
    mdn_zip_code: ZipCode | None = None
    """ZIP code of the place of use."""


class ActivateProfile(GlobalOperation):
    """Activate a line for a profile without switching to it; billing starts."""

    title = "Activate a Device for a Profile"
    path = "/devices/profile/actions/activate"
    max_devices = MAX_DEVICES

    devices: Annotated[list[KnownDevice], Field(min_length=1, max_length=MAX_DEVICES)]
    """The devices, by eid and imei; by iccid to activate again."""
    carrier_name: RequestText | None = None
    """Needed only when the account has several carriers."""
    service_plan: RequestText | None = None
    """The plan's code."""
    mdn_zip_code: ZipCode | None = None
    """ZIP code of the place of use."""
    smsr_oid: RequestText | None = None
    """Object id of the subscription manager (SM-SR)."""
    carrier_ip_pool_name: RequestText | None = None
    """Address pool; the default one when omitted."""
    primary_place_of_use: PlaceOfUse | list[PlaceOfUse] | None = None
    """Customer and service address; the SDK sends an array."""


class DeactivateProfile(GlobalOperation):
    """End the line of a profile; a fee may be billed."""

    title = "Deactivate a Device for a Profile"
    path = "/devices/profile/actions/deactivate"
    max_devices = MAX_DEVICES

    devices: Annotated[list[KnownDevice] | None, Field(max_length=MAX_DEVICES)] = None
    """The devices, by eid and iccid."""
    service_plan: RequestText | None = None
    """The plan's code."""
    carrier_name: RequestText | None = None
    """Needed only when the account has several carriers."""
    reason_code: Literal["FF"] = "FF"
    """General administration; the only code that is valid."""
    etf_waiver: bool | None = None
    """Spend a waiver of the early termination fee."""
    check_fallback_profile: bool | None = None
    """Whether the platform looks at the fallback profile first."""


class SetFallbackAttribute(GlobalOperation):
    """Make a profile the one the SIM falls back to."""

    title = "Set the Fallback Attribute for a Device"
    path = "/devices/profile/actions/setfallbackattribute"

    devices: Annotated[list[KnownDevice], Field(min_length=1)]
    """The devices, by imei, iccid or eid."""
    carrier_name: RequestText | None = None
    """Needed only when the account has several carriers."""


class ListGlobalDevices(Operation[Accepted]):
    """Ask for devices by the state of line and profile; the list comes by callback."""

    title = "Retrieve the Global Device List"
    method = "POST"
    base = M2M_V2
    path = "/devices/actions/list"
    effect = Effect.READ
    callback = "DeviceProfileService"

    account_name: AccountName
    """The account."""
    provisioning_status_filter: (
        Literal[
            "UNKNOWN",
            "DEACTIVATED",
            "ACTIVATED",
            "DEACTIVE",
            "ACTIVE",
            "SUSPEND",
            "PENDING_ACTIVATION",
            "PENDING_DEACTIVATION",
            "PRE_ACTIVE",
            "ACTIVATION_READY",
            "INVENTORY",
            "PURGED",
            "REPLACED",
            "RETIRED",
            "TEST_READY",
        ]
        | None
    ) = None
    """Only lines in this state."""
    profile_status_filter: (
        Literal[
            "ENABLE",
            "DISABLE",
            "DOWNLOAD_DISABLE",
            "DOWNLOAD_ENABLE",
            "NOT_DOWNLOADED",
            "UNKNOWN",
            "DELETE",
        ]
        | None
    ) = None
    """Only devices whose profile is in this state."""
    carrier_name_filter: RequestText | None = None
    """Only lines of this carrier."""
    device_filter: list[DeviceId] | None = None
    """Only these devices."""


class GetGlobalProvisioningHistory(Operation[Accepted]):
    """Ask what was done to lines of the Global IoT service; the records come by callback."""

    title = "Retrieve Device Provisioning History (Global v2)"
    method = "POST"
    base = M2M_V2
    path = "/devices/history/actions/list"
    effect = Effect.READ
    callback = "DeviceProfileService"

    account_name: AccountName
    """The account."""
    device_filter: DeviceId | list[DeviceId] | None = None
    """The devices, by imei, iccid, mdn or eid; the documents show one, the SDK an array."""
    earliest: RequestTime | None = None
    """Start of the span."""
    latest: RequestTime | None = None
    """End of the span."""


class DeviceRequestStatus(Reply):
    """How far the platform is with one device of a request."""

    ids: SeenIds | None = None
    """The device."""
    status: str = ""
    """``Success``, ``Failed`` or ``Pending``."""


class GlobalRequestStatus(Reply):
    """How far the platform is with a request, and with each device of it."""

    request_id: str = ""
    """The request."""
    status: str = ""
    """``Success``, ``Failed`` or ``Pending``."""
    sub_requests: list[DeviceRequestStatus] | None = Field(
        None,
        validation_alias=AliasChoices("subRequests", "subrequests"),
        serialization_alias="subRequests",
    )
    """Each device of the request."""


class GetGlobalRequestStatus(Operation[GlobalRequestStatus]):
    """Read how far a request is, also one for many devices of the Global IoT service."""

    title = "Get the Status of an Asynchronous Request (v2)"
    method = "GET"
    base = M2M_V2
    path = "/accounts/{account_name}/requests/{request_id}/status"
    effect = Effect.READ

    account_name: Annotated[RequestText, Field(pattern=r"^[A-Za-z0-9-]{3,32}$")]
    """The account of the request."""
    request_id: Annotated[RequestText, Field(pattern=r"^[A-Za-z0-9-]{3,64}$")]
    """The id the platform gave the request."""
