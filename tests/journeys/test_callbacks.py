"""From ThingSpace to the journal: simulator, receiver process, inbox, outcome."""

import os
from asyncio.subprocess import DEVNULL, PIPE, create_subprocess_exec
from collections.abc import AsyncIterator
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.service.cases import row_in, submit, until_over, workspace
from tests.support.terminal import command
from tests.support.terminal import environment as surroundings
from tests.support.waiting import until
from tsui.credentials.callback import callback_keys
from tsui.service.kinds import CHANGE_PLAN
from tsui.simulator.server import Running
from tsui.store.changes import ChangeState
from tsui.store.inbox import Verdict
from tsui.thingspace.callbacks import RegisterListener


class Receiver(NamedTuple):
    """A receiver that runs."""

    base_url: str
    data_folder: Path
    config_folder: Path


@pytest.fixture
async def receiver(simulator: Running, tmp_path: Path) -> AsyncIterator[Receiver]:
    started = await create_subprocess_exec(
        *command("--url", simulator.base_url, "receiver", "--port", "0"),
        stdin=DEVNULL,
        stdout=PIPE,
        env={**os.environ, **surroundings(tmp_path)},
    )
    assert started.stdout is not None
    line = (await started.stdout.readline()).decode()
    (inbox,) = tmp_path.rglob("inbox.db")
    (keys,) = tmp_path.rglob("*.callbacks.json")
    yield Receiver(line.split()[3].rstrip(";"), inbox.parent.parent, keys.parent)
    started.terminate()
    await started.communicate()
    assert started.returncode == 0


async def test_a_change_succeeds_by_the_platforms_own_word(
    simulator: Running, receiver: Receiver
) -> None:
    async with workspace(simulator, receiver.data_folder) as made:
        keys = callback_keys(made.environment.folder_name, receiver.config_folder, {})
        assert keys is not None
        assert made.online is not None
        await made.online.client.send(
            RegisterListener(
                account_name=made.account,
                name="CarrierService",
                url=f"{receiver.base_url}/{keys.path}/CarrierService",
                username=keys.username,
                password=keys.password,
            )
        )
        # The status of a change of plan cannot be asked for: only the callback confirms it.
        device = await row_in(made, "active")
        plan = next(
            each
            for each in {row.plan for row in await made.devices(range(1, 60))}
            if each not in ("", device.plan)
        )
        await submit(made, [device], CHANGE_PLAN, service_plan=plan)
        await until_over(made)

        async def confirmed() -> bool:
            return (await made.change_window(0, 1))[0].state is ChangeState.SUCCEEDED

        await until(confirmed, what="the platform's word")
        (change,) = await made.change_window(0, 1)
        assert change.evidence == "callback CarrierService: Success"

        async def judged() -> bool:
            return (await made.inbox.newest(10))[0].verdict is Verdict.OUTCOME

        await until(judged, what="the verdict on the message")
        (message,) = await made.inbox.newest(10)
        assert message.request_id == change.request_id
        assert keys.password.encode() not in message.body
