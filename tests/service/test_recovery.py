"""After a kill: what was being sent is unknown, is settled by reading, and is never sent again."""

from pathlib import Path

from tests.service.cases import (
    changes,
    executions,
    row_in,
    submit,
    until_over,
    until_state,
    workspace,
)
from tsui.simulator.faults import Fault
from tsui.simulator.server import Running
from tsui.store.changes import ChangeState, Intent, Target
from tsui.store.store import Store

SUSPEND = "/devices/actions/suspend"


async def dead_process(folder: Path, key: str, *, sending: bool) -> None:
    """Leave behind what a process leaves that was killed in the middle of a change."""
    store = Store(folder)
    await store.open()
    target = Target(key, "iccid", key.partition(":")[2], {"state": "active"})
    intent = Intent(
        "batch", "env", "0742000123-00001", "someone", "SuspendDevices", "Suspend", {}, [target]
    )
    number = await store.journal.intend(intent, owner=store.owner.name, at=1.0)
    if sending:
        await store.journal.mark_sending(number, 2.0)
    await store.close()


async def test_what_was_only_intended_was_not_sent(simulator: Running, tmp_path: Path) -> None:
    async with workspace(simulator, tmp_path) as made:
        device = await row_in(made, "active")
        folder = made._store.folder
    await dead_process(folder, device.key, sending=False)
    async with workspace(simulator, tmp_path) as made:
        left = (await changes(made))[0]
        assert left.state is ChangeState.NOT_SENT
        assert "before it was sent" in left.problem


async def test_what_was_being_sent_is_unknown_and_blocks(
    simulator: Running, tmp_path: Path
) -> None:
    async with workspace(simulator, tmp_path) as made:
        device = await row_in(made, "active")
        folder = made._store.folder
    await dead_process(folder, device.key, sending=True)
    async with workspace(simulator, tmp_path) as made:
        left = (await changes(made))[0]
        assert left.state is ChangeState.UNKNOWN
        assert device.key in await made.under_way([device.key])
        assert simulator.world.engine.executions == []


async def test_what_another_living_process_is_sending_is_left_alone(
    simulator: Running, tmp_path: Path
) -> None:
    async with workspace(simulator, tmp_path) as one:
        simulator.world.faults.append(Fault("hang", SUSPEND, seconds=1.0, after=True))
        device = await row_in(one, "active")
        await submit(one, [device])
        await until_state(one, ChangeState.SENDING)
        async with workspace(simulator, tmp_path) as two:
            assert (await changes(two))[0].state is ChangeState.SENDING


async def test_a_change_is_tracked_to_its_end_after_a_restart(
    simulator: Running, tmp_path: Path
) -> None:
    simulator.world.settings.delay = 1.0
    async with workspace(simulator, tmp_path) as made:
        device = await row_in(made, "active")
        await submit(made, [device])
        await until_state(made, ChangeState.ACCEPTED)
    async with workspace(simulator, tmp_path) as made:
        done = await until_over(made)
        assert done[0].state is ChangeState.SUCCEEDED
        assert executions(simulator, device) == 1


async def test_another_process_takes_over_the_tracking_and_learns_of_changes(
    simulator: Running, tmp_path: Path
) -> None:
    simulator.world.settings.delay = 0.5
    async with workspace(simulator, tmp_path) as two:
        async with workspace(simulator, tmp_path) as one:
            device = await row_in(one, "active")
            await submit(one, [device])
            await until_state(one, ChangeState.ACCEPTED)
        done = await until_over(two, limit=15)
        assert done[0].state is ChangeState.SUCCEEDED
        assert executions(simulator, device) == 1
