"""The dashboard as the soak runs it: the real one, on a fast clock, and it tells what it holds.

It counts itself when it gets SIGUSR1, into a file.
"""

import asyncio
import json
import signal
import sys
from pathlib import Path

from rich.console import RenderableType
from textual.screen import Screen

from tests.support.counting import Held, fill_thread_pool, forget_stopped_timers, objects
from tsui.clock import SystemClock
from tsui.credentials import Credentials
from tsui.service.launch import Launch
from tsui.service.profiles import Profiles, attempt_of
from tsui.service.signin import Attempt
from tsui.settings import Profile, Settings
from tsui.ui.app import TsuiApp

COUNTS = "counts.json"
"""File in the folder into which the program counts itself."""

REFRESH, LOOK = 1, 5
"""Minutes between two readings of the fleet, seconds between two of the devices in view."""


class FastClock(SystemClock):
    """The machine's clock on which every wait is so many times shorter."""

    def __init__(self, factor: float) -> None:
        self._factor = factor

    def monotonic(self) -> float:
        return super().monotonic() * self._factor

    async def sleep(self, seconds: float) -> None:
        await super().sleep(seconds / self._factor)


class Soaked(TsuiApp):
    """The app, which counts itself when it is told to."""

    def __init__(self, launch: Launch, counts: Path) -> None:
        super().__init__(launch)
        self._counts = counts
        self._seen: set[str] = set()

    async def on_mount(self) -> None:
        """Wait for the signal."""
        loop = asyncio.get_running_loop()
        loop.add_signal_handler(
            signal.SIGUSR1, lambda: self.background(self._count(), name="count")
        )

    def _display(self, screen: Screen[object], renderable: RenderableType | None) -> None:
        self._seen.add(type(screen).__name__)
        super()._display(screen, renderable)

    async def _count(self) -> None:
        await fill_thread_pool()
        await forget_stopped_timers()
        alive = objects()
        status = Path("/proc/self/status").read_text()
        told = {
            **Held.now()._asdict(),
            "rss": int(status.partition("VmRSS:")[2].split()[0]) / 1024,
            "seen": sorted(self._seen),
            "objects": alive.total(),
            "types": dict(alive.most_common(400)),
        }
        half = self._counts.with_suffix(".half")
        half.write_text(json.dumps(told))
        half.rename(self._counts)


def main() -> None:
    """Run the dashboard in a folder, on a clock so many times faster, on a simulator (JSON)."""
    folder, factor, simulator = Path(sys.argv[1]), float(sys.argv[2]), json.loads(sys.argv[3])
    profile = Profile(
        environment="simulator", url=simulator["base_url"], account=simulator["accounts"][0]
    )
    keys = Credentials(
        **{name: simulator[name] for name in ("key", "secret", "username", "password")}
    )

    async def prepare() -> tuple[Profile, Attempt]:
        return profile, await attempt_of(profile, keys, by_operator=True)

    Soaked(
        Launch(
            profiles=Profiles(
                Settings(refresh_minutes=REFRESH, look_seconds=LOOK),
                folder / "settings.toml",
                folder / "credentials",
            ),
            profile_name="soak",
            profile=profile,
            data_folder=folder,
            clock=FastClock(factor),
            log_file=folder / "tsui.log",
            thin=False,
            prepare=prepare,
        ),
        folder / COUNTS,
    ).run(mouse=False)


if __name__ == "__main__":
    main()
