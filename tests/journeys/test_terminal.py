"""The program in a real terminal: keys, signals, the end."""

import asyncio
import os
import random
import signal
from pathlib import Path

import pytest

from tests.support.terminal import Terminal, command, echoes, ended, environment, terminal
from tests.support.waiting import until
from tsui.ui.preview import BESIDE


def demo(*more: str) -> tuple[str, ...]:
    return tuple(command("demo", "--devices", "300", "--delay", "1", *more))


def restored(made: Terminal) -> bool:
    """Tell whether the terminal is as a shell needs it."""
    written = bytes(made.received)
    return (
        echoes(made)
        and written.rfind(b"\x1b[?1049l") > written.rfind(b"\x1b[?1049h")
        and written.rfind(b"\x1b[?25h") > written.rfind(b"\x1b[?25l")
    )


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_the_demo_finds_and_suspends_a_device(tmp_path: Path, size: tuple[int, int]) -> None:
    async with terminal(*demo(), size=size, env=environment(tmp_path)) as made:
        await made.shows("read under 1 min ago")
        iccid = next(line.split()[0] for line in made.text().splitlines() if "● active" in line)
        made.type("2", "/", iccid[-5:], "enter")
        await made.shows(" of 300 ")
        # A terminal cannot tell esc and S in one packet from alt+S, so they are two.
        made.type("escape")
        await until(lambda: " of 300 " not in made.text(), what="the whole list")
        made.type("S")
        await made.shows("Suspend 1 device")
        assert iccid in made.text()
        made.type("y")
        await made.shows("pending suspend")
        await made.shows("▲ suspended")
        made.type("3")
        await made.shows("✓ succeeded")
        made.type("q")
        assert await ended(made) == 0
        assert restored(made)


async def typed_ahead(home: Path, after: float, gap: float, *more: str) -> None:
    """Type a filter so many seconds after the start, with seconds between its letters."""
    home.mkdir()
    line = "/siwest"
    async with terminal(*demo(*more), env=environment(home)) as made:
        await asyncio.sleep(after)
        if gap:
            for key in line:
                made.type(key)
                await asyncio.sleep(gap)
        else:
            made.type(line)
        try:
            await made.shows("/ siwest", limit=40)
        except AssertionError as error:
            raise AssertionError(f"{after:.2f} s after the start, {gap} s apart: {error}") from None


async def test_a_filter_typed_ahead_at_any_time_goes_into_the_prompt(tmp_path: Path) -> None:
    seed = random.SystemRandom().randrange(10**9)
    print(f"seed {seed}")
    draw = random.Random(seed)
    # All at once, so that the machine has more to do than it can.
    await asyncio.gather(
        typed_ahead(tmp_path / "0", 0.0, 0.0),
        typed_ahead(tmp_path / "1", draw.uniform(0, 4), 0.0),
        typed_ahead(tmp_path / "2", draw.uniform(0, 4), draw.uniform(0, 0.5)),
        typed_ahead(tmp_path / "3", draw.uniform(0, 2), 0.5, "--scenario", "suspended"),
    )


@pytest.mark.parametrize(
    ("number", "code"),
    [(signal.SIGTERM, 143), (signal.SIGHUP, 129), (signal.SIGINT, 130)],
)
async def test_a_signal_leaves_the_terminal_restored_and_no_orphan(
    tmp_path: Path, number: signal.Signals, code: int
) -> None:
    temporary = tmp_path / "tmp"
    temporary.mkdir()
    env = environment(tmp_path, TMPDIR=str(temporary))
    async with terminal(*demo(), env=env) as made:
        await made.shows("read under 1 min ago")
        assert list(temporary.iterdir())
        os.kill(made.process.pid, number)
        assert await ended(made, limit=4) == code
        assert restored(made)
        assert not list(temporary.iterdir())
        await until(lambda: not children_of(str(temporary)), what="the simulator's end")


async def test_a_terminal_that_goes_away_ends_the_program(tmp_path: Path) -> None:
    temporary = tmp_path / "tmp"
    temporary.mkdir()
    async with terminal(*demo(), env=environment(tmp_path, TMPDIR=str(temporary))) as made:
        await made.shows("read under 1 min ago")
        made.reading = False
        os.kill(made.process.pid, signal.SIGHUP)
        await until(lambda: made.process.returncode is not None, limit=5, what="the end")
        assert not list(temporary.iterdir())


async def test_killing_the_demo_leaves_no_simulator_behind(tmp_path: Path) -> None:
    async with terminal(*demo(), env=environment(tmp_path)) as made:
        await made.shows("read under 1 min ago")
        pid = made.process.pid
        simulators = [each for each in processes() if parent_of(each) == pid]
        assert simulators
        os.kill(pid, signal.SIGKILL)
        await until(
            lambda: not any(Path(f"/proc/{each}").exists() for each in simulators),
            what="the simulator's end",
        )


async def test_a_terminal_that_is_too_small_says_so(tmp_path: Path) -> None:
    stale = environment(tmp_path, COLUMNS="80", LINES="24")
    async with terminal(*demo(), size=(40, 8), env=stale) as made:
        await made.shows("too small")
        assert "40x8" in made.text()
        made.type("q")
        assert await ended(made) == 0


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_no_paint_is_left_behind(tmp_path: Path, size: tuple[int, int]) -> None:
    async with terminal(*demo(), size=size, env=environment(tmp_path)) as made:
        await made.shows("read under 1 min ago")
        made.type(*["down"] * 30, "\x1b[6~", "\x1b[6~", "\x1b[5~", "G", "enter")
        await made.shows("Summary")
        made.type("?")
        await made.shows("What you can do here")
        made.type("escape")
        await until(lambda: "What you can do" not in made.text(), what="the end of the help")
        made.type(":")
        await made.shows("Accept")
        made.type("escape")
        await until(lambda: "Accept" not in made.text(), what="the end of the prompt")
        made.type("escape")
        await made.shows("LAST SEEN")
        made.type("g", "f")
        await made.shows("FROZEN")
        await until(lambda: previewed(made), what="the preview of the device under the cursor")
        before = await still(made)
        made.screen.reset()
        os.kill(made.process.pid, signal.SIGCONT)  # everything is sent anew
        await made.shows("FROZEN")
        assert await still(made) == before


@pytest.mark.parametrize("setting", ["true", "false"])
async def test_either_writer_shows_the_login(tmp_path: Path, setting: str) -> None:
    env = environment(tmp_path)
    folder = Path(env["XDG_CONFIG_HOME"]) / "tsui"
    folder.mkdir(parents=True)
    (folder / "settings.toml").write_text(f"send_differences = {setting}\n")
    async with terminal(*command(), env=env) as made:
        await made.shows("Sign in to ThingSpace")


def previewed(made: Terminal) -> bool:
    """Tell whether what stands beside the list, if there is room, is its first device."""
    head, first = made.screen.display[2:4]
    return made.screen.columns < BESIDE or first[2:22] in head


async def still(made: Terminal) -> list[object]:
    """Return all cells once nothing comes any more."""
    size = -1

    def quiet() -> bool:
        nonlocal size
        before, size = size, len(made.received)
        return before == size

    for _ in range(10):
        await until(quiet, what="silence")
    columns, rows = made.screen.columns, made.screen.lines
    return [made.screen.buffer[y][x] for y in range(rows) for x in range(columns)]


async def test_hostile_texts_never_reach_the_terminal_as_they_are(tmp_path: Path) -> None:
    argv = demo("--hostile")
    async with terminal(*argv, size=(120, 40), env=environment(tmp_path)) as made:
        await made.shows("read under 1 min ago")
        for _ in range(12):
            made.type("\x1b[6~")
        made.type("enter")
        await made.shows("Summary")
        made.type("q")
        assert await ended(made) == 0
        written = bytes(made.received)
        assert b"\x1b]52" not in written
        assert b"\x1b]0" not in written
        assert "\u202e".encode() not in written
        assert b"\x9b31m" not in written


def processes() -> list[int]:
    return [int(each.name) for each in Path("/proc").iterdir() if each.name.isdecimal()]


def parent_of(pid: int) -> int:
    try:
        return int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])
    except OSError:
        return 0


def children_of(marker: str) -> list[int]:
    """Return processes whose environment names a folder of this test."""
    found = []
    for pid in processes():
        try:
            if marker.encode() in Path(f"/proc/{pid}/environ").read_bytes():
                found.append(pid)
        except OSError:
            continue
    return found
