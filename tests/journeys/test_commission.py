"""Commissioning from a shell: an exit code for each end, killed in the middle, bell and title."""

import asyncio
import json
import os
import signal
import subprocess
from pathlib import Path

import pytest

from tests.journeys.test_devices import Script
from tests.service.commissioning.test_run import staged
from tests.support.terminal import command, terminal
from tests.support.waiting import until
from tsui.simulator.faults import Fault
from tsui.simulator.server import Running
from tsui.simulator.settings import SimulatorSettings

ACTIVATE = ("--activate", "--yes", "--plan", "87641", "--zip-code", "12345")


@pytest.fixture
def simulator_settings() -> SimulatorSettings:
    return SimulatorSettings(devices=20, delay=0.3)


@pytest.fixture
def script(simulator: Running, tmp_path: Path) -> Script:
    made = Script(simulator, tmp_path)
    where = ("--url", simulator.base_url, "--account", simulator.accounts[0])
    made.argv = command(*where, "commission")
    return made


def activations(simulator: Running) -> int:
    return sum(seen.path.endswith("/activate") for seen in simulator.world.log)


async def test_a_device_is_activated_and_followed_to_green(
    simulator: Running, script: Script
) -> None:
    iccid = staged(simulator, "commissioning")
    done = await script.run(iccid, *ACTIVATE, "--site", "pole 7", "--timeout", "60")
    assert done.code == 0, done
    assert "First bytes" in done.out
    assert "run 1: GREEN" in done.out
    assert "pole 7" in done.out
    assert activations(simulator) == 1
    again = await script.run(iccid, *ACTIVATE, "--json", "--timeout", "60")
    told = json.loads(again.out)
    assert (again.code, told["run"], told["green"]) == (0, 2, True)
    assert [each["state"] for each in told["steps"]][:2] == ["seen", "seen"]
    assert activations(simulator) == 1, "what is active is not activated again"


async def test_nothing_is_activated_unasked(simulator: Running, script: Script) -> None:
    iccid = staged(simulator, "commissioning")
    for call in (("--activate",), ("--activate", "--yes")):
        refused = await script.run(iccid, *call)
        assert (refused.code, refused.out) == (3, "")
    done = await script.run(iccid, "--timeout", "3")
    assert done.code == 2
    assert "A activates it" in done.out
    assert "goes on with it" in done.err
    assert (await script.run(iccid[-8:], "--timeout", "0.5")).code == 2
    assert activations(simulator) == 0
    nobody = await script.run("00000000000000000000")
    assert nobody.code == 3
    assert "No device" in nobody.err


async def test_a_refused_activation_is_a_failure_that_can_be_tried_again(
    simulator: Running, script: Script
) -> None:
    iccid = staged(simulator, "commissioning-refused")
    done = await script.run(iccid, *ACTIVATE, "--timeout", "60")
    assert done.code == 1, done
    assert "not in the device database" in done.out
    device = simulator.world.fleets[simulator.accounts[0]].find("iccid", iccid)
    assert device is not None
    device.refusal = ""
    assert (await script.run(iccid, "--timeout", "60")).code == 1
    again = await script.run(iccid, *ACTIVATE, "--timeout", "60", "--json")
    assert (again.code, json.loads(again.out)["run"]) == (0, 1)
    assert activations(simulator) == 2


async def test_killed_in_the_middle_it_goes_on_and_sends_nothing_twice(
    simulator: Running, script: Script
) -> None:
    iccid = staged(simulator, "commissioning")
    simulator.world.faults.append(Fault("hang", "/activate$"))
    process = await asyncio.create_subprocess_exec(
        *script.argv, iccid, *ACTIVATE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
        env={**os.environ, **script.env},
    )  # fmt: skip
    await until(lambda: activations(simulator) == 1, limit=30, what="the activation")
    process.kill()
    await process.wait()
    simulator.world.faults.clear()
    # Whether it was done is unknown now; it was not, and nothing may be sent for that.
    unknown = await script.run(iccid, *ACTIVATE, "--timeout", "4")
    assert unknown.code in (1, 2), unknown
    assert activations(simulator) == 1
    told = json.loads((await script.run(iccid, "--timeout", "1", "--json")).out)
    assert told["run"] == 1
    assert "unknown fate" in told["steps"][1]["said"]


async def test_killed_while_it_waits_it_goes_on_at_the_same_step(
    simulator: Running, script: Script
) -> None:
    iccid = staged(simulator, "commissioning-no-bytes")
    process = await asyncio.create_subprocess_exec(
        *script.argv, iccid, *ACTIVATE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
        env={**os.environ, **script.env},
    )  # fmt: skip
    assert process.stdout is not None
    seen = b""
    while b"First connection" not in seen:
        seen += await asyncio.wait_for(process.stdout.readline(), 40)
    process.kill()
    await process.wait()
    told = json.loads((await script.run(iccid, "--timeout", "2", "--json")).out)
    states = {each["step"]: each["state"] for each in told["steps"]}
    assert states["activation"] == "seen"
    assert told["run"] == 1
    assert activations(simulator) == 1


async def test_an_interrupt_leaves_the_run_open(simulator: Running, script: Script) -> None:
    iccid = staged(simulator, "commissioning")
    process = await asyncio.create_subprocess_exec(
        *script.argv, iccid, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        env={**os.environ, **script.env},
    )  # fmt: skip
    assert process.stdout is not None
    assert process.stderr is not None
    while b"A activates it" not in await asyncio.wait_for(process.stdout.readline(), 30):
        pass
    process.send_signal(signal.SIGINT)
    assert b"goes on with it" in await process.stderr.read()
    assert await process.wait() == 130


async def test_the_terminal_hears_the_bell_and_shows_the_step(
    simulator: Running, script: Script
) -> None:
    iccid = staged(simulator, "commissioning")
    argv = command("--url", simulator.base_url, "--account", simulator.accounts[0])
    async with terminal(*argv, env=script.env) as made:
        await made.shows(iccid[:10])
        made.type(f":commission {iccid}", "enter")
        await made.shows("Line known")
        await made.shows("A activates it")
        await until(lambda: b"\x1b]2;tsui: Activation waiting" in made.received, what="the title")
        await until(lambda: _rings(bytes(made.received)) >= 1, what="the bell")
        made.type("q")


def _rings(received: bytes) -> int:
    """Count bells, apart from those that end a sequence for the clipboard."""
    return received.count(b"\x07") - received.count(b"\x1b]52")
