"""Changes of what is noted about devices: custom fields, cost center, contact, labels."""

from collections.abc import Callable, Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from tsui.simulator.call import M2M, Body, Call, Handler, accepted
from tsui.simulator.device import SimDevice
from tsui.simulator.fields import custom_fields, items, part, text
from tsui.simulator.jobs import Denied, Notice, Target, response
from tsui.simulator.schema import (
    COST_CENTER_LONGEST,
    DEVICE_IDS,
    LABEL,
    NEEDED_ACCOUNT,
    PLACE_OF_USE,
    REQUEST_ID,
    SELECTORS,
    TOO_MANY,
    Field,
    devices,
    listed,
    needed,
    nested,
)
from tsui.simulator.selection import account_of, fleet_of, named, of_request
from tsui.simulator.world import World

Change = Callable[[SimDevice, Mapping[str, Any]], None]

MOST_LABELS = 2000
"""Labels one request may set (documented)."""

_CARRIER = "CarrierService"


def calls(world: World) -> list[Call]:
    """Return the calls of this area."""
    some = (devices(required=False), *SELECTORS)
    labels = (
        NEEDED_ACCOUNT,
        listed(
            "labels",
            DEVICE_IDS,
            nested("label", *LABEL, required=True),
            required=True,
            longest=MOST_LABELS,
            beyond=TOO_MANY,
        ),
    )
    return [
        _put(
            "actions/customFields",
            "Change Device Custom Fields",
            _changing(world, "changeCustomFields", _set_custom_fields),
            (*some, listed("customFieldsToUpdate", needed("key"), Field("value"), required=True)),
        ),
        _put(
            "costCenter",
            "Change Device Cost Center Code",
            _changing(world, "changeCostCenter", _set_cost_center),
            (
                *some,
                Field("costCenter", longest=COST_CENTER_LONGEST, plain=True),
                Field("removeCostCenter", "boolean"),
                nested("primaryPlaceOfUse", *PLACE_OF_USE),
            ),
        ),
        _put(
            "actions/contactInfo",
            "Change Device Contact Info",
            _changing(world, "changeContactInfo", _set_contact),
            (*some, nested("primaryPlaceOfUse", *PLACE_OF_USE, required=True)),
            aliases=(f"{M2M}/devices/actions/contactinfo",),
        ),
        Call(
            "POST",
            f"{M2M}/devices/actions/usagesegmentationlabels",
            "Set Usage Segmentation Labels",
            _labelling(world, _add_label),
            labels,
            REQUEST_ID,
            service=_CARRIER,
        ),
        Call(
            "DELETE",
            f"{M2M}/devices/actions/usagesegmentationlabels",
            "Remove Usage Segmentation Labels",
            _labelling(world, _remove_label),
            labels,
            REQUEST_ID,
            content="query",
            service=_CARRIER,
        ),
    ]


def _put(
    path: str, title: str, handler: Handler, body: tuple[Field, ...], aliases: tuple[str, ...] = ()
) -> Call:
    return Call(
        "PUT",
        f"{M2M}/devices/{path}",
        title,
        handler,
        body,
        REQUEST_ID,
        aliases=aliases,
        service=_CARRIER,
    )


def _changing(world: World, name: str, change: Change) -> Handler:
    async def handler(_: Request, body: Body) -> Response:
        custom_fields(body, "customFieldsToUpdate")
        account = account_of(world, body)
        targets = await of_request(world, account, body)

        def perform(target: Target) -> list[Notice]:
            world.jobs.refuse_some()
            change(world.fleets[account].touch(target.device), body)
            return [response(_CARRIER, f"{name}Response")]

        return accepted(world.jobs.submit(account, name, _CARRIER, targets, perform, changes=True))

    return handler


def _set_custom_fields(device: SimDevice, body: Mapping[str, Any]) -> None:
    for index, value in custom_fields(body, "customFieldsToUpdate").items():
        device.custom[index] = value


def _set_cost_center(device: SimDevice, body: Mapping[str, Any]) -> None:
    device.cost_center = "" if body.get("removeCostCenter") else text(body, "costCenter")
    if place := part(body, "primaryPlaceOfUse"):
        device.contact = place


def _set_contact(device: SimDevice, body: Mapping[str, Any]) -> None:
    device.contact = part(body, "primaryPlaceOfUse")


def _labelling(world: World, change: Change) -> Handler:
    async def handler(_: Request, body: Body) -> Response:
        account = text(body, "accountName")
        fleet_of(world, account)
        asked = items(body, "labels")
        targets = await named(world, account, asked)
        labels = {
            number: each["label"]
            for each in asked
            for number in [(await named(world, account, [each]))[0].device.number]
        }

        def perform(target: Target) -> list[Notice]:
            world.jobs.refuse_some()
            device = world.fleets[account].touch(target.device)
            change(device, labels[device.number])
            return [response(_CARRIER, "usageSegmentationLabelResponse")]

        return accepted(
            world.jobs.submit(
                account, "usageSegmentationLabel", _CARRIER, targets, perform, changes=True
            )
        )

    return handler


def _add_label(device: SimDevice, label: Mapping[str, Any]) -> None:
    device.labels[label["name"]] = label["value"]


def _remove_label(device: SimDevice, label: Mapping[str, Any]) -> None:
    if device.labels.get(label["name"]) != label["value"]:
        raise Denied("REQUEST_FAILED.UnexpectedError", "The device does not have this label.")
    del device.labels[label["name"]]
