"""What tsui says of itself: out of reach, refused, a clock that jumps, a silent receiver."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.service.notices.cases import ACCOUNT, EVERYTHING
from tests.support.clock import FakeClock
from tsui.service.notices.own import MISSED, PATIENCE, SelfWatch
from tsui.store.heartbeats import TOLERANCE, Program
from tsui.store.notice import Notice, Severity
from tsui.store.store import Store
from tsui.thingspace.errors import LoginRefused, Rejected, ThingSpaceError, Unreachable

BEGIN = datetime(2026, 11, 20, 14, 0, tzinfo=UTC)


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[Store]:
    made = Store(tmp_path / "store")
    await made.open()
    yield made
    await made.close()


class Watched:
    """A watch whose trouble and time a test holds in its hand."""

    def __init__(self, store: Store) -> None:
        self.trouble: ThingSpaceError | None = None
        self.clock = FakeClock(BEGIN)
        self._store = store
        self._watch = SelfWatch(store, ACCOUNT, self.clock, lambda: self.trouble)

    async def look(self, seconds: float = 0.0) -> list[Notice]:
        await self.clock.advance(seconds)
        await self._watch.look()
        return await self._store.notices.window(EVERYTHING, 0, 10)


async def test_trouble_that_lasts_is_told_once_and_so_is_its_end(store: Store) -> None:
    watched = Watched(store)
    watched.trouble = Unreachable("nobody answers")
    assert await watched.look() == []
    (told,) = await watched.look(PATIENCE)
    assert (told.kind, told.severity, told.source) == ("tsui", Severity.WARNING, "tsui")
    assert told.sentence.startswith("ThingSpace: ")
    assert await watched.look(PATIENCE) == [told]
    watched.trouble = None
    back, _ = await watched.look(60)
    assert (back.severity, back.sentence) == (
        Severity.INFO, "ThingSpace answers again, after 3 min."
    )  # fmt: skip


async def test_trouble_that_ends_soon_is_not_told(store: Store) -> None:
    watched = Watched(store)
    watched.trouble = Unreachable("nobody answers")
    await watched.look()
    watched.trouble = None
    assert await watched.look(PATIENCE) == []


async def test_a_refused_login_is_an_alarm_at_once_and_a_refused_request_is_nothing(
    store: Store,
) -> None:
    watched = Watched(store)
    watched.trouble = Rejected("no such device", code="A.B", message="", status=400)
    assert await watched.look(PATIENCE) == []
    watched.trouble = LoginRefused("wrong password", code="A.B", message="", status=400)
    (told,) = await watched.look()
    assert told.severity is Severity.ALARM


async def test_a_clock_that_jumps_is_told(store: Store) -> None:
    watched = Watched(store)
    await watched.look()
    assert await watched.look(30) == []
    watched.clock.shift_wall(3600)
    (told,) = await watched.look(30)
    assert told.sentence == "This machine's clock went forward by 3,600 s, or the machine slept."


async def test_a_receiver_that_was_there_and_is_silent_is_told_once(store: Store) -> None:
    watched = Watched(store)
    assert await watched.look() == []
    await store.heartbeats.beat(Program.RECEIVER, "", "receiver-1", BEGIN.timestamp())
    assert await watched.look(TOLERANCE) == []
    (told,) = await watched.look(60)
    assert told.sentence == (
        "tsui receiver is silent since 2026-11-20 14:00 UTC; callbacks are late, or lost."
    )
    assert await watched.look(60) == [told]


async def test_a_receiver_of_long_ago_is_missed_by_nobody(store: Store) -> None:
    watched = Watched(store)
    at = BEGIN.timestamp() - MISSED - 1
    await store.heartbeats.beat(Program.RECEIVER, "", "receiver-1", at)
    assert await watched.look() == []
