"""A signed-in account: it says when ThingSpace is away, and goes on working through trouble."""

import getpass
import time
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
from tests.support.waiting import until
from tsui.service import kinds, tracker
from tsui.service.account import AccountService
from tsui.service.failures import ReadFailed
from tsui.service.forms import from_json
from tsui.service.who import operator_name
from tsui.service.workspace import Workspace
from tsui.simulator.faults import Fault
from tsui.simulator.server import Running
from tsui.store.changes import ChangeState
from tsui.store.errors import DiskFull

LIST = "/devices/actions/list"


def online(made: Workspace) -> AccountService:
    assert made.online is not None
    return made.online


def fails(monkeypatch: pytest.MonkeyPatch, table: Any, method: str, times: int) -> None:
    """Let a table of the store have no room for a while."""
    whole, left = getattr(table, method), times

    async def sometimes(*arguments: Any, **values: Any) -> Any:
        nonlocal left
        left -= 1
        if left >= 0:
            raise DiskFull("No room left.")
        return await whole(*arguments, **values)

    monkeypatch.setattr(table, method, sometimes)


# -- what it says -----------------------------------------------------------------------------


async def test_a_platform_that_cannot_be_understood_is_trouble_until_it_answers(
    simulator: Running, tmp_path: Path
) -> None:
    async with workspace(simulator, tmp_path) as made:
        simulator.world.faults.append(Fault("html", LIST, times=-1))
        assert await made.sync_once()
        assert "web page" in made.trouble
        simulator.world.faults.clear()
        assert await made.sync_once() == ""
        assert made.trouble == ""


async def test_a_platform_that_says_no_is_there(simulator: Running, tmp_path: Path) -> None:
    async with workspace(simulator, tmp_path) as made:
        simulator.world.faults.append(Fault("status", "/plans", status=400))
        with pytest.raises(ReadFailed):
            await made.ask(from_json("ListPlans", {"accountName": made.account}))
        assert made.trouble == ""


async def test_nobody_signed_in_has_no_trouble_and_nothing_on_its_way(
    simulator: Running, tmp_path: Path
) -> None:
    async with workspace(simulator, tmp_path, signed_in=False) as made:
        assert (made.trouble, made.is_sending, made.progress) == ("", False, None)
        await made.finish_sending()
        assert await made.sync_once() == "Nobody is signed in."


def test_a_user_without_a_name_goes_by_a_number(monkeypatch: pytest.MonkeyPatch) -> None:
    assert operator_name() == getpass.getuser()

    def nobody() -> str:
        raise KeyError("uid not found")

    monkeypatch.setattr(getpass, "getuser", nobody)
    assert operator_name().startswith("user ")


# -- how it works on --------------------------------------------------------------------------


async def test_the_fleet_is_read_again_and_again(simulator: Running, tmp_path: Path) -> None:
    async with workspace(simulator, tmp_path, signed_in=False) as made:
        from tests.service.cases import attempt

        made.refresh_seconds = 1.0
        await made.sign_in(attempt(simulator), made.environment)
        await until(lambda: requests_for(simulator, LIST) > 6, what="several readings")


async def test_a_full_disk_is_told_by_the_sync_which_goes_on_later(
    simulator: Running, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with workspace(simulator, tmp_path) as made:
        known = len(await rows(made))
        fails(monkeypatch, made._store.devices, "put_page", 1)
        assert await made.sync_once() == "No room left."
        assert made.progress is not None
        assert not made.progress.running
        assert len(await rows(made)) == known
        assert await made.sync_once() == ""


async def test_tracking_goes_on_after_the_disk_was_full(
    simulator: Running, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with workspace(simulator, tmp_path) as made:
        crashes: list[str] = []
        made.on_crash(lambda name, _: crashes.append(name))
        device = await row_in(made, "active")
        fails(monkeypatch, made._store.journal, "move", 2)
        await submit(made, [device])
        done = await until_over(made)
        assert done[0].state is ChangeState.SUCCEEDED
        assert crashes == []


async def test_a_change_nobody_tells_the_outcome_of_becomes_unknown_and_stays_open(
    simulator: Running, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tracker, "AT_LATEST", -1.0)
    async with workspace(simulator, tmp_path) as made:
        device = await row_in(made, "active")
        simulator.world.settings.delay = 60.0
        await submit(made, [device], kinds.CHANGE_PLAN, service_plan="M2M250MB")
        lost = await until_state(made, ChangeState.UNKNOWN)
        assert "24 hours" in lost.problem
        assert device.key in await made.under_way([device.key])


async def test_a_device_that_cannot_be_asked_about_any_more_does_not_keep_a_change_waiting(
    simulator: Running, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tracker, "AT_LATEST", -1.0)
    async with workspace(simulator, tmp_path) as made:
        device = await row_in(made, "active")
        simulator.world.settings.delay = 60.0
        simulator.world.faults.append(Fault("status", LIST, status=400, times=-1))
        await submit(made, [device], kinds.CHANGE_PLAN, service_plan="M2M250MB")
        await until_state(made, ChangeState.UNKNOWN)


async def test_a_platform_that_is_away_gives_no_change_up(
    simulator: Running, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tracker, "AT_LATEST", -1.0)
    async with workspace(simulator, tmp_path) as made:
        device = await row_in(made, "active")
        status = "/requests/.*/status"
        simulator.world.faults.append(Fault("html", status, times=-1))
        await submit(made, [device])
        before = len(simulator.world.log)
        await until(
            lambda: sum("/requests/" in each.path for each in simulator.world.log[before:]) > 1,
            what="questions",
        )
        assert (await changes(made))[0].state is ChangeState.ACCEPTED
        simulator.world.faults.clear()
        assert (await until_over(made))[0].state is ChangeState.SUCCEEDED
        assert executions(simulator, device) == 1


async def test_work_that_ends_in_an_unexpected_error_is_told(
    simulator: Running, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async with workspace(simulator, tmp_path) as made:
        told: list[tuple[str, BaseException]] = []

        async def break_down() -> None:
            raise RuntimeError("unexpected")

        online(made).spawn(break_down(), name="quiet work")
        await until(lambda: "quiet work failed" in caplog.text, what="the log")
        made.on_crash(lambda name, error: told.append((name, error)))
        online(made).spawn(break_down(), name="some work")
        await until(lambda: bool(told), what="the news")
        assert told[0][0] == "some work"
        assert str(told[0][1]) == "unexpected"


# -- how it ends ------------------------------------------------------------------------------


async def test_the_session_ends_when_the_account_is_closed(
    simulator: Running, tmp_path: Path
) -> None:
    async with workspace(simulator, tmp_path) as made:
        assert simulator.world.access._sessions
        await online(made).close()
        assert not simulator.world.access._sessions


async def test_closing_waits_for_nobody_who_does_not_answer(
    simulator: Running, tmp_path: Path
) -> None:
    async with workspace(simulator, tmp_path) as made:
        simulator.world.faults.append(Fault("hang", "/session/logout", seconds=0, times=-1))
        simulator.world.faults.append(Fault("hang", LIST, seconds=0, times=-1))
        made.refresh_fleet()
        begun = time.monotonic()
        await online(made).close()
        assert time.monotonic() - begun < 3.0


async def test_closing_on_a_full_disk_leaves_the_change_to_the_next_start(
    simulator: Running, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    suspend = "/devices/actions/suspend"
    async with workspace(simulator, tmp_path) as made:
        simulator.world.faults.append(Fault("hang", suspend, seconds=0, after=True))
        device = await row_in(made, "active")
        await submit(made, [device])
        await until(lambda: requests_for(simulator, suspend) == 1, what="the request")
        fails(monkeypatch, made._store.journal, "mark_answered", 10**6)
        await online(made).close()
        assert (await changes(made))[0].state is ChangeState.SENDING
    async with workspace(simulator, tmp_path) as made:
        assert (await until_over(made))[0].state is ChangeState.INFERRED
        assert executions(simulator, device) == 1
