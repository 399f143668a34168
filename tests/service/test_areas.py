"""Areas: what is remembered, as lines; what failed or is old says so, and nothing is a blank."""

from pathlib import Path

import pytest

from tests.service.cases import workspace
from tests.service.operators import perform
from tsui.service import areas
from tsui.service.areas import (
    AREAS,
    MONITORS,
    rows_of,
)
from tsui.simulator.faults import Fault
from tsui.simulator.server import Running
from tsui.thingspace.catalog import OPERATIONS


@pytest.mark.parametrize("area", AREAS.values(), ids=AREAS)
def test_an_area_speaks_of_operations_that_exist(area: areas.Area) -> None:
    for name in (*area.operations, *area.reads, *area.answers, *area.changes):
        assert name in OPERATIONS
    assert all(OPERATIONS[name].reads() for name in area.reads)
    assert not any(OPERATIONS[name].reads() for name in area.changes)
    assert area.empty.endswith(".")


@pytest.mark.parametrize("area", AREAS.values(), ids=AREAS)
async def test_an_area_of_which_nothing_is_known_has_no_lines(
    simulator: Running, tmp_path: Path, area: areas.Area
) -> None:
    async with workspace(simulator, tmp_path, signed_in=False) as made:
        assert await rows_of(area, made) == []


async def test_messages_that_were_read_are_kept_because_they_are_read_only_once(
    simulator: Running, tmp_path: Path
) -> None:
    async with workspace(simulator, tmp_path, synced=False) as made:
        queue = {
            "messages": [
                {"deviceIds": [{"id": "5085550100", "kind": "mdn"}], "message": "low battery"}
            ]
        }
        simulator.world.faults.append(Fault("status", "/sms", status=200, body=queue))
        await perform(made, "ReadSmsQueue")
        answer = await made.last_answer("ReadSmsQueue")
        assert answer is not None
        assert "low battery" in str(answer.body)
        simulator.world.faults.append(Fault("html", "/sms", after=True))
        await perform(made, "ReadSmsQueue")
        assert any("low battery" in each.answer for each in await made.change_window(0, 9))


async def test_monitors_show_what_was_asked_for(simulator: Running, tmp_path: Path) -> None:
    async with workspace(simulator, tmp_path, synced=False) as made:
        simulator.world.faults.append(Fault("drop", "/devicereachability", after=True))
        await perform(made, "StopMonitors", monitorIds=["m1"])
        (row,) = await rows_of(MONITORS, made)
        assert row.what == "unknown"
        assert row.body["fields"]["monitorIds"] == ["m1"]
        assert row.body["problem"] in row.detail
