"""Devices and histories as the platform writes them."""

from collections.abc import Iterator
from typing import Any

from tsui.simulator.catalogue import ACCOUNTS
from tsui.simulator.clock import iso
from tsui.simulator.device import SUSPEND, SimDevice
from tsui.simulator.patterns import BILLING_CYCLE, DAY, Session, Span, daily_bytes
from tsui.simulator.rules import ACTIVATE, DEACTIVATE, RESTORE, SUSPENDING
from tsui.simulator.world import World

_SHOWN_PENDING = frozenset(action.pending for action in (ACTIVATE, SUSPENDING, RESTORE, DEACTIVATE))


def state_of(device: SimDevice) -> str:
    """Return the state a device shows: that of a change under way, if it has one."""
    return device.pending if device.pending in _SHOWN_PENDING else device.state


def device_view(world: World, device: SimDevice) -> dict[str, Any]:
    """Return a device as the list shows it."""
    now = world.clock.timestamp()
    newest = device.newest_session(world.settings.seed, now)
    line: dict[str, Any] = {"carrierName": "Verizon Wireless", "state": state_of(device)}
    if device.plan:
        line["servicePlan"] = device.plan
    view: dict[str, Any] = {
        "accountName": ACCOUNTS[device.account],
        "billingCycleEndDate": iso(_cycle_end(now)),
        "carrierInformations": [line],
        "connected": newest is not None and newest.is_open(now),
        "createdAt": iso(device.created),
        "customFields": [
            {"key": f"CustomField{index}", "value": value}
            for index, value in enumerate(device.custom, 1)
            if value
        ],
        "deviceIds": device.ids(),
        "extendedAttributes": _attributes(world, device),
        "groupNames": [device.group],
    }
    if device.ip:
        view["ipAddress"] = device.ip
    if device.activated:
        view["lastActivationBy"] = device.activated_by
        view["lastActivationDate"] = iso(device.activated)
    if newest is not None:
        view["lastConnectionDate"] = iso(newest.start)
    return view


def diagnostics_view(world: World, device: SimDevice) -> dict[str, Any]:
    """Return a device's extended diagnostics; every value is text."""
    now = world.clock.timestamp()
    newest = device.newest_session(world.settings.seed, now)
    connected = newest is not None and newest.is_open(now)
    resume = device.suspended_at + world.settings.suspend_days_in_a_row * DAY
    suspended = device.state == SUSPEND
    parts = {
        "Connectivity": {
            "Connected": str(connected).lower(),
            "LastConnectionDate": iso(newest.start) if newest else "",
            "IPAddress": device.ip,
            "NetworkTechnology": device.model.technology,
            "Roaming": "true" if device.is_roaming else "",
        },
        "Identifiers": {kind.upper(): value for kind, value in device.identifiers()},
        "Device": {
            "Make": device.model.make,
            "Model": device.model.name,
            "AccountName": ACCOUNTS[device.account],
            "GroupName": device.group,
        },
        "Provisioning": {
            "DeviceState": state_of(device),
            "LastActivationDate": iso(device.activated) if device.activated else "",
            "LastActivationBy": device.activated_by,
            "LastDateSuspended": iso(device.suspended_at) if device.suspended_at else "",
            "ResumeDate": iso(resume) if suspended else "",
        },
        "Billing": {
            "ServicePlan": device.plan,
            "BillingCycleEndDate": iso(_cycle_end(now)),
        },
        "Location": {
            "PrimaryPlaceOfUseCity": device.site[0],
            "PrimaryPlaceOfUseState": device.site[1],
            "PrimaryPlaceOfUseZipCode": device.site[2],
        },
    }
    return {
        "categories": [
            {
                "categoryName": name,
                "extendedAttributes": [
                    {"key": key, "value": value} for key, value in values.items() if value
                ],
            }
            for name, values in parts.items()
        ]
    }


def provisioning_records(device: SimDevice, window: Span) -> list[dict[str, Any]]:
    """Return the provisioning history of a window, oldest first."""
    return [
        {
            "occurredAt": iso(event.at),
            "status": event.status,
            "eventBy": event.by,
            "eventType": event.what,
            "servicePlan": event.plan,
            "mdn": event.mdn,
            "msisdn": f"1{event.mdn}" if event.mdn else "",
            "extendedAttributes": [],
        }
        for event in sorted(device.history, key=lambda each: each.at)
        if window.start <= int(event.at) <= window.end
    ]


def connection_records(world: World, device: SimDevice, window: Span) -> Iterator[dict[str, Any]]:
    """Yield the connection history of a window, oldest first; sessions never overlap."""
    now = world.clock.timestamp()
    end = min(window.end, now)
    for session in device.sessions(world.settings.seed, window, now):
        for at, event in _events(device, session):
            if window.start <= at <= end:
                yield event


def usage_records(world: World, device: SimDevice, window: Span) -> list[dict[str, Any]]:
    """Return usage by whole days (midnight UTC) as far as they have passed, oldest first."""
    now = world.clock.timestamp()
    cut = Span(window.start // DAY * DAY, min((window.end // DAY + 1) * DAY, now))
    found = device.sessions(world.settings.seed, cut, now)
    sms = device.model.rhythm.sms_a_week
    return [
        {
            "bytesUsed": size,
            "extendedAttributes": [
                {"key": "MoSms", "value": str(_sms(sms, day))},
                {"key": "MtSms", "value": "0"},
            ],
            "servicePlan": device.plan,
            "smsUsed": _sms(sms, day),
            "source": "Raw Usage",
            "timestamp": iso(day),
            **({"internationalUsage": {"bytesUsed": size}} if device.is_roaming else {}),
        }
        for day, size in daily_bytes(found, cut).items()
        if window.start <= day <= window.end
    ]


def _events(device: SimDevice, session: Session) -> list[tuple[float, dict[str, Any]]]:
    def event(at: float, what: str, size: int) -> tuple[float, dict[str, Any]]:
        attributes = [{"key": "BytesUsed", "value": str(size)}, {"key": "Event", "value": what}]
        if device.mdn:
            attributes.append({"key": "Msisdn", "value": f"1{device.mdn}"})
        return float(int(at)), {
            "occurredAt": iso(at),
            "connectionEventAttributes": attributes,
            "extendedAttributes": [],
        }

    return [event(session.start, "Start", 0)] + (
        [event(session.end, "Stop", session.size)] if session.end != float("inf") else []
    )


def _sms(a_week: int, day: float) -> int:
    return a_week if int(day // DAY) % 7 == 0 else 0


def _cycle_end(now: float) -> float:
    return (now // BILLING_CYCLE + 1) * BILLING_CYCLE


def _attributes(world: World, device: SimDevice) -> list[dict[str, str]]:
    city, state, zip_code = device.site
    pairs: list[dict[str, str]] = []
    if world.settings.tells_paging_key:
        pairs.append({"key": "DeviceId", "value": str(device.platform_id)})
    customer, address = device.contact.get("customerName", {}), device.contact.get("address", {})
    if device.cost_center:
        pairs.append({"key": "CostCenterCode", "value": device.cost_center})
    if device.stage:
        pairs.append({"key": "ServiceName", "value": device.service_name})
        pairs.append({"key": "StateName", "value": device.stage})
    return [
        *pairs,
        {"key": "PrimaryPlaceOfUseTitle"},
        {
            "key": "PrimaryPlaceOfUseFirstName",
            "value": customer.get("firstName", device.custom[2]),
        },
        {"key": "PrimaryPlaceOfUseCity", "value": address.get("city", city)},
        {"key": "PrimaryPlaceOfUseState", "value": address.get("state", state)},
        {"key": "PrimaryPlaceOfUseZipCode", "value": address.get("zip", zip_code)},
        {"key": "PrimaryPlaceOfUseCountry", "value": "USA"},
    ]
