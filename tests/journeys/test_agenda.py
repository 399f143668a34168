"""The agenda for cron and calendars: exit codes that can be relied on, also in an empty home."""

import json
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.journeys.test_devices import Script
from tests.support.terminal import command
from tsui.simulator.server import Running
from tsui.simulator.settings import SimulatorSettings


@pytest.fixture
def simulator_settings() -> SimulatorSettings:
    return SimulatorSettings(devices=20)


@pytest.fixture
def script(simulator: Running, tmp_path: Path) -> Script:
    return Script(simulator, tmp_path)


def argv(simulator: Running, *words: str) -> Sequence[str]:
    return command("--url", simulator.base_url, "--account", simulator.accounts[0], *words)


async def test_an_empty_home_cannot_tell(simulator: Running, script: Script) -> None:
    script.argv = argv(simulator, "agenda")
    nothing = await script.run()
    assert (nothing.code, nothing.out) == (3, "")
    assert "Nothing is remembered" in nothing.err
    assert (await script.run("--within", "soon")).code == 3
    assert not simulator.world.log, "nobody was asked"
    script.argv = command("--url", simulator.base_url, "agenda")
    assert "Name the account" in (await script.run()).err
    script.argv = argv(simulator, "handover")
    assert (await script.run()).code == 1
    assert (await script.run("--since", "tomorrow")).code == 2


async def test_a_suspension_made_here_is_told_when_it_is_due(
    simulator: Running, script: Script
) -> None:
    script.argv = argv(simulator, "devices", "--fresh", "-f", "state:active", "--jsonl")
    iccid = json.loads((await script.run()).lines[0])["iccid"]
    script.argv = argv(simulator, "op", "SuspendDevices")
    done = await script.run(
        "-f", f"devices=iccid:{iccid}", "-f", f"accountName={simulator.accounts[0]}", "--yes",
        "--wait", "20",
    )  # fmt: skip
    assert done.code == 0, done.err
    script.argv = argv(simulator, "agenda")
    soon = await script.run("--within", "7d")
    assert soon.out == ""
    assert soon.code in (0, 3)
    assert (soon.code == 3) == ("may resume any day" in soon.err)
    later = await script.run("--within", "91d", "--json")
    assert later.code == 1, later.err
    told = json.loads(later.out)
    assert [each["subject"] for each in told["due"]] == [iccid]
    calendar = await script.run("--within", "13w", "--ics")
    assert (calendar.code, calendar.lines[0]) == (1, "BEGIN:VCALENDAR")
    line = await script.run("--within", "99d")
    assert line.lines[0].startswith("later ")
    assert iccid in line.lines[0]
    asked = len(simulator.world.log)
    script.argv = argv(simulator, "handover")
    handover = await script.run("--since", "1h")
    assert (handover.code, handover.err) == (0, "")
    assert handover.out.startswith("HANDOVER since ")
    assert "1 device succeeded" in " ".join(handover.out.split())
    assert max(map(len, handover.lines)) <= 72
    told = json.loads((await script.run("--since", "1h", "--json")).out)
    assert [each["devices"] for each in told["ours"]] == [1]
    assert len(simulator.world.log) == asked, "nobody was asked"
