"""On a thin link news is shown seldom, and keys as quickly as anywhere."""

import time
from itertools import pairwise
from pathlib import Path

import pytest

from tests.support.app import dashboard, launch, shown
from tests.support.waiting import until
from tsui.service.views import News, Topic
from tsui.settings import Settings
from tsui.settings.model import ThinLink
from tsui.simulator.server import Running
from tsui.start import is_thin
from tsui.ui.catching_up import THIN_CATCH_UP


async def test_news_is_gathered_and_keys_do_not_wait(
    simulator: Running, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    start = launch(simulator, tmp_path, thin=True)
    async with dashboard(start) as (app, pilot):
        place = app.place
        at: list[float] = []
        show = place.show_news

        async def count(topics: frozenset[Topic]) -> None:
            at.append(time.monotonic())
            await show(topics)

        monkeypatch.setattr(place, "show_news", count)

        def enough() -> bool:
            place.note(News(Topic.DEVICES))
            return len(at) >= 3

        await until(enough, limit=15.0, what="three repaints")
        pauses = [later - earlier for earlier, later in pairwise(at)]
        assert all(pause >= THIN_CATCH_UP - 0.05 for pause in pauses), pauses
        began = time.monotonic()
        await pilot.press("z")
        await until(lambda: "Times are in UTC" in shown(app), what="the answer to a key")
        assert time.monotonic() - began < THIN_CATCH_UP


@pytest.mark.parametrize(
    ("given", "setting", "env", "thin"),
    [
        (None, "auto", {}, False),
        (None, "auto", {"SSH_TTY": "/dev/pts/1"}, True),
        (None, "never", {"SSH_TTY": "/dev/pts/1"}, False),
        (None, "always", {}, True),
        (False, "always", {"SSH_CONNECTION": "1 2 3 4"}, False),
        (True, "never", {}, True),
    ],
)
def test_what_is_said_counts_more_than_what_is_set_and_that_more_than_the_link(
    monkeypatch: pytest.MonkeyPatch,
    given: bool | None,
    setting: ThinLink,
    env: dict[str, str],
    thin: bool,
) -> None:
    for name in ("SSH_CONNECTION", "SSH_TTY"):
        monkeypatch.delenv(name, raising=False)
    for name, value in env.items():
        monkeypatch.setenv(name, value)
    settings = Settings(thin_link=setting)
    assert is_thin(given, settings) is thin
