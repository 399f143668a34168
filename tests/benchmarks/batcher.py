"""The dashboard without a terminal, changing many devices: ``batcher FOLDER DEVICES WORK``.

It reads how to connect from standard input. The work is to ``suspend`` so many active devices
through the keys, to ``resume`` what an earlier one left, or to be ``idle``. It prints how late the
event loop was, again and again until it is killed, and once how long the sending took.
"""

import asyncio
import json
import sys
import time
from pathlib import Path
from typing import Any

from textual.pilot import Pilot

from tests.support.app import dashboard, shown
from tests.support.waiting import until
from tsui.clock import SystemClock
from tsui.credentials import Credentials
from tsui.service.launch import Launch
from tsui.service.profiles import Profiles, attempt_of
from tsui.service.signin import Attempt
from tsui.service.views import DeviceQuery
from tsui.settings import Profile, Settings
from tsui.ui.app import TsuiApp

EVERY = 0.005
"""Seconds between two looks at the event loop."""

TOGETHER = 20
"""Looks that are told of at once."""


async def main(folder: Path, count: int, work: str) -> None:
    told = json.loads(sys.stdin.readline())
    async with dashboard(launch(folder, told)) as (app, pilot):
        watching = asyncio.create_task(watch())
        began = time.perf_counter()
        if work == "suspend":
            await mark(app, count)
            await suspend(app, pilot, count)
        elif work == "resume":
            await go_on(app, pilot)
        await until(lambda: not app.workspace.is_sending, limit=600, what="the end of sending")
        tell({"seconds": time.perf_counter() - began})
        await watching


def tell(what: dict[str, Any]) -> None:
    print(json.dumps(what), flush=True)


def launch(folder: Path, told: dict[str, Any]) -> Launch:
    keys = Credentials(**{name: told[name] for name in ("key", "secret", "username", "password")})
    profile = Profile(environment="simulator", url=told["base_url"], account=told["accounts"][0])

    async def prepare() -> tuple[Profile, Attempt]:
        return profile, await attempt_of(profile, keys, by_operator=True)

    return Launch(
        profiles=Profiles(Settings(), folder / "settings.toml", folder / "credentials"),
        profile_name="",
        profile=profile,
        data_folder=folder,
        clock=SystemClock(),
        log_file=folder / "tsui.log",
        read_only=False,
        prepare=prepare,
    )


async def mark(app: TsuiApp, count: int) -> None:
    query = DeviceQuery(app.workspace.account)
    rows = await app.workspace.device_list(query).window(0, 10 * count)
    chosen = [row.id for row in rows if row.state == "active"][:count]
    assert len(chosen) == count, "the fleet is too small"
    fleet = app.place.as_list()
    fleet.table.set_marks(set(chosen))
    fleet.marks_changed()


async def suspend(app: TsuiApp, pilot: Pilot[int], count: int) -> None:
    await pilot.press("S")
    await until(lambda: "Type" in shown(app), limit=60, what="the question")
    await pilot.press(*str(count), "enter")
    await until(lambda: app.workspace.is_sending, limit=60, what="the beginning")


async def go_on(app: TsuiApp, pilot: Pilot[int]) -> None:
    await pilot.press("b")
    await until(lambda: ": R goes on" in shown(app), limit=60, what="the batch")
    (batch,) = await app.workspace.batching.newest()
    await pilot.press("R")
    await until(lambda: "Type" in shown(app), limit=60, what="the question")
    await pilot.press(*str(batch.left), "enter")
    await until(lambda: "done sending" in shown(app), limit=300, what="the end")


async def watch() -> None:
    lags: list[float] = []
    while True:
        began = time.perf_counter()
        await asyncio.sleep(EVERY)
        lags.append(time.perf_counter() - began - EVERY)
        if len(lags) == TOGETHER:
            tell({"lags": lags})
            lags.clear()


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3]))
