"""Starting: the command line, the first paint, the first rows, and what that takes of memory."""

import shutil
import subprocess
import sys
import time
from pathlib import Path

from tests.benchmarks.report import compare, row
from tests.benchmarks.terminal import Program, median
from tests.support.terminal import environment

HERE = Path(__file__).parent
ICCID = r"8914\d{16}"


def command_line(rounds: int) -> None:
    """Compare --version and --help with an interpreter that does nothing."""
    script = str(Path(sys.executable).with_name("tsui"))
    programs = {
        "bare": [sys.executable, "-c", "pass"],
        "--version": [script, "--version"],
        "--help": [script, "--help"],
    }
    times: dict[str, list[float]] = {name: [] for name in programs}
    for _ in range(3 * rounds):
        for name, argv in programs.items():
            began = time.perf_counter()
            subprocess.run(argv, capture_output=True, check=True)
            times[name].append(time.perf_counter() - began)
    for name, aim in (("--version", "<= 2"), ("--help", "<= 4")):
        compare(f"tsui {name}", median(times[name]), median(times["bare"]), aim=aim)


def start(home: Path, rounds: int) -> None:
    """Compare the start with that of a minimal Textual app, both from nothing."""
    minimal: list[float] = []
    least: list[float] = []
    first_bytes: list[int] = []
    rows: list[float] = []
    painted: list[float] = []
    ready: list[float] = []
    memory: list[float] = []
    for _ in range(rounds):
        with Program([sys.executable, str(HERE / "minimal.py")], {}) as program:
            minimal.append(program.wait_for("READY"))
            program.settle()
            least.append(program.memory())
        shutil.rmtree(home / "XDG_CACHE_HOME", ignore_errors=True)
        with dashboard(home) as program:
            rows.append(program.wait_for(ICCID))
            first_bytes.append(program.received)
            program.press(b"\x11")
            program.settle()
        with dashboard(home) as program:
            painted.append(program.wait_for("The last picture"))
            ready.append(program.wait_for(r"cached .* ago"))
            program.settle()
            memory.append(program.memory())
    base = median(minimal)
    compare("first paint, the last picture", median(painted), base, aim="<= 0.25")
    compare("ready behind the last picture", median(ready), base, aim="<= 1.4")
    compare("first rows without a picture", median(rows), base, aim="<= 1.4")
    row("bytes until the first rows", f"{median([*map(float, first_bytes)]):,.0f} B")
    compare("resident memory", median(memory), median(least), "MiB", aim="<= 3")


def dashboard(home: Path, *more: str, rate: int = 0) -> Program:
    """Start the dashboard on a store; nobody answers at its address."""
    url, account = (home / "address").read_text().split()
    secrets = dict.fromkeys(("TSUI_KEY", "TSUI_SECRET", "TSUI_USERNAME", "TSUI_PASSWORD"), "x")
    script = str(Path(sys.executable).with_name("tsui"))
    argv = [script, "--url", url, "--account", account, *more]
    return Program(argv, {**environment(home), **secrets}, rate=rate)


def settled(program: Program) -> None:
    """Wait until the list is there and nothing more comes by itself."""
    program.wait_for(ICCID)
    program.wait_for("Nothing listens")
    program.press(b"\x1b")
    program.settle()
