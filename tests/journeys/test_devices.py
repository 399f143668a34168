"""The list of devices for scripts: exact, in little memory, honest about its age."""

import asyncio
import csv
import io
import json
import os
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from tests.support.terminal import command, ended, environment, terminal
from tsui.simulator.faults import Fault
from tsui.simulator.server import Running
from tsui.simulator.settings import SimulatorSettings


class Done(NamedTuple):
    """How a run ended."""

    code: int
    out: str
    err: str

    @property
    def lines(self) -> Sequence[str]:
        """The lines of standard output."""
        return self.out.splitlines()


class Script:
    """Runs the program on a simulator, from a home of its own."""

    def __init__(self, simulator: Running, folder: Path) -> None:
        mine = simulator.world.access.credentials
        self.folder = folder
        self.argv = command(
            "--url", simulator.base_url, "--account", simulator.accounts[0], "devices"
        )
        self.env = environment(
            folder,
            TSUI_KEY=mine.key,
            TSUI_SECRET=mine.secret,
            TSUI_USERNAME=mine.username,
            TSUI_PASSWORD=mine.password,
        )

    async def run(self, *arguments: str) -> Done:
        """Run it to its end."""
        process = await asyncio.create_subprocess_exec(
            *self.argv,
            *arguments,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env={**os.environ, **self.env},
        )
        async with asyncio.timeout(60):
            out, err = await process.communicate()
        assert process.returncode is not None
        return Done(process.returncode, out.decode(), err.decode())


@pytest.fixture
def simulator_settings() -> SimulatorSettings:
    return SimulatorSettings(devices=2500, hostile=True)


@pytest.fixture
def script(simulator: Running, tmp_path: Path) -> Script:
    return Script(simulator, tmp_path)


@pytest.fixture
async def devices(script: Script) -> Sequence[dict[str, Any]]:
    """Read the fleet; returns it as JSON lines tell it."""
    nothing = await script.run()
    assert (nothing.code, nothing.out) == (1, "")
    assert "--fresh reads it" in nothing.err
    fresh = await script.run("--fresh", "--jsonl")
    assert fresh.code == 0, fresh.err
    assert "read under 1 min ago" in fresh.err
    return [json.loads(line) for line in fresh.lines]


async def test_every_form_tells_the_same_devices(
    script: Script, devices: Sequence[dict[str, Any]]
) -> None:
    assert len(devices) == 2500
    assert [each["iccid"] for each in devices] == sorted(each["iccid"] for each in devices)
    array = await script.run("--json")
    assert json.loads(array.out) == devices
    table = await script.run("--csv", "--raw")
    heads, *rows = csv.reader(io.StringIO(table.out, newline=""))
    assert heads == list(devices[0])
    assert [row[:13] for row in rows] == [list(each.values())[:13] for each in devices]


async def test_what_is_wanted_can_be_said(
    script: Script, devices: Sequence[dict[str, Any]]
) -> None:
    piped = await script.run("--columns", "custom 1,state")
    heads, *rows = csv.reader(io.StringIO(piped.out, newline=""))
    assert heads == ["custom1", "state"]
    assert not any(cell[:1] in "=+-@\t\r" for row in rows for cell in row if cell)
    assert any(each["custom1"].startswith("=") for each in devices)

    chosen = await script.run(
        "--filter", "state:suspend", "--sort", "last seen", "--descending", "--limit", "7", "--json"
    )
    suspended = [each for each in devices if each["state"] == "suspend"]
    suspended.sort(key=lambda each: each["last_connection_utc"] or "", reverse=True)
    found = [each["last_connection_utc"] for each in json.loads(chosen.out)]
    assert found == [each["last_connection_utc"] for each in suspended[:7]]

    none = await script.run("--filter", "surely-not-there", "--json")
    assert (none.code, json.loads(none.out)) == (0, [])
    assert (await script.run("--limit", "0", "--jsonl")).out == ""


async def test_a_saved_view_says_what_nothing_else_does(
    script: Script, devices: Sequence[dict[str, Any]]
) -> None:
    settings = script.folder / "XDG_CONFIG_HOME" / "tsui" / "settings.toml"
    settings.parent.mkdir(parents=True)
    settings.write_text(
        "[views.asleep]\n"
        'filter = "state:suspend"\n'
        'columns = ["imei:fit", "last seen", "iccid:10"]\n'
        'sort = "imei"\n'
        "descending = true\n"
    )
    view = await script.run("--view", "asleep")
    heads, *rows = csv.reader(io.StringIO(view.out, newline=""))
    suspended = sorted(each["imei"] for each in devices if each["state"] == "suspend")
    assert heads == ["imei", "last_connection_utc", "iccid"]
    assert [row[0] for row in rows] == suspended[::-1]
    narrower = ("--columns", "state", "--sort", "iccid", "--filter", "state:active", "--limit", "2")
    other = await script.run("--view", "asleep", *narrower)
    assert other.lines == ["state", "active", "active"]
    unknown = await script.run("--view", "awake")
    assert (unknown.code, unknown.out) == (2, "")
    assert "no view awake. Known: asleep" in unknown.err


@pytest.mark.usefixtures("devices")
async def test_on_a_terminal_nothing_acts(script: Script) -> None:
    for form in ((), ("--csv",), ("--jsonl",)):
        argv = (*script.argv, "--columns", "iccid,custom1,custom2,custom3", *form)
        async with terminal(*argv, size=(120, 40), env=script.env) as made:
            await ended(made, limit=20)
            await made.shows("8914")
            written = made.received.decode()
            assert not set(written) & {"\x1b", "\x07", "\x9b", "\u202e", "\u200b"}


@pytest.mark.usefixtures("devices")
async def test_a_reader_may_leave_early(script: Script) -> None:
    ours, theirs = os.pipe()
    process = await asyncio.create_subprocess_exec(
        *script.argv, stdout=theirs, stderr=subprocess.PIPE, env={**os.environ, **script.env}
    )
    os.close(theirs)
    assert await asyncio.to_thread(os.read, ours, 5) == b"iccid"
    os.close(ours)
    _, err = await process.communicate()
    assert process.returncode == 141
    assert err.decode().count("\n") == 1, "only the age is told"


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        (("--filter", "state:suspend plan:"), "       ^"),
        (("--columns", "iccid,colour"), "no column colour"),
        (("--sort", "colour"), "cannot be sorted by colour"),
        (("--json", "--raw"), "exact in any case"),
        (("--limit", "-1"), "--limit"),
    ],
)
async def test_a_wrong_call_prints_nothing(
    script: Script, arguments: Sequence[str], problem: str
) -> None:
    done = await script.run(*arguments)
    assert (done.code, done.out) == (2, "")
    assert problem in done.err


async def test_what_could_not_be_read_anew_is_not_printed_as_if_it_had_been(
    script: Script, simulator: Running
) -> None:
    assert (await script.run("--fresh", "--limit", "1")).code == 0
    simulator.world.faults.append(Fault("status", "/devices/actions/list", status=400, times=99))
    done = await script.run("--fresh")
    assert (done.code, done.out) == (1, "")
    assert "Nothing is printed" in done.err
