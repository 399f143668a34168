"""The verdict for scripts: the right cause, an exit code that says what it is, offline too."""

import asyncio
import json
import os
import subprocess
from pathlib import Path

import pytest

from tests.journeys.test_devices import Script
from tests.support.terminal import command, environment
from tsui.simulator.faults import Fault
from tsui.simulator.scenarios import play_named
from tsui.simulator.server import Running
from tsui.simulator.settings import SimulatorSettings


@pytest.fixture
def simulator_settings() -> SimulatorSettings:
    return SimulatorSettings(devices=20)


@pytest.fixture
def script(simulator: Running, tmp_path: Path) -> Script:
    made = Script(simulator, tmp_path)
    made.argv = command("--url", simulator.base_url, "--account", simulator.accounts[0], "diagnose")
    return made


@pytest.mark.parametrize(
    ("scenario", "code", "word"),
    [("suspended", 3, "STOP"), ("lost", 4, "WARN"), ("carrier-path-works", 0, "OK")],
)
async def test_the_exit_code_says_what_the_verdict_is(
    simulator: Running, script: Script, scenario: str, code: int, word: str
) -> None:
    iccid = play_named(simulator.world, scenario)["iccid"]
    done = await script.run(iccid)
    assert (done.code, done.lines[0][:8].strip()) == (code, word), done
    told = json.loads((await script.run(iccid, "--json")).out)
    assert (told["verdict"], told["cause"]["name"]) == (word, scenario)
    assert all(
        fact["source"] and fact["age_seconds"] is not None for fact in told["cause"]["facts"]
    )


async def test_what_was_read_is_enough_offline(simulator: Running, script: Script) -> None:
    iccid = play_named(simulator.world, "suspended")["iccid"]
    nothing = await script.run(iccid, "--offline")
    assert (nothing.code, nothing.out) == (1, "")
    assert "Nothing is remembered" in nothing.err
    assert (await script.run(iccid)).code == 3
    asked = len(simulator.world.log)
    again = await script.run(iccid[-6:], "--offline")
    assert again.code == 3
    assert "suspended" in again.lines[0]
    assert len(simulator.world.log) == asked


async def test_what_is_read_on_site_is_compared(simulator: Running, script: Script) -> None:
    iccid = play_named(simulator.world, "asleep")["iccid"]
    done = await script.run(iccid, "--imei", "990000862471854")
    assert (done.code, "has the IMEI 990000862471854" in done.lines[0]) == (4, True), done
    again = await script.run(iccid, "--offline")
    assert "has the IMEI 990000862471854" in again.lines[0], "it is remembered"
    wrong = await script.run(iccid, "--place", "Boston")
    assert (wrong.code, wrong.out) == (2, "")


async def test_a_number_that_nobody_has_is_a_verdict(script: Script) -> None:
    done = await script.run("89148000000000000004")
    assert done.code == 3
    assert "lists no such device" in done.lines[0]


async def test_a_number_that_cannot_be_looked_up_has_no_verdict(
    simulator: Running, script: Script
) -> None:
    simulator.world.faults.append(Fault("html", "/devices/actions/list", times=-1))
    done = await script.run("89148000000000000004")
    assert (done.code, done.out) == (1, "")
    assert "web page" in done.err
    assert "Traceback" not in done.err
    nonsense = await script.run("no number")
    assert nonsense.code == 3, "no device is called that"


async def test_what_could_not_be_read_is_not_guessed(simulator: Running, script: Script) -> None:
    played = play_named(simulator.world, "lost")
    simulator.world.faults.append(Fault("html", "/usage/|/history/", times=-1))
    done = await script.run(played["iccid"])
    assert done.code == 5
    assert "provisioning history could not be read" in done.lines[0]


async def test_the_demo_plays_scenarios_and_says_what_there_is_not(tmp_path: Path) -> None:
    for scenario, code in (("lost", 0), ("sick", 1)):
        process = await asyncio.create_subprocess_exec(
            *command("demo", "--devices", "40", "--scenario", scenario),
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            env={**os.environ, **environment(tmp_path)},
        )  # fmt: skip
        async with asyncio.timeout(60):
            _, err = await process.communicate()
        assert process.returncode == code, err
        assert ("There is no scenario" in err.decode()) == bool(code)
