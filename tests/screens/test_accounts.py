"""Several accounts of one login: each keeps what was read, and nothing is shown of another."""

from pathlib import Path

from tests.support.app import dashboard, flash, launch, shown
from tests.support.waiting import until
from tsui.simulator.server import Running


async def test_another_account_is_shown_and_the_first_one_again_at_once(
    simulator: Running, tmp_path: Path
) -> None:
    first, second = simulator.accounts[:2]
    async with dashboard(launch(simulator, tmp_path)) as (app, pilot):
        of_first = app.place.as_list().table.total
        await app.run_line(app.place, f"switch {second}")
        await until(lambda: app.workspace.account == second, what="the second account")
        of_second = len(simulator.world.fleets[second])
        await until(lambda: app.place.as_list().table.total == of_second, what="its devices")
        assert second in shown(app)
        await app.run_line(app.place, "switch")
        await pilot.pause()
        await pilot.press("enter")
        await until(lambda: app.workspace.account == first, what="the first account")
        await until(lambda: app.place.as_list().table.total == of_first, what="its devices")


async def test_an_account_that_is_not_there_changes_nothing(
    simulator: Running, tmp_path: Path
) -> None:
    first = simulator.accounts[0]
    async with dashboard(launch(simulator, tmp_path)) as (app, _):
        before = app.place.as_list().table.total
        await app.run_line(app.place, "switch 0000000000-00000")
        await until(lambda: "Still showing" in flash(app), what="the refusal")
        assert app.workspace.account == first
        assert app.connection.profile.account == first
        assert app.workspace.online is not None
        assert app.place.as_list().table.total == before


async def test_the_account_that_is_shown_is_not_signed_in_to_again(
    simulator: Running, tmp_path: Path
) -> None:
    async with dashboard(launch(simulator, tmp_path)) as (app, _):
        online = app.workspace.online
        await app.run_line(app.place, f"switch {simulator.accounts[0]}")
        assert "shown already" in flash(app)
        assert app.workspace.online is online
