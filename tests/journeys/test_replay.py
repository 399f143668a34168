"""A session is recorded, and looked at again where nothing answers any more."""

import gzip
import json
import os
import subprocess
from pathlib import Path

import pytest

from tests.support.terminal import Terminal, command, ended, environment, terminal


async def has_asked(made: Terminal, keys: str, text: str) -> None:
    """Type keys, and wait for what they bring."""
    made.type(*keys)
    await made.shows(text)


async def recorded(tmp_path: Path, size: tuple[int, int]) -> tuple[Path, str]:
    """Record a look at a demo, and return the file and the device that was looked at."""
    file = tmp_path / "seen"
    argv = command("demo", "--devices", "60")
    async with terminal(*argv, size=size, env=environment(tmp_path)) as made:
        await made.shows("read under 1 min ago")
        made.type(":", f"record {file}", "enter")
        await made.shows("● REC")
        made.type("enter")
        await made.shows("Summary")
        iccid = made.text().splitlines()[1].split()[0]
        await has_asked(made, "u", "Late: data")
        made.type("\x14")
        await made.shows("GetUsageHistory")
        assert "GetUsageHistory" in made.text()
        made.type("escape")
        await made.shows("Late: data")
        made.type("q")
        assert await ended(made) == 0
    return file, iccid


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_a_recorded_session_opens_again(tmp_path: Path, size: tuple[int, int]) -> None:
    file, iccid = await recorded(tmp_path, size)
    temporary = tmp_path / "tmp"
    temporary.mkdir()
    env = environment(tmp_path, TMPDIR=str(temporary))
    async with terminal(*command("replay", str(file)), size=size, env=env) as made:
        await made.shows("read under 1 min ago")
        assert " REPLAY " in made.text()
        assert "no network" in made.text()
        made.type("/", iccid, "enter")
        await made.shows(" of 60 ")
        made.type("enter")
        await made.shows("Summary")
        await has_asked(made, "u", "Late: data")
        await has_asked(made, "S", "Read-only")
        made.type("\x14")
        await made.shows("GetUsageHistory")
        made.type("q")
        assert await ended(made) == 0
    assert not list(temporary.iterdir())
    assert not (tmp_path / "XDG_DATA_HOME" / "tsui").exists()
    calls = printed(tmp_path, str(file))
    assert calls.returncode == 0
    told = [json.loads(line) for line in calls.stdout.splitlines()]
    assert "GetUsageHistory" in [each["name"] for each in told]
    assert told[-1]["name"] == "Logout"
    assert all(each["status"] == 200 for each in told)


def printed(home: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command("replay", "--json", *arguments),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        env={**os.environ, **environment(home)},
    )


HEAD = {
    "kind": "recording", "version": 1, "program": "tsui 1", "began": "2026-11-20T12:00:00Z",
    "masked": False,
}  # fmt: skip
EXCHANGE = {
    "kind": "exchange", "at": "2026-11-20T12:00:01Z", "call": 1, "attempt": 1, "name": "GetGroup",
    "operation": "Get", "method": "GET", "path": "/x\u001b[31m", "seconds": 0.5, "status": 503,
    "size": 0, "error": "It failed.", "received": {"json": {"a": [1, "\u202e"]}},
}  # fmt: skip
DECIDED = {"kind": "decision", "call": 1, "attempt": 1, "why": "Not tried again: it is over."}


def written(file: Path, *lines: object) -> str:
    file.write_bytes(gzip.compress("".join(f"{json.dumps(line)}\n" for line in lines).encode()))
    return str(file)


def test_calls_are_printed_with_what_was_decided(tmp_path: Path) -> None:
    later = {**EXCHANGE, "at": "2026-11-20T13:00:00Z", "call": 2}
    file = written(tmp_path / "seen", HEAD, EXCHANGE, DECIDED, later)
    done = printed(tmp_path, file)
    first, second = map(json.loads, done.stdout.splitlines())
    assert (first["why"], second["why"]) == (DECIDED["why"], "")
    assert (first["received"], first["sent"]) == ({"a": [1, "\u202e"]}, None)
    assert done.stdout.isascii()
    assert "\x1b" not in done.stdout
    early = printed(tmp_path, file, "--at", "2026-11-20T12:30:00")
    assert len(early.stdout.splitlines()) == 1


@pytest.mark.parametrize(
    ("lines", "said"),
    [([HEAD, "no", HEAD], "damaged in line 2"), (["no"], "no recording of tsui"), ([], "empty")],
)
def test_a_damaged_recording_is_told_with_its_line(
    tmp_path: Path, lines: list[object], said: str
) -> None:
    done = printed(tmp_path, written(tmp_path / "seen", *lines))
    assert done.returncode == 1
    assert said in done.stderr
    assert "Traceback" not in done.stderr


def test_what_cannot_be_opened_is_told(tmp_path: Path) -> None:
    nowhere = printed(tmp_path, "nowhere")
    assert (nowhere.returncode, "cannot be read" in nowhere.stderr) == (1, True)
    odd = printed(tmp_path, written(tmp_path / "seen", HEAD), "--at", "noon")
    assert (odd.returncode, "is no time" in odd.stderr) == (2, True)


async def test_a_recording_without_a_sign_in_says_so(tmp_path: Path) -> None:
    file = written(tmp_path / "seen", HEAD, EXCHANGE)
    async with terminal(*command("replay", file), env=environment(tmp_path)) as made:
        await made.shows("Nobody was signed in")
        assert await ended(made) == 1
