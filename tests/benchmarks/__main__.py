"""All benchmarks in one run: ``python -m tests.benchmarks [--rounds N] [--devices N]``.

Absolute times differ from machine to machine and from minute to minute, so everything is a ratio
of medians over interleaved rounds on the same machine. The store is made once and kept for later
runs; a million devices take some minutes and 1.2 GB.
"""

import argparse
import compileall
import sys
import tempfile
from pathlib import Path

from tests.benchmarks import lag, listing, report, starting, syncing, verdict
from tests.benchmarks.stores import home_with

PARTS = ("start", "list", "verdict", "sync")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--devices", type=int, default=1_000_000)
    parser.add_argument("--only", choices=PARTS, help="one part of them")
    options = parser.parse_args()
    parts = (options.only,) if options.only else PARTS
    # An installed package is compiled; a checkout may not be, and that alone costs 100 ms.
    compileall.compile_dir(Path(__file__).parents[2] / "tsui", quiet=1)
    version = sys.version.split()[0]
    print(f"Python {version}, {options.rounds} rounds, {options.devices:,} devices\n")
    home = home_with(options.devices) if {"start", "list"} & set(parts) else Path()
    report.head()
    if "start" in parts:
        starting.command_line(options.rounds)
        starting.start(home, options.rounds)
    if "list" in parts:
        listing.keys(home, options.rounds)
        listing.idle(home)
        listing.slow_link(home)
        listing.searches(home)
    if "verdict" in parts:
        verdict.verdicts(options.rounds)
    if "sync" in parts:
        with tempfile.TemporaryDirectory() as folder:
            syncing.designs(Path(folder), options.rounds)
            syncing.whole_way(Path(folder))
        lag.while_reading()


if __name__ == "__main__":
    main()
