"""Changes of many devices: all of them are written down before any is sent, or none is sent."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.service.cases import (
    attempt,
    changes,
    executions,
    requests_for,
    row_in,
    rows,
    submit,
    until_over,
    until_state,
    workspace,
)
from tests.service.operators import ids, perform
from tests.support.waiting import until
from tsui.service import drafts, kinds
from tsui.service.failures import ChangeFailed
from tsui.service.workspace import Workspace
from tsui.simulator.faults import Fault
from tsui.simulator.server import Running
from tsui.simulator.settings import SimulatorSettings
from tsui.store import batches as batch_rows
from tsui.store import moves
from tsui.store.batches import Batch, Batches
from tsui.store.changes import ChangeState
from tsui.store.devices import DeviceRow
from tsui.store.errors import DiskFull

SUSPEND = "/devices/actions/suspend"

SLOW = Fault("drip", SUSPEND, skip=1, seconds=0.03)
"""The second request is answered byte by byte: time enough to stop, on a busy machine as well."""


async def test_a_batch_that_cannot_be_written_down_as_a_whole_is_not_sent_in_parts(
    simulator: Running, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with workspace(simulator, tmp_path) as made:
        active = [row for row in await rows(made) if row.state == "active"][:3]
        left = 2
        whole = moves.write_intent

        def twice(*arguments: Any) -> int:
            nonlocal left
            left -= 1
            if left < 0:
                raise DiskFull("No room left.")
            return whole(*arguments)

        monkeypatch.setattr(batch_rows, "write_intent", twice)
        with pytest.raises(ChangeFailed, match="Nothing was sent"):
            await submit(made, active)
        assert await changes(made) == []
        assert requests_for(simulator, SUSPEND) == 0
        monkeypatch.undo()
        assert await submit(made, active) == 3


async def test_a_busy_device_keeps_its_whole_batch_from_being_sent(
    simulator: Running, tmp_path: Path
) -> None:
    async with workspace(simulator, tmp_path) as made:
        simulator.world.settings.delay = 5.0
        active = [row for row in await rows(made) if row.state == "active"][:2]
        report = await made.preflight(kinds.SUSPEND, [row.id for row in active], {})
        await submit(made, [active[1]], kinds.DEACTIVATE, waiver="")
        await until_state(made, ChangeState.ACCEPTED)
        with pytest.raises(ChangeFailed, match="Nothing was sent"):
            await made.submit(report)
        assert requests_for(simulator, SUSPEND) == 0
        assert executions(simulator, active[0]) == 0


async def test_leaving_can_wait_until_everything_is_sent(
    simulator: Running, tmp_path: Path
) -> None:
    async with workspace(simulator, tmp_path) as made:
        simulator.world.faults.append(Fault("hang", SUSPEND, seconds=0.2, times=1))
        active = [row for row in await rows(made) if row.state == "active"][:3]
        await submit(made, active)
        assert made.is_sending
        await made.finish_sending()
        assert not made.is_sending
        assert requests_for(simulator, SUSPEND) == 3
        states = {each.state for each in await changes(made)}
        assert not states & {ChangeState.INTENDED, ChangeState.SENDING}


async def test_outcomes_of_one_request_touch_no_other(simulator: Running, tmp_path: Path) -> None:
    async with workspace(simulator, tmp_path) as made:
        simulator.world.settings.delay = 30.0
        device = await row_in(made, "active")
        await submit(made, [device])
        await until_state(made, ChangeState.ACCEPTED)
        body = [{"deviceIds": [{"id": "1", "kind": "iccid"}], "response": "Known already."}]
        simulator.world.faults.append(Fault("status", "/actions/add", status=200, body=body))
        await perform(made, "AddDevices", devicesToAdd=ids("1"), skuNumber="X")
        newest, oldest = await changes(made)
        assert newest.state is ChangeState.FAILED
        assert oldest.state is ChangeState.ACCEPTED


# -- pausing, going on, calling off ---------------------------------------------------------------


@pytest.fixture
def simulator_settings() -> SimulatorSettings:
    return SimulatorSettings(devices=60, delay=0.05)


async def begin(made: Workspace, devices: int) -> list[DeviceRow]:
    active = [row for row in await rows(made) if row.state == "active"][:devices]
    assert len(active) == devices
    await submit(made, active)
    return active


async def the_batch(made: Workspace) -> Batch:
    (batch,) = await made.batching.newest()
    return batch


async def go_on(made: Workspace) -> int:
    return await made.submit(await made.batching.rest((await the_batch(made)).id))


async def test_a_paused_batch_goes_on_with_what_was_never_sent(
    simulator: Running, tmp_path: Path
) -> None:
    async with workspace(simulator, tmp_path) as made:
        simulator.world.faults.append(replace(SLOW))
        active = await begin(made, 8)
        (running,) = made.batching.under_way()
        assert (running.title, running.total) == ("Suspend", 8)
        await until(lambda: requests_for(simulator, SUSPEND) >= 2, what="two requests")
        assert made.batching.pause(running.batch)
        await made.finish_sending()
        sent = requests_for(simulator, SUSPEND)
        batch = await the_batch(made)
        assert batch.left == 8 - sent > 0
        assert not made.batching.pause(batch.id)
        assert await go_on(made) == 8 - sent
        await until_over(made, limit=30)
        assert [executions(simulator, row) for row in active] == [1] * 8
        batch = await the_batch(made)
        assert (batch.devices, batch.left) == (8, 0)
        assert batch.counts == {ChangeState.SUCCEEDED: 8}


async def test_a_batch_goes_on_after_the_program_was_left(
    simulator: Running, tmp_path: Path
) -> None:
    async with workspace(simulator, tmp_path) as made:
        simulator.world.faults.append(Fault("hang", SUSPEND, after=True, skip=1, seconds=0.0))
        active = await begin(made, 8)
        await until(lambda: requests_for(simulator, SUSPEND) >= 2, what="two requests")
    async with workspace(simulator, tmp_path) as made:
        batch = await the_batch(made)
        # What was on its way when the program ended is unknown, and is not sent again.
        begun = sum(row.state is not ChangeState.NOT_SENT for row in await changes(made))
        sent = requests_for(simulator, SUSPEND)
        assert begun in (sent, sent + 1)
        assert batch.left == 8 - begun > 0
        assert await go_on(made) == 8 - begun
        await until(
            lambda: sum(executions(simulator, row) for row in active) == sent + 8 - begun,
            what="the rest",
        )
        assert max(executions(simulator, row) for row in active) == 1


async def test_what_is_called_off_cannot_be_gone_on_with(
    simulator: Running, tmp_path: Path
) -> None:
    async with workspace(simulator, tmp_path) as made:
        simulator.world.faults.append(replace(SLOW))
        await begin(made, 8)
        batch = await the_batch(made)
        await until(lambda: requests_for(simulator, SUSPEND) >= 2, what="two requests")
        called_off = await made.batching.cancel(batch.id)
        sent = requests_for(simulator, SUSPEND)
        assert called_off == 8 - sent > 0
        await until_over(made, limit=30)
        assert requests_for(simulator, SUSPEND) == sent
        assert (await the_batch(made)).left == 0
        assert (await made.batching.rest(batch.id)).reports == ()
        assert await made.batching.cancel(batch.id) == 0


async def test_going_on_looks_at_the_devices_anew(simulator: Running, tmp_path: Path) -> None:
    async with workspace(simulator, tmp_path) as made:
        active = await begin(made, 6)
        batch = await the_batch(made)
        made.batching.pause(batch.id)
        await made.finish_sending()
        await until_over(made)
        await submit(made, active[5:])
        await until_over(made)
        (report,) = (await made.batching.rest(batch.id)).reports
        assert [each.device.key for each in report.excluded] == [active[5].key]


async def test_a_platform_that_cannot_be_reached_ends_a_batch_that_can_be_gone_on_with(
    simulator: Running, tmp_path: Path
) -> None:
    async with workspace(simulator, tmp_path) as made:
        simulator.world.faults.append(
            Fault("status", SUSPEND, status=429, headers={"Retry-After": "3000"}, times=1)
        )
        await begin(made, 6)
        await made.finish_sending()
        states = {each.state for each in await changes(made)}
        assert states <= {ChangeState.NOT_SENT, ChangeState.REFUSED}
        assert (await the_batch(made)).left >= 4
        assert requests_for(simulator, SUSPEND) == 1


async def test_a_request_that_is_too_large_comes_again_in_parts_and_the_limit_is_learned(
    simulator: Running, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(drafts, "SINGLY", 1)
    monkeypatch.setattr(drafts, "BATCH", 12)
    simulator.world.settings.max_devices = 4
    async with workspace(simulator, tmp_path) as made:
        active = await begin(made, 24)
        await until_over(made, limit=60)
        assert [executions(simulator, row) for row in active] == [1] * 24
        batch = await the_batch(made)
        assert (batch.devices, batch.left) == (24, 0)
        # 12 and 6 were refused; then 3, three times more 3, and the second twelve in threes.
        assert requests_for(simulator, SUSPEND) == 2 + 8
    async with workspace(simulator, tmp_path) as made:
        others = [row for row in await rows(made) if row.state == "active"][:6]
        before = requests_for(simulator, SUSPEND)
        await submit(made, others)
        await until_over(made, limit=60)
        assert requests_for(simulator, SUSPEND) == before + 2


# -- a journal that cannot be written -------------------------------------------------------------


class Unwritable:
    """Keeps the journal from calling anything off for as long as it is full."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.full = True
        self.tried = 0
        whole = Batches.call_off

        async def call_off(batches: Batches, *arguments: Any) -> None:
            self.tried += 1
            if self.full:
                raise DiskFull("No room left.")
            await whole(batches, *arguments)

        monkeypatch.setattr(Batches, "call_off", call_off)


async def test_what_is_not_sent_is_called_off_as_soon_as_that_can_be_written_down(
    simulator: Running, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    journal = Unwritable(monkeypatch)
    async with workspace(simulator, tmp_path) as made:
        await begin(made, 8)
        (running,) = made.batching.under_way()
        assert made.batching.pause(running.batch)
        await until(lambda: journal.tried > 2, what="some tries")
        assert [each.batch for each in made.batching.under_way()] == [running.batch]
        assert made.is_sending
        journal.full = False
        await made.finish_sending()
        assert made.batching.under_way() == []
        batch = await the_batch(made)
        assert ChangeState.INTENDED not in batch.counts
        assert batch.left == 8 - requests_for(simulator, SUSPEND)


async def test_signing_in_again_leaves_nothing_that_claims_to_be_sent(
    simulator: Running, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    journal = Unwritable(monkeypatch)
    async with workspace(simulator, tmp_path) as made:
        simulator.world.faults.append(Fault("hang", SUSPEND, seconds=30.0, times=1))
        await begin(made, 8)
        await until(lambda: requests_for(simulator, SUSPEND) == 1, what="a request")
        await made.sign_in(attempt(simulator), made.environment)
        assert (await the_batch(made)).counts[ChangeState.INTENDED] > 4
        journal.full = False

        async def all_told() -> bool:
            return (await the_batch(made)).left == 7

        await until(all_told, what="the end of what was not sent")


# -- following a request --------------------------------------------------------------------------


async def test_a_request_is_followed_to_its_end(simulator: Running, tmp_path: Path) -> None:
    async with workspace(simulator, tmp_path, synced=False) as made:
        await until(lambda: bool(made.progress and made.progress.finished_at), what="the sync")
        device = await row_in(made, "active")
        sent = await perform(made, "SuspendDevices", devices=ids(device.iccid))
        (change,) = await made.follow(sent.request_id, 10.0)
        assert change.state is ChangeState.SUCCEEDED
        assert change.device_key == device.key


async def test_following_ends_with_its_time_and_tells_where_it_stands(
    simulator: Running, tmp_path: Path
) -> None:
    async with workspace(simulator, tmp_path) as made:
        simulator.world.settings.delay = 60.0
        device = await row_in(made, "active")
        sent = await perform(made, "SuspendDevices", devices=ids(device.iccid))
        (change,) = await made.follow(sent.request_id, 0.1)
        assert change.state is ChangeState.ACCEPTED
        assert await made.follow("nobody knows this", 0.1) == []
