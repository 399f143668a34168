"""Where devices are, as the network sees it: in answers, in reports and by callback."""

import re
from datetime import datetime, timedelta
from typing import Annotated, Literal

from pydantic import Field

from tsui.thingspace.account import AccountName
from tsui.thingspace.operation import LOCATION, Effect, Operation
from tsui.thingspace.parts import OBJECT_OR_NOTHING
from tsui.thingspace.times import parse_time
from tsui.thingspace.wire import Reply, RequestPart, RequestText, Secret

MAX_FOUND = 20
"""Devices one request may locate while it is waited for."""

MAX_REQUESTED = 10_000
"""Devices one request may have located by callback."""

PER_PAGE = 1000
"""Devices on a page of a report."""

_OFFSET = re.compile(r"([+-]?)([0-9]{1,2}):?([0-9]{2})?")

LocationService = Literal["Location", "DeviceLocation"]
"""Callback services of the location service: reports, or single locations."""

_TransactionId = Annotated[RequestText, Field(min_length=1)]


class LocatedDevice(RequestPart):
    """A device to locate, by an identifier and its number."""

    id: RequestText
    """The identifier's value."""
    kind: RequestText
    """The identifier's kind: imei, meid and others."""
    mdn: RequestText
    """The line's number."""


class LocationQuery(RequestPart):
    """What every request for locations says."""

    account_name: AccountName
    """The account of the devices."""
    accuracy_mode: Literal["0"] | None = None
    """Coarse; nothing finer is offered."""
    cache_mode: Literal["0", "1", "2"] | None = None
    """0 the last known place only; 1 that or a fresh one; 2 a fresh one; the last two guessed."""


class Position(Reply):
    """A place; empty where there was an error."""

    time: str = ""
    """When, as ``yyyymmddHHMMSS`` at the offset beside it."""
    utcoffset: str | None = Field(None, alias="utcoffset")
    """The offset from UTC."""
    x: str = ""
    """Latitude in degrees, as the samples have it."""
    y: str = ""
    """Longitude in degrees, as the samples have it."""
    radius: str | None = None
    """Metres around."""
    qos: bool | None = None
    """Whether the accuracy that was asked for is met."""

    def moment(self) -> datetime | None:
        """Return the time as UTC; None where it cannot be read."""
        try:
            moment = parse_time(self.time)
            return moment and moment - _offset(self.utcoffset or "")
        except (ValueError, OverflowError):
            return None


class PositionError(Reply):
    """Why there is no place; empty where there is one."""

    time: str = ""
    """When, as ``yyyymmddHHMMSS``."""
    utcoffset: str | None = Field(None, alias="utcoffset")
    """The offset from UTC."""
    type: str = ""
    """What failed, e.g. ``POSITION METHOD FAILURE``."""
    info: str = ""
    """More about it, e.g. ``Exception code=ABSENT SUBSCRIBER``."""


class DeviceLocation(Reply):
    """A device and its place, or why it has none."""

    msid: str = ""
    """The line's number."""
    pd: Position | None = None
    """The place."""
    error: PositionError | None = None
    """The error."""


class FindLocations(LocationQuery, Operation[list[DeviceLocation]]):
    """Locate a few devices and wait for the places; single devices may fail."""

    title = "Find Device Locations"
    method = "POST"
    base = LOCATION
    path = "/locations"
    effect = Effect.READ
    max_devices = MAX_FOUND
    read_timeout = 60.0

    device_list: Annotated[list[LocatedDevice], Field(min_length=1, max_length=MAX_FOUND)]
    """The devices."""


class Transaction(Reply):
    """A job of the location service."""

    txid: str = ""
    """The job's id."""
    status: str = ""
    """``QUEUED``, ``INPROGRESS``, ``COMPLETED``; how a failure is called is not documented."""
    estimated_duration: str | None = None
    """Minutes it will take."""


class CreateLocationReport(LocationQuery, Operation[Transaction]):
    """Have devices located into a report."""

    title = "Create Device Location Report"
    method = "POST"
    base = LOCATION
    path = "/locationreports"
    callback = "Location"

    device_list: Annotated[list[LocatedDevice], Field(min_length=1)]
    """The devices; no limit is documented."""


class ReportOperation(RequestPart):
    """What every question about a report says."""

    account_name: AccountName
    """The account of the report."""
    txid: _TransactionId
    """The job's id; a date may stand in front."""


class LocationReportPage(Reply):
    """A page of a report."""

    txid: str = ""
    """The job's id."""
    start_index: str = ""
    """Place of the first device, from zero."""
    total_count: int | None = None
    """Devices in the report."""
    has_more_data: bool | None = None
    """Whether another page follows."""
    dev_location_list: list[DeviceLocation] | None = None
    """The devices of this page."""


class GetLocationReport(ReportOperation, Operation[LocationReportPage]):
    """Read a page of a report that is complete."""

    title = "Retrieve Device Location Report"
    method = "GET"
    base = LOCATION
    path = "/locationreports/{account_name}/report/{txid}/index/{start_index}"
    effect = Effect.READ

    start_index: Annotated[int, Field(ge=0)] = 0
    """Place of the first device to read: 0, 1000, 2000 and so on."""


class GetLocationReportStatus(ReportOperation, Operation[Transaction]):
    """Read how far a report is."""

    title = "Get Device Location Report Status"
    method = "GET"
    base = LOCATION
    path = "/locationreports/{account_name}/report/{txid}/status"
    effect = Effect.READ


class CancelLocationReport(ReportOperation, Operation[Transaction]):
    """Give up a report that is still queued."""

    title = "Cancel Device Location Report"
    method = "DELETE"
    base = LOCATION
    path = "/locationreports/{account_name}/report/{txid}"


class RequestLocations(LocationQuery, Operation[Transaction]):
    """Have devices located; each place comes by callback."""

    title = "Request Device Locations (asynchronous)"
    method = "POST"
    base = LOCATION
    path = "/devicelocations"
    callback = "DeviceLocation"
    max_devices = MAX_REQUESTED

    device_list: Annotated[list[LocatedDevice], Field(min_length=1, max_length=MAX_REQUESTED)]
    """The devices."""


class CancelLocationRequest(Operation[Transaction]):
    """Give up locating devices by callback."""

    title = "Cancel Asynchronous Device Location Request"
    method = "DELETE"
    base = LOCATION
    path = "/devicelocations/{txid}"
    query = frozenset({"account_name"})

    txid: _TransactionId
    """The job's id."""
    account_name: Annotated[AccountName, Field(alias="accountname")]
    """The account; in lower case on the wire, as the documents have it."""


class LocationListener(Reply):
    """A listener of the location service; sources disagree on the names of its fields."""

    account_name: str | None = None
    """The account."""
    service_name: str | None = None
    """The callback service, in the documents."""
    name: str | None = None
    """The callback service, in the SDK."""
    url: str = ""
    """Where messages go."""
    username: str | None = None
    """Copied into every message."""
    password: Secret | None = None
    """Copied into every message, in clear."""


class ListLocationListeners(Operation[list[LocationListener]]):
    """Read which listeners an account has for locations; they are registered apart."""

    title = "List Location Callback Listeners"
    method = "GET"
    base = LOCATION
    path = "/callbacks/{account_name}"
    effect = Effect.READ

    account_name: AccountName
    """The account."""


class LocationListenerRegistered(Reply):
    """The location service's note of a new listener."""

    account: str = ""
    """The account."""
    name: str = ""
    """The callback service."""


class RegisterLocationListener(Operation[LocationListenerRegistered]):
    """Register a listener for locations."""

    title = "Register a Location Callback Listener"
    method = "POST"
    base = LOCATION
    path = "/callbacks/{account_name}"
    effect = Effect.CALLBACK_ADMIN

    account_name: AccountName
    """The account."""
    name: LocationService
    """Reports or single locations."""
    url: RequestText
    """A public URL."""


class LocationListenerRemoved(Reply):
    """The location service's note of a listener that went."""

    success: bool | None = None
    """Whether it went, in one source."""
    account_name: str | None = None
    """The account, in another."""
    service_name: str | None = None
    """The callback service, in that other."""


class DeregisterLocationListener(Operation[Annotated[LocationListenerRemoved, OBJECT_OR_NOTHING]]):
    """Remove a listener for locations: its messages go nowhere from then on."""

    title = "Deregister a Location Callback Listener"
    method = "DELETE"
    base = LOCATION
    path = "/callbacks/{account_name}/name/{service}"
    effect = Effect.CALLBACK_ADMIN

    account_name: AccountName
    """The account."""
    service: LocationService
    """Reports or single locations."""


def _offset(text: str) -> timedelta:
    """Read an offset such as -5, -0500 or +05:30; nothing counts as UTC."""
    if not text.strip():
        return timedelta()
    match = _OFFSET.fullmatch(text.strip())
    if match is None:
        raise ValueError("not an offset")
    offset = timedelta(hours=int(match[2]), minutes=int(match[3] or 0))
    return -offset if match[1] == "-" else offset
