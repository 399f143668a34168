"""The journal: what is written down, what may follow what, and what is never rewritten."""

import asyncio
from dataclasses import replace

import pytest

from tests.store.cases import ACCOUNT, change_of, intent, open_keys, states_of, target
from tsui.store.announce import News, Topic
from tsui.store.changes import (
    NEXT,
    OPEN,
    PROVEN,
    ChangeOver,
    ChangeState,
    Intent,
    OpenChange,
)
from tsui.store.errors import DiskFull
from tsui.store.journal import Journal
from tsui.store.store import Store

KEY = "iccid:89148000001234567890"
State = ChangeState


@pytest.fixture
def journal(store: Store) -> Journal:
    return store.journal


async def _intended(journal: Journal, *keys: str, account: str = ACCOUNT) -> int:
    return await journal.intend(intent(*(keys or (KEY,)), account=account), owner="me", at=1.0)


async def _brought_to(journal: Journal, state: State, key: str = KEY) -> int:
    """Bring a change to a state by the shortest legal way; returns its request."""
    request = await _intended(journal, key)
    if state is State.INTENDED:
        return request
    if state is State.NOT_SENT:
        await journal.mark_answered(request, state, 2.0)
        return request
    await journal.mark_sending(request, 2.0)
    if state is State.SENDING:
        return request
    direct = NEXT[State.SENDING]
    first = state if state in direct else State.ACCEPTED
    await journal.mark_answered(request, first, 3.0, evidence="seen" if first in PROVEN else "")
    if state not in direct:
        change = await change_of(journal, request)
        assert await journal.move(change.id, state, 4.0, evidence="seen")
    return request


# -- writing down -------------------------------------------------------------------------------


async def test_what_is_intended_can_be_read_word_for_word(journal: Journal) -> None:
    meant = Intent(
        batch="b1",
        environment="https://host.test",
        account="0042",
        operator="ann",
        operation="ChangePlan",
        title="Change plan 87641",
        fields={"servicePlan": "87641", "deep": [{"a": None}]},
        targets=[target("iccid:1", state="active"), target("imei:2", plan=None)],
        profile="north",
        note="ticket 12",
    )
    request = await journal.intend(meant, owner="process", at=12.5)
    second, first = await journal.window(0, 10)
    assert (first.device_key, second.device_key) == ("iccid:1", "imei:2")
    assert first.before == {"state": "active"}
    assert second.before == {"plan": None}
    for change in (first, second):
        assert change.request == request
        assert change.devices == 2
        assert change.state is State.INTENDED
        assert change.fields == {"servicePlan": "87641", "deep": [{"a": None}]}
        assert (change.batch, change.account, change.operator) == ("b1", "0042", "ann")
        assert (change.profile, change.note) == ("north", "ticket 12")
        assert (change.operation, change.title) == ("ChangePlan", "Change plan 87641")
        assert (change.owner, change.created_at, change.changed_at) == ("process", 12.5, 12.5)
        assert (change.sending_at, change.answered_at, change.request_id) == (None, None, "")
    assert (second.kind, second.identifier) == ("imei", "2")


async def test_an_accepted_change_has_its_request_id_and_its_times(journal: Journal) -> None:
    request = await _intended(journal)
    await journal.mark_sending(request, 2.0)
    await journal.mark_answered(request, State.ACCEPTED, 3.0, request_id="r-1")
    change = await change_of(journal, request)
    assert (change.sending_at, change.answered_at, change.changed_at) == (2.0, 3.0, 3.0)
    assert (change.state, change.request_id, change.problem) == (State.ACCEPTED, "r-1", "")


async def test_a_problem_belongs_to_its_state_and_goes_when_that_does(journal: Journal) -> None:
    request = await _intended(journal)
    await journal.mark_sending(request, 2.0)
    await journal.mark_answered(request, State.UNKNOWN, 3.0, problem="No answer in time.")
    change = await change_of(journal, request)
    assert change.problem == "No answer in time."
    assert await journal.move(change.id, State.INFERRED, 4.0, evidence="the device shows it")
    change = await change_of(journal, request)
    assert (change.problem, change.evidence) == ("", "the device shows it")


async def test_a_request_without_devices_or_with_one_twice_is_a_mistake(
    journal: Journal, store: Store
) -> None:
    for keys in ((), (KEY, KEY), ("iccid:1", "imei:2", "iccid:1"), ("x:\0", "x:\ud800")):
        with pytest.raises(ValueError, match="at least one device, and for each only once"):
            await journal.intend(intent(*keys), owner="me", at=1.0)
    assert await journal.count() == 0
    assert await store.audit.count() == 0


async def test_text_that_cannot_be_stored_stops_no_answer_from_being_written(
    journal: Journal,
) -> None:
    request = await _intended(journal, "iccid:1\0\ud800")
    await journal.mark_sending(request, 2.0)
    await journal.mark_answered(
        request, State.REFUSED, 3.0, request_id="\ud800", problem="why\0\udfff", code="\0"
    )
    change = await change_of(journal, request)
    assert (change.device_key, change.problem) == ("iccid:1\ufffd\ufffd", "why\ufffd\ufffd")
    assert [each.id for each in await journal.for_device("iccid:1\0\ud800")] == [change.id]


# -- one change at a time -----------------------------------------------------------------------


@pytest.mark.parametrize("state", sorted(OPEN))
async def test_a_change_that_is_not_over_keeps_its_device_from_another(
    journal: Journal, state: State
) -> None:
    request = await _brought_to(journal, state)
    with pytest.raises(OpenChange) as caught:
        await journal.intend(intent("iccid:1", KEY), owner="other", at=9.0)
    assert (caught.value.device_key, caught.value.request) == (KEY, request)
    assert caught.value.state is state
    assert await journal.count() == 1


@pytest.mark.parametrize("state", sorted(set(State) - OPEN))
async def test_a_change_that_is_over_lets_the_next_one_through(
    journal: Journal, state: State
) -> None:
    await _brought_to(journal, state)
    assert await open_keys(journal) == []
    await _intended(journal)
    assert await open_keys(journal) == [KEY]


async def test_an_identifier_with_a_character_that_cannot_be_stored_is_kept_from_another_too(
    journal: Journal,
) -> None:
    await _intended(journal, "iccid:1\0")
    with pytest.raises(OpenChange):
        await _intended(journal, "iccid:1\0")


async def test_the_same_device_in_another_account_is_free(journal: Journal) -> None:
    await _intended(journal)
    await _intended(journal, account="another")
    assert await journal.count() == 2


# -- moving -------------------------------------------------------------------------------------


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("wanted", State)
async def test_a_change_goes_only_where_the_table_lets_it(
    journal: Journal, state: State, wanted: State
) -> None:
    request = await _brought_to(journal, state)
    before = await change_of(journal, request)
    moved = await journal.move(before.id, wanted, 9.0, problem="p", evidence="e")
    after = await change_of(journal, request)
    assert moved is (wanted in NEXT.get(state, ()))
    if moved:
        assert (after.state, after.changed_at) == (wanted, 9.0)
        assert (after.problem, after.evidence) == ("p", "e")
    else:
        assert after == before


@pytest.mark.parametrize("outcome", sorted(PROVEN))
async def test_no_outcome_is_written_without_what_it_rests_on(
    journal: Journal, outcome: State
) -> None:
    request = await _brought_to(journal, State.UNKNOWN)
    change = await change_of(journal, request)
    with pytest.raises(ValueError, match=f"nothing is {outcome} without evidence"):
        await journal.move(change.id, outcome, 9.0, problem="because")
    with pytest.raises(ValueError, match="without evidence"):
        await journal.mark_answered(request, outcome, 9.0, request_id="r")
    assert await change_of(journal, request) == change


async def test_a_change_that_does_not_exist_cannot_be_moved(journal: Journal, store: Store) -> None:
    assert not await journal.move(99, State.UNKNOWN, 1.0)
    assert await journal.get(99) is None
    assert await journal.position(99) is None
    assert await store.audit.count() == 0


async def test_devices_of_a_request_can_end_differently(journal: Journal) -> None:
    request = await _intended(journal, "iccid:1", "iccid:2", "iccid:3")
    await journal.mark_sending(request, 2.0)
    await journal.mark_answered(request, State.ACCEPTED, 3.0, request_id="r")
    third, second, _ = await journal.window(0, 10)
    await journal.move(second.id, State.SUCCEEDED, 4.0, evidence="callback")
    await journal.move(third.id, State.FAILED, 5.0, problem="no", evidence="callback")
    assert await states_of(journal, request) == {
        "iccid:1": State.ACCEPTED,
        "iccid:2": State.SUCCEEDED,
        "iccid:3": State.FAILED,
    }
    assert await open_keys(journal) == ["iccid:1"]
    await _intended(journal, "iccid:2", "iccid:3")


async def test_nothing_is_sent_of_a_request_that_was_closed(journal: Journal) -> None:
    request = await _intended(journal, "iccid:1", "iccid:2")
    assert await journal.abandon("me", 2.0) == 2
    before = await journal.window(0, 10)
    with pytest.raises(ChangeOver) as caught:
        await journal.mark_sending(request, 3.0)
    assert caught.value.request == request
    assert await journal.window(0, 10) == before
    with pytest.raises(ChangeOver):
        await journal.mark_sending(99, 3.0)


async def test_each_device_of_a_dead_process_gets_the_fate_of_its_own_state(
    journal: Journal,
) -> None:
    await _intended(journal, "iccid:1", "iccid:2")
    first = (await journal.window(0, 10))[1]
    await journal.move(first.id, State.SENDING, 2.0)
    assert await journal.abandon("me", 3.0) == 2
    assert {each.device_key: each.state for each in await journal.window(0, 10)} == {
        "iccid:1": State.UNKNOWN,
        "iccid:2": State.NOT_SENT,
    }


async def test_nothing_is_sent_twice(journal: Journal) -> None:
    request = await _intended(journal)
    await journal.mark_sending(request, 2.0)
    with pytest.raises(ChangeOver):
        await journal.mark_sending(request, 3.0)
    assert (await change_of(journal, request)).sending_at == 2.0


async def test_nothing_is_sent_when_one_device_of_the_request_is_closed(journal: Journal) -> None:
    request = await _intended(journal, "iccid:1", "iccid:2")
    first = (await journal.window(0, 10))[1]
    await journal.move(first.id, State.NOT_SENT, 2.0)
    with pytest.raises(ChangeOver):
        await journal.mark_sending(request, 3.0)
    assert await states_of(journal, request) == {
        "iccid:1": State.NOT_SENT,
        "iccid:2": State.INTENDED,
    }


async def test_an_answer_that_comes_too_late_is_kept_but_moves_nothing(
    journal: Journal, store: Store
) -> None:
    request = await _intended(journal)
    await journal.mark_sending(request, 2.0)
    await journal.abandon("me", 3.0)
    change = await change_of(journal, request)
    await journal.move(change.id, State.DECIDED, 4.0, problem="done", evidence="operator")
    await journal.mark_answered(request, State.ACCEPTED, 5.0, request_id="late-1")
    change = await change_of(journal, request)
    assert (change.state, change.request_id, change.answered_at) == (State.DECIDED, "late-1", 5.0)
    (last,) = await store.audit.window((), 0, 1)
    assert (last.at, last.event, last.request) == (5.0, "accepted", request)
    assert (last.problem, last.request_id) == ("came when it was over already", "late-1")
    await journal.mark_answered(request, State.REFUSED, 6.0, request_id="other")
    assert (await change_of(journal, request)).request_id == "late-1"


async def test_an_answer_settles_what_was_unknown(journal: Journal) -> None:
    request = await _intended(journal)
    await journal.mark_sending(request, 2.0)
    await journal.abandon("me", 3.0)
    await journal.mark_answered(request, State.ACCEPTED, 5.0, request_id="r")
    assert (await change_of(journal, request)).state is State.ACCEPTED


# -- being cancelled ----------------------------------------------------------------------------


async def test_an_intent_whose_caller_is_cancelled_is_left_to_nobody(journal: Journal) -> None:
    for rounds in range(8):
        intending = asyncio.create_task(_intended(journal, f"iccid:{rounds}"))
        for _ in range(rounds):
            await asyncio.sleep(0)
        intending.cancel()
        with pytest.raises(asyncio.CancelledError):
            await intending
        assert await open_keys(journal) == []
    assert {each.state for each in await journal.window(0, 100)} <= {State.NOT_SENT}


async def test_an_intent_that_is_refused_while_its_caller_is_cancelled_leaves_nothing(
    journal: Journal,
) -> None:
    await _intended(journal)
    intending = asyncio.create_task(_intended(journal))
    await asyncio.sleep(0)
    intending.cancel()
    with pytest.raises(asyncio.CancelledError):
        await intending
    assert await journal.count() == 1


async def test_without_room_nothing_is_intended(store: Store, journal: Journal) -> None:
    await store._journal._writer.start(lambda each: each.pragma("max_page_count", 1))
    many = [f"iccid:{number:0200}" for number in range(400)]
    with pytest.raises(DiskFull):
        await journal.intend(intent(*many), owner="me", at=1.0)
    assert await journal.count() == 0
    await store._journal._writer.start(lambda each: each.pragma("max_page_count", 10_000))
    await journal.intend(intent(*many), owner="me", at=1.0)
    assert await journal.count() == 400


# -- processes that are gone --------------------------------------------------------------------


async def test_the_books_of_a_process_that_is_gone_are_closed_once(journal: Journal) -> None:
    intended = await _intended(journal, "iccid:1", "iccid:2")
    sending = await _intended(journal, "iccid:3")
    await journal.mark_sending(sending, 2.0)
    accepted = await _brought_to(journal, State.ACCEPTED)
    others = await journal.intend(intent("iccid:9"), owner="another", at=1.0)
    assert await journal.owners() == {"me", "another"}
    assert await journal.abandon("me", 5.0) == 3
    assert await states_of(journal, intended) == dict.fromkeys(
        ("iccid:1", "iccid:2"), State.NOT_SENT
    )
    assert await states_of(journal, sending) == {"iccid:3": State.UNKNOWN}
    assert await states_of(journal, accepted) == {KEY: State.ACCEPTED}
    assert await states_of(journal, others) == {"iccid:9": State.INTENDED}
    assert (await change_of(journal, sending)).problem == (
        "The program ended while it was being sent."
    )
    assert await journal.owners() == {"another"}
    assert await journal.abandon("me", 6.0) == 0
    assert await journal.abandon("nobody", 6.0) == 0


async def test_who_has_nothing_on_its_way_is_no_owner(journal: Journal) -> None:
    await _brought_to(journal, State.UNKNOWN, "iccid:1")
    await _brought_to(journal, State.ACCEPTED, "iccid:2")
    await _brought_to(journal, State.REFUSED, "iccid:3")
    assert await journal.owners() == set()


# -- lists --------------------------------------------------------------------------------------


async def test_changes_are_listed_newest_first_and_know_their_places(journal: Journal) -> None:
    for number in range(7):
        await _intended(journal, f"iccid:{number}a", f"iccid:{number}b")
    assert await journal.count() == 14
    every = await journal.window(0, 100)
    assert [each.id for each in every] == sorted((each.id for each in every), reverse=True)
    assert await journal.window(3, 5) == every[3:8]
    assert await journal.window(13, 5) == every[13:]
    assert await journal.window(14, 5) == []
    for place, change in enumerate(every):
        assert await journal.position(change.id) == place
        assert await journal.get(change.id) == change


async def test_a_batch_is_found_as_it_was_confirmed(journal: Journal) -> None:
    for batch in ("b1", "b2", "b1"):
        await journal.intend(replace(intent(KEY), batch=batch, exclusive=False), owner="me", at=1.0)
    assert [each.request for each in await journal.by_batch("b1")] == [1, 3]
    assert await journal.by_batch("b3") == []


async def test_a_device_has_its_own_history(journal: Journal) -> None:
    for _ in range(3):
        await _brought_to(journal, State.REFUSED)
    await _intended(journal, "iccid:other")
    history = await journal.for_device(KEY)
    assert [each.request for each in history] == [3, 2, 1]
    assert await journal.for_device(KEY, limit=1) == history[:1]
    assert await journal.for_device("iccid:none") == []


# -- announcing ---------------------------------------------------------------------------------


async def test_every_move_is_announced(journal: Journal, store: Store) -> None:
    news: list[News] = []
    store.announcer.subscribe(news.append)
    request = await _intended(journal)
    await journal.mark_sending(request, 2.0)
    await journal.mark_answered(request, State.ACCEPTED, 3.0)
    change = await change_of(journal, request)
    await journal.move(change.id, State.SUCCEEDED, 4.0, evidence="seen")
    assert news == [News(Topic.REQUESTS)] * 4
    assert not await journal.move(change.id, State.FAILED, 5.0, evidence="seen")
    assert await journal.abandon("me", 6.0) == 0
    assert len(news) == 4


async def test_a_request_is_closed_when_its_last_device_is(journal: Journal, store: Store) -> None:
    async def settled() -> list[float | None]:
        sql = "SELECT settled_at FROM request"
        return await store._journal.read(lambda each: [row[0] for row in each.execute(sql)])

    request = await _intended(journal, "iccid:1", "iccid:2")
    await journal.mark_sending(request, 2.0)
    await journal.mark_answered(request, State.ACCEPTED, 3.0)
    second, first = await journal.window(0, 10)
    await journal.move(first.id, State.SUCCEEDED, 4.0, evidence="e")
    assert await settled() == [None]
    await journal.move(second.id, State.SUCCEEDED, 5.0, evidence="e")
    assert await settled() == [5.0]
    await journal.mark_answered(request, State.ACCEPTED, 6.0)
    assert await settled() == [5.0]


async def test_an_account_is_shown_its_own_changes(journal: Journal) -> None:
    for number, account in enumerate(("north", "south", "north")):
        await journal.intend(intent(f"iccid:{number}", account=account), owner="me", at=1.0)
    newest, _, oldest = await journal.window(0, 10)
    assert [each.id for each in await journal.window(0, 10, "north")] == [newest.id, oldest.id]
    assert [each.id for each in await journal.window(1, 10, "north")] == [oldest.id]
    assert (await journal.count(), await journal.count("north")) == (3, 2)
    assert await journal.position(oldest.id, "north") == 1
    assert await journal.position(oldest.id, "south") is None
