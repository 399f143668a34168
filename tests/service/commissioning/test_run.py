"""Runs over real HTTP: from the activation to the echo, and stuck at each step."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from tests.service.cases import attempt, requests_for, workspace
from tests.service.commissioning.cases import activate, begun, found, now, receiver, until_step
from tests.service.diagnosing import ShiftedClock
from tests.support.waiting import until
from tsui.service.commissioning.model import RunOutcome, StepName, StepState
from tsui.simulator.faults import Fault
from tsui.simulator.scenarios import play_named
from tsui.simulator.server import Running
from tsui.simulator.settings import SimulatorSettings
from tsui.store.announce import Topic

SEEN, WAITING, LATE = StepState.SEEN, StepState.WAITING, StepState.LATE


@pytest.fixture
def simulator_settings() -> SimulatorSettings:
    return SimulatorSettings(devices=20, delay=0.1)


def staged(simulator: Running, name: str) -> str:
    """Play a scenario in seconds: it attaches at once and connects every two seconds."""
    iccid = play_named(simulator.world, name)["iccid"]
    fleet = simulator.world.fleets[simulator.accounts[0]]
    known = fleet.find("iccid", iccid)
    assert known is not None
    device = fleet.touch(known)
    if device.attaches_after is not None and device.attaches_after < 60:
        device.attaches_after = 0.5
    rhythm = replace(device.model.rhythm, period=2.0, duration=(0.9, 1.0))
    device.model = replace(device.model, rhythm=rhythm)
    return iccid


async def test_from_the_activation_to_the_echo(simulator: Running, tmp_path: Path) -> None:
    iccid = staged(simulator, "commissioning")
    async with receiver(simulator, tmp_path), workspace(simulator, tmp_path) as made:
        run = await begun(made, iccid)
        run = await until_step(made, run, StepName.LINE, SEEN)
        assert run.step(StepName.ACTIVATION).state is WAITING
        await activate(made, iccid)
        run = await until_step(made, run, StepName.BYTES, SEEN)
        assert run.is_green
        desk = made.desks.commissionings
        assert await desk.sent_echo(run) is None
        await made.perform(desk.echo(run, "hello"))
        assert await desk.sent_echo(run) is not None
        await until_step(made, run, StepName.ECHO, SEEN)
        run = await now(made, run)
        assert "echo: hello" in run.step(StepName.ECHO).said
        assert run.outcome is RunOutcome.GREEN
        assert run.identifiers["mdn"]
        assert requests_for(simulator, "/activate") == 1


async def test_a_refused_activation_fails_and_may_be_tried_again(
    simulator: Running, tmp_path: Path
) -> None:
    iccid = staged(simulator, "commissioning-refused")
    async with workspace(simulator, tmp_path) as made:
        run = await begun(made, iccid)
        await until_step(made, run, StepName.LINE, SEEN)
        await activate(made, iccid)
        run = await until_step(made, run, StepName.ACTIVATION, StepState.FAILED)
        assert "not in the device database" in run.step(StepName.ACTIVATION).said
        assert [hint.key for hint in await made.desks.commissionings.hints(run)] == ["A"]
        device = simulator.world.fleets[simulator.accounts[0]].find("iccid", iccid)
        assert device is not None
        device.refusal = ""
        await activate(made, iccid)
        run = await until_step(made, run, StepName.CONNECTION, SEEN)
        assert run.is_open


async def test_what_takes_longer_than_usual_is_late_with_causes(
    simulator: Running, tmp_path: Path
) -> None:
    iccid = staged(simulator, "commissioning-no-attach")
    clock = ShiftedClock()
    async with workspace(simulator, tmp_path, clock=clock) as made:
        run = await begun(made, iccid)
        await until_step(made, run, StepName.LINE, SEEN)
        await activate(made, iccid)
        await until_step(made, run, StepName.APN, WAITING)
        hurried = timedelta(hours=2)
        clock.shift = hurried
        simulator.world.clock.advance(hurried.total_seconds())
        run = await until_step(made, run, StepName.CONNECTION, LATE)
        assert run.step(StepName.APN).state is StepState.NOT_KNOWABLE
        causes = " ".join(hint.cause for hint in await made.desks.commissionings.hints(run))
        assert "IMEI" in causes
        ended = await made.desks.commissionings.end(run)
        assert ended.outcome is RunOutcome.GIVEN_UP


async def test_a_session_without_bytes_is_not_green(simulator: Running, tmp_path: Path) -> None:
    iccid = staged(simulator, "commissioning-no-bytes")
    async with workspace(simulator, tmp_path) as made:
        run = await begun(made, iccid)
        await until_step(made, run, StepName.LINE, SEEN)
        await activate(made, iccid)
        run = await until_step(made, run, StepName.CONNECTION, SEEN)
        reads = requests_for(simulator, "/usage/actions/list")

        async def read_twice() -> bool:
            return requests_for(simulator, "/usage/actions/list") >= reads + 2

        await until(read_twice, what="two more readings")
        run = await now(made, run)
        assert run.step(StepName.BYTES).state is WAITING
        assert not run.is_green


async def test_without_a_listener_the_echo_cannot_be_known(
    simulator: Running, tmp_path: Path
) -> None:
    iccid = staged(simulator, "commissioning-no-echo")
    async with workspace(simulator, tmp_path) as made:
        run = await begun(made, iccid)
        await until_step(made, run, StepName.LINE, SEEN)
        await activate(made, iccid)
        run = await until_step(made, run, StepName.BYTES, SEEN)
        await made.perform(made.desks.commissionings.echo(run, "hello"))
        run = await until_step(made, run, StepName.ECHO, StepState.NOT_KNOWABLE)
        assert "cannot be known from here" in run.step(StepName.ECHO).said
        assert run.outcome is RunOutcome.GREEN


async def test_a_dropped_link_holds_a_run_up_and_spoils_nothing(
    simulator: Running, tmp_path: Path
) -> None:
    iccid = staged(simulator, "commissioning")
    async with workspace(simulator, tmp_path) as made:
        run = await begun(made, iccid)
        await until_step(made, run, StepName.LINE, SEEN)
        await activate(made, iccid)
        await until_step(made, run, StepName.ACTIVATION, SEEN)
        simulator.world.faults.append(Fault("drop", "/m2m/", times=-1))

        async def noticed() -> bool:
            return bool(made.trouble)

        await until(noticed, what="the trouble")
        before = await now(made, run)
        simulator.world.faults.clear()
        run = await until_step(made, before, StepName.BYTES, SEEN, limit=40)
        assert run.began_at == before.began_at
        assert requests_for(simulator, "/activate") == 1


async def test_another_process_goes_on_where_one_ended(simulator: Running, tmp_path: Path) -> None:
    iccid = staged(simulator, "commissioning")
    async with workspace(simulator, tmp_path) as made:
        run = await begun(made, iccid)
        await until_step(made, run, StepName.LINE, SEEN)
        await activate(made, iccid)
        await until_step(made, run, StepName.ACTIVATION, SEEN)
    async with workspace(simulator, tmp_path) as made:
        again = await begun(made, iccid)
        assert again.id == run.id
        assert again.step(StepName.ACTIVATION).state is SEEN
        await until_step(made, again, StepName.BYTES, SEEN)
        assert requests_for(simulator, "/activate") == 1


async def test_one_process_watches_and_the_others_learn_of_it(
    simulator: Running, tmp_path: Path
) -> None:
    iccid = staged(simulator, "commissioning")
    async with workspace(simulator, tmp_path) as other:
        async with workspace(simulator, tmp_path) as made:
            run = await begun(made, iccid)
            await until_step(made, run, StepName.LINE, SEEN)
            assert (await begun(other, iccid)).id == run.id
            heard: list[Topic] = []
            other.subscribe(lambda news: heard.append(news.topic))
            await activate(made, iccid)
            await until_step(other, run, StepName.ACTIVATION, SEEN)
            await until(lambda: Topic.COMMISSIONING in heard, what="the news")
        await until_step(other, run, StepName.BYTES, SEEN)
    assert requests_for(simulator, "/activate") == 1


async def test_a_run_outlives_the_cache(simulator: Running, tmp_path: Path) -> None:
    iccid = staged(simulator, "commissioning")
    async with workspace(simulator, tmp_path) as made:
        run = await begun(made, iccid)
        await until_step(made, run, StepName.LINE, SEEN)
        folder = made._store.folder
    for path in folder.glob("cache.db*"):
        path.unlink()
    async with workspace(simulator, tmp_path, synced=False) as made:
        known = await now(made, run)
        made.desks.commissionings.follow(known)
        await until_step(made, run, StepName.ACTIVATION, WAITING)

        async def remembered() -> bool:
            return bool(await made.find_devices(iccid))

        await until(remembered, what="the device being read")
        await activate(made, iccid)
        await until_step(made, run, StepName.CONNECTION, SEEN)


async def test_a_run_of_another_account_is_left_alone(simulator: Running, tmp_path: Path) -> None:
    iccid = staged(simulator, "commissioning")
    async with workspace(simulator, tmp_path) as made:
        desk = made.desks.commissionings
        run = await desk.begin(await found(made, iccid))
        await made.sign_in(attempt(simulator, account=simulator.accounts[1]), made.environment)
        assert run.account in desk.elsewhere(run)
        assert await desk.device(run) is None
        before = len(simulator.world.log)
        desk.follow(run)
        assert not desk._watches
        assert list(await desk.newest()) == []
        assert (await now(made, run)).step(StepName.LINE).state is StepState.TO_COME
        assert all("listHistory" not in seen.path for seen in simulator.world.log[before:])
        await made.sign_in(attempt(simulator), made.environment)
        desk.follow(run)
        await until_step(made, run, StepName.LINE, SEEN)


async def test_a_note_is_kept_and_a_run_ends_once(simulator: Running, tmp_path: Path) -> None:
    iccid = staged(simulator, "commissioning")
    async with workspace(simulator, tmp_path) as made:
        desk = made.desks.commissionings
        run = await desk.begin(await found(made, iccid))
        await desk.note(run, " pole 7\u202e ")
        run = await desk.end(await now(made, run))
        assert (run.note, run.outcome) == ("pole 7\u202e", RunOutcome.GIVEN_UP)
        ended_at = run.ended_at
        assert (await desk.end(run)).ended_at == ended_at
        other = await desk.begin(await found(made, iccid))
        assert other.id != run.id
        assert [each.id for each in await desk.newest()] == [other.id, run.id]
