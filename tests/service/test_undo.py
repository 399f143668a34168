"""Undo: only what is proven done is brought back, to what it was, over the road of every change."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.service.cases import (
    changes,
    now,
    row_in,
    rows,
    sim_device,
    submit,
    until_over,
    until_state,
    workspace,
)
from tests.service.operators import ids, newest, perform
from tests.support.waiting import until
from tsui.service.forms import from_json
from tsui.service.kinds import ACTIVATE, CHANGE_PLAN, DEACTIVATE, RESTORE, SUSPEND, ChangeKind
from tsui.service.making import operation_of
from tsui.service.undo import Card, card_of, never
from tsui.service.workspace import Workspace
from tsui.simulator.faults import Fault
from tsui.simulator.server import Running
from tsui.store.changes import ChangeState, DeviceChange
from tsui.store.devices import DeviceRow

ROW = DeviceRow(
    1, "iccid:8914", "8914", "", "", "", "active", "P1", "pumps", "", "a", "b", "", "", "",
    None, 0.0, 0.0, 0.0,
)  # fmt: skip


def change(operation: str, number: int = 1, **more: Any) -> DeviceChange:
    made = DeviceChange(
        id=number, request=number, batch="b", account="0742", operator="ann", operation=operation,
        title=operation, fields={}, owner="me", created_at=1.0, sending_at=2.0, answered_at=3.0,
        request_id="r", devices=1, device_key="iccid:8914", kind="iccid", identifier="8914",
        before={"state": "active"}, state=ChangeState.SUCCEEDED, changed_at=4.0, problem="",
        evidence="e", exclusive=True, answer="",
    )  # fmt: skip
    return replace(made, **more)


def card(made: DeviceChange, row: DeviceRow | None = ROW) -> Card:
    return card_of(made, [made], {row.key: row} if row else {})


def kinds_of(found: Card, step: int = 0) -> list[ChangeKind]:
    return [each.kind for each in found.steps[step].wanted]


def bodies(found: Card, step: int = 0) -> list[dict[str, Any]]:
    """Return the requests that a step would send for the one device."""
    return [
        operation_of(each.kind, each.values, "0742", [ROW]).fields()
        for each in found.steps[step].wanted
    ]


async def undo(made: Workspace, which: DeviceChange, step: int = 0) -> None:
    """Take a step of a card the way the screens do."""
    found = await made.undo_card(which)
    chosen = found.steps[step]
    if chosen.operation:
        await made.perform(from_json(chosen.operation, chosen.fields))
    else:
        await made.submit(await made.batching.propose(chosen.wanted))
    await until_over(made)


# -- what is offered ----------------------------------------------------------------------------


@pytest.mark.parametrize("state", sorted(set(ChangeState) - {"succeeded", "inferred"}))
def test_what_is_not_proven_done_is_not_undone_and_it_says_why(state: ChangeState) -> None:
    found = card(change("SuspendDevices", state=state))
    assert found.steps == ()
    assert f"It is {state}, not proven done" in found.reason


@pytest.mark.parametrize("name", ["DeactivateDevices", "DeleteDevices", "SendSms", "SendNidd"])
def test_what_has_no_undo_says_so(name: str) -> None:
    assert "undo" in never(change(name)) or "called back" in never(change(name))
    assert card(change(name)) == Card(never(change(name)))


def test_an_activation_is_not_undone_but_deactivation_is_offered_as_another_change() -> None:
    found = card(change("ActivateDevices"))
    assert not found.is_undo
    assert kinds_of(found) == [DEACTIVATE]
    assert "number" in found.lost


def test_a_device_that_is_gone_or_was_never_named_has_no_undo() -> None:
    assert "not in the fleet" in card(change("SuspendDevices"), None).reason
    assert "named no device" in card(change("SuspendDevices", kind="account")).reason


@pytest.mark.parametrize(
    ("made", "said"),
    [
        (change("ChangePlan", fields={"servicePlan": "P1"}), "not known"),
        (change("ChangePlan", fields={"servicePlan": "P2"}, before={"plan": "P3"}), "plan P1"),
        (change("ChangeCustomFields", fields={"customFieldsToUpdate": []}), "not known"),
        (
            change(
                "ChangeCustomFields",
                fields={"customFieldsToUpdate": [{"key": "CustomField1", "value": "x"}]},
                before={"custom": {"CustomField1": "y"}},
            ),
            "something else by now",
        ),
        (change("ChangeCostCenter"), "not known"),
        (change("UpdateGroup", fields={"groupName": "a"}), "not known"),
        (
            change(
                "UpdateGroup",
                fields={"groupName": "a", "devicesToAdd": [{"id": "8914"}]},
                before={"groups": "b"},
            ),
            "pumps by now",
        ),
        (
            change(
                "UpdateGroup",
                fields={"groupName": "a", "devicesToAdd": [{"id": "8914"}]},
                before={"groups": "a"},
            ),
            "already",
        ),
    ],
)
def test_what_cannot_be_brought_back_for_sure_is_left_alone(made: DeviceChange, said: str) -> None:
    found = card(made)
    assert found.steps == ()
    assert said in found.reason


def test_the_former_cost_center_is_set_or_removed() -> None:
    one = card(change("ChangeCostCenter", before={"cost_center": "C7"}))
    none = card(change("ChangeCostCenter", before={"cost_center": ""}))
    devices = [{"deviceIds": [{"id": "8914", "kind": "iccid"}]}]
    assert bodies(one) == [{"accountName": "0742", "devices": devices, "costCenter": "C7"}]
    assert bodies(none) == [{"accountName": "0742", "devices": devices, "removeCostCenter": True}]


def test_a_device_goes_back_to_the_group_it_came_from() -> None:
    named = [{"id": "8914", "kind": "iccid"}]
    joined = {"groupName": "pumps", "devicesToAdd": named}
    left = {"groupName": "dry", "devicesToRemove": named}
    assert bodies(card(change("UpdateGroup", fields=joined, before={"groups": "wet"}))) == [
        {"accountName": "0742", "groupName": "wet", "devicesToAdd": named}
    ]
    assert bodies(card(change("UpdateGroup", fields=joined, before={"groups": ""}))) == [
        {"accountName": "0742", "groupName": "pumps", "devicesToRemove": named}
    ]
    assert bodies(card(change("UpdateGroup", fields=left, before={"groups": "dry"}))) == [
        {"accountName": "0742", "groupName": "dry", "devicesToAdd": named}
    ]


def test_a_batch_is_undone_from_any_of_its_rows_and_only_where_it_was_done() -> None:
    fleet = {f"iccid:{n}": ROW._replace(id=n, key=f"iccid:{n}") for n in range(1, 6)}
    batch = [
        change("SuspendDevices", n, device_key=f"iccid:{n}", identifier=str(n)) for n in range(1, 6)
    ]
    batch[1] = replace(batch[1], state=ChangeState.FAILED)
    batch[2] = replace(batch[2], state=ChangeState.UNKNOWN)
    from_done, from_failed = card_of(batch[0], batch, fleet), card_of(batch[1], batch, fleet)
    whole, single = from_done.steps
    assert [list(each.ids) for each in whole.wanted] == [[1, 4, 5]]
    assert [list(each.ids) for each in single.wanted] == [[1]]
    assert from_failed.steps == (whole,)
    assert sum(count for _, count in from_done.left_out) == 2


def test_devices_that_were_on_different_plans_go_back_to_their_own() -> None:
    fleet = {f"iccid:{n}": ROW._replace(id=n, key=f"iccid:{n}", plan="P9") for n in range(4)}
    batch = [
        change(
            "ChangePlan", n, device_key=f"iccid:{n}", fields={"servicePlan": "P9"},
            before={"plan": f"P{n % 2}"},
        )
        for n in range(4)
    ]  # fmt: skip
    found = card_of(batch[0], batch, fleet)
    told = [
        [(each.values["service_plan"], len(each.ids)) for each in step.wanted]
        for step in found.steps
    ]
    assert told == [[("P0", 2), ("P1", 2)], [("P0", 1)]]


# -- what really comes back -----------------------------------------------------------------------


async def test_a_suspension_is_undone_and_redone(simulator: Running, tmp_path: Path) -> None:
    async with workspace(simulator, tmp_path) as made:
        some = [row for row in await rows(made) if row.state == "active"][:3]
        await submit(made, some, SUSPEND)
        first = (await until_over(made))[0]
        kept = {each.device_key: each.before for each in await changes(made)}
        assert all(kept[row.key]["mdn"] == row.mdn for row in some)
        assert all(kept[row.key]["groups"] == row.groups for row in some)
        assert kinds_of(await made.undo_card(first)) == [RESTORE]
        await undo(made, first)
        assert {sim_device(simulator, row).state for row in some} == {"active"}
        await undo(made, (await changes(made))[0])
        assert {sim_device(simulator, row).state for row in some} == {"suspend"}
        assert len({each.batch for each in await changes(made)}) == 3


async def test_the_former_plan_comes_back(simulator: Running, tmp_path: Path) -> None:
    async with workspace(simulator, tmp_path) as made:
        device = await row_in(made, "active")
        other = next(row.plan for row in await rows(made) if row.plan not in ("", device.plan))
        await submit(made, [device], CHANGE_PLAN, service_plan=other)
        await until_over(made)
        assert sim_device(simulator, device).plan == other
        await undo(made, (await changes(made))[0])
        assert sim_device(simulator, device).plan == device.plan


async def test_former_custom_fields_come_back(simulator: Running, tmp_path: Path) -> None:
    async with workspace(simulator, tmp_path) as made:
        device = await row_in(made, "active")
        new = [{"key": "CustomField1", "value": "new"}]
        await perform(
            made, "ChangeCustomFields", devices=ids(device.iccid), customFieldsToUpdate=new
        )
        await until(lambda: sim_device(simulator, device).custom[0] == "new", what="the new text")
        # Only a callback tells the outcome of this operation.
        written = await newest(made)
        await made._store.journal.move(
            written.id, ChangeState.SUCCEEDED, now(), evidence="callback"
        )
        (step,) = (await made.undo_card(await newest(made))).steps
        await made.submit(await made.batching.propose(step.wanted))
        former = device.custom1
        await until(lambda: sim_device(simulator, device).custom[0] == former, what="the old text")


async def test_the_former_group_comes_back(simulator: Running, tmp_path: Path) -> None:
    async with workspace(simulator, tmp_path) as made:
        device = await row_in(made, "active")
        other = next(row.groups for row in await rows(made) if row.groups != device.groups)
        named = [{"id": device.iccid, "kind": "iccid"}]
        await perform(made, "UpdateGroup", groupName=other, devicesToAdd=named)
        assert sim_device(simulator, device).group == other
        await undo(made, await newest(made))
        assert sim_device(simulator, device).group == device.groups


async def test_an_unknown_change_has_no_undo(simulator: Running, tmp_path: Path) -> None:
    async with workspace(simulator, tmp_path) as made:
        simulator.world.faults.append(Fault("drop", "/actions/suspend"))
        await submit(made, [await row_in(made, "active")])
        unknown = await until_state(made, ChangeState.UNKNOWN)
        assert "unknown" in (await made.undo_card(unknown)).reason


async def test_an_activation_offers_only_a_deactivation(simulator: Running, tmp_path: Path) -> None:
    async with workspace(simulator, tmp_path) as made:
        device = await row_in(made, "deactive")
        plan = (await row_in(made, "active")).plan
        await submit(made, [device], ACTIVATE, service_plan=plan, mdn_zip_code="98101")
        found = await made.undo_card((await until_over(made))[0])
        assert not found.is_undo
        assert kinds_of(found) == [DEACTIVATE]


# -- groups that were renamed ---------------------------------------------------------------------


def test_only_a_renaming_that_was_done_is_undone() -> None:
    fields = {"groupName": "old", "newGroupName": "new"}
    renamed = change("UpdateGroup", kind="account", device_key="account:0742", fields=fields)
    (step,) = card(renamed, None).steps
    assert (step.operation, step.wanted) == ("UpdateGroup", ())
    assert step.fields == {"accountName": "0742", "groupName": "new", "newGroupName": "old"}
    assert "proven" in card(replace(renamed, state=ChangeState.UNKNOWN), None).reason
    described = replace(renamed, fields={"groupName": "old", "newGroupDescription": "x"})
    assert "named no device" in card(described, None).reason
    same = replace(renamed, fields={"groupName": "old", "newGroupName": "old"})
    assert card(same, None).steps == ()


def test_a_renaming_with_devices_offers_both_ways_back() -> None:
    fields = {
        "groupName": "old", "newGroupName": "pumps",
        "devicesToAdd": [{"id": "8914", "kind": "iccid"}],
    }  # fmt: skip
    found = card(change("UpdateGroup", fields=fields, before={"groups": "wet"}))
    devices, name = found.steps
    assert [each.values for each in devices.wanted] == [{"group": "wet"}]
    assert name.fields["newGroupName"] == "old"


async def test_a_renamed_group_gets_its_name_back(simulator: Running, tmp_path: Path) -> None:
    async with workspace(simulator, tmp_path) as made:
        device = await row_in(made, "active")
        await perform(made, "UpdateGroup", groupName=device.groups, newGroupName="Renamed")
        assert sim_device(simulator, device).group == "Renamed"
        await undo(made, await newest(made))
        assert sim_device(simulator, device).group == device.groups


async def test_a_former_cost_center_comes_back_and_forth(
    simulator: Running, tmp_path: Path
) -> None:
    async with workspace(simulator, tmp_path) as made:
        device = await row_in(made, "active")
        was = sim_device(simulator, device).cost_center
        named = [{"deviceIds": [{"id": device.iccid, "kind": "iccid"}]}]
        await perform(made, "ChangeCostCenter", devices=named, costCenter="NEW7")
        await until(lambda: sim_device(simulator, device).cost_center == "NEW7", what="it")
        written = await newest(made)
        await made._store.journal.move(
            written.id, ChangeState.SUCCEEDED, now(), evidence="callback"
        )
        (step,) = (await made.undo_card(await newest(made))).steps
        await made.submit(await made.batching.propose(step.wanted))
        await until(lambda: sim_device(simulator, device).cost_center == was, what="the old one")
        assert "cost_center" in (await newest(made)).before
