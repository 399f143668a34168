"""All benchmarks in one run: ``python -m tests.benchmarks [--rounds N] [--devices N]``.

Absolute times differ from machine to machine and from minute to minute, so everything is a ratio
of medians over interleaved rounds on the same machine.
"""

import argparse
import asyncio
import compileall
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from tests.benchmarks.terminal import Answer, Program, median, percentile
from tests.support.terminal import environment
from tsui.clock import SystemClock
from tsui.demo import Simulator
from tsui.service.environment import Environment
from tsui.service.workspace import Workspace

DOWN, PAGE_DOWN = b"\x1b[B", b"\x1b[6~"
HERE = Path(__file__).parent

AIMS = {
    "first paint, the last picture": "<= 0.25",
    "ready behind the last picture": "<= 1.5",
    "first rows from the cache": "<= 1.5",
}
"""What is measured of a start, against a minimal app."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--devices", type=int, default=10_000)
    options = parser.parse_args()
    # An installed package is compiled; a checkout may not be, and that alone costs 100 ms.
    compileall.compile_dir(HERE.parent.parent / "tsui", quiet=1)
    print(
        f"Python {sys.version.split()[0]}, {options.rounds} rounds, {options.devices:,} devices\n"
    )
    print(f"{'what':<44}{'figure':>16}{'against':>12}{'ratio':>9}  aim")
    command_line(options.rounds)
    with tempfile.TemporaryDirectory() as home:
        asyncio.run(sync(Path(home), options.devices))
        start(Path(home), options.rounds)
        keys(Path(home), options.devices)


def row(what: str, figure: str, against: str = "", ratio: str = "", aim: str = "") -> None:
    print(f"{what:<44}{figure:>16}{against:>12}{ratio:>9}  {aim}")


# -- the command line -------------------------------------------------------------------------


def command_line(rounds: int) -> None:
    """Compare --version and --help with an interpreter that does nothing."""
    script = str(Path(sys.executable).with_name("tsui"))
    programs = {
        "bare": [sys.executable, "-c", "pass"],
        "--version": [script, "--version"],
        "--help": [script, "--help"],
    }
    times: dict[str, list[float]] = {name: [] for name in programs}
    for _ in range(2 * rounds):
        for name, argv in programs.items():
            began = time.perf_counter()
            subprocess.run(argv, capture_output=True, check=True)
            times[name].append(time.perf_counter() - began)
    bare = median(times["bare"])
    for name, aim in (("--version", "<= 2"), ("--help", "<= 4")):
        figure = median(times[name])
        row(f"tsui {name}", ms(figure), ms(bare), f"{figure / bare:.2f} x", aim)


# -- sync -------------------------------------------------------------------------------------


async def sync(home: Path, devices: int) -> None:
    """Read a fleet from a simulator process into an empty store, then again unchanged."""
    simulator = Simulator("--devices", str(devices))
    try:
        profile, attempt = await simulator.prepare()
        made = Workspace(
            home / "XDG_DATA_HOME" / "tsui",
            Environment("simulator", profile.base_url),
            profile.account,
            SystemClock(),
            refresh_seconds=float("inf"),
        )
        await made.open()
        await made.try_sign_in(attempt, made.environment)
        for name in ("first sync", "sync again, nothing changed"):
            began = time.perf_counter()
            trouble = await made.sync_once()
            assert not trouble, trouble
            row(name, f"{devices / (time.perf_counter() - began):,.0f} dev/s")
        await made.close()
        (home / "address").write_text(f"{profile.base_url} {profile.account}")
    finally:
        simulator.stop()


# -- start ------------------------------------------------------------------------------------


def start(home: Path, rounds: int) -> None:
    """Compare the start with that of a minimal Textual app, both from nothing."""
    minimal: list[float] = []
    times: dict[str, list[float]] = {name: [] for name in AIMS}
    memory: list[tuple[float, float]] = []
    for _ in range(rounds):
        with Program([sys.executable, str(HERE / "minimal.py")], {}) as program:
            minimal.append(program.wait_for("READY"))
            program.settle()
            least = program.memory()
        shutil.rmtree(home / "XDG_CACHE_HOME", ignore_errors=True)
        with dashboard(home) as program:
            times["first rows from the cache"].append(program.wait_for(r"8914\d{16}"))
            program.press(b"\x11")
            program.settle()
        with dashboard(home) as program:
            times["first paint, the last picture"].append(program.wait_for("The last picture"))
            times["ready behind the last picture"].append(program.wait_for(r"cached .* ago"))
            program.settle()
            memory.append((program.memory(), least))
    base = median(minimal)
    for name, aim in AIMS.items():
        figure = median(times[name])
        row(name, ms(figure), ms(base), f"{figure / base:.2f} x", aim)
    ours, theirs = median([each for each, _ in memory]), median([each for _, each in memory])
    row("resident memory", f"{ours:.0f} MiB", f"{theirs:.0f} MiB", f"{ours / theirs:.2f} x")


def dashboard(home: Path) -> Program:
    """Start the dashboard on the store that the sync has left; nobody answers at its address."""
    url, account = (home / "address").read_text().split()
    secrets = dict.fromkeys(("TSUI_KEY", "TSUI_SECRET", "TSUI_USERNAME", "TSUI_PASSWORD"), "x")
    script = str(Path(sys.executable).with_name("tsui"))
    argv = [script, "--url", url, "--account", account]
    return Program(argv, {**environment(home), **secrets})


# -- keys -------------------------------------------------------------------------------------


def keys(home: Path, devices: int) -> None:
    """Compare cursor moves with Textual's own DataTable."""
    with dashboard(home) as program:
        program.wait_for(r"8914\d{16}")
        program.wait_for("Nothing listens")
        program.press(b"\x1b")
        program.settle()
        ours = moves(program.press)
        silence = program.idle(5.0)
    with Program([sys.executable, str(HERE / "stock_table.py"), str(devices)], {}) as program:
        program.wait_for(r"8914\d{16}")
        program.settle(3.0)
        theirs = moves(program.press)
    for name, aim in (("down", "<= 7,000 B"), ("page down", "")):
        mine, stock = ours[name], theirs[name]
        for what, share in (("p50", 0.5), ("p95", 0.95)):
            one, other = (percentile([each.last for each in all_], share) for all_ in (mine, stock))
            row(f"{name}: key to paint, {what}", ms(one), ms(other), f"{one / other:.2f} x")
        one, other = (statistics.mean(each.size for each in all_) for all_ in (mine, stock))
        row(f"{name}: bytes, mean", f"{one:,.0f} B", f"{other:,.0f} B", f"{one / other:.2f} x", aim)
        row(f"{name}: bytes, most", f"{max(each.size for each in mine):,} B")
    row("idle for 5 s", f"{silence} B", aim="0 B")


def moves(press: Callable[[bytes], Answer]) -> dict[str, list[Answer]]:
    """Scroll: the first moves bring the cursor to the edge and do not count."""
    for _ in range(45):
        press(DOWN)
    down = [press(DOWN) for _ in range(100)]
    return {"down": down, "page down": [press(PAGE_DOWN) for _ in range(30)]}


def ms(seconds: float) -> str:
    return f"{1000 * seconds:.1f} ms"


if __name__ == "__main__":
    main()
