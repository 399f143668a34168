"""The dialog of an evidence bundle: what will be in it, where it goes, at both sizes, offline."""

import asyncio
import base64
import re
import stat
from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot

from tests.screens.test_diagnosis import choose, told
from tests.screens.test_places import current
from tests.support.app import dashboard, flash, launch, shown
from tests.support.waiting import until
from tsui.service.bundle.desk import Made
from tsui.service.kinds import SUSPEND
from tsui.simulator.faults import Fault
from tsui.simulator.scenarios import play_named
from tsui.simulator.server import Running
from tsui.simulator.settings import SimulatorSettings
from tsui.ui.app import TsuiApp
from tsui.ui.screens import evidence
from tsui.ui.screens.evidence import EvidenceDialog


@pytest.fixture
def simulator_settings() -> SimulatorSettings:
    return SimulatorSettings(devices=20, delay=0.05)


async def open_dialog(app: TsuiApp, pilot: Pilot[int], iccid: str) -> None:
    await choose(app, pilot, iccid)
    await pilot.press("e")
    await until(lambda: "JSON" in shown(app), what="what will be in it")


def written(folder: Path) -> list[Path]:
    return sorted(folder.glob("tsui-evidence-*"))


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_it_shows_what_will_be_in_it_and_writes_it(
    simulator: Running, tmp_path: Path, size: tuple[int, int]
) -> None:
    iccid = play_named(simulator.world, "suspended")["iccid"]
    async with dashboard(launch(simulator, tmp_path), size=size) as (app, pilot):
        await choose(app, pilot, iccid)
        await app.workspace.desks.verdicts.read(current(app))
        await pilot.press("e")
        await until(lambda: "JSON" in shown(app), what="what will be in it")
        assert "■ STOP" in shown(app)
        assert "[7d]" in shown(app), "the choice is not told by colour alone"
        assert "masked: names, addresses, custom fields, texts, notes" in shown(app)
        assert re.search(r"[1-9]\d* connection, 1 provisioning", told(app))
        assert max(len(line.rstrip()) for line in shown(app).splitlines()) <= size[0]
        before = app.screen
        await pilot.press("p", "tab")
        await until(lambda: "NOT MASKED" in shown(app) and "JSON" in shown(app), what="the choice")
        await pilot.press("enter")
        await until(lambda: "Written" in shown(app), what="the files")
        markdown, data = sorted(written(tmp_path), key=lambda each: each.suffix, reverse=True)
        assert str(markdown) in "".join(shown(app).split())
        assert "31d" not in flash(app)
        assert app.screen is before
        await pilot.press("enter")
        assert not isinstance(app.screen, EvidenceDialog)
    assert {stat.S_IMODE(each.stat().st_mode) for each in (markdown, data)} == {0o600}
    assert f"# Evidence: ICCID {iccid}" in markdown.read_text()
    assert '"masked": false' in data.read_text()


async def test_it_is_copied_if_it_fits_and_says_so_if_not(
    simulator: Running, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    iccid = play_named(simulator.world, "suspended")["iccid"]
    async with dashboard(launch(simulator, tmp_path), size=(80, 24)) as (app, pilot):
        sequences: list[str] = []
        assert app._driver is not None
        monkeypatch.setattr(app._driver, "write", sequences.append)
        await open_dialog(app, pilot, iccid)
        await pilot.press("c")
        await until(lambda: not isinstance(app.screen, EvidenceDialog), what="the end")
        (copied,) = [each for each in sequences if each.startswith("\x1b]52")]
        text = base64.b64decode(copied[7:-1]).decode()
        assert text.startswith(f"# Evidence: ICCID {iccid}")
        monkeypatch.setattr(evidence, "MOST", 100)
        await pilot.press("e")
        await until(lambda: "JSON" in shown(app), what="the dialog")
        await pilot.press("c")
        await until(lambda: "do not fit the clipboard" in told(app), what="why not")
        assert "enter writes" in told(app)
        assert len([each for each in sequences if each.startswith("\x1b]52")]) == 1


async def test_it_works_without_a_network_and_says_when_a_folder_does_not(
    simulator: Running, tmp_path: Path
) -> None:
    iccid = play_named(simulator.world, "suspended")["iccid"]
    async with dashboard(launch(simulator, tmp_path), size=(80, 24)) as (app, pilot):
        await choose(app, pilot, iccid)
    simulator.world.faults.append(Fault("hang", "oauth2", times=-1))
    start = launch(simulator, tmp_path)
    async with dashboard(start, size=(80, 24), synced=False) as (app, pilot):
        await until(lambda: app.place.as_list().table.total == 1, what="the device")
        await pilot.press("e")
        await until(lambda: "JSON" in shown(app), what="what will be in it")
        assert "? UNKNOWN" in shown(app)
        settings = app.profiles.settings
        blocked = tmp_path / "blocked"
        blocked.write_text("")
        app.profiles.settings = settings._replace(download_folder=str(blocked))
        await pilot.press("enter")
        await until(lambda: "Nothing was written" in told(app), what="why not")
        assert not written(tmp_path)


async def test_a_request_is_written_up_with_its_device(simulator: Running, tmp_path: Path) -> None:
    async with dashboard(launch(simulator, tmp_path), size=(80, 24)) as (app, pilot):
        await pilot.press("slash", *"state:active", "enter")
        device = current(app)
        await app.workspace.submit(await app.workspace.preflight(SUSPEND, [device.id], {}))
        await pilot.press("3")
        await until(lambda: "Suspend" in shown(app), what="the request")
        await pilot.press("e")
        await until(lambda: "JSON" in shown(app), what="what will be in it")
        assert "Evidence bundle: request 1, Suspend" in shown(app)
        await pilot.press("enter")
        await until(lambda: len(written(tmp_path)) == 2, what="the files")
        await pilot.press("escape", "enter")
        await until(lambda: "What was sent" in shown(app), what="the request alone")
        await pilot.press("e")
        await until(lambda: isinstance(app.screen, EvidenceDialog), what="the dialog")
    text = next(each for each in written(tmp_path) if each.suffix == ".md").read_text()
    assert f"request 1 (Suspend) of ICCID {device.iccid}" in text


async def test_marked_devices_are_written_up_each(simulator: Running, tmp_path: Path) -> None:
    async with dashboard(launch(simulator, tmp_path), size=(80, 24)) as (app, pilot):
        names = []
        for _ in range(3):
            names.append(current(app).iccid)
            await pilot.press("space")
        await pilot.press("e")
        await until(lambda: "Evidence bundles of 3 devices" in shown(app), what="the dialog")
        await pilot.press("tab", "p")
        await until(lambda: "[31d]" in shown(app) and "NOT MASKED" in shown(app), what="the wish")
        await pilot.press("enter")
        await until(lambda: "Written 3 bundles" in shown(app), what="the files")
        (folder,) = written(tmp_path)
        assert str(folder) in "".join(shown(app).split())
        await pilot.press("enter")
        assert shown(app).startswith(" tsui")
    files = sorted(folder.iterdir())
    assert {each.name.split("-")[2] for each in files} == set(names)
    assert len(files) == 6
    assert {stat.S_IMODE(each.stat().st_mode) for each in files} == {0o600}


async def test_a_folder_that_cannot_be_written_is_said_for_many(
    simulator: Running, tmp_path: Path
) -> None:
    async with dashboard(launch(simulator, tmp_path), size=(80, 24)) as (app, pilot):
        blocked = tmp_path / "blocked"
        blocked.write_text("")
        app.profiles.settings = app.profiles.settings._replace(download_folder=str(blocked))
        await pilot.press("space", "space", "e")
        await until(lambda: "Evidence bundles of 2 devices" in shown(app), what="the dialog")
        await pilot.press("enter")
        await until(lambda: "Written 0 of 2" in told(app), what="why not")
        await pilot.press("escape")


async def test_writing_many_stops_with_esc_and_what_is_written_stays(
    simulator: Running, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with dashboard(launch(simulator, tmp_path), size=(80, 24)) as (app, pilot):
        bundles = app.workspace.desks.bundles
        make = bundles.of_device

        async def stuck(*given: Any) -> Made:
            if written(tmp_path):
                await asyncio.Event().wait()
            return await make(*given)

        monkeypatch.setattr(bundles, "of_device", stuck)
        await pilot.press("space", "space", "space", "e", "enter")
        await until(lambda: "1 of 3 written" in told(app), what="the first")
        await pilot.press("escape")
        await until(lambda: "Stopped; 1 of 3" in flash(app), what="the end")
        (folder,) = written(tmp_path)
        assert len(list(folder.iterdir())) == 2
