"""Frames: what the terminal would show of an app, as text and by its colours."""

import re
from collections.abc import Iterator

from rich.style import Style
from textual.strip import Strip

from tests.support.waiting import until
from tsui.ui.app import TsuiApp

STEADY = 15
"""Looks in a row that find the same frame before it counts as the last one."""

_CHANGING = (
    (re.compile(r"127\.0\.0\.1:\d+ {0,6}"), "127.0.0.1:PORT"),
    (re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"), "REQUEST-ID"),
    (re.compile(r" {2,}\d[\d.]* m?s / \d[\d.]* m?s"), "  MEDIAN / SLOW"),
    (re.compile(r" {2,}(?:under 10|\d+\+) of 120"), "  CALLS of 120"),
    (re.compile(r" {2,}to \d\d:\d\d, in session"), "  to TIME, in session"),
)
"""What no two runs share."""


def strips(app: TsuiApp) -> list[Strip]:
    """Return the lines of the screen in front."""
    return app.screen._compositor.render_strips()


def text(app: TsuiApp) -> str:
    """Return the frame as text, without what no two runs share."""
    frame = "\n".join(strip.text.rstrip() for strip in strips(app))
    for pattern, name in _CHANGING:
        for found in set(pattern.findall(frame)):
            frame = frame.replace(found, name.ljust(len(found)))
    return "\n".join(line.rstrip() for line in frame.splitlines()) + "\n"


def styles(app: TsuiApp) -> Iterator[Style]:
    """Yield the style of every run of the frame."""
    for strip in strips(app):
        yield from (segment.style for segment in strip if segment.style is not None)


async def steady(app: TsuiApp, without: str) -> str:
    """Return the frame once it stays as it is and holds no match of a pattern."""
    seen, times = "", 0

    def holds() -> bool:
        nonlocal seen, times
        frame = text(app)
        times = times + 1 if frame == seen and not re.search(without, frame) else 0
        seen = frame
        return times >= STEADY

    try:
        await until(holds, limit=30.0, what="a frame that stays")
    except AssertionError as error:
        raise AssertionError(f"{error}; the last one is\n{seen}") from None
    return seen
