"""The outbox: once, after the journal has it, and never better than what came back."""

import json
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
    until_over,
    until_state,
    workspace,
)
from tests.service.operators import ids, newest, perform
from tests.support.waiting import until
from tsui.service import kinds
from tsui.service.workspace import Workspace
from tsui.simulator.faults import Fault
from tsui.simulator.server import Running
from tsui.store.changes import ChangeOver, ChangeState
from tsui.store.errors import DiskFull

SUSPEND = "/devices/actions/suspend"
GROUPS = "/groups"


def break_writes(made: Workspace, monkeypatch: pytest.MonkeyPatch, name: str, times: int) -> None:
    """Let some writes of the journal fail for want of room."""
    whole = getattr(made._store.journal, name)
    left = times

    async def sometimes(*arguments: Any, **values: Any) -> Any:
        nonlocal left
        left -= 1
        if left >= 0:
            raise DiskFull("No room left.")
        return await whole(*arguments, **values)

    monkeypatch.setattr(made._store.journal, name, sometimes)


async def test_what_cannot_be_marked_as_on_its_way_is_not_sent(
    simulator: Running, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with workspace(simulator, tmp_path) as made:
        device = await row_in(made, "active")
        break_writes(made, monkeypatch, "mark_sending", 1)
        await submit(made, [device])
        done = await until_over(made)
        assert done[0].state is ChangeState.NOT_SENT
        assert "No room left" in done[0].problem
        assert requests_for(simulator, SUSPEND) == 0


async def test_one_request_that_cannot_be_sent_does_not_strand_the_others(
    simulator: Running, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with workspace(simulator, tmp_path) as made:
        active = [row for row in await rows(made) if row.state == "active"][:3]
        break_writes(made, monkeypatch, "mark_sending", 1)
        await submit(made, active)
        done = await until_over(made)
        states = [each.state for each in reversed(done)]
        assert states == [ChangeState.NOT_SENT, ChangeState.SUCCEEDED, ChangeState.SUCCEEDED]


async def test_a_request_that_was_closed_meanwhile_is_left_out_and_the_others_go_on(
    simulator: Running, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with workspace(simulator, tmp_path) as made:
        active = [row for row in await rows(made) if row.state == "active"][:2]
        journal = made._store.journal
        whole, first = journal.mark_sending, True

        async def closed_first(request: int, at: float) -> None:
            nonlocal first
            if first:
                first = False
                await journal.mark_answered(request, ChangeState.NOT_SENT, at, problem="Closed.")
                raise ChangeOver(request)
            await whole(request, at)

        monkeypatch.setattr(journal, "mark_sending", closed_first)
        await submit(made, active)
        done = await until_over(made)
        assert [each.state for each in reversed(done)] == [
            ChangeState.NOT_SENT,
            ChangeState.SUCCEEDED,
        ]
        assert executions(simulator, active[0]) == 0
        assert requests_for(simulator, SUSPEND) == 1


async def test_leaving_while_a_request_is_on_its_way_writes_down_that_its_fate_is_unknown(
    simulator: Running, tmp_path: Path
) -> None:
    async with workspace(simulator, tmp_path) as made:
        simulator.world.faults.append(Fault("hang", SUSPEND, seconds=0, after=True))
        active = [row for row in await rows(made) if row.state == "active"][:2]
        await submit(made, active)
        await until(lambda: requests_for(simulator, SUSPEND) == 1, what="the request")
        assert made.online is not None
        await made.online.close()
        left = {each.device_key: each.state for each in await changes(made)}
        assert left == {
            active[0].key: ChangeState.UNKNOWN,
            active[1].key: ChangeState.NOT_SENT,
        }
    assert requests_for(simulator, SUSPEND) == 1


async def test_signing_in_anew_leaves_no_change_behind_as_being_sent(
    simulator: Running, tmp_path: Path
) -> None:
    from tests.service.cases import attempt

    async with workspace(simulator, tmp_path) as made:
        simulator.world.faults.append(Fault("hang", SUSPEND, seconds=0, after=True))
        device = await row_in(made, "active")
        await submit(made, [device])
        await until_state(made, ChangeState.SENDING)
        await until(lambda: requests_for(simulator, SUSPEND) == 1, what="the request")
        await made.sign_in(attempt(simulator), made.environment)
        done = await until_over(made)
        assert done[0].state is ChangeState.INFERRED
        assert executions(simulator, device) == 1


async def test_an_answer_that_says_it_was_not_done_is_no_success(
    simulator: Running, tmp_path: Path
) -> None:
    async with workspace(simulator, tmp_path) as made:
        simulator.world.faults.append(
            Fault("status", GROUPS, "POST", status=200, body={"success": False})
        )
        sent = await perform(made, "CreateGroup", groupName="Pumps", groupDescription="x")
        assert sent.state is ChangeState.REFUSED
        assert (await newest(made)).state is ChangeState.REFUSED


async def test_an_accepted_change_without_a_request_id_has_an_unknown_fate(
    simulator: Running, tmp_path: Path
) -> None:
    async with workspace(simulator, tmp_path) as made:
        simulator.world.faults.append(Fault("status", SUSPEND, status=202, body={"note": "ok"}))
        device = await row_in(made, "active")
        await submit(made, [device])
        unknown = await until_state(made, ChangeState.UNKNOWN)
        assert "without a request id" in unknown.problem
        assert json.loads(unknown.answer) == {"note": "ok"}


async def test_an_answer_that_says_more_than_the_request_id_is_kept(
    simulator: Running, tmp_path: Path
) -> None:
    async with workspace(simulator, tmp_path) as made:
        device = await row_in(made, "active")
        body = {"requestId": "7b0f", "warning": "slow today"}
        simulator.world.faults.append(Fault("status", SUSPEND, status=202, body=body))
        await submit(made, [device], kinds.SUSPEND)
        accepted = await until_state(made, ChangeState.ACCEPTED)
        assert accepted.request_id == "7b0f"
        assert json.loads(accepted.answer) == body


# -- answers that speak of each device ----------------------------------------------------------


def added(*told: tuple[str, str]) -> Fault:
    body = [
        {"deviceIds": [{"id": number, "kind": "IccId"}], "response": said} for number, said in told
    ]
    return Fault("status", "/devices/actions/add", status=200, body=body)


async def add(made: Workspace, *numbers: str) -> Any:
    return await perform(made, "AddDevices", devicesToAdd=ids(*numbers), skuNumber="X")


async def states(made: Workspace) -> dict[str, tuple[ChangeState, str]]:
    return {each.identifier: (each.state, each.problem) for each in await changes(made)}


async def test_each_device_of_an_answer_has_its_own_outcome(
    simulator: Running, tmp_path: Path
) -> None:
    async with workspace(simulator, tmp_path, synced=False) as made:
        simulator.world.faults.append(added(("1", "Success"), ("2", "Device is known already.")))
        sent = await add(made, "1", "2")
        assert sent.state is ChangeState.FAILED
        assert sent.problem == "1 of 2 devices: Device is known already."
        assert await states(made) == {
            "1": (ChangeState.SUCCEEDED, ""),
            "2": (ChangeState.FAILED, "Device is known already."),
        }


async def test_a_device_that_an_answer_is_silent_about_has_an_unknown_fate(
    simulator: Running, tmp_path: Path
) -> None:
    async with workspace(simulator, tmp_path, synced=False) as made:
        simulator.world.faults.append(added(("1", "SUCCESS"), ("2", ""), ("9", "Success")))
        sent = await add(made, "1", "2", "3")
        assert sent.state is ChangeState.UNKNOWN
        told = await states(made)
        assert told["1"][0] is ChangeState.SUCCEEDED
        assert {told["2"][0], told["3"][0]} == {ChangeState.UNKNOWN}
        assert "did not say" in told["3"][1]


async def test_all_devices_added_are_one_success(simulator: Running, tmp_path: Path) -> None:
    async with workspace(simulator, tmp_path, synced=False) as made:
        simulator.world.faults.append(added(("1", "Success"), ("2", "Success")))
        assert (await add(made, "1", "2")).state is ChangeState.SUCCEEDED
        assert {state for state, _ in (await states(made)).values()} == {ChangeState.SUCCEEDED}


async def test_a_device_that_could_not_be_deleted_says_why(
    simulator: Running, tmp_path: Path
) -> None:
    async with workspace(simulator, tmp_path) as made:
        device = await row_in(made, "deactive")
        body = [
            {
                "deviceIds": [{"id": device.iccid, "kind": "iccid"}],
                "status": "Failed",
                "message": "It is in use.",
            }
        ]
        simulator.world.faults.append(
            Fault("status", "/devices/actions/delete", status=200, body=body)
        )
        sent = await perform(made, "DeleteDevices", devicesToDelete=ids(device.iccid))
        assert (sent.state, sent.problem) == (ChangeState.FAILED, "It is in use.")
        assert (await newest(made)).problem == "It is in use."


async def test_outcomes_are_written_down_as_soon_as_the_disk_has_room_again(
    simulator: Running, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with workspace(simulator, tmp_path, synced=False) as made:
        break_writes(made, monkeypatch, "move", 2)
        simulator.world.faults.append(added(("1", "Success"), ("2", "No.")))
        await add(made, "1", "2")
        assert [each.state for each in await changes(made)] == [
            ChangeState.FAILED,
            ChangeState.SUCCEEDED,
        ]
