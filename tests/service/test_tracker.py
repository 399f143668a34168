"""Tracking: the right question for every kind of request, and nothing that ends it by accident."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from tests.service.cases import (
    changes,
    executions,
    row_in,
    rows,
    submit,
    until_over,
    until_state,
    workspace,
)
from tests.service.operators import ids, newest, perform
from tests.store_rows import change_of, row
from tests.support.waiting import until
from tsui.service import tracker
from tsui.service.questions import status_of, status_question
from tsui.service.tracker import AT_ONCE
from tsui.service.workspace import Workspace
from tsui.simulator.faults import Fault
from tsui.simulator.server import Running
from tsui.store.changes import ChangeState, DeviceChange, Intent, Target
from tsui.thingspace.euicc import GetGlobalRequestStatus
from tsui.thingspace.location import GetLocationReportStatus
from tsui.thingspace.provisioning import GetRequestStatus

SUSPEND = "/devices/actions/suspend"
REQUEST = "7b0f5c1e-0000-4000-8000-000000000001"


def change(operation: str, **values: Any) -> DeviceChange:
    return change_of(
        row(), ChangeState.ACCEPTED, operation=operation, **{"request_id": REQUEST, **values}
    )


@pytest.mark.parametrize(
    ("operation", "asks"),
    [
        ("SuspendDevices", GetRequestStatus),
        ("ChangeCostCenter", GetRequestStatus),
        ("ActivateProfile", GetGlobalRequestStatus),
        ("CreateLocationReport", GetLocationReportStatus),
        ("ChangePlan", None),
        ("AnOperationOfTomorrow", GetRequestStatus),
    ],
)
def test_each_request_has_its_own_question(operation: str, asks: type[Any] | None) -> None:
    question = status_question(change(operation))
    assert (None if question is None else type(question)) is asks


@pytest.mark.parametrize(
    "values", [{"request_id": ""}, {"request_id": "it's"}, {"devices": 2}], ids=str
)
def test_what_cannot_be_asked_is_not_asked(values: dict[str, Any]) -> None:
    assert status_question(change("SuspendDevices", **values)) is None


def test_a_global_answer_speaks_of_each_device() -> None:
    mine, both = change("EnableProfile"), change("EnableProfile", devices=2)
    body = {
        "requestId": REQUEST,
        "status": "Pending",
        "subRequests": [{"ids": [{"id": mine.identifier, "kind": "iccid"}], "status": "Success"}],
    }
    reply = GetGlobalRequestStatus.read_reply(body)
    assert status_of(mine, reply) == status_of(both, reply) == "Success"
    silent = GetGlobalRequestStatus.read_reply({**body, "subRequests": []})
    assert status_of(mine, silent) == "Pending"
    assert status_of(both, silent) is None


async def test_a_location_report_is_tracked_to_its_end(simulator: Running, tmp_path: Path) -> None:
    async with workspace(simulator, tmp_path) as made:
        device = await row_in(made, "active")
        located = [{"id": device.imei, "kind": "imei", "mdn": device.mdn}]
        sent = await perform(made, "CreateLocationReport", deviceList=located)
        assert sent.state is ChangeState.ACCEPTED
        assert json.loads((await newest(made)).answer)["txid"] == sent.request_id
        done = await until_over(made)
        assert done[0].state is ChangeState.SUCCEEDED
        assert "COMPLETED" in done[0].evidence


async def test_an_id_that_cannot_be_asked_about_is_settled_by_reading_the_device(
    simulator: Running, tmp_path: Path
) -> None:
    async with workspace(simulator, tmp_path) as made:
        answer = Fault("status", SUSPEND, status=202, body={"requestId": "it's <odd>"}, after=True)
        simulator.world.faults.append(answer)
        first, second = [each for each in await rows(made) if each.state == "active"][:2]
        await submit(made, [first])
        done = await until_over(made)
        assert done[0].state is ChangeState.INFERRED
        await submit(made, [second])
        done = await until_over(made)
        assert done[0].state is ChangeState.SUCCEEDED
        assert [executions(simulator, each) for each in (first, second)] == [1, 1]


async def test_a_device_with_an_impossible_name_does_not_end_the_tracking_of_others(
    simulator: Running, tmp_path: Path
) -> None:
    async with workspace(simulator, tmp_path) as made:
        crashes: list[str] = []
        made.on_crash(lambda name, _: crashes.append(name))
        await leave_unknown(made, "iccid:it's")
        device = await row_in(made, "active")
        await submit(made, [device])

        async def followed() -> bool:
            return (await changes(made))[0].state is ChangeState.SUCCEEDED

        await until(followed, what="the end of the other change")
        assert crashes == []
        assert (await changes(made))[1].state is ChangeState.UNKNOWN


async def test_a_new_change_does_not_wait_for_many_others(
    simulator: Running, tmp_path: Path
) -> None:
    async with workspace(simulator, tmp_path) as made:
        for number in range(3 * AT_ONCE):
            await leave_unknown(made, f"iccid:8914800000990{number:07}")
        device = await row_in(made, "active")
        await submit(made, [device])
        new = (await changes(made))[0]

        async def followed() -> bool:
            change = await made.change(new.id)
            return change is not None and change.state is ChangeState.SUCCEEDED

        await until(followed, what="the end of the new change")

        def asked() -> set[str]:
            said = [seen.body for seen in simulator.world.log if seen.path.endswith("/list")]
            return set(re.findall(r"8914800000990\d{7}", str(said)))

        await until(lambda: len(asked()) == 3 * AT_ONCE, what="a question about each of the others")


async def leave_unknown(made: Workspace, key: str) -> None:
    target = Target(key, "iccid", key.partition(":")[2], {"state": "active"})
    intent = Intent("b", "env", made.account, "someone", "SuspendDevices", "Suspend", {}, [target])
    journal, owner = made._store.journal, made._store.owner.name
    number = await journal.intend(intent, owner=owner, at=1.0)
    await journal.mark_sending(number, 2.0)
    await journal.mark_answered(number, ChangeState.UNKNOWN, 3.0, problem="lost")


async def test_devices_of_one_request_that_shares_them_are_read_one_by_one(
    simulator: Running, tmp_path: Path
) -> None:
    async with workspace(simulator, tmp_path) as made:
        active = [each for each in await rows(made) if each.state == "active"][:2]
        await perform(made, "SuspendDevices", devices=ids(*(each.iccid for each in active)))
        await until_state(made, ChangeState.ACCEPTED)
        done = await until_over(made)
        assert {each.state for each in done} == {ChangeState.INFERRED}
        assert {each.device_key for each in done} == {each.key for each in active}


async def test_a_text_is_waited_for_as_long_as_the_network_tries(
    simulator: Running, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tracker, "AT_LATEST", -1.0)
    async with workspace(simulator, tmp_path) as made:
        device = await row_in(made, "active")
        await perform(made, "SendSms", deviceIds=ids(device.iccid)[0]["deviceIds"], smsMessage="a")
        asked = len(simulator.world.log)
        await until(lambda: len(simulator.world.log) > asked + 2, what="questions about it")
        assert (await newest(made)).state is ChangeState.ACCEPTED
        monkeypatch.setattr(tracker, "LIFETIME", -1.0)
        lost = await until_state(made, ChangeState.UNKNOWN)
        assert "gave up after 120 hours" in lost.problem
