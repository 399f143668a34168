"""Areas: which screen each of the seven is, loaded when it is first gone to."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from typing import Any

from textual.screen import Screen

SCREENS = {
    "overview": "tsui.ui.screens.wall:WallScreen",
    "devices": "tsui.ui.screens.devices:DevicesScreen",
    "requests": "tsui.ui.screens.requests:RequestsScreen",
    "monitors": "tsui.ui.screens.monitors:MonitorsScreen",
    "messages": "tsui.ui.screens.messages:MessagesScreen",
    "events": "tsui.ui.screens.events:EventsScreen",
    "account": "tsui.ui.screens.account:AccountScreen",
}
"""What makes the screen of each area: a module and a callable in it."""

Maker = Callable[[], Screen[Any]]
"""Makes a screen."""


def makers() -> dict[str, str | Maker]:
    """Return what makes each area, as Textual's modes take it."""
    return {name: _maker(*where.split(":")) for name, where in SCREENS.items()}


def _maker(module: str, name: str) -> Maker:
    def make() -> Screen[Any]:
        made: Screen[Any] = getattr(importlib.import_module(module), name)()
        return made

    return make
