"""A thin link: few bytes a key, none when nothing happens, and all that still can be read."""

import re
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.support.terminal import Terminal, command, ended, environment, terminal
from tests.support.waiting import until

SSH = {"SSH_CONNECTION": "192.0.2.1 5 192.0.2.2 22"}


async def size_of(made: Terminal, *keys: str) -> int:
    """Return the bytes that keys bring until nothing comes any more."""
    before = len(made.received)
    made.type(*keys)
    size = -1

    def quiet() -> bool:
        nonlocal size
        old, size = size, len(made.received)
        return old == size > before

    for _ in range(20):
        await until(quiet, what="silence")
    return size - before


@pytest.mark.parametrize(
    ("arguments", "env", "thin"),
    [
        ((), {}, False),
        ((), SSH, True),
        ((), {"SSH_TTY": "/dev/pts/7"}, True),
        (("--thin",), {}, True),
        (("--no-thin",), SSH, False),
    ],
    ids=["here", "ssh", "ssh-tty", "asked", "refused"],
)
async def test_a_thin_link_is_spared(
    tmp_path: Path, arguments: tuple[str, ...], env: Mapping[str, str], thin: bool
) -> None:
    argv = command("demo", "--devices", "60", *arguments)
    here = {**environment(tmp_path), "SSH_CONNECTION": "", "SSH_TTY": "", **env}
    async with terminal(*argv, env=here) as made:
        await made.shows("read under 1 min ago")
        step = await size_of(made, "j")
        made.type("q")
        assert await ended(made) == 0
        written = bytes(made.received)
    assert (b"\x1b[?1003h" not in written) == thin, "the mouse"
    assert (re.search(rb"[34]8;[25];", written) is None) == thin, "colours of the terminal's own"
    assert (step < 150) == thin, f"{step} bytes a step"


async def test_the_row_of_the_cursor_is_seen_on_a_thin_link(tmp_path: Path) -> None:
    argv = command("demo", "--devices", "60", "--thin")
    async with terminal(*argv, env=environment(tmp_path)) as made:
        await made.shows("read under 1 min ago")

        def lit() -> list[int]:
            buffer = made.screen.buffer
            return [y for y in range(3, 20) if buffer[y][2].bg != "default"]

        await until(lambda: lit() == [3], what="the first row lit")
        made.type("j", "j")
        await until(lambda: lit() == [5], what="the third row lit")
