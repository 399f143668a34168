"""What could not be sent is tried again while the window is open, and no oftener than that."""

from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any, cast

import pytest

from tests.service.monitors.telling import ACCOUNT, FIRST, MONITOR, NOW, about, awake, tell
from tests.store_rows import row
from tests.support.clock import FakeClock
from tsui.service.failures import ChangeFailed
from tsui.service.monitors.asking import CannotAsk, to_text
from tsui.service.monitors.waker import LOOK, RETRY, Waker
from tsui.service.outbox import Sent
from tsui.service.runner import OperationRunner
from tsui.store.audit import Actor
from tsui.store.changes import ChangeState
from tsui.store.store import Store
from tsui.store.wakes import NewWake, Wake, WakeKind, WakeState
from tsui.thingspace.client import Client


class Way:
    """A way out that answers as it is told to."""

    def __init__(self, answer: Sent | ChangeFailed) -> None:
        self.answer = answer
        self.batches: list[str] = []

    async def change(self, *_: Any, batch: str) -> Sent:
        self.batches.append(batch)
        if isinstance(self.answer, ChangeFailed):
            raise self.answer
        return self.answer


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock(datetime.fromtimestamp(NOW, UTC))


def waker(store: Store, clock: FakeClock, way: Way, *, ahead: float = 0.0) -> Waker:
    client = cast("Client", SimpleNamespace(health=SimpleNamespace(clock_ahead=ahead)))
    runner = cast("OperationRunner", way)
    return Waker(client, store, runner, ACCOUNT, clock, WakeKind.SMS)


async def queue(store: Store) -> int:
    fields = {
        "accountName": ACCOUNT, "smsMessage": "now", "deviceIds": [{"id": FIRST, "kind": "iccid"}],
    }  # fmt: skip
    new = NewWake(
        "host", ACCOUNT, f"iccid:{FIRST}", WakeKind.SMS, "now", "SendSms", fields, (), "why",
        Actor("ann", "test"), NOW + 1000.0,
    )  # fmt: skip
    (number,) = await store.wakes.queue([new], NOW)
    return number


async def entry(store: Store, number: int) -> Wake:
    found = await store.wakes.get(number)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("text", "encoding", "complaint"),
    [
        ("report", None, ""),
        ("20 °", "8-bit-UTF-8", ""),
        ("it's", None, "character 3"),
        ("x" * 161, None, "160 fit"),
        ("°" * 71, None, "140 fit"),
    ],
)
def test_a_text_travels_as_its_characters_ask_for_or_is_refused_before_it_waits(
    text: str, encoding: str | None, complaint: str
) -> None:
    device = row(iccid=FIRST)
    if complaint:
        with pytest.raises(CannotAsk, match=complaint):
            to_text(ACCOUNT, device, text)
    else:
        fields = to_text(ACCOUNT, device, text).fields()
        assert (fields["smsMessage"], fields.get("dataEncoding")) == (text, encoding)


async def test_what_could_not_leave_is_tried_again_after_a_pause(
    store: Store, clock: FakeClock
) -> None:
    number = await queue(store)
    way = Way(Sent(ChangeState.NOT_SENT, "No way out."))
    mine = waker(store, clock, way)
    assert await mine.round() == LOOK
    await tell(store, awake(), at=NOW)
    assert await mine.round() == RETRY
    kept = await entry(store, number)
    assert (kept.state, kept.said) == (WakeState.WAITING, "It could not be sent. No way out.")
    await mine.round()
    assert len(way.batches) == 1
    await clock.advance(RETRY)
    await mine.round()
    assert len(set(way.batches)) == 2
    await tell(store, about(monitorId=MONITOR, reachabilityStatus="NOT_REACHABLE"), at=NOW)
    await clock.advance(RETRY)
    assert await mine.round() == LOOK
    assert len(way.batches) == 2


async def test_what_a_rule_forbids_waits_for_the_next_window(
    store: Store, clock: FakeClock
) -> None:
    number = await queue(store)
    way = Way(ChangeFailed("Nothing was sent: the line is suspended."))
    mine = waker(store, clock, way)
    await tell(store, awake(), at=NOW)
    await mine.round()
    await clock.advance(RETRY)
    await mine.round()
    assert len(way.batches) == 1
    assert (await entry(store, number)).said == "Nothing was sent: the line is suspended."
    way.answer = Sent(ChangeState.ACCEPTED, request_id="r", number=7)
    await tell(store, awake("1970-01-01T01:10:00Z"), at=NOW)
    await mine.round()
    sent = await entry(store, number)
    assert (sent.state, sent.request) == (WakeState.SENT, 7)


async def test_a_window_is_judged_by_the_platforms_clock(store: Store, clock: FakeClock) -> None:
    await queue(store)
    way = Way(Sent(ChangeState.ACCEPTED, request_id="r", number=7))
    await tell(store, awake("1970-01-01T00:17:00Z"), at=NOW)  # twenty seconds from now
    await waker(store, clock, way, ahead=30.0).round()
    assert way.batches == []
    await waker(store, clock, way, ahead=-30.0).round()
    assert len(way.batches) == 1


async def test_whoever_goes_on_after_a_kill_sends_again_only_what_never_left(
    store: Store, clock: FakeClock
) -> None:
    number = await queue(store)
    assert await store.wakes.claim(number, "a process that is gone", NOW)
    way = Way(Sent(ChangeState.ACCEPTED, request_id="r", number=7))
    mine = waker(store, clock, way)
    await mine.round()
    kept = await entry(store, number)
    assert (kept.state, kept.said) == (
        WakeState.WAITING, "Nothing had left when the program ended.",
    )  # fmt: skip
    await tell(store, awake(), at=NOW)
    await mine.round()
    assert (await entry(store, number)).state is WakeState.SENT
