"""The real app on a real simulator, driven by Textual's pilot."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from textual.pilot import Pilot

from tests.support.waiting import until
from tsui.clock import Clock, SystemClock
from tsui.credentials import Credentials
from tsui.service.launch import Launch
from tsui.service.profiles import Profiles, attempt_of
from tsui.service.signin import Attempt
from tsui.settings import Profile, Settings
from tsui.simulator.server import Running
from tsui.ui.app import TsuiApp
from tsui.ui.painted import Painted, plain


def launch(
    simulator: Running,
    folder: Path,
    *,
    settings: Settings | None = None,
    read_only: bool = False,
    clock: Clock | None = None,
    password: str = "",
    thin: bool = False,
) -> Launch:
    """Return a launch that signs in to a simulator without asking anybody."""
    mine = simulator.world.access.credentials
    keys = Credentials(mine.key, mine.secret, mine.username, password or mine.password)
    profile = Profile(
        environment="simulator", url=simulator.base_url, account=simulator.accounts[0]
    )

    async def prepare() -> tuple[Profile, Attempt]:
        return profile, await attempt_of(profile, keys, by_operator=True)

    preferences = (settings or Settings())._replace(download_folder=str(folder))
    profiles = Profiles(preferences, folder / "settings.toml", folder / "credentials")
    return Launch(
        profiles=profiles,
        profile_name="",
        profile=profile,
        data_folder=folder,
        clock=clock or SystemClock(),
        log_file=folder / "tsui.log",
        read_only=read_only,
        thin=thin,
        prepare=prepare,
    )


@asynccontextmanager
async def dashboard(
    start: Launch, *, size: tuple[int, int] = (120, 40), synced: bool = True
) -> AsyncIterator[tuple[TsuiApp, Pilot[int]]]:
    """Run the app; by default until the fleet has been read once."""
    app = TsuiApp(start)
    async with app.run_test(size=size) as pilot:
        if synced:
            await until(
                lambda: bool(app.workspace.progress and app.workspace.progress.finished_at),
                limit=60.0,
                what="the first reading of the fleet",
            )
            await until(lambda: app.place.as_list().table.total > 0, what="the first rows")
            await pilot.pause()
        try:
            yield app, pilot
        finally:
            if not app.is_leaving:
                await app.leave()


def shown(app: TsuiApp) -> str:
    """Return the text of every painted line in front, from top to bottom."""
    lines: list[tuple[int, str]] = []
    for widget in app.screen.query(Painted):
        if widget.display and widget.region:
            lines += [
                (widget.region.y + y, strip.text)
                for y, strip in enumerate(widget.render_lines(widget.size.region))
            ]
    return "\n".join(text for _, text in sorted(lines, key=lambda each: each[0]))


def flash(app: TsuiApp) -> str:
    """Return what the app says has just happened."""
    return plain(app.flash_text()).strip()
