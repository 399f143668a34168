"""The generic road forbids what the road of the five changes forbids, and tells what it tells."""

from dataclasses import replace
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
from tests.service.operators import ids, perform
from tsui.service import kinds
from tsui.service.failures import ChangeFailed, ReportChanged
from tsui.service.forms import from_json
from tsui.service.guards import Guards
from tsui.service.preflight import Report
from tsui.service.workspace import Workspace
from tsui.simulator.faults import Fault
from tsui.simulator.server import Running
from tsui.store.changes import ChangeState
from tsui.store.devices import DeviceRow

SUSPEND = "/devices/actions/suspend"
STRANGER = "89148000009999999999"


async def judge(made: Workspace, name: str, **fields: Any) -> Report:
    return await made.judge(from_json(name, {"accountName": made.account, **fields}))


def told(report: Report) -> set[str]:
    judged = (*report.eligible, *report.excluded)
    return {each.rule for each in report.general} | {
        each.rule for one in judged for each in one.findings
    }


@pytest.mark.parametrize(
    ("name", "state", "why"),
    [
        ("SuspendDevices", "suspend", "It is suspended"),
        ("SuspendDevices", "deactive", "It is deactive"),
        ("RestoreDevices", "active", "It is active"),
        ("DeactivateDevices", "pre-active", "It is pre-active"),
        ("ChangePlan", "suspend", "suspended line"),
        ("DeleteDevices", "active", "It is active"),
    ],
)
async def test_a_state_that_does_not_allow_it_stops_an_operation(
    simulator: Running, tmp_path: Path, name: str, state: str, why: str
) -> None:
    async with workspace(simulator, tmp_path) as made:
        device = await row_in(made, state)
        named = "devicesToDelete" if name == "DeleteDevices" else "devices"
        fields = {named: ids(device.iccid)} | (
            {"servicePlan": "UNL-RTR"} if name == "ChangePlan" else {}
        )
        report = await judge(made, name, **fields)
        assert [each.device.key for each in report.excluded] == [device.key]
        with pytest.raises(ChangeFailed, match=f"{device.iccid}. .*{why}"):
            await perform(made, name, **fields)
        assert await changes(made) == []


async def test_it_is_the_fresh_state_that_counts(simulator: Running, tmp_path: Path) -> None:
    async with workspace(simulator, tmp_path) as made:
        device = await row_in(made, "active")
        await submit(made, [device])
        await until_over(made)
        old = device._replace(read_at=device.read_at - 3600)
        await _put_back(made, old)
        assert (await judge(made, "SuspendDevices", devices=ids(device.iccid))).eligible
        with pytest.raises(ChangeFailed, match="It is suspended"):
            await perform(made, "SuspendDevices", devices=ids(device.iccid))
        assert executions(simulator, device) == 1


async def _put_back(made: Workspace, old: DeviceRow) -> None:
    """Make what is remembered of a device old, as if it had been changed elsewhere since."""

    def write(connection: Any) -> None:
        connection.execute("UPDATE device SET state = ? WHERE id = ?", (old.state, old.id))
        sql = "UPDATE device_seen SET read_at = ?, fingerprint = 0 WHERE id = ?"
        connection.execute(sql, (old.read_at, old.id))

    await made._store._cache.write(write)


async def test_without_a_fresh_look_nothing_is_sent(simulator: Running, tmp_path: Path) -> None:
    async with workspace(simulator, tmp_path, synced=False) as made:
        simulator.world.faults.append(Fault("html", "/devices/actions/list", times=-1))
        with pytest.raises(ChangeFailed, match="Nothing was sent"):
            await perform(made, "SuspendDevices", devices=ids(STRANGER))
        assert requests_for(simulator, SUSPEND) == 0


async def test_a_device_that_is_not_known_is_told_and_left_to_the_platform(
    simulator: Running, tmp_path: Path
) -> None:
    async with workspace(simulator, tmp_path) as made:
        report = await judge(made, "RestoreDevices", devices=ids(STRANGER))
        assert report.eligible
        assert "stale" in told(report)
        sent = await perform(made, "RestoreDevices", devices=ids(STRANGER))
        assert sent.state is ChangeState.REFUSED


async def test_an_open_change_stops_an_operation_and_a_message_goes_on(
    simulator: Running, tmp_path: Path
) -> None:
    async with workspace(simulator, tmp_path) as made:
        simulator.world.settings.delay = 60.0
        device = await row_in(made, "active")
        await submit(made, [device])
        await until_state(made, ChangeState.ACCEPTED)
        report = await judge(made, "ChangeCostCenter", devices=ids(device.iccid), costCenter="A")
        assert report.excluded
        with pytest.raises(ChangeFailed, match="not over"):
            await perform(made, "ChangeCostCenter", devices=ids(device.iccid), costCenter="A")
        message = await judge(
            made, "SendSms", deviceIds=ids(device.iccid)[0]["deviceIds"], smsMessage="hello"
        )
        assert message.eligible


async def test_the_daily_limit_counts_what_both_roads_sent(
    simulator: Running, tmp_path: Path
) -> None:
    async with workspace(simulator, tmp_path, guards=Guards(actions_per_day=2)) as made:
        device = await row_in(made, "active")
        await submit(made, [device])
        await until_over(made)
        await perform(made, "RestoreDevices", devices=ids(device.iccid))
        await until_over(made)
        with pytest.raises(ChangeFailed, match="2 state changes of a day are used"):
            await perform(made, "SuspendDevices", devices=ids(device.iccid))
        report = await made.preflight(kinds.SUSPEND, [device.id], {})
        assert dict(report.reasons) == {"Its 2 state changes of a day are used.": 1}
        assert requests_for(simulator, SUSPEND) == 1


async def test_the_stored_history_counts_too(simulator: Running, tmp_path: Path) -> None:
    async with workspace(simulator, tmp_path, guards=Guards(actions_per_day=1)) as made:
        device = await row_in(made, "active")
        now = made.clock.now().timestamp()
        event = {"at": now - 60, "event": "Restore Device", "status": "Success"}
        await made._store.readings.put(made.account, device.id, "provisioning", [event], now)
        report = await made.preflight(kinds.SUSPEND, [device.id], {})
        assert [each.blocked and each.blocked.rule for each in report.excluded] == [
            "actions-per-day"
        ]


async def test_hardware_of_another_line_is_found_for_both_roads(
    simulator: Running, tmp_path: Path
) -> None:
    async with workspace(simulator, tmp_path) as made:
        pre, active = await row_in(made, "pre-active"), await row_in(made, "active")
        pair = [{"id": active.imei, "kind": "imei"}, {"id": pre.iccid, "kind": "iccid"}]
        report = await judge(
            made, "ActivateDevices", devices=[{"deviceIds": pair}], servicePlan="M2M5MB",
            mdnZipCode="98801",
        )  # fmt: skip
        assert report.excluded
        assert "pairing" in told(report)
        swap = {
            "serviceType": "4G",
            "deviceIds": [{"id": pre.iccid, "kind": "iccid"}],
            "deviceIdsTo": [{"id": active.imei, "kind": "imei"}],
            "change4gOption": "ChangeIMEI",
        }
        assert "pairing" in told(await made.judge(from_json("ChangeIdentifier", swap)))
        await _give(made, pre, active.imei)
        special = await made.preflight(
            kinds.ACTIVATE, [pre.id], {"service_plan": "M2M5MB", "mdn_zip_code": "98801"}
        )
        assert "pairing" in told(special)


async def _give(made: Workspace, device: DeviceRow, imei: str) -> None:
    def write(connection: Any) -> None:
        connection.execute("UPDATE device SET imei = ? WHERE id = ?", (imei, device.id))

    await made._store._cache.write(write)


async def test_the_listeners_that_were_read_are_looked_at(
    simulator: Running, tmp_path: Path
) -> None:
    async with workspace(simulator, tmp_path) as made:
        device = await row_in(made, "active")

        async def said() -> str:
            report = await made.preflight(kinds.SUSPEND, [device.id], {})
            return " ".join(each.sentence for each in report.general)

        assert "Not known" in await said()
        listing = from_json("ListListeners", {"accountName": made.account})
        await made.ask(listing)
        assert "CarrierService had no listener" in await said()
        listener = {"name": "CarrierService", "url": "http://127.0.0.1:9001/"}
        await made.perform(from_json("RegisterListener", {"accountName": made.account, **listener}))
        await made.ask(listing)
        assert await said() == ""


async def test_the_same_message_within_an_hour_is_told(simulator: Running, tmp_path: Path) -> None:
    async with workspace(simulator, tmp_path) as made:
        device = await row_in(made, "active")
        fields = {"deviceIds": ids(device.iccid)[0]["deviceIds"], "smsMessage": "hello"}
        assert "duplicate" not in told(await judge(made, "SendSms", **fields))
        await perform(made, "SendSms", **fields)
        assert "duplicate" in told(await judge(made, "SendSms", **fields))
        assert "duplicate" not in told(await judge(made, "SendSms", **fields | {"smsMessage": "x"}))


async def test_what_is_protected_needs_its_name_on_both_roads(
    simulator: Running, tmp_path: Path
) -> None:
    async with workspace(simulator, tmp_path, synced=True) as made:
        active = [row for row in await rows(made) if row.state == "active"]
        device, other = active[0], active[1]
    guards = Guards(protect=(f"mdn:{device.mdn}",))
    async with workspace(simulator, tmp_path, guards=guards) as made:
        report = await made.preflight(kinds.SUSPEND, [device.id], {})
        assert report.names_needed == [device.mdn]
        with pytest.raises(ChangeFailed, match=device.mdn):
            await made.submit(report)
        operation = from_json(
            "SuspendDevices", {"accountName": made.account, "devices": ids(device.iccid)}
        )
        with pytest.raises(ChangeFailed, match=device.mdn):
            await made.perform(operation)
        assert await changes(made) == []
        assert await submit(made, [other]) == 1
        assert await made.submit(replace(report, named=frozenset({device.mdn}))) == 1
        await until_over(made)
        back = from_json(
            "RestoreDevices", {"accountName": made.account, "devices": ids(device.iccid)}
        )
        sent = await made.perform(back, names=frozenset({device.mdn}))
        assert sent.state is ChangeState.ACCEPTED


async def test_a_device_that_became_protected_has_to_be_looked_at_again(
    simulator: Running, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    guards = Guards(protect=("group:Boston meters",))
    monkeypatch.setattr("tsui.service.freshness.FRESH", -1.0)
    async with workspace(simulator, tmp_path, guards=guards) as made:
        device = next(
            row for row in await rows(made) if row.state == "active" and "Boston" in row.groups
        )

        def forget(connection: Any) -> None:
            connection.execute("UPDATE device SET groups = '' WHERE id = ?", (device.id,))
            sql = "UPDATE device_seen SET fingerprint = 0 WHERE id = ?"
            connection.execute(sql, (device.id,))

        await made._store._cache.write(forget)
        report = await made.preflight(kinds.SUSPEND, [device.id], {})
        assert report.names_needed == []
        with pytest.raises(ReportChanged) as caught:
            await made.submit(report)
        assert caught.value.report.names_needed == ["Boston meters"]
        assert requests_for(simulator, SUSPEND) == 0


GROUP = "Boston meters"


@pytest.mark.parametrize(
    ("name", "fields"),
    [
        ("DeleteGroup", {}),
        ("UpdateGroup", {"newGroupName": "Other"}),
        ("UpdateGroup", {"devicesToAdd": [{"id": STRANGER, "kind": "iccid"}]}),
    ],
    ids=str,
)
async def test_a_protected_group_is_changed_only_when_its_name_was_typed(
    simulator: Running, tmp_path: Path, name: str, fields: dict[str, Any]
) -> None:
    guards = Guards(frozenset({"protected"}), protect=(f"group:{GROUP}",))
    async with workspace(simulator, tmp_path, guards=guards) as made:
        changed = {"groupName": GROUP.upper(), **fields}
        assert (await judge(made, name, **changed)).names_needed == [GROUP]
        with pytest.raises(ChangeFailed, match=f"{GROUP} is protected and not named"):
            await perform(made, name, **changed)
        assert (await judge(made, name, groupName="Cellar", **fields)).names_needed == []
        assert await changes(made) == []


async def test_a_group_is_not_deleted_under_a_protected_device_unnoticed(
    simulator: Running, tmp_path: Path
) -> None:
    async with workspace(simulator, tmp_path) as made:
        device, other = [row for row in await rows(made) if row.groups == GROUP][:2]
    guards = Guards(protect=(f"iccid:{device.iccid}", f"mdn:{other.mdn}"))
    async with workspace(simulator, tmp_path, guards=guards) as made:
        report = await judge(made, "DeleteGroup", groupName=GROUP)
        assert set(report.names_needed) == {device.iccid, other.mdn}
        renamed = await judge(made, "UpdateGroup", groupName=GROUP, newGroupName="Other")
        assert renamed.names_needed == []
        elsewhere = await judge(made, "DeleteGroup", groupName="Cellar")
        assert elsewhere.names_needed == []


async def test_thingspace_must_not_choose_where_something_is_protected(
    simulator: Running, tmp_path: Path
) -> None:
    async with workspace(simulator, tmp_path, guards=Guards(protect=("group:X",))) as made:
        with pytest.raises(ChangeFailed, match="name the devices"):
            await perform(made, "SuspendDevices", groupName="Boston meters")
        assert requests_for(simulator, SUSPEND) == 0


async def test_a_rule_that_is_off_stops_nothing(simulator: Running, tmp_path: Path) -> None:
    guards = Guards(frozenset({"state"}))
    async with workspace(simulator, tmp_path, guards=guards) as made:
        device = await row_in(made, "suspend")
        sent = await perform(made, "SuspendDevices", devices=ids(device.iccid))
        assert sent.state is ChangeState.REFUSED or sent.state is ChangeState.ACCEPTED
        assert requests_for(simulator, SUSPEND) == 1
