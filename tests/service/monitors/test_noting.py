"""Monitors by what callbacks tell, whatever their order, and by the clock."""

import itertools
from pathlib import Path
from typing import Any

import pytest

from tests.service.monitors.telling import (
    ACCOUNT,
    FIRST,
    MONITOR,
    NOW,
    SECOND,
    SETS,
    STOPS,
    about,
    accept,
    ask,
    awake,
    deliver,
    desk,
    reader,
    tell,
    watch,
)
from tsui.service.monitors.model import MonitorState
from tsui.store.changes import ChangeState
from tsui.store.notices import NoticeQuery, Severity
from tsui.store.reach import What
from tsui.store.store import Store

State = MonitorState


async def states(store: Store, now: float = NOW) -> list[State]:
    return [each.state for each in await desk(store, now).newest()]


async def whats(store: Store) -> list[What]:
    return [each.what for each in reversed(await store.reach.newest(ACCOUNT, 100))]


async def test_a_monitor_is_asked_for_until_its_callback_tells_its_id(store: Store) -> None:
    await watch(store, FIRST)
    assert await states(store) == [State.ASKED]
    await tell(store, about(monitorId=MONITOR))
    (monitor,) = await desk(store).newest()
    assert (monitor.state, monitor.alive, monitor.told_at) == (State.ACTIVE, 1, 5.0)
    (member,) = await desk(store).members(monitor)
    assert (member.name, member.state, member.row is not None) == (MONITOR, State.ACTIVE, True)
    assert await desk(store).ids(monitor) == [MONITOR]
    assert await whats(store) == [What.SET]


async def test_its_end_is_known_by_the_clock_alone(store: Store) -> None:
    await watch(store, FIRST)
    await tell(store, about(monitorId=MONITOR))
    assert await states(store, 3599.0) == [State.ACTIVE]
    assert await states(store, 3600.0) == [State.EXPIRED]


async def test_one_that_nobody_confirmed_is_over_with_its_time(store: Store) -> None:
    await watch(store, FIRST)
    assert await states(store, 3600.0) == [State.EXPIRED]


async def test_a_refused_one_says_why(store: Store) -> None:
    await watch(store, FIRST)
    fault = {"faultcode": "A.B", "faultstring": "Not for LTE devices."}
    await tell(store, about(status="Failed", faultResponse=fault))
    (monitor,) = await desk(store).newest()
    assert (monitor.state, monitor.problem) == (State.REFUSED, "Not for LTE devices.")


async def test_a_device_that_wakes_opens_a_window_that_closes_by_the_clock(store: Store) -> None:
    await watch(store, FIRST)
    await tell(store, about(monitorId=MONITOR))
    await tell(store, awake("1970-01-01T00:20:00Z"), at=900.0)
    (window,) = await desk(store).windows()
    assert (window.device, window.since, window.until) == (f"iccid:{FIRST}", 900.0, 1200.0)
    assert not await desk(store, 1200.0).windows()


async def test_a_window_without_an_end_counts_for_a_minute(store: Store) -> None:
    await watch(store, FIRST)
    body = awake()
    del body["MaxUEAvailabilityTime"]
    await tell(store, body, at=900.0)
    assert len(await desk(store, 959.0).windows()) == 1
    assert not await desk(store, 960.0).windows()


async def test_a_device_that_is_lost_has_no_window_any_more(store: Store) -> None:
    await watch(store, FIRST)
    await tell(store, awake())
    assert len(await desk(store).windows()) == 1
    await tell(store, about(monitorId=MONITOR, reachabilityStatus="NOT_REACHABLE"))
    assert not await desk(store).windows()


async def test_of_a_monitor_for_loss_the_first_word_sets_it_and_the_next_tells_it(
    store: Store,
) -> None:
    await watch(store, FIRST)
    loss: dict[str, Any] = {"monitorId": MONITOR, "requestType": "LOSS_OF_CONNECTIVITY"}
    await tell(store, about(**loss))
    assert await whats(store) == [What.SET]
    alarms = NoticeQuery(ACCOUNT, at_least=Severity.ALARM)
    assert await store.notices.count(alarms) == 0
    await tell(store, about(**loss, comment="gone"))
    assert await whats(store) == [What.SET, What.LOST]
    assert await store.notices.count(alarms) == 1


async def test_a_stopped_one_is_stopping_until_the_callback_confirms(store: Store) -> None:
    await watch(store, FIRST)
    await tell(store, about(monitorId=MONITOR))
    await ask(store, "StopMonitors", {"monitorIds": [MONITOR]}, answer=STOPS)
    assert await states(store) == [State.STOPPING]
    await tell(store, about(request=STOPS, monitorId=MONITOR))
    assert await states(store) == [State.STOPPED]
    assert await whats(store) == [What.SET, What.STOPPED]


async def test_every_order_of_answers_and_messages_ends_the_same(tmp_path: Path) -> None:
    ends = set()
    for number, order in enumerate(itertools.permutations(range(5))):
        made = Store(tmp_path / str(number))
        await made.open()
        try:
            fields = {"requestType": "REACHABLE_FOR_DATA", "monitorExpirationTime": "2030-01-01"}
            sets = await ask(made, "MonitorReachability", fields, FIRST)
            stops = await ask(made, "StopMonitors", {"monitorIds": [MONITOR]})
            looks = reader(made)
            for step in order:
                if step == 0:
                    await accept(made, sets, SETS)
                elif step == 1:
                    await accept(made, stops, STOPS)
                elif step == 2:
                    await deliver(made, about(monitorId=MONITOR))
                elif step == 3:
                    await deliver(made, awake())
                else:
                    await deliver(made, about(request=STOPS, monitorId=MONITOR))
                await looks.round()
            (monitor,) = await desk(made).newest()
            (told,) = await made.reach.of_request(SETS)
            said = sorted(each.what for each in await made.reach.newest(ACCOUNT, 9))
            ends.add((monitor.state, told.device, told.is_ours, What.REACHABLE in said))
        finally:
            await made.close()
    assert ends == {(State.STOPPED, f"iccid:{FIRST}", True, True)}


async def test_one_made_elsewhere_is_shown_as_such_and_can_vanish(store: Store) -> None:
    await tell(store, awake(request="a stranger's"))
    (monitor,) = await desk(store).newest()
    assert (monitor.state, monitor.is_ours, monitor.name) == (State.ELSEWHERE, False, MONITOR)
    (member,) = await desk(store).members(monitor)
    assert member.device == f"iccid:{FIRST}"
    await store.inbox.ask("33", ACCOUNT, "ListMonitors", 4.0)
    await tell(store, about(request="33", comment="The device has no active monitor."), at=8.0)
    assert await states(store) == [State.GONE]
    await tell(store, about(request="33", monitorId=MONITOR), at=9.0)
    assert await states(store) == [State.ELSEWHERE]


async def test_the_answer_to_a_question_opens_a_window_without_any_monitor(store: Store) -> None:
    await store.inbox.ask("44", ACCOUNT, "GetReachability", 4.0)
    await tell(store, about(request="44"))
    assert await whats(store) == [What.ASLEEP]
    body = awake(request="44", monitorId=None)
    await tell(store, body)
    assert [each.device for each in await desk(store).windows()] == [f"iccid:{FIRST}"]
    assert not await desk(store).newest()


async def test_each_device_of_a_request_stands_for_itself(store: Store) -> None:
    await watch(store, FIRST, SECOND)
    await tell(store, about(monitorId=MONITOR), about(SECOND, status="Failed"))
    (monitor,) = await desk(store).newest()
    assert (monitor.state, monitor.devices, monitor.alive) == (State.ACTIVE, 2, 1)
    members = {each.device: each.state for each in await desk(store).members(monitor)}
    assert members == {f"iccid:{FIRST}": State.ACTIVE, f"iccid:{SECOND}": State.REFUSED}


@pytest.mark.parametrize(
    "body",
    [
        b"[]",
        {"requestId": SETS, "monitorId": {"deep": []}},
        {"requestId": SETS, "monitorId": "x" * 5000, "deviceIds": [{"id": None}]},
        {"requestId": SETS, "monitorId": MONITOR, "MaxUEAvailabilityTime": "31st of Never"},
        {"requestId": SETS, "monitorId": "\x1b[2J", "requestType": "\x1b]0;x\x07", "deviceIds": []},
        {"requestId": SETS, "monitorId": MONITOR, "reachabilityStatus": {"a": 1}},
        {"requestId": SETS, "monitorId": "\ud800", "deviceIds": [{"id": "\ud800", "kind": 7}]},
        {"requestId": SETS, "monitorId": MONITOR, "MaxUEAvailabilityTime": "9999-12-31T23:59:59Z"},
    ],
    ids=range(8),
)
async def test_hostile_messages_change_nothing_that_is_known(store: Store, body: Any) -> None:
    await watch(store, FIRST)
    await tell(store, about(monitorId=MONITOR), awake("1970-01-01T00:20:00Z"))
    await tell(store, body)
    first = (await desk(store).newest())[-1]
    assert first.state is State.ACTIVE
    assert f"iccid:{FIRST}" in [each.device for each in await desk(store).windows()]


async def test_the_summary_counts_what_matters(store: Store) -> None:
    await watch(store, FIRST)
    await tell(store, awake(), at=NOW - 10)
    refused = await ask(store, "MonitorReachability", {}, SECOND)
    await store.journal.mark_answered(refused, ChangeState.REFUSED, 3.0)
    summary = await desk(store).summary()
    assert (summary.active, summary.asked, summary.troubled) == (1, 0, 1)
    assert (summary.windows, summary.waiting, summary.signs) == (1, 0, 1)
