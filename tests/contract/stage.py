"""Requests that a simulator answers well: the documents' examples, about things that exist."""

import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from tests.contract.documented import Entry, class_of, is_a_name
from tests.contract.samples import sample
from tests.simulator.cases import one_in
from tests.support.waiting import until
from tsui.credentials import Credentials
from tsui.simulator.device import SimDevice
from tsui.simulator.notices import detect
from tsui.simulator.profiles import DISABLE, NOT_DOWNLOADED
from tsui.simulator.server import Running
from tsui.thingspace.catalog import OPERATIONS
from tsui.thingspace.client import Client
from tsui.thingspace.operation import Operation

Values = dict[str, Any]

GROUP, PLAN, LISTENER = "Boston meters", "M2M5MB", "http://127.0.0.1:9001/"

_LONG = {"earliest": "2020-01-01T00:00:00Z", "latest": "2025-03-15T00:00:00Z"}

UNDECLARED: dict[str, set[str]] = {
    "Retrieve Active Reachability Monitoring": {"monitorType"},
    "Retrieve Billed Usage List": {"deviceIds"},
}
"""Fields that routes take beyond the data: the SDK's names, as the data's own notes tell."""

LENIENT = {
    "Change Device Custom Fields: customFieldsToUpdate: value": "An empty value clears.",
    "Cancel Asynchronous Device Location Request query: accountname": "The SDK has accountName.",
}
"""Required fields that routes do not insist on, each with the reason."""


ABSENT = {
    "Get OAuth Access Token": {"refresh_token"},
    "Delete Devices": {"message"},
    "Retrieve Device Usage History": {"deviceId"},
}
"""Fields that good answers need not have: others than these are there in every one."""

EMPTY = {
    "Retrieve Device Connection History (deprecated list)": {"extendedAttributes"},
    "Get a List of Device Groups": {"extendedAttributes"},
    "Retrieve Service Plans": {"extendedAttributes"},
}
"""Arrays that are empty in good answers, for nobody knows what would be in them."""


@dataclass(frozen=True)
class Stage:
    """A simulator with a device, and a client that is about to call it."""

    client: Client
    simulator: Running
    keys: Credentials
    account: str

    @property
    def device(self) -> SimDevice:
        """An active device with an eUICC, which is kept from now on."""
        fleet = self.simulator.world.fleets[self.account]
        found = (fleet.get(number) for number in fleet.numbers())
        return fleet.touch(
            next(each for each in found if each.eid and each.mdn and each.state == "active")
        )

    def in_state(self, state: str) -> SimDevice:
        """Return a device in a state."""
        return one_in(self.simulator.world.fleets[self.account], state)

    async def send(self, operation: str, **values: Any) -> Any:
        """Send an operation, and return its reply."""
        return await self.client.send(OPERATIONS[operation].model_validate(values))

    async def message(self, request_id: str) -> None:
        """Wait until a request is over."""
        found = self.simulator.world.jobs.requests[request_id]
        await until(lambda: found.status != "Pending", what="the end of the request")

    async def settled(self) -> None:
        """Wait until every message that is on its way was delivered."""
        sent = self.simulator.world.postman.deliveries
        await until(lambda: all(each.delivered for each in sent), what="the deliveries")


async def operation_for(stage: Stage, entry: Entry) -> Operation[Any]:
    """Return an operation of an entry that the simulator answers well."""
    operation = class_of(entry)
    example = entry["example_request"]
    if isinstance(example, str):
        example = dict(pair.split("=") for pair in example.split("&"))
    required = (field for field in entry["request"] + entry["query"] if field.get("required"))
    values = {field["name"]: sample(field) for field in required if is_a_name(field)}
    documented = {field["name"]: field for field in entry["path_params"]}
    names = re.findall(r"\{(\w+)\}", entry["path"])
    for ours, theirs in zip(operation.path_fields(), names, strict=True):
        values[ours] = stage.account if _names_account(theirs) else sample(documented[theirs])
    real = _real({**values, **(example or {})}, stage)
    if preparation := PREPARATIONS.get(entry["name"]):
        real |= await preparation(stage)
    return operation.model_validate(real)


def _names_account(name: str) -> bool:
    return name.lower() in ("accountname", "account", "acc")


def _real(value: Any, stage: Stage) -> Any:
    """Return a value of an example that speaks of the device and the account there are."""
    if isinstance(value, list):
        return [_real(each, stage) for each in value]
    if not isinstance(value, dict):
        return value
    if {"id", "kind"} <= value.keys():
        named = {**value, **ident(stage.device, value["kind"].lower())}
        return {**named, "mdn": stage.device.mdn} if "mdn" in value else named
    return {
        name: stage.account if _names_account(name) else _real(each, stage)
        for name, each in value.items()
    }


def ident(device: SimDevice, kind: str = "iccid") -> Values:
    """Return a DeviceId of a device; by its ICCID where it has none of the kind."""
    found = {name.lower(): value for name, value in device.identifiers()}
    kind = kind if kind in found else "iccid"
    return {"id": found[kind], "kind": kind}


def devices(*named: SimDevice, kinds: tuple[str, ...] = ("iccid",)) -> list[Values]:
    """Return devices of a request."""
    return [{"deviceIds": [ident(device, kind) for kind in kinds]} for device in named]


def _of(state: str) -> Callable[[Stage], Awaitable[Values]]:
    async def prepare(stage: Stage) -> Values:
        return {"devices": devices(stage.in_state(state))}

    return prepare


def _profile(status: str) -> Callable[[Stage], Awaitable[Values]]:
    async def prepare(stage: Stage) -> Values:
        stage.device.profile = status
        return {}

    return prepare


def _fixed(**values: Any) -> Callable[[Stage], Awaitable[Values]]:
    async def prepare(_: Stage) -> Values:
        return values

    return prepare


async def _token(stage: Stage) -> Values:
    token = await stage.send("GetAccessToken")
    return {"token": token.access_token}


async def _request(stage: Stage) -> Values:
    reply = await stage.send(
        "SuspendDevices", account_name=stage.account, devices=devices(stage.device)
    )
    return {"request_id": reply.request_id}


async def _monitor(stage: Stage) -> Values:
    reply = await stage.send(
        "MonitorReachability",
        account_name=stage.account,
        devices=devices(stage.device),
        request_type="REACHABLE_FOR_DATA",
        monitor_expiration_time="2026-01-31T00:00:00Z",
    )
    await stage.message(reply.request_id)
    (monitor,) = stage.simulator.world.monitors.of(stage.account, stage.device)
    return {"monitorIds": [monitor.id]}


async def _trigger(stage: Stage) -> Values:
    reply = await stage.send(
        "CreateTrigger",
        name="Cap",
        account_name=stage.account,
        group_name=GROUP,
        trigger_category="DeviceSMSUsage",
    )
    return {"trigger_id": reply.trigger_id}


async def _with_trigger(stage: Stage) -> Values:
    await _trigger(stage)
    return {}


async def _own_trigger(stage: Stage) -> Values:
    return {"triggerId": (await _trigger(stage))["trigger_id"]}


async def _listener(stage: Stage) -> Values:
    await stage.send(
        "RegisterListener", account_name=stage.account, name="CarrierService", url=LISTENER
    )
    return {"service_name": "CarrierService"}


async def _with_listener(stage: Stage) -> Values:
    await _listener(stage)
    return {}


async def _deactive(stage: Stage) -> Values:
    return {"devicesToDelete": devices(stage.in_state("deactive"))}


async def _label(stage: Stage) -> Values:
    await stage.send(
        "SetLabels",
        account_name=stage.account,
        labels=[
            {
                "deviceIds": [ident(stage.device, "eid")],
                "label": {"name": "VIN", "value": "1HGCM82633A004352"},
            }
        ],
    )
    return {}


async def _credentials(stage: Stage) -> Values:
    return {"username": stage.keys.username, "password": stage.keys.password}


async def _password(stage: Stage) -> Values:
    return {"oldPassword": stage.keys.password}


def _located(operation: str) -> Callable[[Stage], Awaitable[Values]]:
    async def prepare(stage: Stage) -> Values:
        device = stage.device
        reply = await stage.send(
            operation,
            account_name=stage.account,
            accuracy_mode="0",
            cache_mode="1",
            device_list=[{**ident(device, "imei"), "mdn": device.mdn}],
        )
        return {"txid": reply.txid}

    return prepare


_report = _located("CreateLocationReport")


def _under_way(
    prepare: Callable[[Stage], Awaitable[Values]],
) -> Callable[[Stage], Awaitable[Values]]:
    """Return what leaves a request under way, for what is done cannot be cancelled."""

    async def prepared(stage: Stage) -> Values:
        stage.simulator.world.settings.delay = 3600.0
        return await prepare(stage)

    return prepared


async def _read_report(stage: Stage) -> Values:
    values = await _report(stage)

    async def completed() -> bool:
        reply = await stage.send(
            "GetLocationReportStatus", account_name=stage.account, txid=values["txid"]
        )
        return bool(reply.status == "COMPLETED")

    await until(completed, what="the report")
    return {**values, "start_index": "0"}


async def _location_listener(stage: Stage) -> Values:
    await stage.send(
        "RegisterLocationListener", account_name=stage.account, name="Location", url=LISTENER
    )
    return {"service": "Location"}


async def _with_location_listener(stage: Stage) -> Values:
    await _location_listener(stage)
    return {}


async def _swapped(stage: Stage) -> Values:
    detect(stage.simulator.world, stage.account, stage.device)
    return {"filter": {"earliest": "2025-01-01T00:00:00Z", "latest": "2025-03-20T00:00:00Z"}}


async def _software(stage: Stage) -> Values:
    return {"deviceList": [stage.device.imei]}


async def _other_account(stage: Stage) -> Values:
    return {"accountName": stage.simulator.accounts[1]}


PREPARATIONS: dict[str, Callable[[Stage], Awaitable[Values]]] = {
    "Revoke OAuth Access Token": _token,
    "Start a Connectivity Management Session": _credentials,
    "Reset Connectivity Management Password": _password,
    "Activate Service for Devices": _of("pre-active"),
    "Restore Device Service": _of("suspend"),
    "Get Request Status": _request,
    "Get the Status of an Asynchronous Request (v2)": _request,
    "Download and Enable Device Profile": _profile(NOT_DOWNLOADED),
    "Download and Disable Device Profile": _profile(NOT_DOWNLOADED),
    "Enable Device Profile": _profile(DISABLE),
    "Delete Devices": _deactive,
    "Move Devices": _other_account,
    "Find Mismatched Hardware": _swapped,
    "Retrieve Device Connection History (deprecated list)": _fixed(**_LONG),
    "Retrieve Device Provisioning History": _fixed(**_LONG),
    "List Account Devices by IMEI (FOTA v3)": _software,
    "Stop Device Reachability Monitoring": _monitor,
    "Create a Device Group": _fixed(groupName="Pilot"),
    "Update a Device Group": _fixed(group_name=GROUP),
    "Get Device Group Information": _fixed(group_name=GROUP),
    "Delete a Device Group": _fixed(group_name=GROUP),
    "Register a Callback Listener": _fixed(url=LISTENER),
    "List Callback Listeners": _with_listener,
    "Deregister a Callback Listener": _listener,
    "Get Triggers": _with_trigger,
    "Get a Trigger": _trigger,
    "Update a Trigger": _own_trigger,
    "Delete a Trigger": _trigger,
    "Remove Usage Segmentation Labels": _label,
    "Retrieve Device Location Report": _read_report,
    "Get Device Location Report Status": _report,
    "Cancel Device Location Report": _under_way(_report),
    "Cancel Asynchronous Device Location Request": _under_way(_located("RequestLocations")),
    "Register a Location Callback Listener": _fixed(url=LISTENER),
    "List Location Callback Listeners": _with_location_listener,
    "Deregister a Location Callback Listener": _location_listener,
}
"""What has to be there before an operation, and which values of its request follow from it."""
