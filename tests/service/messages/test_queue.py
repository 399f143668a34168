"""The queue: looking acknowledges nothing, draining keeps each block before it asks for more."""

from pathlib import Path

import pytest

from tests.service.cases import changes, row_in, workspace
from tests.service.messages.cases import write_from
from tests.support.waiting import until
from tsui.service.failures import ReadFailed
from tsui.service.messages.queue import Drained
from tsui.service.workspace import Workspace
from tsui.simulator.faults import Fault
from tsui.simulator.server import Running
from tsui.simulator.settings import SimulatorSettings

BLOCK = 2


@pytest.fixture
def simulator_settings() -> SimulatorSettings:
    return SimulatorSettings(devices=60, delay=0.05, sms_every=0.0, sms_backlog=0, sms_block=BLOCK)


def waiting(simulator: Running) -> list[str]:
    """Return what is in the simulator's queue."""
    return [each.text for each in simulator.world.texts.queue(simulator.accounts[0])]


async def kept(made: Workspace) -> list[str]:
    found, _ = await made.desks.messages.conversations()
    messages = [await made.desks.messages.with_device(each.peer) for each in found]
    return sorted(each.text for together in messages for each in together)


async def test_looking_acknowledges_nothing_however_often(
    simulator: Running, tmp_path: Path
) -> None:
    async with workspace(simulator, tmp_path) as made:
        write_from(simulator, await row_in(made, "active"), "a", "b", "c")
        for _ in range(3):
            peeked = await made.desks.sms_queue.peek()
            assert [each.text for each in peeked.messages] == ["a", "b"]
            assert peeked.has_more
        assert waiting(simulator) == ["a", "b", "c"]
        assert await changes(made) == []


async def test_what_was_looked_at_is_kept_since_a_last_block_may_be_gone_then(
    simulator: Running, tmp_path: Path
) -> None:
    simulator.world.settings.sms_keeps_last_block = False
    async with workspace(simulator, tmp_path) as made:
        write_from(simulator, await row_in(made, "active"), "a")
        await made.desks.sms_queue.peek()
        assert waiting(simulator) == []

        async def known() -> bool:
            return await kept(made) == ["a"]

        await until(known, what="the message in its conversation")


async def test_draining_takes_all_and_writes_down_each_block(
    simulator: Running, tmp_path: Path
) -> None:
    simulator.world.settings.sms_keeps_last_block = False
    async with workspace(simulator, tmp_path) as made:
        texts = [f"text {number}" for number in range(2 * BLOCK + 1)]
        write_from(simulator, await row_in(made, "active"), *texts)
        steps: list[Drained] = []
        done = await made.desks.sms_queue.drain("the listener is gone", steps.append)
        assert done == Drained(5, 3)
        assert [each.messages for each in steps] == [2, 4, 5]
        assert waiting(simulator) == []

        async def known() -> bool:
            return await kept(made) == texts

        await until(known, what="the messages in their conversation")
        requests = await changes(made)
        assert [each.operation for each in requests] == ["ReadSmsQueue"] * 2
        assert {each.note for each in requests} == {"the listener is gone"}


async def test_draining_stops_where_it_fails_and_tells_how_far_it_came(
    simulator: Running, tmp_path: Path
) -> None:
    async with workspace(simulator, tmp_path) as made:
        write_from(simulator, await row_in(made, "active"), "a", "b", "c", "d", "e")
        fault = Fault("status", "/history", "GET", status=503, times=1, skip=1)
        simulator.world.faults.append(fault)
        done = await made.desks.sms_queue.drain("", lambda _: None)
        assert done.messages == BLOCK
        assert done.trouble
        assert set(waiting(simulator)) >= {"c", "d", "e"}


async def test_a_queue_that_cannot_be_read_is_told(simulator: Running, tmp_path: Path) -> None:
    async with workspace(simulator, tmp_path, signed_in=False) as made:
        with pytest.raises(ReadFailed, match="Nobody is signed in"):
            await made.desks.sms_queue.peek()
        assert not made.desks.sms_queue.is_busy
