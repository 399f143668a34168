"""Which devices a request means: named one by one, or chosen by group, plan and custom fields."""

from collections.abc import Iterable, Mapping
from typing import Any

from tsui.simulator.device import SimDevice
from tsui.simulator.errors import rejected
from tsui.simulator.fields import custom_fields, device_id, items, text
from tsui.simulator.fleet import Fleet
from tsui.simulator.jobs import Target
from tsui.simulator.pace import gently
from tsui.simulator.schema import TOO_MANY
from tsui.simulator.world import World


def fleet_of(world: World, account: str) -> Fleet:
    """Return the fleet of an account; refuses a missing or unknown name as documented."""
    if not account:
        raise rejected(
            "REQUEST_FAILED.MultipleAccounts", "The user has several accounts; name one."
        )
    if account not in world.fleets:
        raise rejected("REQUEST_FAILED.AccountNotFound", "The account was not found.")
    return world.fleets[account]


def find_device(world: World, account: str, value: Any) -> tuple[str, SimDevice]:
    """Return account and device of a DeviceId; in every account when none is named."""
    kind, number = device_id(value)
    names = [account] if account else list(world.fleets)
    for name in names:
        device = fleet_of(world, name).find(kind, number)
        if device is not None:
            return name, device
    raise rejected("REQUEST_FAILED.DeviceNotFound", "The device was not found on the account.")


def identifiers(each: Any) -> list[tuple[str, str]]:
    """Return kinds and values of a device's deviceIds."""
    ids = each.get("deviceIds") if isinstance(each, dict) else None
    if not isinstance(ids, list) or not ids:
        raise rejected("DeserializationFailed", "A device needs deviceIds.")
    return [device_id(value) for value in ids]


def known(fleet: Fleet, pairs: Iterable[tuple[str, str]]) -> SimDevice | None:
    """Return the device with any of some identifiers; None for an unknown one."""
    for kind, value in pairs:
        if device := fleet.find(kind, value):
            return device
    return None


def account_of(world: World, body: Mapping[str, Any]) -> str:
    """Return the account a request is for: the one it names, or that of its first device."""
    account = text(body, "accountName")
    first = _first_id(body)
    if not account and first is not None:
        return find_device(world, "", first)[0]
    fleet_of(world, account)
    return account


def _first_id(body: Mapping[str, Any]) -> Any:
    for name in ("deviceIds", "devices", "labels"):
        if found := items(body, name):
            ids = found[0].get("deviceIds") if isinstance(found[0], dict) else None
            return ids[0] if isinstance(ids, list) and ids else found[0]
    return body.get("deviceId")


async def of_request(
    world: World, account: str, body: Mapping[str, Any], plan_name: str = "servicePlan"
) -> list[Target]:
    """Return the devices a request names in ``devices``; those its selectors mean otherwise."""
    if body.get("devices") is not None:
        return await named(world, account, items(body, "devices"))
    return await matching(world.fleets[account], body, plan_name)


async def named(world: World, account: str, devices: list[Any]) -> list[Target]:
    """Return the devices that are named by objects with deviceIds."""
    _check_count(world, devices)
    targets: dict[int, Target] = {}
    async for each in gently(devices):
        device = known(world.fleets[account], identifiers(each))
        if device is None:
            raise rejected(
                "REQUEST_FAILED.DeviceNotFound", "The device was not found on the account."
            )
        targets.setdefault(device.number, Target(device, each["deviceIds"]))
    return list(targets.values())


async def flat(world: World, account: str, ids: list[Any]) -> list[Target]:
    """Return the devices that are named by one identifier each."""
    _check_count(world, ids)
    targets: dict[int, Target] = {}
    async for each in gently(ids):
        device = find_device(world, account, each)[1]
        targets.setdefault(device.number, Target(device, [each]))
    return list(targets.values())


async def flat_or_matching(
    world: World, account: str, body: Mapping[str, Any], selectors: Mapping[str, Any]
) -> list[Target]:
    """Return the devices of a flat list; those the selectors mean where there is none."""
    if ids := items(body, "deviceIds"):
        return await flat(world, account, ids)
    return await matching(world.fleets[account], selectors)


async def matching(
    fleet: Fleet, selectors: Mapping[str, Any], plan_name: str = "servicePlan"
) -> list[Target]:
    """Return the devices that selectors mean; every one where there are none."""
    group, plan = text(selectors, "groupName"), text(selectors, plan_name) if plan_name else ""
    custom = custom_fields(selectors)
    targets: list[Target] = []
    async for number in gently(fleet.numbers()):
        device = fleet.get(number)
        if (
            (not group or device.group == group)
            and (not plan or device.plan == plan)
            and all(device.custom[index] == value for index, value in custom.items())
        ):
            targets.append(Target(device, [{"id": device.iccid, "kind": "iccid"}]))
    return targets


def _check_count(world: World, devices: list[Any]) -> None:
    if not devices:
        raise rejected("DeserializationFailed", "No device is named.")
    if len(devices) > world.settings.max_devices:
        raise rejected(TOO_MANY, f"The number of devices exceeds {world.settings.max_devices}.")
