"""The inventory: which devices the platform and the carrier's database know."""

from typing import Annotated, Literal

from pydantic import Field

from tsui.thingspace.account import AccountName
from tsui.thingspace.operation import Effect, Operation
from tsui.thingspace.parts import DeviceByOneId, SeenIds, Sku, ZipCode
from tsui.thingspace.provisioning import MAX_DEVICES, Accepted
from tsui.thingspace.wire import DeviceIds, KeyValue, KnownDevice, Reply, RequestText

MAX_ADDED = 200
"""Devices one request may add (error NumberofDevices)."""

MAX_DELETED = 100
"""Devices one request may delete."""

MAX_CHECKED = 2000
"""Devices one request may check; the SDK's 10,000 is a copy from elsewhere."""


class AddedDevice(Reply):
    """What became of one device that was to be added."""

    device_ids: SeenIds | None = None
    """Its identifiers."""
    response: str = ""
    """``Success``, or the failure's text."""


class AddDevices(Operation[list[AddedDevice]]):
    """Put devices on the account without activating them; each has its own result."""

    title = "Add Devices"
    method = "POST"
    path = "/devices/actions/add"
    max_devices = MAX_ADDED

    state: Literal["preactive"] = "preactive"
    """The state they begin in; no other is valid."""
    devices_to_add: Annotated[list[KnownDevice], Field(min_length=1, max_length=MAX_ADDED)]
    """The devices: IMEI then ICCID, IMEI and EID, or the ICCID alone with a SKU."""
    account_name: AccountName | None = None
    """The account; needed when the user can reach several."""
    custom_fields: list[KeyValue] | None = None
    """Custom fields to set."""
    group_name: RequestText | None = None
    """Group to put them in; the default one when omitted."""
    sku_number: Sku | None = None
    """Lets an ICCID stand without an IMEI."""
    smsr_oid: RequestText | None = None
    """Subscription manager of an eUICC."""


class DeletedDevice(Reply):
    """What became of one device that was to be deleted."""

    device_ids: SeenIds | None = None
    """Its identifiers."""
    status: str = ""
    """``Success`` or ``Failed``."""
    message: str | None = None
    """Why it failed."""


class DeleteDevices(Operation[list[DeletedDevice]]):
    """Delete deactive devices and all their history; each has its own result."""

    title = "Delete Devices"
    method = "POST"
    path = "/devices/actions/delete"
    max_devices = MAX_DELETED

    devices_to_delete: Annotated[list[DeviceByOneId], Field(min_length=1, max_length=MAX_DELETED)]
    """The devices, one identifier each: esn, iccid, imei, meid or eid."""
    account_name: AccountName | None = None
    """The account; needed when the user can reach several."""


class CheckAvailability(Operation[Accepted]):
    """Ask whether devices could be activated; the answers come by callback."""

    title = "Check Device Availability"
    method = "POST"
    path = "/devices/availability/actions/list"
    effect = Effect.READ
    callback = "DeviceService"
    max_devices = MAX_CHECKED

    account_name: AccountName
    """The account; it decides where the callback goes."""
    devices: Annotated[list[KnownDevice], Field(min_length=1, max_length=MAX_CHECKED)]
    """The devices; an IMEI and an ICCID together ask about the pair."""


class Upload(Operation[Accepted]):
    """What every upload of new hardware to the carrier's database says."""

    callback = "DeviceService"
    max_devices = MAX_DEVICES

    email_address: RequestText
    """Who gets the report; must be registered in Open Development."""
    device_sku: Sku
    """The SKU of all devices; upper case matters."""
    upload_type: RequestText
    """What identifies a device, e.g. ``IMEI``, ``IMEI ICCID Pair``; no list is documented."""


class UploadDevices(Upload):
    """Tell the carrier's database of new hardware; wait five minutes before activating it."""

    title = "Upload Devices"
    method = "POST"
    path = "/devices/actions/upload"

    account_name: AccountName | None = None
    """The account; needed when the user can reach several."""
    devices: Annotated[list[KnownDevice], Field(min_length=1, max_length=MAX_DEVICES)]
    """The devices, all of one type and SKU."""


class UploadAndActivate(Upload):
    """Tell the carrier's database of new hardware and activate it; billing starts."""

    title = "Upload and Activate Devices"
    method = "POST"
    path = "/devices/actions/uploadactivate"
    more_callbacks = ("CarrierService",)

    account_name: AccountName
    """The account."""
    service_plan: RequestText
    """The plan's code."""
    mdn_zip_code: ZipCode
    """ZIP code of the place of use; decides the number's area."""
    carrier_ip_pool_name: RequestText | None = None
    """Address pool; the default one when omitted."""
    devices: Annotated[list[DeviceIds], Field(min_length=1, max_length=MAX_DEVICES)]
    """The devices; where a static address belongs is not confirmed."""
