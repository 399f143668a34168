"""What the tests of the agenda and of handovers share: a workspace that nobody is signed in to."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

from tests.store.cases import ACCOUNT, record
from tests.support.clock import FakeClock
from tsui.service.environment import Environment
from tsui.service.workspace import Workspace
from tsui.store.changes import ChangeState, Intent, Target
from tsui.store.store import Store

START = datetime.fromisoformat("2026-11-20T10:00:00-05:00")
NOW = START.timestamp()
HOUR, DAY = 3600.0, 86_400.0


@asynccontextmanager
async def offline(
    folder: Path, *, watch: tuple[str, ...] = ()
) -> AsyncIterator[tuple[Workspace, Store]]:
    environment = Environment("simulator", "http://127.0.0.1:9", "test", watch=watch)
    made = Workspace(folder, environment, ACCOUNT, FakeClock(START), refresh_seconds=3600.0)
    await made.open()
    try:
        yield made, made._store
    finally:
        await made.close()


def key(number: int) -> str:
    return record(number).key


async def fleet(store: Store, states: dict[int, str], **more: Any) -> None:
    records = [record(number, state=state, **more) for number, state in states.items()]
    await store.devices.put(ACCOUNT, records, read_at=NOW)


async def sent(
    store: Store, operation: str, numbers: list[int], at: float,
    state: ChangeState = ChangeState.SUCCEEDED, *, evidence: str = "callback",
    operator: str = "eve", problem: str = "", **fields: Any,
) -> int:  # fmt: skip
    """Write down that something was sent, and what became of it."""
    targets = [Target(key(each), "iccid", key(each)[6:], {}) for each in numbers] or [
        Target("account", "account", ACCOUNT, {})
    ]
    intent = Intent(
        f"{operation} {at}", "h", ACCOUNT, operator, operation, operation, fields, targets,
        exclusive=False, note="because",
    )  # fmt: skip
    number = await store.journal.intend(intent, owner="me", at=at)
    await store.journal.mark_sending(number, at)
    first = state if state in (ChangeState.UNKNOWN, ChangeState.REFUSED) else ChangeState.ACCEPTED
    await store.journal.mark_answered(
        number, first, at + 1, request_id=f"r-{number}", problem=problem, evidence=evidence
    )
    if state is not first:
        for change in await store.journal.by_request(number):
            await store.journal.move(change.id, state, at + 2, problem=problem, evidence=evidence)
    return number
