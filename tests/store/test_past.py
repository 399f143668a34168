"""What the journal and the readings tell of what was done before."""

from tests.store.cases import ACCOUNT, intent
from tsui.store.changes import ChangeState
from tsui.store.journal import Journal
from tsui.store.store import Store

ONE, OTHER = "iccid:1", "iccid:2"


async def send(
    journal: Journal, *keys: str, at: float, end: ChangeState, account: str = ACCOUNT
) -> int:
    number = await journal.intend(intent(*keys, account=account), owner="me", at=at)
    if end is not ChangeState.NOT_SENT:
        await journal.mark_sending(number, at)
    proof = "seen" if end is ChangeState.SUCCEEDED else ""
    await journal.mark_answered(number, end, at + 1, evidence=proof)
    return number


async def test_only_what_may_have_been_done_counts(store: Store) -> None:
    journal = store.journal
    done = await send(journal, ONE, at=100.0, end=ChangeState.SUCCEEDED)
    await send(journal, ONE, at=110.0, end=ChangeState.REFUSED)
    await send(journal, ONE, at=120.0, end=ChangeState.NOT_SENT)
    await send(journal, OTHER, at=130.0, end=ChangeState.SUCCEEDED)
    unknown = await send(journal, ONE, at=140.0, end=ChangeState.UNKNOWN)
    past = await journal.past_of(ACCOUNT, [ONE], 0.0)
    assert [(each.request, each.at) for each in past] == [(done, 100.0), (unknown, 140.0)]
    assert [each.request for each in await journal.past_of(ACCOUNT, [ONE], 120.0)] == [unknown]
    assert await journal.past_of("another", [ONE], 0.0) == []
    assert {each.device_key for each in await journal.past_of(ACCOUNT, [OTHER, ONE], 0.0)} == {
        ONE,
        OTHER,
    }


async def test_requests_are_counted_once_whatever_their_number_of_devices(store: Store) -> None:
    journal = store.journal
    operation = intent(ONE).operation
    await send(journal, ONE, OTHER, at=100.0, end=ChangeState.SUCCEEDED)
    await send(journal, ONE, at=150.0, end=ChangeState.NOT_SENT)
    await send(journal, ONE, at=200.0, end=ChangeState.REFUSED)
    assert await journal.sent_since(ACCOUNT, [operation], 50.0) == [100.0, 200.0]
    assert await journal.sent_since(ACCOUNT, [operation], 150.0) == [200.0]
    assert await journal.sent_since(ACCOUNT, ["Another"], 0.0) == []


async def test_a_twin_has_the_same_fields_and_was_not_refused(store: Store) -> None:
    journal, wanted = store.journal, intent(ONE)
    name, fields = wanted.operation, wanted.fields
    assert await journal.twin_of(ACCOUNT, name, fields, 0.0) is None
    await send(journal, ONE, at=100.0, end=ChangeState.REFUSED)
    assert await journal.twin_of(ACCOUNT, name, fields, 0.0) is None
    number = await send(journal, ONE, at=200.0, end=ChangeState.SUCCEEDED)
    twin = await journal.twin_of(ACCOUNT, name, fields, 0.0)
    assert twin is not None
    assert (twin.request, twin.state) == (number, ChangeState.SUCCEEDED)
    assert await journal.twin_of(ACCOUNT, name, fields, 201.0) is None
    assert await journal.twin_of(ACCOUNT, name, {**fields, "more": 1}, 0.0) is None


async def test_readings_of_several_devices_come_at_once(store: Store) -> None:
    await store.readings.put(ACCOUNT, 1, "provisioning", ["a"], 10.0)
    await store.readings.put_trouble(ACCOUNT, 2, "provisioning", "no way", 20.0)
    await store.readings.put(ACCOUNT, 3, "usage", ["b"], 30.0)
    found = await store.readings.of_devices(ACCOUNT, [1, 2, 3, 4], "provisioning")
    assert sorted(found) == [1, 2]
    assert (found[1].body, found[1].read_at) == (["a"], 10.0)
    assert (found[2].body, found[2].trouble) == (None, "no way")
