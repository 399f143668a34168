"""Running any operation: a read at once, a change over the journal, each exactly once."""

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest

from tests.service.cases import (
    changes,
    executions,
    requests_for,
    row_in,
    sim_device,
    submit,
    until_over,
    until_state,
    workspace,
)
from tests.service.operators import ids, newest, perform
from tests.support.waiting import until
from tsui.service.failures import ChangeFailed, ReadFailed
from tsui.service.forms import from_json
from tsui.service.workspace import Workspace
from tsui.simulator.faults import Fault
from tsui.simulator.server import Running
from tsui.store.changes import ChangeState
from tsui.store.errors import DiskFull

SUSPEND = "/devices/actions/suspend"
GROUPS = "/groups$"
RESET = "/session/password"
PUMPS = {"groupName": "Pumps", "groupDescription": "In the basement"}


async def full(*_: object, **__: object) -> Any:
    raise DiskFull("No room left.")


async def ask(made: Workspace, name: str, **fields: Any) -> Any:
    return await made.ask(from_json(name, {"accountName": made.account, **fields}))


def groups(simulator: Running) -> int:
    return sum(1 for each in simulator.world.log if each.method == "POST" and "groups" in each.path)


# -- changes --------------------------------------------------------------------------------------


async def test_a_change_that_is_answered_at_once_is_done_and_its_answer_kept(
    simulator: Running, tmp_path: Path
) -> None:
    async with workspace(simulator, tmp_path) as made:
        sent = await perform(made, "CreateGroup", **PUMPS)
        assert sent.state is ChangeState.SUCCEEDED
        kept = await newest(made)
        assert kept.state is ChangeState.SUCCEEDED
        assert kept.kind == "account"
        assert kept.evidence
        assert json.loads(kept.answer) == sent.body
        reading = await made.last_answer("CreateGroup")
        assert reading is not None
        assert reading.body == sent.body
        assert not made.is_sending
        assert groups(simulator) == 1


async def test_a_change_that_is_answered_later_is_tracked_to_its_outcome(
    simulator: Running, tmp_path: Path
) -> None:
    async with workspace(simulator, tmp_path) as made:
        device = await row_in(made, "active")
        sent = await perform(made, "SuspendDevices", devices=ids(device.iccid))
        assert sent.state is ChangeState.ACCEPTED
        done = await until_over(made)
        assert done[0].state is ChangeState.SUCCEEDED
        assert done[0].request_id == sent.request_id
        assert done[0].device_key == device.key
        assert executions(simulator, device) == 1
        assert (await made.devices([device.id]))[0].state == "suspend"


async def test_a_change_without_devices_is_followed_by_its_status_alone(
    simulator: Running, tmp_path: Path
) -> None:
    body = {"requestId": "11111111-2222-4333-8444-555555555555"}
    status = "/requests/11111111-2222-4333-8444-555555555555/status"
    async with workspace(simulator, tmp_path) as made:
        simulator.world.faults.append(Fault("status", SUSPEND, status=202, body=body))
        told = {**body, "status": "Success"}
        simulator.world.faults.append(Fault("status", status, status=200, body=told, times=-1))
        await perform(made, "SuspendDevices", groupName="Nobody")
        done = await until_over(made)
        assert done[0].state is ChangeState.SUCCEEDED
        assert done[0].kind == "account"


async def test_a_message_leaves_its_device_free_for_other_changes(
    simulator: Running, tmp_path: Path
) -> None:
    async with workspace(simulator, tmp_path) as made:
        simulator.world.settings.delay = 5.0
        device = await row_in(made, "active")
        to = [{"id": device.iccid, "kind": "iccid"}]
        sent = await perform(made, "SendSms", deviceIds=to, smsMessage="wake up")
        assert sent.state is ChangeState.ACCEPTED
        assert await made.under_way([device.key]) == {}
        assert await submit(made, [device]) == 1


async def test_a_refusal_says_why_and_nothing_was_done(simulator: Running, tmp_path: Path) -> None:
    async with workspace(simulator, tmp_path) as made:
        code = "UnifiedWebService.INPUT_INVALID.GroupName.Invalid"
        body = {"errorCode": code, "errorMessage": "no such name"}
        simulator.world.faults.append(Fault("status", GROUPS, "POST", status=400, body=body))
        sent = await perform(made, "CreateGroup", **PUMPS)
        assert sent.state is ChangeState.REFUSED
        assert "no such name" in sent.problem
        assert sent.code.endswith("GroupName.Invalid")
        assert (await newest(made)).state is ChangeState.REFUSED
        assert await made.last_answer("CreateGroup") is None


@pytest.mark.parametrize("action", ["drop", "hang", "html", "bad-json", "cut"])
async def test_a_lost_answer_leaves_the_fate_unknown_and_nothing_is_sent_again(
    simulator: Running, tmp_path: Path, action: str
) -> None:
    async with workspace(simulator, tmp_path) as made:
        fault = Fault(action, GROUPS, "POST", after=True, seconds=0.2)
        simulator.world.faults.append(fault)
        sent = await perform(made, "CreateGroup", **PUMPS)
        assert sent.state is ChangeState.UNKNOWN
        assert sent.problem
        assert (await newest(made)).state is ChangeState.UNKNOWN
        assert groups(simulator) == 1
        assert made.opened.in_flight().unknown == 0
        await made.opened.refresh(made.account)
        assert made.opened.in_flight().unknown == 1


async def test_read_only_sends_no_operation_that_changes_something(
    simulator: Running, tmp_path: Path
) -> None:
    async with workspace(simulator, tmp_path, read_only=True) as made:
        sent = await perform(made, "CreateGroup", **PUMPS)
        assert sent.state is ChangeState.NOT_SENT
        assert "Read-only" in sent.problem
        assert groups(simulator) == 0
        assert (await newest(made)).state is ChangeState.NOT_SENT


async def test_the_journal_has_an_operation_before_the_platform_sees_it(
    simulator: Running, tmp_path: Path
) -> None:
    async with workspace(simulator, tmp_path) as made:
        simulator.world.faults.append(Fault("hang", GROUPS, "POST", seconds=0.3))
        running = asyncio.create_task(perform(made, "CreateGroup", **PUMPS))
        await until(lambda: groups(simulator) == 1, what="the request")
        written = await newest(made)
        assert written.state is ChangeState.SENDING
        assert written.fields["groupName"] == "Pumps"
        assert made.is_sending
        await made.finish_sending()
        assert (await running).state is ChangeState.UNKNOWN


async def test_a_device_with_a_change_that_is_not_over_takes_no_other(
    simulator: Running, tmp_path: Path
) -> None:
    async with workspace(simulator, tmp_path) as made:
        simulator.world.settings.delay = 5.0
        device = await row_in(made, "active")
        await submit(made, [device])
        await until_state(made, ChangeState.ACCEPTED)
        by_imei = [{"deviceIds": [{"id": device.imei, "kind": "IMEI"}]}]
        with pytest.raises(ChangeFailed, match="Nothing was sent"):
            await perform(made, "RestoreDevices", devices=by_imei)
        assert requests_for(simulator, "/devices/actions/restore") == 0
        assert len(await changes(made)) == 1


async def test_a_caller_that_goes_away_cancels_nothing(simulator: Running, tmp_path: Path) -> None:
    async with workspace(simulator, tmp_path) as made:
        device = await row_in(made, "active")
        simulator.world.faults.append(Fault("drip", SUSPEND, seconds=0.005))
        running = asyncio.create_task(perform(made, "SuspendDevices", devices=ids(device.iccid)))
        await until(lambda: requests_for(simulator, SUSPEND) == 1, what="the request")
        running.cancel()
        with pytest.raises(asyncio.CancelledError):
            await running
        done = await until_over(made)
        assert done[0].state is ChangeState.SUCCEEDED
        assert executions(simulator, device) == 1


@pytest.mark.parametrize("place", ["journal.intend", "devices.find"])
async def test_a_full_disk_stops_an_operation_before_anything_is_sent(
    simulator: Running, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, place: str
) -> None:
    async with workspace(simulator, tmp_path) as made:
        device = await row_in(made, "active")
        table, _, method = place.partition(".")
        monkeypatch.setattr(getattr(made._store, table), method, full)
        with pytest.raises(ChangeFailed, match=r"Nothing was sent\. No room left"):
            await perform(made, "SuspendDevices", devices=ids(device.iccid))
        assert requests_for(simulator, SUSPEND) == 0


async def test_an_answer_that_cannot_be_cached_is_told_all_the_same(
    simulator: Running, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with workspace(simulator, tmp_path) as made:
        monkeypatch.setattr(made._store.readings, "put", full)
        assert (await perform(made, "CreateGroup", **PUMPS)).state is ChangeState.SUCCEEDED
        assert (await newest(made)).state is ChangeState.SUCCEEDED
        assert (await ask(made, "ListGroups")).body


async def test_nobody_signed_in_runs_no_operation(simulator: Running, tmp_path: Path) -> None:
    async with workspace(simulator, tmp_path, signed_in=False) as made:
        with pytest.raises(ChangeFailed, match="signed in"):
            await perform(made, "CreateGroup", **PUMPS)
        with pytest.raises(ReadFailed, match="signed in"):
            await ask(made, "ListGroups")


# -- whom a change concerns -----------------------------------------------------------------------


async def test_a_device_is_known_by_any_of_its_identifiers(
    simulator: Running, tmp_path: Path
) -> None:
    async with workspace(simulator, tmp_path) as made:
        device = await row_in(made, "active")
        named = [{"deviceIds": [{"id": device.mdn, "kind": "mdn"}]}]
        await perform(made, "SuspendDevices", devices=named)
        written = await newest(made)
        assert written.device_key == device.key
        assert (written.kind, written.identifier) == ("mdn", device.mdn)
        assert written.before["state"] == "active"


async def test_a_device_whose_number_ends_alike_is_not_taken_for_the_one_named(
    simulator: Running, tmp_path: Path
) -> None:
    async with workspace(simulator, tmp_path) as made:
        device = await row_in(made, "active")
        ending = device.iccid[-12:]
        assert await made.find_devices(ending) == [device]
        await perform(made, "SuspendDevices", devices=ids(ending))
        assert (await newest(made)).device_key == f"iccid:{ending}"
        assert sim_device(simulator, device).state == "active"


async def test_a_swap_concerns_the_device_that_is_swapped_and_no_other(
    simulator: Running, tmp_path: Path
) -> None:
    async with workspace(simulator, tmp_path) as made:
        device = await row_in(made, "active")
        fields = {
            "serviceType": "4G",
            "deviceIds": [
                {"id": device.imei, "kind": "imei"},
                {"id": device.iccid, "kind": "iccid"},
            ],
            "deviceIdsTo": [{"id": "990000862471853", "kind": "imei"}],
            "change4gOption": "ChangeIMEI",
        }
        await made.perform(from_json("ChangeIdentifier", fields))
        written = await newest(made)
        assert (written.devices, written.device_key) == (1, device.key)
        assert written.exclusive


# -- secrets --------------------------------------------------------------------------------------


async def test_a_new_password_is_given_to_be_kept_first_and_stored_nowhere_else(
    simulator: Running, tmp_path: Path
) -> None:
    old = simulator.world.access.credentials.password
    kept_in: list[ChangeState] = []
    async with workspace(simulator, tmp_path) as made:
        reset = from_json("ResetPassword", {"oldPassword": old})

        async def keep(reply: Any) -> None:
            kept_in.append((await newest(made)).state)
            assert reply.new_password.get_secret_value() != old

        sent = await made.perform(reset, keep=keep)
        assert sent.state is ChangeState.SUCCEEDED
        assert kept_in == [ChangeState.SENDING]
        new = sent.body["newPassword"]
        assert new == simulator.world.access.credentials.password
        kept = await newest(made)
        assert "newPassword" in kept.answer
        assert made.online is not None
        assert new not in repr(list(made.online.client.trace))
    stored = b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
    assert b"newPassword" in stored
    assert new.encode() not in stored
    assert old.encode() not in stored


async def test_no_password_is_reset_where_nobody_would_keep_the_new_one(
    simulator: Running, tmp_path: Path
) -> None:
    old = simulator.world.access.credentials.password
    async with workspace(simulator, tmp_path, synced=False) as made:
        with pytest.raises(ChangeFailed, match="Access"):
            await made.perform(from_json("ResetPassword", {"oldPassword": old}))
        assert await changes(made) == []
    assert simulator.world.access.credentials.password == old


# -- reads ----------------------------------------------------------------------------------------


async def test_a_read_is_answered_remembered_and_not_in_the_journal(
    simulator: Running, tmp_path: Path
) -> None:
    async with workspace(simulator, tmp_path) as made:
        answer = await ask(made, "ListPlans")
        reading = await made.last_answer("ListPlans")
        assert reading is not None
        assert answer.body
        assert (reading.body, reading.read_at) == (answer.body, answer.at)
        assert await changes(made) == []


@pytest.mark.parametrize(
    ("fault", "fate"),
    [
        (Fault("status", "/plans", status=400, times=-1), "refused"),
        (Fault("html", "/plans", times=-1), "unknown"),
    ],
)
async def test_a_read_that_fails_says_why_and_keeps_the_answer_before(
    simulator: Running, tmp_path: Path, fault: Fault, fate: str
) -> None:
    async with workspace(simulator, tmp_path) as made:
        before = await ask(made, "ListPlans")
        simulator.world.faults.append(fault)
        with pytest.raises(ReadFailed) as caught:
            await ask(made, "ListPlans")
        assert str(caught.value).endswith(".")
        assert caught.value.fate == fate
        reading = await made.last_answer("ListPlans")
        assert reading is not None
        assert reading.body == before.body


async def test_what_changes_something_is_never_run_as_a_read(
    simulator: Running, tmp_path: Path
) -> None:
    async with workspace(simulator, tmp_path) as made:
        with pytest.raises(ValueError, match="changes something"):
            await ask(made, "CreateGroup", **PUMPS)
        assert groups(simulator) == 0


async def test_messages_that_were_read_are_kept_because_they_are_read_only_once(
    simulator: Running, tmp_path: Path
) -> None:
    async with workspace(simulator, tmp_path, synced=False) as made:
        queue = {
            "messages": [
                {"deviceIds": [{"id": "5085550100", "kind": "mdn"}], "message": "low battery"}
            ]
        }
        simulator.world.faults.append(Fault("status", "/sms", status=200, body=queue))
        await perform(made, "ReadSmsQueue")
        answer = await made.last_answer("ReadSmsQueue")
        assert answer is not None
        assert "low battery" in str(answer.body)
        simulator.world.faults.append(Fault("html", "/sms", after=True))
        await perform(made, "ReadSmsQueue")
        assert any("low battery" in each.answer for each in await made.change_window(0, 9))
