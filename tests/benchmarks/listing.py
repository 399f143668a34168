"""The list: moving, sorting and searching in the real program, at a real terminal."""

import statistics
import sys
from collections.abc import Callable
from pathlib import Path

from tests.benchmarks.report import compare, ms, row
from tests.benchmarks.starting import HERE, ICCID, dashboard, settled
from tests.benchmarks.stores import forget
from tests.benchmarks.terminal import Answer, Program, percentile

DOWN, PAGE_DOWN, HOME, END = b"\x1b[B", b"\x1b[6~", b"g", b"G"
PREVIEW = b"a"
"""Shows the preview of the device under the cursor, or no longer."""

STOCK_ROWS = 10_000
"""Rows of the peer: with a million of them it takes minutes to start."""

SLOW = 9_600
"""Bytes a second of a thin link."""

ALONE = 60.0
"""Seconds in which nobody does anything."""

STILL = 8.0
"""Seconds after which nothing of the start is left."""

HELD = 30
"""Keys a second of a key that is held down."""


def keys(home: Path, rounds: int) -> None:
    """Compare cursor moves with Textual's own DataTable."""
    ours: dict[str, list[Answer]] = {"down": [], "page down": []}
    theirs: dict[str, list[Answer]] = {"down": [], "page down": []}
    for _ in range(max(1, rounds // 2)):
        forget(home)
        with dashboard(home, "--no-thin") as program:
            settled(program)
            program.press(PREVIEW)
            moves(program.press, ours)
        with stock_table() as program:
            moves(program.press, theirs)
    for name, byte_aim, time_aim in (("down", "1/40", "<= 0.3"), ("page down", "1/5", "<= 0.2")):
        mine, stock = ours[name], theirs[name]
        for what, share in (("p50", 0.5), ("p95", 0.95)):
            one, other = (percentile([each.last for each in all_], share) for all_ in (mine, stock))
            compare(f"{name}: key to paint, {what}", one, other, aim=time_aim)
        one, other = (statistics.mean(each.size for each in all_) for all_ in (mine, stock))
        compare(f"{name}: bytes, mean", one, other, "B", aim=byte_aim)
        row(f"{name}: bytes, most", f"{max(each.size for each in mine):,} B")
    others(home, ours)
    with dashboard(home) as program:
        settled(program)
        row("a held key, lag behind the last", ms(held(program)), aim="<= 33 ms")
        ends = [program.press(key).last for key in (END, HOME) * 4]
        row("Home and End: key to paint, most", ms(max(ends)), aim="<= 40 ms")


def idle(home: Path) -> None:
    """Compare how often the program is woken, left alone beside a minimal Textual app."""
    forget(home)
    with (
        dashboard(home, "--no-thin") as ours,
        Program([sys.executable, str(HERE / "minimal.py")], {}) as minimal,
    ):
        settled(ours)
        minimal.wait_for("READY")
        for program in (ours, minimal):
            program.settle(STILL)
        before = [program.wakeups() for program in (ours, minimal)]
        size = ours.idle(ALONE)
        woken = [program.wakeups() for program in (ours, minimal)]
    row(f"left alone for {ALONE:g} s", f"{size} B", aim="0 B")
    mine, other = (end - start for start, end in zip(before, woken, strict=True))
    compare("left alone: woken, times a second", mine / ALONE, other / ALONE, "/s", aim="<= 1.2")


def moves(press: Callable[[bytes], Answer], answers: dict[str, list[Answer]]) -> None:
    """Scroll: the first moves bring the cursor to the edge and do not count."""
    for _ in range(45):
        press(DOWN)
    answers["down"] += [press(DOWN) for _ in range(100)]
    answers["page down"] += [press(PAGE_DOWN) for _ in range(40)]


def others(home: Path, ours: dict[str, list[Answer]]) -> None:
    """Compare the bytes of the same moves on a thin link, and beside the preview."""
    for name, flag in (("on a thin link", "--thin"), ("beside the preview", "--no-thin")):
        forget(home)
        there: dict[str, list[Answer]] = {"down": [], "page down": []}
        with dashboard(home, flag) as program:
            settled(program)
            moves(program.press, there)
        for move, answers in there.items():
            here = statistics.mean(each.size for each in answers)
            usual = statistics.mean(each.size for each in ours[move])
            compare(f"{move} {name}: bytes, mean", here, usual, "B")


def held(program: Program) -> float:
    """Return the seconds from the last of many keys to the last byte of its answer."""
    for _ in range(3 * HELD - 1):
        program.write(DOWN)
        program.settle(1 / HELD)
    return program.press(DOWN).last


def stock_table(rate: int = 0) -> Program:
    """Start Textual's own table."""
    program = Program(
        [sys.executable, str(HERE / "stock_table.py"), str(STOCK_ROWS)], {}, rate=rate
    )
    program.wait_for(ICCID)
    program.settle(3.0)
    return program


def slow_link(home: Path) -> None:
    """Compare a scrolled row on a thin link."""
    with dashboard(home, "--thin", rate=SLOW) as program:
        ours = scrolled(program)
    with stock_table(SLOW) as program:
        theirs = scrolled(program)
    compare(f"a scrolled row over {SLOW:,} B/s", ours, theirs, aim="1/40")


def scrolled(program: Program) -> float:
    """Return the seconds a scrolled row takes."""
    program.wait_for(ICCID)
    program.settle(3.0)
    for _ in range(45):
        program.press(DOWN)
    return statistics.median(program.press(DOWN).last for _ in range(10))


def searches(home: Path) -> None:
    """Type filters and sort, and look how long the last key takes to bring a page."""
    with dashboard(home) as program:
        settled(program)
        found = [typed(program, word) for word in WORDS]
        for word, answer in zip(WORDS, found, strict=True):
            row(f"filter {word!r}: last key to page", ms(answer.last))
        row("filters, p95", ms(percentile([each.last for each in found], 0.95)), aim="<= 50 ms")
        for times in (1, 2, 3):
            program.press(b"o")
            program.press(DOWN)
            answer = program.press(b"\r")
            row(f"sort by another column, {times}", ms(answer.last), aim="<= 116 ms")


WORDS = ("5148401", "004375", "boston", "router 58", "state:suspend", "87641", "xyzzy", "*1212")
"""What somebody looks for: parts of identifiers, words, fields, nothing."""


def typed(program: Program, word: str) -> Answer:
    """Type a filter quickly and return the answer to its last key; then clear it."""
    program.press(b"/")
    for letter in word[:-1]:
        program.press(letter.encode())
    answer = program.press(word[-1].encode())
    program.press(b"\x1b")
    program.settle()
    return answer
