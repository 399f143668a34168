"""With --read-only nothing that changes anything leaves, on whatever road it is tried."""

import asyncio
import json
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.contract.documented import ENTRIES, class_of
from tests.service.cases import changes, row_in, submit, workspace
from tests.service.operators import example_of
from tests.support.app import dashboard, flash, launch
from tests.support.waiting import until
from tsui.op import Call, Exit, run_op
from tsui.service import kinds
from tsui.service.failures import ChangeFailed
from tsui.service.launch import Launch
from tsui.service.operations import info_of
from tsui.simulator.server import Running
from tsui.store.changes import ChangeState
from tsui.thingspace.catalog import OPERATIONS
from tsui.thingspace.errors import ReadOnly
from tsui.thingspace.operation import Effect, Operation

CHANGING = {name for name, operation in OPERATIONS.items() if operation.changes()}
VALUES = {
    "service_plan": "UNL-RTR",
    "mdn_zip_code": "98801",
    "CustomField1": "new",
    "cost_center": "new",
    "group": "Kiosks",
}
"""What the kinds of change need."""


class Here:
    """Where a test's simulator is, in place of what the command line names."""

    def __init__(self, start: Launch) -> None:
        self._start = start

    def launch(self) -> Launch:
        return self._start


def examples() -> Iterator[Operation[Any]]:
    """Yield a request of every operation that changes something."""
    seen: set[str] = set()
    for entry in ENTRIES:
        name = class_of(entry).__name__
        if name in CHANGING and name not in seen:
            seen.add(name)
            yield example_of(entry)
    assert seen == CHANGING


def route(operation: type[Operation[Any]]) -> str:
    path = re.sub(r"\\\{\w+\\\}", "[^/]+", re.escape(operation.base + operation.path))
    return f"{operation.method} {path}"


HARMLESS = {
    route(each) for each in OPERATIONS.values() if each.reads() or each.effect is Effect.AUTH
}
HARMFUL = {route(each) for each in OPERATIONS.values() if each.changes()}


def changes_that_left(simulator: Running) -> list[str]:
    """Return what the simulator was asked that is neither a read nor the sign-in."""
    asked = {f"{each.method} {each.path}" for each in simulator.world.log}
    return [each for each in asked if not any(re.fullmatch(known, each) for known in HARMLESS)]


def test_reads_and_changes_never_share_a_route() -> None:
    assert len(CHANGING) > 40
    assert not HARMLESS & HARMFUL


async def test_a_change_that_left_would_be_seen(simulator: Running, tmp_path: Path) -> None:
    async with workspace(simulator, tmp_path) as made:
        await submit(made, [await row_in(made, "active")])
        await made.finish_sending()
    assert len(changes_that_left(simulator)) == 1


async def test_no_operation_leaves_through_the_client(simulator: Running, tmp_path: Path) -> None:
    async with workspace(simulator, tmp_path, read_only=True, synced=False) as made:
        assert made.online is not None
        for operation in examples():
            with pytest.raises(ReadOnly):
                await made.online.client.send(operation)
    assert changes_that_left(simulator) == []


async def test_no_operation_leaves_through_the_runner(simulator: Running, tmp_path: Path) -> None:
    async with workspace(simulator, tmp_path, read_only=True) as made:
        refused = 0
        for operation in examples():
            try:
                sent = await made.perform(operation)
            except ChangeFailed:
                refused += 1  # by a rule, before the client was asked
                continue
            assert sent.state is ChangeState.NOT_SENT, type(operation).__name__
            assert "ead-only" in sent.problem
        assert refused < len(CHANGING) / 2
    assert changes_that_left(simulator) == []


@pytest.mark.parametrize("kind", kinds.KINDS.values(), ids=lambda kind: kind.title)
async def test_no_change_leaves_through_the_road(
    simulator: Running, tmp_path: Path, kind: kinds.ChangeKind
) -> None:
    state = min(kind.allowed, default="active")
    async with workspace(simulator, tmp_path, read_only=True) as made:
        assert await submit(made, [await row_in(made, state)], kind, **VALUES) == 1
        await made.finish_sending()
        (change,) = await changes(made)
        assert change.state is ChangeState.NOT_SENT
        assert "ead-only" in change.problem
    assert changes_that_left(simulator) == []


async def test_no_operation_leaves_through_the_screens(simulator: Running, tmp_path: Path) -> None:
    async with dashboard(launch(simulator, tmp_path, read_only=True)) as (app, pilot):
        for operation in examples():
            await app.operations.run(info_of(type(operation).__name__), operation)
            assert "ead-only" in flash(app)
            assert not app.screen.is_modal
        await pilot.press("asterisk")
        for key in "ASRDPFCNIMGXU":
            await pilot.press(key, "y", "enter", "escape")
        # Even where a screen forgot to ask, the road itself is closed.
        for operation in examples():
            await app.operations._change(
                info_of(type(operation).__name__), operation, "", frozenset()
            )
        row = await row_in(app.workspace, "active")
        await submit(app.workspace, [row])
        await until(lambda: not app.workspace.is_sending, what="the end of sending")
    assert changes_that_left(simulator) == []


async def test_no_operation_leaves_through_the_headless_twin(
    simulator: Running, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mine = simulator.world.access.credentials
    for name in ("key", "secret", "username", "password"):
        monkeypatch.setenv(f"TSUI_{name.upper()}", getattr(mine, name))
    start = launch(simulator, tmp_path, read_only=True)
    here: Any = Here(_with_credentials_of_the_environment(start))
    for operation in examples():
        call = Call(
            type(operation).__name__, (), json.dumps(operation.fields()), yes=True,
            account_wide=True,
        )  # fmt: skip
        code = await asyncio.to_thread(run_op, call, here)
        assert code == Exit.NOT_SENT, call
    assert changes_that_left(simulator) == []
    assert any("session/login" in each.path for each in simulator.world.log)


def _with_credentials_of_the_environment(start: Launch) -> Launch:
    return replace(start, profile=start.profile._replace(secrets="environment"))
