"""An empty list says why, and what to press next."""

from pathlib import Path

import pytest

from tests.screens.test_keeping import alone
from tests.support.app import dashboard, launch, shown
from tests.support.waiting import until
from tsui.simulator.faults import Fault
from tsui.simulator.server import Running

LACKING = {"errorCode": "REQUEST_FAILED.AccountName", "errorMessage": "Access denied."}


@pytest.mark.parametrize(
    ("fault", "says"),
    [
        (Fault("status", "devices/actions/list", times=-1), "This could not be read."),
        (
            Fault("status", "devices/actions/list", times=-1, status=400, body=LACKING),
            "Not entitled to this.",
        ),
    ],
)
async def test_a_fleet_that_cannot_be_read_says_why(
    simulator: Running, tmp_path: Path, fault: Fault, says: str
) -> None:
    simulator.world.faults.append(fault)
    async with dashboard(launch(simulator, tmp_path), size=(80, 24), synced=False) as (app, pilot):
        await until(lambda: says in shown(app), limit=60, what="the reason")
        await pilot.press("1")
        await until(lambda: says in shown(app), what="the reason in the overview")


async def test_without_the_network_each_list_says_what_it_waits_for(tmp_path: Path) -> None:
    async with alone(tmp_path) as (app, pilot):
        for key, says in {
            "1": "Nothing is remembered here.",
            "2": "Nothing is remembered here.",
            "3": "Nothing was changed from here yet",
            "4": "No device is watched from here.",
            "5": "No message was sent from here or heard of yet.",
            "6": "Nothing was told or noticed yet",
            "7": "not known: nobody asked yet",
            "b": "Nothing was changed for several devices yet.",
        }.items():
            await pilot.press(key)
            await until(lambda says=says: says in shown(app), what=f"{key}: {says}")
