"""Reading the whole fleet: complete, resumable, honest about failure."""

from pathlib import Path

import pytest

from tests.service.cases import requests_for, rows, workspace
from tests.support.waiting import until
from tsui.service import sync
from tsui.simulator.faults import Fault
from tsui.simulator.server import Running
from tsui.simulator.settings import SimulatorSettings
from tsui.store.announce import News

LIST = "/devices/actions/list"


@pytest.fixture
def simulator_settings() -> SimulatorSettings:
    return SimulatorSettings(devices=137, delay=0.05)


@pytest.fixture(autouse=True)
def small_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sync, "PAGE", 10)


async def test_every_device_of_the_account_is_known_afterwards(
    simulator: Running, tmp_path: Path
) -> None:
    async with workspace(simulator, tmp_path) as made:
        known = {row.iccid for row in await rows(made)}
        fleet = simulator.world.fleets[made.account]
        assert known == {fleet.get(number).iccid for number in fleet.numbers()}
        assert made.progress is not None
        assert made.progress.expected == 137


async def test_the_fleet_is_read_without_numeric_ids_too(
    simulator: Running, tmp_path: Path
) -> None:
    simulator.world.settings.tells_paging_key = False
    async with workspace(simulator, tmp_path) as made:
        assert len(await rows(made)) == 137


async def test_a_run_that_was_cut_off_goes_on_behind_its_last_page(
    simulator: Running, tmp_path: Path
) -> None:
    simulator.world.faults.append(Fault("status", LIST, status=400, skip=6, times=-1))
    async with workspace(simulator, tmp_path, synced=False) as made:
        await until(lambda: bool(made.progress and made.progress.trouble), what="the failure")
        assert len(await rows(made)) == 60
        simulator.world.faults.clear()
        before = requests_for(simulator, LIST)
        assert await made.sync_once() == ""
        assert len(await rows(made)) == 137
        assert requests_for(simulator, LIST) - before == 8


async def test_a_run_goes_on_after_a_restart(simulator: Running, tmp_path: Path) -> None:
    simulator.world.faults.append(Fault("status", LIST, status=400, skip=6, times=-1))
    async with workspace(simulator, tmp_path, synced=False) as made:
        await until(lambda: bool(made.progress and made.progress.trouble), what="the failure")
    simulator.world.faults.clear()
    before = requests_for(simulator, LIST)
    async with workspace(simulator, tmp_path) as made:
        assert len(await rows(made)) == 137
    assert requests_for(simulator, LIST) - before == 8


async def test_devices_that_left_the_account_are_dropped_by_a_complete_run(
    simulator: Running, tmp_path: Path
) -> None:
    async with workspace(simulator, tmp_path) as made:
        gone = (await rows(made))[5]
        fleet = simulator.world.fleets[made.account]
        device = fleet.find("iccid", gone.iccid)
        assert device is not None
        fleet.delete(device)
        assert await made.sync_once() == ""
        assert gone.iccid not in {row.iccid for row in await rows(made)}
        assert len(await rows(made)) == 136


async def test_an_empty_answer_does_not_empty_what_is_known(
    simulator: Running, tmp_path: Path
) -> None:
    async with workspace(simulator, tmp_path) as made:
        empty = {"hasMoreData": False, "devices": []}
        simulator.world.faults.append(Fault("status", LIST, status=200, body=empty, times=-1))
        trouble = await made.sync_once()
        assert "137" in trouble
        assert len(await rows(made)) == 137


@pytest.mark.parametrize("action", ["html", "bad-json", "empty-page", "repeat-page", "nan"])
async def test_a_lying_list_ends_with_a_sentence_and_keeps_what_is_known(
    simulator: Running, tmp_path: Path, action: str
) -> None:
    async with workspace(simulator, tmp_path) as made:
        simulator.world.faults.append(Fault(action, LIST, skip=2, times=-1))
        trouble = await made.sync_once()
        assert trouble.endswith(".")
        assert len(await rows(made)) == 137


async def test_an_answer_without_a_list_does_not_count_as_an_empty_fleet(
    simulator: Running, tmp_path: Path
) -> None:
    async with workspace(simulator, tmp_path) as made:
        simulator.world.faults.append(Fault("status", LIST, status=200, body={"x": 1}, times=-1))
        assert "without a list" in await made.sync_once()
        assert len(await rows(made)) == 137


async def test_progress_counts_up_to_what_the_last_run_found(
    simulator: Running, tmp_path: Path
) -> None:
    async with workspace(simulator, tmp_path) as made:
        seen: list[tuple[int, int | None]] = []

        def note(_: News) -> None:
            assert made.progress is not None
            seen.append((made.progress.seen, made.progress.expected))

        made.subscribe(note)
        await made.sync_once()
        counts = [count for count, _ in seen]
        assert counts == sorted(counts)
        assert counts[-1] == 137
        assert {expected for _, expected in seen} == {137}


async def test_a_second_run_changes_no_row_that_did_not_change(
    simulator: Running, tmp_path: Path
) -> None:
    async with workspace(simulator, tmp_path) as made:
        changed: set[int] = set()
        made.subscribe(lambda news: changed.update(news.keys or ()))
        before = {row.id: row._replace(read_at=0) for row in await rows(made)}
        await made.sync_once()
        after = {row.id: row._replace(read_at=0) for row in await rows(made)}
        assert changed == {number for number in after if after[number] != before[number]}
        assert all(row.read_at > 0 for row in await rows(made))
