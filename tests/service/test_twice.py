"""Never twice, never forgotten: the same request again, and errors nobody expected."""

import asyncio
from pathlib import Path
from typing import Any

import pytest

from tests.service.cases import changes, requests_for, row_in, rows, submit, workspace
from tests.service.operators import newest, perform
from tests.support.waiting import until
from tsui.service.failures import ChangeFailed
from tsui.service.workspace import Workspace
from tsui.simulator.faults import Fault
from tsui.simulator.server import Running
from tsui.store.changes import ChangeState
from tsui.store.errors import DiskFull

SMS = "/api/m2m/v1/sms"
SUSPEND = "/devices/actions/suspend"


async def text(made: Workspace, words: str = "reboot") -> Any:
    device = await row_in(made, "active")
    to = [{"id": device.iccid, "kind": "iccid"}]
    return await perform(made, "SendSms", deviceIds=to, smsMessage=words)


async def test_the_same_request_twice_at_once_is_sent_once(
    simulator: Running, tmp_path: Path
) -> None:
    async with workspace(simulator, tmp_path) as made:
        simulator.world.faults.append(Fault("drip", SMS, seconds=0.002))
        results = await asyncio.gather(text(made), text(made), return_exceptions=True)
        refused = [each for each in results if isinstance(each, ChangeFailed)]
        assert len(refused) == 1
        assert "Nothing was sent" in str(refused[0])
        assert requests_for(simulator, SMS) == 1


async def test_a_request_of_unknown_fate_is_not_sent_again_before_somebody_has_decided(
    simulator: Running, tmp_path: Path
) -> None:
    async with workspace(simulator, tmp_path) as made:
        simulator.world.faults.append(Fault("drop", SMS, after=True))
        assert (await text(made)).state is ChangeState.UNKNOWN
        with pytest.raises(ChangeFailed, match="unknown"):
            await text(made)
        assert requests_for(simulator, SMS) == 1
        assert (await text(made, "something else")).state is ChangeState.ACCEPTED
        first = (await changes(made))[-1]
        assert await made.decide(first, "The device did not reboot.")
        assert (await text(made)).state is ChangeState.ACCEPTED


async def test_a_request_that_was_taken_may_be_made_again(
    simulator: Running, tmp_path: Path
) -> None:
    async with workspace(simulator, tmp_path) as made:
        simulator.world.settings.delay = 30.0
        for _ in range(2):
            assert (await text(made)).state is ChangeState.ACCEPTED
        assert requests_for(simulator, SMS) == 2


# -- errors nobody expected -----------------------------------------------------------------------


class Surprise(Exception):
    pass


def surprise(made: Workspace, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Let answers of changes end in an error that nobody expected; returns the crashes told."""
    assert made.online is not None
    whole = made.online.client.send

    async def broken(operation: Any) -> Any:
        reply = await whole(operation)
        if operation.changes():
            raise Surprise
        return reply

    monkeypatch.setattr(made.online.client, "send", broken)
    crashes: list[str] = []
    made.on_crash(lambda name, _: crashes.append(name))
    return crashes


async def test_an_unexpected_error_reaches_who_waits_and_leaves_an_unknown_fate(
    simulator: Running, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with workspace(simulator, tmp_path) as made:
        crashes = surprise(made, monkeypatch)
        with pytest.raises(Surprise):
            await perform(made, "CreateGroup", groupName="Pumps", groupDescription="x")
        left = await newest(made)
        assert left.state is ChangeState.UNKNOWN
        assert "failed while it was being sent" in left.problem
        await until(lambda: bool(crashes), what="the crash")
        assert not made.is_sending


async def test_an_unexpected_error_calls_the_rest_of_a_batch_off(
    simulator: Running, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with workspace(simulator, tmp_path) as made:
        active = [row for row in await rows(made) if row.state == "active"][:3]
        crashes = surprise(made, monkeypatch)
        await submit(made, active)
        await until(lambda: bool(crashes), what="the crash")
        states = [each.state for each in reversed(await changes(made))]
        assert states[1:] == [ChangeState.NOT_SENT, ChangeState.NOT_SENT]
        assert states[0] in (ChangeState.UNKNOWN, ChangeState.ACCEPTED, ChangeState.INFERRED)
        assert requests_for(simulator, SUSPEND) == 1


async def test_what_cannot_be_called_off_on_a_full_disk_is_closed_by_the_next_start(
    simulator: Running, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with workspace(simulator, tmp_path) as made:
        active = [row for row in await rows(made) if row.state == "active"][:3]
        simulator.world.faults.append(Fault("hang", SUSPEND, seconds=0))
        await submit(made, active)
        await until(lambda: requests_for(simulator, SUSPEND) == 1, what="the request")

        async def full(*_: Any, **__: Any) -> None:
            raise DiskFull("No room left.")

        monkeypatch.setattr(made._store.journal, "mark_answered", full)
        assert made.online is not None
        await made.online.close()
    async with workspace(simulator, tmp_path, signed_in=False) as made:
        states = [each.state for each in reversed(await changes(made))]
        assert states == [ChangeState.UNKNOWN, ChangeState.NOT_SENT, ChangeState.NOT_SENT]
        assert requests_for(simulator, SUSPEND) == 1
