"""Timelines of devices in the situations of the simulator, read over real HTTP."""

from pathlib import Path

import pytest

from tests.receiver.cases import KEYS
from tests.service.cases import rows, sim_device, submit, until_over, workspace
from tests.service.diagnosing import came, receiver
from tests.service.timelines import odd
from tests.support.waiting import until
from tsui.service.timeline.model import DAY, Lane, Timeline
from tsui.service.workspace import Workspace
from tsui.simulator.faults import Fault
from tsui.simulator.notices import detect
from tsui.simulator.scenarios import play_named
from tsui.simulator.server import Running
from tsui.simulator.settings import SimulatorSettings
from tsui.store.devices import DeviceRow


@pytest.fixture
def simulator_settings() -> SimulatorSettings:
    return SimulatorSettings(devices=12, delay=0.02)


async def staged(made: Workspace, iccid: str) -> DeviceRow:
    return next(row for row in await rows(made) if row.iccid == iccid)


async def read(simulator: Running, folder: Path, name: str) -> Timeline:
    """Put a device into a situation, read everything about it, and return its timeline."""
    iccid = play_named(simulator.world, name)["iccid"]
    async with workspace(simulator, folder) as made:
        device = await staged(made, iccid)
        await made.desks.verdicts.read(device)
        return await made.desks.timelines.of(device)


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("lost", "times its usual 6 h"),
        ("reconnect-loop", "Burst of "),
        ("empty-sessions", "sessions in a row without a byte"),
        ("suspended", "Suspension Confirmed by portal.jwhitfield"),
        ("change-failed", "it did not succeed: The network refused it."),
        ("sim-moved", "SIM found in IMEI"),
        ("history-refused", "Not known for 24 h: could not be read"),
    ],
)
async def test_what_is_the_matter_is_an_anomaly(
    name: str, said: str, simulator: Running, tmp_path: Path
) -> None:
    found = odd(await read(simulator, tmp_path, name))
    assert any(said in f"{sentence}: {reason}" for sentence, reason in found), found


async def test_a_device_that_sleeps_as_usual_has_no_anomaly_of_its_own(
    simulator: Running, tmp_path: Path
) -> None:
    made = await read(simulator, tmp_path, "asleep")
    assert odd(made) == [
        ("Activation Confirmed by portal.jwhitfield", "not made from here; state change")
    ]
    assert {Lane.SESSIONS, Lane.USAGE, Lane.LINE} <= {each.lane for each in made.moments}
    assert len([each for each in made.moments if each.name == "session"]) > 100
    assert made.read_at is not None


async def test_a_window_that_fails_is_a_hole(simulator: Running, tmp_path: Path) -> None:
    simulator.world.settings.history_page = 20
    made = await read(simulator, tmp_path, "asleep")
    holes = [each for each in made.moments if each.name == "hole"]
    assert holes
    assert all("more than is read at once" in each.reason for each in holes)
    for hole in holes:
        inside = [
            each for each in made.moments
            if each.lane is Lane.SESSIONS and hole.at < each.at < hole.ends
        ]  # fmt: skip
        assert inside == []


async def test_our_change_its_record_and_its_callback_are_ours(
    simulator: Running, tmp_path: Path
) -> None:
    async with receiver(simulator, tmp_path):
        iccid = play_named(simulator.world, "asleep")["iccid"]
        async with workspace(simulator, tmp_path) as made:
            device = await staged(made, iccid)
            await submit(made, [device])
            await until_over(made)
            await until(lambda: came(made), what="the callback")
            await made.desks.verdicts.read(device)
            timeline = await made.desks.timelines.of(device)
    recent = [each for each in timeline.moments if each.at > timeline.now - DAY / 24]
    lanes = {each.lane for each in recent}
    assert {Lane.REQUESTS, Lane.LINE, Lane.CALLBACKS} <= lanes
    reasons = [each.reason for each in recent if each.lane is not Lane.SESSIONS]
    assert sorted(filter(None, reasons)) == ["state change"], reasons


async def test_what_others_do_is_told_by_its_messages(simulator: Running, tmp_path: Path) -> None:
    account = simulator.accounts[0]
    async with receiver(simulator, tmp_path):
        listeners = simulator.world.postman.listeners[account]
        name = "ExternalProvisioningChanges"
        one = listeners["AlertService"]
        url = f"{one.url.rpartition('/')[0]}/{name}"
        listeners[name] = type(one)(name, url, KEYS.username, KEYS.password)
        iccid = play_named(simulator.world, "abnormal-disconnect")["iccid"]
        async with workspace(simulator, tmp_path) as made:
            device = await staged(made, iccid)
            detect(simulator.world, account, sim_device(simulator, device))

            async def all_came() -> bool:
                return await made.inbox.count() >= 3

            await until(all_came, what="the messages")
            await made.desks.verdicts.read(device)
            timeline = await made.desks.timelines.of(device)
    found = [f"{sentence}: {reason}" for sentence, reason in odd(timeline)]
    assert any("Device Detection in Network: not made by API" in each for each in found), found
    assert any("Cut off by the network with code 20" in each for each in found), found


async def test_offline_the_timeline_comes_from_what_is_remembered(
    simulator: Running, tmp_path: Path
) -> None:
    before = await read(simulator, tmp_path, "lost")
    simulator.world.faults.append(Fault("hang", "", times=-1))
    async with workspace(simulator, tmp_path, signed_in=False) as made:
        device = next(row for row in await rows(made) if sim_device(simulator, row).is_staged)
        made.desks.timelines.refresh(device)
        after = await made.desks.timelines.of(device)
    assert [each.key for each in after.moments] == [each.key for each in before.moments]
