"""Many devices: pasted, marked, changed at once, paused, gone on with and called off."""

from pathlib import Path

import pytest
from textual import events
from textual.pilot import Pilot

from tests.service.cases import requests_for, rows
from tests.support.app import dashboard, flash, launch, shown
from tests.support.waiting import until
from tsui.service import drafts
from tsui.service.proposal import Proposal
from tsui.simulator.faults import Fault
from tsui.simulator.server import Running
from tsui.simulator.settings import SimulatorSettings
from tsui.ui.app import TsuiApp

SUSPEND = "/devices/actions/suspend"

SLOW = Fault("drip", SUSPEND, after=True, seconds=0.03, times=-1)
"""Every request is taken, and answered byte by byte."""


@pytest.fixture
def simulator_settings() -> SimulatorSettings:
    return SimulatorSettings(devices=150, delay=0.1)


async def active(app: TsuiApp, count: int) -> list[str]:
    """Return the ICCIDs of active lines."""
    found = [row.iccid for row in await rows(app.workspace) if row.state == "active"][:count]
    assert len(found) == count
    return found


async def paste(app: TsuiApp, pilot: Pilot[int], text: str) -> None:
    """Open the screen that takes text and paste into it."""
    await pilot.press("p")
    await until(lambda: "paste text now" in shown(app), what="the screen")
    app.post_message(events.Paste(text))
    await until(lambda: "found" in flash(app), what="the report")
    await pilot.pause()


async def test_pasted_devices_are_marked_and_only_those(simulator: Running, tmp_path: Path) -> None:
    async with dashboard(launch(simulator, tmp_path)) as (app, pilot):
        wanted = await active(app, 5)
        await pilot.press("G", "space")
        text = "\n".join([*wanted, wanted[0], "89149999999999999999", "kind regards"])
        await paste(app, pilot, text)
        assert "8 lines" in shown(app)
        assert "5 devices" in shown(app)
        assert "1 again" in shown(app)
        assert "1 not here" in shown(app)
        await pilot.press("asterisk")
        assert "5 marked" in shown(app)
        ids = app.place.selected_ids()
        assert {row.iccid for row in await app.workspace.devices(ids)} == set(wanted)


async def test_text_without_devices_marks_nothing(simulator: Running, tmp_path: Path) -> None:
    async with dashboard(launch(simulator, tmp_path)) as (app, pilot):
        await pilot.press("p")
        app.post_message(events.Paste("Dear \x1b[31mall\x1b[0m"))
        await until(lambda: "No device found" in flash(app), what="the report")
        await pilot.press("asterisk")
        assert "No device was found" in flash(app)


async def test_devices_are_read_from_a_file(simulator: Running, tmp_path: Path) -> None:
    async with dashboard(launch(simulator, tmp_path)) as (app, pilot):
        wanted = await active(app, 3)
        file = tmp_path / "list.csv"
        file.write_text("iccid\n" + "\n".join(wanted), encoding="utf-16")
        await pilot.press("colon", *f"paste {file}", "enter")
        await until(lambda: "3 devices found" in flash(app), what="the report")
        await pilot.press("escape", "colon", *"paste nowhere.csv", "enter")
        await until(lambda: "No such file" in flash(app), what="the reason")
        await pilot.press("colon", *f"paste {file}", "enter")
        await until(lambda: "found" in flash(app), what="the file that was named then")
        assert "Paste" in shown(app)


async def test_thousands_of_pasted_lines_are_looked_up(simulator: Running, tmp_path: Path) -> None:
    async with dashboard(launch(simulator, tmp_path)) as (app, pilot):
        wanted = await active(app, 5)
        await paste(app, pilot, "\n".join(wanted * 1000))
        assert "5,000 lines" in shown(app)
        assert "4,995 again" in shown(app)


async def suspend_pasted(app: TsuiApp, pilot: Pilot[int], wanted: list[str]) -> None:
    """Mark devices by pasting them, and suspend them."""
    await paste(app, pilot, "\n".join(wanted))
    await pilot.press("asterisk", "S", *str(len(wanted)), "enter")
    await until(lambda: bool(app.workspace.batching.under_way()), what="the submission")


async def test_a_batch_is_paused_and_gone_on_with(
    simulator: Running, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(drafts, "SINGLY", 1)
    monkeypatch.setattr(drafts, "BATCH", 10)
    async with dashboard(launch(simulator, tmp_path)) as (app, pilot):
        wanted = await active(app, 40)
        simulator.world.faults.append(SLOW)
        await suspend_pasted(app, pilot, wanted)
        await pilot.press("b")
        await until(lambda: "of 40" in shown(app), what="the progress")
        await pilot.press("p")
        await until(lambda: "/40: R goes on" in shown(app), what="the pause")
        sent = requests_for(simulator, SUSPEND)
        assert sent < 4
        simulator.world.faults.clear()
        await pilot.press("R")
        left = 40 - 10 * sent
        await until(lambda: f"Suspend {left} devices" in shown(app), what="the question")
        await pilot.press(*str(left), "enter")
        await until(lambda: "done sending" in shown(app), what="the end of the batch", limit=20)
        assert requests_for(simulator, SUSPEND) == 4


async def test_the_rest_of_a_batch_is_called_off(
    simulator: Running, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(drafts, "SINGLY", 1)
    monkeypatch.setattr(drafts, "BATCH", 10)
    async with dashboard(launch(simulator, tmp_path)) as (app, pilot):
        wanted = await active(app, 40)
        simulator.world.faults.append(SLOW)
        await suspend_pasted(app, pilot, wanted)
        await pilot.press("b")
        await until(lambda: "of 40" in shown(app), what="the progress")
        await pilot.press("K", "down", "enter")
        await until(lambda: not app.workspace.is_sending, what="the end")
        await until(lambda: "done sending" in shown(app), what="the calling off")
        assert requests_for(simulator, SUSPEND) < 4
        (batch,) = await app.workspace.batching.newest()
        assert (await app.workspace.batching.rest(batch.id)).reports == ()


# -- a table of values ----------------------------------------------------------------------------


async def open_table(app: TsuiApp, pilot: Pilot[int], folder: Path, text: str) -> None:
    """Open a file with a table of values."""
    file = folder / "move.csv"
    file.write_text(text, encoding="utf-8-sig")
    await pilot.press("colon", *f"file {file}", "enter")
    await until(lambda: "to change" in flash(app), what="what the table would change")


async def test_a_table_of_values_is_shown_confirmed_once_and_sent_as_one_batch(
    simulator: Running, tmp_path: Path
) -> None:
    async with dashboard(launch(simulator, tmp_path), size=(80, 24)) as (app, pilot):
        elsewhere = [row for row in await rows(app.workspace) if row.groups != "4G West"]
        wanted = [row.iccid for row in elsewhere if row.state == "active"][:6]
        rows_ = "\n".join(f'="{iccid}";4G West;site {n % 2}' for n, iccid in enumerate(wanted))
        strange = "89149999999999999999;4G West;x\n"
        await open_table(app, pilot, tmp_path, f"ICCID;Group;cf2;colour\n{strange}{rows_}\n")
        assert "6 to change" in shown(app)
        assert "1 not here" in shown(app)
        assert "colour" in shown(app)
        await pilot.press("V")
        await until(lambda: "move.csv: 6 devices" in shown(app), what="the question")
        assert "6 x Put in group" in shown(app)
        assert "6 x Change custom fields" in shown(app)
        assert "Type 6" in shown(app)
        await pilot.press("6", "enter")
        await until(lambda: "done sending" in shown(app), what="the end of the batch", limit=20)
        assert requests_for(simulator, "/devices/actions/customFields") == 2
        assert requests_for(simulator, "/name/4G West") == 1
        (batch,) = await app.workspace.batching.newest()
        assert (batch.devices, batch.changes) == (6, 12)


async def test_a_damaged_or_foreign_file_is_refused_with_a_sentence(
    simulator: Running, tmp_path: Path
) -> None:
    async with dashboard(launch(simulator, tmp_path)) as (app, pilot):
        (iccid,) = await active(app, 1)
        file = tmp_path / "bad.csv"
        file.write_text(f'iccid,plan\n{iccid},"\x1b[2JP1\n')
        await pilot.press("colon", *f"file {file}", "enter")
        await until(lambda: "cannot be used. Line 2" in flash(app), what="the reason")
        file.write_bytes(b"PK\x03\x04rest")
        await pilot.press("escape", "colon", *f"file {file}", "enter")
        await until(lambda: "save it as CSV" in flash(app), what="the reason")


async def test_a_table_that_says_nothing_new_sends_nothing(
    simulator: Running, tmp_path: Path
) -> None:
    async with dashboard(launch(simulator, tmp_path)) as (app, pilot):
        device = next(row for row in await rows(app.workspace) if row.custom1 and row.plan)
        text = f"iccid,plan,custom1\n{device.iccid},{device.plan},{device.custom1}\n"
        file = tmp_path / "same.csv"
        file.write_text(text)
        await pilot.press("colon", *f"file {file}", "enter")
        await until(lambda: "Nothing in this table" in flash(app), what="the sentence")
        assert "already so" in shown(app)
        await pilot.press("V")
        assert not app.screen.is_modal


async def test_every_screen_says_how_far_a_batch_is_and_that_one_was_cut_off(
    simulator: Running, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(drafts, "SINGLY", 1)
    monkeypatch.setattr(drafts, "BATCH", 10)
    async with dashboard(launch(simulator, tmp_path), size=(80, 24)) as (app, pilot):
        wanted = await active(app, 40)
        simulator.world.faults.append(SLOW)
        await suspend_pasted(app, pilot, wanted)
        await until(lambda: "batch 10/40" in shown(app), what="the progress")
        await pilot.press("q", "down", "down", "enter")
        await until(lambda: app.is_leaving, what="the end of the program")
    simulator.world.faults.clear()
    async with dashboard(launch(simulator, tmp_path), size=(80, 24)) as (app, pilot):
        (batch,) = app.workspace.batching.interrupted
        sent = 40 - batch.left
        assert f"batch stopped at {sent}/40: b" in shown(app)
        await pilot.press("b")
        await until(lambda: f"stopped at {sent}/40: R goes on" in shown(app), what="the batch")
        await pilot.press("R")
        await until(lambda: f"Suspend {batch.left} devices" in shown(app), what="the question")
        await pilot.press(*str(batch.left), "enter")
        await until(lambda: "batch stopped" not in shown(app), what="the rest", limit=20)


async def test_a_batch_that_a_lost_change_holds_up_says_so_and_leads_to_what_settles_it(
    simulator: Running, tmp_path: Path
) -> None:
    async with dashboard(launch(simulator, tmp_path), size=(80, 24)) as (app, pilot):
        plan_sent = "/devices/actions/plan"
        simulator.world.faults.append(Fault("drop", "/actions/customFields", times=-1))
        (iccid,) = await active(app, 1)
        found = await app.workspace.batching.read_sheet(
            f"iccid,plan,custom1\n{iccid},M2M25MB,north\n"
        )
        assert found is not None
        await app.workspace.submit(await app.workspace.batching.propose(found.wanted, Proposal(())))
        await pilot.press("b")
        await until(lambda: "waits: 1 unknown; enter, then O" in shown(app), what="what holds it")
        assert requests_for(simulator, plan_sent) == 0
        await pilot.press("enter")
        await until(lambda: "Requests" in shown(app) and "fate unknown" in shown(app), what="it")
        await pilot.press("O", "down", "enter")
        await until(lambda: requests_for(simulator, plan_sent) == 1, what="the next change")
