"""``tsui demo``: a private simulator, a temporary store, and the dashboard on both."""

import asyncio
import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from tsui import paths
from tsui.clock import SystemClock
from tsui.service.failures import SignInFailed
from tsui.service.launch import Launch
from tsui.service.profiles import Profiles, attempt_of
from tsui.settings import Profile, Settings, SettingsError, load
from tsui.start import complain, is_thin, run
from tsui.text import sanitize

if TYPE_CHECKING:
    from tsui.service.signin import Attempt

PREFERENCES = (
    "theme", "thin_link", "ascii", "bell", "alarm_bell", "alarm_title", "refresh_minutes",
    "look_seconds", "rhythm_reads_per_hour", "calls_per_minute", "shifts", "send_differences",
    "download_folder", "messages", "keys",
)  # fmt: skip
"""Settings of how it looks and is used."""


def run_demo(
    devices: int,
    seed: int,
    delay: float,
    *,
    hostile: bool,
    read_only: bool,
    thin: bool | None = None,
    scenarios: Sequence[str] = (),
) -> int:
    """Open the demo, or print an overview where there is no terminal; returns the exit code.

    It looks and has the keys that the settings say, but knows none of the profiles.
    With scenarios it opens on the device of the first one.
    """
    try:
        settings = load(paths.settings_file())
    except SettingsError as error:
        return complain(str(error))
    folder = Path(tempfile.mkdtemp(prefix="tsui-demo-"))
    simulator = Simulator(
        "--devices", str(devices), "--seed", str(seed), "--delay", str(delay),
        *(["--hostile"] if hostile else []),
        *(f"--scenario={each}" for each in scenarios),
    )  # fmt: skip
    try:
        launch = Launch(
            profiles=DemoProfiles(settings, folder),
            profile_name="demo",
            profile=Profile(environment="simulator"),
            data_folder=folder,
            clock=SystemClock(),
            log_file=paths.log_file(),
            read_only=read_only,
            thin=is_thin(thin, settings),
            device=simulator.staged()[0] if scenarios else "",
            prepare=simulator.prepare,
        )
        if sys.stdout.isatty() and sys.stdin.isatty():
            return run(launch)
        return asyncio.run(_print_overview(launch, simulator))
    except SignInFailed as error:
        click.echo(f"tsui: {sanitize(str(error), 500)}", err=True)
        return 1
    finally:
        simulator.stop()
        shutil.rmtree(folder, ignore_errors=True)


LONGEST = 2000
"""Characters of why the simulator did not start: it may list every scenario there is."""


class DemoProfiles(Profiles):
    """The preferences of whoever looks, and nothing else of their settings.

    Profiles, saved views and protection are about real devices; what is kept here ends with the
    demo.
    """

    def __init__(self, settings: Settings, folder: Path) -> None:
        theirs = {name: getattr(settings, name) for name in PREFERENCES}
        own = Settings()._replace(**theirs)
        super().__init__(own, folder / "settings.toml", folder / "credentials")

    async def read_again(self) -> bool:
        """Follow no file: the demo's own holds no preferences."""
        return False


class Simulator:
    """A simulator in a process of its own, which ends when this one does, however that ends."""

    def __init__(self, *options: str) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tsui", "simulator", "--json", "--until-eof", *options],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            start_new_session=True,
        )
        self._told: dict[str, Any] | None = None

    async def prepare(self) -> "tuple[Profile, Attempt]":
        """Wait until it listens and return how to sign in; raises SignInFailed."""
        from tsui.credentials import Credentials

        told = await asyncio.to_thread(self._first_line)
        profile = Profile(
            environment="simulator", url=told["base_url"], account=told["accounts"][0]
        )
        names = ("key", "secret", "username", "password")
        credentials = Credentials(**{name: told[name] for name in names})
        return profile, await attempt_of(profile, credentials, by_operator=True)

    def staged(self) -> list[str]:
        """Wait until it listens and return the devices of its scenarios; raises SignInFailed."""
        return [each["iccid"] for each in self._first_line()["scenarios"]]

    def stop(self) -> None:
        """End it."""
        if self._process.stdin is not None:
            self._process.stdin.close()
        try:
            self._process.wait(timeout=2)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        for pipe in (self._process.stdout, self._process.stderr):
            if pipe is not None:
                pipe.close()

    def _first_line(self) -> dict[str, Any]:
        if self._told is None:
            self._told = self._read_first_line()
        return self._told

    def _read_first_line(self) -> dict[str, Any]:
        out, err = self._process.stdout, self._process.stderr
        line = out.readline() if out is not None else b""
        try:
            told: dict[str, Any] = json.loads(line)
        except ValueError:
            said = err.read().decode("utf-8", "replace") if err is not None else ""
            raise SignInFailed(
                f"The simulator did not start: {sanitize(said, LONGEST)}",
                "Mend what it says and try again.",
            ) from None
        return told


async def _print_overview(launch: Launch, simulator: Simulator) -> int:
    from tsui.overview import overview
    from tsui.service.workspace import Workspace

    try:
        profile, attempt = await simulator.prepare()
        environment = launch.environment(launch.profile_name, profile)
        workspace = Workspace(
            launch.data_folder,
            environment,
            profile.account,
            launch.clock,
            refresh_seconds=float("inf"),
        )
        await workspace.open()
        try:
            await workspace.try_sign_in(attempt, environment)
            trouble = await workspace.sync_once()
            for line in await overview(workspace):
                click.echo(line)
        finally:
            await workspace.close()
    except SignInFailed as error:
        trouble = str(error)
    if trouble:
        click.echo(f"tsui: {sanitize(trouble, 500)}", err=True)
    return 1 if trouble else 0
