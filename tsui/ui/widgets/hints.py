"""The hint bar: what one can do here, as much of it as fits in a line."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tsui.ui.commands.catalog import commands_of, prompt_commands
from tsui.ui.painted import Line, Run

if TYPE_CHECKING:
    from tsui.ui.screens.place import Place


def hint_line(place: Place, width: int) -> Line:
    """Return keys and titles by rank; a command that is not possible right now is dimmed."""
    offered = prompt_commands() if place.prompt_sign else commands_of(place)
    ranked = sorted(
        (command for command in offered if command.hint and command.applies(place)),
        key=lambda each: each.hint,
    )
    runs: list[Run] = [(" ", "dim")]
    left = width - 1
    for command in ranked:
        key = place.shell.keys.shown(type(command)).partition(" ")[0]
        if not key:
            continue  # the settings took its key away; the help has its name
        title = command.title
        cells = len(key) + len(title) + 3
        if cells > left:
            continue
        left -= cells
        dimmed = bool(command.reason(place))
        runs.append((key, "dim" if dimmed else "key"))
        runs.append((f" {title}  ", "quiet" if dimmed else "dim"))
    return runs
