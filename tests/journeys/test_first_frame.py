"""The first frame in a real terminal: there at once, honest, and gone without a trace."""

import os
import signal
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from tests.support.terminal import Terminal, command, echoes, ended, environment, terminal
from tests.support.waiting import until
from tsui.simulator.server import Running

PICTURE = "The last picture"

HELD = """
import os, sys, time

class Hold:
    def find_spec(self, name, path=None, target=None):
        while name == "click" and os.path.exists(os.environ["HOLD"]):
            time.sleep(0.01)

sys.meta_path.insert(0, Hold())
"""
"""Keeps the program where nothing but the first frame is loaded, as long as a file is there."""


class Home:
    """A home folder, and the simulator that is used from there."""

    def __init__(self, simulator: Running, folder: Path) -> None:
        mine = simulator.world.access.credentials
        self.folder = folder
        self.hold = folder / "hold"
        (folder / "sitecustomize.py").write_text(HELD)
        self.env = environment(
            folder,
            TSUI_KEY=mine.key,
            TSUI_SECRET=mine.secret,
            TSUI_USERNAME=mine.username,
            TSUI_PASSWORD=mine.password,
            HOLD=str(self.hold),
            PYTHONPATH=os.pathsep.join((str(folder), os.environ.get("PYTHONPATH", ""))),
        )
        self.arguments = ("--url", simulator.base_url, "--account", simulator.accounts[0])

    @asynccontextmanager
    async def dashboard(
        self,
        *more: str,
        size: tuple[int, int] = (80, 24),
        held: bool = False,
        env: Mapping[str, str] | None = None,
    ) -> AsyncIterator[Terminal]:
        """Start it; when held, it gets no further than the first frame until let go."""
        if held:
            self.hold.touch()
        argv = command(*self.arguments, *more)
        async with terminal(*argv, size=size, env={**self.env, **(env or {})}) as made:
            yield made

    def pictures(self) -> Sequence[Path]:
        """Return the pictures that are kept."""
        return list((self.folder / "XDG_CACHE_HOME" / "tsui").glob("*"))


@pytest.fixture
async def home(simulator: Running, tmp_path: Path) -> Home:
    """Return a home from which the dashboard was used once."""
    made = Home(simulator, tmp_path)
    async with made.dashboard() as first:
        await first.shows("read under 1 min ago")
        await until(lambda: "online" in first.text(), what="a sign of life")
        first.type("q")
        assert await ended(first) == 0
        assert PICTURE.encode() not in first.received
    return made


def cells(made: Terminal) -> list[object]:
    """Return all that a terminal shows."""
    buffer = made.screen.buffer
    return [buffer[y][x] for y in range(made.screen.lines) for x in range(made.screen.columns)]


async def restored(made: Terminal) -> None:
    """Wait until the terminal is as a shell needs it; the kernel hands on late what was written."""

    def is_restored() -> bool:
        written = bytes(made.received)
        return (
            echoes(made)
            and written.count(b"\x1b[?1049h") == written.count(b"\x1b[?1049l") == 1
            and written.rfind(b"\x1b[?25h") > written.rfind(b"\x1b[?25l")
        )

    await until(is_restored, what="a restored terminal")


async def test_the_picture_is_there_before_anything_is_loaded(home: Home) -> None:
    async with home.dashboard(held=True) as made:
        await made.shows(PICTURE)
        assert made.text().count("8914800") > 10
        assert "as of 20" in made.text()
        for claim in ("● online", "ago", "next in"):
            assert claim not in made.text()
        home.hold.unlink()
        await made.shows("read under 1 min ago")
        assert PICTURE not in made.text()


async def test_what_stands_in_the_picture_is_not_sent_again(home: Home) -> None:
    async with home.dashboard(held=True) as made:
        await made.shows(PICTURE)
        picture = len(made.received)
        home.hold.unlink()
        await made.shows("● online")
        assert len(made.received) - picture < picture / 3
        assert made.received.count(b"\x1b[?1049h") == 1
        made.type("f")
        await made.shows("FROZEN")
        shown = cells(made)
        made.screen.reset()
        os.kill(made.process.pid, signal.SIGCONT)  # everything is sent anew
        await until(lambda: cells(made) == shown, what="the same cells")


async def test_keys_typed_at_the_picture_work_after_the_start(home: Home) -> None:
    async with home.dashboard(held=True) as made:
        await made.shows(PICTURE)
        iccid = next(line.split()[0] for line in made.text().splitlines() if "● active" in line)
        before = made.text()
        made.type("/", iccid[-6:], "enter", "enter")
        home.hold.unlink()
        await made.shows("Summary")
        assert iccid in made.text()
        assert before.count("\n") == made.text().count("\n")


async def test_a_key_typed_at_the_picture_is_not_echoed(home: Home) -> None:
    async with home.dashboard(held=True) as made:
        await made.shows(PICTURE)
        before = made.text()
        made.type("xyz", "\r", "\x1a", "\x13")
        os.kill(made.process.pid, signal.SIGINT)
        await ended(made)
        assert made.text() == before
        await restored(made)


async def test_an_interrupt_at_the_picture_restores_the_terminal(home: Home) -> None:
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        async with home.dashboard(held=True) as made:
            await made.shows(PICTURE)
            if number == signal.SIGINT:
                made.type("\x03")
            else:
                os.kill(made.process.pid, number)
            assert await ended(made) == -number
            await restored(made)
            assert b"Traceback" not in made.received


async def test_an_error_after_the_picture_can_be_read(home: Home) -> None:
    (data,) = (home.folder / "XDG_DATA_HOME" / "tsui").iterdir()
    for path in data.glob("journal.db*"):
        path.write_bytes(b"no database at all" * 1000)
    async with home.dashboard() as made:
        assert await ended(made, limit=20) == 1
        await restored(made)
        assert PICTURE.encode() in made.received
        await until(lambda: b"journal" in after(made), what="the error")


async def test_a_crash_after_the_picture_can_be_read(home: Home) -> None:
    (home.folder / "click.py").write_text("raise RuntimeError('no such thing')\n")
    async with home.dashboard() as made:
        assert await ended(made) == 1
        await restored(made)
        await until(lambda: b"no such thing" in after(made), what="the error")


def after(made: Terminal) -> bytes:
    """Return what was written once the picture was gone."""
    return bytes(made.received).rpartition(b"\x1b[?1049l")[2]


OTHERS: Mapping[str, tuple[tuple[str, ...], tuple[int, int], Mapping[str, str]]] = {
    "size": ((), (81, 24), {}),
    "command line": (("--read-only",), (80, 24), {}),
    "kind of terminal": ((), (80, 24), {"TERM": "screen-256color"}),
    "colours": ((), (80, 24), {"NO_COLOR": "1"}),
    "link": ((), (80, 24), {"SSH_CONNECTION": "192.0.2.1 5 192.0.2.2 22"}),
}


async def test_under_other_conditions_no_picture_is_shown(home: Home) -> None:
    for what, (more, size, env) in OTHERS.items():
        async with home.dashboard(*more, size=size, env=env) as made:
            await made.shows("ICCID")
            assert PICTURE.encode() not in made.received, what


async def test_a_doubtful_picture_is_not_shown(home: Home) -> None:
    (picture,) = home.pictures()
    content = picture.read_bytes()

    def damage() -> None:
        picture.write_bytes(content.replace(b"ICCID", b"ICCXD"))

    def open_to_others() -> None:
        picture.chmod(0o644)

    def link() -> None:
        picture.rename(home.folder / "elsewhere")
        picture.symlink_to(home.folder / "elsewhere")

    def other_settings() -> None:
        settings = home.folder / "XDG_CONFIG_HOME" / "tsui" / "settings.toml"
        settings.parent.mkdir(parents=True)
        settings.write_text('theme = "light"\n')

    for harm in (damage, open_to_others, link, other_settings):
        picture.unlink()
        picture.write_bytes(content)
        picture.chmod(0o600)
        harm()
        async with home.dashboard() as made:
            await made.shows("ICCID")
            assert PICTURE.encode() not in made.received, harm.__name__


async def test_a_picture_is_private_and_never_of_a_dialog(home: Home) -> None:
    (picture,) = home.pictures()
    assert picture.stat().st_mode & 0o777 == 0o600
    assert picture.parent.stat().st_mode & 0o777 == 0o700
    for name in ("TSUI_PASSWORD", "TSUI_KEY"):
        assert home.env[name].encode() not in picture.read_bytes()
    async with home.dashboard() as made:
        await made.shows("read under 1 min ago")
        made.type("S")
        await made.shows("Suspend 1 device")
        made.type("\x11")
        assert await ended(made) == 0
    assert b"Suspend 1 device" not in picture.read_bytes()
    assert b"ICCID" in picture.read_bytes()


async def test_marks_are_in_no_picture(home: Home) -> None:
    (picture,) = home.pictures()
    picture.unlink()
    async with home.dashboard() as made:
        await made.shows("read under 1 min ago")
        made.type(" ")
        await made.shows("1 marked")
        made.type("q")
        assert await ended(made) == 0
    assert not home.pictures()


async def test_a_terminal_that_is_gone_keeps_nobody_in(home: Home) -> None:
    async with home.dashboard(size=(120, 40)) as shown:
        await shown.shows("read under 1 min ago")
        await until(lambda: "online" in shown.text(), what="a sign of life")
        shown.hang_up()
        # Python itself ends with 120 when what it has left to say reaches nobody.
        assert await ended(shown) in (128 + signal.SIGHUP, 120)
