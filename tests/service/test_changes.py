"""The one road: look, write down, send, write down what came back; never twice."""

import asyncio
from pathlib import Path
from typing import Any

import pytest

from tests.service.cases import (
    changes,
    executions,
    requests_for,
    row_in,
    rows,
    sim_device,
    submit,
    until_over,
    until_state,
    workspace,
)
from tests.support.waiting import until
from tsui.service import drafts, freshness, kinds
from tsui.service.failures import ChangeFailed, ReportChanged
from tsui.service.who import operator_name
from tsui.simulator.faults import Fault
from tsui.simulator.rules import SUSPENDING
from tsui.simulator.server import Running
from tsui.simulator.settings import SimulatorSettings
from tsui.store.changes import ChangeState
from tsui.store.errors import DiskFull

SUSPEND = "/devices/actions/suspend"


@pytest.fixture
def simulator_settings() -> SimulatorSettings:
    return SimulatorSettings(devices=80, delay=0.1)


async def test_a_suspended_line_shows_pending_and_then_suspended(
    simulator: Running, tmp_path: Path
) -> None:
    async with workspace(simulator, tmp_path) as made:
        simulator.world.settings.delay = 0.5
        device = await row_in(made, "active")
        seen: list[str] = []

        async def watch() -> bool:
            state = (await made.devices([device.id]))[0].state
            if not seen or seen[-1] != state:
                seen.append(state)
            return state == "suspend"

        assert await submit(made, [device]) == 1
        await until(watch, what="the suspended line")
        done = await until_over(made)
        assert seen == ["active", "pending suspend", "suspend"]
        assert done[0].state is ChangeState.SUCCEEDED
        assert done[0].request_id in simulator.world.engine.requests
        assert executions(simulator, device) == 1


@pytest.mark.parametrize(
    ("kind", "state", "values"),
    [
        (kinds.ACTIVATE, "pre-active", {"service_plan": "M2M5MB", "mdn_zip_code": "02108"}),
        (kinds.ACTIVATE, "deactive", {"service_plan": "M2M25MB", "mdn_zip_code": "02108"}),
        (kinds.SUSPEND, "active", {"billing": "without"}),
        (kinds.RESTORE, "suspend", {}),
        (kinds.DEACTIVATE, "active", {"waiver": "spend"}),
    ],
)
async def test_every_change_of_state_is_confirmed_and_shows_in_the_list(
    simulator: Running,
    tmp_path: Path,
    kind: kinds.ChangeKind,
    state: str,
    values: dict[str, str],
) -> None:
    async with workspace(simulator, tmp_path) as made:
        device = await row_in(made, state)
        await submit(made, [device], kind, **values)
        done = await until_over(made)
        assert done[0].state is ChangeState.SUCCEEDED
        assert (await made.devices([device.id]))[0].state == kind.becomes
        assert sim_device(simulator, device).state == kind.becomes


async def test_a_plan_change_has_no_status_and_is_inferred_from_the_device(
    simulator: Running, tmp_path: Path
) -> None:
    async with workspace(simulator, tmp_path) as made:
        device = await row_in(made, "active")
        plan = "M2M250MB" if device.plan != "M2M250MB" else "M2M5MB"
        await submit(made, [device], kinds.CHANGE_PLAN, service_plan=plan)
        done = await until_over(made)
        assert done[0].state is ChangeState.INFERRED
        assert plan in done[0].evidence
        assert (await made.devices([device.id]))[0].plan == plan


async def test_choices_of_the_dialog_reach_the_platform(simulator: Running, tmp_path: Path) -> None:
    async with workspace(simulator, tmp_path) as made:
        device = await row_in(made, "active")
        await submit(made, [device], kinds.SUSPEND, billing="with")
        done = await until_over(made)
        assert done[0].fields["withBilling"] is True
        await submit(made, [device], kinds.DEACTIVATE, waiver="")
        done = await until_over(made)
        assert done[0].fields["etfWaiver"] is False
        assert done[0].fields["reasonCode"] == "FF"


async def test_activation_names_the_imei_before_the_iccid(
    simulator: Running, tmp_path: Path
) -> None:
    async with workspace(simulator, tmp_path) as made:
        device = await row_in(made, "pre-active")
        await submit(made, [device], kinds.ACTIVATE, service_plan="M2M5MB", mdn_zip_code="02108")
        done = await until_over(made)
        sent = done[0].fields["devices"][0]["deviceIds"]
        assert [each["kind"] for each in sent] == ["imei", "iccid"]


async def test_no_change_is_ever_sent_with_a_selector(simulator: Running, tmp_path: Path) -> None:
    async with workspace(simulator, tmp_path) as made:
        await submit(made, [row for row in await rows(made) if row.state == "active"][:40])
        await until_over(made, limit=30)
        for change in await changes(made):
            assert change.fields["devices"]
            assert not {"groupName", "customFields", "servicePlan"} & set(change.fields)


async def test_the_journal_has_it_before_the_platform_sees_it(
    simulator: Running, tmp_path: Path
) -> None:
    async with workspace(simulator, tmp_path) as made:
        simulator.world.faults.append(Fault("hang", SUSPEND, seconds=0.3))
        device = await row_in(made, "active")
        await submit(made, [device])
        await until(lambda: requests_for(simulator, SUSPEND) == 1, what="the request")
        written = (await changes(made))[0]
        assert written.state is ChangeState.SENDING
        assert written.sending_at is not None
        assert written.before["state"] == "active"


async def test_a_refused_change_says_why_and_was_not_done(
    simulator: Running, tmp_path: Path
) -> None:
    async with workspace(simulator, tmp_path) as made:
        device = await row_in(made, "active")
        code = "UnifiedWebService.INPUT_INVALID.DeviceState.Invalid"
        body = {"errorCode": code, "errorMessage": "no"}
        simulator.world.faults.append(Fault("status", SUSPEND, status=400, body=body))
        await submit(made, [device])
        done = await until_over(made)
        assert done[0].state is ChangeState.REFUSED
        assert "state does not allow" in done[0].problem
        assert executions(simulator, device) == 0


async def test_a_change_that_fails_later_tells_the_carriers_reason(
    simulator: Running, tmp_path: Path
) -> None:
    async with workspace(simulator, tmp_path) as made:
        simulator.world.settings.failure_rate = 1.0
        device = await row_in(made, "active")
        await submit(made, [device])
        done = await until_over(made)
        assert done[0].state is ChangeState.FAILED
        assert done[0].problem == "The network refused it."
        assert (await made.devices([device.id]))[0].state == "active"


@pytest.mark.parametrize("action", ["drop", "hang", "html", "bad-json", "cut", "status"])
async def test_an_answer_that_is_lost_after_the_change_was_taken_is_settled_by_reading(
    simulator: Running, tmp_path: Path, action: str
) -> None:
    async with workspace(simulator, tmp_path) as made:
        fault = Fault(action, SUSPEND, after=True, seconds=0.2, status=502)
        simulator.world.faults.append(fault)
        device = await row_in(made, "active")
        await submit(made, [device])
        done = await until_over(made)
        assert done[0].state is ChangeState.INFERRED
        assert "suspended" in done[0].evidence
        assert executions(simulator, device) == 1
        assert requests_for(simulator, SUSPEND) == 1


async def test_a_change_of_unknown_fate_that_was_not_done_stays_unknown_and_blocks(
    simulator: Running, tmp_path: Path
) -> None:
    async with workspace(simulator, tmp_path) as made:
        simulator.world.faults.append(Fault("drop", SUSPEND))
        device = await row_in(made, "active")
        await submit(made, [device])
        await until_state(made, ChangeState.UNKNOWN)
        await made.opened.refresh(made.account)
        report = await made.preflight(kinds.SUSPEND, [device.id], {})
        assert not report.eligible
        assert requests_for(simulator, SUSPEND) == 1
        assert executions(simulator, device) == 0


async def test_an_operator_can_close_an_unknown_change_and_the_audit_knows(
    simulator: Running, tmp_path: Path
) -> None:
    async with workspace(simulator, tmp_path) as made:
        simulator.world.faults.append(Fault("drop", SUSPEND))
        device = await row_in(made, "active")
        await submit(made, [device])
        unknown = await until_state(made, ChangeState.UNKNOWN)
        assert await made.decide(unknown, "It was not done; I looked.")
        closed = (await changes(made))[0]
        assert closed.state is ChangeState.DECIDED
        assert closed.problem == "It was not done; I looked."
        (last,) = await made.audit.window((), 0, 1)
        assert (last.event, last.problem) == ("decided", "It was not done; I looked.")
        assert (last.operator, last.profile) == (operator_name(), "test")
        assert not await made.decide(unknown, "again")
        assert await submit(made, [device]) == 1


async def test_a_busy_platform_is_asked_again_because_nothing_was_done(
    simulator: Running, tmp_path: Path
) -> None:
    async with workspace(simulator, tmp_path) as made:
        headers = {"Retry-After": "1"}
        simulator.world.faults.append(
            Fault("status", SUSPEND, status=429, headers=headers, times=2)
        )
        device = await row_in(made, "active")
        await submit(made, [device])
        done = await until_over(made)
        assert done[0].state is ChangeState.SUCCEEDED
        assert executions(simulator, device) == 1


async def test_tokens_that_ran_out_in_between_do_not_double_a_change(
    simulator: Running, tmp_path: Path
) -> None:
    async with workspace(simulator, tmp_path) as made:
        device = await row_in(made, "active")
        simulator.world.access.expire_all()
        await submit(made, [device])
        done = await until_over(made)
        assert done[0].state is ChangeState.SUCCEEDED
        assert executions(simulator, device) == 1


async def test_a_device_that_changed_since_it_was_shown_is_looked_at_again(
    simulator: Running, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(freshness, "FRESH", -1.0)
    async with workspace(simulator, tmp_path) as made:
        device = await row_in(made, "active")
        report = await made.preflight(kinds.SUSPEND, [device.id], {})
        fleet = simulator.world.fleets[made.account]
        simulator.world.engine.change_elsewhere(
            fleet, made.account, SUSPENDING, sim_device(simulator, device)
        )
        with pytest.raises(ReportChanged) as caught:
            await made.submit(report)
        assert not caught.value.report.eligible
        assert await changes(made) == []
        assert requests_for(simulator, SUSPEND) == 0


async def test_without_a_fresh_look_nothing_is_sent(
    simulator: Running, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(freshness, "FRESH", -1.0)
    async with workspace(simulator, tmp_path) as made:
        device = await row_in(made, "active")
        report = await made.preflight(kinds.SUSPEND, [device.id], {})
        simulator.world.faults.append(Fault("html", "/devices/actions/list", times=-1))
        with pytest.raises(ChangeFailed, match="Nothing was sent"):
            await made.submit(report)
        assert requests_for(simulator, SUSPEND) == 0


async def test_the_same_change_from_two_places_is_sent_once(
    simulator: Running, tmp_path: Path
) -> None:
    async with workspace(simulator, tmp_path) as one, workspace(simulator, tmp_path) as two:
        device = await row_in(one, "active")
        reports = [await made.preflight(kinds.SUSPEND, [device.id], {}) for made in (one, two)]
        results = await asyncio.gather(
            one.submit(reports[0]), two.submit(reports[1]), return_exceptions=True
        )
        assert sorted(isinstance(each, ChangeFailed) for each in results) == [False, True]
        await until_over(one)
        assert executions(simulator, device) == 1


async def test_a_full_disk_stops_a_change_before_anything_is_sent(
    simulator: Running, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with workspace(simulator, tmp_path) as made:
        device = await row_in(made, "active")

        async def full(*_: object, **__: object) -> list[int]:
            raise DiskFull("No room left.")

        monkeypatch.setattr(made._store.batches, "intend", full)
        with pytest.raises(ChangeFailed, match="No room left"):
            await submit(made, [device])
        assert requests_for(simulator, SUSPEND) == 0


async def test_an_answer_is_written_down_as_soon_as_the_disk_has_room_again(
    simulator: Running, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with workspace(simulator, tmp_path) as made:
        device = await row_in(made, "active")
        whole = made._store.journal.mark_answered
        failures = 3

        async def sometimes(*arguments: Any, **values: Any) -> None:
            nonlocal failures
            failures -= 1
            if failures >= 0:
                raise DiskFull("No room left.")
            await whole(*arguments, **values)

        monkeypatch.setattr(made._store.journal, "mark_answered", sometimes)
        await submit(made, [device])
        done = await until_over(made)
        assert done[0].state is ChangeState.SUCCEEDED
        assert failures < 0


async def test_a_few_devices_get_a_request_each_and_many_share_them(
    simulator: Running, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(drafts, "SINGLY", 3)
    monkeypatch.setattr(drafts, "BATCH", 5)
    async with workspace(simulator, tmp_path) as made:
        active = [row for row in await rows(made) if row.state == "active"]
        await submit(made, active[:3])
        await until_over(made, limit=20)
        assert [change.devices for change in await changes(made)] == [1, 1, 1]
        await submit(made, active[3:15])
        done = await until_over(made, limit=30)
        assert sorted({change.devices for change in done}) == [1, 2, 5]
        assert {each.state for each in done if each.devices > 1} == {ChangeState.INFERRED}
        assert all(executions(simulator, device) == 1 for device in active[:15])


async def test_a_wrong_value_is_told_by_its_name_and_nothing_is_sent(
    simulator: Running, tmp_path: Path
) -> None:
    async with workspace(simulator, tmp_path) as made:
        device = await row_in(made, "pre-active")
        with pytest.raises(ChangeFailed, match="mdn zip code"):
            await submit(made, [device], kinds.ACTIVATE, service_plan="M2M5MB", mdn_zip_code="1")
        assert await changes(made) == []


async def test_read_only_closes_the_road_itself(simulator: Running, tmp_path: Path) -> None:
    async with workspace(simulator, tmp_path, read_only=True) as made:
        device = await row_in(made, "active")
        await submit(made, [device])
        done = await until_over(made)
        assert done[0].state is ChangeState.NOT_SENT
        assert "Read-only" in done[0].problem
        assert requests_for(simulator, SUSPEND) == 0


async def test_nobody_signed_in_sends_nothing(simulator: Running, tmp_path: Path) -> None:
    async with workspace(simulator, tmp_path) as made:
        pass
    async with workspace(simulator, tmp_path, signed_in=False) as made:
        device = await row_in(made, "active")
        with pytest.raises(ChangeFailed, match="signed in"):
            await submit(made, [device])
