"""Leaving: nothing that goes wrong at the end keeps anybody in."""

from pathlib import Path
from unittest import mock

import pytest

from tests.support.app import dashboard, launch
from tests.support.waiting import until
from tsui.simulator.server import Running


async def test_a_mistake_in_what_is_kept_at_the_end_keeps_nobody_in(
    simulator: Running, tmp_path: Path
) -> None:
    async with dashboard(launch(simulator, tmp_path)) as (app, _):
        with (
            mock.patch("tsui.ui.leaving.keep_last_frame", side_effect=IndexError("a mistake")),
            pytest.raises(IndexError),
        ):
            await app.leave()
        assert app.return_code == 0
        await until(lambda: not app.is_running, what="the end")
