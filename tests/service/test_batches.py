"""Changes of many devices: all of them are written down before any is sent, or none is sent."""

from pathlib import Path
from typing import Any

import pytest

from tests.service.cases import (
    changes,
    executions,
    requests_for,
    row_in,
    rows,
    submit,
    until_state,
    workspace,
)
from tests.service.operators import ids, perform
from tests.support.waiting import until
from tsui.service import kinds
from tsui.service.failures import ChangeFailed
from tsui.simulator.faults import Fault
from tsui.simulator.server import Running
from tsui.store.changes import ChangeState
from tsui.store.errors import DiskFull

SUSPEND = "/devices/actions/suspend"


async def test_a_batch_that_cannot_be_written_down_as_a_whole_is_not_sent_in_parts(
    simulator: Running, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with workspace(simulator, tmp_path) as made:
        active = [row for row in await rows(made) if row.state == "active"][:3]
        whole, left = made._store.journal.intend, 2

        async def twice(*arguments: Any, **values: Any) -> int:
            nonlocal left
            left -= 1
            if left < 0:
                raise DiskFull("No room left.")
            return await whole(*arguments, **values)

        monkeypatch.setattr(made._store.journal, "intend", twice)
        with pytest.raises(ChangeFailed, match="Nothing was sent"):
            await submit(made, active)
        written = await changes(made)
        assert [each.state for each in written] == [ChangeState.NOT_SENT] * 2
        assert "could not be written down" in written[0].problem
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
