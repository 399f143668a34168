"""Commissioning runs on the disk: one open run a device, whoever begins it."""

from pathlib import Path

from tests.store.cases import elsewhere, result_of
from tsui.store.announce import News, Topic
from tsui.store.audit import Actor
from tsui.store.commissionings import End, RunOutcome, Step, StepName, StepState
from tsui.store.store import Store

ME = Actor("me", "north")
ACCOUNT, KEY = "0742000123-00001", "iccid:1"


async def begin(store: Store, key: str = KEY, at: float = 1.0) -> int:
    numbers = {"iccid": key.partition(":")[2]}
    return await store.commissionings.begin(ACCOUNT, key, numbers, at, environment="x", by=ME)


async def test_whoever_begins_again_goes_on_with_the_open_run(tmp_path: Path) -> None:
    store = Store(tmp_path)
    await store.open()
    first = await begin(store)
    assert await begin(store, at=9.0) == first
    assert await begin(store, "iccid:2") != first
    run = await store.commissionings.get(first)
    assert run is not None
    assert (run.began_at, run.operator, run.profile) == (1.0, "me", "north")
    assert [step.name for step in run.steps] == list(StepName)
    assert await store.commissionings.count_open(ACCOUNT) == 2
    assert await store.commissionings.count_open("another") == 0
    await store.close()


async def test_processes_that_begin_at_the_same_time_share_one_run(tmp_path: Path) -> None:
    work = """
        from tsui.store.audit import Actor
        print(await store.commissionings.begin(
            "a", "iccid:1", {}, 1.0, environment="x", by=Actor("me", "")))
    """
    processes = [elsewhere(tmp_path, work) for _ in range(4)]
    numbers = {tuple(await result_of(each)) for each in processes}
    assert numbers == {("1",)}


async def test_what_is_over_stays_as_it_ended(tmp_path: Path) -> None:
    store = Store(tmp_path)
    await store.open()
    runs = store.commissionings
    number = await begin(store)
    seen = Step(StepName.LINE, StepState.SEEN, 1.0, 2.0, 61.0, "listed \ud800", "list")
    assert await runs.write(number, [seen], baseline=5, end=End(RunOutcome.GREEN, 3.0))
    assert not await runs.write(number, [Step(StepName.LINE)], end=End(RunOutcome.GIVEN_UP, 4.0))
    run = await runs.get(number)
    assert run is not None
    assert (run.outcome, run.ended_at, run.baseline) == (RunOutcome.GREEN, 3.0, 5)
    assert run.step(StepName.LINE).took(99.0) == 1.0
    assert run.step(StepName.LINE).said == "listed \N{REPLACEMENT CHARACTER}"
    again = await begin(store, at=5.0)
    assert again != number
    assert [each.id for each in await runs.newest(ACCOUNT, 9)] == [again, number]
    await store.close()


async def test_every_step_is_announced_and_nothing_else(tmp_path: Path) -> None:
    store = Store(tmp_path)
    await store.open()
    heard: list[News] = []
    store.announcer.subscribe(heard.append)
    number = await begin(store)
    await store.commissionings.note(number, "pole 7")
    await store.commissionings.write(number, [], end=End(RunOutcome.GIVEN_UP, 2.0))
    await store.commissionings.write(number, [])
    await store.close()
    assert heard == [News(Topic.COMMISSIONING, frozenset({number}))] * 3
