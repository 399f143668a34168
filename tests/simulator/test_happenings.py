"""What the platform tells of by itself: looked for on its clock, or made to happen at once."""

from typing import Any

import pytest

from tests.simulator.cases import Api, all_in, code_of, named, one_in
from tests.simulator.hearing import ROUTER, hear, some
from tests.support.listener import Inbox
from tests.support.waiting import until
from tsui.simulator.device import ACTIVE, SUSPEND, SimDevice
from tsui.simulator.happenings import NOTICE, Happenings
from tsui.simulator.patterns import BILLING_CYCLE, DAY, Span
from tsui.simulator.settings import SimulatorSettings
from tsui.simulator.usage import usage_of
from tsui.thingspace.client import Client

RESUME = "ResumeTrackingNotification"
PROMO = "PromoChanges"
THRESHOLD = "SubscriptionNotificationService"
ELSEWHERE = "ExternalProvisioningChanges"
ALERT = "AlertService"


@pytest.fixture
def simulator_settings() -> SimulatorSettings:
    # Tests look themselves.
    return SimulatorSettings(devices=300, delay=0.05, now="2026-03-15T12:00:00Z", look_interval=0.0)


async def delivered(api: Api) -> None:
    sent = api.world.postman.deliveries
    await until(lambda: all(each.delivered for each in sent), what="the deliveries")


def iccids(inbox: Inbox) -> list[str]:
    return [each["deviceIds"][0]["id"] for each in inbox.messages]


async def provoke(api: Api, happening: str, device: SimDevice) -> None:
    body = {"happening": happening, "deviceId": named(device)}
    await api.control("POST", "happenings", body)


async def test_a_resume_is_told_of_seven_days_ahead_and_once(
    api: Api, client: Client, inbox: Inbox
) -> None:
    await hear(client, api.account, inbox, RESUME)
    world, now = api.world, api.world.clock.timestamp()
    lasts = world.settings.suspend_days_in_a_row * DAY
    suspended = all_in(api.fleet, SUSPEND)
    soon = [each for each in suspended if each.suspended_at + lasts - NOTICE <= now]
    look = Happenings(world)
    await look.look()
    await delivered(api)
    assert sorted(iccids(inbox)) == sorted(each.iccid for each in soon)
    world.clock.advance(lasts / 2)
    await look.look()
    await look.look()
    await delivered(api)
    assert len(set(iccids(inbox))) == len(inbox.messages) > len(soon)


async def test_the_notice_names_the_day_as_americans_do(
    api: Api, client: Client, inbox: Inbox
) -> None:
    await hear(client, api.account, inbox, RESUME)
    device = api.fleet.touch(one_in(api.fleet, SUSPEND))
    device.suspended_at = api.world.clock.timestamp() - 80 * DAY
    await provoke(api, "resume-notice", device)
    await delivered(api)
    (message,) = inbox.messages
    assert message["comment"].startswith("Device will resume on - 3/25/2026 12:00:")
    assert message["comment"].endswith(" PM")
    body = {"happening": "resume-notice", "deviceId": named(one_in(api.fleet, ACTIVE))}
    answer = await api.http.post("/simulator/happenings", json=body)
    assert code_of(answer) == "INPUT_INVALID.DeviceState.Invalid"


async def test_promotions_end_with_the_billing_cycle(
    api: Api, client: Client, inbox: Inbox
) -> None:
    await hear(client, api.account, inbox, PROMO)
    world, look = api.world, Happenings(api.world)
    await look.look()
    assert not world.postman.deliveries
    world.clock.advance(BILLING_CYCLE)
    await look.look()
    await look.look()
    await delivered(api)
    count = len(inbox.messages)
    assert 0 < count < 30
    assert {each["promoChange"]["change"] for each in inbox.messages} == {"PROMO-EX"}
    assert len(set(iccids(inbox))) == count


@pytest.mark.parametrize(
    "simulator_settings", [SimulatorSettings(devices=60, now="2026-03-15T12:00:00Z")]
)
async def test_lines_that_use_up_their_plan_are_told_of(
    api: Api, client: Client, inbox: Inbox
) -> None:
    await hear(client, api.account, inbox, THRESHOLD)
    device = api.fleet.touch(some(api.fleet, ROUTER))
    device.plan = "M2M5MB"
    look = Happenings(api.world)
    # Some lines have their turn each time: this one is left out a hundred times by no chance.
    for _ in range(100):
        await look.look()
        await delivered(api)
        if device.iccid in iccids(inbox):
            break
    (mine,) = (each for each in inbox.messages if each["deviceIds"][0]["id"] == device.iccid)
    notice = mine["subscriptionNotification"]
    assert (notice["type"], notice["percentage"]) == ("Throttled", 100)
    now = api.world.clock.timestamp()
    begun = now // BILLING_CYCLE * BILLING_CYCLE
    used = usage_of(api.world, device, Span(begun, now))["dataUsage"]
    assert 5 * 1024**2 < notice["bytesUsed"] <= used


async def test_others_change_lines_as_often_as_the_setting_says(
    api: Api, client: Client, inbox: Inbox
) -> None:
    await hear(client, api.account, inbox, ELSEWHERE)
    look = Happenings(api.world)
    api.world.clock.advance(DAY)
    await look.look()
    assert not api.world.postman.deliveries
    api.world.settings.elsewhere_a_day = 3.0
    api.world.clock.advance(DAY)
    await look.look()
    await delivered(api)
    changed = {each.iccid for each in api.fleet.changed() if each.state == SUSPEND}
    assert set(iccids(inbox)) == changed
    assert 1 <= len(changed) <= 4


async def test_it_looks_by_itself_and_stops_when_told(
    api: Api, client: Client, inbox: Inbox
) -> None:
    await hear(client, api.account, inbox, RESUME)
    for device in all_in(api.fleet, SUSPEND):
        api.fleet.touch(device).suspended_at = api.world.clock.timestamp() - 89 * DAY
    api.world.clock.advance(3600)
    await api.control("POST", "advance", {"seconds": 1})
    assert not inbox.messages
    await api.control("PATCH", "settings", {"look_interval": 900.0})
    await api.control("POST", "advance", {"seconds": 60})
    await until(lambda: len(inbox.messages) == len(all_in(api.fleet, SUSPEND)), what="the notices")


async def test_nothing_is_looked_for_that_nobody_hears(api: Api) -> None:
    for device in all_in(api.fleet, SUSPEND):
        api.fleet.touch(device).suspended_at = api.world.clock.timestamp() - 89 * DAY
    await Happenings(api.world).look()
    assert not api.world.postman.deliveries


async def test_a_sim_found_in_other_hardware_is_told_of_twice(
    api: Api, client: Client, inbox: Inbox
) -> None:
    await hear(client, api.account, inbox, ELSEWHERE, ALERT)
    device = one_in(api.fleet, ACTIVE)
    before = device.imei
    await provoke(api, "detection", device)
    await until(lambda: len(inbox.messages) == 2, what="both messages")
    by_kind: dict[str, Any] = {
        name: each[name]
        for each in inbox.messages
        for name in ("alert", "externalProvisioningChange")
        if name in each
    }
    after = by_kind["alert"]["currentImei"]
    assert by_kind["alert"]["previousImei"] == before != after
    assert by_kind["externalProvisioningChange"]["change"] == "Device Detection"
    assert {"kind": "imei", "id": after} in (await api.view(device))["deviceIds"]
    span = {"earliest": "2026-03-15T00:00:00Z", "latest": "2026-03-16T00:00:00Z"}
    report = await api.post(
        "/devices/actions/list/imeiiccidmismatch",
        {"accountName": api.account, "filter": span},
    )
    (swap,) = (each for each in report["devices"] if each["iccid"] == device.iccid)
    assert (swap["preImei"], swap["postImei"]) == (before, after)


async def test_only_what_is_known_can_be_made_to_happen(api: Api) -> None:
    body = {"happening": "earthquake", "deviceId": named(one_in(api.fleet, ACTIVE))}
    answer = await api.http.post("/simulator/happenings", json=body)
    assert code_of(answer) == "DeserializationFailed"
