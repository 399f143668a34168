"""What the simulator tells by each service that nobody asks becomes one notice each."""

import hashlib
import json
from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from tests.service.cases import workspace
from tests.support.listener import Inbox, listener
from tests.support.waiting import until
from tsui.simulator.control import _ELSEWHERE
from tsui.simulator.notices import HAPPENINGS
from tsui.simulator.server import Running
from tsui.simulator.settings import SimulatorSettings
from tsui.store.inbox import Arrival
from tsui.store.notice import Severity
from tsui.thingspace.callbacks import RegisterListener

WANTED = {
    "ResumeTrackingNotification": [("resume", Severity.WARNING)],
    "SubscriptionNotificationService": [("throttled", Severity.ALARM)],
    "PromoChanges": [("promo", Severity.INFO)],
    "AlertService": [("hardware", Severity.ALARM)],
    # The network found other hardware, and a portal suspended the line.
    "ExternalProvisioningChanges": [("elsewhere", Severity.ALARM)] * 2,
    "EnhancedConnectivityService": [("sms", Severity.INFO)],
}


@pytest.fixture
def simulator_settings() -> SimulatorSettings:
    return SimulatorSettings(devices=20, delay=0.05)


async def test_each_service_ends_as_notices_of_its_own(simulator: Running, tmp_path: Path) -> None:
    world = simulator.world
    async with AsyncExitStack() as stack:
        made = await stack.enter_async_context(workspace(simulator, tmp_path))
        heard: dict[str, Inbox] = {}
        for service in WANTED:
            heard[service] = await stack.enter_async_context(listener())
            url = heard[service].url
            await made.perform(RegisterListener(account_name=made.account, name=service, url=url))
        fleet = world.fleets[made.account]
        devices = (fleet.get(number) for number in fleet.numbers())
        device = fleet.touch(next(each for each in devices if each.state == "active"))
        world.texts.receive(made.account, device, "battery low", world.clock.timestamp())
        for name in ("promo", "threshold", "detection"):
            HAPPENINGS[name](world, made.account, device)
        suspend = _ELSEWHERE["suspend"]
        assert world.engine.change_elsewhere(fleet, made.account, suspend, device) is None
        HAPPENINGS["resume-notice"](world, made.account, device)
        for service, wanted in WANTED.items():
            await until(
                lambda service=service, wanted=wanted: len(heard[service].messages) == len(wanted),
                what=f"the messages of {service}",
            )
        arrivals = [
            Arrival(
                hashlib.sha256(f"{service}{place}".encode()).digest(), 5.0, service, "192.0.2.1",
                str(body.get("requestId", "")), json.dumps(body).encode(),
            )
            for service, inbox in heard.items()
            for place, body in enumerate(inbox.messages)
        ]  # fmt: skip
        await made.inbox.keep(arrivals)
        desk = made.desks.notices

        async def all_noticed() -> bool:
            told = [each for each in await desk.newest(100) if each.message is not None]
            return len(told) == len(arrivals)

        await until(all_noticed, what="the notices")
        found: dict[str, list[tuple[str, Severity]]] = {}
        for each in await desk.newest(100):
            if each.message is not None:
                found.setdefault(each.source, []).append((each.kind, each.severity))
                assert each.device == f"iccid:{device.iccid}"
        assert found == WANTED
